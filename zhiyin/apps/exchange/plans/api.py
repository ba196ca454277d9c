"""HTTP of planned exchange: plans, what they would do, and their log."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.exchange.exports_api import FileFormat
from zhiyin.apps.exchange.kinds import kinds_for
from zhiyin.apps.exchange.models import FilePlan, FileRun
from zhiyin.apps.exchange.plans import preview as previews
from zhiyin.apps.exchange.plans import services
from zhiyin.apps.exchange.plans.sources import sources_of
from zhiyin.apps.exchange.tables import ENCODINGS
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

READ = Needs(services.RIGHT)
MANAGE = NeedsPerson(services.RIGHT, why="A plan works with the rights of the person who saved it.")
router = Router(tags=["file exchange"], auth=MANAGE)

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Title = Annotated[str, StringConstraints(max_length=200)]
RunState = Literal["running", "waiting", "done", "nothing", "failed"]
Direction = Literal["out", "in"]
Every = Literal["hourly", "daily", "weekly"]
Period = Literal["", "last_hour", "yesterday", "last_7_days", "last_month"]

COLUMNS = {
    "name": ("名称", "Name"),
    "direction": ("方向", "Direction"),
    "place": ("位置", "Place"),
    "file_name": ("文件名", "File name"),
    "every": ("频率", "Every"),
    "next_at": ("下次执行", "Next run"),
    "by_name": ("计划人", "Planned by"),
    "is_enabled": ("启用", "Enabled"),
    "stopped_why": ("停止原因", "Stopped because"),
}
RUN_COLUMNS = {
    "started_at": ("开始时间", "Began"),
    "plan_name": ("计划", "Plan"),
    "trigger": ("触发", "Trigger"),
    "state": ("状态", "State"),
    "file_name": ("文件", "File"),
    "rows": ("行数", "Rows"),
    "refused": ("拒绝", "Refused"),
    "problem": ("问题", "Problem"),
    "planner_name": ("计划人", "Planned by"),
    "ordered_by_name": ("执行人", "Ordered by"),
    "ended_at": ("结束时间", "Ended"),
}


class FileColumnOut(Schema):
    code: str
    zh: str
    en: str


class FileSourceOut(Schema):
    list_path: str
    zh: str
    en: str
    has_period: bool
    columns: list[FileColumnOut]


class FileKindOut(Schema):
    code: str
    zh: str
    en: str
    fields: list[FileColumnOut]


class FileSourcesOut(Schema):
    """``has_folder``: the operator allowed a folder; ``folder``: the company's own below it."""

    lists: list[FileSourceOut]
    kinds: list[FileKindOut]
    encodings: list[str]
    has_folder: bool
    folder: str


class FileRunOut(Schema):
    """``facts`` fill the sentence of ``problem``. ``import_id``: where refused rows are seen."""

    id: int
    plan: int
    plan_name: str
    direction: Direction
    trigger: Literal["schedule", "retry", "next_file", "person"]
    state: RunState
    file_name: str
    rows: int
    refused: int
    size_bytes: int
    problem: str
    facts: dict[str, Any]
    planner_name: str
    ordered_by_name: str
    import_id: int | None
    started_at: datetime
    ended_at: datetime | None


class FileRunPage(Page[FileRunOut]):
    pass


class FileRunListIn(ListIn):
    plan: int | None = None
    state: RunState | Literal[""] = ""


class FilePlanFields(Schema):
    name: Name
    direction: Direction
    #: out: a list's address, what follows "?" in it, of which time, which columns (none: all)
    list_path: Annotated[str, StringConstraints(max_length=200)] = ""
    query: Annotated[str, StringConstraints(max_length=4000)] = ""
    period: Period = ""
    columns: list[Annotated[str, StringConstraints(max_length=80)]] = Field(default=[], max_length=200)
    format: FileFormat = "csv"
    #: in: what is imported, and column's title -> field
    kind: Annotated[str, StringConstraints(max_length=30)] = ""
    mapping: dict[Title, Annotated[str, StringConstraints(max_length=60)]] = Field(default={}, max_length=200)
    on_match: Literal["skip", "change"] = "skip"
    on_problems: Literal["import_rest", "refuse_file"] = "import_rest"
    encoding: Literal["", "utf-8", "gb18030", "big5", "utf-16", "windows-1252"] = ""
    separator: Literal["", ",", ";", "\t", "|"] = ""
    place: Literal["folder", "https"]
    folder: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    auth: Literal["none", "basic", "bearer"] = "none"
    username: Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)] = ""
    file_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    has_marker: bool = False
    every: Every
    at: time = time(2)
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    is_enabled: bool = True


