"""The first call: a caller on a real SIP telephone hears the hotline, presses a key, and stands in the event log."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.harness.product import HOTLINE, Product
from tests.harness.prompts import as_samples, find, hears_beginning, hears_prompt, length_heard_s, prompt
from tests.harness.sip_agent import SipAgent
from tests.harness.sipp import sipp_call
from tests.harness.waiting import until
from zhiyin.config.prompts.sound import find_faults, speech_level_dbfs

CALLER = "13912345678"


async def test_a_caller_hears_the_menu_and_leaves_events(product: Product) -> None:
    async with sipp_call(product.sip_port, to=HOTLINE, caller=CALLER) as call:
        await hears_prompt(product, call, "welcome")
        await hears_prompt(product, call, "menu")
        stream = newest_stream(product)
        call.press("1")
        await until(lambda: "QueueEntered" in kinds(product, stream), what="the key is followed")
        await call.hang_up()
    await until(lambda: "InteractionEnded" in kinds(product, stream), what="the end stands in the log")
    order = kinds(product, stream)
    assert order[0] == "InteractionStarted"
    assert order.index("DigitsCollected") < order.index("QueueEntered") < order.index("InteractionEnded")
    rows = product.rows("SELECT seq, at FROM event_log WHERE stream = %s ORDER BY seq", stream)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(earlier["at"] <= later["at"] for earlier, later in itertools.pairwise(rows))


async def test_the_caller_s_number_is_kept_beside_the_log_and_not_in_it(product: Product) -> None:
    async with sipp_call(product.sip_port, to=HOTLINE, caller=CALLER) as call:
        await call.hears_sound()
        stream = newest_stream(product)
    bodies = product.rows("SELECT body::text AS body FROM event_log WHERE stream = %s", stream)
    assert not [row for row in bodies if CALLER in row["body"]]
    kept = product.rows("SELECT value FROM event_personal WHERE subject = %s", stream)
    assert any(CALLER in row["value"] for row in kept)


#: a key lasts this long, and the first sound after it this long on the way
KEY_LASTS_S, ON_THE_WAY_S = 0.16, 0.15


async def test_a_key_stops_the_prompt_within_200_ms(product: Product) -> None:
    """Key 0 repeats the menu: its beginning is heard again, so soon was the old one stopped."""
    async with sipp_call(product.sip_port, to=HOTLINE) as call:
        await hears_beginning(product, call, "menu")
        pressed_at = len(call.heard()) // 2
        call.press("0")
        assert await hears_beginning(product, call, "menu", since=pressed_at) < 0.2 + KEY_LASTS_S + ON_THE_WAY_S


@pytest.mark.asyncio(loop_scope="session")
async def test_the_wait_is_spoken_at_once_and_a_key_stops_that_too(product: Product, agent: SipAgent) -> None:
    """A key in the welcome leads to the queue, which speaks within as little; a key there leaves only the music."""
    await agent.desk.do("SetNotReady", reason="meeting")
    async with sipp_call(product.sip_port, to=HOTLINE) as call:
        await hears_beginning(product, call, "welcome")
        pressed_at = len(call.heard()) // 2
        call.press("1")
        after_s = await hears_beginning(product, call, "please_wait", since=pressed_at)
        assert after_s < 0.2 + KEY_LASTS_S + ON_THE_WAY_S
        began_at = pressed_at + round(after_s * 8000)
        pressed_at = len(call.heard()) // 2
        call.press("5")
        await until(lambda: len(call.heard()) // 2 > began_at + 8000 * 6, what="six seconds are heard")
        since = as_samples(call.heard())[began_at:]
        cut_after_s = length_heard_s(since, prompt(product, "please_wait"))
        assert cut_after_s < (pressed_at - began_at) / 8000 + 0.2 + KEY_LASTS_S + ON_THE_WAY_S
        assert find(since, prompt(product, "next_in_line"))[0] < 0.5


@pytest.mark.parametrize("payload_type", [8, 0], ids=["A-law", "mu-law"])
async def test_what_the_caller_hears_is_loud_enough_and_clean(product: Product, payload_type: int) -> None:
    async with sipp_call(product.sip_port, to=HOTLINE, payload_type=payload_type) as call:
        await hears_prompt(product, call, "welcome")
        heard = as_samples(call.heard())
    spoken = heard[np.flatnonzero(np.abs(heard) > 0.02)[0] :]
    assert -20 <= speech_level_dbfs(spoken[: 8000 * 3]) <= -16
    assert not [fault for fault in find_faults(spoken[: 8000 * 3]) if fault.code == "clipped"]


def newest_stream(product: Product) -> str:
    rows = product.rows("SELECT stream FROM event_log WHERE type = 'InteractionStarted' ORDER BY position DESC LIMIT 1")
    return str(rows[0]["stream"])


def kinds(product: Product, stream: str) -> list[str]:
    return [row["type"] for row in product.rows("SELECT type FROM event_log WHERE stream = %s ORDER BY seq", stream)]
