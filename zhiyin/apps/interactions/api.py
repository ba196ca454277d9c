"""HTTP of contacts: lists, the screen pop, wrap-ups, missed calls, calling out."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal

from django.utils import timezone
from ninja import Path, Query, Router, Status

from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.lists.schemas import ListEntryOut, shape_entries
from zhiyin.apps.customers.queries import seen_customers
from zhiyin.apps.customers.schemas import CustomerOut, shape_customers
from zhiyin.apps.interactions import queries, services
from zhiyin.apps.interactions.flow_script import ContactScriptOut, build_script
from zhiyin.apps.interactions.history import build_history
from zhiyin.apps.interactions.history_schemas import HistoryOut
from zhiyin.apps.interactions.models import Interaction, WrapUp
from zhiyin.apps.interactions.pop import build_pop
from zhiyin.apps.interactions.queries import ContactFilter
from zhiyin.apps.interactions.schemas import (
    DialIn,
    DialOut,
    InteractionDetailOut,
    InteractionListIn,
    InteractionOut,
    InteractionPage,
    LastContactsOut,
    LinkIn,
    ListCallerIn,
    PopOut,
    WrapUpIn,
    WrapUpOut,
)
from zhiyin.apps.interactions.shaping import shape_detail, shape_interactions
from zhiyin.apps.interactions.waits import WaitsOut, explain_waits
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["interactions"], auth=Needs("desk"))
last_contacts_router = Router(tags=["customers"], auth=Needs("customers.read"))
OWN_DESK = NeedsPerson("desk", why="It belongs to the agent who is logged in.")
dial_router = Router(tags=["interactions"], auth=OWN_DESK)

COLUMNS = {
    "started_at": ("开始时间", "Started"),
    "direction": ("方向", "Direction"),
    "masked": ("号码", "Number"),
    "customer.name": ("客户", "Customer"),
    "entry": ("接入号", "Entry"),
    "queue_name": ("技能组", "Queue"),
    "agent_name": ("座席", "Agent"),
    "outcome": ("结果", "Outcome"),
    "wait_s": ("等待秒数", "Wait (s)"),
    "talk_s": ("通话秒数", "Talk (s)"),
    "hold_s": ("保持秒数", "Hold (s)"),
    "parked_s": ("驻留秒数", "Parked (s)"),
    "consult_s": ("咨询秒数", "Consulted (s)"),
    "wrap_up_s": ("整理秒数", "Wrap-up (s)"),
    "disposition": ("业务分类", "Disposition"),
    "result": ("处理结果", "Result"),
    "note": ("备注", "Note"),
}
#: as many as a page of customers may have
_MOST_CUSTOMERS = 200


@router.get(
    "", operation_id="listInteractions", auth=Needs("interactions.read"), response={200: InteractionPage, **problems()}
)
def list_interactions(request: TenantRequest, listing: Query[InteractionListIn]) -> Any:
    """Contacts, newest first. Agents see their own, a customer's, and with ``missed`` those of their queues."""
    actor = request.actor
    wanted = ContactFilter(**{field.name: getattr(listing, field.name) for field in fields(ContactFilter)})

    def shape(rows: Sequence[Interaction]) -> list[InteractionOut]:
        return shape_interactions(actor, rows)

    columns = dict(COLUMNS)
    if listing.format != "json" and actor.sees_numbers:
        columns = {("number" if name == "masked" else name): titles for name, titles in COLUMNS.items()}
    sortable = {name: name for name in ("started_at", "ended_at", "wait_s", "talk_s", "hold_s", "wrap_up_s")}
    rows = queries.list_contacts(actor=actor, wanted=wanted)
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="-started_at",
        shape=shape,
        columns=columns,
        export_right="interactions.export",
    )


@router.get(
    "/{interaction_id}",
    operation_id="getInteraction",
    auth=Needs("interactions.read"),
    response={200: InteractionDetailOut, **problems(404)},
)
def get_interaction(request: TenantRequest, interaction_id: Path[str]) -> Any:
    """One contact with its segments, recordings and wrap-ups. Agents see their own, customers' and missed ones."""
    return shape_detail(request.actor, queries.get_visible(actor=request.actor, interaction_id=interaction_id))


@router.get(
    "/{interaction_id}/flow-script",
    operation_id="getFlowScript",
    auth=Needs("admin"),
    response={200: ContactScriptOut, **problems(400, 404)},
)
def get_flow_script(request: TenantRequest, interaction_id: str, language: Literal["zh", "en"] = "zh") -> Any:
    """A contact's way through its flow as a test of the flow, in the words of a language. Nothing is kept."""
    row = queries.get_visible(actor=request.actor, interaction_id=interaction_id)
    return build_script(tenant=request.actor.tenant, interaction_id=row.pk, language=language)


@router.get(
    "/{interaction_id}/history",
    operation_id="getHistory",
    auth=Needs("interactions.read"),
    response={200: HistoryOut, **problems(404)},
)
def get_history(request: TenantRequest, interaction_id: str) -> Any:
    """What happened to a contact, event by event: the way through the flow, each offer and why, how it ended."""
    row = queries.get_visible(actor=request.actor, interaction_id=interaction_id)
    return build_history(actor=request.actor, interaction_id=row.pk)


