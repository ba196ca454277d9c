"""The designer: a flow drawn from nothing by keys and mouse, published, and called; two who edit the same flow."""

from __future__ import annotations

import secrets

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import Listener, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in
from tests.harness.forms import choose
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def flow(administrator: Api) -> int:
    """A start that says goodbye."""
    made = administrator.ask("POST", "/flows", {"name": f"新热线{secrets.token_hex(3)}"})
    number: int = made["id"]
    return number


async def open_flow(browser: Browser, product: Product, flow: int) -> tuple[Page, Listener, Locator]:
    page = await (await new_context(browser)).new_page()
    listener = Listener(page)
    await log_in(page, f"{product.url}/admin/flows/{flow}", ADMINISTRATOR)
    canvas = page.get_by_role("application", name="流程画布")
    await expect(canvas.get_by_role("group", name="开始")).to_be_visible()
    return page, listener, canvas


async def centre(place: Locator) -> tuple[float, float]:
    box = await place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(start[0] + 8, start[1] + 8)
    await page.mouse.move(*end, steps=8)
    await page.mouse.up()


async def test_a_flow_is_drawn_by_keys_and_mouse_then_published_and_called(
    product: Product, agents_browser: Browser, administrator: Api, flow: int
) -> None:
    page, listener, canvas = await open_flow(agents_browser, product, flow)
    told = page.get_by_role("status").last
    await canvas.focus()
    await page.keyboard.press("ArrowRight")
    await expect(told).to_contain_text("1. 开始")
    await expect(told).to_contain_text("2. 挂机")
    # by keys: a prompt between the start and the goodbye, and what it says
    await page.keyboard.press("a")
    await page.keyboard.type("放音")
    await page.keyboard.press("Enter")
    await expect(canvas.get_by_role("group", name="2. 放音")).to_be_visible()
    await page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="所选步骤")
    await page.keyboard.type("welcome")
    await page.keyboard.press("Enter")
    await expect(canvas.get_by_role("group", name="2. 放音, welcome")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(canvas).to_be_focused()
    # by the mouse: a queue dropped on the way from the prompt to the goodbye, its other exit drawn
    queue = administrator.items("/queues")[0]
    await page.keyboard.press("0")
    out = canvas.get_by_role("group", name="2. 放音").locator("[data-exit=next]")
    into = canvas.get_by_role("group", name="挂机").locator(".target")
    kind = page.get_by_role("region", name="步骤").get_by_role("button", name="转技能组")
    await kind.scroll_into_view_if_needed()
    (x1, y1), (x2, y2) = await centre(out), await centre(into)
    await drag(page, await centre(kind), ((x1 + x2) / 2, (y1 + y2) / 2))
    await expect(canvas.get_by_role("group", name="3. 转技能组")).to_be_visible()
    await choose(page, panel.get_by_label("技能组"), queue["name"])
    await page.keyboard.press("Escape")
    await canvas.focus()
    await page.keyboard.press("0")
    overflow = canvas.get_by_role("group", name="3. 转技能组").locator("[data-exit=overflow]")
    await expect(overflow).to_have_attribute("data-open", "true")
    await drag(page, await centre(overflow), await centre(into))
    await expect(overflow).to_have_attribute("data-open", "false")
    # what was done is undone and done again
    await canvas.focus()
    await page.keyboard.press("Control+z")
    await expect(told).to_contain_text("已撤销：转技能组的“等待超过上限”通向挂机")
    await expect(overflow).to_have_attribute("data-open", "true")
    await page.keyboard.press("Control+y")
    await expect(overflow).to_have_attribute("data-open", "false")
    assert await find_barriers(page) == []
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("草稿已保存")).to_be_visible()
    await page.get_by_role("button", name="发布", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    await expect(page.get_by_text("线上 v1")).to_be_visible()
    number = f"400{secrets.randbelow(10**7):07d}"
    made = administrator.ask("POST", "/numbers", {"number": number, "flow_id": flow})
    try:
        async with calling(product, to=number) as (_, contact):
            await contact.tells("NodeEntered", times=4)
        entered = [event.body["kind"] for event in contact.events() if event.type == "NodeEntered"]
        assert entered[:3] == ["start", "play", "queue"]
    finally:
        administrator.ask("DELETE", f"/numbers/{made['id']}")
    assert listener.complaints == []
    await page.context.close()


@pytest.mark.extended
async def test_two_who_edit_a_flow_know_of_each_other_and_versions_are_compared(
    product: Product, agents_browser: Browser, administrator: Api, flow: int
) -> None:
    administrator.ask("POST", f"/flows/{flow}/publish")
    first, listener, canvas = await open_flow(agents_browser, product, flow)
    await canvas.get_by_role("group", name="挂机").click()
    await canvas.focus()
    await first.keyboard.press("Control+d")
    await expect(canvas.get_by_role("group", name="挂机")).to_have_count(2)
    second, _, _ = await open_flow(agents_browser, product, flow)
    await expect(second.get_by_text("正在编辑这个流程")).to_be_visible()
    await expect(second.get_by_role("region", name="步骤")).to_have_count(0)
    await second.get_by_role("button", name="接管编辑").click()
    await second.get_by_role("dialog").get_by_role("button", name="接管编辑").click()
    await expect(second.get_by_role("region", name="步骤")).to_be_visible()
    await second.context.close()
    await first.get_by_role("tab", name="版本").click()
    await first.get_by_role("button", name="对比 v1").click()
    differences = first.get_by_role("region", name="差别")
    await expect(differences.get_by_role("row")).to_have_count(2)
    await expect(differences.get_by_text("新增")).to_be_visible()
    assert await find_barriers(first) == []
    assert listener.complaints == []
    await first.context.close()


@pytest.mark.extended
async def test_a_way_is_led_to_another_step_by_its_end(
    product: Product, agents_browser: Browser, administrator: Api, flow: int
) -> None:
    page, listener, canvas = await open_flow(agents_browser, product, flow)
    told = page.get_by_role("status").last
    await canvas.get_by_role("group", name="挂机").click()
    await canvas.focus()
    await page.keyboard.press("Control+d")
    steps = canvas.get_by_role("group", name="挂机")
    await expect(steps).to_have_count(2)
    await page.keyboard.press("Escape")
    await page.keyboard.press("0")
    marks = steps.locator(".target")
    (x1, y1), (x2, y2) = await centre(marks.nth(0)), await centre(marks.nth(1))
    await drag(page, (x1 - 7, y1), (x2, y2))
    await expect(told).to_contain_text("改接了一条路径")
    await canvas.focus()
    await page.keyboard.press("Control+z")
    await expect(told).to_contain_text("已撤销")
    await drag(page, (x1, y1), (x2, y2))  # by the mark, where most people take hold of it
    await expect(told).to_have_text("改接了一条路径")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("草稿已保存")).to_be_visible()
    draft = administrator.read(f"/flows/{flow}")["draft"]
    (way,) = draft["edges"]
    assert way["to"] == draft["nodes"][2]["id"]
    assert listener.complaints == []
    await page.context.close()
