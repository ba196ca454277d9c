"""Several parties in one call, on the simulator: who hears whom, who is free when, and every unhappy way."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.test_spine import talking
from tests.engine.world import AFTER_SALES, HOTLINE, SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import InteractionRow, TrunkSetting
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import ConsultEnd, ConsultStage, EndedBy, ParkEnd, Phase, SegmentEnd
from zhiyin.engine.adapters.simulator.legs import Behaviour

NUMBER = "13900139000"


async def consulting(world: World, *, agent: int = 3) -> str:
    """Agent 1 talks with a customer and consults another agent who has answered; returns the customer's leg."""
    customer = await talking(world)
    await world.ready(agent)
    await world.wish(c.Consult(1, world.call_of(customer).id, "agent", target=agent, note="客户想退货"))
    await world.until(lambda: world.call_of(customer).consult.is_answered)
    await world.until(lambda: world.telephony.hears(world.call_of(customer).consult.leg))
    return customer


def _row(world: World, interaction: str) -> InteractionRow:
    return next(row for row in world.tenant.board.board().interactions if row.id == interaction)


def _hear_each_other(world: World, *legs: str) -> bool:
    return all(world.telephony.hears(leg) == set(legs) - {leg} for leg in legs)


def test_a_consulted_agent_talks_with_the_agent_while_the_customer_hears_music() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        await world.ready(3)
        call = world.call_of(customer)
        await world.wish(c.Consult(1, call.id, "agent", target=3, note="客户想退货"))
        agent_leg = call.segment.leg
        assert world.telephony.legs[customer].has_music
        assert world.telephony.legs[agent_leg].has_ringback
        row = _row(world, call.id)
        assert (row.consult.agent, row.consult.stage, row.consult.note) == (3, ConsultStage.RINGING, "客户想退货")
        assert [offer.agent for offer in row.offers] == [3]
        await world.until(lambda: world.state(3) is AgentState.CONSULTING)
        await world.until(lambda: world.telephony.hears(agent_leg))
        consult = world.call_of(customer).consult
        assert _hear_each_other(world, agent_leg, consult.leg)
        assert world.telephony.hears(customer) == set()
        assert world.telephony.legs[customer].has_music
        assert not world.telephony.legs[agent_leg].has_ringback
        assert world.state(1) is AgentState.CONSULTING
        assert world.telephony.legs[customer].recording, "the customer's leg is recorded all along"

    in_world(story)


def test_swapping_talks_to_the_other_and_a_conference_joins_all_three() -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        agent_leg, party = call.segment.leg, call.consult.leg
        await world.wish(c.SwapParties(1, call.id))
        assert _hear_each_other(world, customer, agent_leg)
        assert world.telephony.legs[party].has_music
        assert not world.telephony.legs[customer].has_music
        await world.wish(c.SwapParties(1, call.id))
        assert _hear_each_other(world, agent_leg, party)
        assert world.telephony.legs[customer].has_music
        await world.wish(c.Conference(1, call.id))
        assert _hear_each_other(world, customer, agent_leg, party)
        assert (world.state(1), world.state(3)) == (AgentState.TALKING, AgentState.TALKING)
        assert await world.refused(c.Conference(1, call.id)) == "already_joined"
        assert await world.refused(c.Hold(1, call.id)) == "consulting"
        assert await world.refused(c.SwapParties(3, call.id)) == "not_your_call"
        await world.wish(c.SwapParties(1, call.id))
        assert _hear_each_other(world, agent_leg, party)
        assert world.telephony.hears(customer) == set()

    in_world(story)


