"""``/api/*``: passed on to ``web``, streamed both ways: a recording is never held whole."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import AsyncIterator, Callable, Mapping

import httpx
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from zhiyin.contracts.links import PartLink, is_socket_path
from zhiyin.contracts.setup_codes import PASSED_ON_HEADER, PROXIES_HEADERS
from zhiyin.contracts.tickets import SESSION_ENDED_HEADER
from zhiyin.live.embedding import COOKIES_HEADER, PARTITIONED, partitioned
from zhiyin.live.origins import peer_address
from zhiyin.live.problems import problem

log = structlog.get_logger(__name__)

#: The largest upload is a WAV prompt.
MAX_REQUEST_BYTES = 40 * 1024 * 1024
CONNECT_WITHIN_S, ANSWER_WITHIN_S, FREE_CONNECTION_WITHIN_S = 2.0, 60.0, 10.0
_PATIENCE = httpx.Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S, pool=FREE_CONNECTION_WITHIN_S).as_dict()
QUESTION_WITHIN_S = 2.0
MAX_CONNECTIONS = 128

#: Headers of one connection, not of the request (RFC 9110, 7.6.1), and those that only we may say.
_HOP_BY_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
        "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip
_OURS = frozenset(
    {"forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "x-request-id"}
)


class TooLarge(Exception):
    """The request's body is larger than anything the API takes."""


class ApiProxy:
    """Passes requests on to ``web``, in turn where there are several; one that cannot be connected is passed over.

    By httpx's bare transport: its client would keep cookies, and lend one visitor's session to the next.
    """

    def __init__(self, web: PartLink) -> None:
        self.on_session_ended: Callable[[str], None] = lambda _session: None
        self._webs = [(_origin(address), _transport(web, address)) for address in web.addresses]
        self._turns = itertools.count()

    async def close(self) -> None:
        for _, web in self._webs:
            await web.aclose()

    async def is_web_up(self) -> bool:
        """Whether ``web`` answers a small question in time."""
        answer = await self.ask("/api/session", "")
        return answer is not None and answer[0] < 500

    async def ask(self, path: str, cookie: str) -> tuple[int, bytes] | None:
        """Ask ``web`` a small question of our own; status and body, or None when it does not answer in two seconds."""
        return await self.ask_as(path, {"cookie": cookie} if cookie else {})

    async def ask_as(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes] | None:
        """The same in the name of whoever's headers these are."""
        patience = {"timeout": httpx.Timeout(QUESTION_WITHIN_S).as_dict()}
        try:
            answer = await self._send(
                lambda origin: httpx.Request("GET", f"{origin}{path}", headers=headers, extensions=patience)
            )
            try:
                return answer.status_code, await answer.aread()
            finally:
                await answer.aclose()
        except httpx.HTTPError:
            return None

    async def __call__(self, request: Request) -> Response:
        """Answer as ``web`` does; 503 when it is away, 504 when it is late, 413 for too large a body."""
        length = request.headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal():
            return problem(400, "invalid", "The Content-Length is not a number.")
        if int(length) > MAX_REQUEST_BYTES:
            return _too_large()
        has_body = int(length) > 0 or "transfer-encoding" in request.headers
        try:
            answer = await self._send(lambda origin: self._passed_on(request, origin, has_body=has_body))
        except TooLarge:
            return _too_large()
        except (ClientDisconnect, httpx.HTTPError) as error:
            return _failed(error)
        if (ended := answer.headers.get(SESSION_ENDED_HEADER)) is not None:
            for session in ended.split(","):
                self.on_session_ended(session)
        response = StreamingResponse(_stream(answer), status_code=answer.status_code)
        is_partitioned = request.headers.get(COOKIES_HEADER) == PARTITIONED
        response.raw_headers = [
            (name.lower(), partitioned(value) if is_partitioned and name.lower() == b"set-cookie" else value)
            for name, value in answer.headers.raw
            if name.lower().decode() not in _HOP_BY_HOP | {SESSION_ENDED_HEADER}
        ]
        return response

    async def _send(self, request_to: Callable[[str], httpx.Request]) -> httpx.Response:
        """Raises the last one's ``httpx.ConnectError`` when none can be connected: nothing was sent then."""
        first = next(self._turns)
        for more in range(len(self._webs) - 1):
            origin, web = self._webs[(first + more) % len(self._webs)]
            try:
                return await web.handle_async_request(request_to(origin))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                log.info("web_passed_over", web=origin)
        origin, web = self._webs[(first - 1) % len(self._webs)]
        return await web.handle_async_request(request_to(origin))

    def _passed_on(self, request: Request, origin: str, *, has_body: bool) -> httpx.Request:
        target = request.scope["raw_path"]
        if query := request.scope["query_string"]:
            target += b"?" + query
        return httpx.Request(
            request.method,
            httpx.URL(origin).copy_with(raw_path=target),
            headers=_headers(request),
            content=_body(request) if has_body else None,
            extensions={"timeout": _PATIENCE},
        )


def _origin(address: str) -> str:
    return "http://web" if is_socket_path(address) else f"https://{address}"


def _transport(web: PartLink, address: str) -> httpx.AsyncHTTPTransport:
    limits = httpx.Limits(max_connections=MAX_CONNECTIONS)
    if is_socket_path(address):
        return httpx.AsyncHTTPTransport(uds=address, limits=limits, retries=0)
    return httpx.AsyncHTTPTransport(verify=web.need_keys(address).client, limits=limits, retries=0)


def _failed(error: ClientDisconnect | httpx.HTTPError) -> Response:
    """Return what the browser is told when ``web`` did not answer."""
    if isinstance(error, ClientDisconnect):
        return Response(status_code=499)  # nobody reads it
    if isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout):
        log.warning("web_late")
        return problem(504, "no_answer_in_time", "The server did not answer in time.")
    log.warning("web_away", why=repr(error))
    title = "The server is starting or being restarted; try again in a moment."
    return problem(503, "server_away", title, headers={"Retry-After": "2"})


def _headers(request: Request) -> list[tuple[str, str]]:
    named_by_connection = {name.strip().lower() for name in request.headers.get("connection", "").split(",")}
    dropped = _HOP_BY_HOP | _OURS | named_by_connection
    kept = [(name, value) for name, value in request.headers.items() if name not in dropped]
    is_passed_on = not PROXIES_HEADERS.isdisjoint(request.headers)
    return [
        *kept,
        *([(PASSED_ON_HEADER, "1")] if is_passed_on else []),
        ("x-forwarded-for", peer_address(request)),
        ("x-forwarded-proto", request.url.scheme),
        ("x-forwarded-host", request.headers.get("host", "")),
        ("x-request-id", secrets.token_hex(8)),  # names the request in the logs of web and engine
    ]


async def _body(request: Request) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_REQUEST_BYTES:
            raise TooLarge
        yield chunk


async def _stream(answer: httpx.Response) -> AsyncIterator[bytes]:
    assert isinstance(answer.stream, httpx.AsyncByteStream)
    try:
        async for chunk in answer.stream:
            yield chunk
    finally:
        await answer.aclose()


def _too_large() -> Response:
    return problem(413, "too_large", f"A request may hold {MAX_REQUEST_BYTES // 1024 // 1024} MB at most.")
