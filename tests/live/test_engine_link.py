"""The front's line to the engine is made again, however it ended."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import pytest

from zhiyin.contracts.links import PartLink
from zhiyin.live.engine_link import EngineLink


@pytest.mark.parametrize("number", [errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ECONNRESET])
async def test_a_line_whose_network_went_is_made_again(number: int, tmp_path: Path) -> None:
    """Only a reset had been expected: after any other end the front never saw the engine again."""
    again = asyncio.Event()
    readers: list[asyncio.StreamReader] = []

    class BreakingLink(PartLink):
        async def open(self, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await super().open(address)
            readers.append(reader)
            if len(readers) > 1:
                again.set()
            return reader, writer

    async def serve(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    path = str(tmp_path / "engine.sock")
    server = await asyncio.start_unix_server(serve, path=path)
    up = asyncio.Event()
    link = EngineLink(BreakingLink((path,), None), on_board=lambda _: None, on_up=up.set, on_down=lambda: None)
    link.start()
    try:
        async with asyncio.timeout(20):
            await up.wait()
            readers[0].set_exception(OSError(number, "the network went"))
            await again.wait()
    finally:
        await link.stop()
        server.close()
