"""Requests that come to nothing and facts that never come: the call looks again, and nobody is left alone or stuck."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.test_spine import talking
from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import OfferEnd, Phase
from zhiyin.engine.adapters.simulator.legs import Behaviour
from zhiyin.engine.ports import Refused, TelephonyAway, TelephonyDown, TelephonyUp
from zhiyin.engine.ring_pauses import LONGEST_PAUSE_S, PAUSE_S
from zhiyin.engine.stocktaking import EVERY_S, SOON_LOOKS, SOON_S
from zhiyin.engine.wishes import TEST_CALL_S


def fail_once(world: World, verb: str, *, is_done: bool) -> None:
    """Let the next request of this kind fail; ``is_done``: it came through, only its answer was lost."""
    request = getattr(world.telephony, verb)

    async def failing(*given: object, **named: object) -> None:
        setattr(world.telephony, verb, request)
        if is_done:
            await request(*given, **named)
        raise TelephonyAway("no answer in time")

    setattr(world.telephony, verb, failing)


@pytest.mark.parametrize("is_done", [False, True], ids=["never arrived", "answer lost"])
def test_a_caller_is_not_left_up_by_a_hang_up_that_came_to_nothing(is_done: bool) -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        agent_leg = world.call_of(leg).segment.leg
        world.telephony.end(agent_leg)
        fail_once(world, "hang_up", is_done=is_done)
        await world.until(lambda: leg not in world.telephony.legs, within_s=5)
        await world.until(lambda: not world.board.sessions)

    in_world(story)


@pytest.mark.parametrize("is_done", [False, True], ids=["never arrived", "answer lost"])
def test_a_join_that_came_to_nothing_is_made_good(is_done: bool) -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        fail_once(world, "bridge", is_done=is_done)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        await world.until(lambda: world.telephony.hears(leg), within_s=3)
        assert len(world.events("SegmentStarted")) == 1

    in_world(story)


@pytest.mark.parametrize("verb", ["start_music", "play"])
def test_a_caller_in_the_line_hears_something_again(verb: str) -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        fail_once(world, verb, is_done=False)
        world.telephony.press(leg, "1")
        await world.pass_s(6)
        seen = world.telephony.legs[leg]
        assert seen.has_music or seen.playback

    in_world(story)


def test_an_agent_whose_call_ended_unnoticed_is_freed_by_the_stocktaking() -> None:
    """The end of the customer's leg was never told: without a look the agent would talk to nobody for ever."""

    async def story(world: World) -> None:
        leg = await talking(world)
        del world.telephony.legs[leg]
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP, within_s=3 * EVERY_S)
        await world.until(lambda: not world.telephony.legs)
        assert len(world.events("InteractionEnded")) == 1

    in_world(story)


def test_an_answer_that_was_never_told_is_found() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        offer = await world.until(lambda: world.call_of(leg).offer)
        world.telephony.legs[offer.leg].is_up = True
        await world.until(lambda: world.telephony.hears(leg) == {offer.leg}, within_s=3 * EVERY_S)
        assert world.state(1) is AgentState.TALKING

    patient = company()
    queues = tuple(msgspec.structs.replace(queue, offer_timeout_s=90) for queue in patient.queues)
    in_world(story, company(queues=queues))


def test_an_orphan_is_taken_down_but_a_test_call_is_not() -> None:
    async def story(world: World) -> None:
        account = await world.open_desk(1)
        await world.telephony.ring(
            "orphan",
            to=f"account:{account}",
            caller_number="",
            caller_name="",
            codec="alaw",
            timeout_s=600,
            headers={},
        )
        await world.wish(c.CallTest(1))
        test_leg = next(leg for leg in world.telephony.legs if leg.startswith("test-"))
        world.telephony.legs[test_leg].playback = "long"
        await world.until(lambda: "orphan" not in world.telephony.legs, within_s=3 * EVERY_S)
        assert test_leg in world.telephony.legs

    in_world(story)


def test_a_caller_who_hangs_up_in_the_instant_of_arriving_leaves_a_whole_record() -> None:
    """Both facts came in one go: the end must not be taken before the arrival."""

    async def story(world: World) -> None:
        world.telephony.end(world.telephony.call(HOTLINE))
        await world.until(lambda: world.events("InteractionEnded"))
        assert len(world.events("InteractionStarted")) == 1

    in_world(story)


def test_an_agent_who_let_it_ring_is_not_offered_the_caller_again_by_the_next_engine() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["account"] = Behaviour(refuse_s=0.5, word="busy")
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.events("OfferEnded"))
        await world.kill()
        await world.start()
        for account in sorted(world.telephony.registered):
            world.telephony.register(account)
        waiting = await world.until(lambda: world.tenant.desk.line.get(world.call_of(leg).id))
        assert waiting.refused_by == {1}

    in_world(story)


def test_a_prompt_whose_end_was_never_told_counts_as_said() -> None:
    """The caller heard the prompt; without a look the flow would stand still, and the caller hear nothing for ever."""

    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.legs[leg].playback = None
        await world.until(lambda: world.telephony.legs[leg].playback, within_s=3 * EVERY_S)

    in_world(story)


async def _refuse(*_given: object, **_named: object) -> None:
    raise Refused("500 Allocation failed")