@pytest.mark.parametrize("how", ["complete", "hang up on the desk", "hang up the telephone"])
def test_the_consulted_agent_takes_the_customer_over(how: str) -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        party = call.consult.leg
        if how == "complete":
            await world.wish(c.CompleteTransfer(1, call.id, note="已核对订单"))
        elif how == "hang up on the desk":
            await world.wish(c.HangUp(1, call.id))
        else:
            world.telephony.end(call.segment.leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.until(lambda: _hear_each_other(world, customer, party))
        assert world.state(3) is AgentState.TALKING
        assert not world.telephony.legs[customer].has_music
        call = world.call_of(customer)
        assert (call.segment.agent, call.segments, call.consult) == (3, 2, None)
        row = _row(world, call.id)
        assert row.from_agent == 1
        assert row.note == ("已核对订单" if how == "complete" else "客户想退货")
        assert [e.outcome for e in world.events("SegmentEnded")] == [SegmentEnd.TRANSFERRED]
        world.telephony.end(customer)
        await world.until(lambda: world.state(3) is AgentState.WRAP_UP)
        assert world.telephony.legs == {}

    in_world(story)


def test_ending_the_consulting_brings_the_customer_back() -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        await world.wish(c.EndConsult(1, call.id))
        await world.until(lambda: world.state(3) is AgentState.READY)
        assert _hear_each_other(world, customer, call.segment.leg)
        assert world.state(1) is AgentState.TALKING
        assert [e.outcome for e in world.events("ConsultEnded")] == [ConsultEnd.CANCELLED]

    in_world(story)


@pytest.mark.parametrize("stage", ["private", "conference"])
def test_a_second_party_that_hangs_up_leaves_agent_and_customer(stage: str) -> None:
    """In private the customer stays on hold until the agent takes it back; out of a conference they talk on."""

    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        if stage == "conference":
            await world.wish(c.Conference(1, call.id))
        world.telephony.end(call.consult.leg)
        await world.until(lambda: world.state(3) is AgentState.READY)
        if stage == "private":
            assert world.telephony.legs[customer].has_music
            assert world.state(1) is AgentState.HOLD
            await world.wish(c.Resume(1, call.id))
        assert _hear_each_other(world, customer, call.segment.leg)
        assert world.state(1) is AgentState.TALKING

    in_world(story)


@pytest.mark.parametrize("stage", ["ringing", "private", "conference"])
def test_a_customer_who_hangs_up_frees_both_agents(stage: str) -> None:
    async def story(world: World) -> None:
        if stage == "ringing":
            customer = await talking(world)
            await world.ready(3)
            world.telephony.behaviours["account"] = Behaviour(answer_s=None)
            await world.wish(c.Consult(1, world.call_of(customer).id, "agent", target=3))
            await world.until(lambda: world.state(3) is AgentState.ALERTING)
        else:
            customer = await consulting(world)
        if stage == "conference":
            await world.wish(c.Conference(1, world.call_of(customer).id))
        world.telephony.end(customer)
        await world.until(lambda: world.state(3) is AgentState.READY)
        assert world.state(1) is AgentState.WRAP_UP
        assert [e.outcome for e in world.events("ConsultEnded")] == [ConsultEnd.CUSTOMER_LEFT]
        (ended,) = world.events("InteractionEnded")
        assert ended.by is EndedBy.CUSTOMER
        await world.until(lambda: world.telephony.legs == {})

    in_world(story)


@pytest.mark.parametrize(
    ("behaviour", "outcome", "reason"),
    [
        (Behaviour(answer_s=None), ConsultEnd.NO_ANSWER, "ring_no_answer"),
        (Behaviour(refuse_s=1.0), ConsultEnd.REJECTED, "rejected"),
        (Behaviour(refuse_s=1.0, word="unreachable"), ConsultEnd.FAILED, "device_failed"),
    ],
)
def test_an_agent_who_does_not_take_a_consult_is_taken_out_like_after_any_offer(
    behaviour: Behaviour, outcome: ConsultEnd, reason: str
) -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        account = await world.open_desk(3)
        await world.wish(c.SetReady(3))
        world.telephony.behaviours[account] = behaviour
        await world.wish(c.Consult(1, world.call_of(customer).id, "agent", target=3))
        await world.until(lambda: world.state(3) is AgentState.NOT_READY)
        assert world.tenant.desk.agent(3).reason == reason
        assert [e.outcome for e in world.events("ConsultEnded")] == [outcome]
        assert world.state(1) is AgentState.HOLD
        assert world.telephony.legs[customer].has_music
        assert not world.telephony.legs[world.call_of(customer).segment.leg].has_ringback

    in_world(story)


def test_a_consulted_agents_page_that_vanishes_while_it_rings_ends_the_consulting() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        account = await world.open_desk(3)
        await world.wish(c.SetReady(3))
        world.telephony.behaviours[account] = Behaviour(answer_s=None)
        await world.wish(c.Consult(1, world.call_of(customer).id, "agent", target=3))
        await world.until(lambda: world.state(3) is AgentState.ALERTING)
        world.telephony.unregister(account)
        await world.until(lambda: world.call_of(customer).consult is None)
        assert [e.outcome for e in world.events("ConsultEnded")] == [ConsultEnd.FAILED]
        assert world.state(1) is AgentState.HOLD
        assert not world.telephony.legs[world.call_of(customer).segment.leg].has_ringback

    in_world(story)


def test_an_agent_who_hangs_up_while_it_rings_leaves_the_customer_in_the_queue() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        await world.ready(2, 3)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        await world.wish(c.Consult(1, world.call_of(customer).id, "agent", target=3))
        await world.until(lambda: world.state(3) is AgentState.ALERTING)
        world.telephony.behaviours.clear()
        await world.wish(c.HangUp(1, world.call_of(customer).id))
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        assert world.state(3) is AgentState.READY
        assert world.events("QueueEntered")[-1].queue == AFTER_SALES
        assert world.telephony.hears(customer)

    in_world(story)


def test_consulting_a_queue_asks_the_next_free_agent_of_it_and_another_when_one_refuses() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        account = await world.open_desk(3)
        await world.wish(c.SetReady(3))
        world.telephony.behaviours[account] = Behaviour(refuse_s=1.0)
        await world.pass_s(1)
        await world.ready(2)
        call = world.call_of(customer)
        waiting_before = next(q for q in world.tenant.board.board().queues if q.id == SALES).waiting
        await world.wish(c.Consult(1, call.id, "queue", target=SALES))
        await world.until(lambda: world.state(2) is AgentState.CONSULTING)
        assert world.state(3) is AgentState.NOT_READY
        queue = next(q for q in world.tenant.board.board().queues if q.id == SALES)
        assert (queue.waiting, queue.offered) == (waiting_before, 0), "no customer waited there"

    in_world(story)


def test_consulting_a_queue_where_all_are_busy_ends_after_a_minute() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        await world.open_desk(3)
        call = world.call_of(customer)
        await world.wish(c.Consult(1, call.id, "queue", target=SALES))
        await world.pass_s(59)
        assert world.call_of(customer).consult is not None
        await world.until(lambda: world.call_of(customer).consult is None)
        assert [e.outcome for e in world.events("ConsultEnded")] == [ConsultEnd.NO_ANSWER]
        assert len(world.tenant.desk.line) == 0
        assert await world.refused(c.Consult(1, call.id, "queue", target=99)) == "unknown_queue"

    in_world(story)


def test_an_outside_number_is_consulted_hears_the_keypad_and_takes_over_by_the_trunk_that_works() -> None:
    trunks = tuple(TrunkSetting(n, f"carrier {n}", f"192.0.2.{n}", caller_number="0571") for n in (1, 2))

    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        world.telephony.behaviours["1:13900139000"] = Behaviour(refuse_s=0.5, word="congestion")
        await world.wish(c.Consult(1, call.id, "number", number=NUMBER))
        await world.until(lambda: world.call_of(customer).consult.is_answered)
        assert [to for _, to in world.telephony.rung][-2:] == ["trunk:1:13900139000", "trunk:2:13900139000"]
        party = world.call_of(customer).consult.leg
        await world.wish(c.SendDigits(1, call.id, "12#"))
        assert world.telephony.legs[party].digits == "12#"
        await world.wish(c.SwapParties(1, call.id))
        await world.wish(c.SendDigits(1, call.id, "9"))
        assert world.telephony.legs[customer].digits == "9"
        await world.wish(c.CompleteTransfer(1, call.id))
        assert _hear_each_other(world, customer, party)
        assert world.state(1) is AgentState.WRAP_UP
        assert not any(NUMBER.encode() in bytes(e.body) for e in world.log.envelopes)
        world.telephony.end(party)
        await world.until(lambda: customer in world.telephony.ended)

    in_world(story, company(trunks=trunks))


def test_a_blind_transfer_tries_the_ways_out_in_their_order() -> None:
    trunks = tuple(TrunkSetting(n, f"carrier {n}", f"192.0.2.{n}", caller_number="0571") for n in (1, 2))

    async def story(world: World) -> None:
        customer = await talking(world)
        world.telephony.behaviours["1:13900139000"] = Behaviour(refuse_s=0.5, word="unreachable")
        await world.wish(c.Transfer(1, world.call_of(customer).id, "number", number=NUMBER))
        await world.until(lambda: world.telephony.hears(customer))
        assert [e.trunk for e in world.events("DialStarted")] == [1, 2]

    in_world(story, company(trunks=trunks))


def test_the_rules_for_calling_out_hold_for_second_parties_too() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        assert await world.refused(c.Consult(1, call.id, "number", number="+8829912345678")) == "forbidden_destination"
        assert await world.refused(c.Consult(1, call.id, "agent", target=1)) == "transfer_to_self"
        assert await world.refused(c.Consult(1, call.id, "agent", target=2)) == "agent_not_ready"
        assert await world.refused(c.CompleteTransfer(1, call.id)) == "not_consulting"
        assert await world.refused(c.Consult(1, call.id, "agent", target=2, note="长" * 501)) == "note_too_long"
        assert world.state(1) is AgentState.TALKING
        assert world.telephony.hears(customer)

    in_world(story)


@pytest.mark.parametrize("stage", ["private", "swapped", "conference"])
def test_a_page_reloaded_while_consulting_comes_back_to_the_same_people(stage: str) -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        if stage != "private":
            await world.wish((c.SwapParties if stage == "swapped" else c.Conference)(1, call.id))
        party, old_leg = call.consult.leg, call.segment.leg
        world.telephony.register((await world.wish(c.OpenTelephone(1, "another page")))["username"])
        await world.until(lambda: world.state(1) is AgentState.LOST)
        assert world.telephony.legs[party].has_music or world.telephony.hears(party) == {customer}
        await world.until(lambda: world.call_of(customer).segment.leg not in ("", old_leg))
        agent_leg = world.call_of(customer).segment.leg
        together = {"private": (agent_leg, party), "swapped": (customer, agent_leg)}.get(
            stage, (customer, agent_leg, party)
        )
        await world.until(lambda: _hear_each_other(world, *together))
        assert world.telephony.legs[customer].has_music == (stage == "private")
        assert world.telephony.legs[party].has_music == (stage == "swapped")

    in_world(story)


def test_a_consulted_agents_page_that_is_reloaded_is_rung_again() -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        party = call.consult.leg
        world.telephony.register((await world.wish(c.OpenTelephone(3, "another page")))["username"])
        await world.until(lambda: world.call_of(customer).consult.leg != party)
        await world.until(lambda: _hear_each_other(world, call.segment.leg, world.call_of(customer).consult.leg))
        assert world.state(3) is AgentState.CONSULTING
        assert party in world.telephony.ended

    in_world(story)


def test_a_consulting_agent_who_stays_away_leaves_the_customer_to_the_second_party() -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        await world.wish(c.DeskConnected(1, is_connected=False))
        world.telephony.lose_media(call.segment.leg)
        await world.until(lambda: world.state(1) is AgentState.LOST)
        await world.until(lambda: _hear_each_other(world, customer, call.consult.leg), within_s=40)
        assert world.call_of(customer).segment.agent == 3
        assert [e.outcome for e in world.events("SegmentEnded")] == [SegmentEnd.LOST]

    in_world(story)


@pytest.mark.parametrize("stage", ["ringing", "private", "swapped", "conference"])
def test_a_new_engine_goes_on_with_the_second_party(stage: str) -> None:
    async def story(world: World) -> None:
        if stage == "ringing":
            customer = await talking(world)
            await world.ready(3)
            world.telephony.behaviours["account"] = Behaviour(answer_s=6.0)
            await world.wish(c.Consult(1, world.call_of(customer).id, "agent", target=3))
            await world.until(lambda: world.state(3) is AgentState.ALERTING)
        else:
            customer = await consulting(world)
        call = world.call_of(customer)
        if stage in ("swapped", "conference"):
            await world.wish((c.SwapParties if stage == "swapped" else c.Conference)(1, call.id))
        await world.kill()
        await world.pass_s(1)
        await world.start()
        for account in list(world.telephony.registered):
            world.telephony.register(account)
        await world.until(lambda: world.call_of(customer).consult.is_answered)
        await world.pass_s(1)
        call = world.call_of(customer)
        agent_leg, party = call.segment.leg, call.consult.leg
        if stage in ("ringing", "private"):
            assert _hear_each_other(world, agent_leg, party)
            assert world.telephony.legs[customer].has_music
        elif stage == "swapped":
            assert _hear_each_other(world, customer, agent_leg)
            assert world.telephony.legs[party].has_music
        else:
            assert _hear_each_other(world, customer, agent_leg, party)
        await world.wish(c.CompleteTransfer(1, call.id))
        await world.until(lambda: _hear_each_other(world, customer, party))

    in_world(story)


# --- return to queue, notes, data ----------------------------------------------------------------------------------


def test_a_contact_returned_to_its_queue_waits_at_the_front_with_the_note() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        waiting = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[waiting].playback)
        world.telephony.press(waiting, "1")
        await world.until(lambda: world.call_of(waiting).phase is Phase.WAITING)
        call = world.call_of(customer)
        await world.wish(c.AttachData(1, call.id, {"订单": "A-17", "产品": "净水器"}))
        await world.wish(c.AttachData(1, call.id, {"订单": "A-18"}))
        await world.wish(c.Transfer(1, call.id, "queue", note="要找技术"))
        await world.ready(2)
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        assert world.call_of(customer).segment.agent == 2, "who was served before comes before newcomers"
        row = _row(world, call.id)
        assert (row.note, row.from_agent) == ("要找技术", 1)
        assert row.data == {"订单": "A-18", "产品": "净水器"}
        bodies = b"".join(bytes(e.body) for e in world.log.envelopes).decode()
        assert "A-18" not in bodies
        assert "要找技术" not in bodies

    in_world(story)


