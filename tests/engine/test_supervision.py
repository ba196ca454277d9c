"""A lead beside a conversation, on the simulator: who hears whom, what ends it, who may, and what a crash leaves."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Problem
from zhiyin.contracts.rights import FORCE_AGENTS, SUPERVISE_CALLS
from zhiyin.contracts.snapshots import AgentSetting
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import MonitoringMode
from zhiyin.engine.adapters.simulator.legs import Behaviour

AGENT, OTHER, LEAD, SECOND_LEAD = 1, 2, 5, 6
LISTEN, WHISPER, BARGE = MonitoringMode.LISTEN, MonitoringMode.WHISPER, MonitoringMode.BARGE


def settings():
    rights = (SUPERVISE_CALLS, FORCE_AGENTS)
    leads = (
        AgentSetting(LEAD, "班长", "2001", rights=rights),
        AgentSetting(SECOND_LEAD, "副班长", "2002", rights=rights),
    )
    return company(agents=(*company().agents, *leads))


def told(test) -> None:
    in_world(test, settings())


class Scene:
    """A caller talks with agent 1; the lead is signed in, not ready."""

    def __init__(self, world: World, caller: str) -> None:
        self.world, self.caller, self.id = world, caller, world.call_of(caller).id

    @classmethod
    async def set(cls, world: World) -> Scene:
        await world.open_desk(LEAD)
        await world.ready(AGENT)
        caller = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[caller].heard)
        world.telephony.press(caller, "1")
        await world.until(lambda: world.state(AGENT) is AgentState.TALKING)
        await world.pass_s(1)
        return cls(world, caller)

    @property
    def call(self):
        return self.world.board.sessions[self.id].call

    @property
    def agent(self) -> str:
        return self.call.segment.leg

    async def monitor(self, mode: MonitoringMode, lead: int = LEAD) -> str:
        await self.ask(c.Monitor(lead, self.id, mode))
        leg = next(m.leg for m in self.call.monitors if m.supervisor == lead)
        await self.world.until(lambda: all(m.is_connected for m in self.call.monitors))
        await self.world.pass_s(0.1)
        return leg

    async def ask(self, wish: c.Command) -> None:
        reply = await self.world.ask(wish, actor=wish.agent)
        assert reply.problem is None, reply.problem
        await self.world.pass_s(0.1)

    async def refused(self, wish: c.Command) -> str:
        reply = await self.world.ask(wish, actor=wish.agent)
        assert reply.problem is not None
        return reply.problem.code

    def hears(self, leg: str) -> set[str]:
        return self.world.telephony.hears(leg)

    def outcomes(self) -> list[str]:
        return [event.outcome.value for event in self.world.events("MonitoringEnded")]


def test_who_hears_whom_in_each_mode() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        lead = await scene.monitor(LISTEN)
        assert world.state(LEAD) is AgentState.MONITORING
        assert scene.hears(lead) == {scene.caller, scene.agent}
        assert scene.hears(scene.agent) == {scene.caller}
        assert scene.hears(scene.caller) == {scene.agent}
        await scene.ask(c.ChangeMonitoring(LEAD, scene.id, WHISPER))
        assert scene.hears(scene.agent) == {scene.caller, lead}
        assert scene.hears(scene.caller) == {scene.agent}
        await scene.ask(c.ChangeMonitoring(LEAD, scene.id, BARGE))
        assert scene.hears(scene.caller) == {scene.agent, lead}
        await scene.ask(c.ChangeMonitoring(LEAD, scene.id, LISTEN))
        assert scene.hears(scene.caller) == {scene.agent}
        assert scene.hears(scene.agent) == {scene.caller}
        await scene.ask(c.StopMonitoring(LEAD, scene.id))
        await world.until(lambda: world.state(LEAD) is AgentState.NOT_READY)
        assert lead not in world.telephony.legs
        assert scene.hears(scene.caller) == {scene.agent}

    told(story)


def test_taking_over_frees_the_agent_into_wrap_up_and_the_lead_is_the_agent() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        before = scene.agent
        await scene.ask(c.TakeOver(LEAD, scene.id))
        await world.until(lambda: world.state(LEAD) is AgentState.TALKING)
        assert world.state(AGENT) is AgentState.WRAP_UP
        await world.until(lambda: before not in world.telephony.legs)
        assert scene.hears(scene.caller) == {scene.agent}
        assert scene.call.segment.agent == LEAD
        assert scene.call.monitors == ()
        await scene.ask(c.Hold(LEAD, scene.id))
        await scene.ask(c.Resume(LEAD, scene.id))
        world.telephony.end(scene.caller)
        await world.until(lambda: world.state(LEAD) is AgentState.WRAP_UP)
        ends = [event.outcome.value for event in world.events("SegmentEnded")]
        assert ends == ["taken_over", "customer_left"]

    told(story)


def test_a_held_customer_who_is_taken_over_is_heard_at_once() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await scene.ask(c.Hold(AGENT, scene.id))
        await scene.monitor(LISTEN)
        await scene.ask(c.TakeOver(LEAD, scene.id))
        await world.until(lambda: world.state(LEAD) is AgentState.TALKING)
        assert scene.hears(scene.caller) == {scene.agent}
        assert not world.telephony.legs[scene.caller].has_music

    told(story)


@pytest.mark.parametrize("mode", [LISTEN, WHISPER, BARGE], ids=lambda mode: mode.value)
def test_the_conversation_goes_on_when_the_lead_hangs_up(mode: MonitoringMode) -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        lead = await scene.monitor(mode)
        world.telephony.end(lead)
        await world.until(lambda: world.state(LEAD) is AgentState.NOT_READY)
        assert scene.hears(scene.caller) == {scene.agent}
        assert world.state(AGENT) is AgentState.TALKING
        await world.until(lambda: scene.outcomes() == ["left"])

    told(story)


def test_a_lead_whose_telephone_does_not_answer_is_not_counted_as_listening() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        await scene.ask(c.Monitor(LEAD, scene.id, LISTEN))
        await world.until(lambda: world.state(LEAD) is AgentState.NOT_READY)
        await world.until(lambda: scene.outcomes() == ["not_reached"])
        assert world.events("MonitoringAnswered") == []

    told(story)


def test_supervision_ends_with_the_agents_part() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        lead = await scene.monitor(BARGE)
        await world.ready(OTHER)
        await scene.ask(c.Transfer(AGENT, scene.id, "queue", target=1))
        await world.until(lambda: world.state(LEAD) is AgentState.NOT_READY)
        await world.until(lambda: world.state(OTHER) is AgentState.TALKING)
        assert lead not in world.telephony.legs
        assert scene.hears(scene.caller) == {scene.agent}

    told(story)


def test_listening_goes_on_by_the_agents_new_telephone() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        lead = await scene.monitor(LISTEN)
        before = scene.agent
        world.telephony.register(await _new_page(world))
        await world.until(lambda: scene.call.segment.leg not in ("", before))
        await world.pass_s(1)
        assert scene.hears(lead) == {scene.caller, scene.agent}
        assert scene.hears(scene.caller) == {scene.agent}

    told(story)


async def _new_page(world: World) -> str:
    return (await world.wish(c.OpenTelephone(AGENT, "another tab")))["username"]


def test_two_leads_may_listen_but_only_one_may_speak() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await world.open_desk(SECOND_LEAD)
        await scene.monitor(WHISPER)
        reply = await world.ask(c.Monitor(SECOND_LEAD, scene.id, BARGE), actor=SECOND_LEAD)
        assert reply.problem == Problem("already_monitored", {"by": "班长"})
        second = await scene.monitor(LISTEN, SECOND_LEAD)
        assert scene.hears(second) >= {scene.caller, scene.agent}

    told(story)


@pytest.mark.parametrize("mode", [LISTEN, WHISPER, BARGE], ids=lambda mode: mode.value)
def test_a_new_engine_goes_on_where_the_old_one_was_killed(mode: MonitoringMode) -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        lead = await scene.monitor(mode)
        heard = {leg: scene.hears(leg) for leg in (lead, scene.agent, scene.caller)}
        await world.kill()
        await world.start()
        await world.pass_s(1)
        assert {leg: scene.hears(leg) for leg in heard} == heard
        assert world.state(LEAD) is AgentState.MONITORING
        await scene.ask(c.StopMonitoring(LEAD, scene.id))
        await world.until(lambda: world.state(LEAD) is AgentState.NOT_READY)
        assert lead not in world.telephony.legs
        assert len(world.events("MonitoringAnswered")) == 1

    told(story)


def test_a_lead_who_hung_up_while_no_engine_was_there_is_free_afterwards() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        lead = await scene.monitor(BARGE)
        await world.kill()
        world.telephony.end(lead)
        await world.start()
        await world.until(lambda: world.state(LEAD) is AgentState.NOT_READY)
        assert scene.call.monitors == ()
        assert scene.hears(scene.caller) == {scene.agent}

    told(story)


def test_disconnecting_ends_the_contact_in_the_leads_name() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await scene.ask(c.Disconnect(LEAD, scene.id))
        await world.until(lambda: scene.caller not in world.telephony.legs)
        assert world.state(AGENT) is AgentState.WRAP_UP
        (ended,) = world.events("InteractionEnded")
        assert (ended.by.value, ended.reason) == ("supervisor", "disconnected")
        (done,) = world.events("Disconnected")
        assert (done.supervisor, done.agent) == (LEAD, AGENT)

    told(story)


def test_a_call_being_dialled_can_be_disconnected() -> None:
    async def story(world: World) -> None:
        world.telephony.behaviours["trunk"] = Behaviour(answer_s=None)
        await world.open_desk(LEAD)
        await world.ready(AGENT)
        interaction = (await world.wish(c.Dial(AGENT, "13700137000")))["interaction"]
        await world.pass_s(3)
        reply = await world.ask(c.Disconnect(LEAD, interaction), actor=LEAD)
        assert reply.problem is None
        await world.until(lambda: world.state(AGENT) is AgentState.READY)
        assert world.telephony.legs == {}

    told(story)


def test_a_forced_state_acts_at_once_or_after_the_contact() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await world.ready(OTHER)
        await scene.ask(c.ForceState(LEAD, OTHER, AgentState.NOT_READY))
        forced = world.tenant.desk.agent(OTHER)
        assert (forced.state, forced.reason) == (AgentState.NOT_READY, "forced")
        assert world.events("AgentStateChanged")[-1].actor == LEAD
        await scene.ask(c.ForceState(LEAD, OTHER, AgentState.READY))
        assert world.state(OTHER) is AgentState.READY
        await scene.ask(c.ForceState(LEAD, OTHER, AgentState.LOGGED_OUT))
        assert world.state(OTHER) is AgentState.LOGGED_OUT
        assert await scene.refused(c.ForceState(LEAD, AGENT, AgentState.LOGGED_OUT)) == "busy"
        await scene.ask(c.ForceState(LEAD, AGENT, AgentState.NOT_READY))
        assert world.state(AGENT) is AgentState.TALKING
        world.telephony.end(scene.caller)
        await world.until(lambda: world.state(AGENT) is AgentState.WRAP_UP)
        await world.until(lambda: world.state(AGENT) is AgentState.NOT_READY, within_s=90)
        assert world.tenant.desk.agent(AGENT).reason == "forced"

    told(story)


def test_the_engine_itself_refuses_whoever_has_not_the_right() -> None:
    """The front's check is not the only one: an agent's wish, or one in another's name, is refused here too."""

    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await world.open_desk(OTHER)
        wishes = (
            c.Monitor(OTHER, scene.id, LISTEN),
            c.TakeOver(OTHER, scene.id),
            c.Disconnect(OTHER, scene.id),
            c.ForceState(OTHER, AGENT, AgentState.NOT_READY),
        )
        for wish in wishes:
            assert await scene.refused(wish) == "forbidden"
            in_anothers_name = msgspec.structs.replace(wish, agent=LEAD)
            reply = await world.ask(in_anothers_name, actor=OTHER)
            assert reply.problem is not None
            assert reply.problem.code == "forbidden"
        assert await scene.refused(c.Monitor(LEAD, "of-another-company", LISTEN)) == "call_ended"
        assert await scene.refused(c.ForceState(LEAD, 99, AgentState.READY)) == "not_an_agent"

    told(story)


