"""What a traceback in a log may say: where it broke and with which error, and nothing of the data it broke on.

The message of an error often holds what was wrong: a number in a row that is there already, a name that is too long.
What the database says is told by its code and the names of table, column and constraint. Of other messages stay the
words that a program is written in; digits, addresses, quoted text and other scripts are taken out.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from types import TracebackType

import psycopg

_Raised = tuple[type[BaseException], BaseException, TracebackType | None]
_GONE = "…"
#: quoted text that is no identifier, mail addresses, five digits however they are grouped, what is not ASCII
_VALUES = re.compile(
    r"""(?P<quote>["'])(?![A-Za-z_][\w.]*(?P=quote))[^"']*(?P=quote)|[^\s'"<>]+@[^\s'"<>]+|\+?\d(?:[\s().-]?\d){4,}|[^\x00-\x7f]+"""
)
_LONGEST = 300


def told(exc_info: _Raised) -> str:
    """Return the traceback with all causes, the first cause first."""
    return "\n".join(part for error in reversed(list(_chain(exc_info[1]))) for part in _parts(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _parts(error: BaseException) -> Iterator[str]:
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    kind = type(error)
    message = _message(error)
    yield f"{kind.__module__}.{kind.__qualname__}" + (f": {message}" if message else "")
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _parts(each)


def _message(error: BaseException) -> str:
    cause = error.__cause__
    if isinstance(error, psycopg.Error):
        return _of_database(error)
    if isinstance(cause, psycopg.Error):  # Django repeats what its driver said
        return _of_database(cause)
    if hasattr(error, "errors") and hasattr(error, "error_count"):  # pydantic repeats what was given
        return f"{error.error_count()} errors"
    try:
        text = str(error)
    except Exception:  # anybody's __str__
        return "?"
    return _VALUES.sub(_GONE, text[:_LONGEST])


def _of_database(error: psycopg.Error) -> str:
    if error.sqlstate is None:  # the connection, not the data
        return _VALUES.sub(_GONE, str(error)[:_LONGEST])
    diag = error.diag
    named = {"table": diag.table_name, "column": diag.column_name, "constraint": diag.constraint_name}
    return " ".join([f"SQLSTATE {error.sqlstate}", *(f"{what} {name}" for what, name in named.items() if name)])
