"""What the engine asks of the event log's store. PostgreSQL implements it; tests and the simulator use a list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from zhiyin.contracts.events import Envelope
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.agents import Agent
from zhiyin.domain.metrics.definitions import QueueFigures
from zhiyin.domain.routing.canaries import Canary
from zhiyin.domain.routing.classes import KnownCaller
from zhiyin.domain.routing.tallies import Tally


class LogAway(Exception):
    """The store cannot be reached; what was to be written must be spooled."""


class LogRefused(Exception):
    """The store is there and will never take these events: something in them cannot be stored."""


class TermOver(Exception):
    """Another engine leads: nothing of this one may be written any more."""


class Checkpoint(msgspec.Struct, frozen=True):
    """An agent's newest event, kept beside the log so that a start reads one row an agent."""

    agent: int
    envelope: Envelope


class LogBatch(msgspec.Struct, frozen=True):
    """Events that become durable together. ``opens`` and ``closes`` (tenant, stream) keep the index of open streams."""

    envelopes: tuple[Envelope, ...]
    opens: tuple[tuple[int, str], ...] = ()
    closes: tuple[tuple[int, str], ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


class WrapUpDue(msgspec.Struct, frozen=True):
    """A conversation whose wrap-up is not over; ``since`` None: it has not begun."""

    interaction: str
    agent: int
    queue: int
    since: datetime | None = None
    reason: str | None = None


class DayCheckpoint(msgspec.Struct, frozen=True):
    """A company's figures of one day as of an instant: all events up to ``number`` of term ``epoch`` are in them."""

    day_began_at: datetime
    at: datetime
    epoch: int
    number: int
    queues: dict[int, QueueFigures]
    wrap_ups: tuple[WrapUpDue, ...] = ()
    #: what each agent did, and since when each is what
    tallies: dict[int, Tally] = {}
    states: tuple[Agent, ...] = ()
    #: by the code of a class with a target of its own
    classes: dict[str, QueueFigures] = {}
    #: of changed rules on trial: since they began, whatever the day
    canary: Canary | None = None

    def holds(self, envelope: Envelope) -> bool:
        """Return whether the event is counted in it."""
        return (envelope.epoch, envelope.number) <= (self.epoch, self.number)


class PastCursor(msgspec.Struct, frozen=True):
    """The last event of a page."""

    at: datetime
    position: int


class OpenStream(msgspec.Struct, frozen=True):
    """A contact that was not over when its engine ended: all its events, and the values they refer to."""

    tenant: int
    stream: str
    envelopes: tuple[Envelope, ...]
    personal: dict[str, str]


class LogStore(Protocol):
    async def take_lease(self) -> int:
        """Become the leader: return the new epoch. Raises ``LogAway``."""
        ...

    async def write(self, batches: Sequence[LogBatch]) -> None:
        """Write all in one transaction; a repeated envelope is ignored.

        Raises ``LogAway``, ``LogRefused`` and ``TermOver``.
        """
        ...

    async def newest_at(self) -> datetime | None:
        """Return the newest instant in the log."""
        ...

    async def settings(self) -> list[TenantSettings]: ...

    async def open_streams(self) -> list[OpenStream]: ...

    async def checkpoints(self) -> list[tuple[int, Checkpoint]]:
        """Return (tenant, newest state event) of every agent."""
        ...

    async def choices(self) -> list[tuple[int, Envelope]]:
        """Return (tenant, newest event by which it was ready, not ready or resting) of every agent who is neither.

        An agent in a contact becomes that again afterwards.
        """
        ...

    async def events_since(self, tenant: int, since: datetime, *, types: Sequence[str]) -> list[Envelope]:
        """Return a company's events of these types from ``since`` on, in order: of a day, not of weeks."""
        ...

    async def stream_since(self, tenant: int, stream: str, since: datetime) -> list[Envelope]:
        """Return the events of one stream from ``since`` on, in order. Raises ``LogAway``."""
        ...

    async def past_page(
        self,
        tenant: int,
        since: datetime,
        *,
        before_epoch: int,
        after: PastCursor | None,
        types: Sequence[str] | None = None,
    ) -> tuple[list[Envelope], PastCursor | None]:
        """Return some of a company's events of earlier engines from ``since`` on, in order, and where to read on.

        There may be a million of them. ``types`` None: of all. None: that was the last page. Raises ``LogAway``.
        """
        ...

    async def save_day(self, tenant: int, checkpoint: DayCheckpoint) -> None:
        """Keep a company's figures in place of those kept before. Raises ``LogAway`` and ``TermOver``."""
        ...

    async def saved_day(self, tenant: int) -> DayCheckpoint | None:
        """Return what was kept last."""
        ...

    async def events_beyond(self, tenant: int, checkpoint: DayCheckpoint, *, before_epoch: int) -> list[Envelope]:
        """Return a company's events that a checkpoint does not hold, of earlier engines, in order.

        With them all events of the contacts that they belong to.
        """
        ...

    async def known_caller(self, tenant: int, number: str) -> KnownCaller | None:
        """Return what the company's records say of a canonical number; None for a stranger. Raises ``LogAway``."""
        ...

    async def last_survey(self, tenant: int, number: str) -> datetime | None:
        """Return when the customer with this canonical number, or with another of its numbers, was asked last how it
        was; None: never. Raises ``LogAway``."""
        ...

    async def find_customers(self, tenant: int, by: str, value: str, fields: Sequence[str]) -> list[dict[str, str]]:
        """Return the ``fields`` of the customers with a number in canonical form (``by`` "number"), or whose field of
        the company's own (``by`` its code) holds ``value``; those changed last first. Raises ``LogAway``."""
        ...

    def settings_changes(self) -> AsyncIterator[int]:
        """Yield the id of each tenant whose settings changed; ends when the connection is lost."""
        ...

    async def close(self) -> None: ...
