"""What a lead does to a contact that waits, on the simulator: where it goes, who is rung, and what the record says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.engine.test_waiting import caller
from tests.engine.world import AFTER_SALES, SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.rights import INTERVENE, PULL
from zhiyin.contracts.snapshots import (
    AgentSetting,
    CallbackSetting,
    ContactClassSetting,
    RoutingSetting,
    TenantSettings,
)
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Phase
from zhiyin.engine import interventions
from zhiyin.engine.adapters.simulator.legs import Behaviour

LEAD, STRANGER = 5, 6


def settings() -> TenantSettings:
    """After-sales is team 1's, and so is the lead; sales is team 2's. The lead reaches team 1 alone."""
    plain = company()
    teams = {1: 1, 2: 1, 3: 2, 4: 1}
    agents = tuple(replace(agent, team=teams[agent.id]) for agent in plain.agents)
    reach = {INTERVENE: (1,), PULL: (1,)}
    lead = AgentSetting(LEAD, "班长", "2001", rights=(INTERVENE, PULL), team=1, reach=reach)
    stranger = AgentSetting(STRANGER, "旁人", "2002", team=1)
    after_sales, sales = (replace(queue, callback=CallbackSetting(after_s=0)) for queue in plain.queues)
    queues = (after_sales, replace(sales, members=(3,)))
    routing = RoutingSetting(classes=(ContactClassSetting("gold", points=50.0, is_for_vips=True),))
    return replace(plain, agents=(*agents, lead, stranger), queues=queues, routing=routing)


def told(story) -> None:
    in_world(story, settings())


async def meet(world: World, wish: interventions.Wish) -> None:
    reply = await world.ask(wish, actor=wish.agent)
    assert reply.problem is None, reply.problem
    await world.pass_s(0.1)


async def refused(world: World, wish: interventions.Wish) -> str:
    reply = await world.ask(wish, actor=wish.agent)
    assert reply.problem is not None
    return reply.problem.code


async def busy(world: World, agent: int, number: str = "13900000000") -> str:
    """An agent of after-sales who talks; returns the caller's leg."""
    await world.ready(agent)
    leg = await caller(world, number=number)
    await world.until(lambda: world.state(agent) is AgentState.TALKING)
    return leg


def test_a_contact_for_one_agent_is_offered_at_once_although_another_is_idle_longer() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        leg = await caller(world)
        await world.open_desk(2)
        await world.open_desk(LEAD)
        call = world.call_of(leg).id
        assert await refused(world, c.Assign(LEAD, call, AFTER_SALES, 2)) == "agent_not_at_work"
        await meet(world, c.Assign(LEAD, call, AFTER_SALES, 1))
        row = next(row for row in world.tenant.board.board().interactions if row.id == call)
        assert (row.assigned_to, row.phase, row.waits_since is not None) == (1, Phase.WAITING, True)
        await world.wish(c.SetReady(2))
        await world.pass_s(5)
        assert world.state(2) is AgentState.READY, "it is kept for the agent it was given to"
        talking = world.tenant.desk.agent(1).interaction
        await world.wish(c.HangUp(1, talking))
        await world.wish(c.CompleteWrapUp(1, talking))
        await world.until(lambda: world.call_of(leg).phase is Phase.TALKING)
        assert world.call_of(leg).segment.agent == 1
        (assigned,) = world.events("Assigned")
        assert (assigned.supervisor, assigned.agent) == (LEAD, 1)
        assert world.events("Offered")[-1].why["rule"] == "preferred_agent"

    told(story)


def test_after_its_time_a_contact_for_one_agent_is_everybodys_again_also_after_a_kill() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        leg = await caller(world)
        await world.open_desk(LEAD)
        await meet(world, c.Assign(LEAD, world.call_of(leg).id, AFTER_SALES, 1, for_s=60))
        await world.kill()
        await world.start()
        await world.pass_s(5)
        await world.ready(2)
        await world.pass_s(10)
        assert world.state(2) is AgentState.READY, "the new engine keeps it too"
        assert world.call_of(leg).stay.assigned.agent == 1
        await world.until(lambda: world.state(2) is AgentState.TALKING, within_s=60)

    told(story)


def test_what_rings_at_one_agent_is_given_to_another_and_the_first_is_free_again() -> None:
    async def story(world: World) -> None:
        await world.ready(4)
        await world.open_desk(LEAD)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = await caller(world)
        await world.until(lambda: world.state(4) is AgentState.ALERTING)
        world.telephony.behaviours["account"] = Behaviour()
        await world.ready(1)
        await meet(world, c.Assign(LEAD, world.call_of(leg).id, AFTER_SALES, 1))
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert world.state(4) is AgentState.READY

    told(story)


