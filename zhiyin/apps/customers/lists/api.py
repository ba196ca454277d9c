"""HTTP of the VIP, block and do-not-call lists."""

from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.customers.lists import queries, services
from zhiyin.apps.customers.lists.schemas import (
    ListEntriesIn,
    ListEntryEndIn,
    ListEntryIn,
    ListEntryOut,
    ListEntryPage,
    ListNumbersIn,
    ListNumbersOut,
    shape_entries,
)
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["lists"], auth=Needs("customers.read"))

COLUMNS = {
    "list": ("名单", "List"),
    "masked": ("号码", "Number"),
    "customer": ("客户", "Customer"),
    "reason": ("原因", "Reason"),
    "author": ("添加人", "Added by"),
    "created_at": ("添加时间", "Added at"),
    "expires_at": ("到期时间", "Expires at"),
    "ended_by": ("移出人", "Taken off by"),
    "ended_at": ("移出时间", "Taken off at"),
    "ended_reason": ("移出原因", "Why taken off"),
}


@router.get("", operation_id="listListEntries", response={200: ListEntryPage, **problems()})
def list_entries(request: TenantRequest, listing: Query[ListEntriesIn]) -> Any:
    """Entries of the lists, with those of the past: who put whom on which list, and why."""
    actor, now = request.actor, timezone.now()
    rows = queries.list_entries(
        actor=actor,
        list_code=listing.list,
        state=listing.state,
        customer_id=listing.customer,
        search=listing.search,
    )
    sortable = {name: name for name in ("created_at", "expires_at", "list")}
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="-created_at",
        shape=lambda page: shape_entries(actor, page, now=now),
        columns=COLUMNS,
        export_right="customers.export",
    )


@router.post(
    "", operation_id="addListEntry", auth=Needs("lists.write"), response={201: ListEntryOut, **problems(400, 409)}
)
def add_entry(request: TenantRequest, body: ListEntryIn) -> Any:
    """Put a number or a customer on a list."""
    now = timezone.now()
    entry = services.add_entry(
        actor=request.actor,
        list_code=body.list,
        reason=body.reason,
        now=now,
        number=body.number or "",
        customer_id=body.customer_id,
        customer_number_id=body.customer_number_id,
        expires_at=body.expires_at,
    )
    return Status(201, shape_entries(request.actor, [entry], now=now)[0])


@router.post(
    "/numbers",
    operation_id="addListNumbers",
    auth=Needs("lists.write"),
    response={200: ListNumbersOut, **problems(400)},
)
def add_numbers(request: TenantRequest, body: ListNumbersIn) -> Any:
    """Put many numbers on a list at once; what is listed already or is no number is told."""
    return services.add_numbers(
        actor=request.actor,
        list_code=body.list,
        numbers=body.numbers,
        reason=body.reason,
        now=timezone.now(),
        expires_at=body.expires_at,
    )


@router.post(
    "/{int:entry_id}/end",
    operation_id="endListEntry",
    auth=Needs("lists.write"),
    response={200: ListEntryOut, **problems(404)},
)
def end_entry(request: TenantRequest, entry_id: int, body: ListEntryEndIn) -> Any:
    """Take it off the list; the entry stays as history."""
    now = timezone.now()
    entry = services.end_entry(actor=request.actor, entry_id=entry_id, reason=body.reason, now=now)
    return shape_entries(request.actor, [entry], now=now)[0]
