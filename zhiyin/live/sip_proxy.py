"""``/sip``: a browser's telephone, passed on to Asterisk's websocket. SIP authenticates itself; here are limits."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from zhiyin.live.limits import Connections, Rate, TooManyConnections
from zhiyin.live.origins import is_same_origin, peer_address
from zhiyin.live.sip_nodes import SIP, BrowserLines, NoNode

log = structlog.get_logger(__name__)

#: An INVITE of a browser with its candidates is 3 to 8 kB; Asterisk itself takes no more than 64 kB.
MAX_MESSAGE_BYTES = 60_000
MESSAGES_PER_S, MESSAGES_BURST = 50, 200
#: A telephone registers at least every two minutes; one that says nothing for this long has no use.
IDLE_S = 300.0
CONNECT_WITHIN_S = 5.0
SEND_WITHIN_S = 20.0

NO_SUBPROTOCOL, BROKEN_RULES, GOING_AWAY, TRY_AGAIN = 1002, 1008, 1001, 1013


@dataclass(frozen=True, slots=True)
class SipNodes:
    """Several Asterisks by name, and what the front needs to say a browser's registration to each of them."""

    urls: Mapping[str, str]
    key: bytes = field(repr=False)
    tls: ssl.SSLContext | None = None


class SipProxy:
    """Serves ``/sip`` towards ``asterisk_url`` (``http://host:port``), or all ``nodes``. Both sides close together."""

    def __init__(self, asterisk_url: str, *, connections: Connections, nodes: SipNodes | None = None) -> None:
        self._nodes = nodes
        self._url = f"{asterisk_url.replace('http', 'ws', 1)}/ws"
        self._connections = connections

    async def __call__(self, socket: WebSocket) -> None:
        if not is_same_origin(socket) or SIP not in socket.scope.get("subprotocols", []):
            await socket.close(NO_SUBPROTOCOL)
            return
        try:
            with self._connections.one(peer_address(socket)):
                await (self._connect(socket) if self._nodes is None else self._connect_nodes(socket, self._nodes))
        except TooManyConnections:
            log.info("sip_refused", address=peer_address(socket))
            await socket.close(BROKEN_RULES)

    async def _connect(self, socket: WebSocket) -> None:
        try:
            asterisk = await connect(
                self._url,
                subprotocols=[SIP],
                max_size=MAX_MESSAGE_BYTES * 4,
                compression=None,
                open_timeout=CONNECT_WITHIN_S,
                close_timeout=1,
                ping_interval=None,
                proxy=None,
            )
        except (OSError, TimeoutError, WebSocketException) as error:
            log.warning("sip_has_no_asterisk", why=repr(error))
            await socket.close(TRY_AGAIN)
            return
        async with asterisk:
            await socket.accept(subprotocol=SIP)
            code = await _first_of(_from_browser(socket, asterisk.send), _to_browser(asterisk, socket))
        await _close(socket, code)

    async def _connect_nodes(self, socket: WebSocket, nodes: SipNodes) -> None:
        lines = BrowserLines(nodes.urls, key=nodes.key, tls=nodes.tls, to_browser=partial(_send, socket))
        try:
            await lines.open(secrets.choice(tuple(nodes.urls)))
        except NoNode as error:
            log.warning("sip_has_no_asterisk", why=str(error))
            await socket.close(TRY_AGAIN)
            return
        try:
            await socket.accept(subprotocol=SIP)
            code = await _first_of(_from_browser(socket, lines.send), _until_over(lines))
        finally:
            await lines.close()
        await _close(socket, code)


async def _close(socket: WebSocket, code: int) -> None:
    if socket.client_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(1):
                await socket.close(code)


async def _until_over(lines: BrowserLines) -> int:
    await lines.run()
    return GOING_AWAY


async def _first_of(*ways: Coroutine[object, object, int]) -> int:
    """Run both ways until either ends; return the code to close the browser's side with."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _from_browser(socket: WebSocket, send: Callable[[str | bytes], Awaitable[None]]) -> int:
    rate = Rate(per_s=MESSAGES_PER_S, burst=MESSAGES_BURST)
    try:
        while True:
            async with asyncio.timeout(IDLE_S):
                message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return GOING_AWAY
            content: str | bytes = message.get("text") or message.get("bytes") or ""
            size = len(content) if isinstance(content, bytes) else len(content.encode())
            if size > MAX_MESSAGE_BYTES or not rate.take():
                log.info("sip_broke_limits", bytes=size, address=peer_address(socket))
                return BROKEN_RULES
            await send(content)
    except (TimeoutError, ConnectionClosed):
        return GOING_AWAY


async def _to_browser(asterisk: ClientConnection, socket: WebSocket) -> int:
    with contextlib.suppress(ConnectionClosed, WebSocketDisconnect, RuntimeError, TimeoutError):
        async for content in asterisk:
            await _send(socket, content)
    return GOING_AWAY


async def _send(socket: WebSocket, content: str | bytes) -> None:
    async with asyncio.timeout(SEND_WITHIN_S):
        await (socket.send_text(content) if isinstance(content, str) else socket.send_bytes(content))
