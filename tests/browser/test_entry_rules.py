"""Entry rules: made and put in order on their page, tried without a call, taken by real calls, and put back."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.test_ivr import GRAPH, look
from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import Listener, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in
from tests.harness.forms import choose, drawer, save
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True)
class Lines:
    """A number with a flow of its own, two other flows, a calendar that is always open, and the names of two rules.

    What was changed stands in the history for good: by names of its own each run finds what it changed itself.
    """

    number: str
    own: str
    new: str
    vip: str
    hours: str
    trial: str
    priority: str


@pytest.fixture
def lines(administrator: Api) -> Iterator[Lines]:
    mark, number = secrets.token_hex(3), f"400{secrets.randbelow(10**7):07d}"
    names = Lines(
        number,
        own=f"原热线{mark}",
        new=f"新热线{mark}",
        vip=f"贵宾热线{mark}",
        hours=f"全天{mark}",
        trial=f"新流程试用{mark}",
        priority=f"贵宾通道{mark}",
    )
    flows = {}
    for name in (names.own, names.new, names.vip):
        flows[name] = administrator.ask("POST", "/flows", {"name": name, "graph": GRAPH})["id"]
        administrator.ask("POST", f"/flows/{flows[name]}/publish")
    always = [[["00:00", "24:00"]]] * 7
    hours = administrator.ask("POST", "/hours", {"name": names.hours, "weekly": always})["id"]
    made = administrator.ask("POST", "/numbers", {"number": number, "flow_id": flows[names.own]})["id"]
    yield names
    for rule in administrator.items("/entry-rules"):
        administrator.ask("DELETE", f"/entry-rules/{rule['id']}")
    administrator.ask("DELETE", f"/numbers/{made}")
    administrator.ask("DELETE", f"/hours/{hours}")


async def make(page: Page, *, name: str, flow: str, number: str, hours: str = "", share: int = 100) -> None:
    await page.get_by_role("button", name="新建规则").first.click()
    form = drawer(page)
    await form.get_by_label("名称").fill(name)
    await choose(page, form.get_by_label("流程", exact=True), flow)
    await choose(page, form.get_by_label("被叫号码"), number)
    await page.keyboard.press("Escape")  # closes the list, not the drawer
    if hours:
        await choose(page, form.get_by_label("工作时间", exact=True), hours)
    await form.get_by_label("灰度比例").fill(str(share))
    await save(page)


async def test_rules_are_made_ordered_tried_called_and_put_back(
    product: Product, agents_browser: Browser, administrator: Api, lines: Lines
) -> None:
    page = await (await new_context(agents_browser)).new_page()
    listener = Listener(page)
    await log_in(page, f"{product.url}/admin/entries", ADMINISTRATOR)
    await expect(page.get_by_text("还没有进线规则")).to_be_visible()
    await make(page, name=lines.trial, flow=lines.new, number=lines.number, hours=lines.hours, share=50)
    await make(page, name=lines.priority, flow=lines.vip, number=lines.number)
    rows = page.get_by_role("table", name="进线规则").locator("tbody tr[data-row-key]")
    await expect(rows.first).to_contain_text(f"拨打 {lines.number}，{lines.hours} 开放时")
    # a call would take the share first; the other rule is moved before it, and switched off again
    await page.get_by_role("button", name=f"上移{lines.priority}").click()
    await expect(rows.first).to_contain_text(lines.priority)
    assert await find_barriers(page) == []
    await look(page, "entry-rules")

    async def ask(told: str) -> None:
        await choose(page, page.get_by_label("拨打"), lines.number)
        await page.get_by_role("button", name="看走哪个流程").click()
        await expect(page.get_by_text(told)).to_be_visible()

    await ask(f"按规则「{lines.priority}」进入流程「{lines.vip}」。")
    await page.get_by_role("switch", name=f"启用 {lines.priority}").click()
    await expect(page.get_by_role("switch", name=f"启用 {lines.priority}")).not_to_be_checked()
    await ask(f"50% 按规则「{lines.trial}」进入流程「{lines.new}」；其余：没有规则适用")

    flows_taken = set()
    for _ in range(2):
        async with calling(product, to=lines.number) as (call, contact):
            begun = await contact.tells("InteractionStarted")
            flows_taken.add((begun.body["entry_rule"] is None, begun.body["entry_trial"] is None))
            await call.hang_up()
        await contact.record(administrator)
    assert flows_taken <= {(False, True), (True, False)}, "each was within the share or known to be outside of it"
    await page.get_by_role("button", name="50%，看结果").click()
    contacts = drawer(page).get_by_role("row").filter(has=page.get_by_role("rowheader", name="联络", exact=True))
    await expect(contacts).to_have_text(re.compile("联络(20|11|02)"))
    assert await find_barriers(page) == []
    await look(page, "entry-results")
    await drawer(page).get_by_label("灰度比例").fill("80")
    await drawer(page).get_by_role("button", name="调整比例").click()
    await expect(drawer(page)).to_contain_text("比例 80%")
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="修改历史").click()
    changes = drawer(page).get_by_role("article")
    await expect(changes.first.get_by_role("row", name="灰度比例（%） 50 80")).to_be_visible()
    off = changes.filter(has_text=lines.priority).get_by_role("row", name="启用 是 否")
    await expect(off).to_be_visible()
    await expect(drawer(page)).not_to_contain_text(re.compile("true|false"))
    assert await find_barriers(page) == []
    await look(page, "entry-history")
    await changes.first.get_by_role("button").click()
    await page.get_by_role("tooltip").get_by_role("button", name="恢复").click()
    await expect(page.get_by_text("已恢复")).to_be_visible()
    await expect(rows.filter(has_text=lines.trial)).to_contain_text("50%，看结果")
    assert listener.complaints == []
    await page.context.close()


async def _hold(page: Page, address: str) -> asyncio.Event:
    """Keep the page's requests of an address waiting until the event is set."""
    let_go = asyncio.Event()

    async def wait(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await page.route(address, wait)
    return let_go


@pytest.mark.extended
async def test_the_drawer_of_the_first_rule_stays_until_it_is_saved(
    product: Product, agents_browser: Browser, lines: Lines
) -> None:
    """With the first rule the page loads the panel that tries rules; the drawer went away for that, and came back."""
    page = await (await new_context(agents_browser)).new_page()
    await log_in(page, f"{product.url}/admin/entries", ADMINISTRATOR)
    await page.get_by_role("button", name="新建规则").first.click()
    await drawer(page).get_by_label("名称").fill(lines.trial)
    await choose(page, drawer(page).get_by_label("流程", exact=True), lines.new)
    held = [await _hold(page, "**/assets/TryPanel-*.js"), await _hold(page, "**/api/numbers*")]
    await drawer(page).get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_role("table", name="进线规则")).to_contain_text(lines.trial)
    await expect(drawer(page)).to_be_visible()
    for each in held:
        each.set()
    await expect(drawer(page)).to_have_count(0)
    await page.context.close()
