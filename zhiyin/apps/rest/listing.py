"""Answering a list: sorted, one page of it, or all that is filtered as CSV or XLSX."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, Model, OrderBy, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Schema

from zhiyin.apps.refusals import Invalid
from zhiyin.apps.rest.access import TenantRequest
from zhiyin.apps.rest.schemas import ListIn
from zhiyin.apps.rest.sheets import CSV_TYPE, XLSX_TYPE, file_answer, to_csv, to_xlsx

M = TypeVar("M", bound=Model)
MAX_FILE_ROWS = 50_000
_BATCH = 1_000

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
    """Return one page (or the file) of ``rows``. ``sortable`` maps names of the address to fields of the model.

    ``shape`` gets all rows of the page at once, so that what belongs to them is read in one statement each.
    Raises ``Invalid`` ("unknown_sort").
    """
    ordered = rows.order_by(*_order(listing.sort or default_sort, sortable))
    if listing.format != "json":
        return file_of_list(request, ordered, shape, columns, listing.format)
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


def file_of_list(
    request: TenantRequest,
    rows: QuerySet[M],
    shape: Callable[[Sequence[M]], Sequence[Schema]],
    columns: Columns,
    form: str,
) -> HttpResponse:
    """Return all that is filtered as CSV or XLSX, with the titles in the reader's language.

    Rows are shaped in batches, so that a long list needs no more memory than its file. What is beyond
    ``MAX_FILE_ROWS`` is left off, and the last row says so.
    """
    actor = request.actor
    language = 0 if actor.language.startswith("zh") else 1
    zone = ZoneInfo(actor.tenant.time_zone)
    table: Iterator[Sequence[object]] = chain(
        [[titles[language] for titles in columns.values()]],
        ([_dig(item, path) for path in columns] for item in _shaped_in_batches(rows, shape)),
        _left_off(rows, language),
    )
    stamp = timezone.now().astimezone(zone).strftime("%Y%m%d-%H%M%S")
    if form == "xlsx":
        return file_answer(to_xlsx(table, zone), name=f"zhiyin-{stamp}.xlsx", content_type=XLSX_TYPE)
    return file_answer(to_csv(table, zone), name=f"zhiyin-{stamp}.csv", content_type=CSV_TYPE)


def _shaped_in_batches(rows: QuerySet[M], shape: Callable[[Sequence[M]], Sequence[Schema]]) -> Iterator[Schema]:
    found = rows[:MAX_FILE_ROWS].iterator(chunk_size=_BATCH)
    while batch := list(islice(found, _BATCH)):
        yield from shape(batch)


def _left_off(rows: QuerySet[M], language: int) -> Iterator[list[object]]:
    """Look once more only where the file is full."""
    if rows[MAX_FILE_ROWS : MAX_FILE_ROWS + 1].exists():
        words = ("仅导出前 {most} 行，请缩小筛选范围", "Only the first {most} rows. Filter the list to see the others.")
        yield [words[language].format(most=MAX_FILE_ROWS)]


def _dig(item: object, path: str) -> object:
    value: object = item
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return value
