"""One Asterisk for the whole module, a telephony of each test's own, and the facts it told."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.asterisk_adapter.instance import AsteriskInstance
from tests.asterisk_adapter.telephone import Call, Telephone
from zhiyin.engine.adapters.asterisk import AsteriskTelephony
from zhiyin.engine.ports import CallArrived, Fact, TelephonyUp

F = TypeVar("F", bound=object)


class FactLog:
    """Facts as the engine would receive them, and a way to wait for one."""

    def __init__(self) -> None:
        self.all: list[Fact] = []
        self._changed = asyncio.Event()

    def __call__(self, fact: Fact) -> None:
        self.all.append(fact)
        self._changed.set()

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.all if isinstance(fact, kind)]

    async def wait(
        self, kind: type[F], matching: Callable[[F], bool] = lambda _: True, *, count: int = 1, within_s: float = 30
    ) -> F:
        """Return the ``count``-th fact of the kind that matches, waiting for it."""
        async with asyncio.timeout(within_s):
            while True:
                self._changed.clear()
                found = [fact for fact in self.of(kind) if matching(fact)]
                if len(found) >= count:
                    return found[count - 1]
                await self._changed.wait()


class Exchange:
    """A telephony on a real Asterisk with its facts."""

    def __init__(self, asterisk: AsteriskInstance) -> None:
        self.asterisk = asterisk
        self.facts = FactLog()
        self.telephony = AsteriskTelephony(asterisk.address, on_fact=self.facts, watch_media_every_s=0.3)

    def telephone(self, **options: object) -> Telephone:
        return Telephone(self.asterisk.sip_port, **options)  # type: ignore[arg-type]

    async def arrive(
        self, telephone: Telephone, number: str = "4008001234", *, answer: bool = True
    ) -> tuple[Call, CallArrived]:
        """Let the telephone call; returns its call and the leg's fact, answered unless told otherwise."""
        known = {fact.leg for fact in self.facts.of(CallArrived)}
        call = await telephone.call(number)
        arrived = await self.facts.wait(CallArrived, lambda fact: fact.leg not in known)
        if answer:
            await self.telephony.answer(arrived.leg)
            async with asyncio.timeout(20):
                await call.answered.wait()
        return call, arrived


async def until(condition: Callable[[], bool], *, within_s: float = 30) -> None:
    """Return once the condition holds; for what no fact tells."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - sound and files tell nobody of their change
            await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def asterisk_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zy-ast-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def asterisk(asterisk_folder: Path) -> Iterator[AsteriskInstance]:
    folder = Path(tempfile.mkdtemp(dir=asterisk_folder))
    folder.parent.chmod(0o755)
    instance = AsteriskInstance(folder)
    instance.write()
    instance.start()
    yield instance
    instance.kill()


@pytest.fixture
async def exchange(asterisk: AsteriskInstance) -> AsyncIterator[Exchange]:
    """A connected telephony that admits calls, on an Asterisk without calls of earlier tests."""
    exchange = Exchange(asterisk)
    await exchange.telephony.start()
    await exchange.facts.wait(TelephonyUp)
    # A beat far in the future never grows stale.
    await exchange.telephony.set_globals({"ZHIYIN_BEAT": "9999999999", "ZHIYIN_ADMIT": "1"})
    yield exchange
    inventory = await exchange.telephony.inventory()
    for leg in inventory.legs:
        await exchange.telephony.hang_up(leg)
    for bridge in inventory.bridges:
        await exchange.telephony.remove_bridge(bridge)
    await exchange.telephony.stop()
