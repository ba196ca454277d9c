"""By what a customer is found, as words of a text search, and what somebody typed as a query for them. Pure.

A word begins with the company's id and one letter of its kind, so that a search reads the words of one company and of
the kinds it may use. What shall be found by any part is kept with each of its ends ("小明" of "张小明"), for a text
search finds words by their beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

#: name and company by any part; pinyin by its beginning; digits by any part; what masking leaves visible; mail
_TEXT, _PINYIN, _DIGITS, _HEAD, _TAIL, _FULL, _MAIL = "x", "p", "d", "h", "t", "f", "m"
#: what masking leaves visible: whoever may not see numbers cannot find them by more than that
VISIBLE_HEAD, VISIBLE_TAIL = 3, 4
#: fewer digits are a beginning or an end: they stand somewhere in nearly every number
_MIN_PART = 3
_MAX_WORD = 24
_TYPED_NUMBER = re.compile(r"\+?[0-9][0-9 \-()]*")


By = Literal["text", "pinyin", "numbers", "mail"]
EVERYTHING: frozenset[By] = frozenset({"text", "pinyin", "numbers", "mail"})


@dataclass(frozen=True, slots=True)
class Findable:
    """What one customer can be found by. ``numbers``: (canonical, digits as typed in the own country)."""

    name: str
    company: str = ""
    pinyin: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    emails: tuple[str, ...] = ()


def words_of(findable: Findable, *, tenant_id: int) -> list[str]:
    """Return the words under which a customer is kept."""
    words = [
        *(f"{_TEXT}{end}" for text in (findable.name, findable.company) for end in _ends(_folded(text))),
        *(f"{_PINYIN}{key[:_MAX_WORD]}" for key in findable.pinyin.split()),
        *(word for number, digits in findable.numbers for word in _words_of_number(number, digits)),
        *(f"{_MAIL}{part[:_MAX_WORD]}" for email in findable.emails for part in _parts_of_mail(email)),
    ]
    return [f"{tenant_id}{word}" for word in dict.fromkeys(words)]


def query_for(
    text: str, *, tenant_id: int, canonical: str | None, sees_numbers: bool, by: frozenset[By] = EVERYTHING
) -> str:
    """Return the ``tsquery`` that finds what was typed, or "" where nothing can be found by it.

    ``by``: by what may be found. ``canonical`` is the typed number in canonical form, if it is one. Several words find
    who has all of them.
    """
    typed = _folded(text)
    whole = _any_of(_terms(typed, canonical=canonical, sees_numbers=sees_numbers, by=by), tenant_id)
    parts = typed.split()
    if len(parts) < 2 or _TYPED_NUMBER.fullmatch(typed):
        return whole
    each = [_any_of(_terms(part, canonical=None, sees_numbers=sees_numbers, by=by), tenant_id) for part in parts]
    return f"({whole}) | ({' & '.join(f'({one})' for one in each)})" if all(each) else whole


def _terms(text: str, *, canonical: str | None, sees_numbers: bool, by: frozenset[By]) -> Iterator[tuple[str, bool]]:
    """Yield (word, whether its beginning suffices)."""
    if not text:
        return
    if "text" in by:
        yield f"{_TEXT}{text[:_MAX_WORD]}", True
    if "pinyin" in by and text.isascii() and text.isalpha():
        yield f"{_PINYIN}{text[:_MAX_WORD]}", True
    if "mail" in by and text.isascii() and len(text) > 1:
        yield f"{_MAIL}{text[:_MAX_WORD]}", True
    if "numbers" in by and _TYPED_NUMBER.fullmatch(text):
        yield from _number_terms(re.sub(r"\D", "", text), canonical, sees_numbers=sees_numbers)


def _number_terms(digits: str, canonical: str | None, *, sees_numbers: bool) -> Iterator[tuple[str, bool]]:
    yield f"{_FULL}{digits}", False
    if canonical:
        yield f"{_FULL}{canonical}", False
    head = digits.removeprefix("0") or digits  # a landline is typed with the 0 that its canonical form lacks
    if len(digits) <= VISIBLE_HEAD:
        yield f"{_HEAD}{head}", False
    if len(digits) <= VISIBLE_TAIL:
        yield f"{_TAIL}{digits}", False
    if sees_numbers and len(head) >= _MIN_PART:
        yield f"{_DIGITS}{digits}", True
        yield f"{_DIGITS}{head}", True


def _any_of(terms: Iterable[tuple[str, bool]], tenant_id: int) -> str:
    return " | ".join(f"{_quoted(f'{tenant_id}{word}')}{':*' if is_start else ''}" for word, is_start in terms)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _folded(text: str) -> str:
    return " ".join(text.replace("\x00", "").casefold().split())


def _ends(text: str) -> Iterator[str]:
    return (text[start : start + _MAX_WORD].strip() for start in range(len(text)) if text[start] != " ")


def _words_of_number(number: str, digits: str) -> Iterator[str]:
    yield f"{_FULL}{number}"
    yield f"{_FULL}{digits}"
    yield from (f"{_HEAD}{digits[:length]}" for length in range(1, VISIBLE_HEAD + 1))
    yield from (f"{_TAIL}{digits[-length:]}" for length in range(1, VISIBLE_TAIL + 1))
    yield from (f"{_DIGITS}{digits[start:]}" for start in range(len(digits) - _MIN_PART + 1))


def _parts_of_mail(email: str) -> Iterator[str]:
    folded = email.casefold()
    yield folded
    yield from (folded[found.end() :] for found in re.finditer(r"[@._+\-]", folded) if folded[found.end() :])
