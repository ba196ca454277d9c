"""Hearing a leg on a real Asterisk: what its party says, and nothing of what it hears."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from tests.asterisk_adapter import sound
from tests.asterisk_adapter.conftest import Exchange, until
from tests.asterisk_adapter.test_calls import new_id
from zhiyin.engine.ports import LegGone

CALLER_HZ, LONG_HZ = 440, 700
LOUD, FAINT = 3000, 100


async def test_an_ear_hears_the_party_alone_and_leaves_nothing(exchange: Exchange) -> None:
    async with exchange.telephone(frequency_hz=CALLER_HZ) as telephone:
        call, arrived = await exchange.arrive(telephone)
        await exchange.telephony.play(arrived.leg, [exchange.asterisk.sound("long")], playback=new_id("p"))
        heard = bytearray()
        task = asyncio.ensure_future(exchange.telephony.hear(arrived.leg, ear="c1-e0", on_sound=heard.extend))
        began = time.monotonic()
        await until(lambda: len(heard) >= 2 * sound.RATE, within_s=10)
        assert time.monotonic() - began < 5, "it comes as it is said"
        second = bytes(heard[-sound.RATE :])
        assert sound.amplitude(second, CALLER_HZ) > LOUD
        assert sound.amplitude(second, LONG_HZ) < FAINT, "what is played to the party is not heard"
        pcm = call.media.heard_pcm(since=time.monotonic() - 0.5)
        assert sound.amplitude(pcm, LONG_HZ) > LOUD, "and it hears that as before"
        inventory = await exchange.telephony.inventory()
        assert set(inventory.legs) == {arrived.leg}, "what hears is no leg"
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert "WebSocket/" not in exchange.asterisk.console("core show channels")
        assert "Snoop/" not in exchange.asterisk.console("core show channels")
        assert "c1-e0" not in exchange.asterisk.console("bridge show all")


async def test_an_ear_ends_with_its_leg_and_one_without_a_leg_never_opens(exchange: Exchange) -> None:
    async with exchange.telephone(frequency_hz=CALLER_HZ) as telephone:
        _, arrived = await exchange.arrive(telephone)
        heard = bytearray()
        task = asyncio.ensure_future(exchange.telephony.hear(arrived.leg, ear="c2-e0", on_sound=heard.extend))
        await until(lambda: len(heard) > 1000, within_s=10)
        await exchange.telephony.hang_up(arrived.leg)
        size = len(heard)
        await until(lambda: "Snoop/" not in exchange.asterisk.console("core show channels"), within_s=10)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert len(heard) - size < 3 * sound.RATE
    with pytest.raises(LegGone):
        await exchange.telephony.hear("nobody", ear="c3-e0", on_sound=heard.extend)
    assert "WebSocket/" not in exchange.asterisk.console("core show channels")
