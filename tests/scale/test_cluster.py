"""Two real Asterisk nodes as one telephony: where legs live, what a node's death takes along, and what it leaves."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.asterisk_adapter.instance import AsteriskInstance
from tests.harness.waiting import until
from tests.scale.pair import Pair, nodes, pair

__all__ = ["nodes", "pair"]  # fixtures
from zhiyin.engine.ports import (
    LegAnswered,
    LegGoneFact,
    LegsUnseen,
    PlaybackEnded,
    Refused,
    SipIdentity,
    TelephoneRegistered,
    TelephonyAway,
    TelephonyDown,
    TelephonyUp,
)

AGENT = SipIdentity(account="z1001", secret="s3cret", kind="sip")


async def test_legs_of_a_contact_live_on_its_callers_node(pair: Pair) -> None:
    """The agent's telephone is registered at b alone: a contact of b rings it; joined, both are on b."""
    await pair.cluster.put_identity(AGENT)
    async with pair.telephone("b", user="z1001", secret="s3cret") as agent, pair.telephone("b") as caller:
        await agent.register()
        await pair.facts.wait(TelephoneRegistered, lambda fact: fact.is_reachable)
        arrived = await pair.arrive(caller)
        assert arrived.leg.startswith("b-")
        await pair.ring("agent-leg", beside=arrived.leg)
        await pair.facts.wait(LegAnswered)
        await pair.cluster.bridge("talk-b", [arrived.leg, "agent-leg"])
        assert (await pair.cluster.inventory()).bridges["talk-b"] == {arrived.leg, "agent-leg"}
        assert {name: state.legs for name, state in pair.cluster.node_states().items()} == {"a": 0, "b": 2}


async def test_a_sound_that_lies_on_another_machine_fails_at_once(pair: Pair) -> None:
    """A text that is said goes on by its exit "failed" then, and no caller of that node hears silence."""
    async with pair.telephone("a") as one, pair.telephone("b") as other:
        for telephone in (one, other):
            arrived = await pair.arrive(telephone)
            asked_at = asyncio.get_running_loop().time()
            await pair.cluster.play(arrived.leg, ["/elsewhere/spoken/1f"], playback=f"{arrived.leg}-p1")
            ended = await pair.facts.wait(PlaybackEnded, lambda fact, leg=arrived.leg: fact.leg == leg)
            assert ended.failed
            assert asyncio.get_running_loop().time() - asked_at < 2


async def test_legs_on_two_nodes_cannot_be_joined(pair: Pair) -> None:
    async with pair.telephone("a") as one, pair.telephone("b") as other:
        legs = [(await pair.arrive(one)).leg, (await pair.arrive(other)).leg]
        with pytest.raises(Refused, match="several nodes"):
            await pair.cluster.bridge("impossible-b", legs)


async def test_a_killed_node_takes_only_its_own_legs_along(pair: Pair) -> None:
    """Their ends are told at once, without waiting for the node; the other node has noticed nothing."""
    async with pair.telephone("a") as one, pair.telephone("b") as other:
        lost, kept = await pair.arrive(one), await pair.arrive(other)
        pair.nodes["a"].kill()
        gone = await pair.facts.wait(LegGoneFact, within_s=15)
        assert (gone.leg, gone.word) == (lost.leg, "lost")
        assert (await pair.cluster.inventory()).legs.keys() == {kept.leg}
        assert not pair.facts.of(TelephonyDown)
        assert [fact.leg for fact in pair.facts.of(LegGoneFact)] == [lost.leg]


async def test_a_node_that_comes_back_has_every_identity_again(pair: Pair) -> None:
    await pair.cluster.put_identity(AGENT)
    pair.nodes["a"].kill()
    await until(lambda: not pair.cluster.node_states()["a"].is_up, what="the node is away")
    await pair.cluster.put_identity(SipIdentity(account="z1002", secret="0ther", kind="sip"))
    pair.nodes["a"].start()
    await pair.is_up("a")
    for account, secret in (("z1001", "s3cret"), ("z1002", "0ther")):
        async with pair.telephone("a", user=account, secret=secret) as agent:
            await agent.register()
            await pair.facts.wait(TelephoneRegistered, lambda f, a=account: f.is_reachable and f.account == a)


async def test_a_frozen_node_keeps_its_legs_for_a_while(pair: Pair) -> None:
    """It may only be out of sight, so its call is lost when patience ends and not at once; then it may come back."""
    async with pair.telephone("a") as one:
        arrived = await pair.arrive(one)
        pair.nodes["a"].freeze(frozen=True)
        try:
            gone = await pair.facts.wait(LegGoneFact, within_s=15)
            assert (gone.leg, gone.word) == (arrived.leg, "lost")
        finally:
            pair.nodes["a"].freeze(frozen=False)
        await pair.is_up("a")