def test_a_note_with_a_character_that_no_database_takes_is_kept_without_it() -> None:
    async def story(world: World) -> None:
        leg = await talking(world)
        await world.wish(c.Transfer(1, world.call_of(leg).id, kind="queue", target=AFTER_SALES, note="please\0 wait"))
        values = [v for refs in world.log.personal.values() for v in refs.values()]
        assert "please wait" in values

    in_world(story)


def test_what_a_refused_wish_brought_is_written_nowhere() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        assert await world.refused(c.Transfer(1, call.id, "agent", target=2, note="秘密")) == "agent_not_ready"
        assert await world.refused(c.AttachData(2, call.id, {"k": "秘密"})) == "not_your_call"
        await world.wish(c.Transfer(1, call.id, "queue", note="请回电"))
        world.telephony.end(customer)
        await world.until(lambda: not world.board.sessions)
        written = [value for values in world.log.personal.values() for value in values.values()]
        assert sorted(written) == ["+8613800138000", "请回电"]

    in_world(story)


def test_attached_data_survive_an_engine_and_have_their_limits() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        await world.wish(c.AttachData(1, call.id, {"k": "v"}))
        assert await world.refused(c.AttachData(2, call.id, {"k": "w"})) == "not_your_call"
        assert await world.refused(c.AttachData(1, call.id, {})) == "bad_data"
        assert await world.refused(c.AttachData(1, call.id, {"k" * 41: "v"})) == "bad_data"
        assert await world.refused(c.AttachData(1, call.id, {"k": "v" * 201})) == "bad_data"
        assert await world.refused(c.AttachData(1, call.id, {str(n): "" for n in range(20)})) == "bad_data"
        await world.kill()
        await world.start()
        assert _row(world, call.id).data == {"k": "v"}

    in_world(story)


