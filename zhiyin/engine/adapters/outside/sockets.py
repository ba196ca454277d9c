"""Websockets to other systems: verified TLS, no redirects, no proxies, short messages, and few of them in memory."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, PayloadTooBig, WebSocketException
from websockets.typing import Subprotocol

from zhiyin.domain.security.egress import RefusedTarget, as_http, port_of, read_target
from zhiyin.engine.adapters.outside.http import USER_AGENT
from zhiyin.engine.adapters.outside.names import Names
from zhiyin.engine.outside_port import OutsideFailed, OutsideSocket, SocketCall

_CONNECT_S, _CLOSE_S = 4.0, 0.5
#: So many messages wait to be received; then the other side waits.
_MOST_WAITING = 16
_TOO_BIG = 1009


class _NoRedirects(connect):
    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class SocketOpener:
    def __init__(self, names: Names) -> None:
        self._names = names
        self._tls = ssl.create_default_context()

    async def open(self, call: SocketCall, *, company: int, within_s: float) -> OutsideSocket:
        """Open a websocket of a company's. Raises ``OutsideFailed``."""
        try:
            parts = read_target(as_http(call.url), internal_hosts=self._names.internal_hosts)
        except RefusedTarget as refused:
            raise OutsideFailed(refused.code) from refused
        host, port = parts.hostname or "", port_of(parts)
        address = await self._names.address_of(host, port, company=company)
        is_safe = parts.scheme == "https"
        try:
            connection = await _NoRedirects(
                parts._replace(scheme="wss" if is_safe else "ws").geturl(),
                host=address,  # that very one; the name stands in the TLS handshake and in the Host header
                port=port,
                ssl=self._tls if is_safe else None,
                subprotocols=[Subprotocol(each) for each in call.subprotocols] or None,
                additional_headers=dict(call.headers),
                user_agent_header=USER_AGENT,
                open_timeout=min(within_s, _CONNECT_S),
                close_timeout=_CLOSE_S,
                max_size=call.most_bytes,
                max_queue=_MOST_WAITING,
                ping_interval=None,  # who hangs is given up by the time that an utterance has
                compression=None,
                proxy=None,
            )
        except TimeoutError as error:
            raise OutsideFailed("late") from error
        except ssl.SSLError as error:
            raise OutsideFailed("tls") from error
        except InvalidStatus as error:
            raise OutsideFailed(f"http_{error.response.status_code}") from error
        except OSError as error:
            raise OutsideFailed("unreachable") from error
        except (WebSocketException, ValueError, EOFError) as error:
            raise OutsideFailed("broken") from error
        return _Socket(connection)


class _Socket:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, message: str | bytes) -> None:
        try:
            await self._connection.send(message)
        except (ConnectionClosed, OSError) as error:
            raise OutsideFailed(_why(error)) from error

    async def receive(self) -> str | bytes:
        try:
            return await self._connection.recv()
        except (ConnectionClosed, OSError, UnicodeError) as error:
            raise OutsideFailed(_why(error)) from error

    async def close(self) -> None:
        try:
            with suppress(TimeoutError, WebSocketException, OSError):
                async with asyncio.timeout(_CLOSE_S):
                    await self._connection.close()
        finally:  # who floods us has its end of it waiting behind what was never received
            self._connection.transport.abort()


def _why(error: Exception) -> str:
    """A message that is too long is closed by us; so is what is no websocket any more."""
    if isinstance(error, ConnectionClosed):
        sent = error.sent.code if error.sent is not None else None
        if sent == _TOO_BIG or isinstance(error.__cause__, PayloadTooBig):
            return "too_large"
        return "broken" if sent is not None and error.rcvd is None else "closed"
    return "broken"
