"""A real centre from nothing: by the wizard and the pages alone, on a carrier's line, with what can go wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.harness.browser import AGENT_TONE_HZ, Listener, hears_tone, new_context
from tests.harness.carrier import (
    ACCOUNT,
    ANSWERS,
    BUSY,
    CARRIER_TONE_HZ,
    REFUSES,
    SECRET,
    SILENT,
    Carrier,
    running_carrier,
)
from tests.harness.desk import Desk
from tests.harness.forms import choose, close_today, drawer, make_department, make_user, open_all_day, save
from tests.harness.product import Product
from tests.harness.waiting import until

#: One story in chapters: what a chapter made stays, so that none can be told again.
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.flaky(reruns=0)]

COMPANY, NUMBER, OTHER_NUMBER = "acme", "4008765432", "4008765433"
ADMINISTRATOR, PASSWORD = "boss", "a-long-Passw0rd"


@pytest.fixture(scope="module")
def empty_product() -> Iterator[Product]:
    product = Product(options=("--no-demo",))
    try:
        product.start()
        yield product
    finally:
        product.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def carrier(empty_product: Product) -> AsyncIterator[Carrier]:
    async with running_carrier(empty_product.sip_port) as carrier:
        yield carrier


@dataclass
class Wizard:
    """The first-run pages in Chinese."""

    page: Page

    async def open_step(self, title: str) -> None:
        """Open a step's card, if the wizard has not opened it by itself."""
        header = self.page.get_by_role("button", name=re.compile(title)).first
        if await header.get_attribute("aria-expanded") != "true":
            await header.click()

    async def fill(self, **fields: str) -> None:
        for label, value in fields.items():
            await self.page.get_by_label(label, exact=True).last.fill(value)

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def is_told(self, text: str) -> None:
        await expect(self.page.get_by_text(text).first).to_be_visible(timeout=20_000)


@asynccontextmanager
async def person(browser: Browser, product: Product, username: str, password: str) -> AsyncIterator[Desk]:
    """Come to the desk in the morning and leave it in the evening."""
    context = await new_context(browser)
    page = await context.new_page()
    desk = Desk(page, username, Listener(page))
    try:
        await page.goto(f"{product.url}/desk")
        await log_in_as(page, username, password)
        await page.wait_for_url(f"{product.url}/desk")
        await desk.telephone_is_ready()
        await desk.is_in("logged_out")
        yield desk
        await desk.choose("签出")
        await desk.is_in("logged_out")
    finally:
        await context.close()


async def log_in_as(page: Page, username: str, password: str = PASSWORD) -> None:
    await page.get_by_label("公司代码").fill(COMPANY)
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("密码").fill(password)
    await page.get_by_role("button", name="登录", exact=True).click()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def boss(empty_product: Product, agents_browser: Browser) -> AsyncIterator[Page]:
    """The administrator's page, from the first visit on."""
    context = await new_context(agents_browser)
    page = await context.new_page()
    yield page
    await context.close()


