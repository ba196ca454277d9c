"""Is the log itself whole: no event lost between others, none of an engine whose term was over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from zhiyin.config.reconcile.books import Books, Event
from zhiyin.config.reconcile.findings import Finding

#: an event may wait this long until its records are made
FOLDED_WITHIN = timedelta(seconds=30)


def check_log(books: Books) -> Iterator[Finding]:
    yield from _holes(books)
    yield from _epochs(books)
    yield from _order(books)
    yield from _personal(books)
    behind = [event for event in _all(books) if not books.is_folded(event) and books.now - event.at > FOLDED_WITHIN]
    if behind:
        oldest = min(event.at for event in behind)
        yield Finding("projection_behind", "contacts", f"{len(behind)} events, the oldest of {oldest:%H:%M:%S}")


def _holes(books: Books) -> Iterator[Finding]:
    for row in books.holes:
        subject = f"{row['stream']} epoch {row['epoch']}"
        yield Finding("sequence_hole", subject, f"{row['found']} of {row['newest']}")
    for row in books.number_holes:
        yield Finding("number_hole", f"epoch {row['epoch']}", f"{row['number']} -> {row['following']}")


def _epochs(books: Books) -> Iterator[Finding]:
    """What a dead engine spooled is brought into the log before the next one writes, so terms never interleave."""
    for row in books.epoch_firsts:
        if row["epoch"] > books.lease_epoch:
            yield Finding("epoch_not_leased", f"epoch {row['epoch']}", f"the lease says {books.lease_epoch}")
    firsts = [(row["epoch"], (row["txid"], row["position"])) for row in books.epoch_firsts]
    for row in books.epoch_lasts:
        later = [epoch for epoch, place in firsts if epoch > row["epoch"] and place < (row["txid"], row["position"])]
        if later:
            detail = f"{row['stream']} {row['type']} after the first event of epoch {min(later)}"
            yield Finding("late_event", f"epoch {row['epoch']}", detail)


def _order(books: Books) -> Iterator[Finding]:
    for events in books.contacts.values():
        for before, after in pairwise(events):
            if after.at < before.at:
                yield Finding("time_reversed", f"{after.stream} seq {after.seq}", f"{before.at} -> {after.at}")


def _personal(books: Books) -> Iterator[Finding]:
    for event in _all(books):
        for ref in _refs(event.body):
            if (event.tenant, ref) not in books.personal_refs:
                yield Finding("personal_missing", f"{event.stream} {event.type}", ref)
    for row in books.orphan_values:
        yield Finding("personal_orphan", row["ref"])


def _refs(body: dict[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if name.endswith("_ref") and isinstance(value, str) and value:
            yield value


def _all(books: Books) -> Iterator[Event]:
    for events in books.contacts.values():
        yield from events
    yield from books.agent_events
