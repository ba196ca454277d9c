"""The live board of a company: kept by the engine, handed on by ``live``, shown by the desks."""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import ConsultStage, Direction, Medium, MonitoringMode, Phase
from zhiyin.domain.rests import RestRefusal, RestStage
from zhiyin.domain.wrap_up import WrapUpMode


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
    #: begun by a second call of the agent's SIP telephone: its keys alone change parties
    is_on_telephone: bool = False


class FailedHandoverRow(msgspec.Struct, frozen=True):
    """A consultation or transfer (``how``) that came to nothing; ``word``: why. ``live`` masks ``number``."""

    how: str
    by_agent: int
    kind: str  # "agent", "queue" or "number"
    target: int | None
    number: str | None
    word: str
    at: datetime


class TakeOverRow(msgspec.Struct, frozen=True):
    """拦截: ``supervisor`` went on with the customer in the place of ``agent``."""

    agent: int
    supervisor: int


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
    #: the agent's own telephone holds: its key alone resumes
    is_held_on_telephone: bool = False
    end_reason: str | None = None
    transfer_to: str | None = None  # "agent:7", "queue:2", "number"
    monitors: tuple[MonitorRow, ...] = ()
    consult: ConsultRow | None = None
    parked: ParkRow | None = None
    from_agent: int | None = None
    note: str | None = None
    #: what came of the last handover that did not succeed, until somebody goes on with the customer
    failed_handover: FailedHandoverRow | None = None
    take_overs: tuple[TakeOverRow, ...] = ()
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
    #: since when its telephone node is out of sight: the conversation goes on, nobody sees what becomes of it
    unseen_since: datetime | None = None


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
