"""Rules on trial through the engine: asked in shadow, applied to a share, taken back at once, and so after a kill."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.engine.test_surveys import asking
from tests.engine.test_waiting import caller
from tests.engine.world import AFTER_SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import (
    ContactClassSetting,
    DraftClassSetting,
    DraftQueueSetting,
    MemberSetting,
    PreferenceSetting,
    RoutingSetting,
    TenantSettings,
    TrialSetting,
)
from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls.effects import FreeAgent, JoinLine, LeaveLine
from zhiyin.domain.routing.canaries import Canary
from zhiyin.domain.routing.classes import PreferredAgent
from zhiyin.domain.routing.trials import LEAST_SCORES, Arm
from zhiyin.engine.company import read_company
from zhiyin.engine.routing_desk import RoutingDesk

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
#: by the draft everybody of after-sales helps out only after a minute
SLOW = DraftQueueSetting(AFTER_SALES, memberships=tuple(MemberSetting(agent, delay_s=60) for agent in (1, 2, 4)))


def with_trial(stage: str, *drafts: DraftQueueSetting, **more: Any) -> TenantSettings:
    trial = TrialSetting(5, stage, BEGAN, (AFTER_SALES,), drafts, **more)
    return company(trial=trial)


def arms(world: World) -> dict[str, str]:
    return {e.stream.removeprefix("i:"): e.event().arm for e in world.log.envelopes if e.type == "QueueEntered"}


async def calls_of_both_arms(world: World, least: int = 2) -> dict[str, list[str]]:
    """Call until so many contacts stand in each arm; return their legs by arm."""
    legs: dict[str, list[str]] = {"draft": [], "present": []}
    while min(map(len, legs.values())) < least:
        leg = await caller(world, number=f"1380013{sum(map(len, legs.values())):04}")
        legs[arms(world)[world.call_of(leg).id]].append(leg)
    return legs


async def end_all(world: World, agents: Iterable[int]) -> None:
    for agent in agents:
        if world.state(agent) is AgentState.TALKING:
            contact = world.tenant.desk.agent(agent).interaction or ""
            await world.wish(c.HangUp(agent, contact))
            await world.until(lambda agent=agent: world.state(agent) is AgentState.WRAP_UP)
            await world.wish(c.CompleteWrapUp(agent, contact))


def test_a_share_of_the_contacts_goes_by_the_draft_and_each_decision_says_which() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        legs = await calls_of_both_arms(world)
        await world.wish(c.SetReady(1))
        for _ in range(sum(map(len, legs.values()))):
            await world.until(lambda: world.state(1) is AgentState.TALKING, within_s=200)
            await end_all(world, (1,))
        told = [offer.why["rules"] for offer in world.events("Offered")]
        assert told == ["present"] * len(legs["present"]) + ["draft"] * len(legs["draft"])
        waits = [offer.why["waited_s"] for offer in world.events("Offered") if offer.why["rules"] == "draft"]
        assert min(waits) >= 60

    in_world(story, with_trial("canary", SLOW, share_pct=50))


def test_a_draft_is_taken_back_at_once_and_its_contacts_go_by_the_rules() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        legs = await calls_of_both_arms(world, 3)
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.events("RulesReturned") or _served(world), within_s=600)
        (returned,) = world.events("RulesReturned")
        assert (returned.trial, returned.reason, returned.bound, returned.contacts) == (5, "wait_p90", 30.0, 2)
        assert returned.value > 30
        assert world.tenant.company.trial is None
        while len(world.events("SegmentStarted")) < sum(map(len, legs.values())):
            await end_all(world, (1,))
            await world.pass_s(0.2)
        leg = await caller(world, number="13900139000")
        assert arms(world)[world.call_of(leg).id] == "", "nobody is in the canary any more"

    in_world(story, with_trial("canary", SLOW, share_pct=50, least_contacts=2, wait_p90_s=30.0))


def _served(world: World) -> None:
    """Let agent 1 be free again as soon as it has answered."""
    agent = world.tenant.desk.agent(1)
    if agent.state is AgentState.TALKING:
        world.board.run(end_all(world, (1,)))


def test_the_next_engine_counts_on_and_knows_what_was_taken_back() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        await calls_of_both_arms(world, 2)
        await world.wish(c.SetReady(1))
        seen = lambda: [o for o in world.events("Offered") if o.why["rules"] == "draft"]  # noqa: E731
        await world.until(lambda: seen() or _served(world), within_s=600)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        await world.until(lambda: world.engine.is_written)
        assert world.events("RulesReturned") == []
        await world.kill()
        await world.start()
        await world.open_desk(1)
        await end_all(world, (1,))
        await world.until(lambda: world.events("RulesReturned") or _served(world), within_s=600)
        assert world.events("RulesReturned")[0].contacts == 2, "one of them was the engine's before"
        await world.until(lambda: world.engine.is_written)
        await world.kill()
        await world.start()
        assert world.tenant.company.trial is None, "the settings still name it"

    in_world(story, with_trial("canary", SLOW, share_pct=50, least_contacts=2, wait_p90_s=30.0))


async def judged_calls(world: World, least: int, score: dict[str, str]) -> None:
    """Serve callers until so many of each arm have pressed their arm's key, or the draft was taken back."""
    given = {"draft": 0, "present": 0}
    while min(given.values()) < least and not world.events("RulesReturned"):
        leg = await caller(world, number=f"1380013{sum(given.values()):04}")
        contact = world.call_of(leg).id
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        await world.wish(c.HangUp(1, contact))
        await world.until(lambda leg=leg: "/zh/survey_service" in world.telephony.legs[leg].heard)
        arm = arms(world)[contact]
        world.telephony.press(leg, score[arm])
        await world.until(lambda leg=leg: leg not in world.telephony.legs)
        given[arm] += 1
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.wish(c.CompleteWrapUp(1, contact))


