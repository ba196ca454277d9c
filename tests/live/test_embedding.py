"""The telephone's page in frames: by the company's own choice alone, with cookies that work there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.live.conftest import Front, serving
from tests.live.small_web import small_web
from zhiyin.live.embedding import partitioned

PAGE = '<meta property="csp-nonce" nonce="__CSP_NONCE__">{}'


@pytest.fixture
async def web() -> AsyncIterator[AsyncExitStack]:
    """What the web server runs in, to be stopped in the middle of a test."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def browser(front: Front, web: AsyncExitStack) -> AsyncIterator[httpx.AsyncClient]:
    for name in ("index", "embedded-telephone"):
        (front.pages / f"{name}.html").write_text(PAGE.format(name))
    (front.pages / "zhiyin-telephone.js").write_text("export {};")
    (front.pages / "favicon.svg").write_text("<svg/>")
    await web.enter_async_context(serving(small_web(), uds=str(front.web_socket)))
    async with httpx.AsyncClient(base_url=front.url, trust_env=False, timeout=10) as browser:
        yield browser


def ancestors(answer: httpx.Response) -> str:
    (found,) = (
        rule.removeprefix("frame-ancestors ")
        for rule in answer.headers["content-security-policy"].split("; ")
        if rule.startswith("frame-ancestors")
    )
    return str(found)


async def test_a_companys_telephone_may_be_framed_by_whom_it_allows(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/embed/acme/telephone?language=en")
    assert (answer.status_code, "embedded-telephone" in answer.text) == (200, True)
    assert ancestors(answer) == "https://crm.example http://localhost:9"
    assert "x-frame-options" not in answer.headers, "which could name but one"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        *("/embed/nobody/telephone", "/embed/broken/telephone", "/embed/a%2Fb/telephone", "/embed/acme%3Fx/telephone"),
        *("/embed/acme", "/embed/acme/desk", "/embedded-telephone.html", "/", "/desk"),
    ],
)
async def test_everything_else_stays_out_of_frames(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert ancestors(answer) == "'none'"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_the_last_answer_stands_while_web_is_away(browser: httpx.AsyncClient, web: AsyncExitStack) -> None:
    before = ancestors(await browser.get("/embed/acme/telephone"))
    await web.aclose()
    assert ancestors(await browser.get("/embed/acme/telephone")) == before
    assert ancestors(await browser.get("/embed/other/telephone")) == "'none'"


async def test_the_script_may_be_included_by_pages_of_other_origins(browser: httpx.AsyncClient) -> None:
    script, icon = await browser.get("/zhiyin-telephone.js"), await browser.get("/favicon.svg")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert script.headers["access-control-allow-origin"] == "*"
    assert icon.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in icon.headers


async def test_cookies_are_partitioned_for_a_page_that_asks(browser: httpx.AsyncClient) -> None:
    asked = await browser.get("/api/session", headers={"X-Zhiyin-Cookies": "partitioned"})
    assert asked.headers.get_list("set-cookie") == [
        f"{cookie}; Path=/; Secure; SameSite=None; Partitioned" for cookie in ("zhiyin_session=one", "zhiyin_csrf=two")
    ]
    other = await browser.get("/api/session", headers={"X-Zhiyin-Cookies": "yes"})
    assert all(cookie.endswith("SameSite=lax") for cookie in other.headers.get_list("set-cookie"))


def test_a_cookie_keeps_what_else_it_says() -> None:
    given = b"zhiyin_session=ab; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=0; Path=/"
    assert partitioned(given + b"; SameSite=Lax; secure") == given + b"; Secure; SameSite=None; Partitioned"
