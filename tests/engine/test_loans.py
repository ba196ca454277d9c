"""An agent lent to a queue for a time: comes at once, goes by itself, also where the engine died in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.engine.test_waiting import caller
from tests.engine.world import AFTER_SALES, SALES, World, company, in_world
from zhiyin.contracts.snapshots import LoanSetting, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.engine.loans import in_force


def lent(world: World, *, minutes: int, is_instead: bool = False) -> TenantSettings:
    """Agent 3 of sales is lent to after-sales from now on."""
    now = world.clock.now()
    loan = LoanSetting(3, AFTER_SALES, now, now + timedelta(minutes=minutes), is_instead)
    return replace(world.settings, loans=(loan,))


async def take(world: World, settings: TenantSettings) -> None:
    """The settings are saved, and the engine is told."""
    world.settings = replace(settings, version=settings.version + 1)
    world.log.change_settings(world.settings)
    await world.until(lambda: world.tenant.company.settings.version == world.settings.version)


def members(world: World, queue: int) -> set[int]:
    return set(world.tenant.company.queues[queue].members)


@pytest.mark.parametrize("is_killed", [False, True], ids=["the same engine", "after a kill"])
def test_an_agent_is_lent_and_comes_back_by_itself(*, is_killed: bool) -> None:
    async def story(world: World) -> None:
        await world.ready(3)
        await world.open_desk(1)
        leg = await caller(world)
        await world.pass_s(5)
        assert world.state(3) is AgentState.READY
        await take(world, lent(world, minutes=10))
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        world.telephony.end(leg)
        assert members(world, AFTER_SALES) == {1, 2, 3, 4}
        assert members(world, SALES) == {2, 3}
        (row,) = [row for row in world.tenant.board.board().agents if row.id == 3]
        assert [(loan.queue, loan.is_instead) for loan in row.loans] == [(AFTER_SALES, False)]
        if is_killed:
            await world.kill()
            await world.pass_s(60)
            await world.start()
        assert 3 in members(world, AFTER_SALES)
        await world.pass_s(600)
        assert members(world, AFTER_SALES) == {1, 2, 4}
        assert all(not row.loans for row in world.tenant.board.board().agents)

    in_world(story)


def test_settings_saved_meanwhile_keep_the_loan_and_every_membership() -> None:
    async def story(world: World) -> None:
        await world.ready(3)
        await take(world, lent(world, minutes=10, is_instead=True))
        assert members(world, SALES) == {2}
        renamed = tuple(replace(queue, name="新售后") for queue in world.settings.queues)
        await take(world, replace(world.settings, queues=renamed))
        assert (members(world, AFTER_SALES), members(world, SALES)) == ({1, 2, 3, 4}, {2})
        await world.pass_s(601)
        assert (members(world, AFTER_SALES), members(world, SALES)) == ({1, 2, 4}, {2, 3})

    in_world(story)


def test_only_loans_of_this_instant_and_of_agents_that_there_are_count() -> None:
    async def story(world: World) -> None:
        now = world.clock.now()
        hour = timedelta(hours=1)
        settings = replace(
            company(),
            loans=(
                LoanSetting(3, AFTER_SALES, now + hour, now + 2 * hour),
                LoanSetting(1, SALES, now - 2 * hour, now - hour),
                LoanSetting(99, SALES, now - hour, now + hour),
            ),
        )
        assert in_force(settings, now) == company()
        later = in_force(settings, now + hour)
        assert later.queues[0].members == (1, 2, 4, 3)
        assert in_force(later, now + hour) == later

    in_world(story)