class FilePlanOut(FilePlanFields):
    id: int
    next_at: datetime | None
    #: why it does nothing until somebody saves it
    stopped_why: Literal["", "planner_gone", "planner_rights"]
    failures: int
    by_name: str
    has_secret: bool
    created_at: datetime
    last_run: FileRunOut | None


class FilePlanPage(Page[FilePlanOut]):
    pass


class FilePlanIn(FilePlanFields):
    #: never shown again
    secret: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class FilePlanPatchIn(Schema):
    """What is named changes, and the plan works as whoever changes it. A new ``url`` needs its secret again."""

    name: Name | None = None
    list_path: Annotated[str, StringConstraints(max_length=200)] | None = None
    query: Annotated[str, StringConstraints(max_length=4000)] | None = None
    period: Period | None = None
    columns: list[Annotated[str, StringConstraints(max_length=80)]] | None = Field(default=None, max_length=200)
    format: FileFormat | None = None
    kind: Annotated[str, StringConstraints(max_length=30)] | None = None
    mapping: dict[Title, Annotated[str, StringConstraints(max_length=60)]] | None = Field(default=None, max_length=200)
    on_match: Literal["skip", "change"] | None = None
    on_problems: Literal["import_rest", "refuse_file"] | None = None
    encoding: Literal["", "utf-8", "gb18030", "big5", "utf-16", "windows-1252"] | None = None
    separator: Literal["", ",", ";", "\t", "|"] | None = None
    place: Literal["folder", "https"] | None = None
    folder: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None
    auth: Literal["none", "basic", "bearer"] | None = None
    username: Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)] | None = None
    secret: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    file_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] | None = None
    has_marker: bool | None = None
    every: Every | None = None
    at: time | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    is_enabled: bool | None = None


class FilePreviewIn(FilePlanIn):
    #: one that is stored: its secret is used if the address is the same
    plan: int | None = None


class FilePreviewOut(Schema):
    """``fault`` "": the place can be used. ``beyond``: the export would have to be approved (or is refused)."""

    file_name: str
    place: str
    next_at: datetime | None
    rows: int
    beyond: list[Literal["rows_per_export", "rows_per_day"]]
    titles: list[str]
    sample: list[list[str | int | float]]
    files: list[str]
    guess: dict[str, str]
    missing: list[str]
    fault: str
    facts: dict[str, Any]


def _shape_runs(rows: Sequence[FileRun]) -> list[FileRunOut]:
    plain = [name for name in FileRunOut.model_fields if name not in ("plan", "plan_name", "direction", "import_id")]
    return [
        FileRunOut.model_validate(
            {name: getattr(row, name) for name in plain}
            | {"plan": row.plan_id, "plan_name": row.plan.name, "import_id": row.imported_id}
            | {"direction": row.plan.direction}
        )
        for row in rows
    ]


def _shape(rows: Sequence[FilePlan]) -> list[FilePlanOut]:
    if not rows:
        return []
    newest = services.list_runs(tenant=rows[0].tenant).filter(plan__in=rows).order_by("plan_id", "-pk")
    runs = {run.plan: run for run in _shape_runs(list(newest.distinct("plan_id")))}
    plain = [name for name in FilePlanOut.model_fields if name not in ("has_secret", "last_run")]
    return [
        FilePlanOut(
            **{name: getattr(row, name) for name in plain},
            has_secret=bool(row.sealed_secret),
            last_run=runs.get(row.pk),
        )
        for row in rows
    ]


def _columns(columns: dict[str, tuple[str, str]]) -> list[FileColumnOut]:
    return [FileColumnOut(code=code, zh=zh, en=en) for code, (zh, en) in columns.items()]