# --- parking -------------------------------------------------------------------------------------------------------


async def parked(world: World) -> str:
    """Agent 1's customer is parked on 701; returns the customer's leg."""
    customer = await talking(world)
    assert await world.wish(c.Park(1, world.call_of(customer).id)) == {"slot": 701}
    return customer


def test_a_parked_customer_hears_music_until_another_agent_fetches_the_call() -> None:
    async def story(world: World) -> None:
        customer = await parked(world)
        assert world.state(1) is AgentState.WRAP_UP
        assert world.telephony.legs[customer].has_music
        row = _row(world, world.call_of(customer).id)
        assert (row.phase, row.parked.slot, row.parked.by_agent) == (Phase.PARKED, 701, 1)
        await world.open_desk(3)
        assert await world.refused(c.Unpark(3, slot=702)) == "nothing_parked"
        await world.wish(c.Unpark(3, slot=701))
        assert world.state(3) is AgentState.DIALLING
        leg, _ = world.telephony.rung[-1]
        assert "X-Zhiyin-Call" in world.telephony.legs[leg].headers, "the browser answers by itself"
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        await world.until(lambda: _hear_each_other(world, customer, leg))
        assert not world.telephony.legs[customer].has_music
        assert [e.outcome for e in world.events("ParkEnded")] == [ParkEnd.FETCHED]

    in_world(story)


