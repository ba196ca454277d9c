"""Which class (客户分级) a customer is of: the first rule that fits. And who the key accounts (大客户) are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Field(StrEnum):
    """What a rule may look at."""

    KIND = "kind"
    TYPE = "type"
    SERVICE = "service"
    CREDIT_RATING = "credit_rating"
    MONTHLY_VALUE = "monthly_value"
    CREDIT_LIMIT = "credit_limit"
    ARREARS = "arrears"


class Comparison(StrEnum):
    IS_ANY = "is_any"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


AMOUNTS = frozenset({Field.MONTHLY_VALUE, Field.CREDIT_LIMIT, Field.ARREARS})


@dataclass(frozen=True, slots=True)
class Condition:
    """``values`` for ``IS_ANY``, ``amount`` for the others."""

    field: Field
    test: Comparison
    values: tuple[str, ...] = ()
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions must hold; a rule without any fits everybody."""

    class_id: int
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a customer the rules look at. An amount that nobody knows (None) fits no condition."""

    kind: str = "person"
    type: str = ""
    service: str = ""
    credit_rating: str = ""
    monthly_value: Decimal | None = None
    credit_limit: Decimal | None = None
    arrears: Decimal | None = None


class BadCondition(ValueError):
    """A condition that no customer could be compared with; ``why`` is a stable code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def check_condition(condition: Condition) -> None:
    """Raises ``BadCondition`` for an amount compared as a word, a word as an amount, or nothing to compare with."""
    is_amount = condition.field in AMOUNTS
    if is_amount == (condition.test is Comparison.IS_ANY):
        raise BadCondition("test_does_not_fit")
    if condition.test is Comparison.IS_ANY and not condition.values:
        raise BadCondition("nothing_to_compare")


def fits(condition: Condition, profile: Profile) -> bool:
    """Return whether one condition holds."""
    value = getattr(profile, condition.field.value)
    if condition.test is Comparison.IS_ANY:
        return value in condition.values
    if value is None:
        return False
    amount: Decimal = value
    return amount >= condition.amount if condition.test is Comparison.AT_LEAST else amount <= condition.amount


def choose_class(rules: Iterable[Rule], profile: Profile) -> int | None:
    """Return the class of the first rule that fits, None where none does."""
    return next((rule.class_id for rule in rules if all(fits(one, profile) for one in rule.conditions)), None)


def key_account_threshold(values: Sequence[Decimal], *, share_pct: int) -> Decimal | None:
    """Return from which value on a customer is a key account: ``share_pct`` of those who are worth anything.

    At least one is; who is worth as much as the last of them is one too. None where nobody is worth anything.
    """
    worth = sorted((value for value in values if value > 0), reverse=True)
    if not worth or share_pct <= 0:
        return None
    return worth[key_account_count(len(worth), share_pct=share_pct) - 1]


def key_account_count(customers: int, *, share_pct: int) -> int:
    """Return how many of so many customers are the top ``share_pct`` of a hundred, rounded up."""
    return min(customers, max(1, -(-customers * share_pct // 100)))
