"""HTTP of callbacks and voice messages: the list, asking for a callback, cancelling and reassigning what waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.interactions import deferred, queries
from zhiyin.apps.interactions.log import notes_at_hand, personal_values
from zhiyin.apps.interactions.models import DeferredContact, Interaction
from zhiyin.apps.interactions.naming import names_for
from zhiyin.apps.interactions.schemas import InteractionCustomerOut
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.numbers import mask_number

router = Router(tags=["callbacks"], auth=Needs(deferred.READ))
MANAGE = Needs(deferred.MANAGE)

Kind = Literal["callback", "voicemail"]
State = Literal["waiting", "working", "done", "failed", "expired", "cancelled"]


class CallbackOut(Schema):
    """A callback or a voice message; ``id`` is its contact's. ``number`` is null without the right to see it.

    ``note``: 转接备注, what was written for whoever works it; ``note_by``: who wrote it, "" without a note.
    """

    id: str
    kind: Kind
    state: State
    queue: int
    queue_name: str
    agent: int | None
    agent_name: str
    number: str | None
    masked: str
    customer: InteractionCustomerOut | None
    asked_by: str
    asked_at: datetime
    placed_at: datetime
    due_at: datetime | None
    expires_at: datetime | None
    attempts: int
    cause: str
    recording_id: str
    duration_s: float | None
    ended_at: datetime | None
    note: str
    note_by: str


class CallbackPage(Page[CallbackOut]):
    pass


class CallbackListIn(ListIn):
    kind: Kind | Literal[""] = ""
    state: State | Literal["", "open"] = ""
    queue: int | None = None
    agent: int | None = None
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")


class CallbackRequestIn(Schema):
    """Whom to call back: one of the number, the customer's number and the contact. ``agent`` alone is to call."""

    queue: int
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    customer_number_id: int | None = None
    interaction_id: Annotated[str, StringConstraints(max_length=64)] | None = None
    agent: int | None = None
    #: 预约回呼: called from then on, and not after ``until``
    due_at: Instant | None = None
    until: Instant | None = None


class CallbackMadeOut(Schema):
    interaction: str


class ReassignIn(Schema):
    queue: int
    agent: int | None = None


COLUMNS = {
    "kind": ("类型", "Kind"),
    "state": ("状态", "State"),
    "masked": ("号码", "Number"),
    "customer.name": ("客户", "Customer"),
    "queue_name": ("技能组", "Queue"),
    "agent_name": ("座席", "Agent"),
    "asked_by": ("来源", "Asked by"),
    "asked_at": ("提出时间", "Asked at"),
    "due_at": ("下次呼叫", "Next attempt"),
    "expires_at": ("失效时间", "Expires"),
    "attempts": ("已呼叫次数", "Attempts"),
    "cause": ("未接通原因", "Cause"),
    "duration_s": ("留言秒数", "Message (s)"),
    "ended_at": ("结束时间", "Ended"),
    "note": ("转接备注", "Note"),
    "note_by": ("备注人", "Note by"),
}


#: what stands not by this name in the row itself
_PUT_TOGETHER = frozenset(
    {"queue", "queue_name", "agent", "agent_name", "number", "masked", "customer", "note", "note_by"}
)


def shape_callbacks(actor: Actor, rows: Sequence[DeferredContact]) -> list[CallbackOut]:
    """Return rows with names and numbers, in a number of statements that does not grow with them."""
    if not rows:
        return []
    ids = [row.pk for row in rows]
    callers = dict(Interaction.objects.of(actor.tenant).filter(pk__in=ids).values_list("pk", "customer_ref"))
    refs = {row.pk: row.number_ref or callers.get(row.pk) for row in rows}
    notes = notes_at_hand(tenant=actor.tenant, interaction_ids=ids)
    values = personal_values(tenant=actor.tenant, refs=[*refs.values(), *(note.ref for note in notes.values())])
    names = names_for(actor, {row.agent_id for row in rows} | {note.by_agent for note in notes.values()})
    linked = queries.customers_of(tenant=actor.tenant, interaction_ids=ids)
    people = customers.customer_names(tenant=actor.tenant, customer_ids=linked.values())
    texts = {contact: values[note.ref] for contact, note in notes.items() if note.ref in values}
    plain = [name for name in CallbackOut.model_fields if name not in _PUT_TOGETHER]
    return [
        CallbackOut(
            queue=row.queue_id,
            queue_name=names.queue(row.queue_id),
            agent=row.agent_id,
            agent_name=names.agent(row.agent_id),
            number=values.get(refs[row.pk] or "") if actor.sees_numbers else None,
            masked=mask_number(values.get(refs[row.pk] or "", "")),
            customer=_customer(linked.get(row.pk), people),
            note=texts.get(row.pk, ""),  # erased, it is nobody's any more
            note_by=names.agent(notes[row.pk].by_agent) if row.pk in texts else "",
            **{name: getattr(row, name) for name in plain},
        )
        for row in rows
    ]


def _customer(customer_id: int | None, people: Mapping[int, str]) -> InteractionCustomerOut | None:
    name = people.get(customer_id or 0)
    return InteractionCustomerOut(id=customer_id or 0, name=name) if name is not None else None


@router.get("", operation_id="listCallbacks", response={200: CallbackPage, **problems()})
def list_callbacks(request: TenantRequest, listing: Query[CallbackListIn]) -> Any:
    """Callbacks and voice messages, the newest first. ``state=open``: those that wait or are being worked on."""
    actor = request.actor
    rows = deferred.list_deferred(
        actor=actor,
        kind=listing.kind,
        state=listing.state,
        queue=listing.queue,
        agent=listing.agent,
        since=listing.since,
        until=listing.until,
        search=listing.search,
    )
    sortable = {name: name for name in ("asked_at", "placed_at", "due_at", "expires_at", "attempts", "ended_at")}
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="-asked_at",
        shape=lambda page: shape_callbacks(actor, page),
        columns=COLUMNS,
        export_right="interactions.export",
    )


@router.post(
    "",
    operation_id="requestCallback",
    auth=Needs("desk"),
    response={201: CallbackMadeOut, **problems(400, 404, 409, 503)},
)
def request_callback(request: TenantRequest, body: CallbackRequestIn) -> Any:
    """Have somebody called back from a queue's line; the place counts from now, or from when it is booked for."""
    return Status(201, {"interaction": deferred.request(actor=request.actor, now=timezone.now(), **body.dict())})


@router.post(
    "/{callback_id}/cancel",
    operation_id="cancelCallback",
    auth=MANAGE,
    response={204: None, **problems(404, 409, 503)},
)
def cancel_callback(request: TenantRequest, callback_id: str) -> Any:
    """Take a waiting callback or message off the line for ever."""
    deferred.cancel(actor=request.actor, callback_id=callback_id)
    return Status(204, None)


@router.post(
    "/{callback_id}/reassign",
    operation_id="reassignCallback",
    auth=MANAGE,
    response={204: None, **problems(404, 409, 503)},
)
def reassign_callback(request: TenantRequest, callback_id: str, body: ReassignIn) -> Any:
    """Let a waiting one wait in another queue, or for one agent of it alone."""
    deferred.reassign(actor=request.actor, callback_id=callback_id, queue=body.queue, agent=body.agent)
    return Status(204, None)
