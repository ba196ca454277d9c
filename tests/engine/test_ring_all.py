"""A queue that rings all (同振): several telephones at once, the first who answers has the caller."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from tests.engine.world import AFTER_SALES, HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.domain.agents import REASON_ELSEWHERE, AgentState
from zhiyin.domain.calls.inputs import AgentsFound, Chosen
from zhiyin.domain.interactions import OfferEnd, Phase, QueueEnd
from zhiyin.engine.adapters.simulator.legs import Behaviour

NEVER = Behaviour(answer_s=None)


def ringing_all(story: Callable[[World], Awaitable[None]], *, ring_at_most: int = 10) -> None:
    """Run a story in a company whose after-sales queue (agents 1, 2 and 4) rings all, each for 20 s."""
    settings = company()
    first = msgspec.structs.replace(settings.queues[0], agent_choice="ring_all", ring_at_most=ring_at_most)
    in_world(story, msgspec.structs.replace(settings, queues=(first, *settings.queues[1:])))


async def ready(world: World, *agents: int, **behaviours: Behaviour) -> None:
    """Agents become ready, one second after the other; ``a1=...`` says what agent 1's telephone does."""
    for agent in agents:
        account = await world.open_desk(agent)
        world.telephony.behaviours[account] = behaviours.get(f"a{agent}", NEVER)
        await world.wish(c.SetReady(agent))
        await world.pass_s(1)


async def call_in(world: World) -> str:
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: world.telephony.legs[leg].playback)
    world.telephony.press(leg, "1")
    await world.until(lambda: world.call_of(leg).queue == AFTER_SALES)
    return leg


def rung(world: World, leg: str) -> list[int]:
    return [offer.agent for offer in world.call_of(leg).offers]


def ends(world: World) -> dict[int, OfferEnd]:
    return {event.agent: event.outcome for event in world.events("OfferEnded")}


def test_all_telephones_ring_and_the_first_who_answers_has_the_caller() -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2, 4, a2=Behaviour(answer_s=3.0))
        idle_since = world.tenant.desk.agent(1).idle_since
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2, 4])
        assert {world.state(agent) for agent in (1, 2, 4)} == {AgentState.ALERTING}
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        assert ends(world) == {2: OfferEnd.ANSWERED, 1: OfferEnd.ELSEWHERE, 4: OfferEnd.ELSEWHERE}
        for agent in (1, 4):
            state = world.tenant.desk.agent(agent)
            assert (state.state, state.reason) == (AgentState.READY, REASON_ELSEWHERE), "free at once, and told why"
        assert world.tenant.desk.agent(1).idle_since == idle_since, "it has been idle since before"
        await world.until(lambda: len(world.telephony.legs) == 2)
        whys = [event.why for event in world.events("Offered")]
        assert [(why["rule"], why["rung"], why["at_most"], why["joins"]) for why in whys] == [
            ("ring_all", 3, 10, False)
        ] * 3
        assert [event.agent for event in world.events("SegmentStarted")] == [2]

    ringing_all(story)


def test_who_is_found_twice_for_one_caller_is_rung_once_and_free_when_another_answers() -> None:
    """A contact that joins anew in one instant was looked for twice: the second answer let go of who was being rung."""

    async def story(world: World) -> None:
        await ready(world, 1, 2, 4, a2=Behaviour(answer_s=3.0))
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2, 4])
        world.board.session_of(leg).post(AgentsFound((Chosen(1), Chosen(2), Chosen(4)), joins=False))
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        world.board.session_of(leg).post(AgentsFound((Chosen(2),), joins=False))
        await world.pass_s(1)
        assert {world.state(agent) for agent in (1, 4)} == {AgentState.READY}
        assert world.tenant.desk.holds(2, world.call_of(leg).id)

    ringing_all(story)


def test_one_refuses_and_the_others_ring_on() -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2, 4, a1=Behaviour(refuse_s=1.0), a4=Behaviour(answer_s=6.0))
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [2, 4])
        assert (world.state(1), world.tenant.desk.agent(1).reason) == (AgentState.NOT_READY, "rejected")
        assert world.call_of(leg).phase is Phase.OFFERED
        await world.until(lambda: world.state(4) is AgentState.TALKING)
        assert ends(world) == {1: OfferEnd.REJECTED, 2: OfferEnd.ELSEWHERE, 4: OfferEnd.ANSWERED}
        assert len(world.events("QueueEntered")) == 1

    ringing_all(story)


def test_each_lets_it_ring_for_itself_and_whoever_becomes_ready_joins() -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2)
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2])
        await world.pass_s(12)
        await ready(world, 4)
        await world.until(lambda: rung(world, leg) == [1, 2, 4])
        assert world.events("Offered")[-1].why["joins"] is True
        await world.until(lambda: rung(world, leg) == [4], within_s=10)
        assert [world.tenant.desk.agent(agent).reason for agent in (1, 2)] == ["ring_no_answer"] * 2
        await world.pass_s(5)
        assert rung(world, leg) == [4], "who joined later has as long as the others had"
        await world.until(lambda: rung(world, leg) == [])
        assert set(ends(world).values()) == {OfferEnd.NO_ANSWER}
        assert world.call_of(leg).phase is Phase.WAITING
        world.telephony.behaviours.clear()
        await world.wish(c.SetReady(2))
        await world.until(lambda: world.state(2) is AgentState.TALKING)

    ringing_all(story)


