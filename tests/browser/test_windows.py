"""Windows beside the desk: another system's page for the contact, and the mini window above all other programs."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import AGENT_TONE_HZ, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in, open_desk
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLER = "+8613800138001"
TEMPLATE = "https://crm.example/open?phone={number}&queue={queue}&by={agent}&call={call}"


@pytest.fixture
def no_screen_afterwards(administrator: Api) -> Iterator[None]:
    yield
    administrator.ask("PUT", "/screen-pop", {"template": ""})


async def save_address(page: Page, product: Product) -> None:
    """An administrator first tries an address that no browser shall be led to, then a good one."""
    await log_in(page, f"{product.url}/admin/screen-pop", ADMINISTRATOR)
    field = page.get_by_role("textbox", name="地址")
    await field.fill("javascript:alert(document.cookie)//{number}")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("地址不正确").first).to_be_visible()
    await field.fill(TEMPLATE)
    await page.get_by_role("radio").nth(1).check()
    await page.get_by_role("switch").click()
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存").first).to_be_visible()


@pytest.mark.extended
@pytest.mark.usefixtures("no_screen_afterwards")
async def test_the_desk_opens_another_systems_page_for_whom_the_company_lets_know_the_number(
    product: Product, agents_browser: Browser, administrator: Api
) -> None:
    async with await new_context(agents_browser) as context:
        await save_address(await context.new_page(), product)
    async with open_desk(agents_browser, product, "1003") as desk:
        pages = desk.page.context

        async def be_the_crm(route: Route) -> None:
            await route.fulfill(body="CRM", content_type="text/plain")

        await pages.route("https://crm.example/**", be_the_crm)
        await desk.be_ready()
        async with calling(product, caller=CALLER) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.is_offered()
            assert len(pages.pages) == 1, "nothing opens before the call is taken"
            async with pages.expect_page() as opening:
                await desk.answer()
            opened = await opening.value
            await opened.wait_for_url("https://crm.example/**")
            parts = urlsplit(opened.url)
            assert "%2B8613800138001" in parts.query, "a plus would be a space over there"
            told = parse_qs(parts.query)
            assert told == {"phone": [CALLER], "queue": ["售后"], "by": told["by"], "call": [contact.id]}
            assert await opened.evaluate("() => [window.opener, document.referrer]") == [None, ""]

            link = desk.page.get_by_role("link", name="在其他系统中打开")
            await expect(link).to_have_attribute("href", opened.url)
            await opened.close()
            await desk.page.reload()
            await expect(link).to_be_visible()
            assert len(pages.pages) == 1, "a reload opens nothing again"

            hidden = {"template": TEMPLATE, "opens": "tab", "tells_numbers": False}
            administrator.ask("PUT", "/screen-pop", hidden)
            await desk.page.evaluate("sessionStorage.clear()")
            await desk.page.reload()
            await expect(desk.button("在其他系统中打开")).to_be_disabled()
            assert len(pages.pages) == 1, "this agent sees no whole numbers, and so tells none"


async def test_a_call_is_worked_in_the_mini_window(product: Product, agents_browser: Browser) -> None:
    async with open_desk(agents_browser, product, "1003") as desk:
        await desk.be_ready()
        await desk.telephone_is_ready()
        async with desk.page.context.expect_page() as opening:
            await desk.button("小窗").click()
        mini = await opening.value
        await expect(mini.get_by_text("空闲")).to_be_visible()
        await expect(desk.button("小窗")).to_have_attribute("aria-pressed", "true")
        assert await mini.locator("main").evaluate("(main) => getComputedStyle(main).display") == "flex", (
            "styles are there"
        )
        async with calling(product) as (call, _):
            await call.hears_sound()
            call.press("1")
            await mini.get_by_role("button", name="接听").click()
            await desk.is_in("talking")
            await call.hears_tone(AGENT_TONE_HZ)
            await mini.get_by_role("button", name="保持", exact=True).click()
            await desk.is_in("hold")
            held = mini.get_by_role("button", name="保持中")
            await expect(held).to_have_attribute("aria-pressed", "true")
            barriers = await find_barriers(mini)
            assert barriers == [], barriers
            await held.click()
            await desk.is_in("talking")
            await mini.get_by_role("button", name="挂断").click()
            await desk.is_in("wrap_up")
            await call.ended()
        await expect(mini.get_by_text("没有来电")).to_be_visible()
        async with mini.expect_event("close"):
            await desk.page.close()
