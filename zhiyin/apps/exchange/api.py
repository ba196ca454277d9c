"""HTTP of imports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import StringConstraints

from zhiyin.apps.exchange import imports, queries, sheets
from zhiyin.apps.exchange.error_files import error_file
from zhiyin.apps.exchange.errors import UnreadableFile
from zhiyin.apps.exchange.kinds import KINDS, kind_for, kinds_for
from zhiyin.apps.exchange.models import Import
from zhiyin.apps.exchange.tables import ENCODINGS, MAX_BYTES, MAX_ROWS
from zhiyin.apps.exchange.words import explain
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

router = Router(tags=["imports"], auth=Needs("customers.import"))

Kind = Annotated[str, StringConstraints(max_length=30, pattern=r"^[a-z_]+$")]
State = Literal[
    "mapping", "checking", "checked", "running", "done", "cancelled", "failed", "undoing", "undone"
]  # fmt: skip
Outcome = Literal["created", "changed", "unchanged", "skipped", "refused"]
COLUMNS = {
    "file_name": ("文件", "File"),
    "kind": ("类型", "Kind"),
    "state": ("状态", "State"),
    "total": ("行数", "Rows"),
    "by_name": ("操作人", "By"),
    "created_at": ("时间", "At"),
}


class ImportFieldOut(Schema):
    code: str
    zh: str
    en: str
    is_required: bool


class ImportKindOut(Schema):
    code: str
    zh: str
    en: str
    fields: list[ImportFieldOut]


class ImportKindsOut(Schema):
    """What may be imported by this user, and the limits of a file."""

    kinds: list[ImportKindOut]
    max_bytes: int
    max_rows: int
    encodings: list[str]


class ImportOut(Schema):
    """``counts``: outcome -> rows, of the dry run, then of the run, and after undoing ``undone`` and ``kept``."""

    id: int
    kind: str
    file_name: str
    format: Literal["csv", "xlsx"]
    encoding: str
    separator: str
    titles: list[str]
    sample: list[list[str]]
    mapping: dict[str, str]
    on_match: Literal["skip", "change"]
    state: State
    total: int
    finished: int
    counts: dict[str, int]
    problem: str
    by_name: str
    created_at: datetime
    ended_at: datetime | None
    #: first passwords that wait to be handed over
    secrets: int = 0


class ImportPage(Page[ImportOut]):
    pass


class ImportListIn(ListIn):
    kind: Kind | Literal[""] = ""
    state: State | Literal[""] = ""


class ImportPatchIn(Schema):
    """``encoding`` and ``separator`` read the file anew; the mapping is then guessed anew unless given."""

    encoding: Annotated[str, StringConstraints(max_length=20)] = ""
    separator: Literal["", ",", ";", "\t", "|"] = ""
    mapping: dict[Annotated[str, StringConstraints(max_length=4)], Annotated[str, StringConstraints(max_length=60)]] | (
        None
    ) = Field(default=None, max_length=200)
    on_match: Literal["skip", "change"] | None = None


class ImportRowOut(Schema):
    """``explained``: what is wrong, in the user's language."""

    number: int
    cells: list[str]
    outcome: Outcome | Literal[""]
    state: Literal["waiting", "checked", "done", "undone", "kept"]
    problems: dict[str, str]
    explained: str
    subject_id: int | None
    subject_name: str


class ImportRowPage(Page[ImportRowOut]):
    pass


class ImportRowsIn(Schema):
    outcome: Outcome | Literal[""] = ""
    state: Literal["", "kept"] = ""
    page: int = Field(default=1, ge=1, le=10_000)
    page_size: int = Field(default=10, ge=1, le=100)


class TemplateIn(Schema):
    kind: Kind
    format: Literal["csv", "xlsx"] = "xlsx"


def _shape(rows: Sequence[Import]) -> list[ImportOut]:
    return [ImportOut.from_orm(row) for row in rows]


def _shape_one(found: Import) -> ImportOut:
    shaped = ImportOut.from_orm(found)
    shaped.secrets = imports.count_secrets(found)
    return shaped


@router.get("/kinds", operation_id="getImportKinds", response={200: ImportKindsOut, **problems()})
def get_import_kinds(request: TenantRequest) -> Any:
    """What can be imported, with its fields."""
    actor = request.actor
    kinds = [
        ImportKindOut(
            code=kind.code,
            zh=kind.zh,
            en=kind.en,
            fields=[ImportFieldOut.from_orm(field) for field in kind.fields(actor)],
        )
        for kind in kinds_for(actor)
    ]
    return ImportKindsOut(kinds=kinds, max_bytes=MAX_BYTES, max_rows=MAX_ROWS, encodings=list(ENCODINGS))


@router.get("/template", operation_id="getImportTemplate", response={200: None, **problems(404)})
def get_import_template(request: TenantRequest, asked: Query[TemplateIn]) -> Any:
    """An empty table with the titles and one example row."""
    kind = kind_for(request.actor, asked.kind)
    at = 0 if request.actor.language.startswith("zh") else 1
    fields = kind.fields(request.actor)
    rows = [[(field.zh, field.en)[at] for field in fields], [field.example[at] for field in fields]]
    zone = ZoneInfo(request.actor.tenant.time_zone)
    if asked.format == "csv":
        return sheets.file_answer(sheets.to_csv(rows, zone), name=f"{kind.code}.csv", content_type=sheets.CSV_TYPE)
    return sheets.file_answer(sheets.to_xlsx(rows, zone), name=f"{kind.code}.xlsx", content_type=sheets.XLSX_TYPE)


