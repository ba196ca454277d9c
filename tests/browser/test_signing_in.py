"""Two-factor and sessions, as a person lives them: set up, log in with a code, end what is open elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import Api
from tests.harness.browser import new_context
from tests.harness.desk import log_in
from tests.harness.product import DEMO_PASSWORD, Product
from zhiyin.apps.signin.codes import STEP_S, code_at

pytestmark = pytest.mark.asyncio(loop_scope="session")
USERNAME = "zhou"


async def give_code(page: Page, secret: str, *, steps_ahead: int = 0) -> None:
    """Type what the app shows; a code is taken once, so the next login needs that of the next half minute."""
    code = code_at(secret, now=datetime.now(UTC) + timedelta(seconds=STEP_S * steps_ahead))
    await page.get_by_label("验证码").fill(code)
    await page.keyboard.press("Enter")


async def test_a_user_sets_two_factor_up_logs_in_with_a_code_and_ends_the_other_session(
    agents_browser: Browser, product: Product, administrator: Api
) -> None:
    person = {"username": USERNAME, "name": "周敏", "password": DEMO_PASSWORD}
    user = administrator.ask("POST", "/users", person)["id"]
    address = f"{product.url}/me/security"
    try:
        async with await new_context(agents_browser) as here, await new_context(agents_browser) as elsewhere:
            other, page = await elsewhere.new_page(), await here.new_page()
            await log_in(other, address, USERNAME)
            await other.get_by_role("button", name="设置双因素").click()
            await other.get_by_label("登录密码").fill(DEMO_PASSWORD)
            await other.get_by_role("button", name="继续").click()
            secret = (await other.get_by_role("dialog").locator("code").inner_text()).replace(" ", "")
            await give_code(other, secret)
            codes = other.get_by_role("region", name="恢复码").get_by_role("listitem")
            await expect(codes).to_have_count(10)
            await other.get_by_role("button", name="我已保存").click()
            await expect(other.get_by_text("还剩 10 个恢复码")).to_be_visible()

            await page.goto(address)
            await page.get_by_label("公司代码").fill("demo")
            await page.get_by_label("用户名").fill(USERNAME)
            await page.get_by_label("密码").fill(DEMO_PASSWORD)
            await page.get_by_role("button", name="登录").click()
            await expect(page.get_by_label("验证码或恢复码")).to_be_visible()
            await page.reload()  # stays at its step, and nothing else is open
            await give_code(page, secret, steps_ahead=1)
            await page.wait_for_url(address)
            sessions = page.get_by_role("listitem").filter(has_text="最近使用")
            await expect(sessions).to_have_count(2)
            await sessions.get_by_role("button").click()
            await expect(sessions).to_have_count(1)
            await other.wait_for_url(f"{product.url}/login*", timeout=10_000)
    finally:
        administrator.ask("DELETE", f"/users/{user}")
