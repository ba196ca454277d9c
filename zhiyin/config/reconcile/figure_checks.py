"""Today's figures of each queue: counted from the log, from what reports publish, and from the live board."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from zhiyin.config.reconcile.books import Books
from zhiyin.config.reconcile.contact_checks import Story
from zhiyin.config.reconcile.findings import Finding

_TOLERANCE_S = 0.01
QueueKey = tuple[int, int]


@dataclass(slots=True)
class Sums:
    """One queue's day so far."""

    answered: int = 0
    abandoned: int = 0
    waiting: int = 0
    offered: int = 0
    talk_s: float = 0.0


def day_began_at(time_zone: str, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def count(books: Books, stories: Sequence[Story]) -> dict[QueueKey, Sums]:
    """Count the log. A stay in a queue belongs to the day on which it began, and so does a conversation."""
    sums: dict[QueueKey, Sums] = {}
    began = {tenant: day_began_at(row["time_zone"], books.now) for tenant, row in books.tenants.items()}
    for story in stories:
        if story.tenant not in began or story.is_internal:
            continue
        for stay in story.queues:
            if stay.started_at < began[story.tenant] or stay.queue is None:
                continue
            of = sums.setdefault((story.tenant, stay.queue), Sums())
            of.offered += 1
            of.answered += stay.outcome == "answered"
            of.abandoned += stay.outcome == "abandoned"
            of.waiting += stay.ended_at is None
        for talk in story.talks.values():
            if talk.queue is None or talk.ended_at is None or talk.started_at < began[story.tenant]:
                continue
            of = sums.setdefault((story.tenant, talk.queue), Sums())
            of.talk_s += (talk.ended_at - talk.started_at).total_seconds() - talk.hold_s
    return sums


def compare(
    counted: Mapping[QueueKey, Sums], said: Mapping[QueueKey, Mapping[str, float]], *, by: str
) -> Iterator[Finding]:
    """``said`` holds the same names for each queue; a queue that nobody called may be missing on either side."""
    for key in sorted({*counted, *said}):
        own = asdict(counted.get(key, Sums()))
        for name, value in said.get(key, asdict(Sums())).items():
            if abs(own[name] - value) > _TOLERANCE_S:
                yield Finding("figures_differ", f"queue {key[1]} {name}", f"{by} {value:g}, the log {own[name]:g}")
