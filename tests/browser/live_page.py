"""The lead's page as a lead reads it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, Page, expect

from tests.harness.api import LEAD
from tests.harness.browser import Listener, new_context
from tests.harness.desk import log_in
from tests.harness.product import Product


class LivePage:
    """What stands on the page. Figures are those of all queues."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.listener = Listener(page)

    async def tile(self, name: str) -> str:
        """Return the number on the tile of that name."""
        tile = self.page.get_by_role("list", name="今日指标").get_by_role("listitem")
        texts = await tile.filter(has=self.page.get_by_role("button", name=name)).locator("p").all_inner_texts()
        return texts[1]

    async def shows_agent(self, name: str, state: str, *, within_s: float = 5) -> None:
        """Wait until the agent's card says the state."""
        await expect(self.agent(name)).to_contain_text(state, timeout=within_s * 1000)

    def agent(self, name: str) -> Locator:
        return self.page.locator("[data-tone]").filter(has_text=re.compile(rf"^{name}"))


@asynccontextmanager
async def open_live_page(browser: Browser, product: Product) -> AsyncIterator[LivePage]:
    context = await new_context(browser)
    page = await context.new_page()
    live = LivePage(page)
    try:
        await log_in(page, f"{product.url}/live", LEAD)
        await expect(page.get_by_role("list", name="今日指标")).to_be_visible()
        yield live
    finally:
        await context.close()
