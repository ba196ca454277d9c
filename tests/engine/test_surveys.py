"""满意度邀评: the agent has hung up first, and the customer is asked by a flow of its own."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.engine.world import AFTER_SALES, HOTLINE, World, company, in_world
from zhiyin.apps.flows.templates import survey_flow
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, SurveySetting, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.flows.graph import read_flow
from zhiyin.domain.flows.surveys import SurveyRule
from zhiyin.domain.interactions import EndedBy, Phase, SegmentEnd

SURVEY_FLOW = 2


def asking(graph: dict[str, object] | None = None, *, share_pct: int = 100) -> TenantSettings:
    settings = company()
    flow = FlowSetting(SURVEY_FLOW, 3, "survey", msgspec.Raw(msgspec.json.encode(graph or survey_flow())))
    queue = msgspec.structs.replace(settings.queues[0], survey=SurveySetting(SURVEY_FLOW, share_pct))
    prompts = tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in ("survey_service", "survey_thanks"))
    return msgspec.structs.replace(
        settings,
        flows=(*settings.flows, flow),
        queues=(queue, *settings.queues[1:]),
        prompts=(*settings.prompts, *prompts),
    )


async def served(world: World) -> tuple[str, str]:
    """A caller talks with agent 1; returns the caller's leg and the contact."""
    await world.ready(1)
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, "1")
    await world.until(lambda: world.state(1) is AgentState.TALKING)
    return leg, world.call_of(leg).id


async def asked(world: World) -> tuple[str, str]:
    leg, contact = await served(world)
    await world.wish(c.HangUp(1, contact))
    await world.until(lambda: "/zh/survey_service" in world.telephony.legs[leg].heard)
    return leg, contact


def test_who_was_served_is_asked_and_the_agent_is_free_meanwhile() -> None:
    async def story(world: World) -> None:
        leg, contact = await asked(world)
        assert world.state(1) is AgentState.WRAP_UP
        (started,) = world.events("SurveyStarted")
        assert (started.flow, started.flow_version, started.queue, started.agent) == (SURVEY_FLOW, 3, AFTER_SALES, 1)
        assert [e.outcome for e in world.events("SegmentEnded")] == [SegmentEnd.AGENT_LEFT]
        assert len(world.events("RecordingEnded")) == 1, "the answer is no part of the conversation"
        world.telephony.press(leg, "4")
        await world.until(lambda: leg not in world.telephony.legs)
        (answer,) = world.events("SurveyAnswered")
        assert (answer.node, answer.question, answer.score, answer.most) == ("rate", "服务满意度", 4, 5)
        assert "/zh/survey_thanks" in world.telephony.ended[leg].heard
        (ended,) = world.events("InteractionEnded")
        assert (ended.by, ended.reason) == (EndedBy.AGENT, "surveyed")
        assert world.events("DigitsCollected")[-1].node == "menu", "a score is no way through the menu"
        assert contact not in world.board.sessions

    in_world(story, asking())


def test_who_says_nothing_is_asked_twice_and_let_go() -> None:
    async def story(world: World) -> None:
        leg, _ = await asked(world)
        await world.until(lambda: leg not in world.telephony.legs)
        assert world.telephony.ended[leg].heard.count("/zh/survey_service") == 2
        assert world.events("SurveyAnswered") == []

    in_world(story, asking())


def test_who_hangs_up_first_or_is_not_among_the_share_is_not_asked() -> None:
    async def first(world: World) -> None:
        leg, _ = await served(world)
        world.telephony.end(leg)
        await world.until(lambda: world.events("InteractionEnded"))
        assert world.events("SurveyStarted") == []

    in_world(first, asking())

    async def not_drawn(world: World) -> None:
        leg, contact = await served(world)
        await world.wish(c.HangUp(1, contact))
        await world.until(lambda: leg not in world.telephony.legs)
        assert [(e.by, e.reason) for e in world.events("InteractionEnded")] == [(EndedBy.AGENT, "hangup")]

    in_world(not_drawn, asking(share_pct=0))


def test_an_answer_is_kept_when_the_customer_hangs_up_before_the_thanks() -> None:
    async def story(world: World) -> None:
        leg, _ = await asked(world)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.events("SurveyAnswered"))
        world.telephony.end(leg)
        await world.until(lambda: world.events("InteractionEnded"))
        assert [e.score for e in world.events("SurveyAnswered")] == [1]

    in_world(story, asking())


def test_a_dissatisfied_customer_is_led_to_a_queue_and_is_not_asked_again() -> None:
    graph = survey_flow()
    graph["nodes"].append({"id": "care", "kind": "queue", "config": {"queue": AFTER_SALES}})
    graph["edges"] = [{**edge, "to": "care"} if edge["exit"] == "low" else edge for edge in graph["edges"]] + [
        {"from": "care", "exit": each, "to": "goodbye"} for each in ("closed", "overflow")
    ]

    async def story(world: World) -> None:
        await world.open_desk(2)
        leg, contact = await asked(world)
        await world.wish(c.SetReady(2))
        world.telephony.press(leg, "2")
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        await world.wish(c.HangUp(2, contact))
        await world.until(lambda: leg not in world.telephony.legs)
        assert len(world.events("SurveyStarted")) == 1
        assert [e.agent for e in world.events("SegmentEnded")] == [1, 2]

    in_world(story, asking(graph))


