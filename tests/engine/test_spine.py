"""The way of a call through the engine, on the simulator: from menu to record, and every way it can go wrong."""

from __future__ import annotations

import asyncio

import msgspec

from tests.engine.world import FLOW, HOTLINE, SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Request
from zhiyin.contracts.snapshots import FlowSetting, TrunkSetting
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import EndedBy, OfferEnd, Phase, QueueEnd, SegmentEnd
from zhiyin.engine.adapters.simulator.legs import Behaviour


async def talking(world: World, agent: int = 1, key: str = "1") -> str:
    """Bring a caller to an agent; returns the caller's leg."""
    await world.ready(agent)
    leg = world.telephony.call(HOTLINE)
    await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, key)
    await world.until(lambda: world.state(agent) is AgentState.TALKING)
    await world.until(lambda: world.telephony.hears(leg))
    return leg


def test_a_caller_hears_the_menu_and_reaches_the_agent_of_the_key_pressed() -> None:
    async def story(world: World) -> None:
        leg = await talking(world, agent=3, key="2")
        call = world.call_of(leg)
        assert (call.phase, call.queue, call.path) == (Phase.TALKING, SALES, ("2",))
        assert call.segment.agent == 3
        assert world.telephony.hears(leg) == {call.segment.leg}
        assert world.telephony.legs[leg].recording == call.recording
        assert not world.telephony.legs[leg].has_music
        await world.pass_s(30)
        world.telephony.end(leg)
        await world.until(lambda: world.state(3) is AgentState.WRAP_UP)
        assert world.telephony.legs == {}
        (ended,) = world.events("InteractionEnded")
        assert ended.by is EndedBy.CUSTOMER
        await world.wish(c.CompleteWrapUp(3, call.id))
        assert world.state(3) is AgentState.READY
        assert world.log.open == {}

    in_world(story)


def test_the_number_stands_in_the_side_table_and_nowhere_in_the_log() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        world.telephony.end(leg)
        await world.until(lambda: not world.board.sessions)
        values = [value for values in world.log.personal.values() for value in values.values()]
        assert values == ["+8613800138000"]
        assert not any(b"13800138000" in bytes(e.body) for e in world.log.envelopes)

    in_world(story)


def test_nobody_acts_before_the_event_is_durable() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.log.write_s = 5.0
        leg = world.telephony.call(HOTLINE)
        await world.pass_s(4)
        assert not world.telephony.legs[leg].is_up
        await world.until(lambda: world.telephony.legs[leg].is_up)

    in_world(story)


def test_an_agent_who_lets_it_ring_is_taken_out_and_the_next_one_is_rung() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.ALERTING)
        queued_at = world.call_of(leg).queued_at
        await world.until(lambda: world.state(1) is AgentState.NOT_READY)
        assert world.tenant.desk.agent(1).reason == "ring_no_answer"
        world.telephony.behaviours["account"] = Behaviour()
        await world.ready(2)
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        await world.until(lambda: len(world.events("OfferEnded")) == 2)
        assert [e.outcome for e in world.events("OfferEnded")] == [OfferEnd.NO_ANSWER, OfferEnd.ANSWERED]
        assert world.events("QueueEntered")[0].queue == 1
        assert len(world.events("QueueEntered")) == 1, "the caller kept the place"
        assert queued_at is not None

    in_world(story)


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        idle_since = world.tenant.desk.agent(1).idle_since
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.ALERTING)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.READY)
        assert [e.outcome for e in world.events("QueueLeft")] == [QueueEnd.ABANDONED]
        assert world.telephony.legs == {}
        assert idle_since is not None

    in_world(story)


def test_a_waiting_caller_hears_the_place_and_music_and_the_place_again() -> None:
    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.telephony.legs[leg].has_music)
        heard = world.telephony.legs[leg].heard
        assert heard[-2:] == ["/zh/please_wait", "/zh/next_in_line"]
        await world.until(lambda: heard.count("/zh/next_in_line") == 2, within_s=40)
        await world.until(lambda: world.telephony.legs[leg].has_music)

    in_world(story)


