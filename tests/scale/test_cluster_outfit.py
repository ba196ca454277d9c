"""Telephones and trunks on every node: one that is silent or slow holds up nobody, and is told in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest

from tests.harness.waiting import until
from tests.scale.pair import Pair, nodes, pair
from zhiyin.engine.adapters.asterisk import cluster_outfit
from zhiyin.engine.adapters.asterisk.adapter import AsteriskTelephony
from zhiyin.engine.adapters.asterisk.cluster_outfit import ClusterOutfit
from zhiyin.engine.adapters.asterisk.nodes import Node, NodeBook
from zhiyin.engine.ports import (
    LegAnswered,
    Refused,
    SipIdentity,
    TelephonyAway,
    TelephonyError,
    Trunk,
)

__all__ = ["nodes", "pair"]  # fixtures

FIRST, SECOND = (SipIdentity(account="z1001", secret=secret, kind="sip") for secret in ("s3cret", "0ther"))
#: what the product waits a second for
SOON_S = 0.05


async def test_a_frozen_node_holds_up_no_telephone_of_the_others(pair: Pair) -> None:
    """Each identity waited five seconds for it; woken again with its connection unbroken, it was never told."""
    pair.nodes["a"].freeze(frozen=True)
    try:
        async with asyncio.timeout(4):
            await pair.cluster.put_identity(FIRST)
            await pair.cluster.put_identity(SipIdentity(account="z1002", secret="thrd", kind="sip"))
            await pair.cluster.remove_identity("z1002")
        async with pair.telephone("b", user="z1001", secret="s3cret") as agent:
            assert await agent.register() == 200
    finally:
        pair.nodes["a"].freeze(frozen=False)
    async with pair.telephone("a", user="z1001", secret="s3cret") as agent:
        await until_status(agent, 200)
    async with pair.telephone("a", user="z1002", secret="thrd") as removed:
        await until_status(removed, 403)
    await pair.cluster.remove_identity("z1001")


async def test_a_call_is_not_begun_at_a_node_that_is_silent(pair: Pair) -> None:
    """An agent who called out waited five seconds for it, in vain; so did who asked how a trunk is."""
    await pair.cluster.put_identity(FIRST)
    own = {"user": "z1001", "secret": "s3cret"}
    async with pair.telephone("a", **own) as one, pair.telephone("b", **own) as other, pair.telephone("b") as caller:
        for telephone in (one, other):
            await until_status(telephone, 200)
        await pair.arrive(caller)  # a has fewer legs, so it would be chosen
        book = pair.cluster._book
        await until(lambda: book.choose(is_at(pair)).name == "a", what="both are known to have it")
        pair.nodes["a"].freeze(frozen=True)
        try:
            await pair.admit()  # as each second: a owes an answer from now on
            async with asyncio.timeout(3):
                await pair.ring("agent-leg", beside=None)
                await pair.facts.wait(LegAnswered, lambda fact: fact.leg == "agent-leg")
            assert pair.cluster.node_of("agent-leg") == "b"
            assert pair.cluster.node_states()["a"].is_up, "nothing is concluded from it"
        finally:
            pair.nodes["a"].freeze(frozen=False)
    await until(lambda: pair.cluster.doors().get("a", False), what="it answers again", within_s=20)
    await pair.cluster.remove_identity("z1001")


def is_at(pair: Pair) -> Callable[[Node], bool]:
    return lambda node: pair.cluster._registrations.is_at(node.name, "z1001")


async def until_status(telephone: Any, wanted: int) -> None:
    status = 0
    for _ in range(60):
        status = await telephone.register()
        if status == wanted:
            return
    raise AssertionError(f"the telephone is answered with {status}, not {wanted}")


class Scripted:
    """One node's telephony: what was made on it, and a gate at which its requests wait."""

    def __init__(self) -> None:
        self.made: dict[object, object] = {}
        self.asked: list[str] = []
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.fails_with: TelephonyError | None = None

    async def _ask(self, words: str) -> None:
        self.asked.append(words)
        await self.is_open.wait()
        if self.fails_with is not None:
            raise self.fails_with

    async def put_identity(self, identity: SipIdentity) -> None:
        await self._ask(f"put {identity.secret}")
        self.made[identity.account] = identity.secret

    async def remove_identity(self, account: str) -> None:
        await self._ask(f"remove {account}")
        self.made.pop(account, None)

    async def put_trunk(self, trunk: Trunk) -> None:
        await self._ask(f"put trunk {trunk.id}")
        self.made[trunk.id] = trunk.host

    async def remove_trunk(self, trunk: int) -> None:
        await self._ask(f"remove trunk {trunk}")
        self.made.pop(trunk, None)


