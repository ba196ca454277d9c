"""Second parties outside on a real carrier: consulted, given keys, connected; past a trunk at which nobody is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.asterisk_adapter.instance import free_udp_port
from tests.asterisk_adapter.telephone import Call
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.carrier import ACCOUNT, ANSWERS, BUSY, CARRIER_TONE_HZ, SECRET, Carrier, running_carrier
from tests.harness.contact import Contact, calling
from tests.harness.product import Product
from tests.harness.prompts import hears_prompt
from tests.harness.real_scripts import flow_in_force
from tests.harness.sip_agent import SipAgent, hears
from tests.harness.sipp import CALLER_TONE_HZ, SippCall
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLER_NUMBER = "4008001234"
#: answers as well
OTHER_NUMBER = "13900000009"


@dataclass
class Ways:
    """The company's two ways out, in their order: nobody is at the first."""

    dead: int
    live: int
    carrier: Carrier


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ways(product: Product, administrator: Api) -> AsyncIterator[Ways]:
    async with running_carrier(product.sip_port) as carrier:
        common = {"host": "127.0.0.1", "caller_number": CALLER_NUMBER}
        dead = administrator.ask("POST", "/trunks", {**common, "name": "坏线路", "port": free_udp_port()})
        live = administrator.ask(
            "POST",
            "/trunks",
            {**common, "name": "好线路", "port": carrier.asterisk.sip_port, "username": ACCOUNT, "secret": SECRET},
        )
        policy = administrator.read("/outbound")
        administrator.ask("PUT", "/outbound", {**policy, "trunks": [dead["id"], live["id"]]})
        yield Ways(dead["id"], live["id"], carrier)
        administrator.ask("PUT", "/outbound", policy)
        for trunk in (dead, live):
            administrator.ask("DELETE", f"/trunks/{trunk['id']}")


@asynccontextmanager
async def conversation(product: Product, agent: SipAgent) -> AsyncIterator[tuple[SippCall, Contact, Call]]:
    """A caller and the agent who hear each other."""
    await agent.be_ready()
    async with calling(product) as (call, contact):
        call.press("1")
        telephone = await agent.answer()
        await call.hears_tone(AGENT_TONE_HZ)
        yield call, contact, telephone


def _dialled(contact: Contact) -> list[int]:
    """Return the ways out that were tried, in order."""
    return [event.body["trunk"] for event in contact.events() if event.type == "DialStarted" and "trunk" in event.body]


async def test_a_number_outside_is_consulted_past_a_dead_trunk_and_given_the_caller(
    product: Product, agent: SipAgent, ways: Ways
) -> None:
    async with conversation(product, agent) as (call, contact, telephone):
        await agent.desk.do("Consult", interaction=contact.id, kind="number", number=ANSWERS)
        outside = await ways.carrier.is_called(ANSWERS)
        assert outside.caller == CALLER_NUMBER
        await contact.tells("ConsultAnswered")
        await until(lambda: hears(telephone, CARRIER_TONE_HZ), what="the agent hears the number")
        await ways.carrier.hears_tone(outside.leg, AGENT_TONE_HZ)
        await until(lambda: not hears(telephone, CALLER_TONE_HZ, least=300), what="the caller is away")
        await agent.desk.do("SwapParties", interaction=contact.id)
        await until(lambda: hears(telephone, CALLER_TONE_HZ), what="the agent hears the caller again")
        await agent.desk.do("CompleteTransfer", interaction=contact.id)
        await call.hears_tone(CARRIER_TONE_HZ)
        await agent.desk.is_in("wrap_up")
        await call.hang_up()
    await contact.tells("InteractionEnded")
    await until(lambda: outside.leg in ways.carrier.ended, what="the carrier's leg ends with the caller's")
    assert _dialled(contact) == [ways.dead, ways.live]


async def test_a_flow_calls_its_caller_through_to_a_number_and_goes_on_where_that_is_busy(
    product: Product, administrator: Api, ways: Ways
) -> None:
    """转外线, past the dead trunk: one number is busy, the next one answers and talks with the caller."""
    first, second = ({"number": number, "ring_s": 20} for number in (BUSY, OTHER_NUMBER))
    reasons = ("busy", "no_answer", "refused", "failed")
    others = [("first", exit_, "bye") for exit_ in reasons if exit_ != "busy"]
    exits = [("start", "next", "first"), ("first", "busy", "sorry"), ("sorry", "next", "second"), *others]
    exits += [("second", exit_, "bye") for exit_ in reasons]
    graph = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "first", "kind": "transfer", "config": first},
            {"id": "sorry", "kind": "play", "config": {"prompt": {"key": "number_8"}}},
            {"id": "second", "kind": "transfer", "config": second},
            {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}, "reason": "not_reached"}},
        ],
        "edges": [{"from": node, "exit": exit_, "to": target} for node, exit_, target in exits],
    }
    with flow_in_force(administrator, {"name": "转外线", "graph": graph}) as (_, number):
        async with calling(product, to=number) as (call, contact):
            await hears_prompt(product, call, "number_8")
            outside = await ways.carrier.is_called(OTHER_NUMBER)
            await call.hears_tone(CARRIER_TONE_HZ)
            await ways.carrier.hears_tone(outside.leg, CALLER_TONE_HZ)
            await ways.carrier.hang_up(outside.leg)
            assert await call.ended() == 0
    await contact.tells("InteractionEnded")
    assert _dialled(contact)[-2:] == [ways.dead, ways.live]
    assert [event.body["node"] for event in contact.events() if event.type == "NodeEntered"] == [
        "start",
        "first",
        "sorry",
        "second",
    ]


async def test_a_caller_handed_on_blindly_reaches_the_number_past_a_dead_trunk(
    product: Product, agent: SipAgent, ways: Ways
) -> None:
    async with conversation(product, agent) as (call, contact, _):
        await agent.desk.do("Transfer", interaction=contact.id, kind="number", number=OTHER_NUMBER)
        await agent.desk.is_in("wrap_up")
        outside = await ways.carrier.is_called(OTHER_NUMBER)
        await call.hears_tone(CARRIER_TONE_HZ)
        await ways.carrier.hears_tone(outside.leg, CALLER_TONE_HZ)
        await ways.carrier.hang_up(outside.leg)
        assert await call.ended() == 0
    await contact.tells("InteractionEnded")
    assert _dialled(contact) == [ways.dead, ways.live]