def test_who_is_answered_at_once_hears_no_snatch_of_a_wait_and_who_is_rung_for_is_not_left_in_silence() -> None:
    async def story(world: World) -> None:
        world.telephony.behaviours["account"] = Behaviour(answer_s=0.5)
        at_once = await talking(world, agent=1)
        assert world.telephony.legs[at_once].heard == ["/zh/menu"]
        world.telephony.behaviours["account"] = Behaviour(answer_s=5.0)
        await world.ready(2)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(2) is AgentState.ALERTING)
        await world.pass_s(1.0)
        assert world.telephony.legs[leg].playback
        await world.until(lambda: world.telephony.legs[leg].has_music)
        assert world.state(2) is AgentState.ALERTING

    in_world(story)


def test_nobody_signed_in_sends_the_caller_to_the_closed_exit() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: leg in world.telephony.ended)
        assert world.telephony.ended[leg].heard[-1] == "/zh/all_busy"
        assert [e.outcome for e in world.events("QueueLeft")] == [QueueEnd.OVERFLOWED]

    in_world(story)


def test_wrong_and_missing_keys_are_told_and_end_after_three() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "7")
        await world.until(lambda: leg in world.telephony.ended, within_s=60)
        heard = world.telephony.ended[leg].heard
        assert heard.count("/zh/wrong_key") == 1
        assert heard.count("/zh/no_key") == 1
        assert heard[-1] == "/zh/goodbye"

    in_world(story)


def test_hold_and_resume() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        call = world.call_of(leg)
        await world.wish(c.Hold(1, call.id))
        assert world.state(1) is AgentState.HOLD
        assert world.telephony.legs[leg].has_music
        assert world.telephony.hears(leg) == set()
        assert await world.refused(c.Hold(1, call.id)) == "already_held"
        await world.wish(c.Resume(1, call.id))
        assert world.telephony.hears(leg)
        assert await world.refused(c.Hold(2, call.id)) == "not_your_call"

    in_world(story)


def test_blind_transfer_to_a_queue_keeps_the_recording_and_frees_the_agent() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.ready(3)
        call = world.call_of(leg)
        await world.wish(c.Transfer(1, call.id, "queue", target=SALES))
        assert world.state(1) is AgentState.WRAP_UP
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        assert [e.outcome for e in world.events("SegmentEnded")] == [SegmentEnd.TRANSFERRED]
        assert len(world.events("RecordingStarted")) == 1

    in_world(story)


def test_blind_transfer_to_an_agent_who_does_not_answer_returns_to_the_queue() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        account = await world.open_desk(3)
        await world.wish(c.SetReady(3))
        world.telephony.behaviours[account] = Behaviour(answer_s=None)
        call = world.call_of(leg)
        assert await world.refused(c.Transfer(1, call.id, "agent", target=2)) == "agent_not_ready"
        await world.wish(c.Transfer(1, call.id, "agent", target=3))
        await world.wish(c.CompleteWrapUp(1, call.id))
        await world.until(lambda: world.state(3) is AgentState.NOT_READY)
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert world.telephony.hears(leg)

    in_world(story)


def test_blind_transfer_to_a_number_connects_the_customer_with_it() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        call = world.call_of(leg)
        await world.wish(c.Transfer(1, call.id, "number", number="010-88886666"))
        await world.until(lambda: world.telephony.hears(leg))
        assert world.telephony.rung[-1][1] == "trunk:1:01088886666"
        outside = world.telephony.rung[-1][0]
        assert world.telephony.hears(leg) == {outside}
        world.telephony.end(outside)
        await world.until(lambda: not world.board.sessions)
        assert world.telephony.legs == {}

    in_world(story)


