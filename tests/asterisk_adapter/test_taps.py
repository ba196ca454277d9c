"""Listening in on a real Asterisk: three telephones, each with its own tone, and who hears which."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.conftest import Exchange, until
from tests.asterisk_adapter.telephone import Call
from tests.asterisk_adapter.test_calls import identity, new_id
from zhiyin.engine.ports import LegAnswered, LegGoneFact

CALLER_HZ, AGENT_HZ, LEAD_HZ = 440, 1000, 700
#: Above: the tone is heard clearly. Below: it is not there.
CLEAR, SILENT = 1500, 60
LISTENED_S = 0.3


def hears(call: Call) -> set[int]:
    """Return the tones that fill what the telephone heard last; a half-heard one is neither in nor out."""
    pcm = call.media.heard_pcm(since=time.monotonic() - LISTENED_S)
    found = {hz: sound.amplitude(pcm, hz) for hz in (CALLER_HZ, AGENT_HZ, LEAD_HZ)}
    if any(SILENT <= amplitude <= CLEAR for amplitude in found.values()):
        return {-1}
    return {hz for hz, amplitude in found.items() if amplitude > CLEAR}


@dataclass
class Scene:
    exchange: Exchange
    caller: Call
    agent: Call
    lead: Call
    caller_leg: str
    agent_leg: str
    lead_leg: str
    bridge: str

    async def until_heard(self, *, caller: set[int], agent: set[int], lead: set[int]) -> None:
        """Return once each hears exactly these tones."""
        wanted = [caller, agent, lead]
        try:
            await until(lambda: [hears(self.caller), hears(self.agent), hears(self.lead)] == wanted, within_s=6)
        except TimeoutError:
            heard = [hears(self.caller), hears(self.agent), hears(self.lead)]
            raise AssertionError(f"caller, agent, lead hear {heard}, not {wanted}") from None


@asynccontextmanager
async def conversation(exchange: Exchange) -> AsyncIterator[Scene]:
    """Caller and agent talk; the lead's telephone is connected and nowhere."""
    async with AsyncExitStack() as stack:
        caller_telephone = await stack.enter_async_context(exchange.telephone(frequency_hz=CALLER_HZ))
        caller, arrived = await exchange.arrive(caller_telephone)
        rung = []
        for account, frequency_hz in (("z1001", AGENT_HZ), ("z1002", LEAD_HZ)):
            await exchange.telephony.put_identity(identity(account))
            telephone = await stack.enter_async_context(
                exchange.telephone(user=account, secret="s3cret", frequency_hz=frequency_hz)
            )
            assert await telephone.register() == 200
            leg = new_id("leg")
            await exchange.telephony.ring(
                leg,
                to=f"account:{account}",
                caller_number="",
                caller_name="",
                codec="alaw",
                timeout_s=10,
                headers={},
            )
            await exchange.facts.wait(LegAnswered, lambda fact, leg=leg: fact.leg == leg)
            rung.append((telephone.incoming.get_nowait(), leg))
        (agent, agent_leg), (lead, lead_leg) = rung
        bridge = new_id("bridge")
        await exchange.telephony.bridge(bridge, [arrived.leg, agent_leg])
        yield Scene(exchange, caller, agent, lead, arrived.leg, agent_leg, lead_leg, bridge)


async def test_who_hears_whom_while_listening_whispering_and_barging(exchange: Exchange) -> None:
    """Each mode changes into each other, and nobody hears more than the mode says."""
    async with conversation(exchange) as scene:
        telephony, lead = exchange.telephony, scene.lead_leg
        nobody: set[int] = set()
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead=nobody)
        await telephony.tap(lead, of=scene.agent_leg, is_heard=False)
        await telephony.tap(lead, of=scene.agent_leg, is_heard=False)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead={CALLER_HZ, AGENT_HZ})
        await telephony.tap(lead, of=scene.agent_leg, is_heard=True)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ, LEAD_HZ}, lead={CALLER_HZ, AGENT_HZ})
        await telephony.bridge(scene.bridge, [lead])
        await telephony.remove_tap(lead)
        await scene.until_heard(caller={AGENT_HZ, LEAD_HZ}, agent={CALLER_HZ, LEAD_HZ}, lead={CALLER_HZ, AGENT_HZ})
        await telephony.tap(lead, of=scene.agent_leg, is_heard=False)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead={CALLER_HZ, AGENT_HZ})
        await telephony.remove_tap(lead)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead=nobody)
        assert set((await telephony.inventory()).bridges) == {scene.bridge}


