"""The installation's own voice: one process beside the engine, begun when first something is to be said, and anew when
it hangs or ends. Requests wait their turn within their time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

import structlog

from zhiyin.engine.speech_port import SpeechFailed

log = structlog.get_logger(__name__)

#: Longer sound than this (about eight minutes) is an error of the process.
_MOST_BYTES = 4_000_000
_HEAD = struct.Struct(">BI")
_DONE = 0


class OwnVoiceProcess:
    """Implements ``OwnVoice`` by a ``command`` that speaks the protocol of ``config/prompts/voice_process.py``."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    async def speak(self, text: str, language: str, *, within_s: float) -> bytes:
        return await self._ask({"verb": "speak", "text": text, "language": language}, b"", within_s)

    async def to_line(self, wav: bytes, *, within_s: float) -> bytes:
        return await self._ask({"verb": "to_line"}, wav, within_s)

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _ask(self, asked: dict[str, str], content: bytes, within_s: float) -> bytes:
        try:
            async with asyncio.timeout(within_s), self._turn:
                return await self._exchange(asked, content)
        except TimeoutError as error:
            raise SpeechFailed("late") from error
        except (OSError, asyncio.IncompleteReadError) as error:
            log.warning("voice_process_broke", why=type(error).__name__)
            raise SpeechFailed("broken") from error

    async def _exchange(self, asked: dict[str, str], content: bytes) -> bytes:
        """Ask, and read the whole answer: who is interrupted leaves no process that answers the next one wrongly."""
        is_whole = False
        try:
            process = await self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            head = json.dumps({**asked, "bytes": len(content)}).encode()
            process.stdin.write(head + b"\n" + content)
            await process.stdin.drain()
            status, length = _HEAD.unpack(await process.stdout.readexactly(_HEAD.size))
            if length > _MOST_BYTES:
                raise SpeechFailed("broken")
            answer = await process.stdout.readexactly(length)
            is_whole = True
        finally:
            if not is_whole:
                await asyncio.shield(asyncio.ensure_future(self.close()))
        if status != _DONE:
            raise SpeechFailed(answer.decode(errors="replace"))
        return answer

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE)
        return self._process