def test_calling_out_rings_the_agent_then_the_number() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        result = await world.wish(c.Dial(1, "138 0013 8000"))
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert [to.split(":")[0] for _, to in world.telephony.rung] == ["account", "trunk"]
        assert world.telephony.legs[world.telephony.rung[0][0]].headers == {"X-Zhiyin-Call": result["interaction"]}
        await world.wish(c.HangUp(1, result["interaction"]))
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        assert world.events("InteractionEnded")[0].by is EndedBy.AGENT
        assert world.telephony.legs == {}

    in_world(story)


def test_who_is_told_of_a_call_out_finds_it_in_the_log() -> None:
    """A desk opens the contact as soon as it is told of it; it was answered that there is no such contact."""

    async def story(world: World) -> None:
        await world.ready(1)
        world.log.write_s = 0.5
        contact = (await world.wish(c.Dial(1, "13800138000")))["interaction"]
        (started,) = [e for e in world.log.envelopes if e.type == "InteractionStarted"]
        assert started.stream.endswith(contact)

    in_world(story)


def test_a_busy_number_is_told_to_the_agent_who_becomes_ready_again() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["trunk"] = Behaviour(refuse_s=2.0, word="busy")
        await world.wish(c.Dial(1, "13800138000"))
        await world.until(lambda: world.events("InteractionEnded"))
        await world.until(lambda: not world.telephony.legs)
        (ended,) = world.events("InteractionEnded")
        assert (ended.by, ended.reason) == (EndedBy.CARRIER, "busy")
        own_leg = world.telephony.rung[0][0]
        assert world.telephony.ended[own_leg].heard == ["/zh/number_busy"]
        assert world.state(1) is AgentState.READY

    in_world(story)


def test_a_trunk_that_fails_gives_the_call_to_the_next_one() -> None:
    trunks = (
        TrunkSetting(1, "first", "192.0.2.1", caller_number="057188886666"),
        TrunkSetting(2, "off", "192.0.2.2", is_enabled=False),
        TrunkSetting(3, "second", "192.0.2.3"),
    )

    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["1:13800138000"] = Behaviour(refuse_s=0.5, word="unreachable")
        await world.wish(c.Dial(1, "13800138000"))
        await world.until(lambda: world.state(1) is AgentState.TALKING)
        assert [to for _, to in world.telephony.rung[1:]] == ["trunk:1:13800138000", "trunk:3:13800138000"]
        assert [e.cause for e in world.events("DialEnded")] == [None, "trunk_failed", None]

    in_world(story, company(trunks=trunks))


def test_refused_destinations_and_caps() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        assert await world.refused(c.Dial(1, "0044 20 7946 0958")) == "forbidden_destination"
        assert await world.refused(c.Dial(1, "+8821234567890")) == "forbidden_destination"
        assert await world.refused(c.Dial(1, "hello")) == "bad_number"
        await world.wish(c.Dial(1, "110"))

    in_world(story)


def test_a_sip_telephone_is_rung_and_can_dial_by_itself() -> None:
    async def story(world: World) -> None:
        leg = await talking(world, agent=4)
        assert world.telephony.rung[-1][1] == "account:desk4"
        world.telephony.end(leg)
        await world.until(lambda: world.state(4) is AgentState.WRAP_UP)
        await world.until(lambda: world.state(4) is AgentState.READY, within_s=90)
        own = world.telephony.call("13800138001", endpoint="desk4")
        await world.until(lambda: world.state(4) is AgentState.TALKING)
        assert world.telephony.hears(own)

    in_world(story)


def test_wrap_up_is_respected_and_ends_by_time() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        second = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[second].playback)
        world.telephony.press(second, "1")
        await world.pass_s(50)
        assert world.state(1) is AgentState.WRAP_UP
        await world.until(lambda: world.state(1) is AgentState.TALKING)

    in_world(story)


