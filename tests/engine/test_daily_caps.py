"""A stolen agent calls out as fast as it can: the day's caps bound what it costs, also over a crash."""

from __future__ import annotations

from tests.engine.world import World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import OutboundSetting
from zhiyin.domain.agents import AgentState
from zhiyin.domain.dialing.spending import Destination

ABROAD = "+442079460958"
POLICY = OutboundSetting(allowed_prefixes=("+86", "+44"), max_international_minutes_per_day=10, wrap_up_s=0)


async def call(world: World, number: str, *, minutes: float) -> str | None:
    """Call and talk so long; return why not, where it was refused."""
    reply = await world.ask(c.Dial(1, number))
    if reply.problem is not None:
        return reply.problem.code
    await world.until(lambda: world.state(1) is AgentState.TALKING)
    await world.pass_s(minutes * 60)
    (session,) = [s for s in world.board.sessions.values() if s.call.agent == 1]
    await world.wish(c.HangUp(1, session.id))
    await world.until(lambda: world.state(1) is AgentState.READY)
    return None


def spent_min(world: World) -> float:
    return sum(e.connected_s for e in world.events("OutsideLegEnded")) / 60


def test_a_stolen_agent_spends_the_cap_and_one_call_at_most() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        refusals = [await call(world, ABROAD, minutes=4) for _ in range(30)]
        assert refusals == [None] * 3 + ["daily_minutes_spent"] * 27
        await world.until(lambda: len(world.events("OutsideLegEnded")) == 3)
        assert 12 <= spent_min(world) <= 14
        assert await call(world, "13800138000", minutes=1) is None
        await world.until(lambda: len(world.events("OutsideLegEnded")) == 4)
        assert {e.destination for e in world.events("OutsideLegEnded")} == {
            Destination.INTERNATIONAL,
            Destination.DOMESTIC,
        }

    in_world(story, company(outbound=POLICY))


def test_the_next_engine_goes_on_counting() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        for _ in range(3):
            await call(world, ABROAD, minutes=4)
        await world.pass_s(1)
        await world.kill()
        await world.start()
        await world.open_desk(1)
        assert await world.refused(c.Dial(1, ABROAD)) == "daily_minutes_spent"

    in_world(story, company(outbound=POLICY))


def test_premium_numbers_are_closed_unless_minutes_are_given() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        assert await world.refused(c.Dial(1, "010 168 12345")) == "daily_minutes_spent"

    in_world(story)


def test_a_transfer_outside_is_bound_by_the_same_caps() -> None:
    """Forwarding every caller to a dear number is the same theft by another way."""

    async def story(world: World) -> None:
        await world.ready(1)
        for _ in range(3):
            await call(world, ABROAD, minutes=4)
        customer = world.telephony.call("4008001234")
        await world.pass_s(1)
        world.telephony.press(customer, "1")
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        session = world.board.session_of(customer)
        refused = await world.refused(c.Transfer(1, session.id, "number", number=ABROAD))
        assert refused == "daily_minutes_spent"

    in_world(story, company(outbound=POLICY))