async def test_taking_over_leaves_caller_and_lead_and_nothing_of_the_tap(exchange: Exchange) -> None:
    async with conversation(exchange) as scene:
        telephony = exchange.telephony
        await telephony.tap(scene.lead_leg, of=scene.agent_leg, is_heard=False)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead={CALLER_HZ, AGENT_HZ})
        await telephony.hang_up(scene.agent_leg)
        await telephony.bridge(scene.bridge, [scene.caller_leg, scene.lead_leg])
        await telephony.remove_tap(scene.lead_leg)
        await until(lambda: hears(scene.caller) == {LEAD_HZ} and hears(scene.lead) == {CALLER_HZ})
        inventory = await telephony.inventory()
        assert set(inventory.legs) == {scene.caller_leg, scene.lead_leg}
        assert set(inventory.bridges) == {scene.bridge}


async def test_a_lead_who_vanishes_leaves_the_conversation_as_it_is(exchange: Exchange) -> None:
    async with conversation(exchange) as scene:
        telephony = exchange.telephony
        await telephony.tap(scene.lead_leg, of=scene.agent_leg, is_heard=True)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ, LEAD_HZ}, lead={CALLER_HZ, AGENT_HZ})
        scene.lead.hang_up()
        await exchange.facts.wait(LegGoneFact, lambda fact: fact.leg == scene.lead_leg)
        await telephony.remove_tap(scene.lead_leg)
        await until(lambda: hears(scene.caller) == {AGENT_HZ} and hears(scene.agent) == {CALLER_HZ})
        assert set((await telephony.inventory()).bridges) == {scene.bridge}


async def test_a_tap_moved_to_another_leg_speaks_to_that_one_alone(exchange: Exchange) -> None:
    async with conversation(exchange) as scene:
        telephony = exchange.telephony
        await telephony.tap(scene.lead_leg, of=scene.agent_leg, is_heard=True)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ, LEAD_HZ}, lead={CALLER_HZ, AGENT_HZ})
        await telephony.tap(scene.lead_leg, of=scene.caller_leg, is_heard=True)
        await scene.until_heard(caller={AGENT_HZ, LEAD_HZ}, agent={CALLER_HZ}, lead={CALLER_HZ, AGENT_HZ})


async def test_the_next_engine_finds_the_tap_again(exchange: Exchange) -> None:
    """A tap is nobody's leg, and a new process changes and removes it without having made it."""
    async with conversation(exchange) as scene:
        await exchange.telephony.tap(scene.lead_leg, of=scene.agent_leg, is_heard=False)
        later = Exchange(exchange.asterisk)
        await exchange.telephony.stop()
        exchange.telephony = later.telephony
        await later.telephony.start()
        assert set((await until_known(later)).legs) == {scene.caller_leg, scene.agent_leg, scene.lead_leg}
        await later.telephony.tap(scene.lead_leg, of=scene.agent_leg, is_heard=True)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ, LEAD_HZ}, lead={CALLER_HZ, AGENT_HZ})
        await later.telephony.remove_tap(scene.lead_leg)
        await scene.until_heard(caller={AGENT_HZ}, agent={CALLER_HZ}, lead=set())


async def until_known(exchange: Exchange):
    await until(lambda: bool(exchange.facts.all))
    return await exchange.telephony.inventory()
