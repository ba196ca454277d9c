"""A caller hangs up while no engine hears of it: the contact ends when that was, not when it is found out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.engine.test_spine import talking
from tests.engine.world import HOTLINE, World, in_world
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Phase
from zhiyin.engine.ports import LegGoneFact, TelephonyAway, TelephonyUp

MOMENT = timedelta(seconds=0.2)


def dated(world: World, kind: str) -> datetime:
    return next(envelope.at for envelope in world.log.envelopes if envelope.type == kind)


async def hang_up_unheard(world: World, leg: str, how: str) -> datetime:
    """Let the caller hang up five seconds into an absence of half a minute; return when it did."""
    world.telephony.connection.go_away() if how == "the link is cut" else await world.kill()
    await world.pass_s(5)
    world.telephony.end(leg)
    hung_up_at = world.clock.now()
    await world.pass_s(25)
    if how == "the link is cut":
        world.telephony.connection.come_back()
    else:
        await world.start()
    return hung_up_at


@pytest.mark.parametrize("how", ["the link is cut", "the engine is dead"])
def test_a_conversation_ends_when_its_caller_hung_up_and_its_agent_is_free_when_that_is_known(how: str) -> None:
    """It was dated when it was found out: talks of half a minute too long, and recordings shorter than their calls."""

    async def story(world: World) -> None:
        leg = await talking(world)
        hung_up_at = await hang_up_unheard(world, leg, how)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        for kind in ("SegmentEnded", "RecordingEnded", "InteractionEnded"):
            assert abs(dated(world, kind) - hung_up_at) < MOMENT, kind
        freed = [e.at for e in world.log.envelopes if e.type == "AgentStateChanged"][-1]
        assert freed - hung_up_at > timedelta(seconds=24)
        wrap_up = world.tenant.desk.agent(1)
        assert wrap_up.until is not None
        assert wrap_up.until > freed, "the agent's time begins when it is free"

    in_world(story)


@pytest.mark.parametrize("how", ["the link is cut", "the engine is dead"])
def test_who_gave_up_waiting_has_waited_until_then(how: str) -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].heard)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.call_of(leg).phase is Phase.WAITING)
        hung_up_at = await hang_up_unheard(world, leg, how)
        await world.until(lambda: world.events("InteractionEnded"))
        assert abs(dated(world, "QueueLeft") - hung_up_at) < MOMENT

    in_world(story)


def test_no_event_of_a_contact_is_dated_before_the_one_before_it() -> None:
    """Evidence that is wrong, of a machine whose clock jumped, must not turn a contact's time back."""

    async def story(world: World) -> None:
        leg = await talking(world)
        ended_at_s = world.telephony.ended_at_s
        await world.kill()
        world.telephony.end(leg)
        ended_at_s[leg] -= 3600
        await world.start()
        await world.until(lambda: world.events("InteractionEnded"))
        stream = [e.at for e in world.log.envelopes if e.stream.startswith("i:")]
        assert stream == sorted(stream)

    in_world(story)


def test_where_nobody_can_say_when_it_was_the_contact_ends_when_that_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        async def away(_legs: object) -> None:
            raise TelephonyAway("no answer")

        leg = await talking(world)
        monkeypatch.setattr(world.telephony, "ended_ago", away)
        await hang_up_unheard(world, leg, "the engine is dead")
        await world.until(lambda: world.events("InteractionEnded"))
        assert world.clock.now() - dated(world, "InteractionEnded") < timedelta(seconds=1)

    in_world(story)


def test_conversations_that_died_with_asterisk_ended_before_the_next_one_began() -> None:
    async def story(world: World) -> None:
        await talking(world)
        world.telephony.connection.go_away()
        world.telephony.legs.clear()
        await world.pass_s(20)
        world.telephony.connection.is_away = False
        world.engine.take_fact(TelephonyUp(is_restarted=True, began_ago_s=15))
        known_at = world.clock.now()
        await world.until(lambda: world.events("InteractionEnded"))
        assert abs(known_at - timedelta(seconds=15) - dated(world, "InteractionEnded")) < MOMENT

    in_world(story)


def test_how_exact_such_an_end_is_stands_in_the_record() -> None:
    """The checker allows a recording's length as much: without it every such call was a finding."""

    async def story(world: World) -> None:
        leg = await talking(world)
        await world.pass_s(30)
        known_at = world.clock.now()
        world.engine.take_fact(LegGoneFact(leg, 16, "hangup", ago_s=20.0, within_s=1.5))
        (ended,) = await world.until(lambda: world.events("InteractionEnded"))
        assert ended.within_s == 1.5
        assert abs(known_at - timedelta(seconds=20) - dated(world, "InteractionEnded")) < MOMENT

    in_world(story)
