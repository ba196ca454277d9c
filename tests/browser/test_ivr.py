"""The IVR's page: a caller stands at a step while the flow speaks, and in the figures once it has hung up."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import ADMINISTRATOR, LEAD, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import Listener, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEYS = {"0": "重听", "1": "再见"}
WAITS = {"prompt": {"key": "menu"}, "keys": KEYS, "timeout_s": 30, "tries": 3}
GRAPH = {
    "format": 1,
    "start": "start",
    "nodes": [
        {"id": "start", "kind": "start", "position": {"x": 0, "y": 0}},
        {"id": "menu", "kind": "menu", "config": WAITS, "position": {"x": 340, "y": 0}},
        {"id": "bye", "kind": "hang_up", "config": {"reason": "flow"}, "position": {"x": 680, "y": 0}},
    ],
    "edges": [
        {"from": "start", "exit": "next", "to": "menu"},
        {"from": "menu", "exit": "0", "to": "menu"},
        *({"from": "menu", "exit": exit_, "to": "bye"} for exit_ in ("1", "no_key", "wrong_key")),
    ],
}


@dataclass(frozen=True)
class Hotline:
    name: str
    flow: int
    number: str

    @property
    def shown_number(self) -> str:
        return f"{self.number[:3]} {self.number[3:6]} {self.number[6:]}"


@pytest.fixture
def hotline(administrator: Api) -> Iterator[Hotline]:
    """A number whose flow asks for a key."""
    name, number = f"热线{secrets.token_hex(3)}", f"400{secrets.randbelow(10**7):07d}"
    flow = administrator.ask("POST", "/flows", {"name": name, "graph": GRAPH})["id"]
    administrator.ask("POST", f"/flows/{flow}/publish")
    made = administrator.ask("POST", "/numbers", {"number": number, "flow_id": flow})
    yield Hotline(name, flow, number)
    administrator.ask("DELETE", f"/numbers/{made['id']}")


async def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for it."""
    folder = os.environ.get("ZHIYIN_PICTURES")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


async def test_a_caller_stands_at_its_step_and_then_in_the_figures(
    product: Product, agents_browser: Browser, administrator: Api, hotline: Hotline
) -> None:
    page = await (await new_context(agents_browser)).new_page()
    listener = Listener(page)
    await log_in(page, f"{product.url}/ivr", ADMINISTRATOR)
    steps = page.get_by_role("table", name="来电停在哪一步")
    ours = steps.get_by_role("row").filter(has_text=hotline.name)
    async with calling(product, to=hotline.number) as (call, contact):
        await expect(ours).to_contain_text("按键菜单 · menu")
        lines = page.get_by_role("table", name="线路占用").get_by_role("row").filter(has_text=hotline.shown_number)
        await expect(lines).to_contain_text("1")
        devices = page.get_by_role("table", name="设备与中继").get_by_role("row")
        await expect(devices.filter(has_text="电话节点")).to_contain_text("正常")
        callers = page.get_by_role("table", name="自动服务中的来电").get_by_role("row")
        await expect(callers.filter(has_text=hotline.shown_number)).to_have_count(1)
        assert await find_barriers(page) == []
        await look(page, "ivr-status")
        call.press("0")
        await contact.tells("NodeEntered", times=3)
        await call.hang_up()
    await expect(ours).to_have_count(0)
    await contact.record(administrator)
    await page.get_by_role("tab", name="步骤", exact=True).click()
    menu = page.get_by_role("row").filter(has_text=hotline.name).filter(has_text="按键菜单")
    # entered twice, left once by the key, given up once
    await expect(menu).to_contain_text("50.0 %")
    await look(page, "ivr-steps")
    await menu.get_by_role("button", name="“menu”的出口").click()
    ways = page.get_by_role("dialog").get_by_role("table")
    await expect(ways.get_by_role("row").filter(has_text="放弃")).to_contain_text("50.0 %")
    await expect(ways.get_by_role("row").filter(has_text="走向下一步")).to_contain_text("0")
    await look(page, "ivr-ways")
    await page.keyboard.press("Escape")
    await page.get_by_role("tab", name="时段话务量").click()
    await expect(page.get_by_role("row").filter(has_text=hotline.name)).to_contain_text("100.0 %")
    assert await find_barriers(page) == []
    await look(page, "ivr-hours")
    assert listener.complaints == []
    await page.context.close()


async def test_a_lead_sees_how_many_callers_are_at_a_step_and_not_who(
    product: Product, agents_browser: Browser
) -> None:
    """Who has come to no queue yet belongs to no team: the page was empty while the flow was full."""
    page = await (await new_context(agents_browser)).new_page()
    listener = Listener(page)
    await log_in(page, f"{product.url}/ivr", LEAD)
    async with calling(product) as (call, contact):
        await contact.tells("NodeEntered", times=2)
        await expect(page.get_by_role("table", name="来电停在哪一步")).to_contain_text("热线")
        await expect(page.get_by_role("table", name="自动服务中的来电")).to_have_count(0)
        await expect(page.get_by_text("还没到技能组的来电不属于任何班组")).to_be_visible()
        await expect(page.get_by_text("现在没有来电在本班组的技能组里")).to_be_visible()
        assert await find_barriers(page) == []
        await look(page, "ivr-status-lead")
        await call.hang_up()
    assert listener.complaints == []
    await page.context.close()


async def test_the_counters_stand_on_the_canvas_only_while_they_are_wanted(
    product: Product, agents_browser: Browser, administrator: Api, hotline: Hotline
) -> None:
    async with calling(product, to=hotline.number) as (call, contact):
        await contact.tells("NodeEntered", times=2)
        await call.hang_up()
    await contact.record(administrator)
    page = await (await new_context(agents_browser)).new_page()
    listener = Listener(page)
    await log_in(page, f"{product.url}/admin/flows/{hotline.flow}", ADMINISTRATOR)
    canvas = page.get_by_role("application", name="流程画布")
    menu = canvas.get_by_role("group", name="按键菜单")
    await expect(menu).to_be_visible()
    await expect(menu.get_by_text("进 1")).to_have_count(0)
    switch = page.get_by_role("button", name="步骤计数")
    await switch.focus()
    await page.keyboard.press("Enter")
    await expect(menu.get_by_text("进 1")).to_be_visible()
    await expect(menu.get_by_text("弃 1")).to_be_visible()
    await expect(canvas.get_by_role("group", name="挂机").get_by_text("进")).to_have_count(0)
    assert await find_barriers(page) == []
    await look(page, "canvas-counters")
    await switch.click()
    await expect(menu.get_by_text("进 1")).to_have_count(0)
    assert listener.complaints == []
    await page.context.close()
