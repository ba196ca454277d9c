"""One of two Asterisks is out of sight: its callers talk on, so none of them may be cut, and nobody may be stuck.

Every call counted as lost after half a minute, and was cut as the node came back (decision 72).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest

from tests.engine.test_spine import talking
from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import EndedBy, OfferEnd, Phase
from zhiyin.engine.adapters.simulator.legs import Behaviour

NEAR, FAR = "in", "far"
MOMENT = timedelta(seconds=0.2)


def in_two(story: Callable[[World], Awaitable[None]], settings: TenantSettings | None = None) -> None:
    """Run a story with two Asterisks; callers come to them in turns, the first to the far one."""

    async def main(world: World) -> None:
        world.telephony.sight.nodes = (NEAR, FAR)
        await story(world)

    in_world(main, settings)


async def lose(world: World, for_s: float) -> None:
    world.telephony.sight.lose(FAR)
    await world.pass_s(for_s)


async def waiting(world: World) -> str:
    """A caller waits in the line of after-sales."""
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, "1")
    await world.until(lambda: world.call_of(leg).last_queue == 1)
    return leg


def ends(world: World) -> list[tuple[EndedBy, str]]:
    return [(event.by, event.reason) for event in world.events("InteractionEnded")]


@pytest.mark.parametrize("for_s", [5, 45, 590], ids=["a breath", "longer than half a minute", "nearly ten minutes"])
def test_a_conversation_out_of_sight_goes_on_and_ends_as_any_other(for_s: float) -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        assert leg.startswith(FAR)
        await lose(world, for_s)
        assert world.state(1) is AgentState.TALKING
        world.telephony.sight.find(FAR)
        await world.pass_s(10)
        assert world.telephony.hears(leg) == {world.call_of(leg).segment.leg}
        assert ends(world) == []
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert ends(world) == [(EndedBy.CUSTOMER, "hangup")]
        assert world.telephony.legs == {}

    in_two(story)


def test_who_hung_up_out_of_sight_is_dated_by_that() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await lose(world, 60)
        world.telephony.end(leg)
        hung_up_at = world.clock.now()
        await world.pass_s(200)
        assert world.state(1) is AgentState.TALKING, "nobody knows"
        world.telephony.sight.find(FAR)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        (ended,) = [e for e in world.log.envelopes if e.type == "InteractionEnded"]
        assert abs(ended.at - hung_up_at) < MOMENT

    in_two(story)


def test_an_asterisk_that_was_restarted_out_of_sight_has_lost_its_calls() -> None:
    async def story(world: World) -> None:
        await talking(world)
        await lose(world, 100)
        world.telephony.sight.find(FAR, is_restarted=True)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert ends(world) == [(EndedBy.CUSTOMER, "lost")]

    in_two(story)


def test_after_the_bound_a_call_counts_as_lost_in_the_middle_of_what_nobody_saw() -> None:
    """Whoever talks on by then is cut as the node is back: nobody owns these legs any more."""

    async def story(world: World) -> None:
        await talking(world)
        lost_sight_at = world.clock.now()
        await lose(world, 601)
        assert world.state(1) is AgentState.WRAP_UP
        (ended,) = [e for e in world.log.envelopes if e.type == "InteractionEnded"]
        assert ended.event().reason == "lost"
        assert abs(ended.at - lost_sight_at - timedelta(seconds=300)) < MOMENT
        assert ended.event().within_s == pytest.approx(300, abs=1)
        assert len(world.telephony.legs) == 2
        world.telephony.sight.find(FAR)
        await world.until(lambda: not world.telephony.legs)

    in_two(story)


def sight_of(world: World) -> list[str]:
    return [envelope.type for envelope in world.log.envelopes if envelope.type.startswith("Sight")]


def test_the_board_and_the_record_say_from_when_to_when_it_was_out_of_sight() -> None:
    """No page told of it: neither the agent nor a lead could know why hold and transfer were refused."""

    async def story(world: World) -> None:
        leg = await talking(world)
        call = world.call_of(leg)
        await lose(world, 60)
        (row,) = world.tenant.board.board().interactions
        assert row.unseen_since == world.call_of(leg).unseen_since
        assert world.clock.now() - row.unseen_since < timedelta(seconds=60)
        assert sight_of(world) == ["SightLost"]
        world.telephony.sight.find(FAR)
        await world.until(lambda: world.call_of(leg).unseen_since is None)
        (row,) = world.tenant.board.board().interactions
        assert (row.unseen_since, sight_of(world)) == (None, ["SightLost", "SightRegained"])
        assert {e.stream for e in world.log.envelopes if e.type.startswith("Sight")} == {f"i:{call.id}"}

    in_two(story)


def test_the_engines_health_says_since_when_a_node_is_out_of_sight_and_of_how_many_contacts() -> None:
    """Another company is told of none of them."""

    async def story(world: World) -> None:
        await talking(world)
        await lose(world, 60)
        node = world.engine.health().nodes[FAR]
        assert (node.state, node.contacts, node.legs) == ("away", 1, 2)
        assert node.unseen_since == world.clock.now() - timedelta(seconds=60)
        assert node.lost_at == world.clock.now() + timedelta(seconds=540)
        assert world.engine.health().nodes[NEAR].unseen_since is None
        assert world.engine.health(tenant=1).nodes[FAR].contacts == 1
        assert world.engine.health(tenant=2).nodes[FAR].contacts == 0
        await world.pass_s(550)
        node = world.engine.health().nodes[FAR]
        assert (node.state, node.contacts, node.unseen_since) == ("away", 0, None), "its calls count as lost"

    in_two(story)


def test_the_next_engine_tells_since_when_it_is_out_of_sight_and_not_since_it_began() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await lose(world, 60)
        since = world.call_of(leg).unseen_since
        await world.kill()
        await world.start()
        await world.pass_s(100)
        (row,) = world.tenant.board.board().interactions
        assert (row.unseen_since, sight_of(world)) == (since, ["SightLost"])
        await world.wish(c.HangUp(1, row.id))
        (ended,) = world.events("InteractionEnded")
        assert ended.within_s == pytest.approx(158, abs=2)

    in_two(story)


def test_who_was_in_sight_at_the_end_of_an_engine_is_out_of_sight_for_the_next_one() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.kill()
        world.telephony.sight.lose(FAR)
        await world.start()
        await world.until(lambda: sight_of(world) == ["SightLost"])
        world.telephony.sight.find(FAR)
        await world.until(lambda: sight_of(world) == ["SightLost", "SightRegained"])
        assert world.call_of(leg).phase is Phase.TALKING

    in_two(story)


def test_a_contact_that_ended_out_of_sight_does_not_come_back_into_it() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await lose(world, 60)
        world.telephony.end(leg)
        await world.pass_s(60)
        world.telephony.sight.find(FAR)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert sight_of(world) == ["SightLost"]
        assert [row.unseen_since for row in world.tenant.board.board().interactions] in ([], [None])

    in_two(story)


def test_an_agent_who_hangs_up_at_the_desk_is_free_without_asterisks_word() -> None:
    """The end says how little is known of it; the next contact comes by the other node; the legs go as they can."""

    async def story(world: World) -> None:
        await talking(world)
        contact = next(iter(world.board.sessions))
        await lose(world, 100)
        await world.wish(c.HangUp(1, contact))
        assert world.state(1) is AgentState.WRAP_UP
        (ended,) = world.events("InteractionEnded")
        assert (ended.by, ended.within_s) == (EndedBy.AGENT, pytest.approx(98, abs=1))
        await world.wish(c.CompleteWrapUp(1, contact))
        other = await waiting(world)
        assert other.startswith(NEAR)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        world.telephony.sight.find(FAR)
        await world.until(lambda: not [leg for leg in world.telephony.legs.values() if leg.node == FAR], within_s=2)
        assert world.state(1) is AgentState.TALKING
        assert len(world.events("InteractionEnded")) == 1

    in_two(story)


def test_what_only_asterisk_can_do_is_refused_and_says_why() -> None:
    async def story(world: World) -> None:
        await talking(world)
        contact = next(iter(world.board.sessions))
        await lose(world, 10)
        assert await world.refused(c.Hold(1, contact)) == "out_of_sight"
        assert await world.refused(c.Transfer(1, contact, "queue", target=2)) == "out_of_sight"
        world.telephony.sight.find(FAR)
        await world.pass_s(1)
        await world.wish(c.Hold(1, contact))

    in_two(story)


def test_who_waits_out_of_sight_keeps_the_place_and_no_agent_is_rung_in_vain() -> None:
    """An agent who comes meanwhile gets the next caller of the other node; then it is the first one's turn."""

    async def story(world: World) -> None:
        await world.open_desk(1)
        first = await waiting(world)
        second = await waiting(world)
        queued_at = world.call_of(first).queued_at
        await lose(world, 10)
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert world.call_of(second).segment is not None
        await world.ready(2)
        await world.pass_s(300)
        assert world.state(2) is AgentState.READY
        assert world.call_of(first).phase is Phase.WAITING
        world.telephony.sight.find(FAR)
        await world.until(lambda: world.call_of(first).phase is Phase.TALKING, within_s=10)
        assert world.events("QueueEntered")[0].queue == world.call_of(first).last_queue
        assert [event.agent for event in world.events("Offered")] == [1, 2]
        left = next(
            e for e in world.log.envelopes if e.type == "QueueLeft" and e.stream == f"i:{world.call_of(first).id}"
        )
        assert left.at - queued_at > timedelta(seconds=300), "it has waited all the time"

    in_two(story)


