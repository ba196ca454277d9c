"""Whom something is offered to."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.recommendations import Condition, Fact, Operator, fits, runs_on

VIP = Condition("level", Operator.IS, ("vip", "important"))


@pytest.mark.parametrize(
    ("condition", "facts", "is_fit"),
    [
        (VIP, {"level": "VIP"}, True),
        (VIP, {"level": "ordinary"}, False),
        (VIP, {}, False),
        (Condition("level", Operator.IS_NOT, ("vip",)), {}, True),
        (Condition("tag", Operator.IS, ("续费",)), {"tag": frozenset({"续费", "工厂"})}, True),
        (Condition("tag", Operator.IS_NOT, ("续费",)), {"tag": frozenset({"续费", "工厂"})}, False),
        (Condition("product", Operator.CONTAINS, ("锅炉",)), {"product": "KX-200 锅炉"}, True),
        (Condition("product", Operator.CONTAINS, ("",)), {"product": "KX-200"}, False),
        (Condition("value", Operator.AT_LEAST, ("5000",)), {"value": 5000.0}, True),
        (Condition("value", Operator.AT_LEAST, ("5000",)), {"value": 4999.5}, False),
        (Condition("value", Operator.AT_MOST, ("much",)), {"value": 1.0}, False),
        (Condition("value", Operator.AT_MOST, ("10",)), {"value": None}, False),
    ],
    ids=[
        *("case", "another", "unknown", "not unknown", "one tag", "not this tag", "part", "empty part"),
        *("exactly", "below", "no number", "unknown number"),
    ],
)
def test_a_condition_holds(condition: Condition, facts: dict[str, Fact], is_fit: bool) -> None:
    assert fits([condition], facts) is is_fit


def test_all_conditions_must_hold() -> None:
    rich = Condition("value", Operator.AT_LEAST, ("100",))
    assert fits([VIP, rich], {"level": "vip", "value": 100.0})
    assert not fits([VIP, rich], {"level": "vip", "value": 99.0})
    assert fits([], {})


@given(st.lists(st.text(max_size=5), max_size=4).map(tuple), st.text(max_size=5) | st.none())
def test_is_and_is_not_exclude_each_other(values: tuple[str, ...], fact: str | None) -> None:
    facts: dict[str, Fact] = {"level": fact}
    assert fits([Condition("level", Operator.IS, values)], facts) is not fits(
        [Condition("level", Operator.IS_NOT, values)], facts
    )


def test_first_and_last_day_belong_to_the_time() -> None:
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    assert [runs_on(day, starts_on=first, ends_on=last) for day in (first, last)] == [True, True]
    assert not runs_on(date(2026, 4, 1), starts_on=first, ends_on=last)
    assert runs_on(date(2026, 4, 1), starts_on=first, ends_on=None)