@router.get("", operation_id="listImports", response={200: ImportPage, **problems()})
def list_imports(request: TenantRequest, listing: Query[ImportListIn]) -> Any:
    """One's own imports, for administrators everybody's."""
    rows = imports.list_imports(actor=request.actor)
    if listing.search:
        rows = rows.filter(file_name__icontains=listing.search)
    if listing.kind:
        rows = rows.filter(kind=listing.kind)
    if listing.state:
        rows = rows.filter(state=listing.state)
    sortable = {name: name for name in ("created_at", "file_name", "kind", "state", "total", "by_name")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="-created_at", shape=_shape, columns=COLUMNS
    )


@router.post("", operation_id="uploadImport", response={201: ImportOut, **problems(400, 404, 413)})
def upload_import(request: TenantRequest, kind: Form[Kind], file: File[UploadedFile]) -> Any:
    """Send a file in; nothing is imported yet."""
    if file.size is None or file.size > MAX_BYTES:
        limit_mb = MAX_BYTES // 1024 // 1024
        raise UnreadableFile("file_too_large", f"The file is larger than {limit_mb} MB.", limit_mb=limit_mb)
    made = imports.upload(actor=request.actor, kind_code=kind, name=file.name or "", content=file.read())
    return Status(201, _shape_one(made))


@router.get("/{int:import_id}", operation_id="getImport", response={200: ImportOut, **problems(404)})
def get_import(request: TenantRequest, import_id: int) -> Any:
    """One import and how far it is."""
    return _shape_one(imports.get_import(actor=request.actor, import_id=import_id))


@router.patch("/{int:import_id}", operation_id="updateImport", response={200: ImportOut, **problems(400, 404, 409)})
def update_import(request: TenantRequest, import_id: int, body: ImportPatchIn) -> Any:
    """Say how the file is read, which column is which field, and what becomes of rows that are known."""
    actor = request.actor
    found = imports.get_import(actor=actor, import_id=import_id)
    if body.encoding or body.separator:
        found = imports.change_form(actor=actor, import_id=import_id, encoding=body.encoding, separator=body.separator)
    if body.mapping is not None or body.on_match is not None:
        found = imports.assign(actor=actor, import_id=import_id, mapping=body.mapping, on_match=body.on_match)
    return _shape_one(found)


@router.post("/{int:import_id}/check", operation_id="checkImport", response={200: ImportOut, **problems(400, 404, 409)})
def check_import(request: TenantRequest, import_id: int) -> Any:
    """Order the dry run."""
    return _shape_one(imports.start_check(actor=request.actor, import_id=import_id))


@router.post("/{int:import_id}/run", operation_id="runImport", response={200: ImportOut, **problems(404, 409)})
def run_import(request: TenantRequest, import_id: int) -> Any:
    """Order the run, once the dry run is through."""
    return _shape_one(imports.start_run(actor=request.actor, import_id=import_id))


@router.post("/{int:import_id}/cancel", operation_id="cancelImport", response={200: ImportOut, **problems(404, 409)})
def cancel_import(request: TenantRequest, import_id: int) -> Any:
    """Stop after the rows at hand."""
    return _shape_one(imports.cancel(actor=request.actor, import_id=import_id))


@router.post("/{int:import_id}/undo", operation_id="undoImport", response={200: ImportOut, **problems(404, 409)})
def undo_import(request: TenantRequest, import_id: int) -> Any:
    """Order that what the import did is taken back."""
    return _shape_one(imports.start_undo(actor=request.actor, import_id=import_id))


@router.get("/{int:import_id}/rows", operation_id="getImportRows", response={200: ImportRowPage, **problems(404)})
def get_import_rows(request: TenantRequest, import_id: int, asked: Query[ImportRowsIn]) -> Any:
    """The rows of one outcome, in the order of the file."""
    actor = request.actor
    found = imports.get_import(actor=actor, import_id=import_id)
    rows = queries.rows_of(found, outcome=asked.outcome, state=asked.state)
    fields = KINDS[found.kind].fields(actor)
    start = (asked.page - 1) * asked.page_size
    names = [name for name in ImportRowOut.model_fields if name != "explained"]
    items = [
        ImportRowOut(
            **{name: getattr(row, name) for name in names},
            explained=explain(row.problems, fields, language=actor.language),
        )
        for row in rows[start : start + asked.page_size]
    ]
    return {"items": items, "total": rows.count()}


@router.get("/{int:import_id}/errors", operation_id="getImportErrors", response={200: None, **problems(404)})
def get_import_errors(request: TenantRequest, import_id: int) -> Any:
    """The refused rows as they were sent, with a column that says what is wrong, as CSV."""
    actor = request.actor
    found = imports.get_import(actor=actor, import_id=import_id)
    content = error_file(actor=actor, found=found)
    return sheets.file_answer(content, name=f"import-{found.pk}-errors.csv", content_type=sheets.CSV_TYPE)


@router.post(
    "/{int:import_id}/passwords", operation_id="tellImportPasswords", response={200: None, **problems(404, 409)}
)
def tell_import_passwords(request: TenantRequest, import_id: int) -> Any:
    """The first passwords of the users whom the import made, as CSV, once."""
    actor = request.actor
    told = imports.hand_over_secrets(actor=actor, import_id=import_id)
    titles = ("用户名", "姓名", "初始密码") if actor.language.startswith("zh") else ("User name", "Name", "Password")
    rows = [[(row.after or {}).get("username", ""), row.subject_name, secret] for row, secret in told]
    content = sheets.to_csv([titles, *rows], ZoneInfo(actor.tenant.time_zone))
    return sheets.file_answer(content, name=f"import-{import_id}-passwords.csv", content_type=sheets.CSV_TYPE)
