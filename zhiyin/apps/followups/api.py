"""HTTP of notes and follow-ups."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.customers import services as customer_services
from zhiyin.apps.followups import notes, queries, services
from zhiyin.apps.followups.models import FollowUp
from zhiyin.apps.followups.queries import FollowUpFilter
from zhiyin.apps.followups.schemas import (
    AttemptIn,
    CloseIn,
    ColleaguesOut,
    CompleteIn,
    DialFollowUpIn,
    DialFollowUpOut,
    FollowUpCountsOut,
    FollowUpIn,
    FollowUpListIn,
    FollowUpOut,
    FollowUpPage,
    FollowUpPatchIn,
    NoteIn,
    NoteOut,
    NotePatchIn,
    NotesOut,
    RevisionsOut,
    shape_follow_ups,
    shape_notes,
)
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["follow-ups"], auth=Needs("customers.read"))
notes_router = Router(tags=["notes"], auth=Needs("customers.read"))
colleagues_router = Router(tags=["users"], auth=Needs("customers.read"))

COLUMNS = {
    "due_at": ("计划时间", "Due"),
    "subject": ("事项", "What"),
    "how": ("方式", "How"),
    "customer.name": ("客户", "Customer"),
    "owner.name": ("负责人", "Owner"),
    "state": ("状态", "State"),
    "outcome": ("结果", "Outcome"),
    "attempts": ("未接通次数", "Times not reached"),
    "rule_name": ("关怀规则", "Care rule"),
    "result": ("说明", "Result"),
    "closed_at": ("完成时间", "Closed at"),
    "created_by.name": ("创建人", "Planned by"),
}
_MOST_NOTES = 200
_NULLABLE = frozenset({"remind_at", "owner_id"})


@router.get("", operation_id="listFollowUps", response={200: FollowUpPage, **problems()})
def list_follow_ups(request: TenantRequest, listing: Query[FollowUpListIn]) -> Any:
    """Follow-ups and care tasks: one's own, or (leads) all; of one customer all."""
    actor = request.actor
    wanted = FollowUpFilter(**{field.name: getattr(listing, field.name) for field in fields(FollowUpFilter)})

    def shape(rows: Sequence[FollowUp]) -> list[FollowUpOut]:
        return shape_follow_ups(actor, rows)

    rows = queries.list_follow_ups(actor=actor, wanted=wanted, now=timezone.now())
    sortable = {name: name for name in ("due_at", "subject", "created_at", "closed_at")}
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="due_at",
        shape=shape,
        columns=COLUMNS,
        export_right="customers.export",
    )


@router.get("/counts", operation_id="countFollowUps", response={200: FollowUpCountsOut, **problems()})
def count_follow_ups(request: TenantRequest) -> Any:
    """How many of one's own are overdue, due today, and to come."""
    return queries.count_mine(actor=request.actor, now=timezone.now())


@router.post(
    "",
    operation_id="planFollowUp",
    auth=Needs("customers.write"),
    response={201: FollowUpOut, **problems(400, 404)},
)
def plan_follow_up(request: TenantRequest, body: FollowUpIn) -> Any:
    """Plan one; without an owner it is one's own."""
    row = services.plan_follow_up(
        actor=request.actor,
        customer_id=body.customer_id,
        fields=body.dict(exclude={"customer_id"}),
        now=timezone.now(),
    )
    return Status(201, shape_follow_ups(request.actor, [row])[0])


@router.get("/{int:follow_up_id}", operation_id="getFollowUp", response={200: FollowUpOut, **problems(404)})
def get_follow_up(request: TenantRequest, follow_up_id: int) -> Any:
    """One of them."""
    row = services.get_follow_up(actor=request.actor, follow_up_id=follow_up_id)
    return shape_follow_ups(request.actor, [row])[0]


@router.patch(
    "/{int:follow_up_id}",
    operation_id="changeFollowUp",
    auth=Needs("customers.write"),
    response={200: FollowUpOut, **problems(400, 404, 409)},
)
def change_follow_up(request: TenantRequest, follow_up_id: int, body: FollowUpPatchIn) -> Any:
    """Change what is named of a planned one, also to put it off."""
    given = body.dict(exclude_unset=True)
    row = services.change_follow_up(
        actor=request.actor,
        follow_up_id=follow_up_id,
        fields={name: value for name, value in given.items() if value is not None or name in _NULLABLE},
        now=timezone.now(),
    )
    return shape_follow_ups(request.actor, [row])[0]


@router.post(
    "/{int:follow_up_id}/complete",
    operation_id="completeFollowUp",
    auth=Needs("customers.write"),
    response={200: FollowUpOut, **problems(400, 404, 409)},
)
def complete_follow_up(request: TenantRequest, follow_up_id: int, body: CompleteIn) -> Any:
    """Done, with its result; ``following`` plans the next one."""
    row = services.close_follow_up(
        actor=request.actor,
        follow_up_id=follow_up_id,
        state=FollowUp.State.DONE,
        outcome=body.outcome,
        result=body.result,
        following=body.following.dict() if body.following else None,
        do_not_call=body.do_not_call,
        now=timezone.now(),
    )
    return shape_follow_ups(request.actor, [row])[0]


