"""What a SIP telephone does by itself: its hold key, and its transfer key (REFER), on the simulator."""

from __future__ import annotations

import pytest

from tests.engine.supervision_steps import LEADS, company_with_leads
from tests.engine.test_parties import _row
from tests.engine.world import HOTLINE, World, in_world
from zhiyin.contracts import commands as c
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import MonitoringMode, Phase
from zhiyin.engine.adapters.simulator.legs import Behaviour
from zhiyin.engine.ports import LegHeld, TransferOutcome, TransferRequested

DESK_PHONE, COLLEAGUE = 4, 2


class Scene:
    """A caller talks with the agent of the SIP telephone."""

    def __init__(self, world: World, caller: str) -> None:
        self.world, self.caller, self.id = world, caller, world.call_of(caller).id
        self.telephone: str = self.call.segment.leg

    @classmethod
    async def set(cls, world: World) -> Scene:
        await world.ready(DESK_PHONE)
        caller = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[caller].heard)
        world.telephony.press(caller, "1")
        await world.until(lambda: world.state(DESK_PHONE) is AgentState.TALKING)
        await world.until(lambda: world.telephony.hears(caller))
        return cls(world, caller)

    @property
    def call(self):
        return self.world.board.sessions[self.id].call

    @property
    def hears_music(self) -> bool:
        return self.world.telephony.legs[self.caller].has_music

    async def press_hold(self, *, is_held: bool) -> None:
        self.world.engine.take_fact(LegHeld(self.telephone, is_held))
        await self.world.pass_s(0.2)

    async def refer(self, dialled: str) -> list[TransferOutcome]:
        """Press the transfer key; returns what the telephone was told."""
        leg = self.world.telephony.legs[self.telephone]
        self.world.engine.take_fact(TransferRequested(self.telephone, dialled))
        await self.world.until(lambda: leg.transfers)
        return leg.transfers


def test_the_hold_key_holds_and_is_counted_as_hold() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await scene.press_hold(is_held=True)
        assert scene.hears_music
        assert world.telephony.hears(scene.caller) == set()
        assert world.state(DESK_PHONE) is AgentState.HOLD
        await world.pass_s(10)
        await scene.press_hold(is_held=False)
        assert not scene.hears_music
        assert world.telephony.hears(scene.caller) == {scene.telephone}
        assert world.state(DESK_PHONE) is AgentState.TALKING
        assert scene.call.segment.hold_s == pytest.approx(10.2, abs=0.5)
        (held,) = world.events("HoldStarted")
        assert held.by == "telephone"

    in_world(story)


def test_the_desk_cannot_resume_what_the_telephone_holds() -> None:
    """Joined again, the customer would hear silence: the telephone itself is still on hold."""

    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await scene.press_hold(is_held=True)
        assert _row(world, scene.id).is_held_on_telephone, "the desk says so, and offers no resuming"
        assert await world.refused(c.Resume(DESK_PHONE, scene.id)) == "held_on_telephone"
        await scene.press_hold(is_held=False)
        assert not _row(world, scene.id).is_held_on_telephone
        await world.wish(c.Hold(DESK_PHONE, scene.id))
        assert not _row(world, scene.id).is_held_on_telephone
        await world.wish(c.Resume(DESK_PHONE, scene.id))
        assert scene.call.phase is Phase.TALKING

    in_world(story)


@pytest.mark.parametrize("held_by", ["nobody", "desk", "telephone"])
def test_the_desk_is_told_of_just_what_forbids_it_to_consult(held_by: str) -> None:
    """It offers a consultation unless ``is_held_on_telephone``; it once offered one that was then refused."""

    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await world.ready(COLLEAGUE)
        if held_by == "desk":
            await world.wish(c.Hold(DESK_PHONE, scene.id))
        elif held_by == "telephone":
            await scene.press_hold(is_held=True)
        is_told = _row(world, scene.id).is_held_on_telephone
        consulted = await world.ask(c.Consult(DESK_PHONE, scene.id, "agent", COLLEAGUE))
        assert is_told == (held_by == "telephone")
        assert (consulted.problem and consulted.problem.code) == ("held_on_telephone" if is_told else None)
        assert (scene.call.consult is None) == is_told
        if is_told:  # its other ways stay open
            await world.wish(c.Transfer(DESK_PHONE, scene.id, "agent", COLLEAGUE))

    in_world(story)


