"""One kept HTTP connection to Asterisk: one request at a time, never sent twice by itself."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from zhiyin.engine.adapters.asterisk.errors import AriAway

NO_CONTENT = 204
_LENGTH = re.compile(r"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """``head`` is the status line and the headers as they came."""

    status: int
    head: str
    body: str

    @property
    def reason(self) -> str:
        return self.head.split("\r\n", 1)[0]


class HttpLine:
    """A general HTTP client took a quarter of the engine's time for the same few lines to the same server.

    ``url`` is ``http://host:port`` or ``https://``, then ``tls`` says whom to trust.
    """

    def __init__(self, *, url: str, tls: ssl.SSLContext | None = None, timeout_s: float) -> None:
        address = urlsplit(url)
        self._host = address.hostname or "127.0.0.1"
        self._tls = tls if address.scheme == "https" else None
        self._port = address.port or (443 if self._tls else 80)
        self._timeout_s = timeout_s
        self._lock = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def close(self) -> None:
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        form: str = "",
        headers: str = "",
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> HttpAnswer:
        """Send one request and return its answer, whatever its status. ``headers`` are whole lines, each with its end.

        ``before`` is awaited when it is this request's turn. Raises ``AriAway`` when there is no answer in time: then
        it is unknown whether Asterisk did it.
        """
        async with self._lock:
            try:
                async with asyncio.timeout(self._timeout_s):
                    if before is not None:
                        await before()
                    return await self._ask(method, path, form, headers)
            except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
                self.close()
                raise AriAway(f"no answer to {method} {path.partition('?')[0]}: {error!r}") from error
            except asyncio.CancelledError:
                self.close()  # the answer to come is not the next request's
                raise

    async def _ask(self, method: str, path: str, form: str, headers: str) -> HttpAnswer:
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            self._streams = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        reader, writer = self._streams
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\n{headers}Content-Length: {len(form)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        status = int(head.split(" ", 2)[1])
        length = _LENGTH.search(head)
        if length is None and status != NO_CONTENT:
            raise ValueError("an answer without its length")
        body = await reader.readexactly(int(length[1])) if length else b""
        return HttpAnswer(status, head, body.decode(errors="replace"))  # telephones' own words are in it
