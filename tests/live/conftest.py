"""The front on a real port, with a fake engine and a small SIP websocket behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.live.builders import KEY, agent, board, interaction, queue
from tests.live.fake_engine import FakeEngine
from zhiyin.contracts.links import socket_link
from zhiyin.domain.agents import AgentState
from zhiyin.live.app import SERVER_OPTIONS, LiveSettings, create_app

GRACE_S = 0.2


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, **options: object) -> AsyncIterator[uvicorn.Server]:
    """Serve an application by uvicorn, as the product does, until left."""
    given = {**SERVER_OPTIONS, "timeout_graceful_shutdown": 1, **options}
    config = uvicorn.Config(app, **given)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign] # the test keeps them
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await task


class Peer:
    """A desk as a browser would have it: a socket and what it was told."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []

    async def next(self, kind: str | None = None) -> dict[str, Any]:
        """Return the next message, of that type where one is given; others are passed over."""
        async with asyncio.timeout(10):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                self.told.append(message)
                if kind is None or message["type"] == kind:
                    return message

    async def update_with(self, key: str) -> dict[str, Any]:
        """Return the next update that has the key; those without it are passed over."""
        while key not in (message := await self.next("update")):
            pass
        return message

    async def ended(self) -> int | None:
        """Read until the front closes the socket; return its close code, None when the line just broke."""
        async with asyncio.timeout(10):
            while True:
                try:
                    self.told.append(json.loads(await self.socket.recv()))
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else None

    async def do(self, request_id: str, do: str, **fields: object) -> dict[str, Any]:
        """Send a command and return its reply."""
        await self.socket.send(json.dumps({"id": request_id, "do": do, **fields}))
        while True:
            reply = await self.next("reply")
            if reply["id"] == request_id:
                return reply


class Front:
    """The running front and what stands behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = FakeEngine(folder / "engine.sock")
        self.pages = folder / "static"
        self.port = 0
        self.sip_port = 0
        self.sip_server: Server
        self.sip_heard: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.sip_sockets: list[ServerConnection] = []

    @property
    def web_socket(self) -> Path:
        return self.folder / "web.sock"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> LiveSettings:
        return LiveSettings(
            engine=socket_link(self.engine.path),
            web=socket_link(self.web_socket),
            parts_status=self.folder / "parts.json",
            data=self.folder,
            asterisk_url=f"http://127.0.0.1:{self.sip_port}",
            ticket_key=KEY,
            pages=self.pages,
            desk_grace_s=GRACE_S,
            login_check_every_s=0.1,
        )

    @contextlib.asynccontextmanager
    async def desk(self, ticket: str, **options: object) -> AsyncIterator[Peer]:
        url = f"ws://127.0.0.1:{self.port}/ws?ticket={ticket}"
        async with connect(url, proxy=None, **options) as socket:  # type: ignore[arg-type]
            yield Peer(socket)

    def telephone(self, **options: object) -> connect:
        given = {"subprotocols": [Subprotocol("sip")], "proxy": None, **options}
        return connect(f"ws://127.0.0.1:{self.port}/sip", **given)  # type: ignore[arg-type]

    async def serve_sip(self, socket: ServerConnection) -> None:
        """Asterisk's side: keeps what it hears and answers "OK <what>"."""
        self.sip_sockets.append(socket)
        async for content in socket:
            self.sip_heard.put_nowait(content)
            await socket.send(f"OK {content!r}" if isinstance(content, bytes) else f"OK {content}")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the other side of a socket tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    with tempfile.TemporaryDirectory(prefix="zy-live-") as name:
        front = Front(Path(name))
        front.pages.mkdir()
        front.engine.boards = [
            board(
                agents=(agent(1001), agent(1002, AgentState.REST)),
                interactions=(interaction("i1"),),
                queues=(queue(waiting=1),),
            ),
            board(tenant=2, agents=(agent(7, name="别家"),), interactions=(interaction("other"),)),
        ]
        await front.engine.start()
        async with serve(front.serve_sip, "127.0.0.1", 0, subprotocols=[Subprotocol("sip")]) as sip:
            front.sip_server = sip
            front.sip_port = sip.sockets[0].getsockname()[1]
            async with serving(create_app(front.settings()), host="127.0.0.1", port=0) as server:
                front.port = server.servers[0].sockets[0].getsockname()[1]
                await until(lambda: front.engine.subscriptions > 0)
                yield front
        await front.engine.stop()
