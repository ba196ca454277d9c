"""Asking the engine something from a request: one command over its socket, one answer.

Framing and types are ``contracts/commands.py``. Each call opens its own connection, which costs less than keeping one
per thread healthy. Where engines are named on several machines, the one that answers is asked.
"""

from __future__ import annotations

import contextlib
import socket
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

import msgspec
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhiyin.apps.refusals import Conflict, PartAway
from zhiyin.contracts.commands import Command, Nudge
from zhiyin.contracts.frames import MAX_FRAME_BYTES, Reply, Request, decode_frame, encode_frame
from zhiyin.contracts.links import PartLink

log = structlog.get_logger(__name__)

T = TypeVar("T")
TIMEOUT_S = 5.0
#: of several engines one that does not take the connection in this time is passed over
ENGINE_TRIED_S = 1.0
#: a hint is not worth waiting for
NUDGE_WITHIN_S = 0.5


class EngineRefused(Conflict):
    """The engine understood and said no; ``code`` and ``facts`` are its own words."""

    title = "The call engine refused this."


class EngineAway(PartAway):
    """No engine answers on its socket. Nothing can be said of whether it did what was asked."""


def ask_engine(
    command: Command, *, tenant_id: int, actor_id: int | None, result: type[T], timeout_s: float = TIMEOUT_S
) -> T:
    """Send ``command`` and return its result. Raises ``EngineRefused`` and ``EngineAway``.

    Ask before writing: a transaction that has written and waits holds up every reader of the log.
    The command carries a deadline, so that an engine that gets to it too late does not do it after all.
    """
    request = Request(
        id=_request_id(),
        tenant=tenant_id,
        actor=actor_id,
        command=command,
        deadline_at=timezone.now() + timedelta(seconds=timeout_s),
    )
    reply = _exchange(encode_frame(request), request.id, timeout_s)
    if reply.problem is not None:
        raise EngineRefused(reply.problem.code, facts=reply.problem.facts)
    return msgspec.json.decode(bytes(reply.result), type=result)


def nudge(*, tenant_id: int, user_ids: Iterable[int] | None, topic: str) -> None:
    """Once this transaction is committed, hint to the desks of users (None: everybody's) to fetch ``topic`` again.

    Never raises: whoever misses the hint fetches a little later by itself.
    """
    users = None if user_ids is None else tuple(sorted(set(user_ids)))
    if users == ():
        return

    def send() -> None:
        command = Nudge(users=users, topic=topic)
        try:
            ask_engine(command, tenant_id=tenant_id, actor_id=None, result=type(None), timeout_s=NUDGE_WITHIN_S)
        except (EngineAway, EngineRefused) as error:
            log.info("nudge_lost", topic=topic, why=error.code)

    transaction.on_commit(send)


def _request_id() -> str:
    """Return a new id that begins with the one by which the logs name the browser's request."""
    asked = structlog.contextvars.get_contextvars().get("request")
    return f"{asked}:{uuid.uuid4().hex}" if asked else uuid.uuid4().hex


def _exchange(frame: bytes, request_id: str, timeout_s: float) -> Reply:
    try:
        with _connect(settings.ENGINE_LINK, timeout_s) as connection:
            connection.sendall(len(frame).to_bytes(4, "big") + frame)
            while True:
                length = int.from_bytes(_receive(connection, 4), "big")
                if length > MAX_FRAME_BYTES:
                    raise EngineAway(title="The call engine sent something that is no answer.")
                answer = decode_frame(_receive(connection, length))
                if isinstance(answer, Reply) and answer.id == request_id:
                    return answer
    except (OSError, msgspec.MsgspecError) as error:
        raise EngineAway from error


def _connect(link: PartLink, timeout_s: float) -> socket.socket:
    """Connect to the first engine that takes it. Raises ``OSError``."""
    *others, last = link.addresses
    for address in others:
        with contextlib.suppress(OSError):
            return link.connect(address, timeout_s=min(timeout_s, ENGINE_TRIED_S))
    return link.connect(last, timeout_s=timeout_s)


def _receive(connection: socket.socket, count: int) -> bytes:
    parts: list[bytes] = []
    while count:
        part = connection.recv(count)
        if not part:
            raise ConnectionResetError("the engine closed the connection")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
