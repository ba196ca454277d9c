"""A draft of the rules at its page: asked in shadow by a real call, tried on callers, and taken back by itself."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import Listener, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in
from tests.harness.forms import choose, drawer, save
from tests.harness.product import HOTLINE, Product
from tests.harness.sip_agent import SipAgent, sip_agent
from tests.harness.sipp import sipp_call
from tests.harness.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.extended]

#: the least that the form takes, so the bound is judged after so many
LEAST = 10
#: the page asks again every 30 s
SEEN_WITHIN_MS = 60_000


@pytest.fixture
def name(administrator: Api) -> Iterator[str]:
    """The draft's name; whatever becomes of the test, it does not run on."""
    name = f"试运行{secrets.token_hex(3)}"
    yield name
    for row in administrator.items("/rule-trials", search=name):
        if row["state"] in ("shadow", "canary"):
            administrator.ask("POST", f"/rule-trials/{row['id']}/drop")


async def make_draft(page: Page, name: str) -> None:
    """A draft that gives one queue more points, and is taken back where waits are longer than a second."""
    await page.get_by_role("button", name="新建规则草稿").first.click()
    form = drawer(page)
    await form.get_by_label("名称").fill(name)
    await form.get_by_role("button", name="添加技能组").click()
    await choose(page, form.get_by_role("combobox", name="技能组"), "售后")
    await choose(page, form.get_by_role("combobox", name="改动哪些规则"), "技能组加分")
    await form.get_by_role("spinbutton", name="技能组加分").fill("100")
    await form.get_by_role("spinbutton", name="服务水平比对照低").fill("")
    await form.get_by_role("spinbutton", name="等待 P90 超过").fill("1")
    await form.get_by_role("spinbutton", name="至少多少通联络后才判断").fill(str(LEAST))
    await save(page)


async def serve_one(product: Product, agent: SipAgent) -> None:
    """A caller of the queue is served; the agent is not ready afterwards."""
    async with calling(product) as (call, contact):
        await call.hears_sound()
        call.press("1")
        await agent.answer()
        await call.hang_up()
        await agent.desk.is_in("wrap_up")
        await agent.desk.do("CompleteWrapUp", interaction=contact.id)
    await agent.desk.do("SetNotReady", reason="meeting")


async def lose_callers(product: Product, trial: int) -> None:
    """Callers of the canary who wait for more than a second and give up, until the draft's arm has enough of them."""

    def has_enough() -> bool:
        rows = product.rows(
            "SELECT 1 FROM event_log WHERE type = 'QueueEntered' AND body ->> 'trial' = %s AND body ->> 'arm' = 'draft'"
            " AND clock_timestamp() - at > interval '2 s'",
            str(trial),
        )
        return len(rows) >= LEAST

    have_waited = asyncio.Event()

    async def lose(caller: str) -> None:
        async with sipp_call(product.sip_port, to=HOTLINE, caller=caller) as call:
            await call.hears_sound()
            call.press("1")
            await have_waited.wait()

    async with asyncio.TaskGroup() as callers:
        for number in range(LEAST + 3):  # one in a hundred is in the other arm
            callers.create_task(lose(f"138001380{number:02}"))
        await until(has_enough, what="enough callers have waited", within_s=90)
        have_waited.set()


async def begin_canary(page: Page, trial: Locator) -> None:
    await trial.get_by_role("button", name="开始灰度").click()
    asked = page.get_by_role("tooltip")
    await asked.get_by_label("灰度比例（百分比）").fill("99")
    await asked.get_by_role("button", name="开始灰度").click()


async def test_a_draft_is_made_asked_in_shadow_tried_on_callers_and_taken_back(
    product: Product, agents_browser: Browser, administrator: Api, name: str
) -> None:
    page = await (await new_context(agents_browser)).new_page()
    listener = Listener(page)
    await log_in(page, f"{product.url}/admin/rule-trials", ADMINISTRATOR)
    await make_draft(page, name)
    await page.get_by_role("link", name=name).click()
    trial = drawer(page)
    await expect(trial.get_by_text("技能组加分")).to_be_visible()
    await trial.get_by_role("button", name="开始影子运行").click()
    await expect(trial.get_by_text("影子运行中")).to_be_visible()
    (made,) = administrator.items("/rule-trials", search=name)
    async with sip_agent(product, administrator, "1002") as agent:
        await serve_one(product, agent)
        shadow = trial.get_by_role("region", name="影子：草稿会怎样派")
        await expect(shadow).to_contain_text("比对的派单1", timeout=SEEN_WITHIN_MS)
        await expect(shadow).to_contain_text("不同0")
        await begin_canary(page, trial)
        await expect(trial.get_by_text("灰度中（99 %）")).to_be_visible()
        await lose_callers(product, made["id"])
    # nobody touches the page: it is told by itself
    await expect(trial.get_by_text("已自动退回", exact=True)).to_be_visible(timeout=SEEN_WITHIN_MS)
    await expect(trial.get_by_role("alert").filter(has_text="等待 P90 为")).to_contain_text("界限 1 秒")
    canary = trial.get_by_role("region", name="灰度：两组对照")
    await expect(canary.get_by_role("row", name="放弃率")).to_contain_text("100.0 %", timeout=SEEN_WITHIN_MS)
    await expect(canary.get_by_role("row", name="参评数").get_by_role("cell").first).to_have_text("0")
    await expect(canary.get_by_role("row", name="平均得分率").get_by_role("cell").first).to_have_text("–")
    assert await find_barriers(page) == []  # once: headings that left out a level
    (ended,) = administrator.items("/rule-trials", search=name)
    assert (ended["state"], ended["breach"]["reason"]) == ("returned", "wait_p90")
    assert listener.complaints == []
    await page.context.close()
