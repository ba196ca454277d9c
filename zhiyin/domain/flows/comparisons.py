"""Comparing a contact's value with a constant, for who writes no expressions. All values are text. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")


def to_number(text: str) -> Decimal | None:
    """Return the number that a text says (thousands may be parted by commas), or None."""
    plain = text.strip().replace(",", "")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def choices_in(text: str) -> tuple[str, ...]:
    """Return the members of a list, parted by commas, semicolons or line ends, Chinese ones too."""
    return tuple(part.strip() for part in re.split(r"[,;，；、\n]", text) if part.strip())


def _numbers(holds: Callable[[Decimal, Decimal], bool]) -> Callable[[str, str], bool]:
    def compare(value: str, constant: str) -> bool:
        a, b = to_number(value), to_number(constant)
        return a is not None and b is not None and holds(a, b)

    return compare


#: By their codes. What is no number is neither larger nor smaller than anything.
OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "is": lambda value, constant: value == constant,
    "is_not": lambda value, constant: value != constant,
    "contains": lambda value, constant: constant in value,
    "starts_with": lambda value, constant: value.startswith(constant),
    "ends_with": lambda value, constant: value.endswith(constant),
    "one_of": lambda value, constant: value in choices_in(constant),
    "equal": _numbers(lambda a, b: a == b),
    "less": _numbers(lambda a, b: a < b),
    "at_most": _numbers(lambda a, b: a <= b),
    "more": _numbers(lambda a, b: a > b),
    "at_least": _numbers(lambda a, b: a >= b),
    "is_set": lambda value, _constant: value != "",
    "is_empty": lambda value, _constant: value == "",
}
#: Those that compare with nothing.
ALONE = frozenset({"is_set", "is_empty"})
