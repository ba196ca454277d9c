"""Finding what was: customers, contacts with their history, missed calls, recordings. On a real call's record."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import LEAD, Api
from tests.harness.browser import AGENT_TONE_HZ, Listener, new_context
from tests.harness.contact import calling, has_recording
from tests.harness.desk import log_in, open_desk
from tests.harness.product import Product
from zhiyin.apps.setup.demo_people import CUSTOMERS

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUSTOMER_NAME, CUSTOMER_NUMBER = CUSTOMERS[1][0], CUSTOMERS[1][4]
AGENT, AGENT_NAME = "1003", "张敏"
STRANGER, STRANGER_SHOWN = "13688887777", "136 8888 7777"


async def open_page(browser: Browser, product: Product, path: str, username: str) -> tuple[Page, Listener]:
    context = await new_context(browser)
    page = await context.new_page()
    listener = Listener(page)
    await log_in(page, f"{product.url}{path}", username)
    return page, listener


async def test_a_missed_call_is_listed_explained_and_marked_done(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    async with open_desk(agents_browser, product, AGENT) as desk:
        await desk.sign_in()  # not ready: the caller may wait, and nobody is offered the call
        async with calling(product, caller=STRANGER) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await contact.tells("QueueEntered")
            await call.hang_up()
    await contact.record(lead)

    page, listener = await open_page(agents_browser, product, "/interactions", LEAD)
    await page.get_by_text("未接待处理").click()
    row = page.get_by_role("row").filter(has_text=STRANGER_SHOWN).first
    await row.get_by_role("link").first.click()
    await expect(page).to_have_url(re.compile(f"/interactions/{contact.id}$"))
    history = page.get_by_role("listitem")
    for told in (
        "联络开始",
        "客户按 1（售后）",
        "进入“售后”排队",
        "离开“售后”的排队：客户放弃",
        "联络结束，客户：挂断",
    ):
        await expect(history.filter(has_text=told).last).to_be_visible()
    await page.get_by_role("button", name="已处理").click()
    await expect(page.get_by_text("孙红梅已处理")).to_be_visible()
    await page.goto(f"{product.url}/interactions?view=missed&search={STRANGER}")
    await expect(page.get_by_text("没有找到")).to_be_visible()
    assert lead.read(f"/interactions/{contact.id}")["is_handled"]
    assert listener.complaints == []
    await page.context.close()


async def test_an_answered_call_tells_why_the_agent_was_chosen_and_is_heard_again(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    async with open_desk(agents_browser, product, AGENT) as desk:
        await desk.be_ready()
        async with calling(product, caller=CUSTOMER_NUMBER) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ, lasting_s=4)
            await call.hang_up()
        await desk.is_in("wrap_up")
        await desk.complete()
    await contact.record(lead, when=has_recording)

    page, listener = await open_page(agents_browser, product, "/recordings", LEAD)
    row = page.get_by_role("row").filter(has=page.locator(f"a[href$='{contact.id}']"))
    await row.get_by_role("button").click()
    dock = page.get_by_role("complementary", name="通话录音")
    position = dock.locator("output")
    await expect(position).not_to_have_text(re.compile("^00:00"))  # it began to play by itself
    await dock.get_by_role("link", name=CUSTOMER_NAME).click()
    await expect(page.get_by_role("heading", name=CUSTOMER_NAME)).to_be_visible()
    await page.get_by_text("为什么派给这位座席").click()
    await expect(page.get_by_text("规则：空闲最久者优先")).to_be_visible()
    await expect(page.get_by_text(f"{AGENT_NAME}与客户开始通话")).to_be_visible()
    await expect(page.get_by_label(re.compile("的通话录音$"))).to_be_visible()
    assert listener.complaints == []
    await page.context.close()


async def test_an_agent_finds_a_customer_and_changes_one_without_seeing_the_number(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    page, listener = await open_page(agents_browser, product, "/customers", AGENT)
    search = page.get_by_placeholder("姓名、拼音首字母或号码")
    await search.fill(CUSTOMER_NUMBER[-4:])
    await expect(page).to_have_url(re.compile("search="))
    await page.get_by_role("link", name=CUSTOMER_NAME).click()
    numbers = page.get_by_label("电话", exact=True)
    await expect(numbers).to_contain_text("****")
    await expect(page.locator("body")).not_to_contain_text(CUSTOMER_NUMBER[3:7])

    await page.get_by_role("button", name="修改").click()
    await page.get_by_label("单位").fill("云帆科技")
    await page.get_by_role("button", name="添加号码").click()
    added = page.get_by_label(re.compile(r"^电话 \d+$")).last
    await added.fill("021**")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("号码不正确，请检查后再拨。").last).to_be_visible()
    await added.fill("021-5555 1234")
    await page.get_by_role("button", name="保存").click()
    await expect(numbers).to_contain_text("021")

    customer = page.url.rsplit("/", 1)[-1]
    stored = lead.read(f"/customers/{customer}")
    assert stored["company"] == "云帆科技"
    assert [each["number"] for each in stored["numbers"]] == [f"+86{CUSTOMER_NUMBER}", "+862155551234"]
    assert [text for text in listener.complaints if "400" not in text] == []  # the refusal that was provoked
    await page.context.close()