def test_the_telephones_key_does_not_undo_the_desks_hold() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await world.wish(c.Hold(DESK_PHONE, scene.id))
        await scene.press_hold(is_held=True)
        await scene.press_hold(is_held=False)
        assert scene.call.phase is Phase.HELD
        await world.wish(c.Resume(DESK_PHONE, scene.id))
        assert scene.call.phase is Phase.TALKING

    in_world(story)


def test_a_held_call_is_still_held_for_the_next_engine_and_the_key_releases_it() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await scene.press_hold(is_held=True)
        await world.kill()
        await world.start()
        await world.pass_s(1)
        assert scene.hears_music
        await scene.press_hold(is_held=False)
        assert world.telephony.hears(scene.caller) == {scene.telephone}

    in_world(story)


@pytest.mark.parametrize("dialled", ["1002", "8004"], ids=["by user name", "by extension"])
def test_the_transfer_key_hands_the_customer_to_a_colleague(dialled: str) -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        if dialled == "8004":
            assert await scene.refer(dialled) == [TransferOutcome.REFUSED], "to oneself"
            assert scene.call.phase is Phase.TALKING
            return
        await world.ready(COLLEAGUE)
        assert await scene.refer(dialled) == [TransferOutcome.ACCEPTED]
        await world.until(lambda: world.state(COLLEAGUE) is AgentState.TALKING)
        assert world.state(DESK_PHONE) is AgentState.WRAP_UP
        await world.until(lambda: world.telephony.hears(scene.caller) == {scene.call.segment.leg})

    in_world(story)


def test_the_transfer_key_hands_the_customer_to_an_outside_number() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        assert await scene.refer("13700137000") == [TransferOutcome.ACCEPTED]
        await world.until(lambda: scene.call.outside_leg and world.telephony.hears(scene.caller))
        assert world.telephony.hears(scene.caller) == {scene.call.outside_leg}
        assert not any(b"13700137000" in bytes(e.body) for e in world.log.envelopes)

    in_world(story)


@pytest.mark.parametrize(
    ("dialled", "told"),
    [
        ("1002", TransferOutcome.UNAVAILABLE),
        ("0019005550100", TransferOutcome.REFUSED),
        ("*99", TransferOutcome.REFUSED),
        ("", TransferOutcome.REFUSED),
    ],
    ids=["colleague not ready", "forbidden destination", "no number", "nothing"],
)
def test_a_refused_transfer_says_so_and_the_conversation_goes_on(dialled: str, told: TransferOutcome) -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        assert await scene.refer(dialled) == [told]
        await world.pass_s(1)
        assert scene.call.phase is Phase.TALKING
        assert world.telephony.hears(scene.caller) == {scene.telephone}

    in_world(story)


def test_a_telephone_that_is_in_no_conversation_may_transfer_nothing() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        world.engine.take_fact(TransferRequested(scene.caller, "1002"))
        await world.until(lambda: world.telephony.legs[scene.caller].transfers == [TransferOutcome.REFUSED])
        assert scene.call.phase is Phase.TALKING

    in_world(story)


# --- two calls of one telephone ---------------------------------------------------------------------------------


class TwoCalls(Scene):
    """The telephone has put the customer on hold and dialled a colleague, who answered."""

    line: str

    @classmethod
    async def consulting(cls, world: World, dialled: str = "1002") -> TwoCalls:
        scene = await cls.set(world)
        await world.ready(COLLEAGUE)
        await scene.press_hold(is_held=True)
        scene.line = world.telephony.call(dialled, endpoint="desk4")
        await world.until(lambda: scene.call.consult and scene.call.consult.is_answered)
        await world.pass_s(0.2)
        return scene

    @property
    def party(self) -> str:
        return self.call.consult.leg


