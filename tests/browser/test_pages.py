"""Every page in both themes, and the pages of the daily work in English too: axe finds nothing, the console is silent.

A page's English is the same page with other words; those of the settings are held by the check of the locale files.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.axe import find_barriers
from tests.harness.browser import Listener, new_context
from tests.harness.contact import calling
from tests.harness.desk import Desk, log_in, open_desk
from tests.harness.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
THEMES = ("light", "dark")
SECTIONS = (
    *("setup", "company", "users", "organisation", "roles", "queues", "imports"),
    *("numbers", "trunks", "telephones", "outbound"),
    *("flows", "hours", "prompts", "reasons", "dispositions", "sign-in", "retention", "audit", "bans"),
    *("exports", "erasures"),
    *("fields", "fields?kind=person", "checklists", "recommendations", "replies", "keys", "webhooks", "deliveries"),
    *("webhooks?open=new", "inbound", "inbound?open=new", "screen-pop", "embedding"),
    *("classes", "tags", "products", "connectors", "connector-tasks", "external-services", "flow-messages", "speech"),
    *("users?open=new", "fields?open=new", "recommendations?open=new"),
    *("skill-matrix", "contact-classes", "routing-rules", "try-routing", "rule-trials", "entries", "rest-rules"),
)
#: "{contact}", "{customer}" and "{flow}" are the newest that there are
PAGES = (
    *("/desk", "/live", "/live?view=list&state=logged_out", "/recordings"),
    *("/customers", "/customers/pool", "/customers/lists", "/customers/duplicates", "/customers/{customer}"),
    *(
        "/interactions",
        "/interactions/{contact}",
        "/callbacks",
        "/surveys",
        "/ivr",
        "/ivr?view=hours",
        "/ivr?view=failures",
        "/tasks",
        "/import",
        "/me/replies",
        "/me/shortcuts",
    ),
    *("/exports", "/erasures", "/care-rules", "/care-rules?open=new"),
    *("/announcements", "/announcements?open=new", "/announcements?tab=bulletin", "/announcements?tab=forum"),
    *(f"/admin/{section}" for section in SECTIONS),
    *(
        "/admin/flows/{flow}",
        "/admin/flows/{flow}?tab=outline",
        "/me/devices",
        "/me/password",
        "/me/security",
        "/nowhere",
    ),
)
PUBLIC = ("/login", "/call-us/demo", "/call-us/nobody")
_GO = """(path) => { history.pushState({}, "", path); dispatchEvent(new PopStateEvent("popstate")); }"""
#: the page before has a heading, too, until the way to the next one is made
_IS_SETTLED = """() => (window.__TSR_ROUTER__?.state.status ?? "idle") === "idle"
    && (window.__TSR_ROUTER__?.state.resolvedLocation ?? location).pathname === location.pathname
    && document.querySelector("h1") !== null
    && document.querySelector(".ant-skeleton, .ant-spin-spinning, [aria-busy=true]") === null
    && document.getAnimations().every((each) => each.playState !== "running")"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def names(product: Product, administrator: Api) -> dict[str, Any]:
    """What the places in addresses stand for; a call makes sure that there is a contact."""
    async with calling(product) as (call, contact):
        await call.hears_sound()
    await contact.record(administrator)
    customer = administrator.items("/customers")[0]["id"]
    return {"contact": contact.id, "customer": customer, "flow": administrator.items("/flows")[0]["id"]}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pages(agents_browser: Browser, product: Product) -> AsyncIterator[dict[str, Page]]:
    """An administrator's page in each language; its theme follows the system's."""
    contexts = {}
    try:
        found = {}
        for language, locale in LANGUAGES.items():
            contexts[language] = await new_context(agents_browser, language=locale)
            page = found[language] = await contexts[language].new_page()
            await log_in_in_chinese_then(page, product, language)
        yield found
    finally:
        for context in contexts.values():
            await context.close()


