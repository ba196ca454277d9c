"""A SIP telephone's transfer key on a real Asterisk: the REFER comes to us, and our answer to the telephone."""

from __future__ import annotations

import asyncio

import pytest

from tests.asterisk_adapter.conftest import Exchange, until
from tests.asterisk_adapter.telephone import Telephone
from tests.asterisk_adapter.test_calls import hears, identity, new_id, ring_agent
from tests.asterisk_adapter.test_taps import AGENT_HZ, CALLER_HZ, conversation
from zhiyin.engine.ports import CallArrived, LegAnswered, LegGoneFact, TransferOutcome, TransferRequested


def notified(telephone: Telephone) -> list[str]:
    """Return the status lines that the telephone was told of its transfer."""
    found = [message for message in telephone.requests if message.startswith("NOTIFY")]
    return [message.partition("\r\n\r\n")[2].strip() for message in found]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (TransferOutcome.ACCEPTED, "200"),
        (TransferOutcome.UNAVAILABLE, "503"),
        (TransferOutcome.REFUSED, "603"),
    ],
    ids=lambda value: getattr(value, "value", value),
)
async def test_a_telephone_is_told_what_became_of_its_transfer(
    exchange: Exchange, outcome: TransferOutcome, status: str
) -> None:
    """Asterisk does nothing by itself: whatever we answer, caller and agent still hear each other."""
    async with conversation(exchange) as scene:
        scene.agent.refer("8002")
        asked = await exchange.facts.wait(TransferRequested)
        assert asked == TransferRequested(scene.agent_leg, "8002")
        await exchange.telephony.report_transfer(scene.agent_leg, outcome)
        await until(lambda: bool(notified(scene.agent.telephone)))
        await until(lambda: notified(scene.agent.telephone)[-1].startswith(f"SIP/2.0 {status}"))
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead=set())
        assert len(exchange.facts.of(TransferRequested)) == 1


async def test_two_calls_of_a_telephone_are_named_when_it_joins_them(exchange: Exchange) -> None:
    """REFER with Replaces names the telephone's other call by its leg."""
    async with conversation(exchange) as scene:
        telephone = scene.agent.telephone
        await scene.agent.hold(held=True)
        second = await telephone.call("8002")
        arrived = await exchange.facts.wait(CallArrived, lambda fact: fact.endpoint == "z1001")
        assert (arrived.context, arrived.dialled) == ("telephone", "8002")
        await exchange.telephony.answer(arrived.leg)
        async with asyncio.timeout(20):
            await second.answered.wait()
        scene.agent.refer("8002", replaces=second)
        asked = await exchange.facts.wait(TransferRequested)
        assert (asked.leg, asked.other_leg) == (scene.agent_leg, arrived.leg)


async def test_a_customer_may_not_transfer(exchange: Exchange) -> None:
    """A REFER of a caller, who could call the world at the company's cost, is refused by Asterisk."""
    async with conversation(exchange) as scene:
        scene.caller.refer("0019005550100")
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead=set())
        assert exchange.facts.of(TransferRequested) == []
        assert exchange.facts.of(LegGoneFact) == []


async def test_a_customer_held_by_the_telephone_hears_music_in_and_out_of_the_bridge(exchange: Exchange) -> None:
    """Asterisk's own music begins at the key, ours goes on after it, and none is left when they talk again."""
    await exchange.telephony.put_identity(identity())
    async with (
        exchange.telephone(frequency_hz=CALLER_HZ) as caller_telephone,
        exchange.telephone(user="z1001", secret="s3cret", frequency_hz=AGENT_HZ) as telephone,
    ):
        assert await telephone.register() == 200
        caller, arrived = await exchange.arrive(caller_telephone)
        leg, bridge = new_id("leg"), new_id("bridge")
        await ring_agent(exchange, leg)
        await exchange.facts.wait(LegAnswered)
        agent = telephone.incoming.get_nowait()
        await exchange.telephony.bridge(bridge, [arrived.leg, leg])
        await hears(caller, AGENT_HZ)
        await agent.hold(held=True)
        await hears(caller, 1500)
        await exchange.telephony.unbridge(bridge, arrived.leg)
        await exchange.telephony.start_music(arrived.leg)
        await hears(caller, 1500)
        await agent.hold(held=False)
        await exchange.telephony.stop_music(arrived.leg)
        await exchange.telephony.bridge(bridge, [arrived.leg, leg])
        await hears(caller, AGENT_HZ)
        await hears(agent, CALLER_HZ)
