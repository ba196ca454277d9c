"""A callback booked by anybody on the public page, moved and cancelled by its own address."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.harness.api import Api
from tests.harness.product import Product
from tests.harness.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.extended]


def listed(administrator: Api) -> list[object]:
    """Return the callbacks that wait, as they are folded from the log."""
    found: list[object] = administrator.ask("GET", "/callbacks?state=open")["items"]
    return found


async def test_a_visitor_books_moves_and_cancels_a_callback(
    product: Product, visitors_browser: Browser, administrator: Api
) -> None:
    queue = administrator.ask("GET", "/queues")["items"][0]["id"]
    administrator.ask("PATCH", f"/queues/{queue}", {"callback": {"is_public": True}})
    page = await visitors_browser.new_page(locale="zh-CN")
    page.set_default_timeout(60_000)
    try:
        await page.goto(f"{product.url}/call-us/demo")
        form = page.get_by_role("form", name="预约回呼")
        hours = form.get_by_role("button", name=re.compile(r"^\d\d:00–\d\d:00$"))
        await expect(form.get_by_role("button", name="预约")).to_be_disabled()
        await hours.first.click()
        await form.get_by_label("您的电话号码").fill("13812345678")
        await form.get_by_role("button", name="预约", exact=True).click()
        booking = page.get_by_role("region", name="您的预约")
        await expect(booking.get_by_role("heading", name="已预约")).to_be_visible(timeout=60_000)
        first = page.url
        assert "/call-us/demo/booking/" in first
        await expect(booking).to_contain_text("138****5678")
        await until(lambda: listed(administrator), what="the booking in the list", within_s=60)  # else none can move it
        await booking.get_by_role("button", name="改期").click()
        await booking.get_by_role("button", name=re.compile(r"^\d\d:00–\d\d:00$")).nth(1).click()
        await booking.get_by_role("button", name="改到这个时间").click()
        await page.wait_for_url(lambda url: url != first)
        await expect(booking.get_by_role("heading", name="已预约")).to_be_visible(timeout=60_000)
        await booking.get_by_role("button", name="取消预约").click()
        await expect(booking.get_by_role("heading", name="已取消")).to_be_visible(timeout=60_000)
        await until(lambda: not listed(administrator), what="no booking in the list", within_s=60)
        await page.goto(first)
        await expect(booking.get_by_role("heading", name="已取消")).to_be_visible(timeout=60_000)
    finally:
        await page.close()
        administrator.ask("PATCH", f"/queues/{queue}", {"callback": None})
