"""``GET /api/events`` as server-sent events: the front holds the connection, ``web`` is asked for what is new.

A stream costs ``web`` one small question a second and no worker; who may see what is checked with each of them, so a
key that is revoked hears nothing more. A page is asked for only when the one before has been taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack
from typing import Protocol
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from zhiyin.live.limits import Connections, TooManyConnections
from zhiyin.live.origins import peer_address
from zhiyin.live.problems import problem

PATH = "/api/events"
EVENT_STREAM = "text/event-stream"
ASK_EVERY_S, HEARTBEAT_EVERY_S = 1.0, 15.0
#: a stream that cannot be served for so long ends; its reader comes again by itself
PATIENCE_S = 30.0
_REFUSED = frozenset({400, 401, 403, 422})
_PASSED_ON = ("authorization", "cookie")


class _Event(msgspec.Struct):
    cursor: str
    type: str


class _Page(msgspec.Struct):
    items: list[msgspec.Raw]
    cursor: str


class AskWeb(Protocol):
    async def __call__(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes] | None: ...


class EventStream:
    def __init__(self, ask_web: AskWeb, *, connections: Connections, ask_every_s: float = ASK_EVERY_S) -> None:
        self._ask_web = ask_web
        self._connections = connections
        self._ask_every_s = ask_every_s

    def is_wanted(self, request: Request) -> bool:
        return EVENT_STREAM in request.headers.get("accept", "")

    async def serve(self, request: Request) -> Response:
        """Answer with a stream, or with ``web``'s refusal of the first question."""
        headers = {name: value for name in _PASSED_ON if (value := request.headers.get(name))}
        headers["x-forwarded-for"] = peer_address(request)
        types = request.query_params.get("types", "")
        place = request.headers.get("last-event-id") or request.query_params.get("after", "")

        async def ask(after: str) -> tuple[int, bytes] | None:
            wanted = {name: value for name, value in (("after", after), ("types", types)) if value}
            return await self._ask_web(f"{PATH}?{urlencode(wanted)}", headers)

        first = await ask(place)
        if first is None:
            return problem(503, "server_away", "The server does not answer; try again.", headers={"Retry-After": "2"})
        if first[0] != 200:
            return Response(first[1], status_code=first[0], media_type="application/problem+json")
        admitted = ExitStack()
        try:
            admitted.enter_context(self._connections.one(headers["x-forwarded-for"]))
        except TooManyConnections:
            title = "Too many streams are open from this address. Close one, or read several types with one."
            return problem(429, "too_many_streams", title, headers={"Retry-After": "10"})
        return StreamingResponse(
            self._events(ask, msgspec.json.decode(first[1], type=_Page), admitted),
            media_type=EVENT_STREAM,
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _events(
        self, ask: Callable[[str], Awaitable[tuple[int, bytes] | None]], page: _Page, admitted: ExitStack
    ) -> AsyncIterator[bytes]:
        """Yield events until the reader goes, may no longer listen, or ``web`` is away for too long."""
        loop = asyncio.get_running_loop()
        with admitted:
            yield b"retry: 3000\n\n"
            yield _place(page.cursor)
            told_at = asked_at = loop.time()
            while True:
                for item in page.items:
                    yield _frame(item)
                    told_at = loop.time()
                if not page.items:
                    await asyncio.sleep(self._ask_every_s)
                answer = await ask(page.cursor)
                now = loop.time()
                if answer is not None and answer[0] == 200:
                    page, asked_at = msgspec.json.decode(answer[1], type=_Page), now
                elif (answer is not None and answer[0] in _REFUSED) or now - asked_at > PATIENCE_S:
                    return
                else:
                    page = _Page(items=[], cursor=page.cursor)
                if not page.items and now - told_at > HEARTBEAT_EVERY_S:
                    yield _place(page.cursor)
                    told_at = now


def _frame(item: msgspec.Raw) -> bytes:
    event = msgspec.json.decode(item, type=_Event)
    return f"id: {event.cursor}\nevent: {event.type}\ndata: ".encode() + bytes(item) + b"\n\n"


def _place(cursor: str) -> bytes:
    """Tell the place without an event: a heartbeat, from which a reader resumes as well."""
    return f"id: {cursor}\nevent: place\ndata: {{}}\n\n".encode()
