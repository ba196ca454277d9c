"""The supervisor's few words with the engine: is it well, and how many calls are still live."""

from __future__ import annotations

import asyncio
import struct
import uuid

import msgspec

from zhiyin.contracts.commands import Command, Drain, DrainNode, GetHealth, TestTrunk
from zhiyin.contracts.frames import (
    MAX_FRAME_BYTES,
    EngineHealth,
    NodeHealth,
    Reply,
    Request,
    decode_frame,
    encode_frame,
)
from zhiyin.contracts.links import PartLink

_TIMEOUT_S = 3
#: the engine itself waits up to four seconds for the other side
_TRUNK_WITHIN_S = 6


class EngineAway(Exception):
    """The engine does not answer on its socket."""


class UnknownNode(EngineAway):
    """The engine that leads has no node of this name: no other engine has."""


class _Trunk(msgspec.Struct, frozen=True):
    state: str
    detail: str


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


def read_health(link: PartLink) -> tuple[str, EngineHealth]:
    """Return at which address the engine answers that leads, and how it is. Raises ``EngineAway``."""
    problem = EngineAway("no address")
    for address in link.addresses:
        request = Request(uuid.uuid4().hex, 0, None, GetHealth())
        try:
            reply = asyncio.run(_ask_at(link, address, request, within_s=_TIMEOUT_S))
            return address, msgspec.json.decode(reply.result, type=EngineHealth)
        except EngineAway as error:
            problem = error
        except msgspec.ValidationError as error:
            problem = EngineAway(f"unexpected answer: {error}")
    raise problem


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


async def test_trunk(link: PartLink, *, tenant: int, trunk: int) -> tuple[str, str]:
    """Return how Asterisk stands with a trunk, and what it says of it. Raises ``EngineAway``."""
    reply = await _ask(link, TestTrunk(trunk), tenant=tenant, within_s=_TRUNK_WITHIN_S)
    state = msgspec.json.decode(reply.result, type=_Trunk)
    return state.state, state.detail


async def _ask(link: PartLink, command: Command, *, tenant: int = 0, within_s: float = _TIMEOUT_S) -> Reply:
    problem = EngineAway("no address")
    for address in link.addresses:
        try:
            return await _ask_at(link, address, Request(uuid.uuid4().hex, tenant, None, command), within_s=within_s)
        except UnknownNode:
            raise
        except EngineAway as error:
            problem = error
    raise problem


async def _ask_at(link: PartLink, address: str, request: Request, *, within_s: float) -> Reply:
    try:
        async with asyncio.timeout(within_s):
            reader, writer = await link.open(address)
            try:
                frame = encode_frame(request)
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
    if not isinstance(answer, Reply):
        raise EngineAway("what it said is no answer")
    if answer.problem is not None:
        raise (UnknownNode if answer.problem.code == "unknown_node" else EngineAway)(answer.problem.code)
    return answer