def test_a_sip_telephone_fetches_by_dialling_the_slot() -> None:
    async def story(world: World) -> None:
        customer = await parked(world)
        await world.open_desk(4)
        leg = world.telephony.call("701", endpoint="desk4")
        await world.until(lambda: _hear_each_other(world, customer, leg))
        assert world.state(4) is AgentState.TALKING
        again = world.telephony.call("701", endpoint="desk4")
        await world.until(lambda: again in world.telephony.ended)
        assert _hear_each_other(world, customer, leg)

    in_world(story)


def test_a_telephone_that_hangs_up_as_it_dials_the_slot_leaves_the_call_parked() -> None:
    """Its end may be told before the call is: nobody may be connected with a telephone that is gone."""

    async def story(world: World) -> None:
        customer = await parked(world)
        await world.open_desk(4)
        world.telephony.end(world.telephony.call("701", endpoint="desk4"))
        await world.pass_s(2)
        assert world.call_of(customer).phase is Phase.PARKED
        assert world.telephony.legs[customer].has_music
        assert world.state(4) is AgentState.NOT_READY

    in_world(story)


def test_each_parked_call_has_a_slot_of_its_own_and_a_free_one_is_used_again() -> None:
    async def story(world: World) -> None:
        first = await parked(world)
        second = await talking(world, agent=3, key="2")
        assert await world.wish(c.Park(3, world.call_of(second).id)) == {"slot": 702}
        world.telephony.end(first)
        await world.until(lambda: world.events("ParkEnded"))
        assert [e.outcome for e in world.events("ParkEnded")] == [ParkEnd.CUSTOMER_LEFT]
        await world.wish(c.CompleteWrapUp(3, ""))
        third = await talking(world, agent=3, key="2")
        assert await world.wish(c.Park(3, world.call_of(third).id)) == {"slot": 701}

    in_world(story)


