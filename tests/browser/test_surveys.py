"""满意度邀评 at the desk: the agent lets the customer be asked by a button, whatever share is drawn."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.asterisk.test_routing_rules import queue_with
from tests.harness.api import Api
from tests.harness.axe import find_barriers
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import calling
from tests.harness.desk import open_desk
from tests.harness.product import Product

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.extended]


@pytest.fixture
def survey_flow(administrator: Api) -> Iterator[int]:
    made = administrator.ask("POST", "/flows", {"name": "满意度", "template": "survey"})
    administrator.ask("POST", f"/flows/{made['id']}/publish")
    yield made["id"]
    administrator.ask("DELETE", f"/flows/{made['id']}")


async def look(page: Page, name: str) -> None:
    """Keep pictures in both themes where somebody asked for them."""
    folder = os.environ.get("ZHIYIN_PICTURES")
    for theme in ("dark", "light") if folder else ():
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await expect(page.locator(f"html[data-theme={theme}]")).to_be_attached()
        await page.screenshot(path=str(Path(folder or "") / f"{name}-{theme}.png"))


async def test_the_agent_invites_by_a_button_and_the_customer_judges(
    product: Product, agents_browser: Browser, administrator: Api, survey_flow: int
) -> None:
    survey = {"flow": survey_flow, "share_pct": 0, "agents_invite": True}
    with queue_with(administrator, survey=survey):
        async with open_desk(agents_browser, product, "1001") as desk:
            await desk.be_ready()
            async with calling(product) as (call, contact):
                await call.hears_sound()
                call.press("1")
                await desk.answer()
                await call.hears_tone(AGENT_TONE_HZ)
                invite = desk.button("邀请评价")
                await invite.hover()
                await expect(desk.page.get_by_role("tooltip")).to_have_text("结束通话，请客户按键评价")
                await look(desk.page, "invite")
                await desk.page.mouse.move(5, 5)
                await expect(desk.page.get_by_role("tooltip")).to_be_hidden()
                assert await find_barriers(desk.page) == []
                await invite.focus()
                await desk.page.keyboard.press("Enter")
                await desk.is_in("wrap_up")
                started = await contact.tells("SurveyStarted")
                assert started.body["flow"] == survey_flow
                await call.hears_sound()
                call.press("4")
                answered = await contact.tells("SurveyAnswered")
                assert answered.body["score"] == 4
                assert await call.ended() == 0, "thanked, and the line is let go"
            await desk.choose_disposition("订单查询")
            await desk.complete()
            await desk.is_in("ready")
            assert desk.listener.complaints == []
        record = await contact.record(administrator)
        assert (record["ended_by"], record["end_reason"]) == ("agent", "surveyed")
