"""Pages, the API's proxy and health over HTTP."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.live.conftest import Front, serving
from tests.live.small_web import RECORDING, small_web
from zhiyin.contracts.frames import EngineHealth, NodeHealth
from zhiyin.live.api_proxy import MAX_REQUEST_BYTES


@pytest.fixture
async def browser(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """Something that speaks HTTP with the front, behind which a small web server stands."""
    async with (
        serving(small_web(), uds=str(front.web_socket)),
        httpx.AsyncClient(base_url=front.url, trust_env=False, timeout=10) as browser,
    ):
        yield browser


# --- pages


def build(front: Front) -> None:
    """Put a small built front end into the folder."""
    (front.pages / "assets").mkdir()
    page = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__">{}</script>'
    (front.pages / "index.html").write_text(page.format("desk"))
    (front.pages / "call-us.html").write_text(page.format("call us"))
    (front.pages / "assets" / "index-abc123.js").write_text("export const a = 1;\n" * 200)
    (front.pages / "favicon.svg").write_text("<svg/>")
    (front.pages / ".vite").mkdir()
    (front.pages / ".vite" / "manifest.json").write_text("{}")
    (front.folder / "secret.txt").write_text("secret")


async def test_before_the_front_end_is_built_the_page_says_what_to_do(front: Front, browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/")
    assert answer.status_code == 503
    assert "./dev run" in answer.text
    assert "前端还没有构建" in answer.text
    build(front)
    assert (await browser.get("/")).status_code == 200, "built while we run"


async def test_every_page_has_a_nonce_of_its_own(front: Front, browser: httpx.AsyncClient) -> None:
    build(front)
    nonces = set()
    for path in ("/", "/desk", "/admin/users/7", "/index.html", "/call-us", "/call-us/demo", "/call-us.html"):
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers["content-security-policy"]
        found = re.search(r"script-src 'self' 'nonce-([\w-]+)'", policy)
        assert found is not None
        assert answer.text.count(f'nonce="{found[1]}"') == 2
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert f"connect-src 'self' ws://127.0.0.1:{front.port};" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert ("call us" in answer.text) == path.startswith("/call-us")
        nonces.add(found[1])
    assert len(nonces) == 7


async def test_assets_are_kept_for_ever_and_zipped(front: Front, browser: httpx.AsyncClient) -> None:
    build(front)
    answer = await browser.get("/assets/index-abc123.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 200
    assert answer.text.startswith("export const a")
    assert answer.headers["content-type"].startswith("text/javascript")
    plain = await browser.get("/assets/index-abc123.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    icon = await browser.get("/favicon.svg")
    assert icon.headers["cache-control"] == "no-cache"
    again = await browser.get("/favicon.svg", headers={"If-None-Match": icon.headers["etag"]})
    assert again.status_code == 304
    for name, value in (("x-content-type-options", "nosniff"), ("x-frame-options", "DENY")):
        assert answer.headers[name] == value
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/assets/missing-123.js",
        "/robots.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd.txt",
        "/.vite/manifest.json",
        "/%00.js",
    ],
)
async def test_what_is_not_there_is_not_found(front: Front, path: str) -> None:
    build(front)
    reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    assert answer.split()[1] == "404", answer
    assert "secret" not in answer


# --- the API's proxy


async def test_a_request_passes_through_with_the_browsers_address(front: Front, browser: httpx.AsyncClient) -> None:
    answer = await browser.post(
        "/api/customers/%E5%BC%A0%2F1?search=%E5%BC%A0&page=2",
        content=b"x" * 100_000,
        headers={"X-Forwarded-For": "1.2.3.4", "X-CSRFToken": "t", "Connection": "keep-alive, X-Odd", "X-Odd": "1"},
    )
    told = answer.json()
    assert (told["method"], told["body_bytes"]) == ("POST", 100_000)
    assert told["path"].startswith("/api/customers/%E5%BC%A0%2F1")
    assert told["query"] == "search=%E5%BC%A0&page=2"
    headers = told["headers"]
    assert headers["x-forwarded-for"] == "127.0.0.1", "not what the browser says of itself"
    assert (headers["x-forwarded-proto"], headers["host"]) == ("http", f"127.0.0.1:{front.port}")
    assert headers["x-csrftoken"] == "t"
    assert "x-odd" not in headers
    assert headers["x-zhiyin-passed-on"] == "1"
    direct = (await browser.post("/api/customers")).json()["headers"]
    assert (direct["x-forwarded-for"], direct.get("x-zhiyin-passed-on")) == ("127.0.0.1", None)
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["zhiyin_session", "zhiyin_csrf"]


async def test_one_visitors_cookies_are_not_lent_to_the_next(front: Front, browser: httpx.AsyncClient) -> None:
    """The web server sets a session for the first visitor; the second comes without one and must stay without."""
    await browser.get("/api/first")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{front.port}") as stranger:
        told = (await stranger.get("/api/second")).json()
    assert "cookie" not in told["headers"]


async def test_an_upload_of_unknown_length_is_streamed(browser: httpx.AsyncClient) -> None:
    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 65_536

    answer = await browser.post("/api/prompts", content=pieces(32))
    assert answer.json()["body_bytes"] == 32 * 65_536


@pytest.mark.parametrize(
    ("length", "status", "code"),
    [(str(MAX_REQUEST_BYTES + 1), 413, "too_large"), ("9" * 30, 413, "too_large")],
    ids=["a byte too long", "absurd"],
)
async def test_a_body_that_is_too_long_is_refused_unread(front: Front, length: str, status: int, code: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
    head = f"POST /api/prompts HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    async with asyncio.timeout(20):
        answer = (await reader.read()).decode()
    writer.close()
    assert answer.split()[1] in (str(status), "400")
    assert code in answer or "Invalid" in answer


async def test_a_part_of_a_recording_is_answered_as_a_part(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/api/audio", headers={"Range": "bytes=1000-1999"})
    assert (answer.status_code, answer.content) == (206, RECORDING[1000:2000])
    assert answer.headers["content-range"] == f"bytes 1000-1999/{len(RECORDING)}"
    assert (await browser.get("/api/audio")).content == RECORDING


async def test_an_answer_flows_before_it_is_complete(browser: httpx.AsyncClient) -> None:
    async with browser.stream("GET", "/api/slow") as answer:
        async with asyncio.timeout(20):
            assert await anext(answer.aiter_raw()) == b"first"


async def test_while_web_is_away_the_api_says_so(front: Front, browser: httpx.AsyncClient) -> None:
    front.web_socket.rename(front.folder / "elsewhere.sock")
    answer = await browser.get("/api/session")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "server_away"
    assert answer.headers["retry-after"] == "2"
    (front.folder / "elsewhere.sock").rename(front.web_socket)
    assert (await browser.get("/api/session")).status_code == 200


# --- health


def engine_health(**changes: object) -> EngineHealth:
    given = {
        "epoch": 3,
        "asterisk": "ok",
        "log": "ok",
        "spooled_events": 0,
        "live_calls": 2,
        "is_draining": False,
        "started_at": datetime.now(UTC),
        **changes,
    }
    return EngineHealth(**given)  # type: ignore[arg-type]


def supervised(front: Front, **states: str) -> None:
    parts = {name: {"state": "ok", "detail": "", "pid": 1} for name in ("postgres", "asterisk", "engine", "worker")}
    for name, state in states.items():
        parts[name] = {"state": state, "detail": f"{name} is {state}", "pid": 1}
    (front.folder / "parts.json").write_text(json.dumps({"pid": 1, "parts": parts}))


async def test_all_is_well(front: Front, browser: httpx.AsyncClient) -> None:
    front.engine.health = engine_health()
    supervised(front)
    health = (await browser.get("/api/health")).json()
    assert health["status"] == "ok", health
    assert health["parts"].keys() == {"postgres", "asterisk", "engine", "web", "worker", "disk"}
    assert all(part == {"state": "ok", "detail": ""} for part in health["parts"].values())


@pytest.mark.parametrize(
    ("engine", "states", "part", "state"),
    [
        ({"log": "spooling", "spooled_events": 5}, {}, "postgres", "away"),
        ({"asterisk": "away"}, {}, "asterisk", "away"),
        ({}, {"asterisk": "restarting"}, "asterisk", "restarting"),
        ({}, {"worker": "failed"}, "worker", "failed"),
        ({"is_draining": True}, {}, "engine", "draining"),
        ({"nodes": {"far": NodeHealth("away", 4)}}, {}, "asterisk", "partly"),
    ],
)
async def test_each_part_that_is_not_well_is_named(  # noqa: PLR0917 - a table's columns
    front: Front, browser: httpx.AsyncClient, engine: dict[str, object], states: dict[str, str], part: str, state: str
) -> None:
    front.engine.health = engine_health(**engine)
    supervised(front, **states)
    told = (await browser.get("/api/health")).json()
    assert told["status"] == "degraded"
    assert told["parts"][part]["state"] == state
    assert told["parts"][part]["detail"]
    assert [name for name, one in told["parts"].items() if one["state"] != "ok"] == [part]


async def test_a_node_out_of_sight_is_an_alarm_of_its_own_and_no_part_that_starts_again_by_itself(
    front: Front, browser: httpx.AsyncClient
) -> None:
    """The bell said that Asterisk does not serve and is started again by itself: neither was true."""
    now = datetime.now(UTC)
    unseen = NodeHealth("away", 4, now - timedelta(minutes=2), now + timedelta(minutes=8), 2)
    front.engine.health = engine_health(nodes={"far": unseen, "near": NodeHealth("ok", 1)})
    supervised(front)
    assert (await browser.get("/api/health")).json()["alarms"] == ["node_away"]


async def test_health_answers_when_nothing_else_does(front: Front, browser: httpx.AsyncClient) -> None:
    await front.engine.stop()
    front.web_socket.unlink()
    (front.folder / "parts.json").write_text("{half")
    told = (await browser.get("/api/health")).json()
    assert told["status"] == "degraded"
    unknown = dict.fromkeys(("postgres", "asterisk", "worker"), "unknown")
    states = {name: part["state"] for name, part in told["parts"].items()}
    assert states == {**unknown, "engine": "away", "web": "away", "disk": "ok"}
