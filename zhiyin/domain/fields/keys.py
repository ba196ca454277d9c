"""By what a value is found: keys that an ordinary index compares. Pure.

Substring operators cannot use an index behind row-level security (they are not leakproof); equality and ranges can.
So a text is entered under each place where somebody would begin to type it: after each separator, and at each Chinese
character. "Contains" becomes "a key begins with".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhiyin.domain.fields.definitions import ORDERED, Definition, Kind

MAX_KEY = 64
#: a whole text as it is compared for equality and uniqueness
MAX_WHOLE = 500
#: at most so many places of one text are entered
MAX_PLACES = 24


@dataclass(frozen=True, slots=True)
class Key:
    """One entry: ``text`` folded, ``number`` for what has an order. ``is_whole``: the value, not a part of it."""

    text: str
    number: float | None = None
    is_whole: bool = True


def fold(text: str) -> str:
    """Return ``text`` as it is compared: one width, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def keys_of(definition: Definition, value: object) -> list[Key]:
    """Return the entries under which a clean value is found; none for nothing."""
    if value is None:
        return []
    if definition.kind is Kind.CHOICES and isinstance(value, list):
        return [Key(str(code)) for code in value]
    if definition.kind in ORDERED:
        return [Key(str(value)[:MAX_KEY], order_of(definition.kind, value))]
    if definition.kind is Kind.YES_NO:
        return [Key("true" if value else "false")]
    whole = fold(str(value))
    if definition.kind in (Kind.CHOICE, Kind.USER):
        return [Key(whole if definition.kind is Kind.USER else str(value))]
    return [Key(whole[:MAX_WHOLE]), *(Key(part, is_whole=False) for part in _parts(definition.kind, whole))]


def order_of(kind: Kind, value: object) -> float | None:
    """Return the place of a clean value among its kind: days for a date, seconds for an instant."""
    if kind is Kind.DATE:
        return float(date.fromisoformat(str(value)).toordinal())
    if kind is Kind.DATE_TIME:
        return datetime.fromisoformat(str(value)).timestamp()
    return float(value) if isinstance(value, int | float) else None


def _parts(kind: Kind, whole: str) -> Sequence[str]:
    """Return where somebody would begin to type ``whole``, its very beginning left out."""
    if kind is Kind.TELEPHONE:
        digits = whole.lstrip("+")
        places = range(1, max(1, len(digits) - 2))
        return list(dict.fromkeys(digits[place:] for place in (0, *places)))[:MAX_PLACES]
    starts = [
        place
        for place in range(1, len(whole))
        if whole[place].isalnum() and (_is_han(whole[place]) or not whole[place - 1].isalnum())
    ]
    parts = [whole[place : place + MAX_KEY] for place in starts[:MAX_PLACES]]
    return list(dict.fromkeys([whole[:MAX_KEY], *parts]))


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or sign >= "\U00020000"
