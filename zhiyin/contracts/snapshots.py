"""Whole states that cross a boundary: a company's settings for the engine, the live board for the desks."""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.contracts.external_services import ExternalServices
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import ConsultStage, Direction, Medium, MonitoringMode, Phase
from zhiyin.domain.rests import RestRefusal, RestStage
from zhiyin.domain.wrap_up import WrapUpMode

# --- settings: written by Django in the transaction of each change, read by the engine ------------------------


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


class RingSetting(msgspec.Struct, frozen=True):
    """What a queue gives up for a contact that has waited ``after_s``: ``domain.routing.policy.Ring``."""

    after_s: int
    lower_by: int = 0
    drop: tuple[str, ...] = ()
    add_queues: tuple[int, ...] = ()


class MemberSetting(msgspec.Struct, frozen=True):
    """How an agent serves a queue, where it is not the plain way: ``domain.routing.policy.Membership``."""

    agent: int
    order: int = 1
    delay_s: int = 0
    tier: int = 1
    share: int = 1


class PreferenceSetting(msgspec.Struct, frozen=True):
    """For whom a queue keeps a contact at first: ``domain.routing.classes.Preference``."""

    who: str = "nobody"
    wait_s: int = 30
    within_days: int = 30
    waits_for_away: bool = False


class ContactClassSetting(msgspec.Struct, frozen=True):
    """A class of contacts and whom it is for: ``domain.routing.policy.ContactClass``, ``classes.ClassRule``.

    ``entries`` are numbers as in ``NumberSetting.number``.
    """

    code: str
    points: float = 0.0
    per_minute: float = 0.0
    at_most: float = 1_000.0
    target_s: int | None = None
    is_hard: bool = False
    is_for_vips: bool = False
    customer_classes: tuple[int, ...] = ()
    entries: tuple[str, ...] = ()
    target_pct: int = 0


class ChannelSetting(msgspec.Struct, frozen=True):
    """How much of an agent a contact of the channel takes: ``domain.routing.policy.ChannelRule``."""

    channel: str
    limit: int
    effort: int
    interrupts: tuple[str, ...] = ()


class RoutingSetting(msgspec.Struct, frozen=True):
    """The company's own rules of the router: ``domain.routing.policy.Policy``; classes in the order of trying."""

    contact_choice: str = "priority"
    classes: tuple[ContactClassSetting, ...] = ()
    talk_weight: float = 0.4
    count_weight: float = 0.6
    hard_per_shift: int = 0
    hard_gap_s: int = 0
    hard_waits_s: int = 60
    is_inbound_only: bool = False  # 纯呼入: nobody calls out, emergency numbers apart
    channels: tuple[ChannelSetting, ...] = ()  # of those that are not named the plain rules hold


class OverflowSetting(msgspec.Struct, frozen=True):
    """A step of a queue's overflow chain: ``domain.routing.overflow``."""

    condition: str
    action: str
    threshold: int = 0
    queue: int | None = None
    prompt: str = ""


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


class DraftQueueSetting(msgspec.Struct, frozen=True):
    """What a draft of the rules changes of a queue, as in ``QueueSetting``; None: it stays."""

    id: int
    agent_choice: str | None = None
    rings: tuple[RingSetting, ...] | None = None
    weight: float | None = None
    preference: PreferenceSetting | None = None
    memberships: tuple[MemberSetting, ...] | None = None


class DraftClassSetting(msgspec.Struct, frozen=True):
    """What a draft of the rules changes of a class of contacts, as in ``ContactClassSetting``; None: it stays."""

    code: str
    points: float | None = None
    per_minute: float | None = None
    at_most: float | None = None


class TrialSetting(msgspec.Struct, frozen=True):
    """A draft of the router's rules on trial: ``domain.routing.trials``. ``queues``: in whose lines."""

    id: int
    stage: str
    began_at: datetime
    queues: tuple[int, ...]
    draft_queues: tuple[DraftQueueSetting, ...] = ()
    draft_classes: tuple[DraftClassSetting, ...] = ()
    contact_choice: str | None = None
    share_pct: int = 0
    least_contacts: int = 50
    drop_pct: float | None = None
    wait_p90_s: float | None = None


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


# --- the live board: kept by the engine and by ``live`` with the same reducer (contracts/board.py) ------------


class RestRow(msgspec.Struct, frozen=True):
    """An agent's rest: ``domain.rests.Rest``; ``place`` in the waiting list, 1 first."""

    reason: str
    stage: RestStage
    asked_at: datetime
    planned_s: int
    until: datetime | None
    is_overrun: bool
    decided_by: int | None
    refusal: RestRefusal | None
    place: int | None


class WrapUpRow(msgspec.Struct, frozen=True):
    """After-call work that the agent is in, or (``until``) may still take: ``domain.wrap_up.WrapUpWork``."""

    interaction: str
    mode: WrapUpMode
    limit_s: int
    extensions_left: int
    extension_s: int
    until: datetime | None


class LoanRow(msgspec.Struct, frozen=True):
    """A queue that an agent serves for a time; ``is_instead``: and no other."""

    queue: int
    until: datetime
    is_instead: bool


