"""Shapes of contacts at HTTP."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.customers.known import Tone
from zhiyin.apps.customers.lists.codes import ListCode
from zhiyin.apps.customers.lists.schemas import Reason
from zhiyin.apps.customers.schemas import CustomerOut, Name
from zhiyin.apps.interactions.said import SaidOut
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, Shape

Outcome = Literal["answered", "abandoned", "overflowed", "self_service", "not_reached"]
Result = Literal["", "resolved", "follow_up", "escalated", "invalid"]


RecordingState = Literal["recording", "processing", "ready", "failed", "empty", "deleted"]


class InteractionRecordingOut(Shape):
    id: str
    state: RecordingState
    started_at: datetime
    duration_s: float | None


class InteractionCustomerOut(Shape):
    id: int
    name: str


class InteractionOut(Shape):
    """``outcome`` is "" while the contact lives. ``number`` is null for whoever lacks the right ``numbers.clear``."""

    id: str
    direction: Literal["inbound", "outbound", "internal"]
    channel: str
    started_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | Literal[""]
    ended_by: str
    end_reason: str
    entry: str
    queue: int | None
    queue_name: str
    agent: int | None
    agent_name: str
    #: 内部通话: who dialled; ``agent`` is who was called
    caller_agent: int | None
    caller_agent_name: str
    number: str | None
    masked: str
    customer: InteractionCustomerOut | None
    path: list[str]
    wait_s: float
    talk_s: float
    hold_s: float
    parked_s: float
    consult_s: float
    wrap_up_s: float
    disposition: str
    result: str
    note: str
    recordings: list[InteractionRecordingOut]
    is_handled: bool
    handled_by: str


class InteractionPage(Page[InteractionOut]):
    pass


SegmentKind = Literal["queue", "talk", "offer", "consult", "park", "message", "callback"]


class SegmentOut(Shape):
    kind: SegmentKind
    number: int
    queue: int | None
    queue_name: str
    agent: int | None
    agent_name: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    hold_s: float


class WrapUpRecordOut(Shape):
    """What one agent wrote."""

    agent: int
    agent_name: str
    disposition: str
    result: str
    note: str
    completed_at: datetime | None


class InteractionDetailOut(InteractionOut):
    segments: list[SegmentOut]
    #: 随路数据: keys and values that travelled with the contact
    data: dict[str, str]
    wrap_ups: list[WrapUpRecordOut]


class InteractionListIn(ListIn):
    agent: int | None = None
    queue: int | None = None
    direction: Literal["", "inbound", "outbound", "internal"] = ""
    outcome: Outcome | Literal[""] = ""
    result: Result = ""
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")
    customer: int | None = None
    missed: bool = False
    #: of the missed calls: those that somebody dealt with, or not
    handled: bool | None = None
    #: an entry rule's id: those that came to their flow by it
    entry_rule: int | None = None
    #: any part of what the caller said in voice navigation
    said: str = Field(default="", max_length=100)


class LastContactOut(Shape):
    customer: int
    at: datetime


class LastContactsOut(Shape):
    """Customers who were never in contact are missing."""

    items: list[LastContactOut]


class MatterOut(Shape):
    """Something between a customer and us; ``kind`` and ``id`` say where it stands."""

    kind: str
    id: str
    title: str
    note: str
    is_open: bool
    at: datetime
    due_at: datetime | None
    contacts: int


class BadgeOut(Shape):
    code: str
    name: str
    tone: Tone
    hint: str


class MoodOut(Shape):
    score: int
    best: int
    words: str
    at: datetime


class PopMatchOut(Shape):
    """One customer who may be calling. ``mood`` is null where nobody ever asked."""

    customer: CustomerOut
    times_called: int
    last: list[InteractionOut]
    badges: list[BadgeOut]
    products: list[str]
    open: list[MatterOut]
    solved: list[MatterOut]
    mood: MoodOut | None


class PathStepOut(Shape):
    """A key that was pressed, and what it means in the flow that the contact went through."""

    key: str
    label: str


class CallerDetailsOut(Shape):
    """What an unknown caller has told already, for the form."""

    name: str
    company: str
    address: str


class PopOut(Shape):
    """Who is calling. ``customer_id`` is set once the contact is linked."""

    number: str | None
    masked: str
    place: str
    matches: list[PopMatchOut]
    customer_id: int | None
    entry: str | None
    queue: str | None
    path: list[PathStepOut]
    #: to whoever has the contact, or may read it
    said: list[SaidOut]
    #: 随路数据: keys and values that travelled with the contact
    data: dict[str, str]
    details: CallerDetailsOut


class LinkIn(Schema):
    """A known customer by ``customer_id``; or a new one by name."""

    customer_id: int | None = None
    name: Name | None = None
    company: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    note: Annotated[str, StringConstraints(max_length=10_000)] = ""


class ListCallerIn(Schema):
    list: ListCode
    reason: Reason
    expires_at: Instant | None = None


class WrapUpIn(Schema):
    disposition_id: int | None = None
    result: Result = ""
    note: Annotated[str, StringConstraints(max_length=10_000)] = ""
    #: the version that was loaded; 0 before the first save
    version: int = Field(ge=0)


class WrapUpOut(Shape):
    disposition_id: int | None
    result: Result
    note: str
    version: int
    completed_at: datetime | None


class DialIn(Schema):
    """One of the five; ``agent`` and ``queue``: a colleague, or a queue of the company's own."""

    agent: int | None = None
    queue: int | None = None
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    customer_number_id: int | None = None
    interaction_id: str | None = Field(default=None, max_length=64)
    #: call it though it is blocked or not to be called; needs the right ``lists.override``
    is_override: bool = False


class DialOut(Shape):
    interaction: str
