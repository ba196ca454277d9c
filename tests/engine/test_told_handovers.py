"""What agents are told of a handover: why it came to nothing, and the note of whoever handed the contact on."""

from __future__ import annotations

import pytest

from tests.engine.test_parties import NUMBER, _row, consulting, parked
from tests.engine.test_spine import talking
from tests.engine.world import World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.snapshots import TrunkSetting
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Phase
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
