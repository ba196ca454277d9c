"""The one writer of the engine's events: numbers them, commits them in groups, spools while the log is away.

Commit before effect: whoever decided something awaits the ``Future`` that ``append`` returns before acting on it.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from zhiyin.contracts.events import EVENT_TYPES, Envelope, Event, Personal, encode_body
from zhiyin.domain.agents import AgentStateChanged
from zhiyin.engine import metrics
from zhiyin.engine.log_port import Checkpoint, LogAway, LogBatch, LogRefused, LogStore
from zhiyin.engine.spool import Spool

log = structlog.get_logger(__name__)

#: After the log was lost, how long to wait between attempts to reach it again.
RETRY_S = 1.0
#: At most this many batches go into one transaction.
GROUP = 500


class Journal:
    """Appends are synchronous and keep their order; durability is awaited."""

    def __init__(self, store: LogStore, spool: Spool, epoch: int) -> None:
        self._store = store
        self._spool = spool
        self.epoch = epoch
        self.number = 0
        self._sequences: dict[tuple[int, str], int] = {}
        self._waiting: list[tuple[LogBatch, asyncio.Future[None]]] = []
        self._oldest_at = 0.0
        self._wake = asyncio.Event()
        self._is_away = False
        self._writes = 0
        self._writer: asyncio.Task[None] | None = None
        self._drainer: asyncio.Task[None] | None = None
        self.on_durable: Callable[[LogBatch], None] = lambda _batch: None
        #: told why nothing can be written any more: whoever waits for it would wait for ever
        self.on_broken: Callable[[BaseException], None] = lambda _why: None

    @property
    def is_spooling(self) -> bool:
        return self._is_away

    @property
    def is_writing(self) -> bool:
        """Whether events wait to become durable."""
        return bool(self._waiting) or self._writes > 0

    @property
    def spooled_events(self) -> int:
        return self._spool.events

    @property
    def refused_events(self) -> int:
        return self._spool.refused_events

    async def start(self) -> None:
        """Bring what an earlier engine spooled into the log, then write. Raises ``LogAway``."""
        for path, batches in list(self._spool.pending()):
            await self._drain_file(path, batches)
        self._writer = asyncio.create_task(self._write_forever(), name="journal")

    async def stop(self) -> None:
        """Make everything appended durable, then stop."""
        while self._waiting:
            with suppress(Exception):
                await asyncio.shield(self._waiting[-1][1])
        for task in (self._writer, self._drainer):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    def abandon(self) -> None:
        """Stop at once; what was not yet written is lost, as when the process is killed."""
        for task in (self._writer, self._drainer):
            if task is not None:
                task.cancel()

    def envelope(
        self, *, tenant: int, stream: str, began: str, at: datetime, event: Event, personal: Iterable[Personal] = ()
    ) -> Envelope:
        """Give the event its place in its stream and its number in the epoch."""
        key = (tenant, stream)
        sequence = self._sequences.get(key, 0) + 1
        self._sequences[key] = sequence
        self.number += 1
        name = type(event).__name__
        return Envelope(
            tenant=tenant,
            stream=stream,
            epoch=self.epoch,
            seq=sequence,
            began=began,
            at=at,
            type=name,
            version=EVENT_TYPES[name][0],
            body=msgspec.Raw(encode_body(event)),
            number=self.number,
            personal=tuple(personal),
        )

    def append(
        self,
        envelopes: tuple[Envelope, ...],
        *,
        opens: tuple[tuple[int, str], ...] = (),
        closes: tuple[tuple[int, str], ...] = (),
    ) -> asyncio.Future[None]:
        """Take the events for writing; the future is done when they are durable (log or spool)."""
        checkpoints = tuple(
            Checkpoint(event.agent, envelope)
            for envelope in envelopes
            if envelope.type == "AgentStateChanged" and isinstance(event := envelope.event(), AgentStateChanged)
        )
        for key in closes:
            self._sequences.pop(key, None)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._oldest_at = time.perf_counter()
        self._waiting.append((LogBatch(envelopes, opens, closes, checkpoints), future))
        self._wake.set()
        return future

    async def written(self) -> None:
        """Return once all that was appended until now is durable."""
        await self.append(())

    async def _write_forever(self) -> None:
        try:
            await self._write_on()
        except Exception as error:
            log.exception("journal_broke")
            self.on_broken(error)

    async def _write_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            # What one call's events set off in another (an agent freed, the next caller found) is decided in this very
            # turn of the loop: let it into the same group, or it would wait for two.
            await asyncio.sleep(0)
            while self._waiting:
                group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                self._writes += 1
                oldest_at = self._oldest_at
                await self._make_durable([batch for batch, _ in group])
                self._writes -= 1
                _count([batch for batch, _ in group], waited_s=time.perf_counter() - oldest_at)
                for batch, future in group:
                    if not future.done():
                        future.set_result(None)
                    self.on_durable(batch)

    async def _make_durable(self, batches: list[LogBatch]) -> None:
        """Write to the log, or to the spool while the log is away. Keeps trying: an event is never dropped."""
        while True:
            if not self._is_away:
                try:
                    await self._write(batches)
                except LogAway as error:
                    log.warning("log_away", why=str(error))
                    self._is_away = True
                    if self._drainer is None or self._drainer.done():
                        self._drainer = asyncio.create_task(self._drain(), name="journal-drain")
                else:
                    return
            try:
                self._spool.append(_merged(batches))
            except OSError as error:
                metrics.SPOOL_FAILURES.inc()
                log.error("spool_failed", why=str(error))
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def _write(self, batches: list[LogBatch]) -> None:
        """Write to the log; an event that it will never take is set aside alone, so that all others go on."""
        try:
            await self._store.write(batches)
        except LogRefused as error:
            parts = batches if len(batches) > 1 else _halves(batches[0])
            if len(parts) > 1:
                middle = len(parts) // 2
                await self._write(parts[:middle])
                await self._write(parts[middle:])
                return
            log.error("event_refused", why=str(error), events=[e.type for e in batches[0].envelopes])
            await self._set_aside(batches[0])

    async def _set_aside(self, batch: LogBatch) -> None:
        """Keep it for a person; where there is no room or no descriptor for it, later: all others wait with it."""
        while True:
            try:
                self._spool.set_aside(batch)
            except OSError as error:
                metrics.SPOOL_FAILURES.inc()
                log.error("spool_failed", why=str(error))
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def _drain(self) -> None:
        """Bring spooled events into the log as soon as it is back; order within a stream is kept by ``seq``."""
        while True:
            try:
                for path, batches in list(self._spool.pending()):
                    await self._drain_file(path, batches)
                await self._store.write([])
                if self._spool.is_empty:
                    self._is_away = False
                    return
            except LogAway:
                await asyncio.sleep(RETRY_S)
            except OSError as error:  # no file descriptor left, the disk fails: the file stands, and is read again
                log.error("spool_unreadable", why=str(error))
                await asyncio.sleep(RETRY_S)
            except Exception as error:  # what is spooled would never reach the log, and nobody would know
                log.exception("spool_drain_broke")
                self.on_broken(error)
                return

    async def _drain_file(self, path: Path, batches: list[LogBatch]) -> None:
        for start in range(0, len(batches), GROUP):
            await self._write(batches[start : start + GROUP])
        written = sum(len(batch.envelopes) for batch in batches)
        if path == self._spool.path and self._spool.events > written:
            return  # more came in meanwhile: the next round reads the file again
        self._spool.drained(path)
        log.info("spool_drained", events=written)


def _count(batches: list[LogBatch], *, waited_s: float) -> None:
    types = Counter(envelope.type for batch in batches for envelope in batch.envelopes)
    for name, number in types.items():
        metrics.counter_of_events(name).inc(number)
    metrics.GROUP_EVENTS.observe(types.total())
    metrics.ACKNOWLEDGED_S.observe(waited_s)


def _halves(batch: LogBatch) -> list[LogBatch]:
    """Return the batch in two, or as it is where it has one event only."""
    if len(batch.envelopes) < 2:
        return [batch]
    middle = len(batch.envelopes) // 2
    first, last = batch.envelopes[:middle], batch.envelopes[middle:]
    begun = {(envelope.tenant, envelope.stream) for envelope in first}
    return [
        LogBatch(
            first,
            tuple(key for key in batch.opens if key in begun),
            (),
            tuple(checkpoint for checkpoint in batch.checkpoints if checkpoint.envelope in first),
        ),
        LogBatch(
            last,
            tuple(key for key in batch.opens if key not in begun),
            batch.closes,
            tuple(checkpoint for checkpoint in batch.checkpoints if checkpoint.envelope in last),
        ),
    ]


def _merged(batches: list[LogBatch]) -> LogBatch:
    if len(batches) == 1:
        return batches[0]
    return LogBatch(
        tuple(envelope for batch in batches for envelope in batch.envelopes),
        tuple(key for batch in batches for key in batch.opens),
        tuple(key for batch in batches for key in batch.closes),
        tuple(checkpoint for batch in batches for checkpoint in batch.checkpoints),
    )