def test_a_second_call_of_the_telephone_consults() -> None:
    """Agent and colleague talk on the second call; the customer hears music; the first call's leg is alone."""

    async def story(world: World) -> None:
        scene = await TwoCalls.consulting(world)
        assert world.telephony.hears(scene.line) == {scene.party}
        assert world.telephony.hears(scene.telephone) == set()
        assert scene.hears_music
        assert world.state(DESK_PHONE) is AgentState.CONSULTING
        assert await world.refused(c.SwapParties(DESK_PHONE, scene.id)) == "on_telephone"
        assert await world.refused(c.Conference(DESK_PHONE, scene.id)) == "on_telephone"
        (row,) = (row for row in world.tenant.board.board().interactions if row.id == scene.id)
        assert row.consult is not None
        assert row.consult.is_on_telephone, "the desk offers neither"

    in_world(story)


def test_the_telephone_goes_from_one_call_to_the_other_by_its_hold_key() -> None:
    async def story(world: World) -> None:
        scene = await TwoCalls.consulting(world)
        await scene.press_hold(is_held=False)
        assert world.telephony.hears(scene.caller) == {scene.telephone}
        assert world.telephony.hears(scene.line) == set()
        assert world.telephony.legs[scene.party].has_music
        await scene.press_hold(is_held=True)
        assert world.telephony.hears(scene.line) == {scene.party}
        assert scene.hears_music

    in_world(story)


def test_joining_the_two_calls_leaves_customer_and_colleague_in_one_record() -> None:
    """REFER with Replaces: the telephone is told, both its calls end, and there is one contact."""

    async def story(world: World) -> None:
        scene = await TwoCalls.consulting(world)
        party, told = scene.party, world.telephony.legs[scene.telephone].transfers
        world.engine.take_fact(TransferRequested(scene.telephone, "1002", other_leg=scene.line))
        await world.until(lambda: world.telephony.hears(scene.caller) == {party})
        assert told == [TransferOutcome.ACCEPTED]
        await world.until(lambda: world.state(DESK_PHONE) is AgentState.WRAP_UP)
        assert not {scene.line, scene.telephone} & set(world.telephony.legs)
        assert scene.call.segment.agent == COLLEAGUE
        world.telephony.end(scene.caller)
        await world.until(lambda: not world.board.sessions)
        assert len(world.events("InteractionStarted")) == 1
        assert [e.agent for e in world.events("SegmentEnded")] == [DESK_PHONE, COLLEAGUE]

    in_world(story)


def test_a_telephone_may_also_refer_from_its_second_call() -> None:
    async def story(world: World) -> None:
        scene = await TwoCalls.consulting(world)
        party = scene.party
        world.engine.take_fact(TransferRequested(scene.line, "x", other_leg=scene.telephone))
        await world.until(lambda: world.telephony.hears(scene.caller) == {party})

    in_world(story)


def test_the_second_call_to_an_outside_number_is_joined_too() -> None:
    async def story(world: World) -> None:
        scene = await TwoCalls.consulting(world, "13700137000")
        party = scene.party
        world.engine.take_fact(TransferRequested(scene.telephone, "", other_leg=scene.line))
        await world.until(lambda: world.telephony.hears(scene.caller) == {party})
        assert world.state(DESK_PHONE) is AgentState.WRAP_UP

    in_world(story)


@pytest.mark.parametrize("who", ["line", "party"])
def test_when_the_second_call_ends_the_key_brings_the_customer_back(who: str) -> None:
    async def story(world: World) -> None:
        scene = await TwoCalls.consulting(world)
        world.telephony.end(scene.line if who == "line" else scene.party)
        await world.until(lambda: scene.call.consult is None)
        await world.pass_s(0.2)
        assert scene.hears_music
        assert scene.line not in world.telephony.legs
        await scene.press_hold(is_held=False)
        assert world.telephony.hears(scene.caller) == {scene.telephone}

    in_world(story)


