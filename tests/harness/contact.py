"""The record of a contact: the API's answer once it is whole, the log's instants, the sound of the recording."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.asterisk_adapter import sound
from tests.harness.api import Api
from tests.harness.product import HOTLINE, Product
from tests.harness.sipp import SippCall, sipp_call
from tests.harness.waiting import until


@dataclass(frozen=True)
class Told:
    """One event of the log."""

    type: str
    at: datetime
    body: dict[str, Any]


@dataclass
class Contact:
    """One contact, followed from its first event. ``product`` has the log, the API the record made from it."""

    product: Product
    id: str

    def events(self) -> list[Told]:
        rows = self.product.rows(
            "SELECT type, at, body FROM event_log WHERE stream = %s ORDER BY epoch, seq", f"i:{self.id}"
        )
        return [Told(row["type"], row["at"], row["body"]) for row in rows]

    def find(self, kind: str) -> Told | None:
        """Return the newest event of the kind."""
        return next((event for event in reversed(self.events()) if event.type == kind), None)

    def at(self, kind: str) -> datetime:
        event = self.find(kind)
        assert event is not None, f"{kind} is not in the log: {[each.type for each in self.events()]}"
        return event.at

    async def tells(self, kind: str, *, within_s: float = 40, times: int = 1) -> Told:
        """Wait until the log has the event so many times; return the newest."""
        await until(
            lambda: sum(event.type == kind for event in self.events()) >= times,
            what=f"{kind} stands in the log",
            within_s=within_s,
        )
        found = self.find(kind)
        assert found is not None
        return found

    async def record(
        self, api: Api, *, when: Callable[[dict[str, Any]], object] | None = None, within_s: float = 40
    ) -> dict[str, Any]:
        """Wait until the record says that the contact is over (and ``when`` holds); return it."""
        seen: dict[str, Any] = {}

        def is_whole() -> bool:
            seen.clear()
            seen.update(api.read(f"/interactions/{self.id}"))
            return bool(seen["ended_at"]) and (when is None or bool(when(seen)))

        try:
            await until(is_whole, what="the record is whole", within_s=within_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {seen}") from None
        return seen


@asynccontextmanager
async def calling(product: Product, *, to: str = HOTLINE, **given: Any) -> AsyncIterator[tuple[SippCall, Contact]]:
    """Call by sipp as ``sipp_call`` does; yield the call and its contact once that stands in the log."""
    before = contacts(product)
    async with sipp_call(product.sip_port, to=to, **given) as call:
        yield call, await newer_contact(product, before)


def contacts(product: Product) -> set[str]:
    """Return the ids of all contacts so far, to tell a new one by."""
    rows = product.rows("SELECT DISTINCT stream FROM event_log WHERE type = 'InteractionStarted'")
    return {row["stream"].removeprefix("i:") for row in rows}


async def newer_contact(product: Product, before: set[str], *, within_s: float = 40) -> Contact:
    """Wait for a contact that is not among ``before``."""
    found: set[str] = set()

    def is_there() -> bool:
        found.update(contacts(product) - before)
        return bool(found)

    await until(is_there, what="a new contact begins", within_s=within_s)
    return Contact(product, found.pop())


@dataclass(frozen=True)
class Recording:
    """A finished recording's two sides, 16-bit PCM at 8 kHz: left the customer, right the agent."""

    left: bytes
    right: bytes

    @property
    def duration_s(self) -> float:
        return len(self.left) / 2 / sound.RATE

    def tones(self, frequency_hz: float, *, within: slice | None = None) -> tuple[float, float]:
        """Return the amplitude of a tone left and right, over a part given in samples or all."""
        part = within or slice(None)
        start, stop, _ = part.indices(len(self.left) // 2)
        cut = slice(start * 2, stop * 2)
        return sound.amplitude(self.left[cut], frequency_hz), sound.amplitude(self.right[cut], frequency_hz)


def listen(api: Api, recording_id: str) -> Recording:
    """Fetch a recording that is ready, as a person who listens to it."""
    with wave.open(io.BytesIO(api.content(f"/recordings/{recording_id}/audio"))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, sound.RATE)
        return Recording(*sound.channels(file.readframes(file.getnframes())))


def has_recording(record: dict[str, Any]) -> bool:
    """Whether the record's recordings are finished: for ``Contact.record``."""
    return bool(record["recordings"]) and all(each["state"] == "ready" for each in record["recordings"])
