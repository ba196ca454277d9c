"""The telephone in another system's page, on another site: it logs its agent in, tells and obeys that page alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import AGENT_TONE_HZ, new_context
from tests.harness.contact import calling
from tests.harness.desk import log_in
from tests.harness.desk_socket import sign_out
from tests.harness.host_page import host_page
from tests.harness.product import DEMO_PASSWORD, Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGENT = "1002"
CALLER, MASKED = "13800138000", "138****8000"
HOST = """<!doctype html><title>CRM</title><div id="place" style="width: 340px; height: 560px"></div>
<script src="{product}/zhiyin-telephone.js"></script>
<script>
  window.told = [];
  window.telephone = ZhiyinTelephone.mount(document.getElementById("place"), {{
    url: "{product}/embed/demo/telephone", language: "zh",
  }});
  telephone.on("*", (each) => told.push(each));
  window.outcome = (promise) => promise.then((done) => ({{ done }}), ({{ code, message }}) => ({{ code, message }}));
</script>"""
#: stands in a frame beside the telephone, and speaks to it without being its parent
STRANGER = """<!doctype html><title>stranger</title><script>
  const wishes = ["hang_up", "reject", "answer"].map((command, n) =>
    ({ protocol: "zhiyin.telephone", version: 1, type: "command", id: `s${n}`, command }));
  window.answers = [];
  addEventListener("message", (event) => answers.push(event.data));
  window.speak = () => [{ protocol: "zhiyin.telephone", version: 1, type: "hello" }, ...wishes]
    .forEach((each) => parent.frames[0].postMessage(each, "*"));
