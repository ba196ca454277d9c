"""Recognisers of tests, by the very messages that FunASR's and sherpa-onnx's servers exchange over a real websocket.

They understand nothing: a sign of the ``text`` is told for every 60 ms piece of loud sound, the rest at its end, which
is what a server of words does with time. ``SAMPLES`` of what came are kept, so that its form can be looked at.
"""

from __future__ import annotations

import asyncio
import json
import struct
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

_LOUD = 0.05


@dataclass
class FunAsrServer:
    """As funasr-wss-server-2pass has it: words bit by bit, and the whole sentence once more when the sound is over."""

    text: str = "我要找售后"
    is_python: bool = False  # its server in Python marks the end in another way
    opened: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str | None] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)  # how long each was, in bytes

    async def talk(self, socket: ServerConnection) -> None:
        self.headers.append(socket.request.headers.get("Authorization") if socket.request else None)
        told = 0
        async for message in socket:
            if isinstance(message, bytes):
                self.pieces.append(len(message))
                loud = max((abs(sample) for sample in array("h", message)), default=0) / 32768 > _LOUD
                if loud and told < len(self.text) - 1:
                    await self._say(socket, "2pass-online", self.text[told], is_final=self.is_python)
                    told += 1
                continue
            words = json.loads(message)
            if "mode" in words:
                assert (words["mode"], words["wav_format"], words["is_speaking"]) == ("2pass", "pcm", True)
                self.opened.append(words)
            elif words["is_speaking"] is False and (told or not self.is_python):
                await self._say(socket, "2pass-offline", self.text if told else "", is_final=not self.is_python)

    async def _say(self, socket: ServerConnection, mode: str, text: str, *, is_final: bool) -> None:
        told = {"mode": mode, "text": text, "wav_name": "call", "is_final": is_final}
        await socket.send(json.dumps(told, ensure_ascii=False))


@dataclass
class SherpaServer:
    """As sherpa-onnx-online-websocket-server has it: the words of the segment so far, ``Done!`` at the end."""

    text: str = "我要找售后"
    samples: int = 0
    most: float = 0.0

    async def talk(self, socket: ServerConnection) -> None:
        told = 0
        async for message in socket:
            if message == "Done":
                await self._say(socket, self.text if told else "", is_eof=True)
                await socket.send("Done!")
                return
            assert isinstance(message, bytes)
            samples = struct.unpack(f"<{len(message) // 4}f", message)
            self.samples += len(samples)
            loudest = max(map(abs, samples), default=0.0)
            self.most = max(self.most, loudest)
            if loudest > _LOUD and told < len(self.text) - 1:
                told += 1
                await self._say(socket, self.text[:told], is_eof=False)

    async def _say(self, socket: ServerConnection, text: str, *, is_eof: bool) -> None:
        told = {
            "text": text,
            "tokens": list(text),
            "segment": 0,
            "start_time": 0.0,
            "is_final": is_eof,
            "is_eof": is_eof,
        }
        await socket.send(json.dumps(told, ensure_ascii=False))


@asynccontextmanager
async def serving(
    talk: Callable[[ServerConnection], Awaitable[None]], *, subprotocols: tuple[str, ...] = ()
) -> AsyncIterator[int]:
    """Serve on a free port of loopback; yields the port."""

    async def handle(socket: ServerConnection) -> None:
        try:
            await talk(socket)
        except (ConnectionClosed, asyncio.CancelledError):
            return

    known = [Subprotocol(each) for each in subprotocols] or None
    async with serve(handle, "127.0.0.1", 0, subprotocols=known, max_size=2**20, close_timeout=0.2) as server:
        yield next(iter(server.sockets)).getsockname()[1]
