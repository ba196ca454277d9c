"""A person asks what is stored, and then to be forgotten: handed over, erased with a second person, certified."""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import Listener, new_context
from tests.harness.desk import log_in
from tests.harness.product import DEMO_PASSWORD, Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: the worker's steps follow each other, each a job of its own
ERASED_WITHIN_MS = 60_000


@pytest_asyncio.fixture(loop_scope="session")
async def second_administrator(administrator: Api) -> AsyncIterator[str]:
    """Somebody else with the right, while a second person has to agree."""
    username = f"dpo{secrets.token_hex(3)}"
    body = {"username": username, "name": "周敏", "role": "administrator", "password": DEMO_PASSWORD}
    user = administrator.ask("POST", "/users", body)
    administrator.ask("PUT", "/privacy-policy", {"needs_approval": True})
    yield username
    administrator.ask("PUT", "/privacy-policy", {"needs_approval": False})
    administrator.ask("DELETE", f"/users/{user['id']}")


async def open_page(browser: Browser, product: Product, path: str, username: str) -> tuple[Page, Listener]:
    page = await (await new_context(browser)).new_page()
    await log_in(page, f"{product.url}{path}", username)
    return page, Listener(page)


async def test_a_person_is_handed_all_data_and_then_forgotten(
    product: Product, agents_browser: Browser, administrator: Api, second_administrator: str
) -> None:
    name = f"陆{secrets.token_hex(3)}"
    customer = administrator.ask("POST", "/customers", {"name": name, "note": "养猫"})["id"]
    page, listener = await open_page(agents_browser, product, f"/customers/{customer}", ADMINISTRATOR)
    await page.get_by_role("button", name="交付数据").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="下载 ZIP").click()
    path = await (await downloading.value).path()
    assert "养猫" in zipfile.ZipFile(io.BytesIO(path.read_bytes())).read("data.json").decode()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await page.get_by_role("button", name="删除…").click()
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_contain_text("客户资料")
    await drawer.get_by_label("依据").fill("请求 47")
    await drawer.get_by_label(f"输入姓名以确认：{name}").fill("陆")
    await drawer.get_by_role("button", name="申请删除").click()
    await expect(drawer).to_contain_text("请原样输入姓名")
    assert await find_barriers(page) == []
    await drawer.get_by_label(f"输入姓名以确认：{name}").fill(name)
    await drawer.get_by_role("button", name="申请删除").click()
    await expect(page.get_by_text("待第二人同意")).to_be_visible()
    await page.get_by_role("link", name="查看申请").click()
    await expect(page.get_by_text("自己的申请须由他人审批")).to_be_visible()

    other, others = await open_page(agents_browser, product, "/erasures?state=waiting", second_administrator)
    row = other.get_by_role("row").filter(has_text=str(customer))
    await row.get_by_role("button", name="同意").click()
    await other.get_by_role("button", name="同意并删除").click()
    await expect(row).to_have_count(0)
    await page.goto(f"{product.url}/customers/{customer}")
    await expect(page.get_by_role("heading", name="此人的数据已删除")).to_be_visible(timeout=ERASED_WITHIN_MS)
    await expect(page.get_by_text(name)).to_have_count(0)
    await page.get_by_role("button", name="查看证书").click()
    await expect(page.get_by_role("heading", name="个人数据删除证书")).to_be_visible()
    await expect(page.get_by_role("article")).to_contain_text(re.compile("周敏"))
    assert await find_barriers(page) == []
    refusals = [each for each in listener.complaints if "404" not in each]  # the record that is no more
    assert refusals + others.complaints == []
    await page.context.close()
    await other.context.close()
