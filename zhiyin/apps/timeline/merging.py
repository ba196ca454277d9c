"""Merging what several sources know into one order, a page at a time.

The order is total: by instant, then by the source's kind, then by the source's own id, all descending. A cursor names
the last entry that was shown, so that a page stays what it was while new things arrive above it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db.models import Q

from zhiyin.apps.refusals import Invalid
from zhiyin.apps.tenancy.actors import Actor

#: the kinds whose ids are words; all others' are numbers
_WITH_WORDS = frozenset({"contact"})


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last entry of the page before."""

    at: datetime
    kind: str
    id: str

    def to_text(self) -> str:
        text = f"{self.at.astimezone(UTC).isoformat()}|{self.kind}|{self.id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class BadCursor(Invalid):
    code = "bad_cursor"
    title = "Begin again without a cursor."

    def __init__(self) -> None:
        super().__init__(fields={"before": "bad_cursor"})


def read_cursor(text: str) -> Cursor:
    """Raises ``BadCursor``."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        at, kind, one = plain.split("|")
        cursor = Cursor(datetime.fromisoformat(at).astimezone(UTC), kind, one)
    except (ValueError, OverflowError) as error:
        raise BadCursor from error
    if not re.fullmatch(r"[\w-]{1,64}" if kind in _WITH_WORDS else r"[0-9]{1,18}", one):
        raise BadCursor
    return cursor


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a timeline is narrowed to; ``None`` narrows nothing."""

    customer_id: int
    person: int | None = None
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """One entry before it is made out: where it stands, and the row it is made of."""

    at: datetime
    kind: str
    id: str
    row: Any  # the source's own row

    @property
    def rank(self) -> tuple[datetime, str, int, str]:
        """Numbers must not stand in the order of their digits."""
        return self.at, self.kind, 0 if self.kind in _WITH_WORDS else int(self.id), self.id


class Source(Protocol):
    """What knows one kind of entry."""

    kind: str
    #: the channels it can be narrowed by; where others are asked for, it has nothing
    channels: frozenset[str]

    def heads(self, actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int) -> list[Head]:
        """Return the newest ``limit`` entries that come after ``before``."""
        ...

    def shape(self, actor: Actor, rows: Sequence[Any]) -> Sequence[Any]:
        """Make out the rows, in their order, in a number of statements that does not grow with them."""
        ...


def after(before: Cursor | None, kind: str, *, at: str, pk: str = "pk") -> Q:
    """Return the condition for what stands after the cursor in the order of all sources."""
    if before is None:
        return Q()
    if kind == before.kind:
        own = before.id if kind in _WITH_WORDS else int(before.id)
        return Q(**{f"{at}__lt": before.at}) | Q(**{at: before.at, f"{pk}__lt": own})
    return Q(**{f"{at}__lte" if kind < before.kind else f"{at}__lt": before.at})


def merge(
    sources: Sequence[Source], actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int
) -> tuple[list[tuple[Head, Any]], Cursor | None]:
    """Return one page of entries made out, newest first, and the cursor of the next one.

    Each source is asked for a page and one more, so the page is right whichever of them it comes from.
    """
    asked = [source for source in sources if not wanted.channel or wanted.channel in source.channels]
    heads = [head for source in asked for head in source.heads(actor, wanted, before=before, limit=limit + 1)]
    heads.sort(key=lambda head: head.rank, reverse=True)
    page = heads[:limit]
    made: dict[tuple[str, str], Any] = {}
    for source in asked:
        own = [head for head in page if head.kind == source.kind]
        shaped = source.shape(actor, [head.row for head in own]) if own else []
        made.update(((head.kind, head.id), entry) for head, entry in zip(own, shaped, strict=True))
    following = Cursor(page[-1].at, page[-1].kind, page[-1].id) if len(heads) > limit else None
    return [(head, made[head.kind, head.id]) for head in page], following