@pytest.mark.parametrize(
    ("way", "state"),
    [
        ("refused", AgentState.NOT_READY),
        ("never arrived", AgentState.READY),
        ("answer lost", AgentState.READY),
        ("asterisk away", AgentState.NOT_READY),
    ],
)
def test_an_agent_whose_telephone_could_not_be_rung_is_not_lost(way: str, state: AgentState) -> None:
    """The agent can take the next call; the caller keeps waiting, and no telephone rings for nobody."""

    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        ring = world.telephony.ring
        if way == "refused":
            world.telephony.ring = _refuse
        elif way == "asterisk away":
            world.telephony.press(leg, "1")
            await world.until(lambda: world.call_of(leg).phase is Phase.WAITING or world.call_of(leg).offer)
            world.telephony.connection.go_away()
        else:
            fail_once(world, "ring", is_done=way == "answer lost")
        world.telephony.press(leg, "1")
        await world.until(lambda: world.events("OfferEnded"), within_s=40)
        world.telephony.ring = ring
        world.telephony.connection.come_back()
        await world.until(lambda: list(world.telephony.legs) == [leg], within_s=40)
        assert world.state(1) is state
        assert world.call_of(leg).phase is Phase.WAITING
        world.telephony.behaviours["account"] = Behaviour(answer_s=1.0)
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.telephony.hears(leg))
        assert world.state(1) is AgentState.TALKING

    in_world(story)


def test_an_agent_removed_while_it_is_being_offered_a_contact_leaves_no_leg_behind() -> None:
    """The ring broke on an agent that was no longer there; the leg that was never rung kept the contact for ever."""

    async def story(world: World) -> None:
        await world.ready(4)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.log.write_s = 3.0
        world.telephony.press(leg, "1")
        await world.pass_s(0.5)
        settings = world.settings
        others = tuple(agent for agent in settings.agents if agent.id != 4)
        world.log.change_settings(msgspec.structs.replace(settings, version=2, agents=others, sip_accounts=()))
        await world.pass_s(10)
        world.telephony.end(leg)
        await world.until(lambda: not world.board.sessions, within_s=60)
        assert world.state(4) is AgentState.LOGGED_OUT

    in_world(story)


@pytest.mark.parametrize("happening", ["take-over", "new connection"])
def test_a_bridge_made_by_a_request_that_outlived_its_connection_is_removed_soon(happening: str) -> None:
    """Asterisk works off what a dead engine had sent it: after the take-over's inventory there was one bridge more."""

    async def story(world: World) -> None:
        if happening == "take-over":
            await world.kill()
            await world.start()
        else:
            await world.pass_s(EVERY_S)
            world.engine.take_fact(TelephonyDown())
            world.engine.take_fact(TelephonyUp(is_restarted=False))
        await world.pass_s(0)
        await world.telephony.bridge("over-b", [])
        await world.until(lambda: not world.telephony.bridges, within_s=SOON_LOOKS * SOON_S + 1)

    in_world(story)


async def offered_in_vain(world: World, agent: int = 1) -> str:
    """A caller waits while Asterisk answers no request to ring. Returns the caller's leg."""
    await world.ready(agent)
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: world.telephony.legs[leg].playback)

    async def mute(*_given: object, **_named: object) -> None:
        raise TelephonyAway("not connected")

    world.telephony.ring = mute
    world.telephony.press(leg, "1")
    await world.until(lambda: world.events("OfferEnded"))
    return leg


def test_an_agent_whom_asterisk_did_not_ring_stays_ready_and_is_rung_again() -> None:
    """It was taken out of distribution as if its telephone had failed, and stood not ready until somebody noticed."""

    async def story(world: World) -> None:
        ring = world.telephony.ring
        leg = await offered_in_vain(world)
        assert world.state(1) is AgentState.READY
        world.telephony.ring = ring
        await world.until(lambda: world.telephony.hears(leg), within_s=PAUSE_S + 1)
        assert {event.outcome for event in world.events("OfferEnded")} == {OfferEnd.WITHDRAWN, OfferEnd.ANSWERED}
        assert len(world.events("QueueEntered")) == 1

    in_world(story)


def test_a_mute_asterisk_is_not_asked_to_ring_in_a_hot_loop() -> None:
    async def story(world: World) -> None:
        await offered_in_vain(world)
        await world.pass_s(60)
        assert len(world.events("OfferEnded")) <= 4 + 60 / LONGEST_PAUSE_S

    in_world(story)


def test_asterisk_that_is_back_rings_at_once_whom_it_had_not_rung() -> None:
    async def story(world: World) -> None:
        ring = world.telephony.ring
        leg = await offered_in_vain(world)
        await world.until(lambda: len(world.events("OfferEnded")) == 4)  # the pause now is the longest
        world.telephony.ring = ring
        world.engine.take_fact(TelephonyUp(is_restarted=False))
        await world.until(lambda: world.telephony.hears(leg), within_s=1)

    in_world(story)


def test_a_test_call_of_which_nothing_more_is_heard_ends_all_the_same() -> None:
    """Its answer was lost with the connection: the agent's telephone stayed in a silent call for ever."""

    async def story(world: World) -> None:
        await world.open_desk(1)
        world.board.on_loose_leg = lambda _fact: None
        await world.wish(c.CallTest(1))
        await world.until(lambda: world.telephony.legs)
        await world.until(lambda: not world.telephony.legs, within_s=TEST_CALL_S + 10)

    in_world(story)


def test_who_is_doubted_again_and_again_is_looked_at_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stocktaking put the look off for a minute, three times a minute: an ended contact stayed for ever."""

    async def story(world: World) -> None:
        leg = await talking(world)
        session = world.board.session_of(leg)
        assert session is not None
        looks, look = [], world.telephony.look

        async def count(legs: object) -> object:
            looks.append(legs)
            return await look(legs)

        monkeypatch.setattr(world.telephony, "look", count)
        for _ in range(30):
            session.doubt()
            await world.pass_s(0.5)
        assert len(looks) >= 2
        assert world.call_of(leg).segment is not None

    in_world(story)