def test_not_ready_chosen_during_a_call_comes_after_it() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.wish(c.SetNotReady(1, "rest"))
        assert world.state(1) is AgentState.TALKING
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.wish(c.CompleteWrapUp(1, "", then_ready=False))
        assert (world.state(1), world.tenant.desk.agent(1).reason) == (AgentState.REST, "rest")
        assert await world.refused(c.SetNotReady(1, "nonsense")) == "unknown_reason"
        assert await world.refused(c.SetNotReady(1, "forced")) == "unknown_reason"  # a supervisor's word alone

    in_world(story)


def test_a_page_that_reloads_in_mid_call_gets_its_call_back() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        old_leg = world.call_of(leg).segment.leg
        identity = await world.wish(c.OpenTelephone(1, "tab-reloaded"))
        world.telephony.register(identity["username"])
        await world.until(lambda: world.call_of(leg).segment.leg not in ("", old_leg))
        await world.until(lambda: world.telephony.hears(leg))
        assert old_leg in world.telephony.ended
        assert world.state(1) is AgentState.TALKING
        assert len(world.events("SegmentStarted")) == 1

    in_world(story)


def test_an_agent_who_is_lost_and_stays_away_gives_the_customer_to_another() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.ready(2)
        world.telephony.lose_media(world.call_of(leg).segment.leg)
        await world.pass_s(1)
        assert world.state(1) is AgentState.TALKING, "the desk is still there"
        await world.wish(c.DeskConnected(1, is_connected=False))
        await world.until(lambda: world.state(1) is AgentState.LOST)
        assert world.telephony.legs[leg].has_music
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        assert [e.outcome for e in world.events("SegmentEnded")] == [SegmentEnd.LOST]
        assert world.state(1) is AgentState.LOST

    in_world(story)


def test_unknown_numbers_are_refused_and_a_flow_with_a_hole_apologises() -> None:
    holed = {**FLOW, "edges": [e for e in FLOW["edges"] if e["exit"] != "2"]}
    settings = company(flows=(FlowSetting(1, 1, "holed", msgspec.Raw(msgspec.json.encode(holed))),))

    async def story(world: World) -> None:
        stranger = world.telephony.call("999888777")
        await world.until(lambda: stranger in world.telephony.ended)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "2")
        await world.until(lambda: leg in world.telephony.ended)
        assert world.telephony.ended[leg].heard[-1] == "/zh/fault"
        assert world.events("InteractionEnded")[0].reason == "flow_fault"

    in_world(story, settings)


def test_one_company_cannot_command_another_companys_call() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        world.log.change_settings(company(tenant=2))
        await world.until(lambda: 2 in world.board.tenants)
        request = Request("other", 2, None, c.HangUp(1, world.call_of(leg).id))
        reply = await world.engine.wishes.answer(request)
        assert reply.problem is not None
        assert reply.problem.code == "call_ended"
        assert world.state(1) is AgentState.TALKING

    in_world(story)


def test_a_guest_reaches_only_its_number_and_calls_once() -> None:
    async def story(world: World) -> None:
        identity = await world.wish(c.OpenGuestLine(HOTLINE, "127.0.0.1"))
        leg = world.telephony.call("13900000000", endpoint=identity["username"])
        await world.until(lambda: world.telephony.legs[leg].playback)
        assert world.call_of(leg).entry == HOTLINE
        again = world.telephony.call(HOTLINE, endpoint=identity["username"])
        await world.until(lambda: again in world.telephony.ended)
        world.telephony.end(leg)
        await world.until(lambda: identity["username"] not in world.telephony.identities)
        assert await world.refused(c.OpenGuestLine("12345678", "127.0.0.1")) == "unknown_number"

    in_world(story)


def test_a_page_closed_while_it_rings_gives_the_offer_back_and_may_have_it_again() -> None:
    async def story(world: World) -> None:
        account = await world.open_desk(1)
        await world.wish(c.SetReady(1))
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.ALERTING)
        world.telephony.unregister(account)
        await world.until(lambda: world.call_of(leg).offer is None, within_s=1)
        identity = await world.wish(c.OpenTelephone(1, "next page"))
        world.telephony.register(identity["username"])
        await world.until(lambda: world.call_of(leg).offer is not None, within_s=1)
        assert world.state(1) is AgentState.ALERTING

    in_world(story)


