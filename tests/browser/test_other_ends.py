"""The same call with other ends: an agent on a SIP telephone, and a caller on the company's call-us page."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ, Listener, hears_tone, new_context
from tests.harness.contact import calling, contacts, has_recording, listen, newer_contact
from tests.harness.desk import open_desk
from tests.harness.product import Product
from tests.harness.sip_agent import hears, telephone_of
from tests.harness.sipp import CALLER_TONE_HZ
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOUD, FAINT = 1000.0, 150.0


async def test_an_agent_on_a_sip_telephone(
    product: Product, agents_browser: Browser, administrator: Api, lead: Api
) -> None:
    """The telephone rings and is answered there; the desk shows it all the same and takes the wrap-up."""
    async with (
        telephone_of(product, administrator, "1002") as telephone,
        open_desk(agents_browser, product, "1002") as desk,
    ):
        await desk.be_ready()
        async with calling(product) as (call, contact):
            await call.hears_sound()
            call.press("1")
            card = await desk.is_offered()
            await expect(card).to_contain_text("请在话机上接听")
            ringing = await telephone.incoming.get()
            ringing.answer()
            await desk.is_in("talking")
            await call.hears_tone(AGENT_TONE_HZ, lasting_s=2)
            await until(lambda: hears(ringing, CALLER_TONE_HZ), what="the telephone hears 440 Hz")
            await ringing.hold(held=True)
            await desk.is_in("hold")
            await expect(desk.page.get_by_text("话机保持中")).to_be_visible()
            await expect(desk.button("保持中").first).to_be_disabled()
            await ringing.hold(held=False)
            await desk.is_in("talking")
            await call.hears_tone(AGENT_TONE_HZ)
            ringing.hang_up()
            assert await call.ended() == 0
        await desk.is_in("wrap_up")
        await desk.choose_disposition("订单查询")
        await desk.complete("完成")
        await desk.is_in("not_ready")
        record = await contact.record(lead, when=has_recording)
        assert (record["agent_name"], record["ended_by"], record["disposition"]) == ("李强", "agent", "咨询 / 订单查询")
        recording = listen(lead, record["recordings"][0]["id"])
        part = slice(-9600, -1600)
        assert recording.tones(CALLER_TONE_HZ, within=part) == (Above(LOUD), Below(FAINT))
        assert recording.tones(AGENT_TONE_HZ, within=part) == (Below(FAINT), Above(LOUD))
        assert desk.listener.complaints == []


async def test_a_caller_on_the_call_us_page(
    product: Product, agents_browser: Browser, visitors_browser: Browser, lead: Api
) -> None:
    """A visitor calls from a web page, presses a key there, talks, and is recorded like any caller."""
    before = contacts(product)
    async with (
        open_desk(agents_browser, product, "1001") as desk,
        await new_context(visitors_browser) as context,
    ):
        await desk.be_ready()
        page = await context.new_page()
        listener = Listener(page)
        await page.goto(f"{product.url}/call-us/demo")
        await expect(page.get_by_text("点击下方按钮")).to_be_visible()
        await page.get_by_role("button", name="开始通话").click()
        await expect(page.get_by_text("通话中", exact=True)).to_be_visible(timeout=15_000)
        await expect(page.get_by_text("点击下方按钮")).to_have_count(0)
        contact = await newer_contact(product, before)
        await page.get_by_role("button", name="1", exact=True).click()
        await desk.answer()
        await hears_tone(page, AGENT_TONE_HZ)
        await hears_tone(desk.page, CALLER_TONE_HZ)
        await contact.tells("RecordingStarted")
        await desk.hang_up()
        await expect(page.get_by_text("通话已结束")).to_be_visible()
        record = await contact.record(lead, when=has_recording)
        assert (record["outcome"], record["path"], record["number"]) == ("answered", ["1"], None)
        recording = listen(lead, record["recordings"][0]["id"])
        assert recording.tones(CALLER_TONE_HZ) == (Above(LOUD), Below(FAINT))
        assert recording.tones(AGENT_TONE_HZ) == (Below(FAINT), Above(LOUD))
        assert listener.complaints == []
        assert desk.listener.complaints == []


class Above(float):
    """Equals whatever is more: for telling an expected level in one comparison."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and other > float(self)

    __hash__ = float.__hash__


class Below(float):
    """Equals whatever is less."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and other < float(self)

    __hash__ = float.__hash__
