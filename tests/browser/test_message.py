"""A voice message at the desk: it rings like a call, is listened to, called back on the same contact, and done."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.harness.api import Api
from tests.harness.axe import find_barriers
from tests.harness.browser import AGENT_TONE_HZ, hears_tone
from tests.harness.carrier import ACCOUNT, ANSWERS, CARRIER_TONE_HZ, SECRET, Carrier, running_carrier
from tests.harness.contact import calling
from tests.harness.desk import open_desk
from tests.harness.product import Product
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUEUE = "售后"
SAID_FOR = timedelta(seconds=4)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def carrier(product: Product, administrator: Api) -> AsyncIterator[Carrier]:
    """There is a way out, and who finds nobody in the queue is asked for a message."""
    (queue,) = (each for each in administrator.items("/queues") if each["name"] == QUEUE)
    asks = {"condition": "nobody_ready", "threshold": 0, "action": "message"}
    fields = {"overflow": [asks], "voicemail": {"is_offered": False}}
    async with running_carrier(product.sip_port) as carrier:
        way = {"host": "127.0.0.1", "port": carrier.asterisk.sip_port, "username": ACCOUNT, "secret": SECRET}
        trunk = administrator.ask(
            "POST", "/trunks", {"name": f"出局{secrets.token_hex(2)}", "caller_number": "4008001234", **way}
        )
        policy = administrator.read("/outbound")
        administrator.ask("PUT", "/outbound", {**policy, "trunks": [trunk["id"]]})
        administrator.ask("PATCH", f"/queues/{queue['id']}", fields)
        yield carrier
        administrator.ask("PATCH", f"/queues/{queue['id']}", {name: queue[name] for name in fields})
        administrator.ask("PUT", "/outbound", policy)
        administrator.ask("DELETE", f"/trunks/{trunk['id']}")


async def test_a_message_is_listened_to_called_back_and_done(
    product: Product, agents_browser: Browser, administrator: Api, carrier: Carrier
) -> None:
    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.sign_in()
        await desk.telephone_is_ready()
        async with calling(product, caller=ANSWERS) as (call, contact):
            await call.hears_sound()
            call.press("1")
            began_at = (await contact.tells("RecordingStarted", within_s=40)).at
            await until(lambda: datetime.now(UTC) - began_at > SAID_FOR, what="something is said", within_s=20)
            await call.hang_up()
        assert (await contact.tells("MessageEnded")).body["outcome"] == "left"

        await desk.choose("示闲")
        await desk.answer()
        message = desk.page.get_by_role("region", name="语音留言")
        await expect(message.get_by_role("button", name="播放")).to_be_visible(timeout=40_000)
        await message.get_by_role("button", name="播放").click()
        await expect(message.get_by_role("button", name="暂停")).to_be_visible()
        await expect(message.locator("output")).not_to_contain_text("00:00 /", timeout=15_000)
        assert await find_barriers(desk.page) == []

        await desk.button("回拨客户").click()
        leg = (await carrier.is_called(ANSWERS)).leg
        await hears_tone(desk.page, CARRIER_TONE_HZ)
        await carrier.hears_tone(leg, AGENT_TONE_HZ)
        await desk.hang_up()
        await desk.choose_disposition("故障报修")
        await desk.complete()
        await desk.is_in("ready")
        record = await contact.record(administrator, when=lambda seen: seen["disposition"])
        assert (record["channel"], record["outcome"], record["agent_name"]) == ("voicemail", "answered", "王丽")
        assert record["disposition"] == "售后 / 故障报修"
        assert desk.listener.complaints == []
