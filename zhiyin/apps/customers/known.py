"""What the parts of the product know of a customer, for whoever is about to speak with them.

Each part that knows something (contacts, follow-ups, lists, surveys, tickets) registers a source in
``settings.KNOWN_SOURCES``: a function that tells of several customers at once, in a number of statements that does not
grow with them. A part that knows nothing says nothing; what is shown is never invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from django.conf import settings
from django.utils.module_loading import import_string

from zhiyin.apps.tenancy.actors import Actor

Tone = Literal["good", "warning", "danger", "neutral"]


@dataclass(frozen=True, slots=True)
class KnownMatter:
    """Something between the customer and us: ``kind`` and ``id`` say where it stands ("contact", "follow_up", ...)."""

    kind: str
    id: str
    title: str
    note: str
    is_open: bool
    at: datetime
    due_at: datetime | None = None
    #: how many contacts were about it; 0 where that is not counted
    contacts: int = 0


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark beside the name: a list the customer stands on, a class. ``name`` in the reader's language."""

    code: str
    name: str
    tone: Tone
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Mood:
    """What the customer answered when last asked."""

    score: int
    best: int
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    matters: tuple[KnownMatter, ...] = ()
    badges: tuple[Badge, ...] = ()
    #: names of what the customer has of us
    products: tuple[str, ...] = ()
    mood: Mood | None = None


KnownSource = Callable[[Actor, Sequence[int]], Mapping[int, Known]]


def read_known(*, actor: Actor, customer_ids: Sequence[int]) -> dict[int, Known]:
    """Return what all sources together know of each customer; of the moods the latest."""
    if not customer_ids:
        return {}
    told = [source(actor, customer_ids) for source in _sources(tuple(settings.KNOWN_SOURCES))]
    return {customer: _joined(said[customer] for said in told if customer in said) for customer in customer_ids}


@cache
def _sources(paths: tuple[str, ...]) -> tuple[KnownSource, ...]:
    return tuple(import_string(path) for path in paths)


def _joined(told: Iterable[Known]) -> Known:
    parts = list(told)
    moods = [part.mood for part in parts if part.mood is not None]
    return Known(
        matters=tuple(sorted((m for part in parts for m in part.matters), key=lambda m: m.at, reverse=True)),
        badges=tuple(badge for part in parts for badge in part.badges),
        products=tuple(dict.fromkeys(name for part in parts for name in part.products)),
        mood=max(moods, key=lambda mood: mood.at, default=None),
    )
