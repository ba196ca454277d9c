"""``/metrics`` for the operator: the supervisor's own figures, and those of every part, joined into one answer.

On ``RUN/metrics.sock`` always, and on a TCP port where ``--metrics`` asks for it: apart from the port that the public
reaches. A part that does not answer in time is missing; ``zhiyin_part_is_up`` and ``zhiyin_part_answers`` say so.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from zhiyin.config.environment import Environment
from zhiyin.config.supervisor import http_probe, tls
from zhiyin.config.supervisor.proc import open_files, resident_bytes, sessions, used_cpu_s
from zhiyin.config.supervisor.processes import PartState
from zhiyin.contracts.metrics import SUFFIX, http_answer

SOCKET_NAME = "metrics.sock"
_PART_WITHIN_S = 3.0
_ASKED_WITHIN_S = 5.0


class PartsState(Collector):
    """What can be seen of the parts from outside of them, and of the machine."""

    def __init__(self, environment: Environment, states: Callable[[], Mapping[str, PartState]]) -> None:
        self._environment = environment
        self._states = states

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("zhiyin_part_is_up", "1 while the part serves.", labels=("part",))
        restarts = CounterMetricFamily("zhiyin_part_restarts", "How often it ended by itself.", labels=("part",))
        cpu = CounterMetricFamily("zhiyin_part_cpu_seconds", "Processor time, its children's too.", labels=("part",))
        memory = GaugeMetricFamily("zhiyin_part_resident_bytes", "Memory in use.", labels=("part",))
        files = GaugeMetricFamily("zhiyin_part_open_files", "File descriptors in use.", labels=("part",))
        by_session = sessions()
        for name, state in self._states().items():
            up.add_metric((name,), state.state == "ok")
            restarts.add_metric((name,), state.restarts)
            pids = by_session.get(state.pid, []) if state.pid else []
            cpu.add_metric((name,), used_cpu_s(pids))
            memory.add_metric((name,), resident_bytes(pids))
            files.add_metric((name,), open_files(pids))
        yield from (up, restarts, cpu, memory, files)
        yield from disk_figures(self._environment.data)
        yield from certificate_figures(self._environment.tls_cert)


class MetricsPage:
    """Answers ``GET /metrics``."""

    def __init__(
        self,
        environment: Environment,
        states: Callable[[], Mapping[str, PartState]],
        *,
        address: tuple[str, int] | None,
    ) -> None:
        self._run = environment.run
        self._address = address
        self._registry = CollectorRegistry()
        self._registry.register(PartsState(environment, states))
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        """Raises ``OSError`` where the port cannot be had."""
        path = self._run / SOCKET_NAME
        path.unlink(missing_ok=True)
        self._servers.append(await asyncio.start_unix_server(self._serve, path=str(path)))
        path.chmod(0o600)
        if self._address is not None:
            host, port = self._address
            self._servers.append(await asyncio.start_server(self._serve, host, port))

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        (self._run / SOCKET_NAME).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_ASKED_WITHIN_S):
                asked = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)
                if asked[:2] == [b"GET", b"/metrics"]:
                    writer.write(http_answer(await self.render()))
                else:
                    writer.write(http_answer(b"Ask for /metrics.\n", status="404 Not Found", content_type="text/plain"))
                await writer.drain()
        writer.close()

    async def render(self) -> bytes:
        """Return all figures as one text; no two parts have a figure of the same name."""
        sockets = {path.name.removesuffix(SUFFIX): path for path in sorted(self._run.glob(f"*{SUFFIX}"))}
        sockets["web"] = self._run / "web.sock"
        texts = await asyncio.gather(*(_ask(path) for path in sockets.values()))
        answers = GaugeMetricFamily("zhiyin_part_answers", "1 where the part told its figures.", labels=("part",))
        for name, text in zip(sockets, texts, strict=True):
            answers.add_metric((name,), bool(text))
        joined = CollectorRegistry()
        joined.register(_Fixed(answers))
        return b"".join([generate_latest(self._registry), generate_latest(joined), *texts])


class _Fixed(Collector):
    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def collect(self) -> Iterable[Metric]:
        yield self._metric


async def _ask(socket: Path) -> bytes:
    try:
        answer = await http_probe.get("/metrics", socket=socket, timeout_s=_PART_WITHIN_S)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
        return b""
    return answer.body if answer.status == 200 else b""


def disk_figures(data: Path) -> Iterable[Metric]:
    """Raises ``OSError``."""
    usage = shutil.disk_usage(data)
    yield GaugeMetricFamily("zhiyin_disk_free_bytes", "Free on the data folder's disk.", value=usage.free)
    yield GaugeMetricFamily("zhiyin_disk_bytes", "Size of the data folder's disk.", value=usage.total)


def certificate_figures(certificate: Path | None) -> Iterable[Metric]:
    if certificate is None:
        return
    with suppress(OSError, ValueError):
        ends_at = tls.ends_at(certificate)
        yield GaugeMetricFamily(
            "zhiyin_certificate_seconds_left",
            "Until the certificate ends.",
            value=(ends_at - datetime.now(UTC)).total_seconds(),
        )
