"""What an agent does with a running call: mute, hold, hand it on. Each is heard by the caller."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.asterisk_adapter import sound
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ, hears_tone
from tests.harness.contact import calling
from tests.harness.desk import open_desk
from tests.harness.product import Product
from tests.harness.sip_agent import hears, sip_agent
from tests.harness.sipp import CALLER_TONE_HZ, SippCall
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAINT = 100.0


async def hears_no_agent(call: SippCall, *, but: str) -> None:
    """Wait until the agent's tone is gone for a second; ``but`` says what is heard instead."""
    await until(
        lambda: sound.amplitude(call.heard(1.0), AGENT_TONE_HZ) < FAINT, what=f"the caller hears {but}, not the agent"
    )


async def test_mute_and_hold_are_heard_by_the_caller(product: Product, agents_browser: Browser, lead: Api) -> None:
    """Mute is silence and lasts through nothing else; hold is music, and is counted apart from the conversation."""
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            await desk.button("静音").click()
            await hears_no_agent(call, but="silence")
            await until(lambda: sound.rms(call.heard(0.5)) < FAINT, what="it is silent")
            await desk.button("静音中").click()
            await call.hears_tone(AGENT_TONE_HZ)
            await desk.button("保持").click()
            await hears_no_agent(call, but="music")
            await call.hears_sound()
            await desk.button("保持中").click()
            await call.hears_tone(AGENT_TONE_HZ)
            await hears_tone(desk.page, CALLER_TONE_HZ)
            await desk.hang_up()
        record = await contact.record(lead)
        hold_s = (contact.at("HoldEnded") - contact.at("HoldStarted")).total_seconds()
        whole_s = (contact.at("SegmentEnded") - contact.at("SegmentStarted")).total_seconds()
        assert record["hold_s"] == pytest.approx(hold_s, abs=0.01)
        assert record["talk_s"] == pytest.approx(whole_s - hold_s, abs=0.01)


async def test_a_call_is_handed_on_to_a_colleague(
    product: Product, agents_browser: Browser, administrator: Api, lead: Api
) -> None:
    """The caller hears the colleague; each agent has an own part of the conversation, and an own wrap-up."""
    async with (
        sip_agent(product, administrator, "1002") as colleague,
        open_desk(agents_browser, product, "1001") as desk,
    ):
        await colleague.desk.do("SetNotReady", reason="meeting")
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            await colleague.desk.do("SetReady")
            await desk.button("转接").click()
            row = desk.page.get_by_role("region", name="转接").get_by_role("listitem").filter(has_text="李强")
            await expect(row).to_contain_text("空闲")
            await row.get_by_role("button", name="转接").click()
            telephone = await colleague.answer()
            await desk.is_in("wrap_up")
            await call.hears_tone(AGENT_TONE_HZ)
            await until(lambda: hears(telephone, CALLER_TONE_HZ), what="the colleague hears the caller")
            await call.hang_up()
        await colleague.desk.is_in("wrap_up")
        record = await contact.record(lead)
        talks = [segment for segment in record["segments"] if segment["kind"] == "talk"]
        assert [(talk["agent_name"], talk["outcome"]) for talk in talks] == [
            ("王丽", "transferred"),
            ("李强", "customer_left"),
        ]
