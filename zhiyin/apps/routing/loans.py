"""HTTP of agents lent to a queue for a time (支援)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from zhiyin.apps.accounts.queries import names_of
from zhiyin.apps.queues import loans
from zhiyin.apps.queues.queries import queue_names
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.apps.tenancy.models import Tenant

router = Router(tags=["routing"], auth=Needs(loans.LEND))

COLUMNS = {
    "agent_name": ("座席", "Agent"),
    "queue_name": ("支援技能组", "Queue"),
    "is_instead": ("只接支援组", "No other queue"),
    "from_at": ("开始", "From"),
    "until": ("截止", "Until"),
    "ended_at": ("提前结束", "Ended early"),
    "lent_by_name": ("安排人", "By"),
}


class LoanOut(Schema):
    id: int
    agent: int
    agent_name: str
    queue: int
    queue_name: str
    is_instead: bool
    from_at: datetime
    until: datetime
    ended_at: datetime | None
    lent_by_name: str


class LoanPage(Page[LoanOut]):
    pass


class LoanListIn(ListIn):
    """``is_current``: those that last, or those that are over; ``agent``: of one agent."""

    agent: int | None = None
    is_current: bool | None = None


class LoanIn(Schema):
    """Until an instant, or for so many minutes. ``is_instead``: they serve no other queue meanwhile."""

    queue: int
    agents: Annotated[list[int], Field(min_length=1, max_length=200)]
    until: datetime | None = None
    minutes: Annotated[int, Field(ge=5, le=24 * 60)] | None = None
    is_instead: bool = False


class LoansOut(Schema):
    items: list[LoanOut]


@router.get("", operation_id="listLoans", response={200: LoanPage, **problems()})
def list_loans(request: TenantRequest, listing: Query[LoanListIn]) -> Any:
    """Who is lent where, and was."""
    rows = loans.list_loans(
        actor=request.actor, search=listing.search, is_current=listing.is_current, now=timezone.now()
    )
    if listing.agent is not None:
        rows = rows.filter(user_id=listing.agent)
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("from_at", "until")},
        default_sort="-from_at",
        shape=lambda page: _shape(request.actor.tenant, page),
        columns=COLUMNS,
    )


@router.post("", operation_id="lendAgents", response={201: LoansOut, **problems(400, 404)})
def lend_agents(request: TenantRequest, body: LoanIn) -> Any:
    """Lend agents to a queue; they come back by themselves."""
    now = timezone.now()
    until = body.until or (now + timedelta(minutes=body.minutes) if body.minutes is not None else None)
    if until is None:
        raise Invalid(fields={"until": "missing"})
    lent = loans.lend(
        actor=request.actor,
        queue_id=body.queue,
        agents=body.agents,
        until=until,
        is_instead=body.is_instead,
        now=now,
    )
    return Status(201, {"items": _shape(request.actor.tenant, lent)})


@router.post("/{int:loan_id}/end", operation_id="endLoan", response={200: LoanOut, **problems(404, 409)})
def end_loan(request: TenantRequest, loan_id: int) -> Any:
    """Let the agent come back at once."""
    loan = loans.end_loan(actor=request.actor, loan_id=loan_id, now=timezone.now())
    return _shape(request.actor.tenant, [loan])[0]


def _shape(tenant: Tenant, rows: Sequence[Any]) -> list[LoanOut]:
    names = names_of(tenant=tenant, user_ids={user for row in rows for user in (row.user_id, row.lent_by_id)})
    queues = queue_names(tenant=tenant) if rows else {}
    return [
        LoanOut(
            id=row.pk,
            agent=row.user_id,
            agent_name=names.get(row.user_id, ""),
            queue=row.queue_id,
            queue_name=queues.get(row.queue_id, ("", ""))[0],
            is_instead=row.is_instead,
            from_at=row.from_at,
            until=row.until,
            ended_at=row.ended_at,
            lent_by_name=names.get(row.lent_by_id, ""),
        )
        for row in rows
    ]
