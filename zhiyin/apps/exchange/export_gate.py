"""The one door through which a list leaves at once as a file (``settings.EXPORT_GATE``)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone

from zhiyin.apps.audit import services as audit
from zhiyin.apps.exchange.errors import TooManyRows
from zhiyin.apps.exchange.export_limits import limits_passed, policy_of
from zhiyin.apps.exchange.models import Export
from zhiyin.apps.exchange.replay import plain_filters
from zhiyin.apps.refusals import NotAllowed
from zhiyin.apps.rest.access import TenantRequest, WorkRequest
from zhiyin.apps.rest.cells import csv_cell
from zhiyin.apps.rest.listing import Listed
from zhiyin.apps.rest.sheets import CSV_START, CSV_TYPE, XLSX_TYPE, csv_lines, file_answer, write_xlsx
from zhiyin.apps.tenancy.actors import Actor

T = TypeVar("T")
BATCH = 1_000
CONTENT_TYPES = {"csv": CSV_TYPE, "csv-gbk": "text/csv; charset=gb18030", "xlsx": XLSX_TYPE}

Cells = Sequence[str | int | float]


def answer(request: TenantRequest, listed: Listed[Any], form: str) -> HttpResponse:
    """Return the file of a short list; of a long one raise ``TooManyRows``. Whoever works for a user takes the list."""
    if isinstance(request, WorkRequest):
        request.take(listed)
        return HttpResponse(status=204)
    actor, now = request.actor, timezone.now()
    if not actor.may(listed.right):
        raise NotAllowed(facts={"right": listed.right})
    policy = policy_of(tenant=actor.tenant)
    rows = listed.rows.first(policy.rows_at_once + 1)
    if len(rows) > policy.rows_at_once or limits_passed(policy, actor=actor, rows=len(rows), now=now):
        raise TooManyRows(facts={"rows_at_once": policy.rows_at_once})
    mark = Watermark(actor=actor, kind=policy.watermark, at=now.astimezone(ZoneInfo(actor.tenant.time_zone)))
    lines = chain.from_iterable(cells_of(listed, batch, actor=actor, mark=mark) for batch in batches(rows))
    content = whole_file(chain([mark.titles(listed.titles(actor.language))], lines, mark.last_lines()), form)
    made = Export.objects.of(actor.tenant).create(
        list_path=request.path,
        filters=plain_filters(request.GET.dict()),
        format=form,
        language=actor.language[:2],
        columns=list(listed.columns),
        state=Export.State.SENT,
        total=len(rows),
        finished=len(rows),
        by_id=actor.user_id,
        by_name=actor.name,
        created_at=now,
        moved_at=now,
        ended_at=now,
        downloads=1,
    )
    write_down(actor, made, "export.sent")
    return file_answer(content, name=file_name(made), content_type=CONTENT_TYPES[form])


def write_down(actor: Actor, made: Export, action: str, **more: object) -> None:
    """Audit an export: what list, narrowed how, how many rows of which columns. Names nobody of the list."""
    audit.record(
        actor=actor,
        action=action,
        kind="export",
        subject=made.pk,
        name=made.list_path,
        after={
            "list": made.list_path,
            "filters": made.filters,
            "format": made.format,
            "rows": made.total,
            "columns": made.columns,
            **more,
        },
    )


class Watermark:
    """Who exported a file and when, as its last line or as a column of each row."""

    def __init__(self, *, actor: Actor, kind: str, at: Any) -> None:
        is_chinese = actor.language.startswith("zh")
        self._kind = kind
        self._title = "导出人" if is_chinese else "Exported by"
        moment = at.strftime("%Y-%m-%d %H:%M")
        self._words = f"由 {actor.name} 于 {moment} 导出" if is_chinese else f"Exported by {actor.name}, {moment}"

    def titles(self, titles: Sequence[str]) -> list[str | int | float]:
        return [*titles, self._title] if self._kind == "column" else [*titles]

    def marked(self, cells: list[str | int | float]) -> list[str | int | float]:
        return [*cells, self._words] if self._kind == "column" else cells

    def last_lines(self) -> list[list[str | int | float]]:
        return [[self._words]] if self._kind == "line" else []


def cells_of(listed: Listed[Any], rows: Sequence[Any], *, actor: Actor, mark: Watermark) -> Iterator[Cells]:
    """Yield rows as cells that no spreadsheet runs."""
    zone = ZoneInfo(actor.tenant.time_zone)
    for line in listed.lines(rows):
        yield mark.marked([csv_cell(value, zone) for value in line])


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def whole_file(rows: Iterator[Cells], form: str) -> bytes:
    if form == "xlsx":
        content = io.BytesIO()
        write_xlsx(rows, content)
        return content.getvalue()
    return CSV_START[form] + csv_lines(rows, form)


def file_name(made: Export) -> str:
    """Return what the browser saves the file as: the list and the moment in the company's time."""
    at = made.created_at.astimezone(ZoneInfo(made.tenant.time_zone)).strftime("%Y%m%d-%H%M%S")
    noun = made.list_path.removeprefix("/api/").replace("/", "-")
    return f"zhiyin-{noun}-{at}.{'xlsx' if made.format == 'xlsx' else 'csv'}"