async def test_the_wizard_makes_a_centre(boss: Page, empty_product: Product, carrier: Carrier) -> None:
    wizard = Wizard(boss)
    await boss.goto(empty_product.url)
    await boss.wait_for_url(re.compile("/setup"))
    await expect(boss.get_by_label("公司代码")).to_be_visible()
    await expect(boss.get_by_label("安装码")).to_have_count(0)  # who sits at the machine may do it
    await wizard.fill(公司名称="杭州测试有限公司", 公司代码=COMPANY, 姓名="管理员", 用户名=ADMINISTRATOR, 密码=PASSWORD)
    await wizard.press("建立公司")

    await wizard.open_step("线路和号码")
    await boss.get_by_text("已有运营商线路").click()
    await wizard.fill(地址="127.0.0.1", 端口=str(carrier.asterisk.sip_port), 用户名=ACCOUNT, 密码="mistyped")
    await boss.get_by_role("switch", name="向运营商注册").click()
    await wizard.fill(主叫号码=NUMBER)
    await wizard.press("添加中继")
    await wizard.is_told("中继已添加，请测试")
    await until_test_says(boss, "被拒绝")
    await boss.get_by_role("link", name="修改中继").click()
    await change_trunk(boss, 密码=SECRET)
    await until_test_says(boss, "正常")
    await boss.get_by_role("link", name="开通向导").click()

    await wizard.open_step("线路和号码")
    await wizard.fill(号码=NUMBER)
    await wizard.press("添加号码")
    await wizard.is_told("号码已添加")

    await wizard.open_step("工作时间")
    await open_all_day(boss)
    await wizard.press("保存工作时间")
    await wizard.is_told("工作时间已保存")

    await wizard.open_step("技能组")
    await boss.get_by_role("form", name="添加技能组").get_by_label("名称").fill("客服")
    await wizard.press("添加技能组")
    await wizard.is_told("技能组已添加")

    await wizard.open_step("座席")
    for username, name in (("1001", "甲一"), ("1002", "乙二")):
        form = boss.get_by_role("form", name="添加座席")
        await form.get_by_label("姓名").fill(name)
        await form.get_by_label("用户名").fill(username)
        await form.get_by_label("密码").fill(PASSWORD)
        await expect(form.get_by_title("客服").first).to_be_visible()  # the only one is chosen already
        await form.get_by_role("button", name="添加座席").click()
        await close_hand_over(boss, username)
        await expect(boss.get_by_role("list", name="已有用户").get_by_text(name)).to_be_visible()

    await wizard.open_step("来电流程")
    await wizard.press("生成并启用")
    await wizard.is_told("流程已启用，下一通来电生效")


async def test_a_call_through_the_trunk_reaches_the_second_agent_when_the_first_lets_it_ring(
    agents_browser: Browser, empty_product: Product, carrier: Carrier
) -> None:
    async with person(agents_browser, empty_product, "1001", PASSWORD) as first:
        await first.be_ready()
        leg = await carrier.call(NUMBER, caller="13800138000")
        await first.is_offered()
        async with person(agents_browser, empty_product, "1002", PASSWORD) as second:
            await second.be_ready()
            await expect(first.pill).to_contain_text("久振未接", timeout=40_000)
            await second.answer()
            await hears_tone(second.page, CARRIER_TONE_HZ)
            await carrier.hears_tone(leg, AGENT_TONE_HZ)
            await carrier.hang_up(leg)
            await second.is_in("wrap_up")
            await wrap_up(second)
    await until(
        lambda: (
            [row["outcome"] for row in empty_product.rows("SELECT outcome FROM interaction ORDER BY started_at")]
            == ["answered"]
        ),
        what="the contact stands in the record",
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (BUSY, "未接通：对方正忙"),
        pytest.param(REFUSES, "未接通：对方拒接", marks=pytest.mark.extended),
        ("0044 20 7946 0958", "不允许拨打这个号码"),
        pytest.param("12#45", "号码不正确", marks=pytest.mark.extended),
        pytest.param("hello", "不是电话号码", marks=pytest.mark.extended),
    ],
    ids=["busy", "refused", "forbidden destination", "bad number", "no number"],
)
async def test_a_call_that_does_not_come_about_is_told_in_plain_words(
    agents_browser: Browser, empty_product: Product, carrier: Carrier, number: str, words: str
) -> None:
    async with person(agents_browser, empty_product, "1001", PASSWORD) as desk:
        await desk.be_ready()
        await dial(desk.page, number)
        await expect(desk.page.get_by_text(words).first).to_be_visible(timeout=20_000)
        await desk.is_in("ready", within_s=30)


