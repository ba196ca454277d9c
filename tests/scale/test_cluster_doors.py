"""Two real nodes at the limit: each lets in its share, and one that is silent keeps nothing from the other."""

from __future__ import annotations

import asyncio
import time

from bench.sip_load import Callers
from tests.harness.waiting import until
from tests.scale.pair import Pair, nodes, pair
from zhiyin.engine.node_doors import LEFT, RESERVE, NodeDoors
from zhiyin.engine.ports import CallArrived

__all__ = ["nodes", "pair"]  # fixtures

OTHERS = "ZHIYIN_WAY_others"
#: Nobody may enter but five by no trunk, by all nodes together.
FIVE = {LEFT: "0", RESERVE: "0", OTHERS: "5"}


async def entered(pair: Pair, node: str, callers: int) -> int:
    """Let so many call at the node, one after the other; return how many entered."""
    before = len(pair.facts.of(CallArrived))
    load = Callers(("127.0.0.1", pair.nodes[node].sip_port), "4008001234")
    await load.open()
    await load.call_at(20, callers)

    def came() -> int:
        return len(pair.facts.of(CallArrived)) - before

    await until(lambda: came() + load.refused == callers, what="all were let in or refused")
    load.give_up_all()
    await until(lambda: load.is_done, what="all hung up")
    load.transport.close()
    return came()


async def test_nodes_let_in_together_what_they_were_told_together(pair: Pair) -> None:
    """Each was told the whole number, and let in as many as all were to."""
    doors = NodeDoors(pair.cluster, pair.cluster)
    await doors.tell(FIVE, spent={})
    came = {node: await entered(pair, node, 6) for node in ("a", "b")}
    assert sum(came.values()) == 5
    assert min(came.values()) == 2
    await pair.cluster.drain_node("a", is_draining=True)
    spent = {node: {OTHERS: count} for node, count in came.items()}
    await doors.tell(FIVE, spent=spent)  # b is given more once a was told that it lets in nobody
    await doors.tell(FIVE, spent=spent)
    assert {node: await entered(pair, node, 6) for node in ("a", "b")} == {"a": 0, "b": 5}
    await pair.cluster.drain_node("a", is_draining=False)
    await pair.cluster.set_globals({LEFT: "", RESERVE: "", OTHERS: ""})


async def test_a_silent_node_keeps_nothing_from_the_other(pair: Pair) -> None:
    """Each beat waited five seconds for it, so that the other's was stale and its callers were held."""
    doors = NodeDoors(pair.cluster, pair.cluster)
    await doors.tell(FIVE, spent={})
    pair.nodes["a"].freeze(frozen=True)
    try:
        began_s = time.monotonic()
        for _ in range(5):
            await pair.cluster.set_globals({"ZHIYIN_BEAT": "9999999999"})
            await doors.tell(FIVE, spent={"b": {OTHERS: 1}})
            assert await pair.cluster.let_in()
        assert time.monotonic() - began_s < 3
        assert doors.share_of("a", OTHERS) == 0
        assert doors.share_of("b", OTHERS) in (2, 3), "what a was told may still be used up there"
        assert pair.cluster.node_states()["a"].is_up, "nothing is concluded from it"
    finally:
        pair.nodes["a"].freeze(frozen=False)
    await until(lambda: pair.cluster.doors().get("a", False), what="it answers again", within_s=20)
    async with asyncio.timeout(5):
        await doors.tell(FIVE, spent={})
        await doors.tell(FIVE, spent={})
    assert sum(doors.shares_of(OTHERS).values()) == 5
    await pair.cluster.set_globals({LEFT: "", RESERVE: "", OTHERS: ""})
