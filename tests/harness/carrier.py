"""A carrier: a second, real Asterisk on this machine that takes the company's calls and calls the company.

It is led through the product's own adapter. What becomes of a call to it is decided by the number dialled.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.instance import AsteriskInstance
from tests.harness.waiting import until
from zhiyin.engine.adapters.asterisk import AsteriskTelephony
from zhiyin.engine.ports import (
    CallArrived,
    Fact,
    LegAnswered,
    LegGone,
    LegGoneFact,
    PlaybackEnded,
    SipIdentity,
    TelephonyUp,
    Trunk,
)

#: the account with which the company's trunk registers
ACCOUNT, SECRET = "company", "carrier-secret"
#: what the carrier's side plays, to whoever listens
CARRIER_TONE_HZ = 700.0
ANSWERS, BUSY, SILENT, REFUSES = "13900000001", "13900000002", "13900000003", "13900000004"
_PRODUCT = 1


@dataclass
class Carrier:
    """One running carrier. ``legs`` are the calls that are up, by the number dialled or called from."""

    asterisk: AsteriskInstance
    telephony: AsteriskTelephony = field(init=False)
    is_up: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: list[CallArrived] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    ended: dict[str, str] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=itertools.count)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.telephony = AsteriskTelephony(self.asterisk.address, on_fact=self._take)

    async def call(self, number: str, *, caller: str) -> str:
        """Call the company's number; returns the leg once it is answered. The carrier's tone is heard there."""
        leg = f"carrier-{next(self._ids)}"
        await self.telephony.ring(
            leg, to=f"trunk:{_PRODUCT}:{number}", caller_number=caller, caller_name="", codec="alaw",
            timeout_s=30, headers={},
        )  # fmt: skip
        await until(lambda: leg in self.answered or leg in self.ended, what="the company answers the carrier")
        assert leg in self.answered, self.ended
        await self._play(leg)
        return leg

    async def press(self, leg: str, keys: str) -> None:
        await self.telephony.send_digits(leg, keys)

    async def hang_up(self, leg: str) -> None:
        await self.telephony.hang_up(leg)
        await until(lambda: leg in self.ended, what="the carrier's leg ends")

    async def is_called(self, number: str, *, within_s: float = 40) -> CallArrived:
        """Wait for the company's call to a number."""
        await until(
            lambda: any(c.dialled == number for c in self.arrived), what=f"{number} is called", within_s=within_s
        )
        return next(call for call in reversed(self.arrived) if call.dialled == number)

    @asynccontextmanager
    async def listening(self, leg: str) -> AsyncIterator[Path]:
        """Record what the company sends on this leg: raw stereo, left."""
        path = self.asterisk.recordings / f"{leg}.raw"
        await self.telephony.start_recording(leg, recording=leg, path=str(path))
        yield path

    async def hears_tone(self, leg: str, frequency_hz: float, *, within_s: float = 40) -> None:
        async with self.listening(leg) as path:
            await until(
                lambda: path.exists() and sound.amplitude(_left(path)[-8000:], frequency_hz) > 300,
                what=f"the carrier hears {frequency_hz:g} Hz",
                within_s=within_s,
            )

    def _take(self, fact: Fact) -> None:
        match fact:
            case TelephonyUp():
                self.is_up.set()
            case CallArrived():
                self.arrived.append(fact)
                self._run(self._serve(fact))
            case LegAnswered(leg=leg):
                self.answered.add(leg)
            case LegGoneFact(leg=leg, word=word):
                self.ended[leg] = word
            case PlaybackEnded(leg=leg) if leg not in self.ended:
                self._run(self._play(leg))
            case _:
                pass

    async def _serve(self, call: CallArrived) -> None:
        match call.dialled:
            case number if number == BUSY:
                await self.telephony.hang_up(call.leg, word="busy")
            case number if number == REFUSES:
                await self.telephony.hang_up(call.leg, word="refused")
            case number if number == SILENT:
                await self.telephony.start_ringback(call.leg)
            case _:
                await self.telephony.answer(call.leg)
                self.answered.add(call.leg)
                await self._play(call.leg)

    async def _play(self, leg: str) -> None:
        with suppress(LegGone):
            await self.telephony.play(leg, [self.asterisk.sound("long")] * 4, playback=f"{leg}-{next(self._ids)}")

    def _run(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _left(path: Path) -> bytes:
    """The left channel of raw stereo: what the leg sent."""
    raw = path.read_bytes()
    return b"".join(raw[at : at + 2] for at in range(0, len(raw) - 3, 4))[-16000:]


@asynccontextmanager
async def running_carrier(product_sip_port: int) -> AsyncIterator[Carrier]:
    """Start a carrier that knows the company's trunk account and reaches the company at its SIP port."""
    folder = Path(tempfile.mkdtemp(prefix="zy-carrier-"))
    folder.chmod(0o755)  # noqa: ASYNC240 - a moment, before anything runs
    asterisk = AsteriskInstance(folder)
    asterisk.write()
    await asyncio.to_thread(asterisk.start)
    carrier = Carrier(asterisk)
    try:
        await carrier.telephony.start()
        async with asyncio.timeout(20):
            await carrier.is_up.wait()
        await carrier.telephony.set_globals({"ZHIYIN_ADMIT": "1", "ZHIYIN_BEAT": "9999999999"})
        await carrier.telephony.put_identity(SipIdentity(ACCOUNT, SECRET, "sip"))
        await carrier.telephony.put_trunk(Trunk(_PRODUCT, "127.0.0.1", product_sip_port, "udp"))
        yield carrier
    finally:
        await carrier.telephony.stop()
        asterisk.kill()
        shutil.rmtree(folder, ignore_errors=True)
