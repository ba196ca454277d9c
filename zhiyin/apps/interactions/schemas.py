"""Shapes of contacts at HTTP: names in the reader's language, numbers masked for whoever may not see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers.known import Tone
from zhiyin.apps.customers.lists.codes import ListCode
from zhiyin.apps.customers.lists.schemas import Reason
from zhiyin.apps.customers.schemas import CustomerOut, Name
from zhiyin.apps.interactions import belongings, queries
from zhiyin.apps.interactions.log import personal_values, personal_values_asked
from zhiyin.apps.interactions.models import Interaction, Recording, Segment, WrapUp
from zhiyin.apps.interactions.said import SaidOut, data_for
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, Shape
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Answers, Question, ask
from zhiyin.contracts.numbers import mask_number

Outcome = Literal["answered", "abandoned", "overflowed", "self_service", "not_reached"]
Result = Literal["", "resolved", "follow_up", "escalated", "invalid"]


RecordingState = Literal["recording", "processing", "ready", "failed", "deleted"]


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


@dataclass(frozen=True, slots=True)
class Names:
    """The words that belong to a page of contacts, read in a fixed number of statements."""

    language: int  # 0 Chinese, 1 English: the place in each pair of names
    queues: dict[int, tuple[str, str]]
    dispositions: dict[int, tuple[str, str]]
    agents: dict[int, str]

    def queue(self, queue_id: int | None) -> str:
        return self.queues.get(queue_id or 0, ("", ""))[self.language]

    def disposition(self, disposition_id: int | None) -> str:
        return self.dispositions.get(disposition_id or 0, ("", ""))[self.language]

    def agent(self, agent_id: int | None) -> str:
        return self.agents.get(agent_id or 0, "")


class NameQuestions:
    """What ``Names`` is made of."""

    def __init__(self, actor: Actor, agent_ids: Iterable[int | None]) -> None:
        self._language = 0 if actor.language.startswith("zh") else 1
        self.queues = queues.queue_names_asked(tenant=actor.tenant)
        self.dispositions = queues.disposition_paths_asked(tenant=actor.tenant)
        self.agents = accounts.names_asked(tenant=actor.tenant, user_ids=agent_ids)

    def all(self) -> tuple[Question[Any], ...]:
        return self.queues, self.dispositions, self.agents

    def names(self, told: Answers) -> Names:
        return Names(
            language=self._language,
            queues=told[self.queues],
            dispositions=told[self.dispositions],
            agents=told[self.agents],
        )


def names_for(actor: Actor, agent_ids: set[int | None]) -> Names:
    asked = NameQuestions(actor, agent_ids)
    return asked.names(ask(*asked.all()))


def shape_interactions(actor: Actor, rows: Sequence[Interaction]) -> list[InteractionOut]:
    """Return contacts with all that a list shows of them; what belongs to them is read in one statement.

    Of recordings those are told that the actor may hear.
    """
    if not rows:
        return []
    of: dict[str, Any] = {"tenant": actor.tenant, "interaction_ids": [row.pk for row in rows]}
    asked = NameQuestions(actor, {row.agent_id for row in rows} | {row.caller_agent_id for row in rows})
    numbers_asked = personal_values_asked(tenant=actor.tenant, refs=[row.customer_ref for row in rows])
    recordings_asked, wrap_ups_asked = belongings.recordings_asked(**of), belongings.wrap_ups_asked(**of)
    linked_asked, people_asked = belongings.links_asked(**of), belongings.linked_names_asked(**of)
    handled_asked = belongings.handled_asked(**of)
    told = ask(*asked.all(), numbers_asked, recordings_asked, wrap_ups_asked, linked_asked, people_asked, handled_asked)
    names, numbers, handled = asked.names(told), told[numbers_asked], told[handled_asked]
    recordings, wrap_ups = told[recordings_asked], told[wrap_ups_asked]
    linked, people = told[linked_asked], told[people_asked]
    heard = queries.conversations_in_reach(actor=actor, interaction_ids=recordings, right="recordings.read")
    return [
        InteractionOut(
            **_plain(row),
            queue=row.queue_id,
            queue_name=names.queue(row.queue_id),
            agent=row.agent_id,
            agent_name=names.agent(row.agent_id),
            caller_agent=row.caller_agent_id,
            caller_agent_name=names.agent(row.caller_agent_id),
            **_number(actor, numbers.get(row.customer_ref or "")),
            customer=_customer(linked.get(row.pk), people),
            **_written(names, wrap_ups.get(row.pk, [])),
            recordings=[_recording(one) for one in recordings.get(row.pk, []) if row.pk in heard],
            is_handled=row.pk in handled,
            handled_by=handled.get(row.pk, ""),
        )
        for row in rows
    ]


_COMPUTED = frozenset(
    {"queue", "queue_name", "agent", "agent_name", "number", "masked", "customer", "disposition", "result", "note"}
    | {"recordings", "is_handled", "handled_by", "caller_agent", "caller_agent_name"}
)
_PLAIN = [name for name in InteractionOut.model_fields if name not in _COMPUTED]


def _plain(row: Interaction) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _PLAIN}


def _number(actor: Actor, number: str | None) -> dict[str, Any]:
    return {"number": number if actor.sees_numbers else None, "masked": mask_number(number) if number else ""}


def _customer(customer_id: int | None, names: dict[int, str]) -> InteractionCustomerOut | None:
    if customer_id is None or customer_id not in names:
        return None
    return InteractionCustomerOut(id=customer_id, name=names[customer_id])


def _written(names: Names, wrap_ups: Sequence[WrapUp]) -> dict[str, Any]:
    """What the last agent wrote stands for the contact in lists."""
    last = wrap_ups[-1] if wrap_ups else WrapUp()
    return {"disposition": names.disposition(last.disposition_id), "result": last.result, "note": last.note}


def _recording(row: Recording) -> InteractionRecordingOut:
    duration_s = (row.ended_at - row.started_at).total_seconds() if row.ended_at else None
    state = cast(RecordingState, row.state)
    return InteractionRecordingOut(id=row.pk, state=state, started_at=row.started_at, duration_s=duration_s)


def shape_detail(actor: Actor, row: Interaction) -> InteractionDetailOut:
    segments = queries.list_segments(tenant=actor.tenant, interaction_id=row.pk)
    wrap_ups = belongings.wrap_ups_of(tenant=actor.tenant, interaction_ids=[row.pk]).get(row.pk, [])
    agents = {segment.agent_id for segment in segments} | {wrap_up.user_id for wrap_up in wrap_ups}
    names = names_for(actor, agents)
    return InteractionDetailOut(
        **shape_interactions(actor, [row])[0].dict(),
        segments=[_segment(names, segment) for segment in segments],
        data=data_for(actor, row.data_refs, personal_values(tenant=actor.tenant, refs=row.data_refs)),
        wrap_ups=[
            WrapUpRecordOut(
                agent=wrap_up.user_id,
                agent_name=names.agent(wrap_up.user_id),
                disposition=names.disposition(wrap_up.disposition_id),
                result=wrap_up.result,
                note=wrap_up.note,
                completed_at=wrap_up.completed_at,
            )
            for wrap_up in wrap_ups
        ],
    )


def _segment(names: Names, segment: Segment) -> SegmentOut:
    return SegmentOut(
        kind=cast(SegmentKind, segment.kind),
        number=segment.number,
        queue=segment.queue_id,
        queue_name=names.queue(segment.queue_id),
        agent=segment.agent_id,
        agent_name=names.agent(segment.agent_id),
        started_at=segment.started_at,
        ended_at=segment.ended_at,
        outcome=segment.outcome,
        hold_s=segment.hold_s,
    )