def test_who_is_being_rung_out_of_sight_is_free_and_has_missed_nothing() -> None:
    async def story(world: World) -> None:
        account = await world.open_desk(1)
        world.telephony.behaviours[account] = Behaviour(answer_s=None)
        await world.wish(c.SetReady(1))
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.ALERTING)
        await lose(world, 5)
        agent = world.tenant.desk.agent(1)
        assert (agent.state, agent.missed) == (AgentState.READY, 0)
        assert [event.outcome for event in world.events("OfferEnded")] == [OfferEnd.WITHDRAWN]

    in_two(story)


def test_a_flow_out_of_sight_stands_still() -> None:
    """It rushed through its menus, heard no key and hung up."""

    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        await lose(world, 400)
        assert world.call_of(leg).phase is Phase.FLOW
        world.telephony.sight.find(FAR)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.call_of(leg).queue == 1)

    in_two(story)


@pytest.mark.parametrize("is_restarted", [False, True], ids=["the same", "another"])
def test_the_next_engine_waits_for_what_it_never_saw(is_restarted: bool) -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await lose(world, 20)
        await world.kill()
        account = next(iter(world.telephony.registered))
        await world.start()
        await world.wish(c.DeskConnected(1, is_connected=True))
        world.telephony.register(account)
        await world.pass_s(200)
        assert world.state(1) is AgentState.TALKING
        assert ends(world) == []
        world.telephony.sight.find(FAR, is_restarted=is_restarted)
        await world.pass_s(20)
        if is_restarted:
            assert len(ends(world)) == 1
            assert world.state(1) is AgentState.WRAP_UP
            return
        assert world.telephony.hears(leg) == {world.call_of(leg).segment.leg}
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)

    in_two(story)


def test_the_next_engine_too_waits_no_longer_than_the_bound() -> None:
    async def story(world: World) -> None:
        await talking(world)
        await lose(world, 20)
        await world.kill()
        await world.start()
        await world.pass_s(610)
        assert world.state(1) is AgentState.WRAP_UP
        assert len(ends(world)) == 1

    in_two(story)


def test_where_a_queue_rings_all_nobody_is_rung_beside_who_is_only_about_to_be() -> None:
    """On several nodes a leg was sought beside that of the next agent, which did not exist: no telephone ever rang."""
    settings = company()
    first = msgspec.structs.replace(settings.queues[0], agent_choice="ring_all")

    async def story(world: World) -> None:
        for agent in (1, 2):
            world.telephony.behaviours[await world.open_desk(agent)] = Behaviour(answer_s=5.0 * agent)
            await world.wish(c.SetReady(agent))
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: len(world.telephony.rung) == 2)
        assert {world.telephony.legs[rung].node for rung, _ in world.telephony.rung} == {FAR}
        await world.until(lambda: world.state(1) is AgentState.TALKING)

    in_two(story, msgspec.structs.replace(settings, queues=(first, *settings.queues[1:])))
