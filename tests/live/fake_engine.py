"""A small engine for tests: real frames on a real unix socket; it answers as it is told and keeps what it got."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from zhiyin.contracts.commands import Command, GetHealth, Subscribe
from zhiyin.contracts.frames import (
    BoardUpdate,
    EngineHealth,
    Frame,
    Nudged,
    Problem,
    Reply,
    Request,
    decode_frame,
    encode_frame,
)


class FakeEngine:
    """``boards`` go to each subscriber first; ``tell`` sends an update to all; ``requests`` has what was asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.boards: list[BoardUpdate] = []
        self.health: EngineHealth | None = None
        self.answer: Callable[[Command], Problem | object] = lambda _: None
        self.is_silent = False
        self.requests: list[Request] = []
        self.subscriptions = 0
        self._arrived = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path=str(self.path))

    async def stop(self) -> None:
        """Die: connections break, the socket goes."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()
        self._writers.clear()
        self.path.unlink(missing_ok=True)

    def tell(self, update: BoardUpdate | Nudged) -> None:
        for writer in self._writers:
            self._send(writer, update)

    def tell_raw(self, frame: bytes) -> None:
        for writer in self._writers:
            writer.write(frame)

    async def got(self, matching: Callable[[Request], bool], *, count: int = 1) -> Request:
        """Return the ``count``-th matching request, waiting for it."""
        async with asyncio.timeout(10):
            while True:
                self._arrived.clear()
                found = [request for request in self.requests if matching(request)]
                if len(found) >= count:
                    return found[count - 1]
                await self._arrived.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                request = decode_frame(await reader.readexactly(length))
                assert isinstance(request, Request)
                self._take(request, writer)
        self._writers.discard(writer)
        writer.close()

    def _take(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if isinstance(request.command, Subscribe):
            self._send(writer, Reply(id=request.id))
            for board in self.boards:
                self._send(writer, board)
            self.subscriptions += 1
        elif isinstance(request.command, GetHealth) and self.health is not None:
            self._send(writer, Reply(id=request.id, result=msgspec.Raw(msgspec.json.encode(self.health))))
        else:
            self.requests.append(request)
            if not self.is_silent:
                answer = self.answer(request.command)
                is_problem = isinstance(answer, Problem)
                result = msgspec.Raw(msgspec.json.encode(None if is_problem else answer))
                self._send(writer, Reply(id=request.id, problem=answer if is_problem else None, result=result))
        self._arrived.set()

    @staticmethod
    def _send(writer: asyncio.StreamWriter, frame: Frame) -> None:
        content = encode_frame(frame)
        writer.write(len(content).to_bytes(4, "big") + content)