@router.get(
    "/{interaction_id}/waits",
    operation_id="explainWaits",
    auth=Needs("interactions.read"),
    response={200: WaitsOut, **problems(404)},
)
def get_waits(request: TenantRequest, interaction_id: str) -> Any:
    """Why a contact waited: each stay in a queue, split into what it waited for, and what it was promised."""
    row = queries.get_visible(actor=request.actor, interaction_id=interaction_id)
    return explain_waits(actor=request.actor, interaction_id=row.pk)


@router.get("/{interaction_id}/pop", operation_id="getPop", response={200: PopOut, **problems(404)})
def get_pop(request: TenantRequest, interaction_id: str) -> Any:
    """Who is calling; there as soon as the call is."""
    return build_pop(actor=request.actor, interaction_id=interaction_id)


@router.post(
    "/{interaction_id}/customer",
    operation_id="linkCustomer",
    auth=Needs("customers.write"),
    response={200: CustomerOut, **problems(400, 404)},
)
def link_customer(request: TenantRequest, interaction_id: str, body: LinkIn) -> Any:
    """Say whose contact it was: a known customer, or a new one with the number that called."""
    if body.customer_id is None and body.name is None:
        raise Invalid(fields={"name": "missing"})
    customer_id = services.link_customer(
        actor=request.actor,
        interaction_id=interaction_id,
        customer_id=body.customer_id,
        fields={"name": body.name, "company": body.company, "address": body.address, "note": body.note},
        now=timezone.now(),
    )
    customer = customers.get_customer(actor=request.actor, customer_id=customer_id)
    return shape_customers(request.actor, [customer])[0]


@router.post(
    "/{interaction_id}/list-entry",
    operation_id="listCaller",
    auth=Needs("lists.write"),
    response={201: ListEntryOut, **problems(400, 404, 409)},
)
def list_caller(request: TenantRequest, interaction_id: str, body: ListCallerIn) -> Any:
    """Put the number of this contact on the VIP, block or do-not-call list."""
    now = timezone.now()
    entry = services.list_caller(
        actor=request.actor,
        interaction_id=interaction_id,
        list_code=body.list,
        reason=body.reason,
        expires_at=body.expires_at,
        now=now,
    )
    return Status(201, shape_entries(request.actor, [entry], now=now)[0])


@router.get(
    "/{interaction_id}/wrap-up", operation_id="getWrapUp", auth=OWN_DESK, response={200: WrapUpOut, **problems(404)}
)
def get_wrap_up(request: TenantRequest, interaction_id: str) -> Any:
    """The caller's own wrap-up; empty with version 0 before the first save."""
    return services.get_wrap_up(actor=request.actor, interaction_id=interaction_id)


@router.put(
    "/{interaction_id}/wrap-up",
    operation_id="saveWrapUp",
    auth=OWN_DESK,
    response={200: WrapUpOut, **problems(400, 404, 409)},
)
def save_wrap_up(request: TenantRequest, interaction_id: str, body: WrapUpIn) -> WrapUp:
    """Save the draft. 409 ``stale_version`` where another tab saved meanwhile."""
    fields = body.dict(exclude={"version"})
    return services.save_wrap_up(
        actor=request.actor, interaction_id=interaction_id, version=body.version, fields=fields
    )


@router.post(
    "/{interaction_id}/wrap-up/complete",
    operation_id="completeWrapUp",
    auth=OWN_DESK,
    response={200: WrapUpOut, **problems(400, 404, 409)},
)
def complete_wrap_up(request: TenantRequest, interaction_id: str, body: WrapUpIn) -> WrapUp:
    """Save and close the form. The agent is freed by ``CompleteWrapUp`` over the socket."""
    return services.complete_wrap_up(
        actor=request.actor,
        interaction_id=interaction_id,
        version=body.version,
        fields=body.dict(exclude={"version"}),
        now=timezone.now(),
    )


@router.post("/{interaction_id}/missed/handled", operation_id="handleMissed", response={204: None, **problems(404)})
def handle_missed(request: TenantRequest, interaction_id: str) -> Any:
    """Mark a missed call as dealt with."""
    services.handle_missed(actor=request.actor, interaction_id=interaction_id, now=timezone.now())
    return Status(204, None)


@last_contacts_router.get(
    "/last-contacts", operation_id="listLastContacts", response={200: LastContactsOut, **problems()}
)
def list_last_contacts(request: TenantRequest, customer: Query[list[int]]) -> Any:
    """When each of these customers (a page of them) was in contact last."""
    found = queries.last_contacts_of(
        tenant=request.actor.tenant, customer_ids=seen_customers(request.actor, customer[:_MOST_CUSTOMERS])
    )
    return {"items": [{"customer": customer_id, "at": at} for customer_id, at in found.items()]}


@dial_router.post("/dial", operation_id="dial", response={200: DialOut, **problems(400, 404, 409, 503)})
def dial(request: TenantRequest, body: DialIn) -> Any:
    """Ring one's own telephone, then the customer's."""
    return {"interaction": services.dial(actor=request.actor, **body.dict())}
