"""./dev bench log: how many events a second become durable, and how long each waits for it.

The engine's own journal writes whole contacts (four appends, 14 events, one number in the side table, an entry in the
index of open streams and out of it again, four agents' checkpoints) into the product's own tables. Beside it, in turn,
plain inserts of the same events into a table of the same shape on the same server: ready-made statements of as many
rows as fit one group, nothing else. Both wait for the disk (fsync and synchronous_commit are on).

    ./dev bench log [--json] [--events 100000] [--rate 20000] [--contacts 400] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import uvloop

from bench.calls import percentile
from bench.database import Database
from bench.machine import bench_parts, cpu_s, tree_of
from zhiyin.config.supervisor.service_user import become_service_user
from zhiyin.contracts.events import Envelope, Event, Personal, agent_stream, interaction_stream
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.domain import interactions as i
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.engine.adapters.postgres.lease import PostgresLease
from zhiyin.engine.adapters.postgres.log import PostgresLog
from zhiyin.engine.journal import GROUP, Journal
from zhiyin.engine.spool import Spool

TENANT = 1
AGENTS = 1000
EVENTS_A_CONTACT = 14
#: As many rows as the journal has in its largest groups.
ROWS_A_STATEMENT = GROUP


@dataclass
class Run:
    """One measured run. ``wanted_per_s`` 0: as fast as it goes."""

    side: str
    wanted_per_s: int
    events: int
    took_s: float
    writer_cpu_s: float
    postgres_cpu_s: float
    acks_ms: list[float] = field(repr=False, default_factory=list)

    @property
    def events_per_s(self) -> float:
        return self.events / self.took_s


def steps(number: int, agent: int) -> Iterator[tuple[list[Event], AgentState | None]]:
    """Yield the appends of one contact: its events, and what the agent's state becomes with them."""
    now, leg, offer = datetime.now(UTC), f"{number:x}-leg", f"{number:x}-1-o"
    yield (
        [
            i.InteractionStarted(i.Direction.INBOUND, "voice", leg, f"{number:x}-n", "4008001234", "trunk:1", 1, 1),
            i.NodeEntered("q", "queue"),
            i.QueueEntered(1),
        ],
        None,
    )
    why: dict[str, object] = {"rule": "longest_idle", "version": 1, "waited_s": 0.2, "idle_s": 12.5, "able": 40}
    yield [i.Offered(offer, agent, f"{leg}-1", now, why)], AgentState.ALERTING
    yield (
        [
            i.OfferEnded(offer, agent, i.OfferEnd.ANSWERED),
            i.QueueLeft(1, i.QueueEnd.ANSWERED),
            i.SegmentStarted(1, agent, f"{leg}-1"),
            i.RecordingStarted(f"{number:x}-r1", leg),
        ],
        AgentState.TALKING,
    )
    yield (
        [
            i.SegmentEnded(1, agent, i.SegmentEnd.CUSTOMER_LEFT),
            i.RecordingEnded(f"{number:x}-r1"),
            i.InteractionEnded(i.EndedBy.CUSTOMER, "hangup"),
        ],
        AgentState.READY,
    )


