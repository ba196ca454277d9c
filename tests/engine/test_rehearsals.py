"""Trying the router on a made-up caller: what it says is what then happens, and nothing happens by asking."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from msgspec.structs import replace

from tests.engine.test_interventions import busy, settings
from tests.engine.test_waiting import caller
from tests.engine.world import AFTER_SALES, HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.rehearsals import Rehearsal
from zhiyin.contracts.snapshots import HoursSetting, OverflowSetting, PromptSetting, RingSetting, TenantSettings
from zhiyin.domain.agents import AgentState


def skilled() -> TenantSettings:
    """After-sales asks for English 7, 3 after half a minute; sales' agents are asked after a minute."""
    plain = company()
    levels = {1: 8, 2: 5, 3: 9, 4: 1}
    agents = tuple(replace(agent, skills={"english": levels[agent.id]}) for agent in plain.agents)
    after_sales, sales = plain.queues
    after_sales = replace(
        after_sales,
        skills={"english": 7},
        rings=(RingSetting(30, lower_by=4), RingSetting(60, add_queues=(sales.id,))),
        hours=2,
        overflow=(OverflowSetting("closed", "play", prompt="sorry"), OverflowSetting("waited_over", "leave", 90)),
    )
    never = HoursSetting(2, "weekdays", tuple((("09:00", "18:00"),) if day < 5 else () for day in range(7)))
    prompts = (*plain.prompts, PromptSetting("sorry", {"zh": "/zh/sorry"}))
    return replace(plain, agents=agents, queues=(after_sales, sales), hours=(*plain.hours, never), prompts=prompts)


async def rehearsal(world: World, **asked: object) -> Rehearsal:
    result = await world.wish(c.TryRouting(AFTER_SALES, **asked))  # type: ignore[arg-type]
    return msgspec.convert(result, Rehearsal)


def test_a_rehearsal_says_who_would_be_asked_now_who_later_and_why_not_the_others() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2)
        await world.open_desk(4)
        told = (await rehearsal(world)).present
        assert told.offered_to == (1,)
        assert [(one.agent, one.verdict, one.after_s) for one in told.agents] == [
            (1, "chosen", 0.0),
            (2, "later", 30.0),
            (4, "not_ready", None),
            (3, "signed_out", 60.0),
        ]
        assert told.agents[1].missing == {"english": 7}
        assert [(ring.after_s, ring.skills, ring.able, ring.ready) for ring in told.rings] == [
            (0.0, {"english": 7}, 1, 1),
            (30, {"english": 3}, 2, 2),
            (60, {"english": 3}, 3, 2),
        ]

    in_world(story, skilled())


def test_a_rehearsal_beside_changed_settings_shows_both() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await world.ready(2)
        queue = world.tenant.company.queue_settings[AFTER_SALES]
        told = await rehearsal(world, changed=replace(queue, skills={}, agent_choice="least_skilled"))
        assert told.changed is not None
        assert (told.present.offered_to, told.changed.offered_to) == ((1,), (2,))
        assert world.tenant.company.queue_settings[AFTER_SALES] == queue

    in_world(story, skilled())


def test_the_calendar_is_that_of_the_hour_and_the_chain_says_when_each_step_is_taken() -> None:
    async def story(world: World) -> None:
        now = world.clock.now()
        monday = now.replace(hour=2, minute=0, second=0, microsecond=0)  # 10:00 in Shanghai
        monday -= timedelta(days=monday.weekday())
        told = (await rehearsal(world, at=monday)).present
        assert told.is_open
        assert [(step.action, step.at_s, step.is_reached) for step in told.steps] == [
            ("play", None, True),
            ("leave", 90.0, True),
        ]
        told = (await rehearsal(world, at=monday.replace(hour=14))).present
        assert not told.is_open
        assert told.opens_at is not None
        assert told.steps[0].at_s == 0.0

    in_world(story, skilled())


def test_asking_changes_nothing_and_the_next_caller_gets_what_was_said() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        waiting = await caller(world, number="13800138001")
        desk = world.tenant.desk
        before = (len(world.log.envelopes), dict(desk.agents), world.tenant.board.board().interactions)
        told = (await rehearsal(world, number="13800138000", priority=5)).present
        assert (told.offered_to, told.before) == ((), 0), "before who waits, by its priority"
        assert (await rehearsal(world)).present.before == 1
        after = (len(world.log.envelopes), dict(desk.agents), world.tenant.board.board().interactions)
        assert after == before
        assert desk.line.place(world.call_of(waiting).id, world.clock.now()) == 0
        assert await world.refused(c.TryRouting(99)) == "unknown_queue"
        assert await world.refused(c.TryRouting(AFTER_SALES, class_code="none")) == "unknown_class"
        assert await world.refused(c.TryRouting(AFTER_SALES, number="abc")) == "bad_number"
        assert (await rehearsal(world, class_code="gold")).present.points == 50.0
        assert (await rehearsal(world, entry=HOTLINE)).present.class_code == ""
        assert world.state(1) is AgentState.TALKING

    in_world(story, settings())
