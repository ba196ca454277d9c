"""One customer and several, in a real browser: two editors of one, two records that are one, one number of two."""

from __future__ import annotations

import secrets

import pytest
from playwright.async_api import Browser, Page, expect

from tests.harness.api import LEAD, Api
from tests.harness.browser import Listener, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in, open_desk
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGENT = "1004"


async def open_page(browser: Browser, product: Product, path: str) -> Page:
    page = await (await new_context(browser)).new_page()
    await log_in(page, f"{product.url}{path}", LEAD)
    return page


async def test_the_second_of_two_editors_chooses_field_by_field_and_loses_nothing(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    made = lead.ask("POST", "/customers", {"name": "宋江南", "note": "原来的", "company": "水泊"})
    page = await open_page(agents_browser, product, f"/customers/{made['id']}")
    await page.get_by_role("button", name="修改", exact=True).click()
    form = page.get_by_role("dialog", name="宋江南")
    await form.get_by_label("备注").fill("我写的")
    await form.get_by_label("单位").fill("梁山")
    lead.ask("PATCH", f"/customers/{made['id']}", {"note": "同事写的", "name": "宋江", "version": made["version"]})
    await form.get_by_role("button", name="保存").click()

    question = page.get_by_role("dialog", name="别人也改了这位客户")
    await expect(question).to_contain_text("修改了：姓名、备注")
    await question.get_by_role("button", name="回到表单").click()
    await expect(form.get_by_label("备注")).to_have_value("我写的")
    await form.get_by_role("button", name="保存").click()
    await question.get_by_role("radio", name="备注用对方的").check()
    await question.get_by_role("button", name="按选择保存").click()

    await expect(form).to_be_hidden()
    await expect(page.get_by_role("heading", name="宋江", exact=True)).to_be_visible()
    saved = lead.read(f"/customers/{made['id']}")
    assert (saved["name"], saved["company"], saved["note"]) == ("宋江", "梁山", "同事写的")
    await page.context.close()


async def test_two_records_of_one_customer_are_merged_and_parted_again(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    """Found, compared, merged with a value of the other's; undone: both are there, and so is their pair."""
    mark, number = f"m{secrets.token_hex(3)}", f"139{secrets.randbelow(10**8):08d}"
    kept, other = f"卢俊{mark}", f"卢俊义{mark}"
    numbers = [{"number": number}]
    one = lead.ask(
        "POST", "/customers", {"name": kept, "company": "河北", "numbers": numbers, "emails": [f"{mark}@a.cn"]}
    )
    two = lead.ask(
        "POST", "/customers", {"name": other, "company": "大名府", "numbers": numbers, "emails": [f"{mark}@a.cn"]}
    )
    page = await open_page(agents_browser, product, f"/customers/duplicates?search={mark}")
    listener = Listener(page)
    await page.get_by_role("button", name="查找重复客户").click()
    pair = page.get_by_role("row").filter(has_text=other)
    await expect(pair).to_contain_text("号码相同")

    await pair.get_by_role("button", name="合并…").click()
    dialog = page.get_by_role("dialog", name="合并两个客户")
    await dialog.get_by_role("radio", name="单位：大名府").check()
    await dialog.get_by_role("button", name="合并", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(pair).to_have_count(0)
    merged = lead.read(f"/customers/{two['id']}")
    assert (merged["id"], merged["name"], merged["company"]) == (one["id"], kept, "大名府")

    await page.get_by_role("tab", name="合并记录").click()
    row = page.get_by_role("row").filter(has_text=other)
    await row.get_by_role("button", name="撤销合并").click()
    await page.get_by_role("tooltip").get_by_role("button", name="撤销合并").click()
    await expect(row).to_contain_text("已撤销")
    await page.get_by_role("tab", name="待处理").click()
    await expect(pair).to_contain_text(kept)
    found = [lead.read(f"/customers/{each['id']}") for each in (one, two)]
    assert [(each["name"], each["company"]) for each in found] == [(kept, "河北"), (other, "大名府")]
    assert listener.complaints == []
    await page.context.close()


async def test_a_number_of_two_customers_is_asked_whose_call_it_is(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    number = f"138{secrets.randbelow(10**8):08d}"
    for name, company in (("秦明", "青州"), ("花荣", "清风寨")):
        lead.ask("POST", "/customers", {"name": name, "company": company, "numbers": [{"number": number}]})
    async with open_desk(agents_browser, product, AGENT) as desk:
        await desk.be_ready()
        async with calling(product, caller=number) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            page = desk.page
            await expect(page.get_by_role("heading", name="这个号码有 2 位客户")).to_be_visible()
            await expect(page.get_by_text("清风寨")).to_be_visible()
            await page.get_by_role("button", name="花荣").click()
            await expect(page.get_by_role("tabpanel", name="客户").get_by_role("heading", name="花荣")).to_be_visible()
            await desk.hang_up()
        await desk.complete()
        record = await contact.record(lead)
        assert record["customer"]["name"] == "花荣"
        assert desk.listener.complaints == []
