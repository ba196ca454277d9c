"""A queue's rules, as the routing desk and the calls read them. Durations in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiyin.domain.routing.classes import NO_PREFERENCE, Preference
from zhiyin.domain.routing.overflow import OverflowStep
from zhiyin.domain.routing.policy import AgentChoice, Ring


@dataclass(frozen=True, slots=True)
class QueueRule:
    """``skills`` maps each required skill to the least level (1-10)."""

    id: int
    members: frozenset[int]
    skills: Mapping[str, int] = field(default_factory=dict)
    offer_timeout_s: int = 20
    wrap_up_s: int = 60
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


@dataclass(frozen=True, slots=True)
class OutboundRule:
    wrap_up_s: int = 60
    is_recorded: bool = True
    is_internal_recorded: bool = False  # calls between colleagues
