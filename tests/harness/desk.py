"""An agent at the desk: the product's page in a real browser, used by its words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.harness.browser import Listener, new_context
from tests.harness.desk_socket import sign_out
from tests.harness.product import DEMO_PASSWORD, Product


@dataclass
class Desk:
    """One agent's page in Chinese. Its methods do what a person does, and wait for what a person would see."""

    page: Page
    username: str
    listener: Listener

    @property
    def pill(self) -> Locator:
        """The state with its timer, in the top bar."""
        return self.page.locator("header button[data-state]")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    async def choose(self, item: str) -> None:
        """Choose from the menu of states; one that is still folding up takes no click.

        A menu that a busy machine moves between pressing and letting go of the mouse stays open: choose again then.
        """
        menu = self.page.get_by_role("menu")
        await expect(menu).to_be_hidden()
        await self.pill.click()
        for _ in range(3):
            await menu.get_by_role("menuitem").filter(has_text=item).click()
            with suppress(AssertionError):
                await expect(menu).to_be_hidden(timeout=2_000)
                return
        raise AssertionError(f"the menu stays open: {item}")

    async def is_in(self, state: str, *, within_s: float = 40) -> None:
        """Wait until the pill shows the state, by its code ("ready", "wrap_up")."""
        await expect(self.pill).to_have_attribute("data-state", state, timeout=within_s * 1000)

    async def sign_in(self) -> None:
        await self.choose("签入")
        await self.is_in("not_ready")

    async def telephone_is_ready(self) -> None:
        await expect(self.page.get_by_label("电话状态: 电话已就绪")).to_be_visible()

    async def be_ready(self) -> None:
        """Sign in where that is not done, wait for the telephone, and go ready (示闲)."""
        if await self.pill.get_attribute("data-state") == "logged_out":
            await self.sign_in()
        await self.choose("示闲")
        await self.is_in("ready")

    async def is_offered(self, *, within_s: float = 40) -> Locator:
        """Wait for the ringing card."""
        card = self.page.get_by_role("alert", name="来电")
        await expect(card).to_be_visible(timeout=within_s * 1000)
        return card

    async def answer(self) -> None:
        """Answer what rings and wait for the conversation."""
        await self.is_offered()
        await self.page.get_by_role("button", name="接听").click()
        await self.is_in("talking")

    async def hang_up(self) -> None:
        await self.button("挂断").click()
        await self.is_in("wrap_up")

    @property
    def note_field(self) -> Locator:
        return self.page.get_by_role("textbox", name="通话小结")

    async def note(self, text: str) -> None:
        await self.note_field.fill(text)

    async def choose_disposition(self, words: str) -> None:
        field = self.page.get_by_role("combobox", name="业务分类")
        await field.fill(words)
        await self.page.get_by_title(words).last.click()

    async def close_page(self) -> None:
        """Close the tab as a crash does: without a word to anybody."""
        await self.page.close()

    async def open_page(self, address: str) -> None:
        """Open another tab of the same profile, still logged in."""
        self.page = await self.page.context.new_page()
        self.listener = Listener(self.page)
        await self.page.goto(address)

    async def complete(self, button: str = "完成并空闲") -> None:
        await self.page.get_by_role("button", name=button, exact=True).click()


async def log_in(page: Page, address: str, username: str) -> None:
    """Open the address, log in at the page that stands before it, and arrive there. In Chinese."""
    await page.goto(address)
    await page.get_by_label("公司代码").fill("demo")
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("密码").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url(address)


@asynccontextmanager
async def open_desk(browser: Browser, product: Product, username: str) -> AsyncIterator[Desk]:
    """Open a profile and log in. Afterwards the agent is signed out, whatever was left."""
    context: BrowserContext = await new_context(browser)
    page = await context.new_page()
    desk = Desk(page, username, Listener(page))
    try:
        await log_in(page, f"{product.url}/desk", username)
        if await desk.pill.get_attribute("data-state") != "logged_out":
            await sign_out(product, username)  # a test before this one was cut off
        await desk.is_in("logged_out")
        yield desk
    finally:
        await context.close()
        await sign_out(product, username)
