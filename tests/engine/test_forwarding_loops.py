"""A number outside that forwards back to the company: after two rounds the contact is sent outside no more."""

from __future__ import annotations

import pytest

from tests.engine.world import HOTLINE, World, in_world
from zhiyin.contracts import commands as c
from zhiyin.domain.agents import AgentState
from zhiyin.domain.security.forwarding import MAX_HOPS

FORWARDS_BACK = "13900139000"


async def _talking(world: World, agent: int, caller: str) -> str:
    """A caller reaches this agent, who alone is ready; returns the contact."""
    if world.state(agent) is AgentState.LOGGED_OUT:
        await world.ready(agent)
    elif world.state(agent) is AgentState.WRAP_UP:
        await world.wish(c.CompleteWrapUp(agent, ""))
    leg = world.telephony.call(HOTLINE, caller=caller)
    await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, "1")
    await world.until(lambda: world.state(agent) is AgentState.TALKING)
    await world.until(lambda: world.telephony.hears(leg))
    return world.call_of(leg).id


@pytest.mark.parametrize("shows", [HOTLINE, FORWARDS_BACK])
def test_a_loop_of_forwarding_ends(shows: str) -> None:
    """What comes back shows our number or its own; each round costs a call outside."""

    async def story(world: World) -> None:
        contact = await _talking(world, 1, "13800138000")
        for _ in range(MAX_HOPS):
            await world.wish(c.Transfer(1, contact, "number", number=FORWARDS_BACK))
            rung = len(world.telephony.rung)
            await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
            await world.pass_s(3)
            contact = await _talking(world, 1, shows)
            assert len(world.telephony.rung) > rung
        assert await world.refused(c.Transfer(1, contact, "number", number=FORWARDS_BACK)) == "forwarded_too_often"
        assert await world.refused(c.Consult(1, contact, "number", number=FORWARDS_BACK)) == "forwarded_too_often"
        assert world.state(1) is AgentState.TALKING
        await world.wish(c.Transfer(1, contact, "queue", note="请转队列"))

    in_world(story)


def test_other_customers_are_sent_outside_as_often_as_they_like() -> None:
    async def story(world: World) -> None:
        for caller in range(MAX_HOPS + 2):
            contact = await _talking(world, 1, f"1380013800{caller}")
            await world.wish(c.Transfer(1, contact, "number", number=FORWARDS_BACK))
            await world.until(lambda: world.state(1) is AgentState.WRAP_UP)

    in_world(story)