async def test_of_a_node_out_of_sight_nothing_is_concluded(nodes: dict[str, AsteriskInstance]) -> None:
    """Its call is told as unseen and neither as gone nor as there, and goes on as the node is back."""
    pair = Pair(nodes, lost_after_s=60)
    await pair.open()
    async with pair.telephone("a") as one, pair.telephone("b") as other:
        hidden, seen = await pair.arrive(one), await pair.arrive(other)
        pair.nodes["a"].freeze(frozen=True)
        try:
            assert (await pair.facts.wait(LegsUnseen, within_s=20)).legs == {hidden.leg}
            inventory = await pair.cluster.inventory()
            assert (inventory.legs.keys(), inventory.unseen, inventory.hidden) == ({seen.leg}, {"a"}, {hidden.leg})
            assert (inventory.may_hide(hidden.leg), inventory.may_hide(seen.leg)) == (True, False)
            with pytest.raises(TelephonyAway):
                await pair.cluster.look([hidden.leg])
        finally:
            pair.nodes["a"].freeze(frozen=False)
        await pair.is_up("a")
        assert (await pair.cluster.inventory()).legs.keys() == {hidden.leg, seen.leg}
        assert not pair.facts.of(LegGoneFact)
    await pair.cluster.stop()


async def test_an_engine_that_begins_while_a_node_is_out_of_sight_waits_for_it(pair: Pair) -> None:
    next_engine = Pair(pair.nodes, lost_after_s=60)
    async with pair.telephone("a") as one, pair.telephone("b") as other:
        hidden, seen = await pair.arrive(one), await pair.arrive(other)
        await pair.cluster.stop()
        pair.nodes["a"].freeze(frozen=True)
        try:
            await next_engine.cluster.start()
            await next_engine.facts.wait(TelephonyUp)
            inventory = await next_engine.cluster.inventory()
            assert (inventory.legs.keys(), inventory.unseen, inventory.hidden) == ({seen.leg}, {"a"}, set())
            assert inventory.hides_others
            assert (inventory.may_hide(hidden.leg), inventory.may_hide("b-1.1")) == (True, False)
            with pytest.raises(TelephonyAway):
                await next_engine.cluster.look([hidden.leg])
        finally:
            pair.nodes["a"].freeze(frozen=False)
        await next_engine.is_up("a")
        assert await next_engine.cluster.look([hidden.leg]) == {hidden.leg: True}
        assert (await next_engine.cluster.inventory()).legs.keys() == {hidden.leg, seen.leg}
        assert not next_engine.facts.of(LegGoneFact)
    await next_engine.cluster.stop()


@pytest.mark.extended
async def test_one_node_suffices_after_both_were_away(pair: Pair) -> None:
    """The telephone side counted as away until the last node was back, even where that one stayed dead."""
    for node in pair.nodes.values():
        node.kill()
    await pair.facts.wait(TelephonyDown, within_s=15)
    told = len(pair.facts.of(TelephonyUp))
    pair.nodes["b"].start()
    await until(lambda: len(pair.facts.of(TelephonyUp)) > told, what="the telephone side is there again", within_s=20)


async def test_a_drained_node_refuses_new_calls_and_keeps_those_it_has(pair: Pair) -> None:
    async with pair.telephone("a") as one, pair.telephone("a") as late, pair.telephone("a") as later:
        arrived = await pair.arrive(one)
        await pair.cluster.drain_node("a", is_draining=True)
        await pair.admit()  # the heartbeat says every second that callers are admitted
        refused = await late.call("4008001234")
        async with asyncio.timeout(20):
            await refused.ended.wait()
        assert refused.status == 503
        assert arrived.leg in (await pair.cluster.inventory()).legs
        next_engine = Pair(pair.nodes)
        await next_engine.open()
        await until(lambda: next_engine.cluster.node_states()["a"].is_draining, what="the next engine knows")
        await next_engine.cluster.drain_node("a", is_draining=False)
        await next_engine.arrive(later)
        await next_engine.cluster.stop()


async def test_of_an_end_that_nobody_heard_its_own_node_is_asked_and_a_frozen_one_keeps_nothing_back(
    pair: Pair,
) -> None:
    """Of two nodes the one whose beat was fresh said "just now" of a leg of the other; and with one that did not answer
    nothing was known of any: every end that was missed was dated as it was found."""
    await pair.cluster.set_globals({"ZHIYIN_BEAT": str(int(time.time()))})
    await pair.cluster.set_globals({"ZHIYIN_BEAT": str(int(time.time()) - 60)}, at="b")
    legs = ["a-1700000000.1", "b-1700000000.1", "1700000000.1"]
    all_told = await pair.cluster.ended_ago(legs)
    assert all_told["a-1700000000.1"].ago_s < 5
    assert 50 < all_told["b-1700000000.1"].ago_s < 70
    assert all_told.keys() == set(legs)
    pair.nodes["a"].freeze(frozen=True)
    try:
        async with asyncio.timeout(12):
            told = await pair.cluster.ended_ago(legs)
    finally:
        pair.nodes["a"].freeze(frozen=False)
    assert told.keys() == {"b-1700000000.1"}
    await pair.admit()
