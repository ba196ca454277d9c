"""What a caller said to the flow stands on the desk while it rings and during the call: a real voice, a real ear."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import Api
from tests.harness.axe import find_barriers
from tests.harness.contact import calling
from tests.harness.desk import open_desk
from tests.harness.product import Product
from tests.harness.prompts import RATE, hears
from tests.harness.real_scripts import flow_in_force
from zhiyin.config.prompts.sound import decode_alaw, encode_alaw
from zhiyin.config.prompts.speech import Utterance, speak_all

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.extended]

PROMPT = "hospital_menu"
CHOICES = [{"exit": "one", "name": "预约挂号", "phrases": "one"}, {"exit": "two", "name": "报告查询", "phrases": "two"}]


async def look(page: Page, name: str) -> None:
    """Keep pictures where somebody asked for them, in both themes; afterwards in the light one."""
    folder = os.environ.get("ZHIYIN_PICTURES")
    for theme in ("dark", "light"):
        await page.emulate_media(color_scheme=theme)
        await expect(page.locator(f"html[data-theme={theme}]")).to_be_attached()
        assert await find_barriers(page) == [], theme
        if folder:
            await page.screenshot(path=str(Path(folder) / f"{name}-{theme}.png"), full_page=True)


def graph(queue: int) -> dict[str, object]:
    exits = [("start", "next", "english"), ("english", "next", "ask"), ("ask", "one", "bye"), ("ask", "two", "q")]
    exits += [("ask", exit_, "bye") for exit_ in ("no_input", "no_match", "failed")]
    exits += [("q", exit_, "bye") for exit_ in ("closed", "overflow")]
    return {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "english", "kind": "language", "config": {"language": "en"}},
            {"id": "ask", "kind": "recognise", "config": {"prompt": {"key": PROMPT}, "choices": CHOICES}},
            {"id": "q", "kind": "queue", "config": {"queue": queue}},
            {"id": "bye", "kind": "hang_up", "config": {"reason": "other"}},
        ],
        "edges": [{"from": node, "exit": exit_, "to": target} for node, exit_, target in exits],
    }


async def test_what_was_said_to_the_flow_stands_on_the_desk(
    product: Product, agents_browser: Browser, administrator: Api
) -> None:
    (queue,) = (each["id"] for each in administrator.items("/queues") if each["name"] == "售后")
    (samples,) = speak_all([Utterance("two", "en")])
    english = decode_alaw((product.data / "prompts/standard/en" / f"{PROMPT}.alaw").read_bytes())
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        with flow_in_force(administrator, {"name": "语音", "graph": graph(queue)}) as (_, number):
            async with calling(product, to=number, tone_hz=0) as (call, _contact):
                await hears(call, english[:RATE], what="the prompt's beginning", within_s=40, since=0)
                call.media.say((decode_alaw(encode_alaw(samples)) * 32767).astype(np.dtype("<i2")).tobytes())
                await desk.is_offered()
                said = desk.page.get_by_role("region", name="来电者说过")
                await expect(said.get_by_role("listitem")).to_have_count(1)
                for words in ("two", "报告查询", "语音识别"):
                    await expect(said).to_contain_text(words)
                await look(desk.page, "said-ringing")
                await desk.answer()
                await expect(said).to_contain_text("two")
                await look(desk.page, "said-talking")
                await call.hang_up()
            await desk.is_in("wrap_up")
        assert desk.listener.complaints == []