async def log_in_in_chinese_then(page: Page, product: Product, language: str) -> None:
    await page.goto(f"{product.url}/login")
    await page.evaluate("localStorage.setItem('zhiyin.language', 'zh')")
    await log_in(page, f"{product.url}/me/password", ADMINISTRATOR)
    await page.evaluate(f"localStorage.setItem('zhiyin.language', '{language}')")
    await page.reload()


async def settle(page: Page) -> None:
    """Wait until everything is loaded and nothing moves."""
    await page.wait_for_function(_IS_SETTLED)


async def prefer(page: Page, theme: str) -> None:
    """Make it the theme that the system prefers."""
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")


async def barriers_in(page: Page, theme: str) -> list[str]:
    await prefer(page, theme)
    await expect(page.locator(f"html[data-theme={theme}]")).to_be_attached()
    await settle(page)
    return await find_barriers(page)


@pytest.mark.parametrize(
    ("path", "language", "theme"),
    [
        *(  # each page in one of the themes, and with --all in the other too
            pytest.param(path, "zh", theme, marks=[pytest.mark.extended] if (at + place) % 2 else [])
            for at, path in enumerate(PAGES)
            for place, theme in enumerate(THEMES)
        ),
        # a language has no colours of its own
        *(pytest.param(path, "en", "light", marks=pytest.mark.extended) for path in PAGES if "/admin/" not in path),
    ],
)
async def test_a_page_has_no_barriers(
    pages: dict[str, Page], names: dict[str, Any], path: str, language: str, theme: str
) -> None:
    page = pages[language]
    listener = Listener(page)
    await page.evaluate(_GO, path.format(**names))
    assert await barriers_in(page, theme) == []
    await expect(page.get_by_role("navigation").first).to_be_visible()  # a wrong address keeps the frame, too
    assert listener.complaints == []
    assert await page.locator("html").get_attribute("lang") == LANGUAGES[language][:2].replace("zh", "zh-CN")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PUBLIC)
async def test_a_public_page_has_no_barriers(
    agents_browser: Browser, product: Product, path: str, language: str
) -> None:
    async with await new_context(agents_browser, language=LANGUAGES[language]) as context:
        page = await context.new_page()
        listener = Listener(page)
        for theme in THEMES:
            await prefer(page, theme)
            await page.goto(f"{product.url}{path}")
            assert await barriers_in(page, theme) == [], theme
        expected = len(THEMES) if path == "/call-us/nobody" else 0  # the browser itself tells of the 404
        assert len(listener.complaints) == expected, listener.complaints


async def test_the_desk_has_no_barriers_in_any_state_of_a_call(product: Product, agents_browser: Browser) -> None:
    """While it rings, while they talk, on hold, with keypad and transfer open, and in wrap-up."""
    found: dict[str, list[str]] = {}

    async def look(desk: Desk, state: str) -> None:
        await desk.page.mouse.move(700, 850)  # no tooltip of what was just clicked
        await expect(desk.page.locator(".ant-tooltip:not(.ant-tooltip-hidden)")).to_have_count(0)
        for theme in THEMES:
            if barriers := await barriers_in(desk.page, theme):
                found[f"{state} {theme}"] = barriers

    async with open_desk(agents_browser, product, "1001") as desk:
        await desk.be_ready()
        async with calling(product) as (call, _):
            await call.hears_sound()
            call.press("1")
            await desk.is_offered()
            await look(desk, "ringing")
            await desk.answer()
            await look(desk, "talking")
            for name in ("转接", "拨号盘"):
                await desk.button(name).first.click()
                await expect(desk.page.get_by_role("region", name=name)).to_be_visible()
                await look(desk, name)
                await desk.page.keyboard.press("Escape")
            await desk.button("保持").click()
            await desk.is_in("hold")
            await look(desk, "hold")
            await call.hang_up()
        await desk.is_in("wrap_up")
        await look(desk, "wrap-up")
        assert found == {}, "\n".join(f"{state}: {barrier}" for state, each in found.items() for barrier in each)
        assert desk.listener.complaints == []