@pytest.mark.parametrize("parker_is_ready", [True, False])
def test_a_call_nobody_fetches_goes_back_to_who_parked_it_or_to_the_queue(*, parker_is_ready: bool) -> None:
    async def story(world: World) -> None:
        customer = await parked(world)
        await world.ready(2)
        await world.wish(c.CompleteWrapUp(1, "", then_ready=parker_is_ready))
        await world.pass_s(115)
        assert world.call_of(customer).phase is Phase.PARKED
        back_at = 1 if parker_is_ready else 2
        await world.until(lambda: world.state(back_at) is AgentState.TALKING)
        await world.until(lambda: world.telephony.hears(customer))
        assert [e.outcome for e in world.events("ParkEnded")] == [ParkEnd.TIMED_OUT]

    in_world(story)


def test_a_parked_call_of_a_queue_that_everybody_left_stays_parked() -> None:
    async def story(world: World) -> None:
        customer = await parked(world)
        await world.wish(c.CompleteWrapUp(1, "", then_ready=False))
        await world.wish(c.SignOut(1))
        await world.pass_s(400)
        assert world.call_of(customer).phase is Phase.PARKED
        assert world.telephony.legs[customer].has_music
        await world.ready(1)
        await world.until(lambda: world.state(1) is AgentState.TALKING)

    in_world(story)


