"""``/sip`` before several Asterisk nodes: a browser registers at one of them, its home, and is known to all.

The front says the registration again to the other nodes in the browser's name, so that each can ring it. Messages
of a dialogue go to the node that has it; everything else goes home. When a node dies its calls are ended at the
browser, and another node becomes home: the browser's socket stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Mapping

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from zhiyin.contracts.browser_telephones import BROWSER_ACCOUNT, browser_secret
from zhiyin.live.sip_messages import Dialogues, Registration, SipMessage, read_sip, user_of

log = structlog.get_logger(__name__)

SIP = Subprotocol("sip")
CONNECT_WITHIN_S = 2.0
ANSWER_WITHIN_S = 3.0
RETRY_S = 0.5
#: A node's socket may say as much as the browser's proxy lets through.
MAX_MESSAGE_BYTES = 240_000


class NoNode(Exception):
    """None of the nodes takes the browser."""


class BrowserLines:
    """One browser's lines to the nodes. ``to_browser`` sends it a message; ``run`` lasts until no node is left."""

    def __init__(
        self,
        urls: Mapping[str, str],
        *,
        key: bytes,
        tls: ssl.SSLContext | None,
        to_browser: Callable[[str | bytes], Awaitable[None]],
    ) -> None:
        self._urls = urls
        self._key = key
        self._tls = tls
        self._to_browser = to_browser
        self._lines: dict[str, ClientConnection] = {}
        self._home = ""
        self._dialogues = Dialogues()
        self._registration: Registration | None = None
        self._answers: dict[str, asyncio.Queue[SipMessage]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._is_over = asyncio.Event()

    async def open(self, first: str) -> None:
        """Connect to the first node that takes it, beginning with ``first``. Raises ``NoNode``."""
        for node in sorted(self._urls, key=lambda name: name != first):
            with contextlib.suppress(OSError, TimeoutError, WebSocketException):
                self._lines[node] = await self._connect(node)
                self._home = node
                self._tasks[node] = asyncio.create_task(self._serve_home(node), name=f"sip {node}")
                return
        raise NoNode(", ".join(self._urls))

    async def run(self) -> None:
        await self._is_over.wait()

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await asyncio.gather(*(line.close() for line in self._lines.values()), return_exceptions=True)

    async def send(self, content: str | bytes) -> None:
        """Pass on what the browser said. What a dying node does not get is lost as on any network."""
        message = read_sip(content) if isinstance(content, str) else None
        node = (self._dialogues.node_of(message) if message else None) or self._home
        line = self._lines.get(node)
        if line is None:
            return
        if message is not None:
            self._dialogues.note(message, node, is_from_node=False)
            if message.method == "REGISTER" and message.status is None:
                self._note_register(message)
        with contextlib.suppress(ConnectionClosed):
            await line.send(content)

    # --- home

    async def _serve_home(self, node: str) -> None:
        """Until this node goes; then the next that knows the browser is home."""
        await self._read(node)
        await self._lost(node)
        if self._registration is not None:
            await self._keep_registered(node)

    async def _read(self, node: str) -> None:
        """Pass on what the node says until its line ends."""
        with contextlib.suppress(ConnectionClosed):
            async for content in self._lines[node]:
                message = read_sip(content) if isinstance(content, str) else None
                if message is not None:
                    if (answers := self._answers.get(node)) and self._is_ours(message):
                        answers.put_nowait(message)
                        continue
                    self._dialogues.note(message, node, is_from_node=True)
                    self._note_registered(message)
                await self._to_browser(content)

    async def _lost(self, node: str) -> None:
        del self._lines[node]
        for end in self._dialogues.take_ends(node):
            await self._to_browser(end)
        if node != self._home:
            return
        self._home = next(iter(self._lines), "")
        if not self._home:
            self._is_over.set()
        else:
            log.info("sip_home_moved", gone=node, home=self._home)

    # --- the other nodes

    def _note_register(self, message: SipMessage) -> None:
        """What the browser wants to be registered as; its home decides whether it may."""
        account = user_of(message.headers.get("to", ""))
        expires = message.headers.get("expires", "")
        if BROWSER_ACCOUNT.fullmatch(account) and expires.isdecimal() and "contact" in message.headers:
            domain = message.headers["to"].partition("@")[2].partition(">")[0]
            wanted = (account, domain, message.headers["contact"])
            known = self._registration
            if known is None or (known.account, known.domain, known.contact) != wanted:
                secret = browser_secret(self._key, account)
                self._registration = Registration(account, secret, domain, wanted[2], int(expires))

    def _note_registered(self, message: SipMessage) -> None:
        """Home took the registration: say it to the other nodes, which the front keeps up from now on."""
        registration = self._registration
        if message.status != 200 or message.method != "REGISTER" or registration is None:
            return
        if user_of(message.headers.get("to", "")) != registration.account:
            return
        for node in self._urls:
            if node not in self._tasks:
                self._tasks[node] = asyncio.create_task(self._keep_registered(node), name=f"sip {node}")

    async def _keep_registered(self, node: str) -> None:
        """Hold a line to the node and a registration on it, for ever."""
        while True:
            with contextlib.suppress(OSError, TimeoutError, WebSocketException):
                self._lines[node] = await self._connect(node)
                reading = asyncio.create_task(self._read(node))
                try:
                    await self._register_until(node, reading)
                finally:
                    reading.cancel()
                    await asyncio.gather(reading, self._lines[node].close(), return_exceptions=True)
                    await self._lost(node)
            await asyncio.sleep(RETRY_S)

    async def _register_until(self, node: str, reading: asyncio.Task[None]) -> None:
        """Register now and before each expiry, until the line ends or the node says no."""
        answers = self._answers[node] = asyncio.Queue()
        while not reading.done() and (registration := self._registration):
            await self._lines[node].send(registration.request())
            async with asyncio.timeout(ANSWER_WITHIN_S):
                answer = await answers.get()
                if answer.status == 401:
                    await self._lines[node].send(registration.request(answer))
                    answer = await answers.get()
            if answer.status != 200:  # it has not been told of this telephone yet
                return
            await asyncio.wait({reading}, timeout=max(10, registration.expires_s / 2))

    def _is_ours(self, message: SipMessage) -> bool:
        return self._registration is not None and message.call_id == self._registration.call_id

    async def _connect(self, node: str) -> ClientConnection:
        url = self._urls[node]
        return await connect(
            f"{url.replace('http', 'ws', 1)}/ws",
            subprotocols=[SIP],
            max_size=MAX_MESSAGE_BYTES,
            compression=None,
            open_timeout=CONNECT_WITHIN_S,
            close_timeout=1,
            ping_interval=None,
            proxy=None,
            ssl=self._tls if url.startswith("https") else None,
        )
