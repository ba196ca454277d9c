"""HTTP of the audit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from zhiyin.apps.audit import queries
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, problems

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


def _shape(rows: Sequence[Entry]) -> list[AuditEntryOut]:
    return [AuditEntryOut.from_orm(row) for row in rows]


@router.get("", operation_id="listAudit", response={200: AuditPage, **problems()})
def list_audit(request: TenantRequest, listing: Query[AuditListIn]) -> Any:
    """Who did what, newest first."""
    rows = queries.list_entries(
        tenant=request.actor.tenant,
        search=listing.search,
        action=listing.action,
        user_id=listing.user,
        kind=listing.kind,
        since=listing.since,
        until=listing.until,
    )
    return answer_list(
        request,
        rows,
        listing,
        sortable={"at": "at", "user_name": "user_name", "action": "action"},
        default_sort="-at",
        shape=_shape,
        columns=COLUMNS,
    )
