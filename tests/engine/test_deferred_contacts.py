"""Voice messages and callbacks: a contact goes on without its caller, keeps its place, and is lost by nothing."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from tests.engine.world import AFTER_SALES, HOTLINE, SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import (
    CallbackSetting,
    ListedNumber,
    OverflowSetting,
    PromptSetting,
    QueueSetting,
    TenantSettings,
    VoicemailSetting,
)
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import CallbackEnd, Medium, MessageEnd, Phase, QueueEnd, SegmentEnd
from zhiyin.engine.adapters.simulator.legs import Behaviour

OTHER_AGENT = 4


def deferring(*, callback: CallbackSetting | None = None, voicemail: VoicemailSetting | None = None) -> TenantSettings:
    settings = company()
    queue = msgspec.structs.replace(
        settings.queues[0],
        callback=callback or CallbackSetting(after_s=0, retry_after_s=60, attempts=2),
        voicemail=voicemail or VoicemailSetting(limit=2),
    )
    return msgspec.structs.replace(settings, queues=(queue, settings.queues[1]))


async def waiting(world: World, caller: str = "13800138000") -> str:
    """Bring a caller into the line of after-sales, to the end of the first announcement."""
    if world.state(OTHER_AGENT) is AgentState.LOGGED_OUT:
        await world.open_desk(OTHER_AGENT)  # somebody is signed in, nobody ready
    leg = world.telephony.call(HOTLINE, caller=caller)
    await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, "1")
    await world.until(lambda: world.telephony.legs[leg].has_music)
    return leg


async def called_back_later(world: World, caller: str = "13800138000") -> str:
    """A caller in line asks to be called back and hangs up; returns the contact."""
    leg = await waiting(world, caller)
    contact = world.call_of(leg).id
    world.telephony.press(leg, "1")
    await world.until(lambda: "/zh/callback_confirm_keys" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, "1")
    await world.until(lambda: leg not in world.telephony.legs)
    return contact


async def message_left(world: World, *, hangs_up: bool = False) -> str:
    leg = await waiting(world)
    contact = world.call_of(leg).id
    world.telephony.press(leg, "2")
    await world.until(lambda: world.telephony.legs[leg].is_speech_watched)
    world.telephony.speak(leg)
    await world.pass_s(4)
    if hangs_up:
        world.telephony.end(leg)
    else:
        world.telephony.press(leg, "#")
    await world.until(lambda: leg not in world.telephony.legs)
    return contact


def contact_of(world: World, contact: str):
    return world.board.sessions[contact].call


# --- voice messages -------------------------------------------------------------------------------------------------


def test_a_message_waits_without_its_caller_and_is_offered_like_a_call() -> None:
    async def story(world: World) -> None:
        contact = await message_left(world)
        call = contact_of(world, contact)
        assert (call.phase, call.medium, call.customer_leg) == (Phase.WAITING, Medium.VOICEMAIL, "")
        assert "/zh/message_saved" in next(leg for leg in world.telephony.ended.values()).heard
        assert [e.outcome for e in world.events("QueueLeft")] == [QueueEnd.VOICEMAIL]
        assert world.board.live_calls == 0, "a message keeps no engine from ending"
        await world.ready(1)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert contact_of(world, contact).segment.agent == 1
        await world.wish(c.HangUp(1, contact))
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert [e.reason for e in world.events("InteractionEnded")] == ["message_handled"]
        assert world.log.open == {}

    in_world(story, deferring())


def test_the_agent_who_heard_a_message_calls_back_on_the_same_contact_and_talks() -> None:
    async def story(world: World) -> None:
        contact = await message_left(world, hangs_up=True)
        await world.ready(1)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert await world.refused(c.Hold(1, contact)) == "no_customer"
        assert await world.refused(c.CallBack(OTHER_AGENT, contact)) == "not_your_call"
        world.telephony.behaviours["trunk"] = Behaviour(refuse_s=1.0, word="busy")
        await world.wish(c.CallBack(1, contact))
        await world.until(lambda: [e.cause for e in world.events("DialEnded")] == ["busy"])
        assert contact_of(world, contact).segment.agent == 1, "the agent may try again"
        world.telephony.behaviours["trunk"] = Behaviour()
        await world.wish(c.CallBack(1, contact))
        segment = contact_of(world, contact).segment.leg
        await world.until(lambda: world.telephony.hears(segment))
        customer = contact_of(world, contact).customer_leg
        assert dict(world.telephony.rung)[customer] == "trunk:1:13800138000"
        assert world.telephony.legs[customer].recording is not None
        await world.wish(c.Hold(1, contact))
        await world.wish(c.Resume(1, contact))
        world.telephony.end(customer)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert world.telephony.legs == {}

    in_world(story, deferring())


def test_nothing_said_and_a_slip_of_the_finger_are_no_messages() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        world.telephony.press(leg, "2")
        await world.until(lambda: world.telephony.legs[leg].is_speech_watched)
        await world.until(lambda: leg not in world.telephony.legs, within_s=30)
        assert "/zh/message_empty" in world.telephony.ended[leg].heard
        short = await waiting(world)
        world.telephony.press(short, "2")
        await world.until(lambda: world.telephony.legs[short].is_speech_watched)
        world.telephony.end(short)
        await world.until(lambda: not world.board.sessions)
        assert [e.outcome for e in world.events("MessageEnded")] == [MessageEnd.SILENT, MessageEnd.SHORT]
        assert [e.reason for e in world.events("InteractionEnded")] == ["no_message", "hangup"]

    in_world(story, deferring())


def test_a_message_ends_by_silence_after_the_last_word_and_by_its_longest_time() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        world.telephony.press(leg, "2")
        await world.until(lambda: world.telephony.legs[leg].is_speech_watched)
        world.telephony.speak(leg, for_s=20)
        await world.until(lambda: world.events("MessageEnded"), within_s=60)
        other = await waiting(world, "13900139000")
        world.telephony.press(other, "2")
        await world.until(lambda: world.telephony.legs[other].is_speech_watched)
        world.telephony.speak(other, for_s=500)
        await world.until(lambda: len(world.events("MessageEnded")) == 2, within_s=100)
        by_silence, by_time = world.events("MessageEnded")
        assert 27.5 < by_silence.duration_s < 29
        assert 49.5 < by_time.duration_s < 51

    in_world(story, deferring(voicemail=VoicemailSetting(max_s=50, silence_s=8)))


def test_a_full_mailbox_lets_the_caller_wait_on() -> None:
    async def story(world: World) -> None:
        await message_left(world)
        leg = await waiting(world, "13900139000")
        world.telephony.press(leg, "2")
        await world.until(lambda: "/zh/mailbox_full" in world.telephony.legs[leg].heard)
        await world.until(lambda: world.telephony.legs[leg].has_music)
        assert world.call_of(leg).phase is Phase.WAITING

    in_world(story, deferring(voicemail=VoicemailSetting(limit=1)))


def test_a_message_survives_a_killed_engine_in_the_middle_of_it() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        contact = world.call_of(leg).id
        world.telephony.press(leg, "2")
        await world.until(lambda: world.telephony.legs[leg].is_speech_watched)
        await world.pass_s(3)
        await world.kill()
        world.telephony.end(leg)
        await world.start()
        await world.until(lambda: contact_of(world, contact).phase is Phase.WAITING)
        assert contact_of(world, contact).message.is_left
        await world.ready(1)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        await world.kill()
        await world.start()
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert contact_of(world, contact).segment.agent == 1

    in_world(story, deferring())


def test_callers_come_before_messages_and_whoever_loses_a_message_gives_it_back() -> None:
    async def story(world: World) -> None:
        contact = await message_left(world)
        leg = await waiting(world, "13900139000")
        await world.ready(1)
        await world.until(lambda: world.telephony.hears(leg))
        await world.ready(2)
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        world.telephony.end(contact_of(world, contact).segment.leg, "lost")
        await world.until(lambda: contact_of(world, contact).segment is None)
        assert [e.outcome for e in world.events("SegmentEnded")] == [SegmentEnd.LOST]
        assert contact_of(world, contact).phase in (Phase.WAITING, Phase.OFFERED)

    in_world(story, deferring())


# --- callbacks --------------------------------------------------------------------------------------------------------


def test_a_callback_keeps_its_place_before_who_came_later() -> None:
    async def story(world: World) -> None:
        contact = await called_back_later(world)
        later = await waiting(world, "13900139000")
        assert world.tenant.desk.line.place(world.call_of(later).id, world.clock.now()) == 1
        assert world.board.live_calls == 1
        await world.ready(1)
        await world.until(lambda: contact_of(world, contact).segment)
        segment = contact_of(world, contact).segment
        await world.until(lambda: world.telephony.hears(segment.leg))
        assert contact_of(world, contact).phase is Phase.TALKING
        assert dict(world.telephony.rung)[contact_of(world, contact).customer_leg] == "trunk:1:13800138000"
        world.telephony.end(contact_of(world, contact).customer_leg)
        await world.until(lambda: world.events("CallbackEnded"))
        assert world.events("CallbackEnded")[0].outcome is CallbackEnd.DONE

    in_world(story, deferring())


def test_the_place_is_kept_across_an_engine_kill_at_every_step() -> None:
    async def story(world: World) -> None:
        contact = await called_back_later(world)
        placed_at = contact_of(world, contact).stay.since
        await world.kill()
        await world.start()
        later = await waiting(world, "13900139000")
        assert contact_of(world, contact).stay.since == placed_at
        assert world.tenant.desk.line.place(world.call_of(later).id, world.clock.now()) == 1
        world.telephony.behaviours["trunk"] = Behaviour(answer_s=10.0)
        await world.ready(1)
        await world.until(lambda: contact_of(world, contact).rings_customer)
        await world.kill()
        await world.start()
        await world.until(lambda: contact_of(world, contact).phase is Phase.TALKING)
        segment = contact_of(world, contact).segment
        await world.until(lambda: world.telephony.hears(segment.leg))

    in_world(story, deferring())


def test_who_does_not_answer_is_called_again_from_the_old_place_and_then_no_more() -> None:
    async def story(world: World) -> None:
        world.telephony.behaviours["trunk"] = Behaviour(refuse_s=2.0, word="busy")
        contact = await called_back_later(world)
        await world.ready(1)
        await world.until(lambda: contact_of(world, contact).phase is Phase.POSTPONED)
        await world.until(lambda: world.state(1) is not AgentState.DIALLING)
        assert contact_of(world, contact).callback.attempts == 1
        await world.kill()
        await world.start()
        await world.wish(c.DeskConnected(1, is_connected=True))
        await world.ready(1)
        await world.until(lambda: world.events("CallbackEnded"), within_s=120)
        assert world.events("CallbackEnded")[0].outcome is CallbackEnd.FAILED
        assert [e.reason for e in world.events("InteractionEnded")] == ["busy"]
        assert len([e for e in world.events("DialStarted") if e.party == "customer"]) == 2

    in_world(story, deferring())


def test_the_customer_is_called_first_where_the_queue_says_so() -> None:
    async def story(world: World) -> None:
        contact = await called_back_later(world)
        await world.ready(1)
        await world.until(lambda: contact_of(world, contact).rings_customer)
        assert contact_of(world, contact).segment is None
        await world.until(lambda: contact_of(world, contact).segment)
        call = contact_of(world, contact)
        await world.until(lambda: world.telephony.hears(call.customer_leg))

    in_world(story, deferring(callback=CallbackSetting(after_s=0, is_customer_first=True)))


def test_another_number_is_repeated_checked_and_called() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        contact = world.call_of(leg).id
        world.telephony.press(leg, "1")
        await world.until(lambda: world.board.sessions[contact].live.dialogue)
        world.telephony.press(leg, "2")
        for digits in ("00441234567890#", "13700137000#"):
            await world.until(lambda: world.telephony.legs[leg].playback)
            for digit in digits:
                world.telephony.press(leg, digit)
            await world.pass_s(0.5)
        assert "/zh/callback_bad_number" in world.telephony.legs[leg].heard
        assert world.telephony.legs[leg].heard[-2] == "/zh/digit_0"
        world.telephony.press(leg, "1")
        await world.until(lambda: leg not in world.telephony.legs)
        await world.ready(1)
        await world.until(lambda: "trunk:1:13700137000" in dict(world.telephony.rung).values())
        assert not any(b"13700137000" in bytes(e.body) for e in world.log.envelopes)

    in_world(story, deferring())


def test_who_says_nothing_or_presses_star_waits_on_and_an_agent_simply_answers() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        contact = world.call_of(leg).id
        world.telephony.press(leg, "1")
        await world.until(lambda: world.board.sessions[contact].live.dialogue)
        await world.until(lambda: world.telephony.legs[leg].has_music)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.board.sessions[contact].live.dialogue)
        world.telephony.press(leg, "*")
        await world.until(lambda: world.telephony.legs[leg].has_music)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.board.sessions[contact].live.dialogue)
        await world.ready(1)
        await world.until(lambda: world.telephony.hears(leg))
        assert not world.events("CallbackAgreed")

    in_world(story, deferring())


async def typing(world: World) -> str:
    """Bring a caller in line to where another number is asked for."""
    leg = await waiting(world)
    session = world.board.sessions[world.call_of(leg).id]
    world.telephony.press(leg, "1")
    await world.until(lambda: session.live.dialogue)
    world.telephony.press(leg, "2")
    await world.until(lambda: session.live.dialogue.step == "enter")
    return leg


def impatient() -> TenantSettings:
    """A queue that says something after half a minute, and lets nobody wait longer than forty seconds."""
    settings = deferring()
    queue = msgspec.structs.replace(
        settings.queues[0], overflow=(OverflowSetting("waited_over", "play", 30, prompt="sorry"),), max_wait_s=40
    )
    prompts = (*settings.prompts, PromptSetting("sorry", {"zh": "/zh/sorry"}))
    return msgspec.structs.replace(settings, queues=(queue, settings.queues[1]), prompts=prompts)


def test_no_announcement_is_spoken_into_a_number_that_is_being_typed() -> None:
    """The chain's prompt once stopped the question, and the caller's number was never asked for again."""

    async def story(world: World) -> None:
        leg = await typing(world)
        session = world.board.sessions[world.call_of(leg).id]
        for digit in "1370013700":
            world.telephony.press(leg, digit)
            await world.pass_s(4)
        assert (world.clock.now() - session.call.queued_at).total_seconds() > 40
        assert "/zh/sorry" not in world.telephony.legs[leg].heard
        assert session.live.dialogue.digits == "1370013700"
        assert session.call.phase is Phase.WAITING, "nor is anybody moved on in the middle of a number"
        world.telephony.press(leg, "*")
        await world.until(lambda: "/zh/sorry" in world.telephony.legs[leg].heard, within_s=10)
        await world.until(lambda: session.call.queued_at is None, within_s=60)

    in_world(story, impatient())


def test_what_was_asked_in_one_line_is_not_asked_in_the_next() -> None:
    """Somebody answers in the middle of it and hands the caller on: a key there is no answer to the old question."""

    async def story(world: World) -> None:
        leg = await waiting(world)
        session = world.board.sessions[world.call_of(leg).id]
        world.telephony.press(leg, "1")
        await world.until(lambda: session.live.dialogue)
        await world.ready(1)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert session.live.dialogue is None
        await world.open_desk(2)
        await world.wish(c.Transfer(1, session.id, "queue", target=SALES))
        await world.until(lambda: session.call.phase is Phase.WAITING)
        world.telephony.press(leg, "1")
        await world.pass_s(2)
        assert not world.events("CallbackAgreed")

    in_world(story, deferring())


def test_who_is_not_to_be_called_is_offered_no_callback_to_that_number() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.board.session_of(leg).live.dialogue)
        world.telephony.press(leg, "1")
        await world.until(lambda: "/zh/callback_bad_number" in world.telephony.legs[leg].heard)
        assert not world.events("CallbackAgreed")

    settings = deferring()
    listed = (ListedNumber("+8613800138000", "do_not_call"),)
    in_world(story, msgspec.structs.replace(settings, listed=listed))


def test_the_customer_who_calls_again_is_given_the_place() -> None:
    async def story(world: World) -> None:
        contact = await called_back_later(world)
        placed_at = contact_of(world, contact).stay.since
        other = await waiting(world, "13900139000")
        again = await waiting(world)
        assert world.call_of(again).stay.since == placed_at
        line = world.tenant.desk.line
        assert [line.place(world.call_of(leg).id, world.clock.now()) for leg in (again, other)] == [0, 1]
        await world.until(lambda: contact not in world.board.sessions)
        assert world.events("CallbackEnded")[0].outcome is CallbackEnd.CALLED_AGAIN

    in_world(story, deferring())


def test_a_callback_expires_and_a_lead_cancels_or_reassigns_one() -> None:
    async def story(world: World) -> None:
        first, second, third = [await called_back_later(world, f"1380013800{n}") for n in range(3)]
        assert (await world.ask(c.CancelCallback(first, actor=9))).problem is None
        await world.wish(c.ReassignCallback(second, AFTER_SALES, agent=2, actor=9))
        await world.until(lambda: first not in world.board.sessions)
        await world.ready(2)
        await world.until(lambda: contact_of(world, second).segment)
        assert contact_of(world, second).segment.agent == 2
        assert await world.refused(c.CancelCallback(second)) in ("being_worked", "not_waiting")
        await world.until(lambda: third not in world.board.sessions, within_s=400)
        assert [e.outcome for e in world.events("CallbackEnded")] == [CallbackEnd.CANCELLED, CallbackEnd.EXPIRED]

    in_world(story, deferring(callback=CallbackSetting(after_s=0, expires_after_s=300)))


def test_a_requested_callback_is_made_once_and_only_to_numbers_that_may_be_called() -> None:
    async def story(world: World) -> None:
        await world.open_desk(OTHER_AGENT)
        request = c.RequestCallback("b1", AFTER_SALES, "13800138000", "page", agent=1)
        assert (await world.wish(request))["interaction"] == "b1"
        assert (await world.wish(request))["interaction"] == "b1"
        await world.ready(2, 1)
        await world.until(lambda: contact_of(world, "b1").segment)
        assert contact_of(world, "b1").segment.agent == 1
        abroad = c.RequestCallback("b2", AFTER_SALES, "+441234567890", "page")
        assert await world.refused(abroad) == "forbidden_destination"
        assert "b2" not in world.board.sessions

    in_world(story, deferring())


def test_an_agent_lets_the_customer_be_called_later_or_leave_a_message() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        contact = world.call_of(leg).id
        await world.ready(1)
        await world.until(lambda: world.telephony.hears(leg))
        await world.wish(c.CallLater(1, contact))
        await world.until(lambda: leg not in world.telephony.legs)
        assert contact_of(world, contact).medium is Medium.CALLBACK
        other = await waiting(world, "13900139000")
        await world.wish(c.CompleteWrapUp(1, contact, then_ready=False))
        await world.ready(2)
        await world.until(lambda: contact_of(world, contact).segment)
        await world.wish(c.CompleteWrapUp(1, contact)) if world.state(1) is AgentState.WRAP_UP else None
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.telephony.hears(other))
        message = world.call_of(other).id
        await world.wish(c.ToVoicemail(1, message))
        await world.until(lambda: world.telephony.legs[other].is_speech_watched)
        world.telephony.speak(other)
        await world.pass_s(4)
        world.telephony.press(other, "#")
        await world.until(lambda: contact_of(world, message).medium is Medium.VOICEMAIL)

    in_world(story, deferring())


def test_a_queue_offers_only_what_it_has() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        for key in "12":
            world.telephony.press(leg, key)
            await world.pass_s(1)
        assert world.call_of(leg).phase is Phase.WAITING
        assert not {"/zh/offer_callback", "/zh/offer_message"} & set(world.telephony.legs[leg].heard)

    assert QueueSetting(1, "", "", ()).callback is None
    in_world(story)


def test_a_booked_callback_stands_in_line_from_its_hour_on_and_not_after_it() -> None:
    async def story(world: World) -> None:
        begins_at = world.clock.now() + timedelta(hours=2)
        until = begins_at + timedelta(minutes=10)
        booked = c.RequestCallback("b1", AFTER_SALES, "13800138000", "booking", due_at=begins_at, until=until)
        await world.wish(booked)
        await world.kill()
        await world.start()
        await world.pass_s(7100)
        assert contact_of(world, "b1").phase is Phase.POSTPONED
        await world.until(lambda: contact_of(world, "b1").phase is Phase.WAITING, within_s=200)
        assert contact_of(world, "b1").stay.since == begins_at
        await world.until(lambda: "b1" not in world.board.sessions, within_s=700)
        assert world.events("CallbackEnded")[0].outcome is CallbackEnd.EXPIRED

    in_world(story, deferring())


def test_what_is_busy_now_says_nothing_of_a_booked_hour_but_a_list_does() -> None:
    """A company without a way out was told that the number cannot be called, hours before anybody would call it."""

    async def story(world: World) -> None:
        begins_at = world.clock.now() + timedelta(hours=2)
        booked = c.RequestCallback("b1", AFTER_SALES, "13800138000", "booking", due_at=begins_at)
        await world.wish(booked)
        assert contact_of(world, "b1").phase is Phase.POSTPONED
        assert await world.refused(c.RequestCallback("n1", AFTER_SALES, "13800138000", "agent")) == "no_trunk"
        foreign = c.RequestCallback("b2", AFTER_SALES, "+14155550100", "booking", due_at=begins_at)
        assert await world.refused(foreign)

    in_world(story, msgspec.structs.replace(deferring(), trunks=()))
