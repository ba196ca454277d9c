"""What agents are told of a handover: why it came to nothing, and the note of whoever handed the contact on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.engine.test_deferred_contacts import deferring, waiting
from tests.engine.test_parties import NUMBER, _row, consulting, parked
from tests.engine.test_spine import talking
from tests.engine.test_supervision import AGENT, LEAD, Scene
from tests.engine.test_supervision import settings as with_leads
from tests.engine.world import World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import TakeOverRow, TrunkSetting
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Medium, Phase
from zhiyin.engine.adapters.simulator.legs import Behaviour


@pytest.mark.parametrize(
    ("behaviour", "word"),
    [(Behaviour(answer_s=None), "no_answer"), (Behaviour(refuse_s=1.0), "rejected")],
)
def test_who_consulted_in_vain_is_told_until_the_customer_is_fetched_back(behaviour: Behaviour, word: str) -> None:
    """The customer stays on hold: without a word the agent would wait for somebody who does not come."""

    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        account = await world.open_desk(3)
        await world.wish(c.SetReady(3))
        world.telephony.behaviours[account] = behaviour
        await world.wish(c.Consult(1, call.id, "agent", target=3))
        assert _row(world, call.id).failed_handover is None
        await world.until(lambda: world.state(3) is AgentState.NOT_READY)
        failed = _row(world, call.id).failed_handover
        assert (failed.how, failed.by_agent, failed.kind, failed.target) == ("consult", 1, "agent", 3)
        assert failed.word == word
        await world.kill()
        await world.start()
        assert _row(world, call.id).failed_handover == failed, "the next engine tells the same"
        await world.wish(c.Resume(1, call.id))
        assert _row(world, call.id).failed_handover is None

    in_world(story)


def test_a_second_party_that_hangs_up_is_told_and_the_next_consultation_takes_the_word_back() -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        world.telephony.end(call.consult.leg)
        await world.until(lambda: world.call_of(customer).consult is None)
        failed = _row(world, call.id).failed_handover
        assert (failed.word, failed.kind, failed.target) == ("party_left", "agent", 3)
        assert world.call_of(customer).phase is Phase.HELD
        await world.ready(2)
        await world.wish(c.Consult(1, call.id, "agent", target=2))
        assert _row(world, call.id).failed_handover is None

    in_world(story)


def test_a_consultation_that_the_agent_ends_is_nothing_to_be_told_of() -> None:
    async def story(world: World) -> None:
        customer = await consulting(world)
        call = world.call_of(customer)
        await world.wish(c.EndConsult(1, call.id))
        assert _row(world, call.id).failed_handover is None

    in_world(story)


def test_a_number_that_is_busy_is_told_by_that_word() -> None:
    trunk = TrunkSetting(1, "carrier", "192.0.2.1", caller_number="0571")

    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        world.telephony.behaviours[f"1:{NUMBER}"] = Behaviour(refuse_s=1.0, word="busy")
        await world.wish(c.Consult(1, call.id, "number", number=NUMBER))
        await world.until(lambda: world.call_of(customer).consult is None)
        failed = _row(world, call.id).failed_handover
        assert (failed.kind, failed.word, failed.number) == ("number", "busy", f"+86{NUMBER}")

    in_world(story, company(trunks=(trunk,)))


def test_who_transferred_in_vain_is_told_until_somebody_serves_the_customer() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        account = await world.open_desk(3)
        await world.wish(c.SetReady(3))
        world.telephony.behaviours[account] = Behaviour(refuse_s=1.0)
        await world.wish(c.Transfer(1, call.id, "agent", target=3, note="要开发票"))
        await world.until(lambda: world.call_of(customer).phase is Phase.WAITING)
        failed = _row(world, call.id).failed_handover
        assert (failed.how, failed.by_agent, failed.target, failed.word) == ("transfer", 1, 3, "rejected")
        await world.ready(2)
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        row = _row(world, call.id)
        assert row.failed_handover is None
        assert (row.note, row.from_agent) == ("要开发票", 1), "the note goes to whoever serves the customer"

    in_world(story)


def test_the_note_of_who_parked_is_read_by_who_fetches() -> None:
    async def story(world: World) -> None:
        customer = await talking(world)
        call = world.call_of(customer)
        await world.wish(c.Park(1, call.id, note="等仓库答复"))
        await world.ready(3)
        await world.wish(c.Unpark(3, slot=701))
        await world.until(lambda: world.state(3) is AgentState.TALKING)
        row = _row(world, call.id)
        assert (row.note, row.from_agent) == ("等仓库答复", 1)
        await world.kill()
        await world.start()
        assert _row(world, call.id).note == "等仓库答复"

    in_world(story)


def test_a_call_that_goes_back_to_who_parked_it_is_no_failed_handover() -> None:
    async def story(world: World) -> None:
        customer = await parked(world)
        call = world.call_of(customer)
        world.telephony.behaviours["account"] = Behaviour(answer_s=None)
        await world.wish(c.CompleteWrapUp(1, "", then_ready=True))
        await world.pass_s(160)
        assert _row(world, call.id).failed_handover is None

    in_world(story)


async def _consult_in_vain(world: World, contact: str) -> None:
    await world.ready(3)
    await world.wish(c.Consult(1, contact, "agent", target=3, note="要开发票"))
    await world.until(lambda: world.state(3) is AgentState.CONSULTING)
    await world.wish(c.EndConsult(1, contact))
    await world.wish(c.SignOut(3))
    await world.wish(c.CallLater(1, contact))


async def _call_later(world: World, contact: str) -> None:
    await world.wish(c.CallLater(1, contact, note="要开发票"))


async def _transfer_to_who_asks_to_be_called_back(world: World, contact: str) -> None:
    leg = world.board.sessions[contact].call.customer_leg
    await world.wish(c.Transfer(1, contact, "queue", note="要开发票"))
    await world.until(lambda: world.telephony.legs[leg].has_music)
    world.telephony.press(leg, "1")
    await world.until(lambda: "/zh/callback_confirm_keys" in world.telephony.legs[leg].heard)
    world.telephony.press(leg, "1")


async def _leave_a_message(world: World, contact: str) -> None:
    leg = world.board.sessions[contact].call.customer_leg
    await world.wish(c.ToVoicemail(1, contact, note="要开发票"))
    await world.until(lambda: world.telephony.legs[leg].is_speech_watched)
    world.telephony.speak(leg)
    await world.pass_s(4)
    world.telephony.press(leg, "#")


@pytest.mark.parametrize(
    ("defer", "medium"),
    [
        (_call_later, Medium.CALLBACK),
        (_consult_in_vain, Medium.CALLBACK),
        (_transfer_to_who_asks_to_be_called_back, Medium.CALLBACK),
        (_leave_a_message, Medium.VOICEMAIL),
    ],
    ids=["called later", "consulted before", "transferred before", "message"],
)
def test_the_note_is_read_by_who_works_the_callback_or_the_message(
    defer: Callable[[World, str], Awaitable[None]], medium: Medium
) -> None:
    """It was dropped: who called back knew nothing of what had been promised."""

    async def story(world: World) -> None:
        leg = await waiting(world)
        contact = world.call_of(leg).id
        await world.ready(1)
        await world.until(lambda: world.telephony.hears(leg))
        await defer(world, contact)
        await world.until(lambda: leg not in world.telephony.legs)
        await world.kill()
        await world.start()
        await world.ready(2)
        await world.until(lambda: world.board.sessions[contact].call.segment)
        row = _row(world, contact)
        assert (row.medium, row.agent, row.note, row.from_agent) == (medium, 2, "要开发票", 1)

    in_world(story, deferring())


def test_a_note_that_is_too_long_defers_nothing() -> None:
    async def story(world: World) -> None:
        leg = await waiting(world)
        contact = world.call_of(leg).id
        await world.ready(1)
        await world.until(lambda: world.telephony.hears(leg))
        reply = await world.ask(c.CallLater(1, contact, note="x" * 501))
        assert reply.problem is not None
        assert (reply.problem.code, reply.problem.facts) == ("note_too_long", {"limit": "500"})
        assert world.state(1) is AgentState.TALKING

    in_world(story, deferring())


def test_who_lost_the_conversation_to_a_lead_is_told_who_has_it_also_by_the_next_engine() -> None:
    async def story(world: World) -> None:
        scene = await Scene.set(world)
        assert _row(world, scene.id).take_overs == ()
        await scene.ask(c.TakeOver(LEAD, scene.id))
        await world.until(lambda: world.state(LEAD) is AgentState.TALKING)
        assert _row(world, scene.id).take_overs == (TakeOverRow(AGENT, LEAD),)
        await world.kill()
        await world.start()
        assert _row(world, scene.id).take_overs == (TakeOverRow(AGENT, LEAD),)

    in_world(story, with_leads())