class Two:
    """Two nodes of a book, and what stands on them."""

    def __init__(self) -> None:
        self.book = NodeBook()
        self.at = {name: Scripted() for name in ("a", "b")}
        for name, telephony in self.at.items():
            self.book.nodes[name] = Node(name, cast(AsteriskTelephony, telephony), is_up=True)
        self.outfit = ClusterOutfit(self.book)


@pytest.fixture
async def two(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Two]:
    monkeypatch.setattr(cluster_outfit, "OTHERS_WITHIN_S", SOON_S)
    monkeypatch.setattr(cluster_outfit, "RETRY_S", SOON_S)
    found = Two()
    yield found
    found.outfit.stop()


async def test_what_a_slow_node_is_asked_is_done_in_its_order(two: Two) -> None:
    """A new secret that overtook the removal of the old one would be taken away by it."""
    two.at["a"].is_open.clear()
    await two.outfit.put_identity(FIRST)
    await two.outfit.remove_identity(FIRST.account)
    await two.outfit.put_identity(SECOND)
    assert two.at["b"].made == {"z1001": "0ther"}
    assert two.at["a"].asked == ["put s3cret"]
    two.at["a"].is_open.set()
    await until(lambda: two.at["a"].made == {"z1001": "0ther"}, what="the slow one has it, too")


async def test_a_node_that_is_slow_is_not_taken_for_silent(two: Two) -> None:
    """A carrier's name that is looked up for long would close its doors to callers."""
    two.at["a"].is_open.clear()
    await two.outfit.put_trunk(trunk(7))
    assert two.book.doors() == {"a": True, "b": True}
    two.at["a"].is_open.set()


async def test_a_slow_node_is_waited_for_once(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company's hundred telephones would wait for it a hundred times."""
    two.at["a"].is_open.clear()
    monkeypatch.setattr(cluster_outfit, "OTHERS_WITHIN_S", 0.3)
    async with asyncio.timeout(3):
        for number in range(100):
            await two.outfit.put_identity(SipIdentity(account=f"z{number}", secret="s3cret", kind="sip"))
    assert len(two.at["b"].made) == 100
    assert not two.at["a"].made
    two.at["a"].is_open.set()
    await until(lambda: len(two.at["a"].made) == 100, what="it has all of them in the end")
    two.at["a"].is_open.clear()
    putting = asyncio.create_task(two.outfit.put_identity(FIRST))
    await until(lambda: "z1001" in two.at["b"].made, what="the other has it")
    assert not putting.done(), "it was quick again, so it is waited for again"
    await putting


async def test_a_node_that_did_not_answer_is_told_again_while_it_is_up(two: Two) -> None:
    two.at["a"].fails_with = TelephonyAway("no answer in time")
    await two.outfit.put_identity(FIRST)
    assert two.book.nodes["a"].owed == {("account", "z1001")}
    await until(lambda: len(two.at["a"].asked) > 2, what="it is tried again")
    two.at["a"].fails_with = None
    await until(lambda: not two.book.nodes["a"].owed, what="nothing is owed any more")
    assert two.at["a"].made == {"z1001": "s3cret"}


async def test_a_trunk_that_was_removed_while_a_node_was_away_is_not_there_when_it_comes(two: Two) -> None:
    """It went on registering there: a node that came was told what it must have alone."""
    await two.outfit.put_trunk(trunk(7))
    await two.outfit.put_trunk(trunk(8))
    two.book.nodes["a"].is_up = False
    await two.outfit.remove_trunk(7)
    assert two.at["a"].made.keys() == {7, 8}
    two.book.nodes["a"].is_up = True
    await two.outfit.equip(two.book.nodes["a"])
    assert two.at["a"].made.keys() == {8}
    assert two.book.nodes["a"].unwanted == set()


async def test_where_nobody_could_be_told_the_engine_hears_of_it(two: Two) -> None:
    for node in two.at.values():
        node.fails_with = Refused("no such codec")
    with pytest.raises(Refused, match="codec"):
        await two.outfit.put_identity(FIRST)
    for each in two.book.nodes.values():
        assert each.owed == set(), "what is refused is refused again"
        each.is_up = False
    with pytest.raises(TelephonyAway, match="no Asterisk node"):
        await two.outfit.put_identity(FIRST)


async def test_one_that_hangs_keeps_the_first_answer_from_nobody(two: Two) -> None:
    """One fails at once and the other is slow: its answer is waited for, since nobody else has it."""
    two.at["a"].fails_with = TelephonyAway("gone")
    two.at["b"].is_open.clear()
    putting = asyncio.create_task(two.outfit.put_identity(FIRST))
    await until(lambda: two.at["b"].asked, what="the other is asked")
    assert not putting.done()
    two.at["b"].is_open.set()
    await putting
    assert two.at["b"].made == {"z1001": "s3cret"}


def trunk(number: int) -> Trunk:
    return Trunk(id=number, host="carrier.example", port=5060, transport="udp")
