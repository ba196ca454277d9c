"""Whether collected digits can be what was asked for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from zhiyin.domain.flows.comparisons import choices_in


def is_luhn(digits: str) -> bool:
    """The check digit of bank cards and the like (Luhn's)."""
    if not digits.isascii() or not digits.isdecimal() or len(digits) < 2:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def is_date(digits: str) -> bool:
    """A day as YYYYMMDD."""
    if len(digits) != 8:
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


#: By their codes: the digits, and what the check was told.
CHECKS: Mapping[str, Callable[[str, str], bool]] = {
    "any": lambda _digits, _told: True,
    "lengths": lambda digits, told: str(len(digits)) in choices_in(told),
    "luhn": lambda digits, _told: is_luhn(digits),
    "list": lambda digits, told: digits in choices_in(told),
    "date": lambda digits, _told: is_date(digits),
}
#: Those that must be told something.
TOLD_CHECKS = frozenset({"lengths", "list"})
