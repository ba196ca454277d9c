"""The table of entry rules: the first that fits decides, a share spreads evenly, and its other arm is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.flows.entries import EntryCall, EntryChoice, EntryRule, choose_flow

OWN = 100
HOTLINE, SALES = "+864008001234", "+8657188886666"
OPEN, CLOSED, GONE = 1, 2, 3
CALENDARS = {OPEN: True, CLOSED: False}


def call(
    number: str = HOTLINE, classes: Sequence[int] = (), *, is_vip: bool = False, draws: dict[int, float] | None = None
) -> EntryCall:
    drawn = draws or {}
    return EntryCall(number, frozenset(classes), is_vip, CALENDARS.get, lambda rule: drawn.get(rule, 0.0))


@pytest.mark.parametrize(
    ("rule", "who", "does_fit"),
    [
        (EntryRule(1, 7), call(), True),
        (EntryRule(1, 7, numbers=frozenset({SALES})), call(), False),
        (EntryRule(1, 7, numbers=frozenset({SALES, HOTLINE})), call(), True),
        (EntryRule(1, 7, customer_classes=frozenset({4})), call(), False),
        (EntryRule(1, 7, customer_classes=frozenset({4})), call(classes=(2, 4)), True),
        (EntryRule(1, 7, is_vip_only=True), call(), False),
        (EntryRule(1, 7, is_vip_only=True), call(is_vip=True), True),
        (EntryRule(1, 7, hours=OPEN), call(), True),
        (EntryRule(1, 7, hours=OPEN, is_open_wanted=False), call(), False),
        (EntryRule(1, 7, hours=CLOSED, is_open_wanted=False), call(), True),
        (EntryRule(1, 7, hours=GONE), call(), False),
        (EntryRule(1, 7, hours=GONE, is_open_wanted=False), call(), False),
        (EntryRule(1, 7, numbers=frozenset({HOTLINE}), is_vip_only=True), call(), False),
    ],
    ids=[
        "no condition",
        "another number",
        "one of its numbers",
        "nobody known",
        "one of its classes",
        "no VIP",
        "a VIP",
        "open",
        "open, closed wanted",
        "closed wanted",
        "calendar gone",
        "calendar gone, closed wanted",
        "only one of two conditions",
    ],
)
def test_a_rule_fits_who_fits_each_of_its_conditions(rule: EntryRule, who: EntryCall, does_fit: bool) -> None:
    assert choose_flow([rule], who, default=OWN) == (EntryChoice(7, 1) if does_fit else EntryChoice(OWN))


def test_who_falls_outside_of_a_share_goes_on_to_the_rules_below_as_its_other_arm() -> None:
    rules = [EntryRule(1, 7, share_pct=10), EntryRule(2, 8, share_pct=50), EntryRule(3, 9)]
    outside = {1: 10.0, 2: 50.0}

    assert choose_flow(rules, call(draws={1: 9.99}), default=OWN) == EntryChoice(7, 1)
    assert choose_flow(rules, call(draws={1: 10.0, 2: 49.99}), default=OWN) == EntryChoice(8, 2, trial=1)
    assert choose_flow(rules, call(draws=outside), default=OWN) == EntryChoice(9, 3, trial=1)
    assert choose_flow(rules[:2], call(draws=outside), default=OWN) == EntryChoice(OWN, None, trial=1)
    assert choose_flow(rules[1:], call(draws=outside), default=OWN) == EntryChoice(9, 3, trial=2)


_NUMBERS = st.frozensets(st.sampled_from([HOTLINE, SALES]))
_CLASSES = st.frozensets(st.integers(1, 3))
_PERCENT = st.one_of(st.just(100.0), st.floats(0, 100))
_RULES = st.lists(
    st.builds(
        EntryRule,
        st.integers(1, 9),
        st.integers(1, 5),
        _NUMBERS,
        _CLASSES,
        st.booleans(),
        st.sampled_from([None, OPEN, CLOSED, GONE]),
        st.booleans(),
        _PERCENT,
    ),
    max_size=6,
    unique_by=lambda rule: rule.id,
)


@given(
    _RULES,
    st.sampled_from([HOTLINE, SALES]),
    _CLASSES,
    st.booleans(),
    st.dictionaries(st.integers(1, 9), st.floats(0, 99.99)),
)
def test_the_choice_is_that_of_reading_the_table_from_above(
    rules: list[EntryRule], number: str, classes: frozenset[int], is_vip: bool, draws: dict[int, float]
) -> None:
    """The naive reading: strike out whom each condition excludes, then look who is left."""
    left = [rule for rule in rules if not rule.numbers or number in rule.numbers]
    left = [rule for rule in left if not rule.customer_classes or rule.customer_classes & classes]
    left = [rule for rule in left if is_vip or not rule.is_vip_only]
    left = [rule for rule in left if rule.hours is None or CALENDARS.get(rule.hours) == rule.is_open_wanted]
    is_in = {rule.id: rule.share_pct == 100 or draws.get(rule.id, 0.0) < rule.share_pct for rule in left}
    taken = [rule for rule in left if is_in[rule.id]]
    passed = left[: left.index(taken[0])] if taken else left

    found = choose_flow(rules, call(number, tuple(classes), is_vip=is_vip, draws=draws), default=OWN)

    assert (found.flow, found.rule) == ((taken[0].flow, taken[0].id) if taken else (OWN, None))
    assert found.trial == (passed[0].id if passed else None)