@router.get("/sources", operation_id="getFileSources", auth=READ, response={200: FileSourcesOut, **problems()})
def get_file_sources(request: TenantRequest) -> Any:
    """What can be planned, for this user."""
    actor = request.actor
    lists = [
        FileSourceOut(
            list_path=each.list_path, zh=each.zh, en=each.en, has_period=each.has_period, columns=_columns(each.columns)
        )
        for each in sources_of(actor)
    ]
    kinds = [
        FileKindOut(
            code=kind.code,
            zh=kind.zh,
            en=kind.en,
            fields=[FileColumnOut.from_orm(field) for field in kind.fields(actor)],
        )
        for kind in kinds_for(actor)
        if not kind.has_secrets
    ]
    return FileSourcesOut(
        lists=lists,
        kinds=kinds,
        encodings=list(ENCODINGS),
        has_folder=bool(settings.EXCHANGE_FOLDER),
        folder=actor.tenant.code,
    )


@router.get("/runs", operation_id="listFileRuns", auth=READ, response={200: FileRunPage, **problems()})
def list_file_runs(request: TenantRequest, listing: Query[FileRunListIn]) -> Any:
    """Each time that a plan was carried out, newest first."""
    rows = services.list_runs(tenant=request.actor.tenant, plan_id=listing.plan, state=listing.state)
    if listing.search:
        rows = rows.filter(file_name__icontains=listing.search)
    sortable = {"id": "pk", **{name: name for name in ("started_at", "state", "file_name", "rows", "ended_at")}}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="-id", shape=_shape_runs, columns=RUN_COLUMNS
    )


@router.post("/preview", operation_id="previewFilePlan", response={200: FilePreviewOut, **problems(400, 404)})
def preview_file_plan(request: TenantRequest, body: FilePreviewIn) -> Any:
    """What the plan would do now; nothing is written, sent or taken."""
    fields = body.dict(exclude={"plan"})
    return previews.preview(actor=request.actor, fields=fields, plan_id=body.plan, now=timezone.now())


@router.get("", operation_id="listFilePlans", auth=READ, response={200: FilePlanPage, **problems()})
def list_file_plans(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """The company's plans, each with its newest run."""
    rows = services.list_plans(tenant=request.actor.tenant, search=listing.search).select_related("tenant")
    names = ("name", "direction", "place", "file_name", "every", "next_at", "by_name", "is_enabled", "created_at")
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in names},
        default_sort="name",
        shape=_shape,
        columns=COLUMNS,
    )


@router.post("", operation_id="createFilePlan", response={201: FilePlanOut, **problems(400, 409)})
def create_file_plan(request: TenantRequest, body: FilePlanIn) -> Any:
    """Plan a file."""
    made = services.create_plan(actor=request.actor, fields=body.dict(), now=timezone.now())
    return Status(201, _shape([made])[0])


@router.get("/{int:plan_id}", operation_id="getFilePlan", auth=READ, response={200: FilePlanOut, **problems(404)})
def get_file_plan(request: TenantRequest, plan_id: int) -> Any:
    """One plan."""
    return _shape([services.get_plan(tenant=request.actor.tenant, plan_id=plan_id)])[0]


@router.patch("/{int:plan_id}", operation_id="updateFilePlan", response={200: FilePlanOut, **problems(400, 404, 409)})
def update_file_plan(request: TenantRequest, plan_id: int, body: FilePlanPatchIn) -> Any:
    """Change what is named; from then on the plan works with the rights of whoever changed it."""
    fields = body.dict(exclude_none=True)
    changed = services.update_plan(actor=request.actor, plan_id=plan_id, fields=fields, now=timezone.now())
    return _shape([changed])[0]


@router.delete("/{int:plan_id}", operation_id="removeFilePlan", response={204: None, **problems(404)})
def remove_file_plan(request: TenantRequest, plan_id: int) -> Any:
    """Remove a plan with its log; files stay where they are."""
    services.remove_plan(actor=request.actor, plan_id=plan_id)
    return Status(204, None)


@router.post("/{int:plan_id}/run", operation_id="runFilePlan", response={200: FileRunOut, **problems(400, 404, 409)})
def run_file_plan(request: TenantRequest, plan_id: int) -> Any:
    """Carry it out now, as its planner."""
    return _shape_runs([services.run_now(actor=request.actor, plan_id=plan_id, now=timezone.now())])[0]
