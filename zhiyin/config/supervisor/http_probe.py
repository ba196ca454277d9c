"""A minimal HTTP GET for readiness: over TCP, TLS (its certificate is our own business) or a unix socket."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from dataclasses import dataclass
from pathlib import Path

_LARGEST_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


async def get(
    path: str,
    *,
    port: int | None = None,
    socket: Path | None = None,
    host: str = "127.0.0.1",
    is_tls: bool = False,
    login: tuple[str, str] | None = None,
    timeout_s: float = 5,
) -> Answer:
    """Return the answer. Raises ``OSError``, ``TimeoutError``, ``asyncio.IncompleteReadError``."""
    async with asyncio.timeout(timeout_s):
        if socket is not None:
            reader, writer = await asyncio.open_unix_connection(str(socket))
        else:
            reader, writer = await asyncio.open_connection(host, port, ssl=_unverified() if is_tls else None)
        try:
            lines = [f"GET {path} HTTP/1.0", "Host: localhost", "Connection: close"]
            if login is not None:
                lines.append(f"Authorization: Basic {base64.b64encode(':'.join(login).encode()).decode()}")
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.read(_LARGEST_ANSWER_BYTES)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    return Answer(status=int(head.split(None, 2)[1]), body=body)


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
