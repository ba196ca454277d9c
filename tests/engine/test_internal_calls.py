"""Calls between colleagues, on the simulator: no customer takes part, and both are agents."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.world import AFTER_SALES, HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Direction, EndedBy, InteractionEnded, Phase, RolesTurned, SegmentEnd
from zhiyin.engine.adapters.simulator.legs import Behaviour
from zhiyin.engine.ports import LegHeld, TransferOutcome, TransferRequested

CALLER, CALLED, DESK_PHONE = 1, 2, 4


class Scene:
    """``CALLER`` calls ``CALLED``, whose telephone rings."""

    def __init__(self, world: World, interaction: str) -> None:
        self.world, self.id = world, interaction

    @classmethod
    async def ringing(cls, world: World, *, called: int = CALLED) -> Scene:
        await world.open_desk(CALLER)
        await world.ready(called)
        told = await world.wish(c.Dial(CALLER, kind="agent", target=called))
        scene = cls(world, told["interaction"])
        world.telephony.pick_up(scene.call.customer_leg)
        await world.until(lambda: world.state(called) is AgentState.ALERTING)
        return scene

    @classmethod
    async def talking(cls, world: World, *, called: int = CALLED) -> Scene:
        scene = await cls.ringing(world, called=called)
        world.telephony.pick_up(scene.call.offer.leg)
        await world.until(lambda: world.telephony.hears(scene.call.customer_leg))
        return scene

    @property
    def call(self):
        return self.world.board.sessions[self.id].call

    def states(self) -> tuple[AgentState, AgentState]:
        return self.world.state(CALLER), self.world.state(CALLED)

    async def until_over(self) -> InteractionEnded:
        await self.world.until(lambda: self.id not in self.world.board.sessions)
        (ended,) = self.world.events("InteractionEnded")
        return ended


def numbered() -> TenantSettings:
    """Return the company with a number inside for a queue: 601."""
    settings = company()
    queues = tuple(msgspec.structs.replace(q, extension="601" if q.id == AFTER_SALES else "") for q in settings.queues)
    return msgspec.structs.replace(settings, queues=queues)


def test_two_colleagues_talk_and_both_are_occupied_until_one_hangs_up() -> None:
    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        assert (scene.call.direction, scene.call.phase) == (Direction.INTERNAL, Phase.TALKING)
        assert scene.states() == (AgentState.TALKING, AgentState.TALKING)
        assert world.telephony.hears(scene.call.customer_leg) == {scene.call.segment.leg}
        assert scene.call.recording is None
        await world.wish(c.HangUp(CALLER, scene.id))
        ended = await scene.until_over()
        assert (ended.by, ended.reason) == (EndedBy.COLLEAGUE, "hangup")
        assert scene.states() == (AgentState.NOT_READY, AgentState.READY)

    in_world(story)


def test_a_call_between_colleagues_counts_in_no_figure() -> None:
    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        await world.wish(c.Transfer(CALLED, scene.id, "queue", AFTER_SALES))
        await world.ready(DESK_PHONE)
        await world.until(lambda: scene.call.offer is not None)
        assert [row.waiting for row in world.tenant.board.board().queues] == [0, 0]
        world.telephony.pick_up(scene.call.offer.leg)
        await world.until(lambda: scene.call.segments == 2)
        await world.wish(c.HangUp(scene.call.segment.agent, scene.id))
        await scene.until_over()
        assert all(figures.offered == figures.conversations == 0 for figures in world.tenant.board.figures().values())

    in_world(story)


@pytest.mark.parametrize(
    ("by", "reason"), [("reject", "refused"), ("no answer", "no_answer"), ("page", "agent_unreachable")]
)
def test_a_colleague_who_does_not_take_it_stays_ready(by: str, reason: str) -> None:
    """It is no customer who waits: nobody is taken out of distribution for it."""

    async def story(world: World) -> None:
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        scene = await Scene.ringing(world)
        if by == "reject":
            await world.wish(c.RejectOffer(CALLED, scene.call.offer.offer))
        elif by == "page":
            world.telephony.unregister(world.board.telephones.account_of(world.tenant, CALLED))
        ended = await scene.until_over()
        assert (ended.by, ended.reason) == (EndedBy.COLLEAGUE, reason)
        assert world.state(CALLER) is AgentState.NOT_READY
        assert world.state(CALLED) is AgentState.READY

    in_world(story)


def test_who_may_not_be_called() -> None:
    async def story(world: World) -> None:
        await world.ready(CALLER, 3)
        assert await world.refused(c.Dial(CALLER, kind="agent", target=CALLED)) == "colleague_away"
        assert await world.refused(c.Dial(CALLER, kind="agent", target=CALLER)) == "transfer_to_self"
        assert await world.refused(c.Dial(CALLER, kind="agent", target=77)) == "not_an_agent"
        assert await world.refused(c.Dial(CALLER, kind="queue", target=77)) == "unknown_queue"
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].heard)
        world.telephony.press(leg, "2")
        await world.until(lambda: world.state(3) is AgentState.ALERTING)
        assert await world.refused(c.Dial(CALLER, kind="agent", target=3)) == "colleague_busy"
        assert world.state(CALLER) is AgentState.READY

    in_world(story)


def test_a_sip_telephone_dials_a_colleague() -> None:
    async def story(world: World) -> None:
        await world.ready(DESK_PHONE, CALLED)
        leg = world.telephony.call("1002", endpoint="desk4")
        await world.until(lambda: world.state(CALLED) is AgentState.ALERTING)
        world.telephony.pick_up(world.call_of(leg).offer.leg)
        await world.until(lambda: world.telephony.hears(leg))
        assert world.state(DESK_PHONE) is AgentState.TALKING
        world.telephony.end(leg)
        await world.until(lambda: world.state(DESK_PHONE) is world.state(CALLED) is AgentState.READY)

    in_world(story, numbered())


def test_a_sip_telephone_dials_a_queue_and_waits_in_its_line() -> None:
    async def story(world: World) -> None:
        await world.ready(DESK_PHONE)
        await world.open_desk(CALLER)
        leg = world.telephony.call("601", endpoint="desk4")
        await world.until(lambda: leg in world.telephony.legs and world.telephony.legs[leg].heard)
        assert world.state(DESK_PHONE) is AgentState.DIALLING
        await world.wish(c.SetReady(CALLER))
        await world.until(lambda: world.state(CALLER) is AgentState.ALERTING)
        world.telephony.pick_up(world.call_of(leg).offer.leg)
        await world.until(lambda: world.telephony.hears(leg))
        assert world.state(DESK_PHONE) is AgentState.TALKING

    in_world(story, numbered())


def test_a_telephones_transfer_key_hands_a_customer_to_a_queue_by_its_number() -> None:
    async def story(world: World) -> None:
        await world.ready(DESK_PHONE)
        caller = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[caller].heard)
        world.telephony.press(caller, "1")
        await world.until(lambda: world.telephony.hears(caller))
        await world.open_desk(CALLER)
        leg = world.call_of(caller).segment.leg
        told = world.telephony.legs[leg].transfers
        world.engine.take_fact(TransferRequested(leg, "601"))
        await world.until(lambda: told)
        assert told == [TransferOutcome.ACCEPTED]
        await world.until(lambda: world.call_of(caller).queue == AFTER_SALES)

    in_world(story, numbered())


@pytest.mark.parametrize("who", [CALLER, CALLED], ids=["caller", "called"])
def test_either_of_the_two_holds_and_resumes(who: int) -> None:
    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        other = CALLED if who == CALLER else CALLER
        await world.wish(c.Hold(who, scene.id))
        assert world.state(who) is AgentState.HOLD
        held = scene.call.leg_of(other)
        assert world.telephony.legs[held].has_music
        assert await world.refused(c.Hold(other, scene.id)) == "already_held"
        await world.wish(c.Resume(who, scene.id))
        await world.until(lambda: world.telephony.hears(held))
        assert len(world.events("RolesTurned")) == (1 if who == CALLER else 0)

    in_world(story)


def test_the_caller_hands_the_colleague_to_a_queue_and_is_free() -> None:
    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        await world.ready(DESK_PHONE)
        await world.wish(c.Transfer(CALLER, scene.id, "queue", AFTER_SALES))
        await world.until(lambda: world.state(DESK_PHONE) is AgentState.ALERTING)
        assert scene.states() == (AgentState.NOT_READY, AgentState.TALKING)
        world.telephony.pick_up(scene.call.offer.leg)
        await world.until(lambda: world.telephony.hears(scene.call.customer_leg))
        ends = [e.outcome for e in world.events("SegmentEnded")]
        assert ends == [SegmentEnd.TURNED, SegmentEnd.TRANSFERRED]

    in_world(story)


def test_a_refused_wish_leaves_the_roles_as_they_were() -> None:
    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        assert await world.refused(c.Transfer(CALLER, scene.id, "agent", 3)) == "agent_not_ready"
        assert world.events("RolesTurned") == []
        assert scene.call.colleague == CALLER

    in_world(story)


def test_the_caller_consults_a_third_colleague_and_all_three_talk() -> None:
    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        await world.ready(3)
        await world.wish(c.Consult(CALLER, scene.id, "agent", 3))
        await world.until(lambda: scene.call.offer is not None)
        world.telephony.pick_up(scene.call.offer.leg)
        await world.until(lambda: scene.call.consult.is_answered)
        await world.wish(c.Conference(CALLER, scene.id))
        legs = {scene.call.customer_leg, scene.call.segment.leg, scene.call.consult.leg}
        await world.until(lambda: all(world.telephony.hears(leg) == legs - {leg} for leg in legs))

    in_world(story)


@pytest.mark.parametrize("who", [CALLER, CALLED], ids=["caller", "called"])
def test_a_telephone_lost_in_mid_call_comes_back_into_it(who: int) -> None:
    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        other = CALLED if who == CALLER else CALLER
        world.telephony.end(scene.call.leg_of(who), "lost")
        await world.until(lambda: world.state(who) is AgentState.LOST)
        assert world.telephony.legs[scene.call.leg_of(other)].has_music
        account = (await world.wish(c.OpenTelephone(who, "tab2")))["username"]
        world.telephony.register(account)
        await world.until(lambda: scene.call.dialling is not None)
        world.telephony.pick_up(scene.call.dialling.leg)
        await world.until(lambda: world.telephony.hears(scene.call.leg_of(other)) == {scene.call.leg_of(who)})

    in_world(story)


def test_the_hold_key_of_the_callers_telephone_holds() -> None:
    async def story(world: World) -> None:
        await world.ready(DESK_PHONE, CALLED)
        leg = world.telephony.call("1002", endpoint="desk4")
        await world.until(lambda: world.state(CALLED) is AgentState.ALERTING)
        called = world.call_of(leg).offer.leg
        world.telephony.pick_up(called)
        await world.until(lambda: world.telephony.hears(leg))
        world.engine.take_fact(LegHeld(leg, is_held=True))
        await world.until(lambda: world.telephony.legs[called].has_music)
        world.engine.take_fact(LegHeld(leg, is_held=False))
        await world.until(lambda: world.telephony.hears(called) == {leg})

    in_world(story)


@pytest.mark.parametrize("stage", ["dialling", "ringing", "talking", "turned"])
def test_the_next_engine_goes_on_with_the_call(stage: str) -> None:
    async def story(world: World) -> None:
        if stage == "dialling":
            await world.open_desk(CALLER)
            await world.ready(CALLED)
            scene = Scene(world, (await world.wish(c.Dial(CALLER, kind="agent", target=CALLED)))["interaction"])
        else:
            scene = await (Scene.ringing(world) if stage == "ringing" else Scene.talking(world))
        if stage == "turned":
            await world.wish(c.Hold(CALLER, scene.id))
            await world.wish(c.Resume(CALLER, scene.id))
            assert isinstance(world.events("RolesTurned")[0], RolesTurned)
        accounts = [world.board.telephones.account_of(world.tenant, agent) for agent in (CALLER, CALLED)]
        await world.kill()
        await world.start()
        for account in accounts:
            world.telephony.register(account)
        if stage == "dialling":
            world.telephony.pick_up(scene.call.customer_leg)
        if stage in ("dialling", "ringing"):
            await world.until(lambda: scene.call.offer is not None)
            world.telephony.pick_up(scene.call.offer.leg)
        await world.until(lambda: world.telephony.hears(scene.call.customer_leg))
        await world.wish(c.HangUp(CALLED, scene.id))
        await scene.until_over()
        assert scene.states() == (AgentState.NOT_READY, AgentState.READY)

    in_world(story)


@pytest.mark.parametrize("is_recorded", [True, False])
def test_colleagues_are_recorded_only_where_the_company_says_so(is_recorded: bool) -> None:
    settings = company()
    outbound = msgspec.structs.replace(settings.outbound, is_internal_recorded=is_recorded)

    async def story(world: World) -> None:
        scene = await Scene.talking(world)
        assert (scene.call.recording is not None) is is_recorded
        await world.wish(c.Hold(CALLER, scene.id))
        assert len(world.events("RecordingStarted")) == (2 if is_recorded else 0)
        await world.wish(c.HangUp(CALLER, scene.id))
        await scene.until_over()
        assert len(world.events("RecordingEnded")) == (2 if is_recorded else 0)

    in_world(story, msgspec.structs.replace(settings, outbound=outbound))
