"""HTTP of exports: ordering, how far they are, approving, downloading, and the limits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.exchange import export_limits, exports
from zhiyin.apps.exchange.export_gate import CONTENT_TYPES, file_name
from zhiyin.apps.exchange.models import Export
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.apps.rest.sheets import file_answer

WHY_PERSON = "Exports belong to the person who ordered them; a key reads the list itself."
router = Router(tags=["exports"], auth=NeedsPerson(why=WHY_PERSON))
policy_router = Router(tags=["exports"], auth=Needs("admin"))

FileFormat = Literal["csv", "csv-gbk", "xlsx"]
ExportState = Literal["waiting", "running", "ready", "sent", "refused", "cancelled", "failed", "removed"]
Rows = Annotated[int, Field(ge=1, le=export_limits.MOST_ROWS)]
COLUMNS = {
    "list_path": ("列表", "List"),
    "state": ("状态", "State"),
    "total": ("行数", "Rows"),
    "format": ("格式", "Format"),
    "by_name": ("导出人", "Exported by"),
    "decided_by_name": ("审批人", "Decided by"),
    "reason": ("原因", "Reason"),
    "downloads": ("下载次数", "Downloads"),
    "created_at": ("时间", "At"),
    "expires_at": ("文件保留至", "File kept until"),
}


class ExportOut(Schema):
    """``filters``: how the list was narrowed; what may name a person is a star. ``beyond``: limits it passes."""

    id: int
    list_path: str
    filters: dict[str, str]
    format: FileFormat
    columns: list[str]
    state: ExportState
    total: int
    finished: int
    problem: str
    beyond: list[Literal["rows_per_export", "rows_per_day"]]
    reason: str
    by_name: str
    decided_by_name: str
    downloads: int
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    is_mine: bool = False


class ExportPage(Page[ExportOut]):
    pass


class ExportListIn(ListIn):
    state: ExportState | Literal[""] = ""
    mine: bool = False


class ExportIn(Schema):
    """``list_path``: the list's own address ("/api/customers"); ``query``: what follows "?" in it."""

    list_path: Annotated[str, StringConstraints(max_length=200)]
    query: Annotated[str, StringConstraints(max_length=4000)] = ""
    format: FileFormat = "xlsx"
    #: of the list's columns; none: all
    columns: list[Annotated[str, StringConstraints(max_length=80)]] = Field(default=[], max_length=200)
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class ExportOrderedOut(Schema):
    """``export`` null: the list is short; GET it with ``format`` and it comes at once."""

    rows: int
    export: ExportOut | None


class ExportDecisionIn(Schema):
    is_approved: bool


class ExportPolicyOut(Schema):
    rows_at_once: int
    rows_per_export: int
    rows_per_day: int
    over_limit: Literal["approve", "refuse"]
    keep_hours: int
    watermark: Literal["none", "line", "column"]


class ExportPolicyIn(Schema):
    """What is named changes."""

    rows_at_once: Annotated[int, Field(ge=1, le=20_000)] | None = None
    rows_per_export: Rows | None = None
    rows_per_day: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    over_limit: Literal["approve", "refuse"] | None = None
    keep_hours: Annotated[int, Field(ge=1, le=720)] | None = None
    watermark: Literal["none", "line", "column"] | None = None


def _shape_for(request: TenantRequest, rows: Sequence[Export]) -> list[ExportOut]:
    shaped = [ExportOut.from_orm(row) for row in rows]
    for item, row in zip(shaped, rows, strict=True):
        item.is_mine = row.by_id == request.actor.user_id
    return shaped


@router.get("", operation_id="listExports", response={200: ExportPage, **problems()})
def list_exports(request: TenantRequest, listing: Query[ExportListIn]) -> Any:
    """One's own exports, for administrators everybody's."""
    rows = exports.list_exports(actor=request.actor)
    if listing.mine:
        rows = rows.filter(by_id=request.actor.user_id)
    if listing.state:
        rows = rows.filter(state=listing.state)
    if listing.search:
        rows = rows.filter(by_name__icontains=listing.search)
    sortable = {name: name for name in ("created_at", "list_path", "state", "total", "by_name")}

    def shape(found: Sequence[Export]) -> list[ExportOut]:
        return _shape_for(request, found)

    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="-created_at", shape=shape, columns=COLUMNS
    )


@router.post("", operation_id="orderExport", response={200: ExportOrderedOut, **problems(400, 404, 409)})
def order_export(request: TenantRequest, body: ExportIn) -> Any:
    """Order a list as a file, as it is filtered and sorted."""
    ordered = exports.order_export(
        actor=request.actor,
        list_path=body.list_path,
        query=body.query.removeprefix("?"),
        form=body.format,
        columns=body.columns,
        reason=body.reason,
        now=timezone.now(),
    )
    made = _shape_for(request, [ordered.export])[0] if ordered.export else None
    return ExportOrderedOut(rows=ordered.rows, export=made)


@router.get("/{int:export_id}", operation_id="getExport", response={200: ExportOut, **problems(404)})
def get_export(request: TenantRequest, export_id: int) -> Any:
    """One export and how far it is."""
    return _shape_for(request, [exports.get_export(actor=request.actor, export_id=export_id)])[0]


@router.post(
    "/{int:export_id}/decision",
    operation_id="decideExport",
    auth=NeedsPerson("exports.approve", why=WHY_PERSON),
    response={200: ExportOut, **problems(404, 409)},
)
def decide_export(request: TenantRequest, export_id: int, body: ExportDecisionIn) -> Any:
    """Approve or refuse what is beyond the limits; never one's own."""
    found = exports.decide(actor=request.actor, export_id=export_id, is_approved=body.is_approved)
    return _shape_for(request, [found])[0]


@router.post("/{int:export_id}/cancel", operation_id="cancelExport", response={200: ExportOut, **problems(404, 409)})
def cancel_export(request: TenantRequest, export_id: int) -> Any:
    """Stop an export that is being made or waits."""
    return _shape_for(request, [exports.cancel(actor=request.actor, export_id=export_id)])[0]


@router.get("/{int:export_id}/file", operation_id="downloadExport", response={200: None, **problems(404)})
def download_export(request: TenantRequest, export_id: int) -> Any:
    """The file, for its owner or an administrator; what they may see must still be what it was made of."""
    found, content = exports.download(actor=request.actor, export_id=export_id)
    return file_answer(content, name=file_name(found), content_type=CONTENT_TYPES[found.format])


@router.delete("/{int:export_id}", operation_id="deleteExport", response={204: None, **problems(404, 409)})
def delete_export(request: TenantRequest, export_id: int) -> Any:
    """Delete the file; that it was made stays written."""
    exports.delete(actor=request.actor, export_id=export_id)
    return Status(204, None)


@policy_router.get("", operation_id="getExportPolicy", response={200: ExportPolicyOut, **problems()})
def get_export_policy(request: TenantRequest) -> Any:
    """The limits of exports."""
    return export_limits.policy_of(tenant=request.actor.tenant)


@policy_router.patch("", operation_id="saveExportPolicy", response={200: ExportPolicyOut, **problems(400)})
def save_export_policy(request: TenantRequest, body: ExportPolicyIn) -> Any:
    """Set limits of exports."""
    return export_limits.save_policy(actor=request.actor, fields=body.dict(exclude_none=True))
