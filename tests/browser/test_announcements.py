"""What a lead tells the team: a notice until each has acknowledged it, the bulletin, the forum; and other eyes."""

from __future__ import annotations

import secrets

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import LEAD, Api
from tests.harness.browser import Listener, new_context
from tests.harness.desk import log_in
from tests.harness.forms import choose, drawer, save
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGENT, AGENT_NAME = "1004", "刘洋"


async def open_page(browser: Browser, product: Product, path: str, username: str) -> Page:
    page = await (await new_context(browser)).new_page()
    await log_in(page, f"{product.url}{path}", username)
    return page


async def test_a_notice_runs_on_every_page_of_its_readers_until_they_acknowledge_it(
    product: Product, agents_browser: Browser, administrator: Api
) -> None:
    """Addressed to one of the company's own roles; the author sees who has read it the moment they have."""
    mark = f"m{secrets.token_hex(3)}"
    title, role_name = f"系统今晚维护{mark}", f"夜班座席{mark}"
    role = administrator.ask("POST", "/roles", {"name": role_name, "copy_of": "agent"})
    (agent,) = administrator.items("/users", search=AGENT)
    administrator.ask("PATCH", f"/users/{agent['id']}", {"role": role["code"]})
    reader = await open_page(agents_browser, product, "/customers", AGENT)
    listener = Listener(reader)
    author = await open_page(agents_browser, product, "/announcements", LEAD)
    await author.get_by_role("button", name="新建通知").first.click()
    await drawer(author).get_by_label("标题").fill(title)
    await drawer(author).get_by_label("内容").fill("22:00 起**不能**查账单")
    await drawer(author).get_by_text("指定读者").click()
    await choose(author, drawer(author).get_by_label("角色"), role_name)
    await author.keyboard.press("Escape")
    await drawer(author).get_by_role("button", name="保存", exact=True).click()
    await expect(author.get_by_text("1 人中已有 0 人确认")).to_be_visible()

    bar = reader.get_by_role("region", name="业务通知")
    await expect(bar).to_contain_text(f"{title} 22:00 起不能查账单")
    await bar.get_by_role("button", name="确认已读").click()
    await expect(bar).to_have_count(0)
    await expect(author.get_by_text("1 人中已有 1 人确认")).to_be_visible()
    await drawer(author).get_by_text("已确认", exact=True).click()
    await expect(drawer(author).get_by_role("listitem")).to_contain_text(AGENT_NAME)
    await expect(drawer(author).get_by_role("button", name="确认已读")).to_have_count(0)  # it is not for the author
    assert listener.complaints == []
    administrator.ask("PATCH", f"/users/{agent['id']}", {"role": "agent"})
    await reader.context.close()
    await author.context.close()


@pytest.mark.extended
async def test_the_bulletin_is_looked_up_and_the_forum_answers(product: Product, agents_browser: Browser) -> None:
    mark = f"m{secrets.token_hex(3)}"
    author = await open_page(agents_browser, product, "/announcements?tab=bulletin", LEAD)
    await author.get_by_role("button", name="新建公告").first.click()
    await drawer(author).get_by_label("标题").fill(f"请假制度{mark}")
    await drawer(author).get_by_label("内容").fill("1. 写明原因\n2. 班长批准")
    await save(author)

    asker = await open_page(agents_browser, product, f"/announcements?tab=bulletin&search={mark}", AGENT)
    listener = Listener(asker)
    await asker.get_by_role("button", name=f"请假制度{mark}").click()
    await expect(drawer(asker).get_by_role("listitem").filter(has_text="班长批准")).to_be_visible()
    await drawer(asker).get_by_role("button", name="关闭").click()
    await asker.get_by_role("tab", name="论坛").click()
    await asker.get_by_role("button", name="新建主题").first.click()
    await drawer(asker).get_by_label("主题").fill(f"保修期怎么查{mark}")
    await drawer(asker).get_by_label("内容").fill("有快捷方式吗？")
    await drawer(asker).get_by_role("button", name="发布").click()
    await expect(drawer(asker)).to_contain_text("有快捷方式吗？")

    await author.goto(f"{product.url}/announcements?tab=forum&search={mark}")
    await expect(author.get_by_role("row").filter(has_text=mark)).to_contain_text("有新帖")
    await author.get_by_role("button", name=f"保修期怎么查{mark}").click()
    await drawer(author).get_by_placeholder("写下回复").fill("在客户页的产品里")
    await drawer(author).get_by_role("button", name="回复", exact=True).click()
    await expect(drawer(author)).to_contain_text("在客户页的产品里")
    await asker.reload()
    await expect(drawer(asker)).to_contain_text("在客户页的产品里")
    assert listener.complaints == []
    await asker.context.close()
    await author.context.close()


@pytest.mark.extended
async def test_who_looks_with_other_eyes_is_offered_nothing_that_would_be_refused(
    product: Product, agents_browser: Browser, administrator: Api
) -> None:
    number = {"number": f"138{secrets.randbelow(10**8):08d}"}
    known = administrator.ask("POST", "/customers", {"name": f"林冲{secrets.token_hex(2)}", "numbers": [number]})
    page = await open_page(agents_browser, product, "/admin/users", "admin")
    listener = Listener(page)
    await page.get_by_role("button", name=f"以 {AGENT_NAME} 的身份查看").click()
    await expect(page.get_by_text(f"正在以 {AGENT_NAME}")).to_be_visible()
    await page.goto(f"{product.url}/customers/{known['id']}")
    await expect(page.get_by_role("heading", name=known["name"])).to_be_visible()
    await expect(page.get_by_role("button", name="呼叫")).to_be_disabled()
    for offered in ("修改", "写备注", "安排跟进", "记录授权"):
        await expect(page.get_by_role("button", name=offered)).to_have_count(0)
    await expect(page.locator("header button[data-state]")).to_have_count(0)
    await page.get_by_role("button", name="结束查看").click()
    await page.wait_for_url(f"{product.url}/admin/roles")
    await page.goto(f"{product.url}/customers/{known['id']}")
    await expect(page.get_by_role("button", name="修改")).to_be_visible()
    assert listener.complaints == []
    await page.context.close()
