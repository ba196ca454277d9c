"""The first call: a caller on a real SIP telephone hears the hotline, presses a key, and stands in the event log."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.harness.product import HOTLINE, Product
from tests.harness.sipp import SippCall, sipp_call
from tests.harness.waiting import until
from zhiyin.config.prompts.sound import Samples, decode_alaw, find_faults, speech_level_dbfs

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


async def test_a_key_stops_the_prompt_within_200_ms(product: Product) -> None:
    """Key 0 repeats the menu: its beginning is heard again, so soon was the old one stopped."""
    opening = prompt(product, "menu")[:8000]
    async with sipp_call(product.sip_port, to=HOTLINE) as call:
        await until(lambda: find(as_samples(call.heard()), opening)[0] > 0.8, what="the menu has begun", within_s=20)
        pressed_at = len(as_samples(call.heard()))
        call.press("0")
        await until(lambda: find(as_samples(call.heard())[pressed_at:], opening)[0] > 0.8, what="it begins again")
        _, place = find(as_samples(call.heard())[pressed_at:], opening)
    key_lasts_s, on_the_way_s = 0.16, 0.15
    assert place / 8000 < 0.2 + key_lasts_s + on_the_way_s


@pytest.mark.parametrize("payload_type", [8, 0], ids=["A-law", "mu-law"])
async def test_what_the_caller_hears_is_loud_enough_and_clean(product: Product, payload_type: int) -> None:
    async with sipp_call(product.sip_port, to=HOTLINE, payload_type=payload_type) as call:
        await hears_prompt(product, call, "welcome")
        heard = as_samples(call.heard())
    spoken = heard[np.flatnonzero(np.abs(heard) > 0.02)[0] :]
    assert -20 <= speech_level_dbfs(spoken[: 8000 * 3]) <= -16
    assert not [fault for fault in find_faults(spoken[: 8000 * 3]) if fault.code == "clipped"]


async def hears_prompt(product: Product, call: SippCall, key: str, *, within_s: float = 20) -> None:
    """Wait until the whole prompt was heard, recognised by its own sound."""
    wanted = prompt(product, key)
    await until(
        lambda: find(as_samples(call.heard()), wanted)[0] > 0.8, what=f"{key} is heard whole", within_s=within_s
    )


def prompt(product: Product, key: str) -> Samples:
    return decode_alaw((product.data / "prompts" / "standard" / "zh" / f"{key}.alaw").read_bytes())


def find(heard: Samples, wanted: Samples) -> tuple[float, int]:
    """Return how well ``wanted`` is found in ``heard`` (1: the very sound) and where, in samples."""
    if len(heard) < len(wanted):
        return 0.0, 0
    size = 1 << (len(heard) + len(wanted)).bit_length()
    correlation = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)
    energy = np.concatenate([[0.0], np.cumsum(heard**2)])
    windows = energy[len(wanted) :] - energy[: len(heard) - len(wanted) + 1]
    likeness = correlation[: len(windows)] / np.sqrt(np.maximum(windows, 1e-9) * np.sum(wanted**2))
    return float(np.max(likeness)), int(np.argmax(likeness))


def as_samples(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2") / 32768.0


def newest_stream(product: Product) -> str:
    rows = product.rows("SELECT stream FROM event_log WHERE type = 'InteractionStarted' ORDER BY position DESC LIMIT 1")
    return str(rows[0]["stream"])


def kinds(product: Product, stream: str) -> list[str]:
    return [row["type"] for row in product.rows("SELECT type FROM event_log WHERE stream = %s ORDER BY seq", stream)]