@pytest.mark.parametrize("keeps_wait", [True, False], ids=["keeps its wait", "at the end"])
def test_a_contact_moved_to_another_queue_keeps_its_wait_where_the_lead_says_so(*, keeps_wait: bool) -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        await world.open_desk(3)
        await world.open_desk(LEAD)
        first = await caller(world, "1", "13800138001")
        await world.pass_s(5)
        second = await caller(world, "2", "13800138002")
        await world.pass_s(5)
        id_ = world.call_of(first).id
        assert await refused(world, c.Requeue(LEAD, id_, AFTER_SALES, AFTER_SALES)) == "same_queue"
        await meet(world, c.Requeue(LEAD, id_, AFTER_SALES, SALES, keeps_wait))
        assert world.call_of(first).queue == SALES
        line = [waiting.interaction for waiting in world.tenant.desk.line.of_queue(SALES)]
        both = [id_, world.call_of(second).id]
        assert line == (both if keeps_wait else both[::-1])
        (moved,) = world.events("Requeued")
        assert (moved.supervisor, moved.from_queue, moved.queue) == (LEAD, AFTER_SALES, SALES)
        (left,) = [row for row in world.tenant.board.board().queues if row.id == AFTER_SALES]
        assert (left.offered, left.answered, left.abandoned) == (1, 1, 0), "moved is neither offered there nor lost"
        assert await refused(world, c.Requeue(LEAD, id_, AFTER_SALES, SALES)) == "moved_meanwhile"
        assert await refused(world, c.Requeue(LEAD, id_, SALES, AFTER_SALES)) == "forbidden", "not one of the lead's"
        await world.wish(c.SetReady(3))
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        assert world.tenant.desk.agent(3).interaction == line[0]

    told(story)


def test_a_raised_contact_comes_before_who_came_first_and_its_class_counts() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        await world.open_desk(LEAD)
        first, second, third = [await caller(world, number=f"1380013800{n}") for n in range(3)]
        ids = [world.call_of(leg).id for leg in (first, second, third)]
        await meet(world, c.ChangePriority(LEAD, ids[2], AFTER_SALES, priority=5))
        assert world.tenant.desk.line.place(ids[2], world.clock.now()) == 0
        await meet(world, c.ChangePriority(LEAD, ids[1], AFTER_SALES, class_code="gold"))
        assert await refused(world, c.ChangePriority(LEAD, ids[0], AFTER_SALES, class_code="lead")) == "unknown_class"
        changed = world.events("PriorityChanged")
        assert [(one.priority, one.class_code) for one in changed] == [(5, ""), (0, "gold")]
        await world.ready(2)
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        assert world.tenant.desk.agent(2).interaction == ids[1], "the class's points are more"

    told(story)


def test_a_lead_takes_a_contact_without_being_ready() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        leg = await caller(world)
        id_ = world.call_of(leg).id
        assert await refused(world, c.Pull(LEAD, id_, AFTER_SALES)) == "not_signed_in"
        await world.open_desk(LEAD)
        await meet(world, c.Pull(LEAD, id_, AFTER_SALES))
        await world.until(lambda: world.state(LEAD) is AgentState.TALKING)
        assert world.call_of(leg).segment.agent == LEAD
        assert world.events("Pulled")[0].supervisor == LEAD
        assert world.events("Offered")[-1].why["rule"] == "pulled"
        assert await refused(world, c.Pull(LEAD, id_, AFTER_SALES)) == "already_answered"

    told(story)


def test_a_contact_is_ended_with_words_and_its_reason_stands_beside_the_log() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        await world.open_desk(LEAD)
        leg = await caller(world)
        session = world.board.session_of(leg)
        assert await refused(world, c.EndWaiting(LEAD, session.id, AFTER_SALES, " ")) == "reason_missing"
        assert await refused(world, c.EndWaiting(LEAD, session.id, AFTER_SALES, "夜", "none")) == "unknown_prompt"
        await meet(world, c.EndWaiting(LEAD, session.id, AFTER_SALES, "设备故障", "closed"))
        await world.until(lambda: "/zh/closed" in session_heard(world, leg))
        (ended,) = world.events("EndedWithMessage")
        assert ended.supervisor == LEAD
        assert session.personal[ended.note_ref] == "设备故障"
        assert (session.call.ended_by.value, session.call.end_reason) == ("supervisor", "ended_by_lead")
        assert b"\xe8\xae\xbe" not in b"".join(bytes(envelope.body) for envelope in world.log.envelopes)

    told(story)


def session_heard(world: World, leg: str) -> list[str]:
    known = world.telephony.legs.get(leg)
    return known.heard if known is not None else ["/zh/closed"]


def test_only_who_has_the_right_intervenes() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        leg = await caller(world)
        id_ = world.call_of(leg).id
        await world.open_desk(STRANGER)
        for wish in (
            c.Pull(STRANGER, id_, AFTER_SALES),
            c.Assign(STRANGER, id_, AFTER_SALES, 1),
            c.EndWaiting(STRANGER, id_, AFTER_SALES, "x"),
            c.ChangePriority(STRANGER, id_, AFTER_SALES, 5),
        ):
            assert await refused(world, wish) == "forbidden"
        assert await refused(world, c.Pull(LEAD, "nothing", AFTER_SALES)) == "call_ended"
        assert world.call_of(leg).phase is Phase.WAITING

    told(story)


def test_a_callback_is_moved_kept_and_pulled_as_a_caller_is() -> None:
    async def story(world: World) -> None:
        await busy(world, 1)
        await world.open_desk(LEAD)
        asked = c.RequestCallback("a" * 32, AFTER_SALES, "13800138009", "agent")
        await world.wish(asked)
        session = world.board.sessions["a" * 32]
        await world.until(lambda: session.call.phase is Phase.WAITING)
        since = session.call.stay.since
        await meet(world, c.ChangePriority(LEAD, session.id, AFTER_SALES, priority=7))
        assert session.call.callback.priority == 7
        await meet(world, c.Requeue(LEAD, session.id, AFTER_SALES, SALES))
        assert (session.call.queue, session.call.stay.since, session.call.priority) == (SALES, since, 7)
        await world.ready(3)
        await world.until(lambda: world.state(3) in (AgentState.DIALLING, AgentState.TALKING))

    told(story)
