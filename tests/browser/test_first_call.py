"""The product's main job: a caller on a telephone, an agent in a browser, and a record that is right to the second."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.live_page import open_live_page
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ, hears_tone
from tests.harness.contact import Contact, calling, has_recording, listen
from tests.harness.desk import open_desk
from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.sipp import CALLER_TONE_HZ
from tests.harness.waiting import until, until_async
from zhiyin.apps.setup.demo_people import CUSTOMERS

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: a customer of the demo company, by whose number the screen pop must find them
CUSTOMER_NAME, CUSTOMER_NUMBER = CUSTOMERS[0][0], CUSTOMERS[0][4]
AGENT, AGENT_NAME = "1001", "王丽"
NOTE = "主板异响，约好周二上门检修。"
#: what a stopwatch in the test may differ: the way of a key, of a click, of a repaint
WATCH_S = 1.0
#: a tone that is there, and one that is not, in 16-bit amplitude
LOUD, FAINT = 1000.0, 150.0


async def test_the_start_named_whom_the_given_password_is_for(product: Product) -> None:
    """Else nobody knows by which names to log in; the password itself is not written down again."""
    assert any("1001" in line and "admin" in line for line in product.said), product.said
    assert not any(DEMO_PASSWORD in line for line in product.said)


async def test_a_call_from_a_telephone_to_a_browser(
    product: Product, agents_browser: Browser, lead: Api, administrator: Api
) -> None:
    before = lead.read("/figures/today")["total"]
    async with open_desk(agents_browser, product, AGENT) as desk, open_live_page(agents_browser, product) as live:
        await desk.be_ready()
        async with calling(product, caller=CUSTOMER_NUMBER) as (call, contact):
            await call.hears_sound()
            watch = {"press": time.monotonic()}
            call.press("1")
            card = await desk.is_offered()
            await expect(card).to_contain_text(CUSTOMER_NAME)
            await expect(card).to_contain_text("按键 1")
            await live.shows_agent(AGENT_NAME, "振铃")
            await desk.answer()
            watch["talk"] = time.monotonic()
            await call.hears_tone(AGENT_TONE_HZ, lasting_s=4)
            await hears_tone(desk.page, CALLER_TONE_HZ)
            await expect(desk.page.get_by_label("正在录音")).to_be_visible()
            await live.shows_agent(AGENT_NAME, "通话中")
            await desk.note(NOTE)
            await call.hang_up()
            watch["end"] = time.monotonic()
        await desk.is_in("wrap_up")
        await live.shows_agent(AGENT_NAME, "话后整理")
        await desk.choose_disposition("故障报修")
        await desk.complete()
        await desk.is_in("ready")
        watch["done"] = time.monotonic()

        record = await contact.record(lead, when=lambda seen: has_recording(seen) and seen["wrap_up_s"] > 0)
        check_instants(contact, record, watch)
        assert record["customer"]["name"] == CUSTOMER_NAME
        assert (record["outcome"], record["agent_name"], record["queue_name"]) == ("answered", AGENT_NAME, "售后")
        assert (record["path"], record["ended_by"]) == (["1"], "customer")
        assert (record["disposition"], record["note"]) == ("售后 / 故障报修", NOTE)

        check_sound(lead, record)
        await check_timeline(desk.page, administrator, record)
        await check_figures(lead, before, record)
        await until_async(lambda: agrees(live, lead), what="the lead's page and the figures agree")
        assert desk.listener.complaints == []
        assert live.listener.complaints == []


def check_instants(contact: Contact, record: dict[str, Any], watch: dict[str, float]) -> None:
    """The record is the log's, to the millisecond, and the log is what the test's own watch saw."""
    wait_s = (contact.at("SegmentStarted") - contact.at("QueueEntered")).total_seconds()
    talk_s = (contact.at("SegmentEnded") - contact.at("SegmentStarted")).total_seconds()
    assert record["wait_s"] == pytest.approx(wait_s, abs=0.002)
    assert record["talk_s"] == pytest.approx(talk_s, abs=0.002)
    assert wait_s == pytest.approx(watch["talk"] - watch["press"], abs=WATCH_S)
    assert talk_s == pytest.approx(watch["end"] - watch["talk"], abs=WATCH_S)
    assert record["wrap_up_s"] == pytest.approx(watch["done"] - watch["end"], abs=WATCH_S)


def check_sound(lead: Api, record: dict[str, Any]) -> None:
    """The recording lasts as long as the conversation and holds each side on its own channel."""
    (told,) = record["recordings"]
    recording = listen(lead, told["id"])
    assert told["duration_s"] == pytest.approx(record["talk_s"], abs=WATCH_S)
    assert recording.duration_s == pytest.approx(record["talk_s"], abs=WATCH_S)
    end = int(recording.duration_s * 8000)
    last_second = slice(end - 9600, end - 1600)
    customer, agent = recording.tones(CALLER_TONE_HZ, within=last_second)
    assert customer > LOUD
    assert agent < FAINT
    customer, agent = recording.tones(AGENT_TONE_HZ, within=last_second)
    assert agent > LOUD
    assert customer < FAINT


async def check_timeline(page: Any, administrator: Api, record: dict[str, Any]) -> None:
    """The customer's timeline tells the contact; its recording plays there, and that is audited."""
    await page.goto(f"{page.url.split('/desk')[0]}/desk/c/{record['id']}")
    contact = page.get_by_role("tabpanel").get_by_role("listitem").first
    await expect(contact).to_contain_text(NOTE)
    await expect(contact).to_contain_text("故障报修")
    await contact.get_by_role("button", name="播放").click()
    await expect(contact.get_by_role("button", name="暂停")).to_be_visible()
    recording = record["recordings"][0]["id"]

    def listeners() -> set[str]:
        entries = administrator.items("/audit", action="recording.listened")
        return {entry["user_name"] for entry in entries if entry["subject_id"] == recording}

    await until(lambda: listeners() >= {AGENT_NAME, "孙红梅"}, what="both listenings are audited")


async def check_figures(lead: Api, before: dict[str, Any], record: dict[str, Any]) -> None:
    """Today's figures rose by exactly this contact."""

    def rise() -> dict[str, float]:
        now = lead.read("/figures/today")["total"]
        return {name: now[name] - before[name] for name in ("offered", "answered", "abandoned", "talk_s", "wrap_up_s")}

    await until(lambda: rise()["wrap_up_s"] > 0, what="the figures have the wrap-up")
    assert rise() == {
        "offered": 1,
        "answered": 1,
        "abandoned": 0,
        "talk_s": pytest.approx(record["talk_s"], abs=0.01),
        "wrap_up_s": pytest.approx(record["wrap_up_s"], abs=0.01),
    }


async def agrees(live: Any, lead: Api) -> bool:
    """Whether the lead's page (counted by the engine) shows what the record's figures say."""
    total = lead.read("/figures/today")["total"]
    wanted = {
        "人工请求量": str(total["offered"]),
        "已接通": str(total["answered"]),
        "排队放弃": str(total["abandoned"]),
        "应答时长": clock(total["average_speed_of_answer_s"]),
        "通话时长": clock(total["talk_s"]),
        "话后整理": clock(total["wrap_up_s"]),
    }
    return {name: await live.tile(name) for name in wanted} == wanted


def clock(duration_s: float) -> str:
    return f"{int(duration_s) // 60:02}:{int(duration_s) % 60:02}"
