"""Two stories of people and customers: who may see what, and what colleagues tell each other of a customer."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import LEAD, Api
from tests.harness.browser import Listener, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in, open_desk
from tests.harness.forms import choose, drawer, make_department, make_user, save
from tests.harness.product import DEMO_PASSWORD, Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGENT, LEAD_NAME = "1004", "孙红梅"


async def open_page(browser: Browser, product: Product, path: str, username: str) -> Page:
    page = await (await new_context(browser)).new_page()
    await log_in(page, f"{product.url}{path}", username)
    return page


async def make_place_and_role(page: Page, product: Product, *, department: str, team: str, role: str) -> None:
    """An administrator makes a department with a team, and a role that sees its own customers and nothing else."""
    await make_department(page, department=department, team=team)
    await page.goto(f"{product.url}/admin/roles")
    await page.get_by_role("button", name="新建角色").click()
    await drawer(page).get_by_label("名称", exact=True).fill(role)
    await save(page)
    await choose(page, page.get_by_role("combobox", name=f"{role}：查看客户"), "本人")
    await expect(page.get_by_text(f"已保存“{role}”").first).to_be_visible()


@pytest.mark.extended
async def test_a_new_user_sees_what_the_new_role_lets_see(
    product: Product, agents_browser: Browser, administrator: Api
) -> None:
    """Department, team, role with rights and scope, and a user in them, all by clicking; then with that user's eyes."""
    mark = secrets.token_hex(3)
    department, team, role, username = f"回访部{mark}", f"回访组{mark}", f"回访员{mark}", f"hf{mark}"
    page = await open_page(agents_browser, product, "/admin/organisation", "admin")
    listener = Listener(page)
    await make_place_and_role(page, product, department=department, team=team, role=role)
    await page.goto(f"{product.url}/admin/users")
    place = f"{department} / {team}"
    await make_user(page, name="周小红", username=username, password=DEMO_PASSWORD, role=role, team=place)
    assert listener.complaints == []
    await page.context.close()

    user = administrator.items("/users", search=username)[0]
    colleague = administrator.items("/users", search=AGENT)[0]
    own, other = administrator.items("/customers")[:2]
    for customer, owner in ((own, user), (other, colleague)):
        administrator.ask("PATCH", f"/customers/{customer['id']}", {"owner_id": owner["id"]})
    theirs = await open_page(agents_browser, product, "/customers", username)
    listener = Listener(theirs)
    rows = theirs.get_by_role("table").get_by_role("row")
    await expect(rows.filter(has_text=own["name"])).to_be_visible()
    await expect(rows.filter(has_text=other["name"])).to_have_count(0)
    assert await theirs.get_by_role("navigation").first.get_by_role("link").all_inner_texts() == ["客户", "任务"]
    await theirs.goto(f"{product.url}/customers/{own['id']}")
    await expect(theirs.get_by_role("heading", name=own["name"])).to_be_visible()
    await expect(theirs.get_by_role("button", name="修改")).to_have_count(0)  # the role may look only
    await theirs.goto(f"{product.url}/admin/roles")
    await expect(theirs).to_have_url(re.compile("/customers$"))
    assert listener.complaints == []
    await theirs.context.close()
    for customer in (own, other):
        administrator.ask("PATCH", f"/customers/{customer['id']}", {"owner_id": None})


async def test_an_unknown_caller_becomes_a_customer_of_whom_colleagues_tell_each_other(
    product: Product, agents_browser: Browser
) -> None:
    """Form for an unknown caller, note with a mention, the colleague's bell, follow-up with reminder, page of tasks."""
    name, subject = f"秦{secrets.token_hex(3)}", "报延保价格"
    colleague = await open_page(agents_browser, product, "/live", LEAD)
    async with open_desk(agents_browser, product, AGENT) as desk:
        page = desk.page
        await desk.be_ready()
        async with calling(product, caller=f"137{secrets.randbelow(10**8):08d}") as (call, _):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await page.get_by_label("姓名").fill(name)
            await page.get_by_role("button", name="保存客户").click()
            await expect(page.get_by_role("heading", name=name).first).to_be_visible()
            await desk.hang_up()
        await desk.complete()

        await page.goto(f"{product.url}/customers?search={name}")
        await page.get_by_role("link", name=name).click()
        await page.get_by_role("button", name="写备注").click()
        await page.get_by_role("textbox", name="写备注").press_sequentially("请 @shm")
        await page.get_by_role("menuitem", name=LEAD_NAME).click()
        await page.keyboard.type("看看报价")
        await page.get_by_role("button", name="保存备注").click()
        await expect(page.get_by_text("看看报价")).to_be_visible()

        await page.get_by_role("button", name="安排跟进").click()
        await drawer(page).get_by_label("要做什么").fill(subject)
        await drawer(page).get_by_label("什么时候").fill(f"{datetime.now(UTC).year + 1}-01-05T10:00")
        await choose(page, drawer(page).get_by_label("提醒"), "提前 1 天")
        await save(page)
        await page.goto(f"{product.url}/tasks?when=coming&search={name}")
        row = page.get_by_role("row").filter(has_text=subject)
        await row.get_by_role("cell", name=subject).click()
        await drawer(page).get_by_text("已联系上").click()
        await drawer(page).get_by_role("button", name="完成", exact=True).click()
        await expect(row).to_have_count(0)
        assert desk.listener.complaints == []

    await colleague.get_by_role("button", name=re.compile("^消息")).click()
    await colleague.get_by_role("button", name=re.compile(f"{name}")).first.click()
    await expect(colleague.get_by_role("heading", name=name)).to_be_visible()
    await expect(colleague.get_by_text("看看报价")).to_be_visible()
    await colleague.context.close()