async def test_a_call_out_is_answered_and_one_that_nobody_answers_can_be_given_up(
    agents_browser: Browser, empty_product: Product, carrier: Carrier
) -> None:
    async with person(agents_browser, empty_product, "1001", PASSWORD) as desk:
        await desk.be_ready()
        await dial(desk.page, ANSWERS)
        call = await carrier.is_called(ANSWERS)
        assert call.caller == NUMBER
        await desk.is_in("talking")
        await hears_tone(desk.page, CARRIER_TONE_HZ)
        await desk.hang_up()
        await wrap_up(desk)
        await dial(desk.page, SILENT)
        await carrier.is_called(SILENT)
        await desk.button("挂断").click()
        await desk.is_in("ready")


async def test_what_is_changed_during_a_call_leaves_it_alone_and_holds_for_the_next(
    boss: Page, agents_browser: Browser, empty_product: Product, carrier: Carrier
) -> None:
    async with person(agents_browser, empty_product, "1001", PASSWORD) as desk:
        await desk.be_ready()
        talking = await carrier.call(NUMBER, caller="13800138000")
        await desk.answer()

        await boss.goto(f"{empty_product.url}/setup")
        wizard = Wizard(boss)
        await wizard.open_step("工作时间")
        await close_today(boss)
        await wizard.press("保存工作时间")
        await wizard.is_told("工作时间已保存")
        await boss.goto(f"{empty_product.url}/admin/trunks")
        await boss.get_by_role("button", name="编辑主线").click()
        await change_trunk(boss, 主叫号码=OTHER_NUMBER)
        await until_test_says(boss, "正常")

        late = await carrier.call(NUMBER, caller="13800138001")
        await until(lambda: late in carrier.ended, what="the closed message is over, and the call", within_s=30)
        await desk.is_in("talking")
        await hears_tone(desk.page, CARRIER_TONE_HZ)
        await carrier.hears_tone(talking, AGENT_TONE_HZ)
        await desk.hang_up()
        await wrap_up(desk)
        await dial(desk.page, ANSWERS)
        await until(lambda: carrier.arrived[-1].caller == OTHER_NUMBER, what="the carrier is shown the new number")
        await desk.is_in("talking")
        await desk.hang_up()
        await wrap_up(desk)
    rows = empty_product.rows(
        "SELECT body->>'reason' AS reason FROM event_log WHERE type = 'InteractionEnded' ORDER BY at"
    )
    assert [row["reason"] for row in rows[-3:]] == ["closed", "hangup", "hangup"]


async def test_a_lead_watches_listens_forces_and_sees_the_own_team_only(
    boss: Page, agents_browser: Browser, empty_product: Product, carrier: Carrier
) -> None:
    await boss.goto(f"{empty_product.url}/setup")
    wizard = Wizard(boss)
    await wizard.open_step("工作时间")
    await open_all_day(boss)
    await wizard.press("保存工作时间")
    await wizard.is_told("工作时间已保存")
    await make_lead_of_the_first_agent(boss, empty_product)

    async with (
        person(agents_browser, empty_product, "1001", PASSWORD) as desk,
        person(agents_browser, empty_product, "2001", PASSWORD) as lead,
    ):
        await lead.sign_in()
        await lead.page.get_by_role("link", name="监控").click()
        await desk.be_ready()
        card = lead.page.locator("[data-tone]").filter(has_text="甲一").first
        await expect(card).to_contain_text("空闲")
        await expect(lead.page.get_by_text("乙二")).to_have_count(0)
        await carrier.call(NUMBER, caller="13800138002")
        await desk.answer()
        await expect(card).to_contain_text("通话中")
        await lead.page.get_by_role("button", name="监管 甲一 的通话").click()
        await lead.page.get_by_role("menuitem").filter(has_text="监听").click()
        bar = lead.page.get_by_role("region", name="正在监管")
        await expect(bar).to_contain_text("甲一 与客户")
        await lead.is_in("monitoring")
        await hears_tone(lead.page, CARRIER_TONE_HZ)
        await bar.get_by_role("button", name="结束监管").click()
        await lead.is_in("not_ready")
        await desk.hang_up()
        await wrap_up(desk)
        await lead.page.get_by_role("button", name="甲一 的状态").first.click()
        await lead.page.get_by_role("menuitem", name="强制示忙").click()
        await desk.is_in("not_ready")
        await expect(lead.page.get_by_role("list", name="今日指标")).to_contain_text("1")

        for page, is_whole in ((boss, True), (lead.page, False)):
            await page.goto(f"{empty_product.url}/recordings")
            rows = page.get_by_role("row")
            await expect(rows.filter(has_text="甲一").first).to_be_visible()
            await expect(rows.filter(has_text="乙二")).to_have_count(1 if is_whole else 0)
        await lead.page.get_by_role("row").filter(has_text="甲一").first.get_by_role("button").click()
        position = lead.page.get_by_role("complementary", name="通话录音").locator("output")
        await expect(position).not_to_have_text(re.compile("^00:00"))