class Contacts:
    """Lives contacts against a journal and notes how long each append took to be durable."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.acks_ms: list[float] = []
        self.events = 0

    async def live(self, number: int) -> None:
        stream, agent = interaction_stream(f"{self._journal.epoch:x}-{number:012x}"), number % AGENTS
        key = ((TENANT, stream),)
        for events, state in steps(number, agent):
            now = datetime.now(UTC)
            envelopes = [self._envelope(stream, event, now, number) for event in events]
            if state is not None:
                changed = AgentStateChanged(agent, state, interaction=stream)
                envelopes.append(self._envelope(agent_stream(agent, now), changed, now, number))
            begins, ends = isinstance(events[0], i.InteractionStarted), isinstance(events[-1], i.InteractionEnded)
            asked_s = time.perf_counter()
            await self._journal.append(tuple(envelopes), opens=key if begins else (), closes=key if ends else ())
            self.acks_ms.append(1000 * (time.perf_counter() - asked_s))
            self.events += len(envelopes)

    def _envelope(self, stream: str, event: Event, now: datetime, number: int) -> Envelope:
        begins = isinstance(event, i.InteractionStarted)
        personal = (Personal(f"{stream}-n", "number", f"+86138{number:08d}"),) if begins else ()
        return self._journal.envelope(
            tenant=TENANT, stream=stream, began=f"{now:%Y-%m}-01", at=now, event=event, personal=personal
        )

    async def at_once(self, contacts: int, alive: int) -> None:
        """Live so many contacts, so many at a time, each step as soon as the one before is durable."""
        numbers = iter(range(contacts))

        async def worker() -> None:
            for number in numbers:
                await self.live(number)

        async with asyncio.TaskGroup() as group:
            for _ in range(alive):
                group.create_task(worker())

    async def at_rate(self, contacts: int, per_s: float) -> None:
        """Begin contacts evenly."""
        loop = asyncio.get_running_loop()
        begin_s = loop.time()
        async with asyncio.TaskGroup() as group:
            for number in range(contacts):
                await asyncio.sleep(max(0.0, begin_s + number / per_s - loop.time()))
                group.create_task(self.live(number))


class Bench:
    def __init__(self, database: Database, given: argparse.Namespace) -> None:
        self._database = database
        self._given = given
        self._epoch = 0

    def _cpu(self) -> tuple[float, float]:
        return time.process_time(), cpu_s(tree_of(self._database.process.pid))

    async def journal(self, rate: int) -> Run:
        """Contacts through the engine's journal; ``rate`` events a second, 0: as fast as it goes."""
        lease = PostgresLease(self._database.urls.engine)
        store = PostgresLog(self._database.urls.engine, sealer=SecretSealer(bytes(32)), lease=lease)
        await store.open()
        try:
            return await self._write_contacts(store, rate)
        finally:
            await lease.give_back()
            await store.close()

    async def _write_contacts(self, store: PostgresLog, rate: int) -> Run:
        self._epoch = await store.take_lease()
        journal = Journal(store, Spool(self._database.folder / "spool", self._epoch), self._epoch)
        await journal.start()
        contacts = Contacts(journal)
        count = self._given.events // EVENTS_A_CONTACT
        mine, server = self._cpu()
        begin_s = time.perf_counter()
        if rate:
            await contacts.at_rate(count, rate / EVENTS_A_CONTACT)
        else:
            await contacts.at_once(count, self._given.contacts)
        took_s = time.perf_counter() - begin_s
        mine_after, server_after = self._cpu()
        if journal.spooled_events:
            raise RuntimeError("PostgreSQL did not keep up: events were spooled")
        await journal.stop()
        return Run("zhiyin", rate, contacts.events, took_s, mine_after - mine, server_after - server, contacts.acks_ms)

    async def raw(self) -> Run:
        """The same rows by ready-made statements, one after the other."""
        return await asyncio.to_thread(self._insert_raw)

    def _insert_raw(self) -> Run:
        with psycopg.connect(self._database.urls.owner, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS bench_log")
            connection.execute("CREATE TABLE bench_log (LIKE event_log INCLUDING ALL)")
            statements = list(self._statements(connection))
            mine, server = self._cpu()
            begin_s = time.perf_counter()
            acks_ms = []
            for statement in statements:
                asked_s = time.perf_counter()
                connection.pgconn.exec_(statement)
                acks_ms.append(1000 * (time.perf_counter() - asked_s))
            took_s = time.perf_counter() - begin_s
            mine_after, server_after = self._cpu()
        events = len(statements) * ROWS_A_STATEMENT
        return Run("raw insert", 0, events, took_s, mine_after - mine, server_after - server, acks_ms)

    def _statements(self, connection: psycopg.Connection[object]) -> Iterator[bytes]:
        """Yield inserts of the rows that the journal wrote last, as text."""
        columns = "tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body"
        found = connection.execute(
            f"SELECT string_agg(format('(%%s,%%L,%%s,%%s,%%L,%%s,%%L,%%L,%%s,%%L)', tenant_id, stream, epoch, seq,"
            f" stream_month, number, at, type, version, body), ',')"
            f" FROM (SELECT *, row_number() OVER () AS row FROM event_log"
            f" WHERE epoch = %s) AS e GROUP BY (row - 1) / {ROWS_A_STATEMENT} HAVING count(*) = {ROWS_A_STATEMENT}",
            (self._epoch,),
        )
        for (values,) in found.fetchall():  # type: ignore[misc] # one column of text
            yield f"INSERT INTO bench_log ({columns}) VALUES {values}".encode()


def table(runs: list[Run]) -> str:
    lines = [f"{'side':11} {'wanted/s':>9} {'events/s':>9} {'ack p50':>8} {'p99 ms':>7} {'CPU us/event':>13}  of it"]
    for run in runs:
        ours, server = 1e6 * run.writer_cpu_s / run.events, 1e6 * run.postgres_cpu_s / run.events
        lines.append(
            f"{run.side:11} {run.wanted_per_s or 'all':>9} {run.events_per_s:9.0f} {percentile(run.acks_ms, 0.5):8.1f} "
            f"{percentile(run.acks_ms, 0.99):7.1f} {ours + server:13.1f}  writer {ours:.1f} postgres {server:.1f}"
        )
    return "\n".join(lines)


def report(runs: list[Run], *, as_json: bool) -> None:
    """Print the table and the ratio: medians of the alternated runs."""
    fastest = {
        side: statistics.median(run.events_per_s for run in runs if run.side == side and not run.wanted_per_s)
        for side in ("zhiyin", "raw insert")
    }
    paced = [run for run in runs if run.wanted_per_s]
    p99 = statistics.median(percentile(run.acks_ms, 0.99) for run in paced)
    kept = statistics.median(run.events_per_s for run in paced)
    ratio = fastest["zhiyin"] / fastest["raw insert"]
    if as_json:
        summary = {"events_per_s": fastest, "ratio": ratio, "paced_events_per_s": kept, "paced_ack_p99_ms": p99}
        shown = [{**asdict(run), "acks_ms": [percentile(run.acks_ms, share) for share in (0.5, 0.99)]} for run in runs]
        print(json.dumps({"summary": summary, "runs": shown}))
        return
    print(table(runs))
    print(f"\nas fast as it goes, median: zhiyin {fastest['zhiyin']:.0f} events/s, raw insert ", end="")
    print(f"{fastest['raw insert']:.0f} events/s, ratio {ratio:.2f}")
    print(f"at {paced[0].wanted_per_s} wanted: {kept:.0f} events/s durable, acknowledged in p99 {p99:.1f} ms")


async def measure(database: Database, given: argparse.Namespace) -> list[Run]:
    bench, runs = Bench(database, given), []
    for _ in range(given.rounds):
        runs += [await bench.journal(given.rate), await bench.journal(0), await bench.raw()]
    return runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=20_000, help="events a second in the paced runs")
    parser.add_argument("--contacts", type=int, default=400, help="contacts alive at a time in the runs at full speed")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    become_service_user(data=Path(tempfile.gettempdir()) / "zhiyin-bench", parts=bench_parts(), module="bench.log")
    database = Database(Path(tempfile.mkdtemp(prefix="zb-")))
    try:
        database.start()
        database.prepare()
        runs = uvloop.run(measure(database, given))
    finally:
        database.stop()
    report(runs, as_json=given.json)


if __name__ == "__main__":
    main()
