"""The page of speech: a sentence is heard in the browser, and what its microphone hears comes to the recogniser.

Chromium's gain and noise filters leave little of a synthetic voice: whether it is the word, tests/asterisk asks.
"""

from __future__ import annotations

import re
import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page, Playwright, expect

from tests.browser.test_pages import settle
from tests.harness.api import ADMINISTRATOR
from tests.harness.axe import find_barriers
from tests.harness.browser import Listener, chromium, new_context
from tests.harness.desk import log_in
from tests.harness.product import Product
from zhiyin.config.prompts.speech import Utterance, speak_all

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.extended]
_LINE_HZ, _RATE_HZ = 8000, 48_000


def microphone_that_says(word: str, file: Path) -> Path:
    """Write a microphone that says a word again and again, with a second between."""
    (samples,) = speak_all([Utterance(word, "en")])
    sound = np.concatenate([np.zeros(_LINE_HZ // 2), samples, np.zeros(_LINE_HZ // 2)])
    at = np.arange(len(sound) * _RATE_HZ // _LINE_HZ) * _LINE_HZ / _RATE_HZ
    sound = np.interp(at, np.arange(len(sound)), sound)
    with wave.open(str(file), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(_RATE_HZ)
        target.writeframes((sound * 32767).astype("<i2").tobytes())
    return file


async def test_a_sentence_is_heard_and_a_word_comes_to_the_recogniser_of_its_language(
    product: Product, playwright: Playwright, tmp_path: Path
) -> None:
    microphone = microphone_that_says("two", tmp_path / "two.wav")
    async with chromium(playwright, microphone) as browser:
        page = await (await new_context(browser)).new_page()
        listener = Listener(page)
        await log_in(page, f"{product.url}/admin/speech", ADMINISTRATOR)
        synthesis = page.get_by_role("table", name="语音合成（朗读）")
        await synthesis.get_by_role("button", name="试听 · 中文").click()
        sound = page.get_by_label("试听 · 中文").and_(page.locator("audio"))
        await expect(sound).to_be_visible(timeout=30_000)
        await page.wait_for_function("() => document.querySelector('audio').duration > 0.5")
        recognition = page.get_by_role("table", name="语音识别（听懂来电者）")
        await recognition.get_by_role("button", name="试说 · 英文").click()
        done = recognition.get_by_role("button", name="说完了 · 英文")
        await expect(done).to_be_visible()
        await heard_a_word(page)
        await done.click()
        english, chinese = (recognition.get_by_role("row", name=name) for name in ("英文", "中文"))
        await expect(english.get_by_text(re.compile("听到：two|没有听出字"))).to_be_visible(timeout=30_000)
        await expect(english.get_by_text("正常")).to_be_visible()
        await expect(chinese.get_by_text("正常")).to_have_count(0)  # nobody hears Chinese: it told of English
        await settle(page)
        assert await find_barriers(page) == []
        assert listener.complaints == []


async def heard_a_word(page: Page) -> None:
    """Wait until the meter has risen from silence and fallen again: a word that had begun before is half a word."""
    meter = "() => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? 0)"
    await page.wait_for_function(f"{meter} < 10")
    await page.wait_for_function(f"{meter} > 40")
    await page.wait_for_function(f"{meter} < 10")
