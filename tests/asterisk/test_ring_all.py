"""A queue that rings all, with real telephones: two ring, one answers, the other is told that the call is taken."""

from __future__ import annotations

import asyncio

import pytest

from tests.asterisk.test_routing_rules import queue_with, waiting
from tests.asterisk_adapter.telephone import header
from tests.harness.api import Api
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, sip_agent

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLER = "13900139021"


def cancelled(agent: SipAgent) -> str:
    """Return why the other side stopped this telephone from ringing, as its CANCEL says."""
    return next((header(one, "Reason") for one in agent.telephone.requests if one.startswith("CANCEL")), "")


async def test_two_telephones_ring_one_answers_and_the_other_stops(
    product: Product, agent: SipAgent, administrator: Api, lead: Api
) -> None:
    members = administrator.items("/queues")[0]["members"]
    other = next(user for user in administrator.items("/users") if user["username"] == "1002")
    settings = {"members": [*{*members, other["id"]}], "agent_choice": "ring_all", "ring_at_most": 5}
    with queue_with(administrator, **settings):
        async with (
            sip_agent(product, administrator, "1002", extension="8007") as second,
            waiting(product, CALLER) as (_, contact),
        ):
            first_call, second_call = await asyncio.gather(agent.rings(), second.rings())
            second_call.answer()
            await second.desk.is_in("talking")
            async with asyncio.timeout(10):
                await first_call.ended.wait()
            assert "Call completed elsewhere" in cancelled(agent)
            await agent.desk.is_in("ready")
            assert agent.desk.me is not None
            assert agent.desk.me["reason"] == "answered_elsewhere"
            ends = {e.body["agent"]: e.body["outcome"] for e in contact.events() if e.type == "OfferEnded"}
            assert ends == {other["id"]: "answered", agent.desk.me["id"]: "elsewhere"}
            second_call.hang_up()
            record = await contact.record(lead)
            assert record["agent"] == other["id"]
            history = lead.read(f"/interactions/{contact.id}/history")["items"]
            rung = [entry for entry in history if entry["type"] == "Offered"]
            assert [entry["why"]["rung"] for entry in rung] == [2, 2]
