"""What a question reads from several sides is read once.

The parts of an answer (a customer's card, the lists the customer stands on, the last contacts) each ask for what they
need and know nothing of each other. While a request that changes nothing is answered, a function marked ``read_once``
is carried out once for the same arguments. Outside such a request, and in one that may write, every call reads anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_read: ContextVar[dict[Hashable, Any] | None] = ContextVar("read", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Keep what is read in this block, which writes nothing, until its end."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def kept_answers() -> dict[Hashable, Any] | None:
    """Return what was read in the present block, by what was asked; ``None``: nothing is kept."""
    return _read.get()


def read_once(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Mark a function that only reads. Lists and sets it is given become tuples; nobody changes what it returns."""

    @wraps(ask)
    def answer(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        kept = _read.get()
        if kept is None:
            return ask(*args, **named)
        given = {name: value if isinstance(value, Hashable) else tuple(value) for name, value in named.items()}
        key = (ask, args, tuple(sorted(given.items())))
        if key not in kept:
            kept[key] = ask(*args, **given)  # type: ignore[arg-type] # as given, but for lists
        return cast(Answer, kept[key])

    return answer