</script>"""
_HOSTILE = """() => {
  const to = telephone.frame.contentWindow;
  const wish = { protocol: "zhiyin.telephone", version: 1, type: "command", command: "reject" };
  const circle = { ...wish, id: "circle" };
  circle.circle = circle;
  for (const each of [
    null, 7, "reject", "x".repeat(20_000_000), [], [wish], { ...wish, id: 7 }, { ...wish, id: "i".repeat(65) },
    { ...wish, id: "v2", version: 2 }, { ...wish, id: "p", protocol: "other" }, { ...wish, type: "event", id: "e" },
    new Map(Object.entries(wish)), { ...wish, id: "c", contact: { toString: 1 } }, { ...wish, id: "o", contact: "x" },
    { ...wish, id: "k", command: "constructor" }, { ...wish, id: "d", command: "dial", number: "9".repeat(1_000_000) },
    { ...wish, id: "a", command: "attach_data", data: Object.fromEntries(Array(10_000).keys().map((n) => [n, "x"])) },
  ]) to.postMessage(each, "*");
}"""


@pytest.fixture(scope="module")
def crm(product: Product, administrator: Api) -> Iterator[str]:
    """The page of a CRM that may embed the telephone once its origin is allowed; nobody may afterwards."""
    with host_page(HOST.format(product=product.url)) as origin:
        yield origin
    administrator.ask("PUT", "/embedding", {"origins": []})


@pytest_asyncio.fixture(loop_scope="session")
async def page(agents_browser: Browser, product: Product) -> AsyncIterator[Page]:
    async with await new_context(agents_browser) as context:
        yield await context.new_page()
    await sign_out(product, AGENT)


async def told(page: Page, event: str, *, times: int = 1) -> dict[str, Any]:
    """Wait until the page around was told of the event so often; return the last."""
    wanted = "([event, times]) => told.filter((each) => each.event === event).length >= times"
    await page.wait_for_function(wanted, arg=[event, times])
    found: dict[str, Any] = await page.evaluate("(event) => told.findLast((each) => each.event === event)", event)
    return found


async def state_is(page: Page, state: str) -> None:
    await page.wait_for_function("(state) => telephone.state?.state === state", arg=state)


async def outcome(page: Page, command: str) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate(f"() => outcome(telephone.{command})")
    return found


async def allow(browser: Browser, product: Product, origin: str) -> None:
    """As an administrator does: on the page of settings."""
    async with await new_context(browser) as context:
        page = await context.new_page()
        await log_in(page, f"{product.url}/admin/embedding", ADMINISTRATOR)
        await page.get_by_role("button", name="添加来源").click()
        await page.get_by_role("textbox", name="来源 1").fill("http://crm.example/app")
        await page.get_by_role("button", name="保存").click()
        await expect(page.get_by_text("地址须以 https").first).to_be_visible()
        await page.get_by_role("textbox", name="来源 1").fill(f"{origin}/customers?id=7")
        await page.get_by_role("button", name="保存").click()
        await expect(page.get_by_role("textbox", name="来源 1")).to_have_value(origin)
        await expect(page.get_by_text(f"{product.url}/embed/demo/telephone")).to_be_visible()


async def test_a_page_of_another_site_hears_of_a_call_and_works_it(
    product: Product, crm: str, page: Page, agents_browser: Browser, administrator: Api
) -> None:
    administrator.ask("PUT", "/embedding", {"origins": []})
    await allow(agents_browser, product, crm)
    await page.goto(crm)
    await told(page, "login_needed")
    frame = page.frame_locator("iframe").first
    (inside,) = page.main_frame.child_frames
    assert await find_barriers(inside) == []
    await frame.get_by_label("用户名").fill(AGENT)
    await frame.get_by_label("密码").fill(DEMO_PASSWORD)
    await frame.get_by_role("button", name="登录").click()
    ready = await told(page, "ready")
    assert {"code", "name", "is_rest"} == set(ready["reasons"][0])
    for cookie in await page.context.cookies(product.url):
        assert (cookie["sameSite"], cookie["secure"]) == ("None", True), "of this site's pages alone"

    await page.wait_for_function("() => telephone.state.can_talk")
    assert await outcome(page, 'setState("ready")') == {"done": None}
    await state_is(page, "ready")
    await frame.get_by_role("button", name="空闲").wait_for()
    assert (await outcome(page, 'dial("10086")'))["code"] == "no_trunk"

    async with calling(product, caller=CALLER) as (call, contact):
        await call.hears_sound()
        call.press("1")
        ringing = (await told(page, "call_ringing"))["contact"]
        assert (ringing["id"], ringing["direction"], ringing["number"]) == (contact.id, "inbound", MASKED)
        assert ringing["queue"]["name"] == "售后"
        await expect(frame.get_by_role("alert", name="来电")).to_be_visible()

        with host_page(STRANGER) as elsewhere:
            await page.evaluate(_HOSTILE)
            await page.evaluate(
                """(src) => new Promise((done) => {
                  const frame = Object.assign(document.createElement("iframe"), { src, onload: done });
                  document.body.append(frame);
                })""",
                elsewhere,
            )
            stranger = next(each for each in page.frames if each.url.startswith(elsewhere))
            await stranger.evaluate("() => speak()")
            now = await outcome(page, "getState()")
            assert (now["done"]["phase"], await stranger.evaluate("() => answers")) == ("ringing", [])

        assert await outcome(page, f'answer("{contact.id}")') == {"done": {"contact": contact.id}}
        await told(page, "call_answered")
        await call.hears_tone(AGENT_TONE_HZ)
        await outcome(page, 'attachData({ order: "A-1" })')
        assert (await told(page, "call_data_changed"))["contact"]["data"] == {"order": "A-1"}
        await outcome(page, "hold()")
        await told(page, "call_held")
        await expect(frame.get_by_role("button", name="保持中")).to_have_attribute("aria-pressed", "true")
        assert await find_barriers(inside) == []
        await outcome(page, "resume()")
        await told(page, "call_resumed")
        assert (await outcome(page, 'hangUp("somebody-else")'))["code"] == "not_your_call"
        assert await outcome(page, f'hangUp("{contact.id}")') == {"done": None}
        await told(page, "call_ended")
        await call.ended()
    calls = "() => told.map(({ event }) => event).filter((event) => event.startsWith('call_'))"
    assert await page.evaluate(calls) == [
        *("call_ringing", "call_answered", "call_data_changed", "call_held", "call_resumed", "call_ended")
    ]
    await state_is(page, "wrap_up")
    await frame.get_by_role("button", name="完成并示忙").click()
    await state_is(page, "not_ready")


async def test_a_page_that_is_not_allowed_can_neither_frame_nor_be_heard(
    product: Product, page: Page, crm: str
) -> None:
    with host_page(HOST.format(product=product.url)) as origin:
        assert origin != crm
        await page.goto(origin)
        await page.wait_for_function("() => telephone.frame.contentWindow !== null")
        framed = next(each for each in page.frames if each.parent_frame is not None)
        await framed.wait_for_url("chrome-error://**")
        assert (await page.evaluate("() => told"), await page.locator("iframe").count()) == ([], 1)
