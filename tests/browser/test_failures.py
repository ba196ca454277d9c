"""Parts fail while an agent talks and types at the desk: the call goes on and every word is kept."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Browser, WebSocketRoute, expect

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ, hears_tone
from tests.harness.contact import calling, has_recording
from tests.harness.desk import open_desk
from tests.harness.failures import frozen_postgres, is_back, is_well, kill_engine
from tests.harness.product import Product
from tests.harness.sipp import CALLER_TONE_HZ
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

LATE_S = 8.0
NOTE = "设备型号 XJ-204，已登记。"


async def test_the_engine_is_killed_under_a_browser_s_call(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    """The desk says that the engine does not answer, both go on hearing each other, and then it is as before."""
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            engine = kill_engine(product)
            await desk.note(NOTE)
            await call.hears_tone(AGENT_TONE_HZ, lasting_s=2)
            await hears_tone(desk.page, CALLER_TONE_HZ)
            await until(lambda: is_back(product, engine), what="the next engine is there", within_s=30)
            await desk.is_in("talking")
            await desk.button("保持").click()
            await desk.is_in("hold")
            await desk.button("保持中").click()
            await desk.is_in("talking")
            await call.hears_tone(AGENT_TONE_HZ)
            await desk.hang_up()
            assert await call.ended() == 0
        await desk.choose_disposition("使用指导")
        await desk.complete()
        await desk.is_in("ready")
        record = await contact.record(lead, when=has_recording)
        assert (record["outcome"], record["ended_by"], record["note"]) == ("answered", "agent", NOTE)


@pytest.mark.extended
async def test_a_click_on_hang_up_counts_while_the_answer_to_resume_is_late(
    product: Product, agents_browser: Browser
) -> None:
    """The desk is told first that the two speak again, then that resuming is done: a click in between was lost."""
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.page.route_web_socket("**/ws?*", lambda socket: _answer_late(socket, "Resume"))
        await desk.page.reload()
        await desk.be_ready()
        async with calling(product) as (call, _):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await desk.button("保持").click()
            await desk.is_in("hold")
            await desk.button("保持中").click()
            await desk.is_in("talking")
            await desk.button("挂断").click()
            await desk.is_in("wrap_up", within_s=LATE_S / 2)
            assert await call.ended() == 0
        await desk.choose_disposition("使用指导")
        await desk.complete()
        await desk.is_in("ready")


def _answer_late(page: WebSocketRoute, wish: str) -> None:
    """Have the desk wait ``LATE_S`` for the answers to one kind of command; all else travels as it does."""
    server = page.connect_to_server()
    late: set[str] = set()

    def to_server(text: str | bytes) -> None:
        message = json.loads(text)
        if message.get("do") == wish:
            late.add(message["id"])
        server.send(text)

    def to_page(text: str | bytes) -> None:
        message = json.loads(text)
        if message["type"] == "reply" and message["id"] in late:
            asyncio.get_running_loop().call_later(LATE_S, page.send, text)
        else:
            page.send(text)

    page.on_message(to_server)
    server.on_message(to_page)


@pytest.mark.extended
async def test_what_is_typed_while_postgres_is_away_is_saved_afterwards(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await expect(desk.note_field).to_be_visible()
            began_at = len(call.heard()) // 2
            with frozen_postgres(product):
                await desk.note(NOTE)
                await call.hears_tone(AGENT_TONE_HZ, lasting_s=2)
                await hears_tone(desk.page, CALLER_TONE_HZ)
                await desk.button("保持").click()
                await desk.is_in("hold")
                await desk.button("保持中").click()
                await desk.is_in("talking")
                await until(lambda: len(call.heard()) // 2 > began_at + 10 * 8000, what="ten seconds are over")
            await expect(desk.page.get_by_text("已保存")).to_be_visible(timeout=30_000)
            await call.hang_up()
        await desk.is_in("wrap_up")
        await desk.choose_disposition("使用指导")
        await desk.complete()
        await desk.is_in("ready")
        await until(lambda: is_well(product), what="all is well again")
        record = await contact.record(lead, when=has_recording, within_s=40)
        assert (record["outcome"], record["note"]) == ("answered", NOTE)
        assert record["hold_s"] > 0