async def test_a_trunk_that_fails_is_told_in_plain_words(
    boss: Page, agents_browser: Browser, empty_product: Product, carrier: Carrier
) -> None:
    carrier.asterisk.kill()
    await boss.goto(f"{empty_product.url}/admin/trunks")
    await until_test_says(boss, "连不上")
    async with person(agents_browser, empty_product, "1001", PASSWORD) as desk:
        await desk.be_ready()
        await dial(desk.page, ANSWERS)
        await expect(desk.page.get_by_text("未接通：线路不通").first).to_be_visible(timeout=45_000)
        await desk.is_in("ready", within_s=45)


async def make_lead_of_the_first_agent(boss: Page, product: Product) -> None:
    """A department with a team, the first agent in it, and a lead for it; the second agent stays outside."""
    await boss.goto(f"{product.url}/admin/organisation")
    await make_department(boss, department="客服部", team="客服一组")
    await boss.goto(f"{product.url}/admin/users")
    await boss.get_by_role("button", name="编辑甲一").click()
    await choose(boss, drawer(boss).get_by_label("班组"), "客服部 / 客服一组")
    await save(boss)
    await make_user(boss, name="李班", username="2001", password=PASSWORD, role="班长", team="客服部 / 客服一组")


async def until_test_says(page: Page, state: str) -> None:
    """Press the trunk's TEST button until it says the state."""

    async def says() -> bool:
        await page.get_by_role("button", name=re.compile("^测试")).first.click()
        try:
            await expect(page.get_by_text(state).first).to_be_visible(timeout=14_000)
        except AssertionError:
            return False
        return True

    for _ in range(5):
        if await says():
            return
    raise AssertionError(f"the trunk's test never says {state}: {await page.get_by_role('main').inner_text()}")


async def change_trunk(page: Page, **fields: str) -> None:
    """Fill these fields of the trunk that stands open beside the list, and save it."""
    drawer = page.get_by_role("dialog")
    for label, text in fields.items():
        await drawer.get_by_label(label, exact=True).fill(text)
    await drawer.get_by_role("button", name="保存", exact=True).click()
    await expect(drawer).to_be_hidden()


async def close_hand_over(page: Page, username: str) -> None:
    """What the new agent logs in with is shown once; read it and close it."""
    dialog = page.get_by_role("dialog", name="登录信息")
    for part in (COMPANY, username, PASSWORD):
        await expect(dialog.get_by_text(part, exact=True)).to_be_visible()
    await dialog.get_by_role("button", name="我已记下").click()
    await expect(dialog).to_be_hidden()


async def wrap_up(desk: Desk) -> None:
    """Say what the call was about, and be ready for the next."""
    await desk.choose_disposition("产品咨询")
    await desk.complete()
    await desk.is_in("ready")


async def dial(page: Page, number: str) -> None:
    box = page.get_by_placeholder(re.compile("回车拨号"))
    await box.fill(number)
    await box.press("Enter")
