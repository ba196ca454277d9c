"""The engine's socket: requests in, replies out, and the boards streamed to whoever subscribed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from zhiyin.contracts.commands import Subscribe
from zhiyin.contracts.frames import MAX_FRAME_BYTES, BoardUpdate, Nudged, Reply, Request, decode_frame, encode_frame
from zhiyin.contracts.links import BadAddress, LinkKeys, notice_silence, split_address

log = structlog.get_logger(__name__)

#: A subscriber that has this many frames unread is dropped; it comes back and gets the whole board.
MAX_UNREAD_FRAMES = 2000


class CommandServer:
    """Listens on a unix socket, and for other machines' parts on ``listen`` ("host:port") with the parts' ``keys``."""

    def __init__(
        self,
        path: Path,
        *,
        listen: str = "",
        keys: LinkKeys | None = None,
        answer: Callable[[Request], Awaitable[Reply]],
        boards: Callable[[], list[BoardUpdate]],
    ) -> None:
        self._path = path
        self._listen = listen
        self._keys = keys
        self._answer = answer
        self._boards = boards
        self._servers: list[asyncio.Server] = []
        self._subscribers: set[_Connection] = set()
        self._connections: set[_Connection] = set()

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        self._servers.append(await asyncio.start_unix_server(self._serve, path=str(self._path), limit=1 << 20))
        self._path.chmod(0o600)
        if self._listen:
            if self._keys is None:
                raise BadAddress(f"The engine cannot listen on {self._listen}: ZHIYIN_LINK_KEYS names no folder.")
            host, port = split_address(self._listen)
            self._servers.append(await asyncio.start_server(self._serve, host, port, ssl=self._keys.server))
            log.info("engine_listens", at=self._listen)

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for connection in list(self._connections):
            connection.close()
        self._path.unlink(missing_ok=True)

    def publish(self, update: BoardUpdate | Nudged) -> None:
        """Send an update to every subscriber; it is encoded once."""
        if not self._subscribers:
            return
        frame = encode_frame(update)
        for connection in list(self._subscribers):
            connection.send(frame)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        notice_silence(writer)
        connection = _Connection(writer)
        self._connections.add(connection)
        tasks: set[asyncio.Task[None]] = set()
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                if length > MAX_FRAME_BYTES:
                    log.warning("frame_too_long", bytes=length)
                    return
                frame = decode_frame(await reader.readexactly(length))
                if not isinstance(frame, Request):
                    continue
                if isinstance(frame.command, Subscribe):
                    self._subscribe(connection, frame)
                    continue
                task = asyncio.create_task(self._reply(connection, frame))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except (asyncio.IncompleteReadError, OSError):
            pass
        except msgspec.MsgspecError as error:
            log.warning("frame_unreadable", why=str(error))
        finally:
            self._subscribers.discard(connection)
            self._connections.discard(connection)
            connection.close()

    def _subscribe(self, connection: _Connection, request: Request) -> None:
        """Boards first, updates after: nothing can come between, all of this is one step."""
        connection.send(encode_frame(Reply(request.id)))
        for board in self._boards():
            connection.send(encode_frame(board))
        self._subscribers.add(connection)

    async def _reply(self, connection: _Connection, request: Request) -> None:
        connection.send(encode_frame(await self._answer(request)))


class _Connection:
    """One client's outbox: never waits, drops a reader that does not read."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._unread: asyncio.Queue[bytes] = asyncio.Queue(MAX_UNREAD_FRAMES)
        self._task = asyncio.create_task(self._write())

    def send(self, frame: bytes) -> None:
        try:
            self._unread.put_nowait(frame)
        except asyncio.QueueFull:
            log.warning("subscriber_too_slow")
            self.close()

    def close(self) -> None:
        self._task.cancel()
        with suppress(Exception):
            self._writer.close()

    async def _write(self) -> None:
        with suppress(OSError):
            while True:
                frame = await self._unread.get()
                self._writer.write(len(frame).to_bytes(4, "big") + frame)
                await self._writer.drain()
