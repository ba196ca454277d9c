"""A server that has no company, open to the network: only who started it names it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.harness.axe import find_barriers
from tests.harness.browser import new_context
from tests.harness.product import Product

#: One story in chapters: a company that was made stays.
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.flaky(reruns=0)]

_LINK = re.compile(r"^ +https?://[\d.]+:\d+(/setup#code=([A-Z2-9]{5}-[A-Z2-9]{5}))$")


@pytest.fixture(scope="module")
def open_product() -> Iterator[Product]:
    product = Product(host="0.0.0.0", options=("--no-demo",))
    try:
        product.start()
        yield product
    finally:
        product.remove()


@pytest_asyncio.fixture(loop_scope="session")
async def page(agents_browser: Browser) -> AsyncIterator[Page]:
    context = await new_context(agents_browser)
    yield await context.new_page()
    await context.close()


def told_link(product: Product) -> tuple[str, str]:
    """Return the path that the start told, and the code in it."""
    found = [match for line in product.said if (match := _LINK.match(line))]
    assert found, product.said
    return found[0][1], found[0][2]


async def fill_company(page: Page) -> None:
    fields = {
        "公司名称": "杭州测试有限公司",
        "公司代码": "acme",
        "姓名": "管理员",
        "用户名": "boss",
        "密码": "a-long-Passw0rd",
    }
    for label, value in fields.items():
        await page.get_by_label(label, exact=True).fill(value)


async def test_who_started_the_server_makes_the_company_and_a_quicker_stranger_does_not(
    open_product: Product, page: Page
) -> None:
    """Whoever opened the page first once became the administrator of a server on the internet."""
    path, code = told_link(open_product)
    field = page.get_by_label("安装码", exact=True)
    await page.goto(open_product.url)
    await page.wait_for_url(f"{open_product.url}/setup")
    await expect(field).to_be_focused()
    await fill_company(page)
    await field.fill("ABCDE-FGHJK")
    await page.get_by_role("button", name="建立公司").click()
    await expect(page.get_by_text("这不是最近一次启动的安装码")).to_have_count(1)
    await expect(field).to_be_focused()
    assert await find_barriers(page) == []

    await page.goto("about:blank")
    await page.goto(open_product.url + path)
    await expect(field).to_have_value(code)
    await page.wait_for_url(f"{open_product.url}/setup")
    assert code not in await page.evaluate("location.href")
    await fill_company(page)
    await page.get_by_role("button", name="建立公司").click()
    await page.wait_for_url(f"{open_product.url}/admin/setup")

    everything = "".join(file.read_text(errors="replace") for file in (open_product.data / "log").iterdir())
    assert "setup_code_wrong" in everything
    assert not any(part in everything for part in (code, *code.split("-")))
    assert not rows_with(open_product, code)


def rows_with(product: Product, code: str) -> list[dict[str, Any]]:
    return [row for row in product.rows("SELECT name, value FROM installation") if code in row["value"]]


@pytest.mark.extended
async def test_a_later_start_says_a_code_no_more(open_product: Product) -> None:
    open_product.stop()
    open_product.said.clear()
    open_product.start()
    assert not any("安装码" in line for line in open_product.said)
