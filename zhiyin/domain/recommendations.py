"""What to offer a customer: conditions on what is known of them, all of which must hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


#: what is known: one word, several (tags), a number, or None where nothing is known
Fact = str | float | frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Condition:
    """``field`` names a fact; of ``values`` one must fit (``IS_NOT``: none may). Upper and lower case are one."""

    field: str
    operator: Operator
    values: tuple[str, ...]


def fits(conditions: Iterable[Condition], facts: Mapping[str, Fact]) -> bool:
    """Return whether all conditions hold. What is not known fits no condition but ``IS_NOT``."""
    return all(_holds(condition, facts.get(condition.field)) for condition in conditions)


def runs_on(day: date, *, starts_on: date | None, ends_on: date | None) -> bool:
    """Return whether a day lies within both days, which belong to it; None: open at that end."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)


def _holds(condition: Condition, fact: Fact) -> bool:
    match condition.operator:
        case Operator.IS:
            return bool(_words(fact) & _folded(condition.values))
        case Operator.IS_NOT:
            return not _words(fact) & _folded(condition.values)
        case Operator.CONTAINS:
            return any(value in word for word in _words(fact) for value in _folded(condition.values))
        case Operator.AT_LEAST:
            number = _number(fact)
            return number is not None and any(number >= limit for limit in _numbers(condition.values))
        case Operator.AT_MOST:
            number = _number(fact)
            return number is not None and any(number <= limit for limit in _numbers(condition.values))


def _folded(values: Iterable[str]) -> frozenset[str]:
    return frozenset(folded for value in values if (folded := value.strip().casefold()))


def _words(fact: Fact) -> frozenset[str]:
    match fact:
        case None:
            return frozenset()
        case frozenset():
            return _folded(fact)
        case str():
            return _folded([fact])
        case _:
            return frozenset({f"{fact:g}"})


def _number(fact: Fact) -> float | None:
    if isinstance(fact, float | int):
        return float(fact)
    return next(iter(_numbers([fact])), None) if isinstance(fact, str) else None


def _numbers(values: Iterable[str]) -> list[float]:
    found = []
    for value in values:
        try:
            found.append(float(value))
        except ValueError:
            continue
    return found