@router.post(
    "/{int:follow_up_id}/cancel",
    operation_id="cancelFollowUp",
    auth=Needs("customers.write"),
    response={200: FollowUpOut, **problems(400, 404, 409)},
)
def cancel_follow_up(request: TenantRequest, follow_up_id: int, body: CloseIn) -> Any:
    """Not to be done after all."""
    row = services.close_follow_up(
        actor=request.actor,
        follow_up_id=follow_up_id,
        state=FollowUp.State.CANCELLED,
        result=body.result,
        now=timezone.now(),
    )
    return shape_follow_ups(request.actor, [row])[0]


@router.post(
    "/{int:follow_up_id}/attempt",
    operation_id="tryFollowUpAgain",
    auth=Needs("customers.write"),
    response={200: FollowUpOut, **problems(404, 409)},
)
def try_again(request: TenantRequest, follow_up_id: int, body: AttemptIn) -> Any:
    """Not reached: try again at a time, and be reminded of it then."""
    row = services.try_again(
        actor=request.actor,
        follow_up_id=follow_up_id,
        again_at=body.again_at,
        result=body.result,
        now=timezone.now(),
    )
    return shape_follow_ups(request.actor, [row])[0]


@router.post(
    "/{int:follow_up_id}/claim",
    operation_id="claimFollowUp",
    auth=NeedsPerson("customers.write", why="The task becomes the person's who claims it."),
    response={200: FollowUpOut, **problems(404, 409)},
)
def claim_follow_up(request: TenantRequest, follow_up_id: int) -> Any:
    """Take a task that nobody has yet."""
    row = services.claim(actor=request.actor, follow_up_id=follow_up_id)
    return shape_follow_ups(request.actor, [row])[0]


@router.post(
    "/{int:follow_up_id}/dial",
    operation_id="dialFollowUp",
    auth=NeedsPerson("desk", why="It rings the telephone of the agent who is logged in."),
    response={200: DialFollowUpOut, **problems(400, 404, 409, 503)},
)
def dial_follow_up(request: TenantRequest, follow_up_id: int, body: DialFollowUpIn) -> Any:
    """Call its customer; the contact is kept with it."""
    interaction = services.dial_for(
        actor=request.actor, follow_up_id=follow_up_id, customer_number_id=body.customer_number_id
    )
    return {"interaction": interaction}


@notes_router.get("", operation_id="getNotes", response={200: NotesOut, **problems(404)})
def get_notes(request: TenantRequest, customer: int | None = None, interaction: str | None = None) -> Any:
    """The notes on a customer or a contact, pinned ones first, then newest first; at most 200."""
    if customer is not None:
        customer_services.get_customer(actor=request.actor, customer_id=customer)
    elif interaction is not None:
        interactions.get_visible(actor=request.actor, interaction_id=interaction)
    rows = queries.notes_on(actor=request.actor, customer_id=customer, interaction_id=interaction)
    shown = rows.order_by("-is_pinned", "-created_at", "-pk")[:_MOST_NOTES]
    return {"items": shape_notes(request.actor, list(shown))}


@notes_router.post(
    "", operation_id="writeNote", auth=Needs("customers.write"), response={201: NoteOut, **problems(400, 404)}
)
def write_note(request: TenantRequest, body: NoteIn) -> Any:
    """Write a note; whom it mentions is told."""
    note = notes.write_note(actor=request.actor, now=timezone.now(), **body.dict())
    return Status(201, shape_notes(request.actor, [note])[0])


@notes_router.patch(
    "/{int:note_id}",
    operation_id="changeNote",
    auth=Needs("customers.write"),
    response={200: NoteOut, **problems(400, 404)},
)
def change_note(request: TenantRequest, note_id: int, body: NotePatchIn) -> Any:
    """Change one's own note, or pin any."""
    note = notes.change_note(actor=request.actor, note_id=note_id, now=timezone.now(), **body.dict())
    return shape_notes(request.actor, [note])[0]


@notes_router.delete(
    "/{int:note_id}", operation_id="deleteNote", auth=Needs("customers.write"), response={204: None, **problems(404)}
)
def delete_note(request: TenantRequest, note_id: int) -> Any:
    """Remove one's own note; administrators any."""
    notes.delete_note(actor=request.actor, note_id=note_id)
    return Status(204, None)


@notes_router.get(
    "/{int:note_id}/revisions", operation_id="getNoteRevisions", response={200: RevisionsOut, **problems(404)}
)
def get_revisions(request: TenantRequest, note_id: int) -> Any:
    """What a note said before, newest first."""
    return {"items": notes.list_revisions(actor=request.actor, note_id=note_id)}


@colleagues_router.get("", operation_id="findColleagues", response={200: ColleaguesOut, **problems()})
def find_colleagues(request: TenantRequest, search: str = "") -> Any:
    """Colleagues by name, user name or pinyin initials, at most eight: for mentions, and to give a task to."""
    found = queries.find_colleagues(tenant=request.actor.tenant, search=search)
    return {"items": [{"id": user_id, "name": name} for user_id, name in found]}
