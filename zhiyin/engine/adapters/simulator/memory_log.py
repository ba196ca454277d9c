"""The event log as a list. ``is_away`` makes it unreachable, as a PostgreSQL that is down; ``hangs`` lets each write
wait for the statement's time limit, ``write_s`` makes it slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from zhiyin.contracts.events import Envelope
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.agents import CHOSEN, AgentStateChanged
from zhiyin.domain.routing.classes import KnownCaller
from zhiyin.engine.log_port import (
    Checkpoint,
    DayCheckpoint,
    LogAway,
    LogBatch,
    LogRefused,
    OpenStream,
    PastCursor,
    TermOver,
)

#: How long the adapter of PostgreSQL waits for a statement.
STATEMENT_TIMEOUT_S = 5.0
PAST_PAGE = 100


class MemoryLog:
    """Implements ``LogStore``. A repeated envelope is ignored, as the unique key does it in PostgreSQL."""

    def __init__(self, settings: Sequence[TenantSettings] = ()) -> None:
        self.envelopes: list[Envelope] = []
        self.personal: dict[tuple[int, str], dict[str, str]] = {}
        self.open: dict[tuple[int, str], None] = {}
        self.is_away = False
        #: "before": writes time out and nothing is written; "after": they are written, but the answer is lost
        self.hangs: Literal["", "before", "after"] = ""
        self.write_s = 0.002
        #: what is known of whom, by company and number, and how long it takes to say so
        self.callers: dict[tuple[int, str], KnownCaller] = {}
        self.look_up_s = 0.002
        #: customers' fields, their numbers among them as "number"
        self.customers: list[tuple[int, dict[str, str]]] = []
        self.streams: dict[tuple[int, str], list[Envelope]] = {}
        self.on_written: Callable[[Envelope], None] = lambda _envelope: None
        self.epoch = 0
        self._keys: set[tuple[int, str, int, int]] = set()
        #: (company, number) -> when somebody with it was asked last how it was
        self.surveys: dict[tuple[int, str], datetime] = {}
        self._settings = {s.tenant: s for s in settings}
        self._checkpoints: dict[tuple[int, int], Checkpoint] = {}
        self._days: dict[int, bytes] = {}
        self._changed = asyncio.Event()

    def change_settings(self, settings: TenantSettings) -> None:
        self._settings[settings.tenant] = settings
        self._changed.set()

    async def known_caller(self, tenant: int, number: str) -> KnownCaller | None:
        await asyncio.sleep(self.look_up_s)
        self._check()
        return self.callers.get((tenant, number))

    async def last_survey(self, tenant: int, number: str) -> datetime | None:
        await asyncio.sleep(self.look_up_s)
        self._check()
        return self.surveys.get((tenant, number))

    async def find_customers(self, tenant: int, by: str, value: str, fields: Sequence[str]) -> list[dict[str, str]]:
        await asyncio.sleep(self.look_up_s)
        self._check()
        found = (fits for company, fits in self.customers if company == tenant and fits.get(by) == value)
        return [{name: each[name] for name in fields if each.get(name)} for each in found]

    async def take_lease(self) -> int:
        self._check()
        self.epoch += 1
        return self.epoch

    async def write(self, batches: Sequence[LogBatch], *, takes_s: float | None = None) -> None:
        await asyncio.sleep(self.write_s if takes_s is None else takes_s)
        self._check()
        if any("\\u0000" in bytes(e.body).decode() for batch in batches for e in batch.envelopes):
            raise LogRefused("unsupported Unicode escape sequence")
        hangs = self.hangs
        if hangs != "before":
            self._write(batches)
        if hangs:
            await asyncio.sleep(STATEMENT_TIMEOUT_S)
            raise LogAway("the simulated log did not answer in time")

    def _write(self, batches: Sequence[LogBatch]) -> None:
        for batch in batches:
            for envelope in batch.envelopes:
                key = (envelope.tenant, envelope.stream, envelope.epoch, envelope.seq)
                if key in self._keys:
                    continue
                self._keys.add(key)
                self.envelopes.append(envelope)
                stream = (envelope.tenant, envelope.stream)
                self.streams.setdefault(stream, []).append(envelope)
                if envelope.personal:
                    values = self.personal.setdefault(stream, {})
                    values.update({personal.ref: personal.value for personal in envelope.personal})
                self.on_written(envelope)
            self.open.update(dict.fromkeys(batch.opens))
            for key_closed in batch.closes:
                self.open.pop(key_closed, None)
            for checkpoint in batch.checkpoints:
                self._checkpoints[checkpoint.envelope.tenant, checkpoint.agent] = checkpoint

    async def newest_at(self) -> datetime | None:
        self._check()
        return max((envelope.at for envelope in self.envelopes), default=None)

    async def settings(self) -> list[TenantSettings]:
        self._check()
        return list(self._settings.values())

    async def open_streams(self) -> list[OpenStream]:
        self._check()
        return [
            OpenStream(
                tenant,
                stream,
                tuple(self.streams.get((tenant, stream), ())),
                dict(self.personal.get((tenant, stream), {})),
            )
            for tenant, stream in self.open
        ]

    def checkpoint_of(self, tenant: int, agent: int) -> Checkpoint | None:
        return self._checkpoints.get((tenant, agent))

    async def checkpoints(self) -> list[tuple[int, Checkpoint]]:
        self._check()
        return [(tenant, checkpoint) for (tenant, _), checkpoint in self._checkpoints.items()]

    async def choices(self) -> list[tuple[int, Envelope]]:
        self._check()
        newest: dict[tuple[int, int], Envelope] = {}
        for envelope in self.envelopes:
            event = envelope.event()
            if isinstance(event, AgentStateChanged) and event.state in CHOSEN:
                newest[envelope.tenant, event.agent] = envelope
        return [(tenant, envelope) for (tenant, _), envelope in newest.items()]

    async def events_since(self, tenant: int, since: datetime, *, types: Sequence[str]) -> list[Envelope]:
        self._check()
        return [e for e in self.envelopes if e.tenant == tenant and e.at >= since and e.type in types]

    async def stream_since(self, tenant: int, stream: str, since: datetime) -> list[Envelope]:
        self._check()
        return [e for e in self.envelopes if e.tenant == tenant and e.stream == stream and e.at >= since]

    async def past_page(
        self,
        tenant: int,
        since: datetime,
        *,
        before_epoch: int,
        after: PastCursor | None,
        types: Sequence[str] | None = None,
    ) -> tuple[list[Envelope], PastCursor | None]:
        self._check()
        first = after.position if after else 0
        mine = [e for e in self.envelopes if e.tenant == tenant and e.at >= since and e.epoch < before_epoch]
        past = [e for e in mine if types is None or e.type in types]
        page = past[first : first + PAST_PAGE]
        beyond = first + len(page)
        return page, PastCursor(since, beyond) if beyond < len(past) else None

    async def save_day(self, tenant: int, checkpoint: DayCheckpoint) -> None:
        self._check()
        if checkpoint.epoch != self.epoch:
            raise TermOver
        self._days[tenant] = msgspec.json.encode(checkpoint)

    async def saved_day(self, tenant: int) -> DayCheckpoint | None:
        self._check()
        saved = self._days.get(tenant)
        return None if saved is None else msgspec.json.decode(saved, type=DayCheckpoint)

    async def events_beyond(self, tenant: int, checkpoint: DayCheckpoint, *, before_epoch: int) -> list[Envelope]:
        self._check()
        mine = [e for e in self.envelopes if e.tenant == tenant and e.epoch < before_epoch]
        news = [e for e in mine if e.epoch and not checkpoint.holds(e)]
        contacts = {e.stream for e in news if e.stream.startswith("i:")}
        wanted = {id(e) for e in news} | {id(e) for e in mine if e.stream in contacts}
        return sorted((e for e in mine if id(e) in wanted), key=lambda e: e.at)

    async def settings_changes(self) -> AsyncIterator[int]:
        while True:
            await self._changed.wait()
            self._changed.clear()
            yield 0

    async def close(self) -> None:
        pass

    def _check(self) -> None:
        if self.is_away:
            raise LogAway("the simulated log is away")
