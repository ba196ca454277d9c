"""What the worker knows of the work that waits: projections behind the log, jobs, recordings, the database itself.

Asked of the database when somebody asks for figures, by a connection of its own; while the database is away the
figures are missing, which is an alarm by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

_CONNECT_WITHIN_S = 2
_STATEMENT_WITHIN_MS = 3000
#: further behind than this is counted no further
_COUNT_AT_MOST = 100_000

#: The events that a projection has not read. Its age is that of the oldest of them.
PROJECTION_LAG = f"""
    SELECT c.name, count(e.at), coalesce(extract(epoch FROM now() - min(e.at)), 0)
    FROM projection_cursor c LEFT JOIN LATERAL (
        SELECT at FROM event_log WHERE (txid, position) > (c.txid, c.position) LIMIT {_COUNT_AT_MOST}
    ) e ON true GROUP BY c.name
"""  # noqa: S608 - only our own number is put in
_JOBS = """
    SELECT queue_name, status::text, count(*) FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2
"""
_RECORDINGS = """
    SELECT r.state, count(*), coalesce(extract(epoch FROM now() - min(r.started_at)), 0)
    FROM recording r WHERE r.state IN ('recording', 'processing') GROUP BY 1
"""
_DATABASE = """
    SELECT pg_database_size(current_database()),
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
           (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid())
"""


class WaitingWork(Collector):
    def __init__(self, database_url: str) -> None:
        self._url = database_url

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("zhiyin_database_is_up", "1 while the worker reaches the database.")
        try:
            with psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=_CONNECT_WITHIN_S,
                options=f"-c statement_timeout={_STATEMENT_WITHIN_MS}",
            ) as connection:
                found = [
                    *_projections(connection),
                    *_jobs(connection),
                    *_recordings(connection),
                    *_database(connection),
                ]
        except psycopg.Error:
            up.add_metric((), 0)
            return [up]
        up.add_metric((), 1)
        return [up, *found]

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked when it is registered."""
        return ()


def _projections(connection: psycopg.Connection[tuple[object, ...]]) -> Iterable[Metric]:
    events = GaugeMetricFamily("zhiyin_projection_unread_events", "Events not folded yet.", labels=("projection",))
    lag = GaugeMetricFamily("zhiyin_projection_lag_seconds", "Age of the oldest of them.", labels=("projection",))
    for name, number, age_s in connection.execute(PROJECTION_LAG):
        events.add_metric((str(name),), float(str(number)))
        lag.add_metric((str(name),), max(0.0, float(str(age_s))))
    return (events, lag)


def _jobs(connection: psycopg.Connection[tuple[object, ...]]) -> Iterable[Metric]:
    jobs = GaugeMetricFamily("zhiyin_jobs", "Jobs by queue and status.", labels=("queue", "status"))
    for queue, status, number in connection.execute(_JOBS):
        jobs.add_metric((str(queue), str(status)), float(str(number)))
    return (jobs,)


def _recordings(connection: psycopg.Connection[tuple[object, ...]]) -> Iterable[Metric]:
    waiting = GaugeMetricFamily("zhiyin_recordings_unfinished", "Recordings without their file.", labels=("state",))
    oldest = GaugeMetricFamily(
        "zhiyin_recordings_unfinished_oldest_seconds", "Age of the oldest of them.", labels=("state",)
    )
    for state, number, age_s in connection.execute(_RECORDINGS):
        waiting.add_metric((str(state),), float(str(number)))
        oldest.add_metric((str(state),), float(str(age_s)))
    return (waiting, oldest)


def _database(connection: psycopg.Connection[tuple[object, ...]]) -> Iterable[Metric]:
    row = connection.execute(_DATABASE).fetchone()
    assert row is not None
    for name, text, value in zip(
        ("zhiyin_database_bytes", "zhiyin_database_connections", "zhiyin_database_longest_transaction_seconds"),
        ("Size of the database's files.", "Connections to it.", "Age of the oldest open transaction."),
        row,
        strict=True,
    ):
        yield GaugeMetricFamily(name, text, value=float(str(value)))


def make_registry(database_url: str) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(WaitingWork(database_url))
    return registry
