"""The supervisor's few words with the engine: is it well, and how many calls are still live."""

from __future__ import annotations

import asyncio
import struct
import uuid
from pathlib import Path

import msgspec

from zhiyin.contracts.commands import (
    MAX_FRAME_BYTES,
    Command,
    Drain,
    EngineHealth,
    GetHealth,
    Reply,
    Request,
    decode_frame,
    encode_frame,
)

_TIMEOUT_S = 3


class EngineAway(Exception):
    """The engine does not answer on its socket."""


class _Drained(msgspec.Struct, frozen=True):
    live_calls: int


async def is_engine_well(socket: Path) -> bool:
    """Whether it serves: it answers and has Asterisk."""
    try:
        health = msgspec.json.decode((await _ask(socket, GetHealth())).result, type=EngineHealth)
    except (EngineAway, msgspec.ValidationError):
        return False
    return health.asterisk == "ok"


async def drain(socket: Path) -> int:
    """Let no new call in; return how many are live. Repeatable. Raises ``EngineAway``."""
    reply = await _ask(socket, Drain())
    try:
        return msgspec.json.decode(reply.result, type=_Drained).live_calls
    except msgspec.ValidationError as error:
        raise EngineAway(f"unexpected answer: {error}") from error


async def _ask(socket: Path, command: Command) -> Reply:
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await asyncio.open_unix_connection(str(socket))
            try:
                frame = encode_frame(Request(id=uuid.uuid4().hex, tenant=0, actor=None, command=command))
                writer.write(struct.pack(">I", len(frame)) + frame)
                await writer.drain()
                (length,) = struct.unpack(">I", await reader.readexactly(4))
                if length > MAX_FRAME_BYTES:
                    raise EngineAway(f"a frame of {length} bytes")
                answer = decode_frame(await reader.readexactly(length))
            finally:
                writer.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
        raise EngineAway(str(error) or type(error).__name__) from error
    if not isinstance(answer, Reply) or answer.problem is not None:
        raise EngineAway(f"refused: {answer}")
    return answer
