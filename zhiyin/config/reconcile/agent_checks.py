"""An agent is in exactly one state while signed in, and the states add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from zhiyin.config.reconcile.books import Books, Event, Row
from zhiyin.config.reconcile.contact_checks import Story
from zhiyin.config.reconcile.findings import Finding

#: a thousandth of a second: what rounding may cost
TOLERANCE_S = 0.001
#: how long the end of a contact may take to reach its agent
GRACE = timedelta(seconds=5)
_IN_A_CALL = frozenset({"reserved", "alerting", "dialling", "talking", "hold", "consulting", "monitoring"})
AgentKey = tuple[int, int]


@dataclass(slots=True)
class Span:
    state: str
    reason: str | None
    contact: str | None
    started_at: datetime | None  # None: before the window
    ended_at: datetime | None = None

    def goes_on(self, body: dict[str, Any]) -> bool:
        """Whether a state event only repeats this state (a wish for later, a new month)."""
        return (self.state, self.reason, self.contact) == (body["state"], body.get("reason"), body.get("interaction"))


def check_agents(books: Books, stories: Sequence[Story]) -> Iterator[Finding]:
    told: dict[AgentKey, list[Event]] = defaultdict(list)
    for event in books.agent_events:
        told[event.tenant, int(event.body["agent"])].append(event)
    rows: dict[AgentKey, list[Row]] = defaultdict(list)
    for row in books.spans:
        rows[row["tenant_id"], row["agent_id"]].append(row)
    for key, events in told.items():
        if key[0] in books.tenants:
            folded = [event for event in events if books.is_folded(event)]
            yield from _compare(key, read_spans(folded, books.agents_before.get(key)), rows.get(key, []), folded)
    for key, stored in rows.items():
        yield from _one_state_at_a_time(key, stored)
    yield from _checkpoints(books, told)
    yield from _present(books, told, stories)


def read_spans(events: Sequence[Event], before: dict[str, Any] | None) -> list[Span]:
    """Return the stays in a state that the events tell of, signed out left out."""
    spans: list[Span] = []
    current = Span(before["state"], before.get("reason"), before.get("interaction"), None) if before else None
    for event in events:
        if current is not None and current.goes_on(event.body):
            continue
        if current is not None and current.state != "logged_out":
            current.ended_at = event.at
            spans.append(current)
        current = Span(event.body["state"], event.body.get("reason"), event.body.get("interaction"), event.at)
    if current is not None and current.state != "logged_out":
        spans.append(current)
    return spans


def _compare(key: AgentKey, spans: list[Span], rows: Sequence[Row], events: Sequence[Event]) -> Iterator[Finding]:
    if not events:
        return
    opened_at = events[0].at
    told = Counter((s.state, s.started_at, s.ended_at) for s in spans if s.started_at is not None)
    stored = Counter((r["state"], r["started_at"], r["ended_at"]) for r in rows if r["started_at"] >= opened_at)
    for state, started_at, ended_at in (told - stored) + (stored - told):
        where = "told, not stored" if (state, started_at, ended_at) in told else "stored, not told"
        yield Finding("span_differs", f"agent {key[1]}", f"{where}: {state} {started_at} - {ended_at}")
    yield from _days(key, spans, rows, opened_at)


def _days(key: AgentKey, spans: list[Span], rows: Sequence[Row], opened_at: datetime) -> Iterator[Finding]:
    """The stored states of each signed-in time against its length in the log."""
    login: list[Span] = []
    for span in [s for s in spans if s.started_at is not None]:
        if login and login[-1].ended_at != span.started_at:
            yield from _day(key, login, rows)
            login = []
        login.append(span)
    if login and opened_at:
        yield from _day(key, login, rows)


def _day(key: AgentKey, login: list[Span], rows: Sequence[Row]) -> Iterator[Finding]:
    began_at, ended_at = login[0].started_at, login[-1].ended_at
    if began_at is None or ended_at is None:
        return  # still signed in: compared once it is over
    signed_in_s = (ended_at - began_at).total_seconds()
    states_s = sum(
        (row["ended_at"] - row["started_at"]).total_seconds()
        for row in rows
        if row["ended_at"] is not None and row["started_at"] >= began_at and row["ended_at"] <= ended_at
    )
    if abs(signed_in_s - states_s) > TOLERANCE_S:
        detail = f"signed in {signed_in_s:.3f} s, states {states_s:.3f} s"
        yield Finding("day_does_not_add_up", f"agent {key[1]} {began_at:%Y-%m-%d %H:%M}", detail)


def _one_state_at_a_time(key: AgentKey, rows: Sequence[Row]) -> Iterator[Finding]:
    for row, following in pairwise(rows):
        if row["ended_at"] is None or row["ended_at"] > following["started_at"]:
            detail = f"{row['state']} and {following['state']} at {following['started_at']}"
            yield Finding("span_overlap", f"agent {key[1]}", detail)
        elif row["ended_at"] < following["started_at"] and following["reason"] != "signed_in":
            detail = f"{row['ended_at']} - {following['started_at']}"
            yield Finding("span_hole", f"agent {key[1]}", detail)


def _checkpoints(books: Books, told: dict[AgentKey, list[Event]]) -> Iterator[Finding]:
    kept = {(row["tenant_id"], row["agent"]): row for row in books.checkpoints}
    for key, events in told.items():
        row, newest = kept.get(key), events[-1]
        if row is None or (row["epoch"], row["seq"], row["stream"]) != (newest.epoch, newest.seq, newest.stream):
            yield Finding("checkpoint_differs", f"agent {key[1]}", f"the newest is {newest.stream} seq {newest.seq}")


def _present(books: Books, told: dict[AgentKey, list[Event]], stories: Sequence[Story]) -> Iterator[Finding]:
    """Who is where now, by the log alone: agents and contacts must agree."""
    over = {(story.tenant, story.id): story.ends[0].at for story in stories if story.is_over}
    for key, events in told.items():
        body = events[-1].body
        ended_at = over.get((key[0], body.get("interaction") or ""))
        if body["state"] in _IN_A_CALL and ended_at is not None and books.now - ended_at > GRACE:
            yield Finding("agent_stuck", f"agent {key[1]}", f"{body['state']} in {body['interaction']}")
        until = body.get("until")
        if body["state"] == "wrap_up" and until and books.now - datetime.fromisoformat(until) > GRACE:
            yield Finding("wrap_up_overdue", f"agent {key[1]}", f"until {until}")
    for story in stories:
        for talk in story.talks.values():
            events = told.get((story.tenant, talk.agent or 0), [])
            if talk.ended_at is None and not story.is_over and events:
                body = events[-1].body
                if body.get("interaction") != story.id:
                    yield Finding("agent_elsewhere", f"agent {talk.agent}", f"{body['state']}; talks in {story.id}")