@pytest.mark.parametrize("dialled", ["1003", "0019005550100", "*99"], ids=["not ready", "forbidden", "no number"])
def test_a_second_call_that_may_not_be_is_refused_and_the_first_goes_on(dialled: str) -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        line = world.telephony.call(dialled, endpoint="desk4")
        await world.until(lambda: line not in world.telephony.legs)
        assert scene.call.consult is None
        assert world.telephony.hears(scene.caller) == {scene.telephone}

    in_world(story)


def test_joining_is_refused_while_the_second_call_still_rings() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        await world.ready(COLLEAGUE)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        await scene.press_hold(is_held=True)
        line = world.telephony.call("1002", endpoint="desk4")
        await world.until(lambda: scene.call.consult)
        leg = world.telephony.legs[scene.telephone]
        world.engine.take_fact(TransferRequested(scene.telephone, "1002", other_leg=line))
        await world.until(lambda: leg.transfers == [TransferOutcome.UNAVAILABLE])
        await scene.press_hold(is_held=False)
        assert world.telephony.hears(scene.caller) == {scene.telephone}
        await world.until(lambda: line not in world.telephony.legs)

    in_world(story)


@pytest.mark.parametrize("survives", [True, False], ids=["both calls live", "the second ended meanwhile"])
def test_two_calls_are_taken_over_by_the_next_engine(*, survives: bool) -> None:
    async def story(world: World) -> None:
        scene = await TwoCalls.consulting(world)
        await world.kill()
        if not survives:
            world.telephony.end(scene.line)
        await world.start()
        await world.pass_s(1)
        if survives:
            assert world.telephony.hears(scene.line) == {scene.party}
            world.engine.take_fact(TransferRequested(scene.telephone, "1002", other_leg=scene.line))
            await world.until(lambda: scene.call.segment.agent == COLLEAGUE)
        else:
            assert scene.call.consult is None
            await scene.press_hold(is_held=False)
            assert world.telephony.hears(scene.caller) == {scene.telephone}

    in_world(story)


@pytest.mark.parametrize("dialled", ["1002", "8004"])
def test_a_colleagues_extension_is_never_dialled_outside(dialled: str) -> None:
    """The trunk carried "1002" to whoever has that number there."""

    async def story(world: World) -> None:
        await world.ready(DESK_PHONE, 1)
        leg = world.telephony.call(dialled, endpoint="desk4")
        await world.until(lambda: leg not in world.telephony.legs)
        await world.ask(c.Dial(1, dialled))
        assert not any(to.startswith("trunk") for _, to in world.telephony.rung)

    in_world(story)


def test_a_listener_hears_the_agent_on_whichever_of_its_two_calls_it_talks() -> None:
    async def story(world: World) -> None:
        await world.open_desk(LEADS[0])
        scene = await TwoCalls.consulting(world)
        reply = await world.ask(c.Monitor(LEADS[0], scene.id, MonitoringMode.LISTEN), actor=LEADS[0])
        assert reply.problem is None
        await world.until(lambda: all(monitor.is_connected for monitor in scene.call.monitors))
        await world.pass_s(0.2)
        (monitor,) = scene.call.monitors
        assert world.telephony.hears(monitor.leg) == {scene.line, scene.party}
        await scene.press_hold(is_held=False)
        assert world.telephony.hears(monitor.leg) == {scene.telephone, scene.caller}
        await scene.press_hold(is_held=True)
        world.telephony.end(scene.line)
        await scene.press_hold(is_held=False)
        assert world.telephony.hears(monitor.leg) == {scene.telephone, scene.caller}

    in_world(story, company_with_leads())
