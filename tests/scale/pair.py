"""Two real Asterisk nodes on this machine, and one telephony over both."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.asterisk_adapter.conftest import FactLog
from tests.asterisk_adapter.instance import AsteriskInstance
from tests.asterisk_adapter.telephone import Call, Telephone
from tests.harness.waiting import until
from zhiyin.engine.adapters.asterisk.cluster import AsteriskCluster
from zhiyin.engine.ports import CallArrived, TelephonyUp


class Pair:
    """Two nodes, the telephony over both, and its facts."""

    def __init__(self, nodes: dict[str, AsteriskInstance], *, lost_after_s: float = 0.3) -> None:
        self.nodes = nodes
        self.facts = FactLog()
        addresses = {name: node.address for name, node in nodes.items()}
        self.cluster = AsteriskCluster(addresses, on_fact=self.facts, lost_after_s=lost_after_s)

    async def open(self) -> None:
        await self.cluster.start()
        await self.facts.wait(TelephonyUp)
        for node in self.nodes:  # one of them may have been started just now
            await self.is_up(node)
        await self.admit()

    async def admit(self) -> None:
        await self.cluster.set_globals({"ZHIYIN_BEAT": "9999999999", "ZHIYIN_ADMIT": "1"})

    def telephone(self, node: str, **options: object) -> Telephone:
        return Telephone(self.nodes[node].sip_port, **options)  # type: ignore[arg-type]

    async def arrive(self, telephone: Telephone) -> CallArrived:
        return (await self.caller(telephone))[1]

    async def caller(self, telephone: Telephone) -> tuple[Call, CallArrived]:
        """Let the telephone call and be answered."""
        known = {fact.leg for fact in self.facts.of(CallArrived)}
        call = await telephone.call("4008001234")
        arrived = await self.facts.wait(CallArrived, lambda fact: fact.leg not in known)
        await self.cluster.answer(arrived.leg)
        async with asyncio.timeout(20):
            await call.answered.wait()
        return call, arrived

    async def is_up(self, node: str) -> None:
        await until(lambda: self.cluster.node_states()[node].is_up, what=f"node {node} is up", within_s=20)

    async def ring(self, leg: str, *, beside: str | None, account: str = "z1001") -> None:
        await self.cluster.ring(
            leg, to=f"account:{account}", caller_number="", caller_name="", codec="alaw", timeout_s=30, headers={},
            beside=beside,
        )  # fmt: skip


@pytest.fixture(scope="module")
def nodes() -> Iterator[dict[str, AsteriskInstance]]:
    folder = Path(tempfile.mkdtemp(prefix="zy-two-"))
    folder.chmod(0o755)
    found = {}
    for name in ("a", "b"):
        (folder / name).mkdir()
        found[name] = AsteriskInstance(folder / name, node=name)
        found[name].write()
        found[name].start()
    yield found
    for node in found.values():
        node.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def pair(nodes: dict[str, AsteriskInstance]) -> AsyncIterator[Pair]:
    for node in nodes.values():
        if node.process is None:
            node.start()
    pair = Pair(nodes)
    await pair.open()
    yield pair
    await pair.cluster.stop()
