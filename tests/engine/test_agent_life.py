"""Rests with quota and approval, the modes of after-call work, and what follows when an agent lets it ring."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.supervision_steps import company_with_leads
from tests.engine.world import AFTER_SALES, HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import (
    NoRestTimeSetting,
    QueueSetting,
    ReasonSetting,
    RestQuotaSetting,
    RestsSetting,
    TenantSettings,
)
from zhiyin.domain.agents import REASON_RING_NO_ANSWER, AgentState
from zhiyin.domain.rests import RestRefusal, RestStage
from zhiyin.engine.adapters.simulator.legs import Behaviour

REASONS = (
    ReasonSetting("meeting", "会议", "Meeting"),
    ReasonSetting("tea", "喝茶", "Tea", is_rest=True, planned_min=10),
)
LEAD = 5


def with_rests(approval: str = "list", *, at_most: int | None = 1, **more: object) -> TenantSettings:
    quotas = (RestQuotaSetting(at_most=at_most),) if at_most is not None else ()
    rests = RestsSetting(approval=approval, quotas=quotas, **more)  # type: ignore[arg-type]
    return msgspec.structs.replace(company_with_leads(), rests=rests, reasons=REASONS)


def with_queue(**changes: object) -> TenantSettings:
    """Return a company whose first queue, of agent 1 alone, has these rules."""
    queue = QueueSetting(AFTER_SALES, "售后", "After-sales", (1,), **changes)  # type: ignore[arg-type]
    return company(queues=(queue, *company().queues[1:]))


def rest_of(world: World, agent: int) -> str | None:
    rest = world.tenant.desk.agent(agent).rest
    return rest.stage.value if rest is not None else None


def row_of(world: World, agent: int):
    return next(row for row in world.tenant.board.board().agents if row.id == agent)


async def call_in(world: World) -> str:
    """A customer calls and presses 1 for after-sales."""
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, "1")
    return leg


async def talk(world: World) -> str:
    leg = await call_in(world)
    await world.until(lambda: world.state(1) is AgentState.TALKING)
    await world.until(lambda: world.telephony.hears(leg))
    return leg


def nobody_answers(world: World) -> None:
    world.telephony.behaviours["account"] = Behaviour(answer_s=None)


def test_who_finds_no_place_waits_and_rests_when_one_is_free() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2, 3)
        for agent in (1, 2, 3):
            await world.wish(c.SetNotReady(agent, "tea"))
        assert [rest_of(world, agent) for agent in (1, 2, 3)] == ["taken", "waiting", "waiting"]
        assert [row_of(world, agent).rest.place for agent in (2, 3)] == [1, 2]
        assert world.state(2) is AgentState.READY, "who waits goes on working"
        assert row_of(world, 4).rests_free is None, "nobody is told who is not signed in"
        await world.wish(c.WithdrawRest(2))
        assert row_of(world, 3).rest.place == 1
        await world.wish(c.SetReady(1))
        assert [rest_of(world, agent) for agent in (1, 2, 3)] == [None, None, "taken"]
        assert world.state(3) is AgentState.REST
        assert row_of(world, 1).rests_free == 0

    in_world(story, with_rests())


def test_a_rest_granted_in_a_call_begins_after_its_wrap_up_and_survives_the_engine() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await world.open_desk(LEAD)
        leg = await talk(world)
        await world.wish(c.SetNotReady(1, "tea"))
        assert rest_of(world, 1) == "asked"
        await world.kill()
        await world.start()
        assert rest_of(world, 1) == "asked"
        reply = await world.ask(c.AnswerRest(LEAD, 1), actor=LEAD)
        assert reply.problem is None
        assert (world.state(1), rest_of(world, 1)) == (AgentState.TALKING, "granted")
        await world.kill()
        await world.start()
        assert rest_of(world, 1) == "granted"
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.until(lambda: world.state(1) is AgentState.REST, within_s=100)
        row = row_of(world, 1)
        assert (row.reason, row.rest.decided_by, row.rest.is_overrun) == ("tea", LEAD, False)
        assert row.until is not None
        assert (row.until - row.since).total_seconds() == 600
        await world.kill()
        await world.start()
        for account in list(world.telephony.registered):
            world.telephony.register(account)
        await world.wish(c.DeskConnected(1, is_connected=True))
        await world.pass_s(601)
        assert row_of(world, 1).rest.is_overrun
        assert world.state(1) is AgentState.REST, "nobody is called back by force"
        await world.wish(c.SetReady(1))
        assert rest_of(world, 1) is None

    in_world(story, with_rests("lead"))


def test_a_lead_refuses_with_a_reason_that_the_agent_reads() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await world.open_desk(LEAD)
        await world.wish(c.SetNotReady(1, "tea"))
        await world.ask(c.AnswerRest(LEAD, 1, RestRefusal.BUSY_NOW), actor=LEAD)
        assert (row_of(world, 1).rest.stage, row_of(world, 1).rest.refusal) == (
            RestStage.REFUSED,
            RestRefusal.BUSY_NOW,
        )
        again = await world.ask(c.AnswerRest(LEAD, 1), actor=LEAD)
        assert again.problem is not None
        assert again.problem.code == "rest_not_asked"
        await world.wish(c.WithdrawRest(1))
        assert row_of(world, 1).rest is None
        forbidden = await world.ask(c.AnswerRest(2, 1), actor=2)
        assert forbidden.problem is not None
        assert forbidden.problem.code == "forbidden"

    in_world(story, with_rests("lead"))


def test_what_a_lead_grants_beyond_the_quota_waits_for_a_place() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2)
        await world.open_desk(LEAD)
        for agent in (1, 2):
            await world.wish(c.SetNotReady(agent, "tea"))
            await world.ask(c.AnswerRest(LEAD, agent), actor=LEAD)
        assert [rest_of(world, agent) for agent in (1, 2)] == ["taken", "waiting"]
        await world.wish(c.SignOut(1))
        assert rest_of(world, 2) == "taken"

    in_world(story, with_rests("lead"))


def test_without_a_list_a_full_quota_is_said_at_once() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2)
        await world.wish(c.SetNotReady(1, "tea"))
        assert await world.refused(c.SetNotReady(2, "tea")) == "rest_quota_full"
        assert await world.refused(c.SetNotReady(1, "tea")) == "already_resting"

    in_world(story, with_rests("none"))


def test_the_day_has_so_many_minutes_of_rest_and_a_restart_knows_them() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await world.wish(c.SetNotReady(1, "tea"))
        await world.pass_s(301)
        await world.wish(c.SetReady(1))
        await world.kill()
        await world.start()
        await world.until(lambda: round(row_of(world, 1).rest_left_s or 0) == 599)
        assert await world.refused(c.SetNotReady(1, "tea")) == "rest_minutes_used"

    in_world(story, with_rests(at_most=None, minutes_per_day=15))


def test_in_times_without_rests_nobody_is_granted_one() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        assert await world.refused(c.SetNotReady(1, "tea")) == "rest_blocked"

    in_world(story, with_rests(no_rest_times=(NoRestTimeSetting("00:00", "24:00"),)))


def test_an_optional_wrap_up_is_taken_or_left() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        leg = await talk(world)
        interaction = world.call_of(leg).id
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.READY)
        assert row_of(world, 1).wrap_up.mode.value == "optional"
        await world.wish(c.TakeWrapUp(1, interaction))
        assert world.state(1) is AgentState.WRAP_UP
        assert await world.refused(c.ExtendWrapUp(1, interaction)) == "wrap_up_not_extendable"
        await world.until(lambda: world.state(1) is AgentState.READY, within_s=31)
        assert await world.refused(c.TakeWrapUp(1, interaction)) == "no_wrap_up_to_take"
        leg = await talk(world)
        interaction = world.call_of(leg).id
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.READY)
        await world.pass_s(31)
        assert await world.refused(c.TakeWrapUp(1, interaction)) == "no_wrap_up_to_take"

    in_world(story, with_queue(wrap_up_mode="optional", wrap_up_s=30))


def test_a_wrap_up_is_lengthened_so_often_and_so_much() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        leg = await talk(world)
        interaction = world.call_of(leg).id
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        until = row_of(world, 1).until
        await world.wish(c.ExtendWrapUp(1, interaction, by_s=600))
        assert (row_of(world, 1).until - until).total_seconds() == 40
        assert row_of(world, 1).wrap_up.extensions_left == 0
        assert await world.refused(c.ExtendWrapUp(1, interaction)) == "no_extension_left"

    in_world(story, with_queue(wrap_up_extensions=1, wrap_up_extension_s=40))


def test_a_mandatory_wrap_up_ends_when_it_is_completed_even_after_a_restart() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        leg = await talk(world)
        interaction = world.call_of(leg).id
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.kill()
        await world.start()
        for account in list(world.telephony.registered):
            world.telephony.register(account)
        await world.wish(c.DeskConnected(1, is_connected=True))
        await world.pass_s(3600)
        assert world.state(1) is AgentState.WRAP_UP
        assert await world.refused(c.SetReady(1)) == "wrap_up_open"
        await world.wish(c.SetNotReady(1, "meeting"))
        assert world.state(1) is AgentState.WRAP_UP, "what is chosen meanwhile comes afterwards"
        await world.wish(c.CompleteWrapUp(1, interaction, then_ready=False))
        assert (world.state(1), row_of(world, 1).reason) == (AgentState.NOT_READY, "meeting")

    in_world(story, with_queue(wrap_up_mode="mandatory", wrap_up_s=20))


def test_whoever_leaves_a_mandatory_wrap_up_is_signed_out_in_the_end() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        leg = await talk(world)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.wish(c.DeskConnected(1, is_connected=False))
        await world.until(lambda: world.state(1) is AgentState.LOGGED_OUT, within_s=1000)

    in_world(story, with_queue(wrap_up_mode="mandatory"))


async def let_ring(world: World, leg: str) -> None:
    """The agent lets the offer ring until it is over."""
    await world.until(lambda: world.state(1) is AgentState.ALERTING)
    offer = world.call_of(leg).offer.offer
    await world.until(lambda: world.call_of(leg).offer is None or world.call_of(leg).offer.offer != offer)


def test_after_each_missed_offer_a_pause_and_after_two_not_ready_for_a_while() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        nobody_answers(world)
        leg = await call_in(world)
        await let_ring(world, leg)
        row = row_of(world, 1)
        assert (row.state, row.reason, row.missed) == (AgentState.NOT_READY, REASON_RING_NO_ANSWER, 1)
        assert (row.until - row.since).total_seconds() == 7
        await world.kill()
        await world.start()
        for account in list(world.telephony.registered):
            world.telephony.register(account)
        await world.wish(c.DeskConnected(1, is_connected=True))
        await let_ring(world, leg)
        row = row_of(world, 1)
        assert (row.state, row.missed) == (AgentState.NOT_READY, 2)
        assert (row.until - row.since).total_seconds() == 90
        world.telephony.behaviours.clear()
        await world.until(lambda: world.state(1) is AgentState.TALKING, within_s=100)
        assert row_of(world, 1).missed == 0

    in_world(story, with_queue(missed_limit=2, missed_pause_s=7, missed_back_after_s=90))


def test_who_stays_ready_is_asked_again_after_the_others() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        nobody_answers(world)
        leg = await call_in(world)
        await let_ring(world, leg)
        assert (world.state(1), row_of(world, 1).missed) == (AgentState.READY, 1)
        await world.pass_s(4)
        assert world.state(1) is AgentState.READY, "the same caller is not offered again at once"
        await world.until(lambda: world.state(1) is AgentState.ALERTING, within_s=3)

    in_world(story, with_queue(missed_limit=0, offer_timeout_s=5))


@pytest.mark.parametrize("missed_limit", [1, 0], ids=["out", "stays ready"])
def test_a_rest_granted_while_it_rings_begins_when_it_has_rung_out(missed_limit: int) -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        nobody_answers(world)
        leg = await call_in(world)
        await world.until(lambda: world.state(1) is AgentState.ALERTING)
        await world.wish(c.SetNotReady(1, "rest"))
        await let_ring(world, leg)
        assert (world.state(1), rest_of(world, 1)) == (AgentState.REST, "taken")

    in_world(story, with_queue(missed_limit=missed_limit))
