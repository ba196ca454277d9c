"""A program beside the engine that is asked one thing after the other: begun when first it is needed, and anew when it
hangs or ends. Requests wait their turn within their time.

It reads, again and again, a line of JSON with ``bytes`` and so many bytes after it, and answers with a status byte (0:
done), four bytes of length, and its answer or the code of what went wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence

import structlog

from zhiyin.engine.speech_port import SpeechFailed

log = structlog.get_logger(__name__)

#: A longer answer (about eight minutes of sound) is an error of the program.
_MOST_BYTES = 4_000_000
_HEAD = struct.Struct(">BI")
_DONE = 0


class SideProcess:
    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def ask(self, asked: Mapping[str, object], content: bytes, *, within_s: float) -> bytes:
        """Return its answer. Raises ``SpeechFailed``."""
        try:
            async with asyncio.timeout(within_s), self._turn:
                return await self._exchange(asked, content)
        except TimeoutError as error:
            raise SpeechFailed("late") from error
        except (OSError, asyncio.IncompleteReadError) as error:
            log.warning("side_process_broke", program=self._command[-1], why=type(error).__name__)
            raise SpeechFailed("broken") from error

    async def _exchange(self, asked: Mapping[str, object], content: bytes) -> bytes:
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
