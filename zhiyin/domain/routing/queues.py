"""A queue's rules, as the routing desk and the calls read them. Durations in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiyin.domain.booking_reminders import ReminderRule
from zhiyin.domain.missed_offers import PLAIN_MISSED, MissedRule
from zhiyin.domain.routing.classes import NO_PREFERENCE, Preference
from zhiyin.domain.routing.overflow import OverflowStep
from zhiyin.domain.routing.policy import AgentChoice, Ring
from zhiyin.domain.wrap_up import PLAIN_WRAP_UP, WrapUpRule


@dataclass(frozen=True, slots=True)
class VoicemailRule:
    """留言: who waits may leave a message. At most ``limit`` messages wait, behind callers by ``priority``."""

    is_offered: bool = True  # to those who wait in line
    max_s: int = 120
    silence_s: int = 8
    limit: int = 100
    priority: int = -10


@dataclass(frozen=True, slots=True)
class CallbackRule:
    """回呼: offered in line to who has waited ``after_s``; made while the queue's calendar is open."""

    is_offered: bool = True
    after_s: int = 60
    attempts: int = 3
    retry_after_s: int = 600
    expires_after_s: int = 28_800
    is_customer_first: bool = False
    may_change_number: bool = True
    bookings_per_hour: int = 20  # 预约回呼, kept by whoever takes bookings
    is_public: bool = False  # booked on the public page, too
    reminder: ReminderRule | None = None  # of what is booked


@dataclass(frozen=True, slots=True)
class QueueRule:
    """``skills`` maps each required skill to the least level (1-10)."""

    id: int
    members: frozenset[int]
    skills: Mapping[str, int] = field(default_factory=dict)
    offer_timeout_s: int = 20
    wrap_up: WrapUpRule = PLAIN_WRAP_UP
    missed: MissedRule = PLAIN_MISSED
    service_level_s: int = 20
    announce_every_s: int = 30
    max_wait_s: int = 1800
    is_recorded: bool = True
    agent_choice: AgentChoice = AgentChoice.LONGEST_IDLE
    rings: tuple[Ring, ...] = ()
    preference: Preference = NO_PREFERENCE
    announces_place: bool = True
    announces_wait: bool = True
    hours: int | None = None  # its calendar; None: open whenever the flow leads here
    overflow: tuple[OverflowStep, ...] = ()
    voicemail: VoicemailRule | None = None
    callback: CallbackRule | None = None


@dataclass(frozen=True, slots=True)
class OutboundRule:
    wrap_up: WrapUpRule = PLAIN_WRAP_UP
    is_recorded: bool = True
    is_internal_recorded: bool = False  # calls between colleagues
