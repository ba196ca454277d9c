"""IVR状态: the board tells at which step each caller in automatic service is, and since when."""

from __future__ import annotations

from tests.engine.world import HOTLINE, World, in_world
from zhiyin.contracts.snapshots import InteractionRow
from zhiyin.domain.agents import AgentState


def row_of(world: World, leg: str) -> InteractionRow:
    contact = world.call_of(leg).id
    return next(row for row in world.tenant.board.board().interactions if row.id == contact)


def test_a_caller_is_told_at_its_step_until_the_flow_hands_it_on() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
        row = row_of(world, leg)
        assert row.step is not None
        assert (row.step.flow, row.step.version, row.step.node, row.step.kind) == (1, 1, "menu", "menu")
        entered = [envelope.at for envelope in world.log.envelopes if envelope.type == "NodeEntered"]
        assert row.step.since == entered[-1]
        assert row.came_by == "direct"
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert row_of(world, leg).step is None

    in_world(story)


def test_a_stay_goes_on_over_an_engines_end() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
        before = row_of(world, leg).step
        await world.kill()
        await world.start()
        await world.until(lambda: world.telephony.legs[leg].heard.count("/zh/menu") == 2)
        assert row_of(world, leg).step == before is not None

    in_world(story)
