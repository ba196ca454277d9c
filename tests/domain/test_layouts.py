"""Layouts: what is wrong with one is told, and what depends on something hidden is hidden with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.fields.layouts import (
    Comparison,
    Condition,
    Layout,
    Place,
    Section,
    find_faults,
    passes,
    shown_fields,
)

FIELDS = ["a", "b", "c", "d"]


def layout(*places: Place) -> Layout:
    return Layout((Section("资料", "Profile", 2, places),))


def when(field: str, comparison: Comparison = Comparison.IS_ANY_OF, *values: str) -> Condition:
    return Condition(field, comparison, values)


places = st.builds(
    Place,
    field=st.sampled_from(FIELDS),
    show_when=st.none() | st.builds(when, st.sampled_from(FIELDS), st.sampled_from(Comparison), st.just("x")),
)
values = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["x", "y", "", None, True, ["x", "y"]]))


@given(st.lists(places, max_size=8), values)
def test_what_depends_on_a_hidden_field_is_hidden(made: list[Place], given_values: dict[str, object]) -> None:
    shown = shown_fields(layout(*made), given_values)
    last = {place.field: place for place in made}
    for field in shown:
        condition = last[field].show_when
        assert condition is None or (condition.field in shown and passes(condition, given_values))


@given(st.lists(places, max_size=8, unique_by=lambda place: place.field))
def test_a_layout_without_faults_shows_its_first_field_for_some_values(made: list[Place]) -> None:
    if not made or find_faults(layout(*made), known=FIELDS, required=()):
        return
    assert any(place.show_when is None for place in made), "a chain of conditions begins somewhere"


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        ([Place("a"), Place("z")], [("unknown_field", "z")]),
        ([Place("a"), Place("a")], [("field_twice", "a")]),
        ([Place("a"), Place("b", show_when=when("c", Comparison.IS_FILLED))], [("condition_off_form", "b")]),
        ([Place("a"), Place("b", show_when=when("a"))], [("condition_empty", "b")]),
        ([Place("a"), Place("b", show_when=when("b", Comparison.IS_EMPTY))], [("condition_loop", "b")]),
        ([Place("b")], [("required_missing", "a")]),
        ([Place("a", is_read_only=True)], [("required_read_only", "a")]),
    ],
    ids=lambda value: value[0][0] if isinstance(value[0], tuple) else "",
)
def test_each_fault_is_named_at_its_field(made: list[Place], faults: list[tuple[str, str]]) -> None:
    found = find_faults(layout(*made), known=FIELDS, required=["a"])
    assert [(fault.code, fault.field) for fault in found] == faults


@pytest.mark.parametrize(
    ("condition", "value", "does_pass"),
    [
        (when("a", Comparison.IS_ANY_OF, "x", "y"), "y", True),
        (when("a", Comparison.IS_ANY_OF, "x"), ["z", "x"], True),
        (when("a", Comparison.IS_ANY_OF, "true"), True, True),
        (when("a", Comparison.IS_ANY_OF, "3"), 3.0, True),
        (when("a", Comparison.IS_NONE_OF, "x"), None, True),
        (when("a", Comparison.IS_NONE_OF, "x"), ["x"], False),
        (when("a", Comparison.IS_FILLED), False, True),
        (when("a", Comparison.IS_EMPTY), [], True),
    ],
)
def test_conditions(condition: Condition, value: object, does_pass: bool) -> None:
    assert passes(condition, {"a": value}) is does_pass
