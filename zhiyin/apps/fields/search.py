"""Finding records by their custom fields, through the index of ``FieldKey``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from zhiyin.apps.fields.models import FieldKey
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.domain.fields.cleaning import BadValue, clean_value
from zhiyin.domain.fields.definitions import CHOOSING, ORDERED, Definition, Kind
from zhiyin.domain.fields.keys import MAX_KEY, MAX_WHOLE, fold, order_of

M = TypeVar("M", bound=Model)

PREFIX = "custom."
#: instead of a value: records in which the field is empty, or is not
EMPTY, FILLED = "__empty", "__filled"
_SPAN = ".."


class BadFilter(Invalid):
    """A list was asked to be filtered by what it cannot."""

    code = "bad_filter"
    title = "Lists are filtered by searchable fields only, each by a value of its kind."

    def __init__(self, code: str) -> None:
        super().__init__(fields={f"{PREFIX}{code}": "bad_filter"})


def conditions_of(address: Mapping[str, str]) -> dict[str, str]:
    """Return what an address asks of custom fields: ``?custom.grade=gold,silver`` -> {"grade": "gold,silver"}."""
    return {name.removeprefix(PREFIX): value for name, value in address.items() if name.startswith(PREFIX) and value}


def filtered(
    rows: QuerySet[M], *, actor: Actor, fields: Iterable[Definition], conditions: Mapping[str, str]
) -> QuerySet[M]:
    """Return the rows whose values fit every condition. Raises ``BadFilter``.

    Options, yes or no and users: any of several with commas between. Numbers, money, dates and instants: one value,
    or ``from..to`` with either side open (``to`` included). Texts: one of their words begins like this.
    """
    by_code = {field.code: field for field in fields if field.is_searchable}
    for code, wanted in conditions.items():
        field = by_code.get(code)
        if field is None:
            raise BadFilter(code)
        keys = FieldKey.objects.of(actor.tenant).filter(field_id=field.id)
        if wanted == EMPTY:
            rows = rows.exclude(pk__in=keys.values("record_id"))
            continue
        fits = Q() if wanted == FILLED else _fitting(actor, field, wanted)
        rows = rows.filter(pk__in=keys.filter(fits).values("record_id"))
    return rows


def matching_records(*, actor: Actor, fields: Iterable[Definition], text: str) -> QuerySet[Any, int] | None:
    """Return the ids of records whose searchable values fit what was typed into a list's search; ``None``: no field is.

    To be joined to a list's own finding with UNION: OR of two subqueries would read every row.
    """
    wanted = fold(text)
    fits = Q()
    for field in fields:
        if not field.is_searchable or not wanted:
            continue
        if field.kind in CHOOSING:
            codes = [one.code for one in field.options if fold(one.name) == wanted or fold(one.name_en) == wanted]
            if codes:
                fits |= Q(field_id=field.id, text__in=codes)
        elif field.kind in (Kind.TEXT, Kind.EMAIL, Kind.LINK, Kind.TELEPHONE):
            fits |= Q(field_id=field.id) & _beginning(actor, field, text)
    if not fits:
        return None
    return FieldKey.objects.of(actor.tenant).filter(fits).values_list("record_id", flat=True)


def _fitting(actor: Actor, field: Definition, wanted: str) -> Q:
    if field.kind in ORDERED:
        return _between(field, wanted)
    if field.kind in CHOOSING or field.kind in (Kind.YES_NO, Kind.USER):
        return Q(text__in=[part.strip() for part in wanted.split(",") if part.strip()])
    return _beginning(actor, field, wanted)


def _between(field: Definition, wanted: str) -> Q:
    first, is_span, last = wanted.partition(_SPAN)
    low, high = (_order(field, part) for part in (first, last if is_span else first))
    fits = Q(number__isnull=False)
    if low is not None:
        fits &= Q(number__gte=low)
    if high is not None:
        fits &= Q(number__lte=high)
    return fits


def _order(field: Definition, text: str) -> float | None:
    """The place of what somebody typed; rules of the field (least, most, decimals) do not bind a filter."""
    plain = Definition(code=field.code, kind=field.kind, name=field.name)
    kind = Kind.NUMBER if field.kind is Kind.MONEY else field.kind
    if kind is Kind.NUMBER:
        try:
            return float(text) if text.strip() else None
        except ValueError:
            raise BadFilter(field.code) from None
    try:
        value = clean_value(plain, text, normalise=lambda _text: None)
    except BadValue:
        raise BadFilter(field.code) from None
    return None if value is None else order_of(kind, value)


def _beginning(actor: Actor, field: Definition, text: str) -> Q:
    """A key that begins so, written as a range: the one form of it that an index serves behind row-level security."""
    wanted = fold(text)
    if field.kind is Kind.TELEPHONE:
        wanted = "".join(sign for sign in wanted if sign.isdigit() or sign == "+")
        if not actor.sees_numbers:
            # whoever sees numbers masked shall not spell out the hidden middle by searching
            return Q(text__in=[wanted, f"+86{wanted}"], is_whole=True)
    wanted = wanted[: MAX_WHOLE if len(wanted) > MAX_KEY else MAX_KEY]
    if not wanted:
        return Q(pk__in=())
    return Q(text__gte=wanted, text__lt=_after(wanted))


def _after(text: str) -> str:
    """Return the first text, by code points, that does not begin with ``text``."""
    last = ord(text[-1]) + 1
    if 0xD800 <= last <= 0xDFFF:
        last = 0xE000
    return text[:-1] + chr(last) if last <= 0x10FFFF else text + chr(0x10FFFF)
