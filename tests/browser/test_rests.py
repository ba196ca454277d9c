"""A rest from the wish to the way back: asked for in a call, granted by the lead, taken after it, and counted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import LEAD, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import calling
from tests.harness.desk import open_desk
from tests.harness.product import Product
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_rest_asked_for_in_a_call_is_granted_and_begins_after_it(
    product: Product, agents_browser: Browser, administrator: Api
) -> None:
    administrator.ask("PATCH", "/rests/policy", {"approval": "lead", "quotas": [{"at_most": 1}]})
    try:
        async with (
            open_desk(agents_browser, product, LEAD) as lead,
            open_desk(agents_browser, product, "1001") as desk,
        ):
            await lead.sign_in()
            await desk.be_ready()
            async with calling(product) as (call, _):
                await call.hears_sound()
                call.press("1")
                await desk.answer()
                await call.hears_tone(AGENT_TONE_HZ)
                await desk.choose("就餐（剩 1 个名额）")
                await expect(desk.page.get_by_role("status").filter(has_text="等班长批准")).to_be_visible()
                await expect(lead.page.get_by_role("region", name="小休申请")).to_contain_text("王丽")
                await lead.page.keyboard.press("Alt+KeyG")
                await expect(lead.page.get_by_role("region", name="小休申请")).to_be_hidden()
                await expect(desk.page.get_by_role("status").filter(has_text="已批准")).to_be_visible()
                await desk.is_in("talking")
                await desk.hang_up()
            await desk.choose_disposition("订单查询")
            await desk.complete("完成并小休")
            await desk.is_in("rest")
            await expect(desk.page.get_by_role("status").filter(has_text="就餐，还有")).to_be_visible()
            await desk.page.get_by_role("status").filter(has_text="就餐").get_by_role("button", name="示闲").click()
            await desk.is_in("ready")
            await until(lambda: administrator.items("/figures/rests"), what="the rest is counted")
            await the_figures_tell_of_it(lead.page)
            assert desk.listener.complaints == lead.listener.complaints == []
    finally:
        administrator.ask("PATCH", "/rests/policy", {"approval": "none", "quotas": []})


async def the_figures_tell_of_it(page: Page) -> None:
    """Open the rests of the live page as the lead does, and narrow them to another reason and back."""
    await page.get_by_role("link", name="监控").first.click()
    await page.get_by_role("button", name="小休统计").click()
    drawer = page.get_by_role("dialog", name="各座席每天的小休")
    row = drawer.get_by_role("row").filter(has_text="王丽")
    await expect(row).to_contain_text("就餐")
    await look(page, "rests")
    assert await find_barriers(page) == []
    await drawer.get_by_role("combobox", name="小休原因").fill("小休")
    await page.keyboard.press("Enter")
    await expect(row).to_be_hidden()
    await look(page, "rests-none")
    await drawer.get_by_role("button", name="清除筛选").click()
    await expect(row).to_be_visible()


async def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for it."""
    folder = os.environ.get("ZHIYIN_PICTURES")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
