"""A trial call from the designer: the draft as it is drawn is called by keys, lights up, and is kept as a test."""

from __future__ import annotations

import copy
import re
import secrets

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_flow_designer import open_flow
from tests.harness.api import Api
from tests.harness.axe import find_barriers
from tests.harness.browser import hears_sound
from tests.harness.failures import is_back, kill_engine
from tests.harness.product import Product
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def flow(administrator: Api) -> int:
    """The demo company's hotline as a draft of its own."""
    (known,) = [one for one in administrator.items("/flows") if one["name"] == "热线"]
    hotline = administrator.read(f"/flows/{known['id']}")
    body = {"name": f"试拨{secrets.token_hex(3)}", "graph": copy.deepcopy(hotline["draft"])}
    number: int = administrator.ask("POST", "/flows", body)["id"]
    return number


async def test_a_draft_that_nobody_saved_is_called_lights_up_and_is_kept_as_a_test(
    product: Product, agents_browser: Browser, flow: int
) -> None:
    page, listener, canvas = await open_flow(agents_browser, product, flow)
    await page.get_by_role("button", name="试拨", exact=True).click()
    panel = page.get_by_role("region", name="试拨")
    await panel.get_by_role("button", name="开始试拨").click()
    menu = canvas.get_by_role("group", name="4. 按键菜单")
    await expect(menu).to_have_attribute("data-mark", "here")
    await expect(canvas.get_by_role("group", name="3. 放音")).to_have_attribute("data-mark", "passed")
    story = panel.get_by_role("log")
    await story.focus()
    await page.keyboard.press("1")  # by the keyboard, as by the keypad
    await expect(panel.get_by_role("status")).to_have_text("排队中")
    line = canvas.get_by_role("group", name="5. 转技能组")
    await expect(line).to_have_attribute("data-mark", "here")
    assert await find_barriers(page) == []
    await panel.get_by_role("button", name="退一步").click()
    await expect(menu).to_have_attribute("data-mark", "here")
    await panel.get_by_role("button", name="2", exact=True).click()
    await expect(story).to_contain_text("进入技能组“销售”排队")
    await panel.get_by_role("button", name="存为测试").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("名称").fill("按 2 到销售")
    await expect(drawer.get_by_label("脚本")).to_have_value("应 听到 welcome\n应 听到 menu\n按 2\n应 排队 销售")
    await drawer.get_by_role("button", name="保存").click()
    await expect(drawer).to_be_hidden()
    # the draft changes under the trial: it is told, and played again on what is drawn now
    await line.click()
    await canvas.focus()
    await page.keyboard.press("Delete")
    await expect(panel.get_by_text("草稿已改动。")).to_be_visible()
    await panel.get_by_role("button", name="按新草稿重放").click()
    await expect(panel.get_by_text("草稿已改动。")).to_be_hidden()
    await panel.get_by_role("button", name="挂断").click()
    await expect(panel.get_by_role("status")).to_have_text("已结束")
    await page.get_by_role("tab", name="测试").click()
    row = page.get_by_role("row").filter(has_text="按 2 到销售")
    await expect(row.get_by_text("通过")).to_be_visible()
    assert listener.complaints == []
    await page.context.close()


async def test_a_draft_is_called_by_the_browsers_telephone_and_the_canvas_follows(
    product: Product, agents_browser: Browser, administrator: Api, flow: int
) -> None:
    """Through Asterisk and the engine: heard, led by keys, and over where a caller would wait; in no figure."""
    before = administrator.read("/figures/today")["total"]
    contacts = administrator.read("/interactions")["total"]
    page, listener, canvas = await open_flow(agents_browser, product, flow)
    await page.get_by_role("button", name="试拨", exact=True).click()
    panel = page.get_by_role("region", name="试拨")
    await panel.get_by_text("真实电话").click()
    await panel.get_by_role("button", name="拨打草稿").click()
    await expect(panel.get_by_role("status")).to_have_text("通话中")
    menu = canvas.get_by_role("group", name="4. 按键菜单")
    await expect(menu).to_have_attribute("data-mark", "here", timeout=20_000)
    await expect(canvas.get_by_role("group", name="3. 放音")).to_have_attribute("data-mark", "passed")
    await hears_sound(page)
    assert await find_barriers(page) == []
    await panel.get_by_role("button", name="9", exact=True).click()  # no choice of this menu
    story = panel.get_by_role("log")
    await expect(story).to_contain_text("按 9")
    await story.focus()
    await page.keyboard.press("2")  # by the keyboard, as by the keypad
    await expect(story).to_contain_text("按 2")
    await expect(panel.get_by_role("status")).to_have_text("已结束", timeout=20_000)
    await expect(story).to_contain_text("进入技能组“销售”排队")
    await panel.get_by_role("button", name="存为测试").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("名称").fill("打过的电话")
    await expect(drawer.get_by_label("脚本")).to_have_value(re.compile("按 9\n(.*\n)*按 2"))
    await drawer.get_by_role("button", name="保存").click()
    await expect(drawer).to_be_hidden()
    await page.get_by_role("tab", name="测试").click()
    row = page.get_by_role("row").filter(has_text="打过的电话")
    await expect(row.get_by_text("通过")).to_be_visible()
    assert administrator.read("/figures/today")["total"] == before
    assert administrator.read("/interactions")["total"] == contacts
    assert listener.complaints == []
    await page.context.close()


@pytest.mark.extended
async def test_the_engine_is_killed_under_a_trial_call(product: Product, agents_browser: Browser, flow: int) -> None:
    """The caller is asked again where it stood, its keys go on leading, and what went before is still told."""
    page, listener, canvas = await open_flow(agents_browser, product, flow)
    await page.get_by_role("button", name="试拨", exact=True).click()
    panel = page.get_by_role("region", name="试拨")
    await panel.get_by_text("真实电话").click()
    await panel.get_by_role("button", name="拨打草稿").click()
    menu = canvas.get_by_role("group", name="4. 按键菜单")
    await expect(menu).to_have_attribute("data-mark", "here", timeout=20_000)
    engine = kill_engine(product)
    await until(lambda: is_back(product, engine), what="the next engine is there", within_s=30)
    await expect(panel.get_by_role("status")).to_have_text("通话中")
    await hears_sound(page)
    story = panel.get_by_role("log")
    await panel.get_by_role("button", name="2", exact=True).click()
    await expect(story).to_contain_text("进入技能组“销售”排队")
    await expect(story).to_contain_text("来电")
    await expect(panel.get_by_role("status")).to_have_text("已结束", timeout=20_000)
    assert [one for one in listener.complaints if "503" not in one and "409" not in one] == []
    await page.context.close()
