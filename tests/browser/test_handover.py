"""Several parties in one call, by the pages: consulting, three at once, handing over, parking; and a lead beside it."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.asterisk_adapter import sound
from tests.harness.api import LEAD, Api
from tests.harness.browser import AGENT_TONE_HZ, hears_tone
from tests.harness.contact import calling
from tests.harness.desk import Desk, open_desk
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, hears, sip_agent
from tests.harness.sipp import CALLER_TONE_HZ
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAINT = 100.0


async def test_a_colleague_is_consulted_joined_and_given_the_customer(
    product: Product, agents_browser: Browser, administrator: Api, lead: Api
) -> None:
    """What the card says of who hears whom is what they hear; the note stands where the colleague sees it."""
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
            await _is_told_of_a_refusal(desk, colleague, contact.id)
            await call.hears_tone(AGENT_TONE_HZ)
            await colleague.desk.do("SetReady")
            await desk.button("转接").click()
            panel = desk.page.get_by_role("region", name="转接到")
            await panel.get_by_label("备注（给下一位）").fill("问发票抬头")
            await panel.get_by_role("button", name="咨询 李强").click()
            card = desk.page.get_by_role("region", name="多方通话")
            await expect(card.get_by_role("listitem").filter(has_text="李强")).to_contain_text("振铃中")
            telephone = await colleague.rings()
            await until(lambda: colleague.desk.mine[contact.id]["consult"]["note"] == "问发票抬头", what="the note")
            telephone.answer()
            await expect(card.get_by_role("listitem").filter(has_text="李强")).to_contain_text("与您通话")
            await expect(card.get_by_role("listitem").filter(has_text="客户")).to_contain_text("在听音乐")
            await until(lambda: sound.amplitude(call.heard(1.0), AGENT_TONE_HZ) < FAINT, what="music for the caller")
            await card.get_by_role("button", name="三方").click()
            await expect(card.get_by_role("listitem").filter(has_text="客户")).to_contain_text("三方通话")
            await until(lambda: hears(telephone, CALLER_TONE_HZ, least=500), what="the colleague hears the caller")
            await call.hears_tone(AGENT_TONE_HZ)
            await card.get_by_role("button", name="转出").click()
            await desk.is_in("wrap_up")
            await expect(card).to_be_hidden()
            await colleague.desk.is_in("talking")
            await call.hang_up()
        record = await contact.record(lead)
        talks = [segment for segment in record["segments"] if segment["kind"] == "talk"]
        assert [(talk["agent_name"], talk["outcome"]) for talk in talks] == [
            ("王丽", "transferred"),
            ("李强", "customer_left"),
        ]


async def _is_told_of_a_refusal(desk: Desk, colleague: SipAgent, interaction: str) -> None:
    """The colleague refuses: the page says so and that the customer still hears music, and leads back to him.

    It used to say nothing: the card went away, and an agent who looked elsewhere left the customer with the music.
    """
    await colleague.desk.do("SetReady")
    await desk.button("转接").click()
    await desk.page.get_by_role("button", name="咨询 李强").click()
    await colleague.rings()
    await until(lambda: colleague.desk.mine[interaction]["offers"], what="the offer is told")
    (offer,) = colleague.desk.mine[interaction]["offers"]
    await colleague.desk.do("RejectOffer", offer=offer["offer"])
    told = desk.page.get_by_role("status", name="转接没有成功")
    await expect(told).to_contain_text("没有接通 李强：对方拒接。")
    await expect(told).to_contain_text("客户仍在听音乐。")
    await told.get_by_role("button", name="恢复通话").click()
    await desk.is_in("talking")
    await expect(told).to_be_hidden()


async def test_a_note_stays_in_sight_of_who_serves_the_customer_now(
    product: Product, agents_browser: Browser, administrator: Api
) -> None:
    """It stood on the ringing card alone, and was gone as soon as the call was answered; parking dropped it."""
    async with (
        sip_agent(product, administrator, "1002") as colleague,
        open_desk(agents_browser, product, "1001") as desk,
    ):
        await desk.sign_in()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await colleague.answer()
            await colleague.desk.do("Park", interaction=contact.id, note="等仓库答复，客户姓周")
            await desk.page.get_by_text("排队", exact=False).first.click()
            await desk.page.get_by_role("button", name="取回驻留 701").click()
            await desk.is_in("talking")
            note = desk.page.get_by_role("region", name="李强 转给您")
            await expect(note).to_contain_text("等仓库答复，客户姓周")
            await desk.hang_up()
            await expect(note).to_be_visible()
            await desk.complete()


async def test_a_call_is_parked_and_fetched_by_its_slot(product: Product, agents_browser: Browser, lead: Api) -> None:
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            await desk.button("转接").click()
            await desk.page.get_by_role("button", name="驻留", exact=True).click()
            await expect(desk.page.get_by_text("已驻留在 701")).to_be_visible()
            await desk.is_in("wrap_up")
            await until(lambda: sound.amplitude(call.heard(1.0), AGENT_TONE_HZ) < FAINT, what="music for the caller")
            await desk.complete()
            await desk.page.get_by_text("排队", exact=False).first.click()
            await desk.page.get_by_role("button", name="取回驻留 701").click()
            await desk.is_in("talking")
            await call.hears_tone(AGENT_TONE_HZ)
            await desk.hang_up()
        record = await contact.record(lead)
        assert [s["kind"] for s in record["segments"] if s["kind"] in ("talk", "park")] == ["talk", "park", "talk"]


async def test_a_lead_listens_barges_in_and_takes_over(
    product: Product, agents_browser: Browser, visitors_browser: Browser, lead: Api
) -> None:
    """From the live page: the lead's own telephone is put beside the call, and the way out is in sight."""
    async with (
        open_desk(agents_browser, product, "1001") as desk,
        open_desk(visitors_browser, product, LEAD) as leader,
    ):
        await leader.telephone_is_ready()
        await leader.page.get_by_role("link", name="监控").click()
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            await desk.answer()
            await call.hears_tone(AGENT_TONE_HZ)
            await leader.page.get_by_role("button", name="监管 王丽 的通话").click()
            await leader.page.get_by_role("menuitem").filter(has_text="监听").click()
            bar = leader.page.get_by_role("region", name="正在监管")
            await expect(bar).to_contain_text("王丽 与客户")
            await contact.tells("MonitoringAnswered")
            await hears_tone(leader.page, AGENT_TONE_HZ)
            await expect(desk.page.get_by_text("监管")).to_have_count(0)
            await bar.get_by_text("强插").click()
            await contact.tells("MonitoringChanged")
            await bar.get_by_role("button", name="拦截").click()
            await desk.is_in("wrap_up")
            await expect(desk.page.get_by_role("status").filter(has_text="拦截了这通电话")).to_be_visible()
            await leader.is_in("talking")
            await call.hears_tone(CALLER_TONE_HZ)
            await leader.hang_up()
        record = await contact.record(lead)
        talks = [segment for segment in record["segments"] if segment["kind"] == "talk"]
        assert [talk["outcome"] for talk in talks] == ["taken_over", "agent_left"]
