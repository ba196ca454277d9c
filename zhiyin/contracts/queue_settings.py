"""What the engine needs to know of a queue."""

from __future__ import annotations

import msgspec

from zhiyin.contracts.routing_settings import (
    MemberSetting,
    OverflowSetting,
    PreferenceSetting,
    RingSetting,
)


class VoicemailSetting(msgspec.Struct, frozen=True):
    """留言 of a queue: ``domain.routing.queues.VoicemailRule``."""

    is_offered: bool = True
    max_s: int = 120
    silence_s: int = 8
    limit: int = 100
    priority: int = -10


class ReminderSetting(msgspec.Struct, frozen=True):
    """预约提醒 by an external service of messages: ``domain.booking_reminders.ReminderRule``."""

    service: int
    hours_before: int = 2
    text_zh: str = ""
    text_en: str = ""
    subject_zh: str = ""
    subject_en: str = ""
    page: str = ""


class CallbackSetting(msgspec.Struct, frozen=True):
    """回呼 of a queue: ``domain.routing.queues.CallbackRule``."""

    is_offered: bool = True
    after_s: int = 60
    attempts: int = 3
    retry_after_s: int = 600
    expires_after_s: int = 28_800
    is_customer_first: bool = False
    may_change_number: bool = True
    bookings_per_hour: int = 20  # 预约回呼
    is_public: bool = False
    reminder: ReminderSetting | None = None


class SurveySetting(msgspec.Struct, frozen=True):
    """Who was served is asked by this flow: ``share_pct`` of the contacts; ``domain.flows.surveys.SurveyRule``."""

    flow: int
    share_pct: int = 100
    agents_invite: bool = False
    spare_days: int = 0


class QueueSetting(msgspec.Struct, frozen=True):
    """A queue (技能组). ``members`` are agent ids; ``skills`` maps a required skill's code to its least level."""

    id: int
    name: str
    name_en: str
    members: tuple[int, ...]
    skills: dict[str, int] = {}
    offer_timeout_s: int = 20
    wrap_up_s: int = 60
    service_level_s: int = 20
    service_level_pct: int = 0  # the share to be answered within it; 0: none is aimed at
    announce_every_s: int = 30
    max_wait_s: int = 1800
    is_recorded: bool = True
    extension: str = ""  # what colleagues dial for it
    agent_choice: str = "longest_idle"  # domain.routing.policy.AgentChoice
    ring_at_most: int = 10  # of a queue that rings all
    rings: tuple[RingSetting, ...] = ()
    memberships: tuple[MemberSetting, ...] = ()  # of those who do not serve it the plain way
    weight: float = 0.0
    preference: PreferenceSetting = PreferenceSetting()
    announces_place: bool = True
    announces_wait: bool = True
    hours: int | None = None  # its calendar
    overflow: tuple[OverflowSetting, ...] = ()
    voicemail: VoicemailSetting | None = None
    callback: CallbackSetting | None = None
    survey: SurveySetting | None = None
    wrap_up_mode: str = "extendable"  # domain.wrap_up.WrapUpMode
    wrap_up_extensions: int = 3
    wrap_up_extension_s: int = 60
    missed_limit: int = 1  # domain.missed_offers.MissedRule
    missed_pause_s: int = 0
    missed_back_after_s: int = 0
