"""A care rule made by clicking brings its task to the agent, who dials from it and says what came of it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.harness.api import LEAD, Api
from tests.harness.browser import AGENT_TONE_HZ, Listener, hears_tone, new_context
from tests.harness.carrier import ANSWERS, CARRIER_TONE_HZ, Carrier, running_carrier
from tests.harness.desk import log_in, open_desk
from tests.harness.forms import drawer, save
from tests.harness.product import HOTLINE, Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGENT = "1004"


@pytest_asyncio.fixture(loop_scope="session")
async def carrier(product: Product, administrator: Api) -> AsyncIterator[Carrier]:
    """A carrier that the demo company calls out by, for the time of a test."""
    async with running_carrier(product.sip_port) as carrier:
        trunk = {"name": f"外呼{secrets.token_hex(2)}", "host": "127.0.0.1", "port": carrier.asterisk.sip_port}
        made = administrator.ask("POST", "/trunks", trunk | {"caller_number": HOTLINE})
        before = administrator.read("/outbound")
        administrator.ask("PUT", "/outbound", before | {"trunks": [made["id"]]})
        yield carrier
        administrator.ask("PUT", "/outbound", before)
        administrator.ask("DELETE", f"/trunks/{made['id']}")


async def test_a_birthday_is_wished_by_a_call_from_the_list(
    product: Product, agents_browser: Browser, administrator: Api, carrier: Carrier
) -> None:
    mark = secrets.token_hex(3)
    today = datetime.now(ZoneInfo("Asia/Shanghai"))
    (agent,) = (user for user in administrator.items("/users") if user["username"] == AGENT)
    born = {"birthday": {"year": None, "month": today.month, "day": today.day}}
    name = f"吴用{mark}"
    customer = {"name": name, "owner_id": agent["id"], "numbers": [{"number": ANSWERS}], **born}
    known = administrator.ask("POST", "/customers", customer)

    lead = await (await new_context(agents_browser)).new_page()
    await log_in(lead, f"{product.url}/care-rules", LEAD)
    await lead.get_by_role("button", name="新建规则").first.click()
    await drawer(lead).get_by_label("名称").fill(f"生日祝福{mark}")
    await drawer(lead).get_by_label("事项").fill(f"祝生日快乐{mark}")
    await drawer(lead).get_by_label("话术").fill("祝您生日快乐，平安喜乐。")
    await drawer(lead).get_by_role("switch", name="启用").click()
    await save(lead)

    async with open_desk(agents_browser, product, AGENT) as desk:
        page = desk.page
        listener = Listener(page)
        await desk.be_ready()
        await page.get_by_role("link", name="任务").click()
        row = page.get_by_role("row").filter(has_text=name)
        await expect(row).to_contain_text(f"祝生日快乐{mark}", timeout=20_000)
        await row.get_by_role("cell", name=f"祝生日快乐{mark}").click()
        await expect(drawer(page)).to_contain_text("祝您生日快乐，平安喜乐。")
        await drawer(page).get_by_role("button", name="呼叫").click()
        call = await carrier.is_called(ANSWERS)
        await desk.is_in("talking")
        await hears_tone(page, CARRIER_TONE_HZ)
        await carrier.hears_tone(call.leg, AGENT_TONE_HZ)
        await desk.hang_up()
        await drawer(page).get_by_text("已联系上").click()
        await drawer(page).get_by_label("说明").fill("很高兴")
        await drawer(page).get_by_role("button", name="完成", exact=True).click()
        await expect(row).to_have_count(0)
        assert listener.complaints == []
        await page.goto(f"{product.url}/customers/{known['id']}")
        await expect(page.get_by_text(f"祝生日快乐{mark}")).to_be_visible()
        await page.goto(f"{product.url}/desk")
        await desk.complete()

    await lead.reload()
    await expect(lead.get_by_role("row").filter(has_text=f"生日祝福{mark}")).to_contain_text("1")
    await lead.context.close()
