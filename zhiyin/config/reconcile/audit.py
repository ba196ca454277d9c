"""One audit from beginning to end: read, compare, look again where things move, print."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from zhiyin.config.reconcile import asterisk_checks, figure_checks, published
from zhiyin.config.reconcile.agent_checks import check_agents
from zhiyin.config.reconcile.books import Books, end_of_log, read_books
from zhiyin.config.reconcile.contact_checks import Story, check_contacts, read_stories
from zhiyin.config.reconcile.findings import Finding
from zhiyin.config.reconcile.log_checks import check_log
from zhiyin.config.reconcile.recording_checks import check_recordings
from zhiyin.config.supervisor.words import in_words
from zhiyin.contracts.links import PartLink

#: between the two looks at what moves
LOOK_AGAIN_AFTER_S = 3.0
_FIGURES_TRIES = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """What is audited. ``engine`` and ``asterisk`` may be absent; then what they would say is not compared.

    Of several machines ``nodes`` are their Asterisks.
    """

    database_url: str
    recordings: Path
    asterisk: asterisk_checks.AsteriskDoor | None = None
    nodes: tuple[asterisk_checks.AsteriskDoor, ...] = ()
    engine: PartLink | None = None
    #: calls without sound (a load of signalling only) have empty recordings
    has_sound: bool = True
    #: today's figures cost a process of their own
    has_figures: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...]
    contacts: int
    events: int
    #: what could not be compared, in words (English, Chinese)
    left_out: tuple[tuple[str, str], ...] = ()


def audit(subject: Subject, *, since: datetime) -> Report:
    """Return all that does not add up. What moves counts only if a second look shows it too."""
    left_out: list[tuple[str, str]] = []
    first, books, stories = _look(subject, since, left_out)
    doubtful = {finding for finding in first if finding.code in _MOVING}
    if doubtful:
        time.sleep(LOOK_AGAIN_AFTER_S)
        second, books, stories = _look(subject, since, left_out)
        doubtful &= set(second)
    figures = _figures(subject, since, left_out) if subject.has_figures else ()
    findings = {finding for finding in first if finding.code not in _MOVING} | doubtful | set(figures)
    return Report(
        findings=tuple(sorted(findings)),
        contacts=len(stories),
        events=sum(len(events) for events in books.contacts.values()) + len(books.agent_events),
        left_out=tuple(left_out),
    )


#: what a difference between two reading times can look like
_MOVING = frozenset(
    {
        "leg_missing",
        "leg_orphan",
        "bridge_orphan",
        "contact_stays_open",
        "asterisk_silent",
        "projection_behind",
        "agent_stuck",
        "wrap_up_overdue",
        "recording_lost",
        "recording_orphan",
        "recording_undeleted",
        "deletion_differs",
        "recording_short",
        "recording_broken",
    }
)


def _look(
    subject: Subject, since: datetime, left_out: list[tuple[str, str]]
) -> tuple[list[Finding], Books, list[Story]]:
    with psycopg.connect(subject.database_url, connect_timeout=5) as connection:
        stock = _stock(subject)
        books = read_books(connection, since)
    stories = read_stories(books)
    findings = [
        *check_log(books),
        *check_contacts(books, stories),
        *check_agents(books, stories),
        *check_recordings(books, stories, subject.recordings, does_measure=subject.has_sound),
    ]
    if isinstance(stock, Finding):
        findings.append(stock)
    elif stock is not None:
        findings += asterisk_checks.compare(books, stories, stock)
        left_out[:] = _unseen(stock.silent)
    return findings, books, stories


def _unseen(silent: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is on a node that did not answer goes on there, as far as anybody knows (decision 72)."""
    for node in sorted(silent):
        yield (
            f"Node {node} did not answer: contacts that may live there were not compared with it.",
            f"节点 {node} 没有应答：可能在其上的联络未与它核对。",
        )


def _stock(subject: Subject) -> asterisk_checks.Stock | Finding | None:
    if subject.nodes:
        return asterisk_checks.take_stock_of_all(subject.nodes)
    if subject.asterisk is None:
        return None
    try:
        return asterisk_checks.take_stock(subject.asterisk)
    except asterisk_checks.AsteriskSilent as error:
        return Finding("asterisk_silent", subject.asterisk.url, str(error))


def _figures(subject: Subject, since: datetime, left_out: list[tuple[str, str]]) -> Iterator[Finding]:
    """Compare today's figures over a moment in which nothing was written."""
    with psycopg.connect(subject.database_url, connect_timeout=5) as connection:
        for _ in range(_FIGURES_TRIES):
            books = read_books(connection, since)
            oldest_day = min(
                (figure_checks.day_began_at(row["time_zone"], books.now) for row in books.tenants.values()),
                default=since,
            )
            if since > oldest_day:
                books = read_books(connection, oldest_day)
            reported = published.reported_figures(subject.database_url)
            board = published.board_figures(subject.engine, len(books.tenants)) if subject.engine else None
            counted = figure_checks.count(books, read_stories(books))
            newest = max((event.place for events in books.contacts.values() for event in events), default=(0, 0))
            if newest <= books.cursor and end_of_log(connection) == books.end:
                yield from figure_checks.compare(counted, reported, by="reports")
                if board is not None:
                    yield from figure_checks.compare(counted, board, by="board")
                return
            time.sleep(1)
    left_out.append(
        ("Today's figures were not compared: calls went on all the time.", "通话持续进行，未比对当日指标。")
    )


def print_report(report: Report, *, is_json: bool) -> int:
    """Print the findings; return 0 when there are none, else 1."""
    if is_json:
        print(json.dumps(_as_json(report), ensure_ascii=False))
        return 1 if report.findings else 0
    for finding in report.findings:
        print(f"{finding.code:22} {finding.subject:40} {in_words(finding.en, finding.zh)}")
    for words in report.left_out:
        print(in_words(*words))
    counts = f"{report.contacts} contacts, {report.events} events", f"{report.contacts} 个联络，{report.events} 个事件"
    if report.findings:
        print(
            in_words(
                f"{len(report.findings)} findings in {counts[0]}.", f"{counts[1]}，发现 {len(report.findings)} 处不符。"
            )
        )
        return 1
    print(in_words(f"All adds up: {counts[0]}.", f"账目一致：{counts[1]}。"))
    return 0


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "contacts": report.contacts,
        "events": report.events,
        "findings": [
            {"code": f.code, "subject": f.subject, "detail": f.detail, "en": f.en, "zh": f.zh} for f in report.findings
        ],
        "left_out": [en for en, _ in report.left_out],
    }