def test_an_engine_that_dies_asks_again_and_the_flow_of_the_survey_goes_on() -> None:
    async def story(world: World) -> None:
        leg, contact = await asked(world)
        await world.kill()
        await world.start()
        call = world.board.sessions[contact].call
        assert (call.phase, call.flow, call.survey is not None) == (Phase.FLOW, SURVEY_FLOW, True)
        await world.until(lambda: world.telephony.legs[leg].heard.count("/zh/survey_service") == 2)
        world.telephony.press(leg, "5")
        await world.until(lambda: leg not in world.telephony.legs)
        assert [e.score for e in world.events("SurveyAnswered")] == [5]

    in_world(story, asking())


@pytest.mark.parametrize("share_pct", [0, 30, 100])
def test_the_share_is_drawn_by_the_contacts_ids(share_pct: int) -> None:
    rule = SurveyRule(SURVEY_FLOW, 1, read_flow(survey_flow()), share_pct)
    drawn = [rule.asks(f"01a2{number:08x}") for number in range(2000)]
    assert drawn == [rule.asks(f"01a2{number:08x}") for number in range(2000)]
    assert sum(drawn) == pytest.approx(20 * share_pct, abs=100 if share_pct == 30 else 0)


# --- invited by the agent, spared -------------------------------------------------------------------------------------

CALLER = "+8613800138000"


def sparing(*, share_pct: int = 100, agents_invite: bool = True, spare_days: int = 7) -> TenantSettings:
    settings = asking()
    survey = SurveySetting(SURVEY_FLOW, share_pct, agents_invite, spare_days)
    queue = msgspec.structs.replace(settings.queues[0], survey=survey)
    return msgspec.structs.replace(settings, queues=(queue, *settings.queues[1:]))


def test_an_agent_invites_whom_the_share_would_not_have_asked() -> None:
    async def story(world: World) -> None:
        leg, contact = await served(world)
        row = next(row for row in world.tenant.board.board().interactions if row.id == contact)
        assert row.may_invite
        assert await world.refused(c.InviteSurvey(2, contact)) == "not_your_call"
        await world.wish(c.InviteSurvey(1, contact))
        await world.until(lambda: "/zh/survey_service" in world.telephony.legs[leg].heard)
        assert world.state(1) is AgentState.WRAP_UP
        world.telephony.press(leg, "5")
        await world.until(lambda: leg not in world.telephony.legs)
        assert [e.score for e in world.events("SurveyAnswered")] == [5]

    in_world(story, sparing(share_pct=0))


def test_where_the_queue_does_not_let_agents_invite_they_are_told_so() -> None:
    async def story(world: World) -> None:
        _, contact = await served(world)
        assert await world.refused(c.InviteSurvey(1, contact)) == "no_survey"
        row = next(row for row in world.tenant.board.board().interactions if row.id == contact)
        assert not row.may_invite
        assert world.call_of(world.board.sessions[contact].call.customer_leg).phase is Phase.TALKING

    in_world(story, sparing(agents_invite=False))


@pytest.mark.parametrize(
    ("days", "is_asked"), [(6.9, False), (7.1, True), (None, True)], ids=["lately", "over", "never"]
)
def test_who_was_asked_within_the_days_is_asked_by_nobody(days: float | None, is_asked: bool) -> None:
    async def story(world: World) -> None:
        if days is not None:
            world.log.surveys[1, CALLER] = world.clock.now() - timedelta(days=days)
        leg, contact = await served(world)
        await world.pass_s(5)
        if not is_asked:
            assert await world.refused(c.InviteSurvey(1, contact)) == "asked_lately"
        await world.wish(c.HangUp(1, contact))
        await world.until(lambda: world.events("SurveyStarted") or leg not in world.telephony.legs)
        assert bool(world.events("SurveyStarted")) is is_asked

    in_world(story, sparing())


def test_a_new_engine_looks_up_again_when_the_customer_was_asked() -> None:
    async def story(world: World) -> None:
        world.log.surveys[1, CALLER] = world.clock.now() - timedelta(days=1)
        _, contact = await served(world)
        await world.kill()
        await world.start()
        await world.pass_s(5)
        assert await world.refused(c.InviteSurvey(1, contact)) == "asked_lately"
        assert world.board.sessions[contact].live.is_survey_known

    in_world(story, sparing())


def test_a_customer_of_whom_nobody_knows_it_in_time_is_spared() -> None:
    async def story(world: World) -> None:
        world.log.look_up_s = 60.0
        leg, contact = await served(world)
        await world.pass_s(10)
        await world.wish(c.HangUp(1, contact))
        await world.until(lambda: leg not in world.telephony.legs)
        assert world.events("SurveyStarted") == []

    in_world(story, sparing())
