"""Calls between colleagues on real telephones: who hears whom, what the records and figures say."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.asterisk.test_supervision import LEAD_TONE_HZ, heard_by
from tests.asterisk_adapter import sound
from tests.harness.api import Api
from tests.harness.contact import contacts, newer_contact
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, sip_agent
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUEUE_NUMBER = "602"


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(product: Product, administrator: Api) -> AsyncIterator[SipAgent]:
    async with sip_agent(product, administrator, "2001", extension="8009", tone_hz=LEAD_TONE_HZ) as lead:
        yield lead


async def test_a_telephone_calls_a_colleague_who_hands_it_to_a_queue_by_its_number(
    product: Product, agent: SipAgent, colleague: SipAgent, administrator: Api, lead: Api
) -> None:
    """The caller holds by its telephone's key; the colleague's REFER to the queue's number takes the caller there."""
    before = contacts(product)
    queue = administrator.items("/queues")[0]
    administrator.ask("PATCH", f"/queues/{queue['id']}", {"extension": QUEUE_NUMBER})  # known long before it is needed
    call = await agent.telephone.call("8009")
    other = await colleague.answer()
    contact = await newer_contact(product, before)
    await agent.desk.is_in("talking")
    await until(lambda: heard_by(call) == {"lead"} and heard_by(other) == {"agent"}, what="they hear each other")
    assert {row["direction"] for desk in (agent.desk, colleague.desk) for row in desk.mine.values()} == {"internal"}
    await call.hold(held=True)
    await agent.desk.is_in("hold")
    await until(lambda: sound.rms(other.media.heard_pcm()[-sound.RATE :]) > 300, what="the colleague hears music")
    await call.hold(held=False)
    await until(lambda: heard_by(call) == {"lead"}, what="they hear each other again")
    try:
        other.refer(QUEUE_NUMBER)
        await contact.tells("QueueEntered")
        await colleague.desk.is_in("ready")
    finally:
        administrator.ask("PATCH", f"/queues/{queue['id']}", {"extension": ""})
    call.hang_up()
    await agent.desk.is_in("ready")
    record = await contact.record(lead)
    assert (record["direction"], record["ended_by"], record["recordings"]) == ("internal", "colleague", [])
    assert (record["caller_agent_name"], record["agent_name"]) == (agent.desk.me["name"], colleague.desk.me["name"])
    figures = {row["agent"]: row for row in lead.ask("GET", "/figures/agents")["agents"]}
    assert all(figures[desk.me["id"]]["internal_s"] > 0 for desk in (agent.desk, colleague.desk))