def test_a_draft_whose_customers_are_surely_less_satisfied_is_taken_back() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await judged_calls(world, LEAST_SCORES, {"draft": "3", "present": "5"})
        (returned,) = world.events("RulesReturned")
        assert (returned.reason, returned.value, returned.bound) == ("score", 40.0, 10.0)
        assert returned.contacts >= LEAST_SCORES
        assert world.tenant.company.trial is None

    in_world(story, judged_trial())


def test_a_draft_whose_customers_are_as_satisfied_goes_on_also_after_a_kill() -> None:
    """What was kept and read from there is what the engine before had counted, and only that is read."""

    async def story(world: World) -> None:
        await world.ready(1)
        await judged_calls(world, 3, {"draft": "5", "present": "5"})
        await world.pass_s(40)  # the day is saved every 30 s, with the canary
        await judged_calls(world, 2, {"draft": "4", "present": "2"})
        before = canary_of(world).copy()
        assert min(one.scores.count for one in before.arms.values()) >= 5
        await world.until(lambda: world.engine.is_written)
        await world.kill()
        pages = reads_of(world)
        await world.start()
        await world.until(lambda: canary_of(world) == before)
        assert pages, "what lies beyond the checkpoint was read"
        assert min(pages) > BEGAN + timedelta(days=1), "and nothing of the weeks before"
        world.log._days.clear()
        await world.kill()
        pages.clear()
        await world.start()
        await world.until(lambda: canary_of(world) == before)
        assert min(pages) == BEGAN, "without a checkpoint all of it is read, and comes to the same"

    in_world(story, judged_trial())


def test_a_customer_who_judges_while_the_past_is_read_counts_with_its_arm() -> None:
    """Scores and waits of a new engine are counted after those before it, in the log's order."""

    async def story(world: World) -> None:
        await world.ready(1)
        await judged_calls(world, 2, {"draft": "5", "present": "5"})
        leg = await caller(world, number="13900139000")
        contact = world.call_of(leg).id
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        await world.until(lambda: world.engine.is_written)
        counted = {arm: one.scores.count for arm, one in canary_of(world).arms.items()}
        await world.kill()
        read = world.log.past_page

        async def read_slowly(*args: Any, **named: Any) -> Any:
            await world.pass_s(20)
            return await read(*args, **named)

        world.log.past_page = read_slowly
        world.log._days.clear()
        await world.start()
        await world.open_desk(1)
        await world.wish(c.HangUp(1, contact))
        await world.until(lambda: "/zh/survey_service" in world.telephony.legs[leg].heard)
        world.telephony.press(leg, "4")
        await world.until(lambda: leg not in world.telephony.legs)
        arm = Arm(arms(world)[contact])
        assert canary_of(world).arms[arm].scores.count == 0, "the past is not read yet"
        await world.until(lambda: canary_of(world).arms[arm].scores.count == counted[arm] + 1, within_s=120)

    in_world(story, judged_trial())


