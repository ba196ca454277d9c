"""A minimal HTTP client for readiness: over TCP, TLS (its certificate is our own business) or a unix socket."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_LARGEST_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


async def ask(
    method: str,
    path: str,
    *,
    body: bytes = b"",
    port: int | None = None,
    socket: Path | None = None,
    host: str = "127.0.0.1",
    is_tls: bool = False,
    login: tuple[str, str] | None = None,
    timeout_s: float = 5,
) -> Answer:
    """Ask, with ``body`` as JSON, and return the answer.

    Raises ``OSError``, ``TimeoutError``, ``asyncio.IncompleteReadError``.
    """
    async with asyncio.timeout(timeout_s):
        if socket is not None:
            reader, writer = await asyncio.open_unix_connection(str(socket))
        else:
            reader, writer = await asyncio.open_connection(host, port, ssl=_unverified() if is_tls else None)
        try:
            lines = [f"{method} {path} HTTP/1.0", "Host: localhost", "Connection: close"]
            if body:
                lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
            if login is not None:
                lines.append(f"Authorization: Basic {base64.b64encode(':'.join(login).encode()).decode()}")
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            content = await _read_whole(reader, _promised_bytes(head))
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    return Answer(status=int(head.split(None, 2)[1]), body=content)


get = partial(ask, "GET")


async def _read_whole(reader: asyncio.StreamReader, promised: int | None) -> bytes:
    """Return what comes until the other side closes: one read brings only what has arrived by now."""
    body = bytearray()
    while chunk := await reader.read(_LARGEST_ANSWER_BYTES + 1 - len(body)):
        body += chunk
        if len(body) > _LARGEST_ANSWER_BYTES:
            raise OSError(f"an answer of more than {_LARGEST_ANSWER_BYTES} bytes")
    if promised is not None and len(body) < promised:
        raise asyncio.IncompleteReadError(bytes(body), promised)
    return bytes(body)


def _promised_bytes(head: bytes) -> int | None:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return None


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
