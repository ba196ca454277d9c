"""The agent's page goes away, while it rings and while they talk, and what was typed is still there."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ, hears_tone
from tests.harness.contact import calling, has_recording
from tests.harness.desk import open_desk
from tests.harness.product import Product
from tests.harness.sipp import CALLER_TONE_HZ

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTE = "客户要求周五前回电。"


async def test_a_reload_in_mid_call_loses_nothing(product: Product, agents_browser: Browser, lead: Api) -> None:
    """The call comes back by itself, typed words stand there, and it is one contact with one conversation."""
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            await desk.note(NOTE)
            await desk.page.reload()
            await desk.is_in("talking")
            await contact.tells("AgentLegBack")
            await call.hears_tone(AGENT_TONE_HZ, lasting_s=2)
            await hears_tone(desk.page, CALLER_TONE_HZ)
            await expect(desk.note_field).to_have_value(NOTE)
            await desk.hang_up()
            assert await call.ended() == 0
        record = await contact.record(lead, when=has_recording)
        assert (record["outcome"], record["ended_by"]) == ("answered", "agent")
        assert [segment["kind"] for segment in record["segments"]] == ["queue", "talk"]


@pytest.mark.extended
async def test_a_page_closed_while_talking_keeps_the_caller(
    product: Product, agents_browser: Browser, lead: Api
) -> None:
    """The caller hears music; a page opened anew has the call again."""
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            await desk.close_page()
            await contact.tells("AgentLegLost", within_s=40)
            await call.hears_sound()
            await desk.open_page(f"{product.url}/desk")
            await contact.tells("AgentLegBack")
            await call.hears_tone(AGENT_TONE_HZ, lasting_s=2)
            await hears_tone(desk.page, CALLER_TONE_HZ)
            await call.hang_up()
        record = await contact.record(lead)
        assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
        await desk.is_in("wrap_up")


@pytest.mark.extended
async def test_a_page_closed_while_it_rings_costs_the_caller_no_place(
    product: Product, agents_browser: Browser
) -> None:
    """The offer ends, the caller waits on, and is offered again to the page that is opened anew."""
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.is_offered()
            entered = contact.at("QueueEntered")
            await desk.close_page()
            await contact.tells("OfferEnded", within_s=30)
            await desk.open_page(f"{product.url}/desk")
            await contact.tells("Offered", times=2, within_s=30)
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            assert contact.at("QueueEntered") == entered
            await call.hang_up()
        await desk.is_in("wrap_up")
