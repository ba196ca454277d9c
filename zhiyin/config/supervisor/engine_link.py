"""The supervisor's few words with the engine: is it well, and how many calls are still live."""

from __future__ import annotations

import asyncio
import struct
import uuid

import msgspec

from zhiyin.contracts.commands import (
    MAX_FRAME_BYTES,
    Command,
    Drain,
    DrainNode,
    EngineHealth,
    GetHealth,
    NodeHealth,
    Reply,
    Request,
    decode_frame,
    encode_frame,
)
from zhiyin.contracts.links import PartLink

_TIMEOUT_S = 3


class EngineAway(Exception):
    """The engine does not answer on its socket."""


class _Drained(msgspec.Struct, frozen=True):
    live_calls: int


async def is_engine_well(link: PartLink) -> bool:
    """Whether it serves: it answers and has Asterisk."""
    health = await _health(link)
    return health is not None and health.asterisk == "ok"


async def leader_pid(link: PartLink) -> int | None:
    """Return the process of the engine that leads; None where none answers."""
    health = await _health(link)
    return health.pid if health is not None else None


async def _health(link: PartLink) -> EngineHealth | None:
    try:
        return msgspec.json.decode((await _ask(link, GetHealth())).result, type=EngineHealth)
    except (EngineAway, msgspec.ValidationError):
        return None


async def drain(link: PartLink) -> int:
    """Let no new call in; return how many are live. Repeatable. Raises ``EngineAway``."""
    reply = await _ask(link, Drain())
    try:
        return msgspec.json.decode(reply.result, type=_Drained).live_calls
    except msgspec.ValidationError as error:
        raise EngineAway(f"unexpected answer: {error}") from error


async def drain_node(link: PartLink, node: str, *, is_draining: bool) -> NodeHealth:
    """Let a node take no new calls, or take them again; return how it is. Repeatable. Raises ``EngineAway``."""
    reply = await _ask(link, DrainNode(node, is_draining))
    return msgspec.json.decode(reply.result, type=NodeHealth)


async def _ask(link: PartLink, command: Command) -> Reply:
    problem = EngineAway("no address")
    for address in link.addresses:
        try:
            return await _ask_at(link, address, command)
        except EngineAway as error:
            problem = error
    raise problem


async def _ask_at(link: PartLink, address: str, command: Command) -> Reply:
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await link.open(address)
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
