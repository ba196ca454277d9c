"""Answering a list: sorted, one page of it, or all that is filtered as CSV or XLSX."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.conf import settings
from django.db.models import F, Model, OrderBy, QuerySet
from django.http import HttpResponse
from django.utils.module_loading import import_string
from ninja import Schema

from zhiyin.apps.refusals import Invalid
from zhiyin.apps.rest.access import TenantRequest
from zhiyin.apps.rest.schemas import ListIn

M = TypeVar("M", bound=Model)
T = TypeVar("T")

#: field of the answer -> column title (Chinese, English)
Columns = Mapping[str, tuple[str, str]]
#: so far a list is counted: this total stands for as many or more
COUNTED_UP_TO = 10_000
#: function (request, list, format) -> the file, or a refusal
Gate = Callable[[TenantRequest, "Listed[Any]", str], HttpResponse]


def answer_list(
    request: TenantRequest,
    rows: QuerySet[M],
    listing: ListIn,
    *,
    sortable: Mapping[str, str],
    default_sort: str,
    shape: Callable[[Sequence[M]], Sequence[Schema]],
    columns: Columns,
    export_right: str = "lists.export",
) -> dict[str, Any] | HttpResponse:
    """Return one page (or the file) of ``rows``. ``sortable`` maps names of the address to fields of the model.

    ``shape`` gets all rows of the page at once, so that what belongs to them is read in one statement each.
    A file is made by ``settings.EXPORT_GATE``, which knows limits and writes down who took what.
    Raises ``Invalid`` ("unknown_sort").
    """
    ordered = rows.order_by(*_order(rows.model, listing.sort or default_sort, sortable))
    if listing.format != "json":
        gate: Gate = import_string(settings.EXPORT_GATE)
        return gate(request, Listed(StoredRows(ordered), shape, columns, export_right), listing.format)
    start = (listing.page - 1) * listing.page_size
    page = list(ordered[start : start + listing.page_size])
    return {"items": shape(page), "total": _total(rows, start, len(page), listing.page_size)}


def _total(rows: QuerySet[M], start: int, shown: int, page_size: int) -> int:
    """Return how many there are, as far as anybody wants to know: to count two million costs a second."""
    if shown < page_size and (shown or not start):
        return start + shown
    return rows.order_by().values("pk")[:COUNTED_UP_TO].count()


def _order(model: type[Model], sort: str, sortable: Mapping[str, str]) -> tuple[OrderBy, OrderBy]:
    name = sort.removeprefix("-")
    field = sortable.get(name)
    if field is None:
        raise _unknown_sort(sortable)
    is_descending = sort.startswith("-")
    return (
        OrderBy(F(field), descending=is_descending, nulls_last=(is_descending and _may_be_null(model, field)) or None),
        OrderBy(F("pk"), descending=is_descending),
    )


def _unknown_sort(sortable: Mapping[str, object]) -> Invalid:
    names = ", ".join(sortable)
    return Invalid("unknown_sort", title=f"Lists can be sorted by: {names}.", fields={"sort": "unknown_sort"})


def _may_be_null(model: type[Model], path: str) -> bool:
    """Whether the order must say where nothing stands. It is not said without need: no index has that order."""
    field = next((field for field in model._meta.concrete_fields if path in (field.name, field.attname)), None)
    return field is None or field.null


def answer_entries(
    request: TenantRequest,
    entries: Sequence[T],
    listing: ListIn,
    *,
    key: Callable[[T], str],
    sortable: Mapping[str, Callable[[T], Any]],
    default_sort: str,
    shape: Callable[[Sequence[T]], Sequence[Schema]],
    columns: Columns,
    export_right: str = "lists.export",
) -> dict[str, Any] | HttpResponse:
    """The same of what stands in no table of its own and is small enough to be read whole; ``key`` names an entry.

    Raises ``Invalid`` ("unknown_sort").
    """
    sort = listing.sort or default_sort
    rank = sortable.get(sort.removeprefix("-"))
    if rank is None:
        raise _unknown_sort(sortable)
    ordered = sorted(sorted(entries, key=key), key=rank, reverse=sort.startswith("-"))
    if listing.format != "json":
        gate: Gate = import_string(settings.EXPORT_GATE)
        return gate(request, Listed(ReadRows(ordered, key), shape, columns, export_right), listing.format)
    start = (listing.page - 1) * listing.page_size
    return {"items": shape(ordered[start : start + listing.page_size]), "total": len(ordered)}


class Rows(Protocol[T]):
    """What is listed, in its order, as an export takes it: a piece at a time, found again by its keys."""

    def count(self) -> int: ...

    def first(self, most: int) -> list[T]: ...

    def keys(self, most: int) -> Iterable[int | str]: ...

    def of(self, keys: Sequence[int | str]) -> list[T]:
        """Return those that are still there, in the order of ``keys``."""
        ...


@dataclass(frozen=True, slots=True)
class StoredRows(Generic[M]):
    """Rows of a table."""

    rows: QuerySet[M]

    def count(self) -> int:
        return self.rows.count()

    def first(self, most: int) -> list[M]:
        return list(self.rows[:most])

    def keys(self, most: int) -> Iterator[int | str]:
        for key in self.rows.values_list("pk", flat=True)[:most].iterator(chunk_size=1_000):
            yield key if isinstance(key, int) else str(key)

    def of(self, keys: Sequence[int | str]) -> list[M]:
        wanted = [self.rows.model._meta.pk.to_python(key) for key in keys]
        place = {key: at for at, key in enumerate(wanted)}
        return sorted(self.rows.filter(pk__in=wanted), key=lambda row: place[row.pk])


@dataclass(frozen=True, slots=True)
class ReadRows(Generic[T]):
    """Entries that were read whole."""

    entries: Sequence[T]
    key: Callable[[T], str]

    def count(self) -> int:
        return len(self.entries)

    def first(self, most: int) -> list[T]:
        return list(self.entries[:most])

    def keys(self, most: int) -> Iterator[int | str]:
        return map(self.key, self.entries[:most])

    def of(self, keys: Sequence[int | str]) -> list[T]:
        found = {self.key(entry): entry for entry in self.entries}
        return [found[str(key)] for key in keys if str(key) in found]


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """All that is filtered, in its order: what an export is made of. ``right``: whoever takes it away needs it."""

    rows: Rows[T]
    shape: Callable[[Sequence[T]], Sequence[Schema]]
    columns: Columns
    right: str

    def titles(self, language: str) -> list[str]:
        at = 0 if language.startswith("zh") else 1
        return [titles[at] for titles in self.columns.values()]

    def lines(self, rows: Sequence[T]) -> Iterator[list[object]]:
        """Yield the cells of these rows."""
        for item in self.shape(rows):
            yield [_dig(item, path) for path in self.columns]


def _dig(item: object, path: str) -> object:
    value: object = item
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return value