def test_a_visitor_who_vanished_from_the_queue_is_not_offered_to_an_agent() -> None:
    async def story(world: World) -> None:
        identity = await world.wish(c.OpenGuestLine(HOTLINE, "127.0.0.1"))
        leg = world.telephony.call(HOTLINE, endpoint=identity["username"])
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.lose_media(leg)
        await world.until(lambda: leg in world.telephony.ended)
        await world.until(lambda: identity["username"] not in world.telephony.identities)

    in_world(story)


def test_a_ready_agent_whose_page_was_closed_is_ready_again_when_desk_and_telephone_are_back() -> None:
    async def story(world: World) -> None:
        account = await world.open_desk(1)
        await world.wish(c.SetReady(1))
        await world.wish(c.DeskConnected(1, is_connected=False))
        world.telephony.unregister(account)
        await world.until(lambda: world.state(1) is AgentState.LOST)
        await world.wish(c.DeskConnected(1, is_connected=True))
        assert world.state(1) is AgentState.LOST, "the telephone is not there yet"
        identity = await world.wish(c.OpenTelephone(1, "next page"))
        world.telephony.register(identity["username"])
        await world.until(lambda: world.state(1) is AgentState.READY)

    in_world(story)


def test_an_agent_who_stays_away_is_signed_out_and_its_identity_taken_back() -> None:
    async def story(world: World) -> None:
        account = await world.open_desk(1)
        await world.wish(c.DeskConnected(1, is_connected=False))
        await world.until(lambda: world.state(1) is AgentState.LOGGED_OUT, within_s=1000)
        await world.until(lambda: account not in world.telephony.identities)

    in_world(story)


def test_a_key_during_the_last_word_ends_the_call() -> None:
    """The key stopped the goodbye, and nothing followed: the caller heard silence until hanging up."""

    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
        await world.until(lambda: "/zh/goodbye" in world.telephony.legs[leg].heard)
        world.telephony.press(leg, "1")
        await world.until(lambda: leg not in world.telephony.legs, within_s=1)
        assert len(world.events("InteractionEnded")) == 1

    in_world(story)


def test_an_agent_who_dials_and_says_ready_in_one_instant_is_offered_nothing() -> None:
    """The agent was matched between the wish to dial and the call's first turn: it rang for two contacts."""

    async def story(world: World) -> None:
        await world.open_desk(1)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.call_of(leg).phase is Phase.WAITING)
        await asyncio.gather(world.ask(c.Dial(1, "13700137000")), world.ask(c.SetReady(1)))
        await world.pass_s(2)
        assert world.call_of(leg).offer is None
        assert world.tenant.desk.agent(1).interaction != world.call_of(leg).id

    in_world(story)


def test_whoever_let_it_ring_and_is_ready_again_is_offered_the_caller_who_still_waits() -> None:
    """With one agent signed in the caller waited for ever, while the agent sat there ready."""

    async def story(world: World) -> None:
        await world.ready(1)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: world.state(1) is AgentState.NOT_READY)
        world.telephony.behaviours["account"] = Behaviour(answer_s=0.5)
        await world.wish(c.SetReady(1))
        await world.until(lambda: world.telephony.hears(leg))

    in_world(story)


def test_two_who_refuse_in_turn_are_both_asked_again_once_ready() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2)
        world.telephony.behaviours["account"] = Behaviour(refuse_s=0.5, word="busy")
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: len(world.events("OfferEnded")) == 2)
        await world.wish(c.SetReady(1))
        await world.until(lambda: len(world.events("OfferEnded")) == 3)
        await world.wish(c.SetReady(2))
        await world.until(lambda: len(world.events("OfferEnded")) == 4)

    in_world(story)