def test_a_lead_who_is_not_signed_in_or_busy_is_refused() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        assert await scene.refused(c.Monitor(SECOND_LEAD, scene.id, LISTEN)) == "not_signed_in"
        assert await scene.refused(c.ChangeMonitoring(LEAD, scene.id, BARGE)) == "not_monitoring"
        await scene.monitor(LISTEN)
        second = world.telephony.call(HOTLINE)
        assert await scene.refused(c.Monitor(LEAD, world.call_of(second).id, LISTEN)) == "no_conversation"
        assert await scene.refused(c.ForceState(LEAD, LEAD, AgentState.LOGGED_OUT)) == "busy"

    told(story)


def test_a_lead_who_was_ready_is_ready_again_and_was_not_offered_anything_meanwhile() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await world.ask(c.SetReady(LEAD))
        await scene.monitor(LISTEN)
        await scene.ask(c.StopMonitoring(LEAD, scene.id))
        await world.until(lambda: world.state(LEAD) is AgentState.READY)

    told(story)


# --- the scope of the right -----------------------------------------------------------------------------------------

OURS, THEIRS = 11, 12


def settings_by_team(reach: tuple[int, ...]):
    """Agent 1 is in the team ``OURS``, agent 2 in ``THEIRS``; the lead's rights reach the teams given."""
    rights = (SUPERVISE_CALLS, FORCE_AGENTS)
    lead = AgentSetting(LEAD, "班长", "2001", rights=rights, reach=dict.fromkeys(rights, reach))
    team_of = {AGENT: OURS, OTHER: THEIRS}
    agents = (msgspec.structs.replace(each, team=team_of.get(each.id)) for each in company().agents)
    return company(agents=(*agents, lead))


@pytest.mark.parametrize(("reach", "is_allowed"), [((OURS,), True), ((THEIRS,), False), ((), False)])
def test_a_lead_supervises_the_own_teams_alone(reach: tuple[int, ...], is_allowed: bool) -> None:
    async def test(world: World) -> None:
        scene = await Scene.set(world)
        for wish in (
            c.Monitor(LEAD, scene.id, LISTEN),
            c.ForceState(LEAD, AGENT, AgentState.NOT_READY),
            c.Disconnect(LEAD, scene.id),
        ):
            if is_allowed:
                await scene.ask(wish)
            else:
                assert await scene.refused(wish) == "forbidden"
        outside = await scene.refused(c.ForceState(LEAD, OTHER, AgentState.NOT_READY))
        assert outside == ("not_signed_in" if THEIRS in reach else "forbidden")

    in_world(test, settings_by_team(reach))
