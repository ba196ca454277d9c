"""A callback booked by anybody on the public page, moved and cancelled by its own address, and reminded of."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.failures import leader
from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.waiting import until
from zhiyin.apps.testing.receiver import Receiver, receiving

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


@pytest.fixture
def provider() -> Iterator[Receiver]:
    """Whoever sends text messages for the company."""
    with receiving() as found:
        yield found


@pytest.fixture
def writing_product(provider: Receiver) -> Iterator[Product]:
    """A product that may ask the provider, which is on this machine."""
    product = Product(options=("--demo-password", DEMO_PASSWORD), environ={"ZHIYIN_INTERNAL_HOSTS": "127.0.0.1"})
    try:
        product.start(within_s=120)
        yield product
    finally:
        product.remove()


def terms(product: Product) -> int:
    """Return how many engines have led so far."""
    return len(product.rows("SELECT 1 FROM event_log WHERE type = 'EngineStarted'"))


async def test_who_booked_is_written_to_once_past_a_killed_engine_and_cancels_by_the_link(
    writing_product: Product, visitors_browser: Browser, provider: Receiver
) -> None:
    product = writing_product
    with Api(product, ADMINISTRATOR) as administrator:
        queue = administrator.items("/queues")[0]["id"]
        settings = {"kind": "sms", "base_url": provider.url, "body": '{"phone": "{{to}}", "words": "{{text}}"}'}
        made = {"name": "短信", "settings": settings, "secret": "s3cret", "is_enabled": True}
        service = administrator.ask("POST", "/external-services", made)["id"]
        words = {"text_zh": "{{day}} {{time}} {{link}}", "text_en": "{{day}} {{time}} {{link}}"}
        reminder = {"service": service, "hours_before": 1, "page": product.url, **words}
        administrator.ask("PATCH", f"/queues/{queue}", {"callback": {"is_public": True, "reminder": reminder}})
        due_at = datetime.now(UTC) + timedelta(hours=1, seconds=10)
        booked = {"queue": queue, "number": "13812345678", "due_at": due_at.isoformat()}
        administrator.ask("POST", "/callbacks", {**booked, "until": (due_at + timedelta(hours=1)).isoformat()})
        await until(lambda: provider.asked, what="the message is handed over", within_s=60)
        told = provider.asked[0].json()
        assert told["phone"] == "13812345678"
        link = re.search(r"(http\S+/call-us/demo/booking/\S+)$", told["words"])
        assert link is not None, told["words"]
        before = terms(product)
        os.kill(leader(product), signal.SIGKILL)
        await until(lambda: terms(product) > before, what="another engine leads")
        page = await visitors_browser.new_page(locale="zh-CN")
        try:
            await page.goto(link[1])
            booking = page.get_by_role("region", name="您的预约")
            await booking.get_by_role("button", name="取消预约").click(timeout=60_000)
            await expect(booking.get_by_role("heading", name="已取消")).to_be_visible(timeout=60_000)
        finally:
            await page.close()
        await until(lambda: not listed(administrator), what="no booking in the list", within_s=60)
        assert len(provider.asked) == 1, "a new engine writes to nobody again"