def test_a_fetching_telephone_that_does_not_answer_leaves_the_call_parked() -> None:
    async def story(world: World) -> None:
        customer = await parked(world)
        account = await world.open_desk(3)
        world.telephony.behaviours[account] = Behaviour(answer_s=None)
        await world.wish(c.Unpark(3, slot=701))
        assert await world.refused(c.Unpark(1, slot=701)) == "being_fetched"
        await world.until(lambda: world.state(3) is AgentState.NOT_READY)
        assert world.call_of(customer).phase is Phase.PARKED
        await world.wish(c.Unpark(1, interaction=world.call_of(customer).id))
        await world.until(lambda: world.state(1) is AgentState.TALKING)

    in_world(story)


def test_a_parked_call_survives_an_engine_also_while_it_is_being_fetched() -> None:
    async def story(world: World) -> None:
        customer = await parked(world)
        account = await world.open_desk(3)
        await world.kill()
        await world.start()
        world.telephony.register(account)
        await world.until(lambda: world.telephony.legs[customer].has_music)
        world.telephony.behaviours[account] = Behaviour(answer_s=3.0)
        await world.wish(c.Unpark(3, slot=701))
        await world.pass_s(1)
        await world.kill()
        await world.pass_s(5)
        await world.start()
        await world.until(lambda: world.telephony.hears(customer))
        assert world.state(3) is AgentState.TALKING

    in_world(story)


def test_state_seconds_of_all_parties_add_up() -> None:
    """Consulting is hold for the customer; the agents' states follow each other without a gap."""

    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        await world.pass_s(20)
        await world.wish(c.SwapParties(1, call.id))
        await world.pass_s(5)
        await world.wish(c.CompleteTransfer(1, call.id))
        await world.pass_s(10)
        world.telephony.end(customer)
        await world.until(lambda: not world.board.sessions)
        stays = {}
        before = {}
        for envelope in world.log.envelopes:
            if envelope.type != "AgentStateChanged":
                continue
            event = envelope.event()
            if event.agent in before:
                state, since = before[event.agent]
                key = event.agent, state
                stays[key] = stays.get(key, 0.0) + (envelope.at - since).total_seconds()
            before[event.agent] = event.state, envelope.at
        (first, second) = [msgspec.to_builtins(s) for s in world.events("SegmentStarted")]
        assert (first["agent"], second["agent"]) == (1, 3)
        assert stays[1, AgentState.CONSULTING] == pytest.approx(21, abs=1.5)
        assert stays[3, AgentState.CONSULTING] == pytest.approx(25, abs=1.5)
        assert stays[3, AgentState.TALKING] == pytest.approx(10, abs=1.5)

    in_world(story)
