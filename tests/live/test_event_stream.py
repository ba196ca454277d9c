"""The event stream on the front's own port: resumed by place, ended with its right, no worker of ``web`` held."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.live.conftest import serving
from zhiyin.live.event_stream import PATH, EventStream
from zhiyin.live.limits import Connections


@dataclass(slots=True)
class Web:
    """Stands where Django stands: hands out numbered events after a place to whoever has the key."""

    events: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    is_revoked: bool = False

    async def ask(self, path: str, headers: object) -> tuple[int, bytes] | None:
        assert isinstance(headers, dict)
        self.asked.append((path, headers))
        if self.is_revoked or headers.get("authorization") != "Bearer k":
            return 401, b'{"code":"bad_key"}'
        query = httpx.URL(f"http://web{path}").params
        after = int(query.get("after", "") or len(self.events))
        found = [
            {"cursor": str(place + 1), "type": "customer.created", "name": name}
            for place, name in enumerate(self.events)
            if place >= after
        ]
        return 200, json.dumps({"items": found, "cursor": str(len(self.events))}).encode()


@asynccontextmanager
async def stream_of(web: Web, *, most: int = 5) -> AsyncIterator[str]:
    stream = EventStream(web.ask, connections=Connections(per_address=most, in_all=most), ask_every_s=0.02)

    async def serve(request: Request) -> Response:
        return await stream.serve(request) if stream.is_wanted(request) else JSONResponse({"is": "proxied"})

    app = Starlette(routes=[Route(PATH, serve)])
    async with serving(app, host="127.0.0.1", port=0, lifespan="off") as server:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}{PATH}"


HEADERS = {"accept": "text/event-stream", "authorization": "Bearer k"}


async def next_event(lines: AsyncIterator[str]) -> dict[str, str]:
    """Return the next event with its fields; places without an event are passed over."""
    async with asyncio.timeout(10):
        found: dict[str, str] = {}
        async for line in lines:
            if line:
                name, _, value = line.partition(": ")
                found[name] = value
            elif found.get("event", "place") != "place":
                return found
            else:
                found = {}
    raise AssertionError("the stream ended")


async def test_events_come_as_they_happen_and_a_reader_resumes_where_it_was() -> None:
    web = Web(events=["before"])
    async with stream_of(web) as url, httpx.AsyncClient() as client:
        async with client.stream("GET", url, headers=HEADERS) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.aiter_lines()
            web.events.append("一")
            event = await next_event(lines)
            assert (event["event"], event["id"]) == ("customer.created", "2")
            assert json.loads(event["data"])["name"] == "一"
        web.events += ["二", "三"]
        async with client.stream("GET", url, headers={**HEADERS, "last-event-id": event["id"]}) as answer:
            lines = answer.aiter_lines()
            assert [json.loads((await next_event(lines))["data"])["name"] for _ in range(2)] == ["二", "三"]


async def test_the_callers_own_headers_are_shown_to_web_and_nothing_else_of_them() -> None:
    web = Web()
    async with stream_of(web) as url, httpx.AsyncClient() as client:
        headers = {**HEADERS, "x-forwarded-for": "203.0.113.9", "x-other": "1"}
        async with client.stream("GET", f"{url}?types=contact.ended", headers=headers) as answer:
            assert answer.status_code == 200
    path, shown = web.asked[0]
    assert path == f"{PATH}?types=contact.ended"
    assert shown == {"authorization": "Bearer k", "x-forwarded-for": "127.0.0.1"}


async def test_a_stream_ends_when_its_key_is_revoked() -> None:
    web = Web()
    async with (
        stream_of(web) as url,
        httpx.AsyncClient() as client,
        asyncio.timeout(10),
        client.stream("GET", url, headers=HEADERS) as answer,
    ):
        web.is_revoked = True
        async for _ in answer.aiter_lines():
            pass


async def test_who_may_not_listen_gets_webs_refusal() -> None:
    async with stream_of(Web(is_revoked=True)) as url, httpx.AsyncClient() as client:
        answer = await client.get(url, headers=HEADERS)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_key")


async def test_too_many_streams_are_refused_and_a_closed_one_makes_room() -> None:
    web = Web()
    async with stream_of(web, most=1) as url, httpx.AsyncClient() as client:
        async with client.stream("GET", url, headers=HEADERS):
            answer = await client.get(url, headers=HEADERS)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
        async with asyncio.timeout(10):
            while True:
                async with client.stream("GET", url, headers=HEADERS) as again:
                    if again.status_code == 200:
                        break


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
async def test_without_the_wish_for_a_stream_a_page_is_answered(accept: str) -> None:
    async with stream_of(Web()) as url, httpx.AsyncClient() as client:
        assert (await client.get(url, headers={**HEADERS, "accept": accept})).json() == {"is": "proxied"}