def test_the_caller_hangs_up_and_every_telephone_stops() -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2, 4)
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2, 4])
        world.telephony.end(leg)
        await world.until(lambda: not world.telephony.legs)
        assert set(ends(world).values()) == {OfferEnd.CUSTOMER_GONE}
        assert [world.state(agent) for agent in (1, 2, 4)] == [AgentState.READY] * 3
        assert [event.outcome for event in world.events("QueueLeft")] == [QueueEnd.ABANDONED]

    ringing_all(story)


def test_of_two_who_answer_in_one_instant_one_talks_and_the_other_is_free() -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2)
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2])
        first, second = (offer.leg for offer in world.call_of(leg).offers)
        await world.until(lambda: {first, second} <= world.telephony.legs.keys())
        world.telephony.pick_up(second)
        world.telephony.pick_up(first)
        await world.until(lambda: world.telephony.hears(leg) == {second})
        await world.until(lambda: first not in world.telephony.legs)
        assert ends(world) == {2: OfferEnd.ANSWERED, 1: OfferEnd.ELSEWHERE}
        assert world.state(1) is AgentState.READY

    ringing_all(story)


def test_no_more_ring_than_the_queue_says_and_one_who_declines_is_replaced() -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2, 4, a1=Behaviour(refuse_s=3.0))
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2])
        assert world.state(4) is AgentState.READY
        await world.until(lambda: rung(world, leg) == [2, 4])
        assert world.events("Offered")[-1].why["joins"] is True

    ringing_all(story, ring_at_most=2)


def test_the_next_caller_rings_at_all_who_are_free_again() -> None:
    """Whoever was freed first would else be rung alone, the others sitting there."""

    async def story(world: World) -> None:
        await ready(world, 1, 2, 4)
        first, second = await call_in(world), await call_in(world)
        await world.until(lambda: rung(world, first) == [1, 2, 4])
        await world.pass_s(3)
        assert rung(world, second) == [], "nobody is offered two contacts"
        leg = world.call_of(first).offers[1].leg
        world.telephony.pick_up(leg)
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        await world.until(lambda: sorted(rung(world, second)) == [1, 4])

    ringing_all(story)


@pytest.mark.parametrize("answered", [(), (2,), (1, 2)], ids=["nobody", "one", "both"])
def test_a_new_engine_goes_on_while_several_ring(answered: tuple[int, ...]) -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2)
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2])
        legs = {offer.agent: offer.leg for offer in world.call_of(leg).offers}
        await world.until(lambda: set(legs.values()) <= world.telephony.legs.keys())
        await world.kill()
        for agent in answered:
            world.telephony.pick_up(legs[agent])
        await world.pass_s(4)
        await world.start()
        if not answered:
            assert rung(world, leg) == [1, 2]
            await world.pass_s(2)
            await ready(world, 4)
            await world.until(lambda: rung(world, leg) == [1, 2, 4], within_s=5)
            world.telephony.pick_up(legs[2])
        taker = answered[0] if answered else 2
        await world.until(lambda: world.telephony.hears(leg) == {legs[taker]})
        assert ends(world)[taker] is OfferEnd.ANSWERED
        assert ends(world)[3 - taker] is OfferEnd.ELSEWHERE
        await world.until(lambda: len(world.telephony.legs) == 2)
        assert world.tenant.desk.agent(3 - taker).interaction is None

    ringing_all(story)


def test_a_telephone_that_died_with_the_engine_rings_no_more_and_the_others_do() -> None:
    async def story(world: World) -> None:
        await ready(world, 1, 2)
        leg = await call_in(world)
        await world.until(lambda: rung(world, leg) == [1, 2])
        first, second = (offer.leg for offer in world.call_of(leg).offers)
        await world.until(lambda: {first, second} <= world.telephony.legs.keys())
        await world.kill()
        world.telephony.end(first)
        await world.start()
        await world.until(lambda: ends(world) == {1: OfferEnd.WITHDRAWN})
        assert 2 in rung(world, leg)
        world.telephony.pick_up(second)
        await world.until(lambda: world.telephony.hears(leg) == {second})

    ringing_all(story)


def test_all_of_a_queue_are_rung_to_be_consulted_and_the_first_is() -> None:
    async def story(world: World) -> None:
        await world.ready(3)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "2")
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        await ready(world, 1, 4, a4=Behaviour(answer_s=2.0))
        await world.wish(c.Consult(3, world.call_of(leg).id, "queue", target=AFTER_SALES))
        await world.until(lambda: rung(world, leg) == [1, 4])
        await world.until(lambda: world.state(4) is AgentState.CONSULTING)
        assert world.state(1) is AgentState.READY
        assert world.call_of(leg).consult.agent == 4

    ringing_all(story)
