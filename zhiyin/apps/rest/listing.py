"""Answering a list: sorted, one page of it, or all that is filtered as CSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, Model, OrderBy, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Schema

from zhiyin.apps.refusals import Invalid
from zhiyin.apps.rest.access import TenantRequest
from zhiyin.apps.rest.schemas import ListIn

M = TypeVar("M", bound=Model)
MAX_CSV_ROWS = 50_000
#: a spreadsheet would run a cell that begins with one of these
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

#: field of the answer -> column title (Chinese, English)
Columns = Mapping[str, tuple[str, str]]


def answer_list(
    request: TenantRequest,
    rows: QuerySet[M],
    listing: ListIn,
    *,
    sortable: Mapping[str, str],
    default_sort: str,
    shape: Callable[[Sequence[M]], Sequence[Schema]],
    columns: Columns,
) -> dict[str, Any] | HttpResponse:
    """Return one page (or the CSV) of ``rows``. ``sortable`` maps names of the address to fields of the model.

    ``shape`` gets all rows of the page at once, so that what belongs to them is read in one statement each.
    Raises ``Invalid`` ("unknown_sort").
    """
    ordered = rows.order_by(*_order(listing.sort or default_sort, sortable))
    if listing.format == "csv":
        return csv_answer(request, shape(list(ordered[:MAX_CSV_ROWS])), columns)
    start = (listing.page - 1) * listing.page_size
    return {"items": shape(list(ordered[start : start + listing.page_size])), "total": rows.count()}


def _order(sort: str, sortable: Mapping[str, str]) -> tuple[OrderBy, OrderBy]:
    name = sort.removeprefix("-")
    field = sortable.get(name)
    if field is None:
        raise Invalid(
            "unknown_sort", title=f"Lists can be sorted by: {', '.join(sortable)}.", fields={"sort": "unknown_sort"}
        )
    is_descending = sort.startswith("-")
    return (
        OrderBy(F(field), descending=is_descending, nulls_last=True if is_descending else None),
        OrderBy(F("pk"), descending=is_descending),
    )


def csv_answer(request: TenantRequest, items: Sequence[Schema], columns: Columns) -> HttpResponse:
    """Return the rows as CSV in UTF-8 with a byte order mark, so that every spreadsheet reads the Chinese."""
    actor = request.actor
    language = 0 if actor.language.startswith("zh") else 1
    zone = ZoneInfo(actor.tenant.time_zone)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([titles[language] for titles in columns.values()])
    for item in items:
        writer.writerow([csv_cell(_dig(item, path), zone) for path in columns])
    stamp = timezone.now().astimezone(zone).strftime("%Y%m%d-%H%M%S")
    return HttpResponse(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="zhiyin-{stamp}.csv"'},
    )


def _dig(item: object, path: str) -> object:
    value: object = item
    for name in path.split("."):
        value = getattr(value, name, None)
    return value


def csv_cell(value: object, zone: ZoneInfo) -> str | int | float:
    """Return a value as a spreadsheet shall read it; text that would be run as a formula is quoted (')."""
    if isinstance(value, int | float):
        return int(value) if isinstance(value, bool) else value
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    text = " ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
