"""What agents did today ranks them, as it happens and after the engine was killed: counted from the log alone."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.agents import AgentState


def ruled_by(agent_choice: str) -> TenantSettings:
    settings = company()
    queue = msgspec.structs.replace(settings.queues[0], agent_choice=agent_choice, members=(1, 2), wrap_up_s=0)
    return msgspec.structs.replace(settings, queues=(queue, settings.queues[1]))


async def to_after_sales(world: World) -> str:
    """Call, and choose after-sales in the menu."""
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: world.telephony.legs[leg].playback is not None)
    world.telephony.press(leg, "1")
    return leg


async def serve(world: World, *, talk_s: float) -> int:
    """Let one call be answered and talked; return whose it was."""
    before = len(world.events("Offered"))
    leg = await to_after_sales(world)
    await world.until(lambda: len(world.events("Offered")) > before)
    offered = world.events("Offered")[-1]
    await world.until(lambda: offered.leg in world.telephony.legs)
    world.telephony.pick_up(offered.leg)
    await world.until(lambda: world.state(offered.agent) is AgentState.TALKING)
    await world.pass_s(talk_s)
    world.telephony.end(leg)
    await world.until(lambda: world.state(offered.agent) is AgentState.READY)
    return int(offered.agent)


async def standing(world: World, agent: int) -> Any:
    return world.tenant.desk.standings.of(agent, world.clock.now())


def test_contacts_talk_and_occupancy_are_told_to_the_router() -> None:
    async def day(world: World) -> None:
        await world.ready(1, 2)
        first = await serve(world, talk_s=60)
        await world.pass_s(30)
        found = await standing(world, first)
        assert (found.contacts, round(found.talk_s, -1)) == (1, 60)
        assert found.last_inbound_at > 0
        assert 0.4 < found.occupancy <= 1.0
        assert (await standing(world, 3 - first)).contacts == 0

    in_world(day, ruled_by("fewest_contacts"))


@pytest.mark.parametrize(
    "rule", ["fewest_contacts", "weighted", "longest_since_inbound", "least_occupied", "percentage"]
)
def test_a_killed_engine_ranks_by_what_was_done_before(rule: str) -> None:
    async def day(world: World) -> None:
        await world.ready(1)
        await serve(world, talk_s=20)
        await world.pass_s(5)
        await world.ready(2)
        await world.until(lambda: world.engine.is_written)
        await world.kill()
        await world.start()
        for agent in (1, 2):
            await world.wish(c.DeskConnected(agent, is_connected=True))
            await world.open_desk(agent)
            await world.wish(c.SetReady(agent))
        await world.until(lambda: world.tenant.desk.standings.of(1, world.clock.now()).contacts == 1)
        assert await serve(world, talk_s=1) == 2, "agent 1 had one already, though idle longer"

    in_world(day, ruled_by(rule))


def test_a_checkpoint_of_the_day_holds_the_standings_and_counts_nothing_twice() -> None:
    async def day(world: World) -> None:
        await world.ready(1)
        await serve(world, talk_s=20)
        await world.pass_s(40)  # the day is saved every 30 s
        assert world.log._days, "the day was saved"
        await serve(world, talk_s=10)
        before = await standing(world, 1)
        await world.until(lambda: world.engine.is_written)
        await world.kill()
        await world.start()
        await world.until(lambda: world.tenant.desk.standings.of(1, world.clock.now()).contacts == 2)
        after = await standing(world, 1)
        assert (after.contacts, after.last_inbound_at) == (before.contacts, before.last_inbound_at)
        assert after.talk_s == pytest.approx(before.talk_s, abs=0.01)
        assert after.occupancy == pytest.approx(before.occupancy, abs=0.05)

    in_world(day, ruled_by("fewest_contacts"))
