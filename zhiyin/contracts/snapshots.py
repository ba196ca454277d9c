"""Whole states that cross a boundary: a company's settings for the engine, the live board for the desks.

Settings are written by Django in the transaction of each change.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.contracts.external_services import ExternalServices
from zhiyin.contracts.live_board import (
    AgentRow,
    Board,
    CallbackRow,
    ConsultRow,
    FailedHandoverRow,
    InteractionRow,
    LoanRow,
    MessageRow,
    MonitorRow,
    OfferRow,
    ParkRow,
    QueueRow,
    RestRow,
    StepRow,
    TakeOverRow,
    WrapUpRow,
)
from zhiyin.contracts.queue_settings import (
    CallbackSetting,
    QueueSetting,
    ReminderSetting,
    SurveySetting,
    VoicemailSetting,
)
from zhiyin.contracts.routing_settings import (
    ChannelSetting,
    ContactClassSetting,
    DraftClassSetting,
    DraftQueueSetting,
    MemberSetting,
    OverflowSetting,
    PreferenceSetting,
    RingSetting,
    RoutingSetting,
    TrialSetting,
)

__all__ = [
    "AgentRow",
    "AgentSetting",
    "Board",
    "CallbackRow",
    "CallbackSetting",
    "ChannelSetting",
    "ConsultRow",
    "ContactClassSetting",
    "DraftClassSetting",
    "DraftQueueSetting",
    "EntryRuleSetting",
    "FailedHandoverRow",
    "FlowSetting",
    "HoursSetting",
    "InteractionRow",
    "ListedNumber",
    "LoanRow",
    "LoanSetting",
    "MemberSetting",
    "MessageRow",
    "MonitorRow",
    "NoRestTimeSetting",
    "NumberSetting",
    "OfferRow",
    "OutboundSetting",
    "OverflowSetting",
    "ParkRow",
    "PreferenceSetting",
    "PromptSetting",
    "QueueRow",
    "QueueSetting",
    "ReasonSetting",
    "ReminderSetting",
    "RestQuotaSetting",
    "RestRow",
    "RestsSetting",
    "RingSetting",
    "RoutingSetting",
    "SipAccountSetting",
    "StepRow",
    "SurveySetting",
    "TakeOverRow",
    "TenantSettings",
    "TrialSetting",
    "TrunkSetting",
    "VoicemailSetting",
    "WrapUpRow",
]


class NumberSetting(msgspec.Struct, frozen=True):
    """A number the company is called on. ``number`` is digits as dialled ("4008001234" or "+8657188886666")."""

    number: str
    flow: int
    name: str = ""
    #: calls to it are admitted from a reserve when not all calls can be
    is_vip: bool = False


class EntryRuleSetting(msgspec.Struct, frozen=True):
    """Whom a flow is for: ``domain.flows.entries.EntryRule``. ``numbers`` as in ``NumberSetting.number``."""

    id: int
    flow: int
    name: str = ""
    is_enabled: bool = True
    numbers: tuple[str, ...] = ()
    customer_classes: tuple[int, ...] = ()
    is_vip_only: bool = False
    hours: int | None = None
    is_open_wanted: bool = True
    share_pct: float = 100.0


class FlowSetting(msgspec.Struct, frozen=True):
    """A published flow version; ``graph`` is the flow's JSON as domain/flows/graph.py reads it."""

    id: int
    version: int
    name: str
    graph: msgspec.Raw


class HoursSetting(msgspec.Struct, frozen=True):
    """Opening hours; spans are ("09:00", "18:00"), "24:00" is midnight's end.

    ``weekly`` has seven entries, Monday first. ``dates`` ("2026-10-01") replace the weekday: [] is closed all day.
    """

    id: int
    name: str
    weekly: tuple[tuple[tuple[str, str], ...], ...]
    dates: dict[str, tuple[tuple[str, str], ...]] = {}
    time_zone: str = ""  # "": the company's


class AgentSetting(msgspec.Struct, frozen=True):
    """``telephone`` is "browser" or "sip"; with "sip" the offers ring ``sip_account``."""

    id: int
    name: str
    username: str
    skills: dict[str, int] = {}
    telephone: str = "browser"
    sip_account: str | None = None
    #: of the user's rights those that the engine checks again: ``contracts/rights.py``
    rights: tuple[str, ...] = ()
    team: int | None = None
    #: right -> the teams within its reach; one of ``rights`` that is not named here reaches everybody
    reach: dict[str, tuple[int, ...]] = {}
    #: contacts at once, by channel, where they are not the company's
    channel_limits: dict[str, int] = {}


