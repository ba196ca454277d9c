"""A message and a callback on real calls: what the caller leaves behind outlives the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.carrier import ACCOUNT, CARRIER_TONE_HZ, SECRET, Carrier, running_carrier
from tests.harness.contact import calling, listen
from tests.harness.failures import is_back, kill_engine
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, hears
from tests.harness.sipp import CALLER_TONE_HZ
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUEUE = "售后"
#: the carrier of these tests answers it; no digit twice in a row: sipp leaves no pause between keys
CALLED_BACK = "13912345678"
LONG_ENOUGH = timedelta(seconds=4)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def carrier(product: Product, administrator: Api) -> AsyncIterator[Carrier]:
    """The queue offers both at once, and there is a way out."""
    (queue,) = (each for each in administrator.items("/queues") if each["name"] == QUEUE)
    offered = {"callback": {"after_s": 0}, "voicemail": {"silence_s": 5}}
    administrator.ask("PATCH", f"/queues/{queue['id']}", offered)
    async with running_carrier(product.sip_port) as carrier:
        trunk = administrator.ask(
            "POST",
            "/trunks",
            {
                "name": "出局",
                "host": "127.0.0.1",
                "caller_number": "4008001234",
                "port": carrier.asterisk.sip_port,
                "username": ACCOUNT,
                "secret": SECRET,
            },
        )
        policy = administrator.read("/outbound")
        administrator.ask("PUT", "/outbound", {**policy, "trunks": [trunk["id"]]})
        yield carrier
        administrator.ask("PUT", "/outbound", policy)
        administrator.ask("DELETE", f"/trunks/{trunk['id']}")
    administrator.ask("PATCH", f"/queues/{queue['id']}", {"callback": None, "voicemail": None})


async def test_a_message_is_left_past_a_killed_engine_and_offered_to_an_agent(
    product: Product, agent: SipAgent, administrator: Api, carrier: Carrier
) -> None:
    await agent.desk.do("SetNotReady", reason="meeting")
    async with calling(product) as (call, contact):
        call.press("1")
        await contact.tells("QueueEntered")
        call.press("2")
        began_at = (await contact.tells("RecordingStarted")).at
        engine = kill_engine(product)
        await until(lambda: is_back(product, engine), what="the next engine is there", within_s=30)
        await until(lambda: datetime.now(UTC) - began_at > LONG_ENOUGH, what="something is said")
        await call.hang_up()
    ended = await contact.tells("MessageEnded")
    assert ended.body["outcome"] == "left"
    await agent.desk.do("SetReady")
    telephone = await agent.answer()
    await until(lambda: _is_ready(administrator, contact.id), what="the message can be heard", within_s=40)
    heard = listen(administrator, ended.body["recording"])
    spoken, _ = heard.tones(CALLER_TONE_HZ)
    assert spoken > 1000, "what the caller said is in it"
    await agent.desk.do("HangUp", interaction=contact.id)
    record = await contact.record(administrator)
    assert (record["channel"], record["outcome"]) == ("voicemail", "answered")
    await until(telephone.ended.is_set, what="the agent's telephone is free")


def _is_ready(api: Api, contact: str) -> bool:
    recordings = api.read(f"/interactions/{contact}")["recordings"]
    return bool(recordings) and recordings[0]["state"] == "ready"


async def test_a_callback_keeps_its_place_past_a_killed_engine(
    product: Product, agent: SipAgent, carrier: Carrier
) -> None:
    await agent.desk.do("SetNotReady", reason="meeting")
    async with calling(product) as (call, contact):
        call.press("1")
        await contact.tells("QueueEntered")
        call.press(f"12{CALLED_BACK}#1")
        agreed = await contact.tells("CallbackAgreed", within_s=40)
        assert await call.ended() == 0
    engine = kill_engine(product)
    await until(lambda: is_back(product, engine), what="the next engine is there", within_s=30)
    async with calling(product) as (later, other):
        later.press("1")
        await other.tells("QueueEntered")
        await agent.desk.do("SetReady")
        telephone = await agent.answer()
        offered = await contact.tells("Offered")
        assert other.find("Offered") is None, "who came later waits on"
        assert offered.at > agreed.at
        dialled = await contact.tells("DialStarted")
        assert dialled.body["party"] == "customer"
        leg = (await carrier.is_called(CALLED_BACK)).leg
        await until(lambda: hears(telephone, CARRIER_TONE_HZ), what="the agent hears the customer")
        await carrier.hears_tone(leg, AGENT_TONE_HZ)
        await carrier.hang_up(leg)
        ended = await contact.tells("CallbackEnded")
        assert ended.body["outcome"] == "done"
        await later.hang_up()
