"""What several parts of an answer want to know is asked in one statement.

Each part says what it wants as a ``Question``: a statement that gives one value, rows as JSON. ``ask`` puts the
questions of all parts side by side into one statement, which the database prepares once for each connection: nothing
is put together, sent and planned anew for each request. Within a request that changes nothing (``read_once.reading``)
a question that was answered is not asked again, so that whoever knows what the parts will ask can ask it ahead.

Works inside the company's transaction (``tenancy.scope``): row-level security holds here as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

from zhiyin.apps.tenancy.prepared import fetch_prepared
from zhiyin.apps.tenancy.read_once import kept_answers

A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)
_PLACE = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Question(Generic[A_co]):
    """``sql`` gives one row with one value, whose ``$1``, ``$2``, ... are ``given``; ``read`` makes the answer of it.

    ``read`` is a function that lives as long as the program, so that equal questions are known as equal.
    """

    sql: str
    given: tuple[Any, ...]
    read: Callable[[str | None], A_co]


class Answers:
    def __init__(self, found: dict[Question[Any], Any]) -> None:
        self._found = found

    def __getitem__(self, question: Question[A]) -> A:
        return cast(A, self._found[question])


def ask(*questions: Question[Any]) -> Answers:
    """Return the answers to all questions; one statement at most. Nobody changes what is returned."""
    kept = kept_answers()
    found = {one: kept[one] for one in questions if one in kept} if kept else {}
    missing = [one for one in dict.fromkeys(questions) if one not in found]
    if missing:
        statement = _joined(tuple(one.sql for one in missing))
        (values,) = fetch_prepared(statement, [_sent(value) for one in missing for value in one.given])
        found.update((one, one.read(value)) for one, value in zip(missing, values, strict=True))
        if kept is not None:
            kept.update((one, found[one]) for one in missing)
    return Answers(found)


def answer(question: Question[A]) -> A:
    """Return the answer to one question."""
    return ask(question)[question]


def _sent(value: Any) -> Any:
    """Return a value so that the same statement stays the same: a number's size would make it another one."""
    if isinstance(value, tuple):
        return "{" + ",".join(map(str, value)) + "}" if all(type(one) is int for one in value) else list(value)
    return str(value) if type(value) is int else value


@lru_cache(maxsize=500)
def _joined(parts: Sequence[str]) -> bytes:
    """Return the statement of several questions, their places numbered through."""
    columns, used = [], 0
    for part in parts:
        places = {int(place) for place in _PLACE.findall(part)}
        columns.append("(" + _PLACE.sub(lambda found, used=used: f"${int(found[1]) + used}", part) + ")::text")  # type: ignore[misc] # mypy knows no defaults of lambdas
        used += max(places, default=0)
    return f"SELECT {', '.join(columns)}".encode()