class SipAccountSetting(msgspec.Struct, frozen=True):
    """A SIP telephone that registers: PJSIP endpoint, aor and auth carry ``name``; colleagues dial ``extension``.

    ``secret`` is sealed as long as the settings rest (``contracts.sealing``); the engine opens it as it reads them.
    """

    name: str
    secret: str
    agent: int | None = None
    extension: str = ""


class TrunkSetting(msgspec.Struct, frozen=True):
    """A SIP trunk to a carrier. ``transport`` is "udp", "tcp" or "tls". ``secret`` is sealed at rest."""

    id: int
    name: str
    host: str
    port: int = 5060
    transport: str = "udp"
    username: str = ""
    secret: str = ""
    does_register: bool = False
    caller_number: str = ""
    is_enabled: bool = True
    #: voices by SRTP; only with transport "tls"
    is_encrypted: bool = False


class OutboundSetting(msgspec.Struct, frozen=True):
    """Which numbers may be called, as prefixes of E.164 ("+86"); emergency numbers always may."""

    allowed_prefixes: tuple[str, ...] = ("+86",)
    denied_prefixes: tuple[str, ...] = ()
    max_concurrent: int = 20
    max_per_hour_per_agent: int = 120
    caller_number: str = ""
    wrap_up_s: int = 60
    is_recorded: bool = True
    is_internal_recorded: bool = False  # calls between colleagues
    trunks: tuple[int, ...] = ()
    #: caps of a day's minutes, None for none: of all, to other countries, to numbers that earn by the minute
    max_minutes_per_day: int | None = None
    max_international_minutes_per_day: int | None = 300
    max_premium_minutes_per_day: int | None = 0
    wrap_up_mode: str = "extendable"  # domain.wrap_up.WrapUpMode
    wrap_up_extensions: int = 3
    wrap_up_extension_s: int = 60


class ReasonSetting(msgspec.Struct, frozen=True):
    """A not-ready reason. ``is_rest`` makes the state 小休 instead of 示忙; ``planned_min`` 0: of any length."""

    code: str
    name: str
    name_en: str
    is_rest: bool = False
    planned_min: int = 0


class RestQuotaSetting(msgspec.Struct, frozen=True):
    """At most so many rest at once: of a team, of a queue, or (neither) of all: ``domain.rests.RestQuota``."""

    team: int | None = None
    queue: int | None = None
    at_most: int | None = None
    share_pct: int | None = None


class NoRestTimeSetting(msgspec.Struct, frozen=True):
    """``domain.rests.NoRestTime``."""

    since: str
    until: str
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


class RestsSetting(msgspec.Struct, frozen=True):
    """The company's rule of rests: ``domain.rests.RestRule``."""

    approval: str = "none"
    minutes_per_day: int | None = None
    no_rest_times: tuple[NoRestTimeSetting, ...] = ()
    quotas: tuple[RestQuotaSetting, ...] = ()


class PromptSetting(msgspec.Struct, frozen=True):
    """A prompt's files by language ("zh", "en"): absolute paths without ending, as Asterisk's ``sound:`` takes them."""

    key: str
    files: dict[str, str]


class ListedNumber(msgspec.Struct, frozen=True):
    """A canonical number on one of the company's lists until an instant (None: until it is taken off)."""

    number: str
    list: str  # domain/dialing/lists.py ListCode
    until: datetime | None = None


class LoanSetting(msgspec.Struct, frozen=True):
    """支援: the agent serves ``queue`` too from ``from_at`` until ``until``, or (``is_instead``) no other meanwhile."""

    agent: int
    queue: int
    from_at: datetime
    until: datetime
    is_instead: bool = False


class TenantSettings(msgspec.Struct, frozen=True):
    """All that the engine needs to know of one company. Row ``engine_settings(tenant_id, version, body)``."""

    tenant: int
    code: str
    name: str
    version: int
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    region: str = "CN"
    numbers: tuple[NumberSetting, ...] = ()
    entry_rules: tuple[EntryRuleSetting, ...] = ()  # in the order of trying
    flows: tuple[FlowSetting, ...] = ()
    hours: tuple[HoursSetting, ...] = ()
    queues: tuple[QueueSetting, ...] = ()
    agents: tuple[AgentSetting, ...] = ()
    sip_accounts: tuple[SipAccountSetting, ...] = ()
    trunks: tuple[TrunkSetting, ...] = ()
    outbound: OutboundSetting = OutboundSetting()
    reasons: tuple[ReasonSetting, ...] = ()
    rests: RestsSetting = RestsSetting()
    prompts: tuple[PromptSetting, ...] = ()
    listed: tuple[ListedNumber, ...] = ()
    routing: RoutingSetting = RoutingSetting()
    loans: tuple[LoanSetting, ...] = ()
    trial: TrialSetting | None = None
    external: ExternalServices = ExternalServices()
    is_guest_calling_on: bool = True
    is_direct_sip_on: bool = True
