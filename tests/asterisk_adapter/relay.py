"""A TCP relay whose line a test can cut or hold up: the network between engine and Asterisk."""

from __future__ import annotations

import asyncio
import contextlib


class Relay:
    """Forwards a loopback port of its own to ``target_port``. While cut, connections end and new ones are refused."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self._loses = False
        self.port = 0

    async def __aenter__(self) -> Relay:
        await self.mend()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.cut()

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()

    def hold_up(self) -> None:
        """Let nothing through, and no connection end: what is sent comes after ``let_through``, as TCP sends again."""
        self._flows.clear()

    def let_through(self) -> None:
        self._flows.set()

    def lose(self) -> None:
        """While held up: bring what was sent until now, and nothing that is sent from now on."""
        self._loses = True

    async def mend(self) -> None:
        self._loses = False
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65536):
                is_lost = self._loses
                await self._flows.wait()
                if not is_lost:
                    writer.write(chunk)
                    await writer.drain()
        writer.close()