def judged_trial() -> TenantSettings:
    """A canary of half the contacts whose draft changes nothing that is felt; every customer is asked."""
    same = DraftQueueSetting(AFTER_SALES, weight=1.0)
    trial = TrialSetting(
        5, "canary", BEGAN, (AFTER_SALES,), (same,), share_pct=50, least_contacts=10, score_drop_pct=10.0
    )
    return msgspec.structs.replace(asking(), trial=trial)


def canary_of(world: World) -> Canary:
    return world.board.trials._watched[1].canary


def reads_of(world: World) -> list[datetime]:
    """Return from when on the log's pages are read, as they are."""
    pages: list[datetime] = []
    read = world.log.past_page

    async def told(tenant: int, since: datetime, **named: Any) -> Any:
        pages.append(since)
        return await read(tenant, since, **named)

    world.log.past_page = told
    return pages


def test_a_shadow_is_told_with_each_decision_and_changes_none() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2)
        await caller(world)
        await world.until(lambda: world.events("Offered"))
        (offered,) = world.events("Offered")
        assert offered.agent == 1
        assert offered.why["shadow"]["later_s"] > 50
        assert (offered.why["shadow"]["trial"], offered.why["shadow"]["agent"]) == (5, None)
        assert world.events("QueueEntered")[0].trial is None

    in_world(story, with_trial("shadow", SLOW))


def test_a_draft_is_the_rules_with_what_it_names_changed() -> None:
    trial = TrialSetting(
        5,
        "canary",
        BEGAN,
        (1, 2),
        (DraftQueueSetting(1, agent_choice="most_skilled", weight=4.0, preference=PreferenceSetting("last_agent", 9)),),
        (DraftClassSetting("gold", points=70.0),),
        share_pct=30,
    )
    gold = ContactClassSetting("gold", points=5, per_minute=2)
    made = read_company(company(trial=trial, routing=RoutingSetting(classes=(gold,))))
    policy = made.policy
    assert (policy.queue(1).agent_choice, policy.queue(-1).agent_choice) == ("longest_idle", "most_skilled")
    assert (policy.queue(1).weight, policy.queue(-1).weight, policy.queue(-2).weight) == (0.0, 4.0, 0.0)
    assert (policy.class_of("gold").points, policy.class_of("draft:gold").points) == (5, 70)
    assert policy.class_of("draft:gold").per_minute == 2
    assert {one.queue for one in made.memberships[2]} == {1, 2, -1, -2}
    assert made.trial is not None
    assert made.trial.trial.preferences[1].who is PreferredAgent.LAST_AGENT
    assert read_company(msgspec.structs.replace(made.settings, trial=None), made).policy.queues.keys() == {1, 2}


def test_a_contact_by_the_draft_keeps_class_queue_and_place_in_its_record() -> None:
    gold = ContactClassSetting("gold", points=5, per_minute=0)
    trial = TrialSetting(5, "canary", BEGAN, (1, 2), (), (DraftClassSetting("gold", points=70.0),), share_pct=50)
    desk = RoutingDesk(read_company(company(trial=trial, routing=RoutingSetting(classes=(gold,)))))
    now = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    desk.sign_in(1, actor=None, now=now)
    desk.presences.telephone(1, is_reachable=True, now=now)
    desk.take("present", now, JoinLine(1, class_code="gold", priority=20, trial=5, arm="present"), now)
    desk.take("draft", now, JoinLine(1, class_code="gold", trial=5, arm="draft"), now)
    desk.set_ready(1, actor=None, now=now)
    ((contact, found),) = desk.outbox.news
    assert contact == "draft", "70 points come before 25"
    why: dict[str, Any] = found.chosen[0].why  # type: ignore[union-attr]
    assert (why["rules"], why["class"], why["points"], why["rule"]) == ("draft", "gold", 70.0, "longest_idle")
    assert "queue" not in why
    desk.take("draft", None, LeaveLine(), now)
    desk.take("draft", None, FreeAgent(1, 0), now)
    assert desk.outbox.news[-1][0] == "present"
