"""A lead at the waiting line: who waits is given to one agent by keys alone, and that agent's telephone rings."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.live_page import open_live_page
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import calling
from tests.harness.desk import open_desk
from tests.harness.product import Product
from tests.harness.sip_agent import sip_agent
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_waiting_caller_is_given_to_one_agent_whose_telephone_then_rings(
    product: Product, agents_browser: Browser, visitors_browser: Browser, administrator: Api, lead: Api
) -> None:
    """Two agents work; the one who is named is busy when it is said, and gets it although the other is idle."""
    async with (
        sip_agent(product, administrator, "1002") as other,
        open_desk(agents_browser, product, "1001") as desk,
        open_live_page(visitors_browser, product) as live,
    ):
        await other.desk.do("SetNotReady", reason="meeting")
        await desk.be_ready()
        async with calling(product) as (first, _):
            await first.hears_sound()
            first.press("1")
            await desk.answer()
            async with calling(product) as (call, contact):
                await call.hears_sound()
                call.press("1")
                await contact.tells("QueueEntered")
                line = live.page.get_by_role("region", name="排队的来电")
                row = line.get_by_role("listitem")
                await expect(row).to_have_count(1)
                await row.get_by_role("link").focus()
                await live.page.keyboard.press("a")
                dialog = live.page.get_by_role("dialog")
                await dialog.get_by_label("座席").fill("王丽")
                await live.page.keyboard.press("Enter")
                await dialog.get_by_role("button", name="指派座席").click()
                await expect(row).to_contain_text("指派给 王丽")
                await contact.tells("Assigned")
                await other.desk.do("SetReady")
                await other.desk.is_in("ready")
                await first.hang_up()
                await desk.choose("示闲")
                await desk.answer()
                await call.hears_tone(AGENT_TONE_HZ)
                await other.desk.is_in("ready")
                await expect(line.get_by_role("listitem")).to_have_count(0)
                await call.hang_up()
        record = await contact.record(lead)
        talks = [segment["agent_name"] for segment in record["segments"] if segment["kind"] == "talk"]
        assert talks == ["王丽"]
        told = lead.read(f"/interactions/{contact.id}/history")["items"]
        (given,) = (entry for entry in told if entry["type"] == "Assigned")
        assert (given["supervisor_name"], given["agent_name"]) == (lead.read("/session")["user"]["name"], "王丽")
        (stay,) = lead.read(f"/interactions/{contact.id}/waits")["items"]
        assert [one["kind"] for one in stay["interventions"]] == ["Assigned"]
        await until(
            lambda: any(entry["action"] == "call.assigned" for entry in administrator.items("/audit")),
            what="the audit names the act",
        )
