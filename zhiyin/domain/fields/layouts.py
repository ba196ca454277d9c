"""Where fields stand on a form: sections, columns, order, and when a field is shown. Pure.

A layout names fields by code; those of the company's own begin with ``custom.``. What a layout leaves out is not on
the form, but keeps its values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_SECTIONS = 20
MAX_PLACES = 200
MAX_CONDITION_VALUES = 50


class Comparison(StrEnum):
    """How a condition looks at the other field's value."""

    IS_ANY_OF = "is_any_of"
    IS_NONE_OF = "is_none_of"
    IS_FILLED = "is_filled"
    IS_EMPTY = "is_empty"


@dataclass(frozen=True, slots=True)
class Condition:
    """Shown only when another field's value passes. ``values`` are compared as text; yes is "true"."""

    field: str
    comparison: Comparison
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One field on the form."""

    field: str
    is_wide: bool = False
    is_read_only: bool = False
    show_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    name_en: str
    columns: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    sections: tuple[Section, ...]

    def places(self) -> Iterator[Place]:
        for section in self.sections:
            yield from section.places


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a layout, and at which field."""

    code: str
    field: str


def find_faults(layout: Layout, *, known: Collection[str], required: Collection[str]) -> list[Fault]:
    """Return everything that keeps a layout from being used.

    A required field that is always hidden could never be filled: it must stand on the form, to be written, and under
    no condition that could never come true.
    """
    faults: list[Fault] = []
    seen: dict[str, Place] = {}
    for place in layout.places():
        if place.field not in known:
            faults.append(Fault("unknown_field", place.field))
        elif place.field in seen:
            faults.append(Fault("field_twice", place.field))
        seen.setdefault(place.field, place)
    for place in seen.values():
        faults.extend(_condition_faults(place, seen))
    for field in required:
        if field not in seen:
            faults.append(Fault("required_missing", field))
        elif seen[field].is_read_only:
            faults.append(Fault("required_read_only", field))
    return faults


def _condition_faults(place: Place, seen: Mapping[str, Place]) -> Iterator[Fault]:
    condition = place.show_when
    if condition is None:
        return
    if condition.field not in seen:
        yield Fault("condition_off_form", place.field)
    if condition.comparison in (Comparison.IS_ANY_OF, Comparison.IS_NONE_OF) and not condition.values:
        yield Fault("condition_empty", place.field)
    passed = {place.field}
    at: Place | None = seen.get(condition.field)
    while at is not None:
        if at.field in passed:
            if at.field == place.field:
                yield Fault("condition_loop", place.field)
            return
        passed.add(at.field)
        at = seen.get(at.show_when.field) if at.show_when else None


def shown_fields(layout: Layout, values: Mapping[str, object]) -> frozenset[str]:
    """Return which fields stand on the form for these values. What depends on a hidden field is hidden with it."""
    places = {place.field: place for place in layout.places()}
    known: dict[str, bool] = {}

    def is_shown(field: str) -> bool:
        place = places.get(field)
        if place is None:
            return False
        if field not in known:
            known[field] = False  # a loop hides itself
            condition = place.show_when
            known[field] = condition is None or (is_shown(condition.field) and passes(condition, values))
        return known[field]

    return frozenset(field for field in places if is_shown(field))


def passes(condition: Condition, values: Mapping[str, object]) -> bool:
    given = words_of(values.get(condition.field))
    if condition.comparison is Comparison.IS_FILLED:
        return bool(given)
    if condition.comparison is Comparison.IS_EMPTY:
        return not given
    is_any = not given.isdisjoint(condition.values)
    return is_any if condition.comparison is Comparison.IS_ANY_OF else not is_any


def words_of(value: object) -> frozenset[str]:
    """Return a value as the texts that conditions compare; empty for nothing."""
    if value is None or value == "":
        return frozenset()
    if isinstance(value, bool):
        return frozenset({"true" if value else "false"})
    if isinstance(value, list | tuple | set | frozenset):
        return frozenset(str(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return frozenset({str(int(value))})
    return frozenset({str(value)})
