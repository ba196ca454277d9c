"""Calls inside the company from the desk's page: to a colleague by name, to a queue by name."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.asterisk_adapter import sound
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ, hears_tone
from tests.harness.contact import contacts, newer_contact
from tests.harness.desk import Desk, open_desk
from tests.harness.product import Product
from tests.harness.sip_agent import hears, sip_agent
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

COLLEAGUE_TONE_HZ = 1700.0


async def _call_by_name(desk: Desk, name: str) -> None:
    box = desk.page.get_by_role("combobox", name="号码或姓名，回车拨号")
    await box.fill(name)
    await desk.page.locator(".ant-select-item-option").filter(has_text=name).first.click()


async def test_a_colleague_and_a_queue_are_called_from_the_desk(
    product: Product, agents_browser: Browser, administrator: Api, lead: Api
) -> None:
    """Both hear each other; hold is music for the colleague; nobody has a wrap-up, nothing counts as a contact."""
    async with (
        sip_agent(product, administrator, "1002", tone_hz=COLLEAGUE_TONE_HZ) as colleague,
        open_desk(agents_browser, product, "1001") as desk,
    ):
        await desk.sign_in()
        await desk.telephone_is_ready()
        before = contacts(product)
        await _call_by_name(desk, "李强")
        telephone = await colleague.answer()
        await desk.is_in("talking")
        await hears_tone(desk.page, COLLEAGUE_TONE_HZ)
        await until(lambda: hears(telephone, AGENT_TONE_HZ), what="the colleague hears the desk")
        await expect(desk.page.get_by_text("李强").first).to_be_visible()
        await desk.button("保持").click()
        await until(
            lambda: not hears(telephone, AGENT_TONE_HZ, least=300) and sound.rms(_last(telephone)) > 100,
            what="the colleague hears music",
        )
        await desk.button("保持中").click()
        await hears_tone(desk.page, COLLEAGUE_TONE_HZ)
        await desk.button("挂断").click()
        await desk.is_in("not_ready")
        await colleague.desk.is_in("ready")
        contact = await newer_contact(product, before)
        record = await contact.record(lead)
        assert (record["direction"], record["caller_agent_name"], record["agent_name"]) == ("internal", "王丽", "李强")

        before = contacts(product)
        await _call_by_name(desk, "售后")
        telephone = await colleague.answer()
        await desk.is_in("talking")
        await hears_tone(desk.page, COLLEAGUE_TONE_HZ)
        telephone.hang_up()
        await desk.is_in("not_ready")
        contact = await newer_contact(product, before)
        record = await contact.record(lead)
        assert (record["direction"], record["queue_name"]) == ("internal", "售后")
        assert desk.listener.complaints == []


def _last(telephone: object) -> bytes:
    heard: bytes = telephone.media.heard_pcm()  # type: ignore[attr-defined]
    return heard[-sound.RATE :]
