"""Hearing a leg: a snoop channel takes what its party says, a websocket channel carries it to us, in a bridge of both.

The leg itself stays where it is and hears what it hears. Asterisk ends the snoop with the leg, and the websocket
channel with our connection, so that a killed engine leaves no ear open.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from zhiyin.engine.adapters.asterisk import messages
from zhiyin.engine.adapters.asterisk.address import AriAddress
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.errors import AriError
from zhiyin.engine.adapters.asterisk.translate import TAP
from zhiyin.engine.ports import LegGone, LegId, TelephonyAway

log = structlog.get_logger(__name__)

NOT_FOUND, CONFLICT = 404, 409
#: A channel of ours is in our application a moment after it was made; only then can it be bridged.
ENTER_WITHIN_S = 3.0
_CONNECT_WITHIN_S = 3.0
#: Where Asterisk says by which path the sound is fetched.
_CONNECTION = "MEDIA_WEBSOCKET_CONNECTION_ID"


class Ears:
    def __init__(self, *, ari: AriClient, address: AriAddress, application: str) -> None:
        self._ari = ari
        self._address = address
        self._application = application
        self._entering: dict[str, asyncio.Event] = {}

    def entered(self, channel: str) -> None:
        """A channel that is nobody's leg is in our application."""
        if (waiting := self._entering.get(channel)) is not None:
            waiting.set()

    async def hear(self, leg: LegId, *, ear: str, on_sound: Callable[[bytes], None]) -> None:
        """As ``Telephony.hear``."""
        media, snoop = f"{ear}-m", f"{ear}-s"
        try:
            with self._awaited(media) as has_entered:
                await self._make_media(media)
                address = await self._address_of(media)
                async with self._connect(address) as socket:
                    await self._wait(has_entered)
                    await self._join(leg, ear, media, snoop)
                    async for piece in socket:
                        if isinstance(piece, bytes):
                            on_sound(piece)
        except ConnectionClosed:
            pass  # the channel ended, with the leg or with Asterisk
        except (OSError, TimeoutError, WebSocketException) as error:
            raise TelephonyAway(f"no sound came: {type(error).__name__}") from error
        finally:
            await asyncio.shield(asyncio.ensure_future(self._take_away(ear, media, snoop)))

    async def _make_media(self, media: str) -> None:
        query = {
            "channelId": media,
            "app": self._application,
            "external_host": "INCOMING",
            "transport": "websocket",
            "encapsulation": "none",
            "connection_type": "server",
            "format": "slin",
        }
        (await self._ari.request("POST", "channels/externalMedia", query)).expect()

    async def _address_of(self, media: str) -> str:
        found = await self._ari.request("GET", f"channels/{media}/variable", {"variable": _CONNECTION})
        return f"{self._address.url.replace('http', 'ws', 1)}/media/{found.read(messages.Variable).value}"

    def _connect(self, address: str) -> connect:
        credentials = base64.b64encode(f"{self._address.user}:{self._address.password}".encode()).decode()
        return connect(
            address,
            additional_headers={"Authorization": f"Basic {credentials}"},
            subprotocols=["media"],  # type: ignore[list-item] # a NewType of str
            compression=None,
            ssl=self._address.tls if self._address.url.startswith("https") else None,
            open_timeout=_CONNECT_WITHIN_S,
            close_timeout=1,
            ping_interval=None,
            proxy=None,
        )

    async def _join(self, leg: LegId, ear: str, media: str, snoop: str) -> None:
        with self._awaited(snoop) as has_entered:
            query = {"spy": "in", "whisper": "none", "app": self._application, "appArgs": TAP}
            answer = await self._ari.request("POST", f"channels/{leg}/snoop/{snoop}", query)
            if answer.status in (NOT_FOUND, CONFLICT):
                raise LegGone(leg)
            answer.expect()
            await self._wait(has_entered)
        (await self._ari.request("POST", f"bridges/{ear}", {"type": "mixing"})).expect(CONFLICT)
        (await self._ari.request("POST", f"bridges/{ear}/addChannel", {"channel": f"{snoop},{media}"})).expect()

    async def _take_away(self, ear: str, media: str, snoop: str) -> None:
        for path in (f"channels/{snoop}", f"channels/{media}", f"bridges/{ear}"):
            with suppress(AriError):  # what stays ends with the leg, or at the next look
                (await self._ari.request("DELETE", path)).expect(NOT_FOUND)

    @contextmanager
    def _awaited(self, channel: str) -> Iterator[asyncio.Event]:
        event = self._entering[channel] = asyncio.Event()
        try:
            yield event
        finally:
            del self._entering[channel]

    async def _wait(self, has_entered: asyncio.Event) -> None:
        async with asyncio.timeout(ENTER_WITHIN_S):
            await has_entered.wait()
