"""The engine's figures for Prometheus: counted where things happen, or read from the live state when asked.

The counters belong to the process, as is the custom of this library: nothing decides by them.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from zhiyin.contracts.frames import EngineHealth
from zhiyin.contracts.metrics import QUICK_S
from zhiyin.contracts.snapshots import Board

REGISTRY = CollectorRegistry()

EVENTS = Counter("zhiyin_events", "Events of the log that became durable, by type.", ("type",), registry=REGISTRY)


@cache
def counter_of_events(name: str) -> Counter:
    """Return the counter of one type of event, found once: ``labels`` looks for it under a lock each time."""
    return EVENTS.labels(name)


GROUP_EVENTS = Histogram(
    "zhiyin_journal_group_events",
    "Events written in one transaction.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000),
    registry=REGISTRY,
)
ACKNOWLEDGED_S = Histogram(
    "zhiyin_journal_ack_seconds",
    "From the oldest append of a group until it is durable.",
    buckets=QUICK_S,
    registry=REGISTRY,
)
SPOOL_FAILURES = Counter("zhiyin_spool_failures", "Writes of the spool that failed (disk full).", registry=REGISTRY)
ARI_S = Histogram(
    "zhiyin_ari_request_seconds",
    "Requests to Asterisk until their answer, by kind.",
    ("kind",),
    buckets=QUICK_S,
    registry=REGISTRY,
)
ARI_FAILURES = Counter(
    "zhiyin_ari_failures", "Requests that Asterisk did not answer (away, late).", ("kind",), registry=REGISTRY
)
COMMANDS_S = Histogram(
    "zhiyin_command_seconds", "Commands of desks and of web, by kind.", ("command",), buckets=QUICK_S, registry=REGISTRY
)
REFUSALS = Counter("zhiyin_command_refusals", "Commands that were refused, by code.", ("code",), registry=REGISTRY)
OUTSIDE_REQUESTS = Counter(
    "zhiyin_flow_requests", "What flows asked outside, by kind and outcome.", ("kind", "outcome"), registry=REGISTRY
)
ADMISSION = Gauge(
    "zhiyin_admission_calls_per_second", "New calls let in; infinite while nothing is late.", registry=REGISTRY
)
LAG_S = Histogram("zhiyin_engine_loop_lag_seconds", "How late the loop comes.", buckets=QUICK_S, registry=REGISTRY)


class LiveState(Collector):
    """Contacts, agents and queues as they are when somebody asks."""

    def __init__(
        self,
        *,
        boards: Callable[[], Iterable[Board]],
        health: Callable[[], EngineHealth],
        now: Callable[[], datetime],
        pool: Callable[[], Mapping[str, int]],
    ) -> None:
        self._boards = boards
        self._health = health
        self._now = now
        self._pool = pool

    def collect(self) -> Iterable[Metric]:
        boards, now = list(self._boards()), self._now()
        yield from _contacts(boards)
        yield from _agents(boards)
        yield from _queues(boards, now)
        yield from _engine(self._health())
        pool = GaugeMetricFamily("zhiyin_engine_pool", "The engine's database connections.", labels=("what",))
        for what, value in self._pool().items():
            pool.add_metric((what,), value)
        yield pool


def _contacts(boards: list[Board]) -> Iterable[Metric]:
    contacts = GaugeMetricFamily("zhiyin_contacts", "Live contacts by phase.", labels=("company", "phase", "direction"))
    offers = GaugeMetricFamily("zhiyin_offers", "Offers that ring now.", labels=("company",))
    for board in boards:
        tally = Tally((row.phase.value, row.direction.value) for row in board.interactions)
        for (phase, direction), number in sorted(tally.items()):
            contacts.add_metric((str(board.tenant), phase, direction), number)
        offers.add_metric((str(board.tenant),), sum(len(row.offers) for row in board.interactions))
    yield from (contacts, offers)


def _agents(boards: list[Board]) -> Iterable[Metric]:
    agents = GaugeMetricFamily("zhiyin_agents", "Agents by state.", labels=("company", "state"))
    for board in boards:
        for state, number in sorted(Tally(row.state.value for row in board.agents).items()):
            agents.add_metric((str(board.tenant), state), number)
    yield agents


def _queues(boards: list[Board], now: datetime) -> Iterable[Metric]:
    labels = ("company", "queue", "name")
    waiting = GaugeMetricFamily("zhiyin_queue_waiting", "Contacts that wait.", labels=labels)
    oldest = GaugeMetricFamily("zhiyin_queue_oldest_wait_seconds", "How long the first one waits.", labels=labels)
    ready = GaugeMetricFamily("zhiyin_queue_agents_ready", "Agents who could be offered one.", labels=labels)
    for board in boards:
        for row in board.queues:
            names = (str(board.tenant), str(row.id), row.name)
            waited_s = (now - row.oldest_queued_at).total_seconds() if row.oldest_queued_at else 0.0
            waiting.add_metric(names, row.waiting)
            oldest.add_metric(names, max(0.0, waited_s))
            ready.add_metric(names, row.agents_ready)
    yield from (waiting, oldest, ready)


def _engine(health: EngineHealth) -> Iterable[Metric]:
    for name, text, value in (
        ("zhiyin_live_calls", "Contacts that are not over.", health.live_calls),
        ("zhiyin_spooled_events", "Events that wait on disk for the log.", health.spooled_events),
        ("zhiyin_log_is_away", "1 while events are spooled.", health.log != "ok"),
        ("zhiyin_asterisk_is_up", "1 while the engine has Asterisk.", health.asterisk == "ok"),
        ("zhiyin_engine_descriptors_are_short", "1 while hardly any can be opened.", health.are_descriptors_short),
        ("zhiyin_engine_is_draining", "1 while no new calls are taken.", health.is_draining),
        ("zhiyin_engine_epoch", "Counts the engines there were.", health.epoch),
        ("zhiyin_engine_started_timestamp_seconds", "When this engine began.", health.started_at.timestamp()),
    ):
        yield GaugeMetricFamily(name, text, value=float(value))