class AgentRow(msgspec.Struct, frozen=True):
    id: int
    name: str
    state: AgentState
    reason: str | None
    since: datetime | None
    interaction: str | None
    until: datetime | None
    next_state: AgentState | None
    next_reason: str | None
    telephone: str  # "browser" or "sip"
    #: "ok", "away" (no registered telephone) or "unknown"
    telephone_state: str = "unknown"
    team: int | None = None
    rest: RestRow | None = None
    #: how many places to rest are left for this agent (None: no quota), and how many seconds today (None: any)
    rests_free: int | None = None
    rest_left_s: float | None = None
    wrap_up: WrapUpRow | None = None
    #: offers in a row that it let ring out
    missed: int = 0
    loans: tuple[LoanRow, ...] = ()
    #: test contacts that the agent has, by channel
    test_contacts: dict[str, int] = {}


class OfferRow(msgspec.Struct, frozen=True):
    offer: str
    agent: int
    offered_at: datetime
    expires_at: datetime


class MonitorRow(msgspec.Struct, frozen=True):
    """A supervisor beside the conversation. Shown to supervisors only."""

    supervisor: int
    mode: MonitoringMode
    is_connected: bool


class ConsultRow(msgspec.Struct, frozen=True):
    """The second party of a contact. ``agent``: who of ours is rung or on the line; ``live`` masks ``number``."""

    by_agent: int
    kind: str  # "agent", "queue" or "number"
    target: int | None
    agent: int | None
    number: str | None
    stage: ConsultStage
    started_at: datetime
    answered_at: datetime | None
    note: str | None = None


class ParkRow(msgspec.Struct, frozen=True):
    """Where a parked contact is fetched, and who parked it."""

    slot: int
    by_agent: int
    parked_at: datetime


class MessageRow(msgspec.Struct, frozen=True):
    """The voice message of a contact; ``duration_s`` once it is left."""

    recording: str | None
    duration_s: float | None


class CallbackRow(msgspec.Struct, frozen=True):
    """A contact's callback: ``live`` masks ``number``. ``due_at``: not before; ``cause``: why the last try failed."""

    number: str | None
    asked_by: str
    place_at: datetime
    expires_at: datetime
    attempts: int
    cause: str | None
    due_at: datetime | None


class StepRow(msgspec.Struct, frozen=True):
    """The step of a flow at which a caller in automatic service is, and since when."""

    flow: int
    version: int
    node: str
    kind: str
    since: datetime


class InteractionRow(msgspec.Struct, frozen=True):
    """One live contact. Numbers are clear inside and masked by ``live`` according to the reader's rights.

    ``note`` and ``from_agent``: what the agent who handed it on last wrote, and who that was; ``data``: 随路数据.
    """

    id: str
    phase: Phase
    direction: Direction
    customer_number: str | None
    entry: str | None
    queue: int | None
    path: tuple[str, ...]
    started_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    agent: int | None  # who talks, or is in wrap-up
    held_since: datetime | None
    offers: tuple[OfferRow, ...]  # several where the queue rings all
    is_recording: bool
    end_reason: str | None = None
    transfer_to: str | None = None  # "agent:7", "queue:2", "number"
    monitors: tuple[MonitorRow, ...] = ()
    consult: ConsultRow | None = None
    parked: ParkRow | None = None
    from_agent: int | None = None
    note: str | None = None
    data: dict[str, str] = {}
    colleague: int | None = None  # internal: who stands in the customer's place
    called: str | None = None  # internal: "agent:7" or "queue:2", as dialled
    #: the caller stands on the VIP list
    vip: bool = False
    #: what was promised last while it waits, and when
    wait_p50_s: float | None = None
    wait_p90_s: float | None = None
    estimated_at: datetime | None = None
    medium: Medium = Medium.VOICE
    message: MessageRow | None = None
    callback: CallbackRow | None = None
    #: nobody is on the customer's side: what was left behind waits, or an agent has it
    lacks_customer: bool = False
    #: of its place in line: since when it counts, its priority and class, the skills asked for at its arrival
    waits_since: datetime | None = None
    claim: tuple[float, float, float | None] | None = None  # base, per second, at most; see domain/routing Slope
    priority: int = 0
    class_code: str = ""
    skills: dict[str, int] = {}
    #: for whom a lead keeps it, and until when
    assigned_to: int | None = None
    assigned_until: datetime | None = None
    #: by which way it came: "trunk:<id>", "guest", "telephone:<id>", "direct", "desk"
    came_by: str = ""
    #: where in a flow it is, while it is in automatic service
    step: StepRow | None = None
    #: its agent may have the customer asked how it was
    may_invite: bool = False


class QueueRow(msgspec.Struct, frozen=True):
    """A queue's figures of today (the company's day), from domain/metrics, and its waiting line now."""

    id: int
    name: str
    name_en: str
    waiting: int
    oldest_queued_at: datetime | None
    agents_signed_in: int
    agents_ready: int
    offered: int
    answered: int
    abandoned: int
    answered_in_target: int
    service_level_s: int
    service_level_pct: float | None
    answer_rate_pct: float | None
    average_speed_of_answer_s: float | None
    talk_s: float
    wrap_up_s: float
    #: what a caller who came now would be promised; None: an agent is free, or it is not known
    wait_p50_s: float | None = None
    wait_p90_s: float | None = None
    #: waits promised today whose contacts were answered, and the share of them that ended within
    estimates: int = 0
    kept_p50_pct: float | None = None
    kept_p90_pct: float | None = None
    #: the teams of those who serve it
    teams: tuple[int, ...] = ()


class Board(msgspec.Struct, frozen=True):
    """The live state of one company as sent to a subscriber; ``number`` is the engine's event number it includes."""

    tenant: int
    epoch: int
    number: int
    agents: tuple[AgentRow, ...]
    interactions: tuple[InteractionRow, ...]
    queues: tuple[QueueRow, ...]
    settings_version: int = 0
