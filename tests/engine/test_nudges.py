"""A hint of Django's is passed on as it came, to the company that asked, and is no event of any contact."""

from __future__ import annotations

from tests.engine.world import World, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Nudged


def test_a_nudge_is_passed_on_to_whoever_subscribed() -> None:
    async def story(world: World) -> None:
        passed: list[Nudged] = []
        world.engine.wishes.on_nudge = passed.append
        await world.wish(c.Nudge(users=(1, 2), topic="notifications"))
        await world.wish(c.Nudge(users=None, topic="notices"))
        company = world.settings.tenant
        assert passed == [Nudged(company, (1, 2), "notifications"), Nudged(company, None, "notices")]

    in_world(story)
