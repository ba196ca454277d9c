"""What a queue promises and does while a caller waits: told waits, overflow chains, calendars; also after a kill."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tests.engine.world import AFTER_SALES, ALWAYS, HOTLINE, SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import HoursSetting, OverflowSetting, PromptSetting, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Phase, QueueEnd
from zhiyin.engine.adapters.simulator.legs import Behaviour

NEVER = tuple(() for _ in range(7))


def with_queue(queue: int, **changes: Any) -> TenantSettings:
    plain = company()
    queues = tuple(replace(one, **changes) if one.id == queue else one for one in plain.queues)
    prompts = (*plain.prompts, PromptSetting("sorry", {"zh": "/zh/sorry"}))
    hours = (*plain.hours, HoursSetting(2, "never", NEVER), HoursSetting(3, "always", ALWAYS))
    return replace(plain, queues=queues, prompts=prompts, hours=hours)


def chain(*steps: OverflowSetting, **more: Any) -> TenantSettings:
    return with_queue(AFTER_SALES, overflow=steps, **more)


async def caller(world: World, key: str = "1", number: str = "13800138000") -> str:
    """A caller who has chosen; returns the leg."""
    leg = world.telephony.call(HOTLINE, caller=number)
    await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, key)
    await world.until(lambda: world.call_of(leg).phase is not Phase.FLOW)
    return leg


async def serve(world: World, agent: int, talk_s: float) -> None:
    """One caller is answered by the agent, talks, and the agent is ready again."""
    await world.until(lambda: world.state(agent) is AgentState.TALKING, within_s=1200)
    segment = world.tenant.desk.agent(agent).interaction
    await world.pass_s(talk_s)
    await world.wish(c.HangUp(agent, segment or ""))
    await world.until(lambda: world.state(agent) is AgentState.WRAP_UP)
    await world.wish(c.CompleteWrapUp(agent, segment or ""))


def test_a_wait_is_told_once_it_is_known_and_judged_when_somebody_answers() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        legs = [await caller(world, number=f"1380013800{n}") for n in range(7)]
        await world.pass_s(5)
        assert world.events("WaitEstimated") == [], "nothing is known on the first day, and nothing is said"
        for _ in range(4):
            await serve(world, 1, 120)
        await world.until(lambda: world.events("WaitEstimated"))
        await world.until(lambda: "/zh/wait_minutes" in world.telephony.legs[legs[6]].heard, within_s=60)
        row = next(row for row in world.tenant.board.board().interactions if row.queued_at is not None)
        assert row.wait_p50_s is not None
        assert row.wait_p90_s is not None
        assert row.wait_p50_s < row.wait_p90_s
        for _ in range(3):
            await serve(world, 1, 120)
        queue = world.tenant.board.board().queues[0]
        assert queue.estimates == len(world.events("WaitEstimated")) > 3
        assert queue.kept_p90_pct is not None
        assert queue.kept_p50_pct is not None
        assert queue.kept_p90_pct >= queue.kept_p50_pct
        estimate = world.events("WaitEstimated")[-1]
        assert (estimate.queue, estimate.agents) == (AFTER_SALES, 1)

    in_world(story)


def test_a_queue_may_keep_place_and_wait_to_itself() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = await caller(world)
        await world.pass_s(45)
        heard = world.telephony.legs[leg].heard
        assert heard.count("/zh/please_wait") == 1
        assert "/zh/next_in_line" not in heard
        assert world.telephony.legs[leg].has_music

    in_world(story, with_queue(AFTER_SALES, announces_place=False, announces_wait=False))


def test_after_a_wait_another_queues_agents_are_asked_too_and_the_place_is_kept() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        await world.ready(3)
        leg = await caller(world)
        queued_at = world.call_of(leg).queued_at
        await world.pass_s(15)
        assert world.state(3) is AgentState.READY, "too early"
        await world.until(lambda: world.state(3) is AgentState.TALKING, within_s=10)
        call = world.call_of(leg)
        assert (call.queue, queued_at is not None) == (AFTER_SALES, True)
        (taken,) = world.events("OverflowTaken")
        assert (taken.step, taken.condition, taken.threshold, taken.action, taken.target) == (
            0,
            "waited_over",
            20,
            "add_queue",
            SALES,
        )
        assert len(world.events("QueueEntered")) == 1

    in_world(story, chain(OverflowSetting("waited_over", "add_queue", 20, SALES)))


def test_a_caller_who_is_moved_stands_before_who_came_later() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        await world.open_desk(3)
        first = await caller(world, "1", "13800138001")
        await world.pass_s(5)
        second = await caller(world, "2", "13800138002")
        await world.until(lambda: world.call_of(first).queue == SALES, within_s=30)
        (left,) = world.events("QueueLeft")
        assert left.outcome is QueueEnd.OVERFLOWED
        await world.wish(c.SetReady(3))
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        assert world.call_of(first).segment is not None
        assert world.call_of(second).phase is Phase.WAITING

    in_world(story, chain(OverflowSetting("waited_over", "move", 20, SALES)))


def test_what_a_chain_did_is_known_to_the_next_engine() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = await caller(world)
        await world.until(lambda: len(world.events("OverflowTaken")) == 1, within_s=20)
        await world.kill()
        await world.start()
        await world.open_desk(1)
        await world.pass_s(20)
        assert len(world.events("OverflowTaken")) == 1, "no step is taken twice"
        await world.open_desk(3)
        await world.wish(c.SetReady(3))
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        assert world.call_of(leg).segment is not None

    in_world(story, chain(OverflowSetting("waited_over", "add_queue", 10, SALES)))


def test_a_long_line_is_told_at_arrival_and_ended_with_a_prompt() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        for n in range(2):
            await caller(world, number=f"1380013800{n}")
        leg = world.telephony.call(HOTLINE, caller="13800138009")
        await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
        heard = world.telephony.legs[leg].heard
        world.telephony.press(leg, "1")
        await world.until(lambda: leg not in world.telephony.legs)
        assert heard[-1] == "/zh/sorry"
        assert world.events("InteractionEnded")[-1].reason == "overflow"
        assert world.events("OverflowTaken")[-1].before == 2

    in_world(story, chain(OverflowSetting("line_reached", "end", 2, prompt="sorry")))


def test_a_prompt_of_the_chain_is_heard_once_and_the_wait_goes_on() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = await caller(world)
        await world.pass_s(50)
        legs = world.telephony.legs[leg]
        assert legs.heard.count("/zh/sorry") == 1
        assert legs.has_music
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.state(1) is AgentState.TALKING)

    in_world(story, chain(OverflowSetting("nobody_ready", "play", prompt="sorry")))


def test_who_waits_too_long_is_asked_for_a_message_which_an_agent_is_offered() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = await caller(world)
        contact = world.call_of(leg).id
        await world.until(lambda: world.telephony.legs[leg].is_speech_watched)
        world.telephony.speak(leg)
        await world.pass_s(4)
        world.telephony.press(leg, "#")
        await world.until(lambda: leg not in world.telephony.legs)
        assert world.events("QueueLeft")[-1].outcome is QueueEnd.VOICEMAIL
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.board.sessions[contact].call.offer is not None)
        assert world.events("OverflowTaken")[-1].action == "message"

    in_world(story, chain(OverflowSetting("waited_over", "message", 30)))


def test_a_callback_promised_by_the_chain_keeps_the_place() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        first = await caller(world)
        contact = world.call_of(first).id
        await world.until(lambda: first not in world.telephony.legs)
        later = await caller(world, number="13800138009")
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.board.sessions[contact].call.offer is not None)
        assert world.call_of(later).offer is None, "who came later waits"
        assert world.events("CallbackAgreed")[-1].asked_by == "overflow"

    in_world(story, chain(OverflowSetting("waited_over", "callback", 30)))


def test_a_message_that_waits_follows_no_chain() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = await caller(world)
        await world.until(lambda: leg not in world.telephony.legs)
        await world.pass_s(120)
        assert [taken.action for taken in world.events("OverflowTaken")] == ["callback"]

    in_world(
        story,
        chain(
            OverflowSetting("waited_over", "callback", 30), OverflowSetting("waited_over", "play", 60, prompt="sorry")
        ),
    )


def test_nobody_signed_in_leads_to_who_is() -> None:
    async def story(world: World) -> None:
        await world.ready(3)
        leg = await caller(world)
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        assert world.call_of(leg).last_queue == AFTER_SALES

    in_world(story, chain(OverflowSetting("nobody_signed_in", "add_queue", queue=SALES)))


def test_when_the_last_agent_of_an_added_queue_leaves_too_the_line_is_closed() -> None:
    async def story(world: World) -> None:
        await world.open_desk(3)
        leg = await caller(world)
        assert world.call_of(leg).phase is Phase.WAITING
        await world.wish(c.SignOut(3))
        await world.until(lambda: leg not in world.telephony.legs)
        assert world.events("InteractionEnded")[-1].reason == "no_agents"

    in_world(story, chain(OverflowSetting("nobody_signed_in", "add_queue", queue=SALES)))


def test_a_queue_that_nobody_serves_is_moved_to_by_nobody() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = await caller(world)
        await world.pass_s(30)
        assert world.call_of(leg).queue == AFTER_SALES
        await world.open_desk(3)
        await world.until(lambda: world.call_of(leg).queue == SALES, within_s=30)

    steps = (OverflowSetting("nobody_ready", "move", queue=SALES),)
    in_world(story, chain(*steps))


def test_an_agent_who_is_being_rung_answers_though_the_chain_would_move_the_caller() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await world.open_desk(3)
        world.telephony.behaviours["account"] = Behaviour(answer_s=15.0)
        leg = await caller(world)
        await world.until(lambda: world.state(1) is AgentState.TALKING, within_s=30)
        assert world.call_of(leg).last_queue == AFTER_SALES
        assert world.events("OverflowTaken") == []

    in_world(story, chain(OverflowSetting("waited_over", "move", 10, SALES)))


def test_a_closed_calendar_closes_the_queue_and_its_chain_may_say_otherwise() -> None:
    async def closed(world: World) -> None:
        await world.ready(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
        world.telephony.press(leg, "1")
        await world.until(lambda: leg not in world.telephony.legs)
        assert world.state(1) is AgentState.READY
        assert world.events("QueueLeft")[-1].outcome is QueueEnd.OVERFLOWED

    async def moved(world: World) -> None:
        await world.ready(3)
        leg = await caller(world)
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        assert world.call_of(leg).last_queue == SALES

    in_world(closed, with_queue(AFTER_SALES, hours=2))
    in_world(moved, chain(OverflowSetting("closed", "move", queue=SALES), hours=2))


def test_an_open_calendar_changes_nothing_and_one_that_is_gone_keeps_nobody_out() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await caller(world)
        await world.until(lambda: world.state(1) is AgentState.TALKING)

    in_world(story, with_queue(AFTER_SALES, hours=3))
    in_world(story, with_queue(AFTER_SALES, hours=99))


def test_a_step_of_a_newer_web_is_left_out() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = await caller(world)
        await world.pass_s(30)
        assert world.call_of(leg).phase is Phase.WAITING

    in_world(story, chain(OverflowSetting("full_moon", "move", queue=SALES), OverflowSetting("waited_over", "fly", 5)))
