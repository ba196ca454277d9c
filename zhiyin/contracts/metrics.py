"""How every part hands out its figures: in Prometheus' text form, over a unix socket of its own in RUN.

``RUN/<part>.metrics`` answers any HTTP GET. Only the account that runs Zhiyin can reach it; the supervisor joins all of
them for the operator. Labels carry ids and words of ours, never a number, a name of a person or an address.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

SUFFIX = ".metrics"
CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
#: of what is answered by a machine nearby: half a millisecond to five seconds
QUICK_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_ASKED_WITHIN_S = 5.0
_LAG_EVERY_S = 0.5


def metrics_socket(run: Path, part: str) -> Path:
    return run / f"{part}{SUFFIX}"


class MetricsServer:
    """Serves one registry over a unix socket, and watches how late its event loop is (``lag``).

    With ``does_wait`` the figures are asked of somebody who may take long, so they are gathered in a thread.
    """

    def __init__(
        self, path: Path, registry: CollectorRegistry, *, lag: Histogram | None = None, does_wait: bool = False
    ) -> None:
        self._does_wait = does_wait
        self._path = path
        self._registry = registry
        self._lag = lag
        self._server: asyncio.Server | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path=str(self._path))
        self._path.chmod(0o600)
        if self._lag is not None:
            self._watch = asyncio.create_task(_watch_lag(self._lag), name="loop-lag")

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_ASKED_WITHIN_S):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(http_answer(await self._render()))
                await writer.drain()
        writer.close()

    async def _render(self) -> bytes:
        if self._does_wait:
            return await asyncio.to_thread(generate_latest, self._registry)
        return generate_latest(self._registry)


def http_answer(body: bytes, *, status: str = "200 OK", content_type: str = CONTENT_TYPE) -> bytes:
    """Return a whole HTTP answer that ends the connection."""
    head = (
        f"HTTP/1.0 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


async def _watch_lag(lag: Histogram) -> None:
    """Measure how much later than asked the loop comes back: what every answer of this part waits in addition."""
    while True:
        asleep_at = time.perf_counter()
        await asyncio.sleep(_LAG_EVERY_S)
        lag.observe(max(0.0, time.perf_counter() - asleep_at - _LAG_EVERY_S))
