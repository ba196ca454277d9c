"""HTTP of the audit."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from zhiyin.apps.audit import queries, services
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import Entry as Said
from zhiyin.apps.tenancy.field_rights import kinds_with_hidden_names, visible_entry

router = Router(tags=["audit"], auth=Needs("audit.read"))


class AuditEntryOut(Schema):
    id: int
    at: datetime
    user_id: int | None
    user_name: str
    address: str
    action: str
    subject_kind: str
    subject_id: str
    subject_name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditPage(Page[AuditEntryOut]):
    pass


class AuditListIn(ListIn):
    action: str = ""
    user: int | None = None
    kind: str = ""
    subject: str = Field(default="", max_length=64)
    #: of those in before and after
    field: str = Field(default="", max_length=60)
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")


COLUMNS = {
    "at": ("时间", "Time"),
    "user_name": ("用户", "User"),
    "address": ("地址", "Address"),
    "action": ("操作", "Action"),
    "subject_kind": ("对象", "Subject"),
    "subject_name": ("名称", "Name"),
    "before": ("修改前", "Before"),
    "after": ("修改后", "After"),
}


def _shape(actor: Actor, rows: Sequence[Entry]) -> list[AuditEntryOut]:
    """What a role hides or masks of a customer is hidden or masked here too."""
    return [_visible(actor, AuditEntryOut.from_orm(row)) for row in rows]


def _visible(actor: Actor, entry: AuditEntryOut) -> AuditEntryOut:
    said = Said(entry.subject_name, entry.before, entry.after)
    shown = visible_entry(actor, entry.subject_kind, said)
    return entry.model_copy(update={"subject_name": shown.name, "before": shown.before, "after": shown.after})


@router.get("", operation_id="listAudit", response={200: AuditPage, **problems()})
def list_audit(request: TenantRequest, listing: Query[AuditListIn]) -> Any:
    """Who did what, newest first."""
    rows = queries.list_entries(
        tenant=request.actor.tenant,
        search=listing.search,
        action=listing.action,
        user_id=listing.user,
        kind=listing.kind,
        subject=listing.subject,
        field=listing.field,
        since=listing.since,
        until=listing.until,
        unnamed_kinds=kinds_with_hidden_names(request.actor),
    )
    return answer_list(
        request,
        rows,
        listing,
        sortable={"at": "at", "user_name": "user_name", "action": "action"},
        default_sort="-at",
        shape=partial(_shape, request.actor),
        columns=COLUMNS,
    )


class AuditFindingOut(Schema):
    """``number``: the place in the chain, 0 where the entry has none; ``entry``: the entry's id, 0 where unknown."""

    code: str
    number: int
    entry: int


class AuditVerificationOut(Schema):
    """The newest look through the chain; ``ended_at`` is null before the first one."""

    ended_at: datetime | None = None
    sealed: int = 0
    found: int = 0
    findings: list[AuditFindingOut] = []


@router.get("/verification", operation_id="getAuditVerification", response={200: AuditVerificationOut, **problems()})
def get_verification(request: TenantRequest) -> Any:
    """Whether entries were changed, removed or reordered, as of the newest look through the chain."""
    found = queries.last_verification(tenant=request.actor.tenant)
    return AuditVerificationOut() if found is None else AuditVerificationOut.from_orm(found)


@router.post("/verification", operation_id="orderAuditVerification", response={202: None, **problems()})
def order_verification(request: TenantRequest) -> Any:
    """Look through the whole chain now: a job, whose result is read by ``getAuditVerification``."""
    services.order_verification(actor=request.actor)
    return Status(202, None)
