"""Classes by rule and key accounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.customers.classes import (
    AMOUNTS,
    BadCondition,
    Comparison,
    Condition,
    Field,
    Profile,
    Rule,
    check_condition,
    choose_class,
    key_account_threshold,
)

GOLD = Rule(1, (Condition(Field.MONTHLY_VALUE, Comparison.AT_LEAST, amount=Decimal(1000)),))
RISK = Rule(2, (Condition(Field.ARREARS, Comparison.AT_LEAST, amount=Decimal(1)),))
REST = Rule(3)
amounts = st.decimals(min_value=0, max_value=9999, places=2)


@pytest.mark.parametrize(
    ("value", "arrears", "chosen"),
    [("1000", "5", 1), ("999.99", "5", 2), ("999.99", "0", 3), (None, None, 3)],
    ids=["first that fits", "second", "everybody else", "nothing known"],
)
def test_the_first_rule_that_fits_decides(value: str | None, arrears: str | None, chosen: int) -> None:
    profile = Profile(
        monthly_value=None if value is None else Decimal(value), arrears=None if arrears is None else Decimal(arrears)
    )
    assert choose_class([GOLD, RISK, REST], profile) == chosen


@given(st.permutations([GOLD, RISK, REST]), amounts, amounts)
def test_the_order_alone_decides_between_rules_that_fit(rules: list[Rule], value: Decimal, arrears: Decimal) -> None:
    profile = Profile(monthly_value=value, arrears=arrears)
    fitting = [rule.class_id for rule in rules if choose_class([rule], profile)]
    assert choose_class(rules, profile) == fitting[0]


@pytest.mark.parametrize("field", list(Field))
@pytest.mark.parametrize("test", list(Comparison))
def test_amounts_are_compared_as_amounts_and_words_as_words(field: Field, test: Comparison) -> None:
    condition = Condition(field, test, values=("x",))
    if (field in AMOUNTS) != (test is Comparison.IS_ANY):
        check_condition(condition)
        return
    with pytest.raises(BadCondition):
        check_condition(condition)


@given(st.lists(amounts, min_size=1, max_size=60), st.integers(1, 100))
def test_key_accounts_are_the_share_of_those_worth_anything_and_their_equals(
    values: list[Decimal], share_pct: int
) -> None:
    worth = sorted((value for value in values if value > 0), reverse=True)
    threshold = key_account_threshold(values, share_pct=share_pct)
    if not worth:
        assert threshold is None
        return
    assert threshold is not None
    chosen = [value for value in worth if value >= threshold]
    assert len(chosen) >= max(1, len(worth) * share_pct / 100)
    assert sum(value > threshold for value in worth) < max(1, len(worth) * share_pct / 100)
