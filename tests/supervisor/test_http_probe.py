"""The small reader of the parts' answers: it gives a whole answer or none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from zhiyin.config.supervisor import http_probe

FIGURES = b"zhiyin_web_request_seconds_bucket 1.0\n" * 10_000

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(folder: Path, talk: Talk) -> AsyncIterator[Path]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await talk(reader, writer)
        writer.close()

    path = folder / "part.sock"
    server = await asyncio.start_unix_server(serve, path=str(path))
    try:
        yield path
    finally:
        server.close()


async def test_an_answer_that_comes_in_pieces_is_read_whole(tmp_path: Path) -> None:
    """The operator's figures were cut in the middle of a line where they came in more than one piece."""

    async def in_pieces(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.0 200 OK\r\nContent-Length: {len(FIGURES)}\r\n\r\n".encode())
        for start in range(0, len(FIGURES), 60_000):
            await writer.drain()
            for _ in range(5):
                await asyncio.sleep(0)  # the reader takes what is there
            writer.write(FIGURES[start : start + 60_000])

    async with serving(tmp_path, in_pieces) as path:
        answer = await http_probe.get("/metrics", socket=path)
    assert (answer.status, answer.body) == (200, FIGURES)


async def test_an_answer_that_breaks_off_is_none(tmp_path: Path) -> None:
    async def broken(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nzhiyin_up 1")

    async with serving(tmp_path, broken) as path:
        with pytest.raises(asyncio.IncompleteReadError):
            await http_probe.get("/metrics", socket=path)


async def test_an_endless_answer_is_given_up(tmp_path: Path) -> None:
    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + b"0" * (5 * 1024 * 1024))
        await writer.drain()

    async with serving(tmp_path, endless) as path:
        with pytest.raises(OSError, match="an answer of more than"):
            await http_probe.get("/metrics", socket=path)
