"""The figures of one part on a machine of its own, for Prometheus: what the part tells, and what is seen of it beside.

Plain HTTP on an address of the private network, as ``zhiyin run --metrics`` (decision 80): they tell how busy companies
are, so the address is not the public's.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from zhiyin.config.parts import own_state
from zhiyin.config.supervisor.metrics import certificate_figures, disk_figures
from zhiyin.config.supervisor.proc import family, open_files, resident_bytes, used_cpu_s
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.links import split_address
from zhiyin.contracts.metrics import CONTENT_TYPE
from zhiyin.contracts.pulses import Pulse

_WITHIN_S = 10.0


class PartFigures(Collector):
    """What the pulse saw last, and what the part's processes use now."""

    def __init__(self, environment: Environment, part: str, pid: int, last: Callable[[], Pulse | None]) -> None:
        self._environment = environment
        self._part = part
        self._pid = pid
        self._last = last

    def collect(self) -> Iterable[Metric]:
        pids = family(self._pid)
        pulse = self._last()
        up = GaugeMetricFamily("zhiyin_part_is_up", "1 while the part serves.", labels=("part",))
        up.add_metric((self._part,), pulse is not None and pulse.state == "ok")
        cpu = CounterMetricFamily("zhiyin_part_cpu_seconds", "Processor time, its children's too.", labels=("part",))
        cpu.add_metric((self._part,), used_cpu_s(pids))
        memory = GaugeMetricFamily("zhiyin_part_resident_bytes", "Memory in use.", labels=("part",))
        memory.add_metric((self._part,), resident_bytes(pids))
        files = GaugeMetricFamily("zhiyin_part_open_files", "File descriptors in use.", labels=("part",))
        files.add_metric((self._part,), open_files(pids))
        yield from (up, cpu, memory, files)
        with suppress(OSError):
            yield from disk_figures(self._environment.data)
        if self._part == "front":
            yield from certificate_figures(self._environment.tls_cert)
        if pulse is not None:
            yield from _shared(pulse)

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked at when it is registered."""
        return ()


def _shared(pulse: Pulse) -> Iterable[Metric]:
    folders = GaugeMetricFamily("zhiyin_shared_folder_is_well", "1 while it can be used from here.", labels=("folder",))
    for name, seen in pulse.folders.items():
        folders.add_metric((name,), bool(seen.mark) and not seen.problem and not seen.hangs)
    yield folders
    if pulse.link_ends_at is not None:
        left_s = (pulse.link_ends_at - pulse.sent_at).total_seconds()
        yield GaugeMetricFamily(
            "zhiyin_link_certificate_seconds_left", "Until the parts' own certificate ends.", value=left_s
        )


class PartPage:
    """Answers ``GET /metrics`` at an address, each question by a thread of its own."""

    def __init__(self, environment: Environment, part: str, pid: int, last: Callable[[], Pulse | None]) -> None:
        self._environment = environment
        self._part = part
        self._registry = CollectorRegistry()
        self._registry.register(PartFigures(environment, part, pid, last))
        self._server: ThreadingHTTPServer | None = None

    @property
    def is_served(self) -> bool:
        return self._server is not None

    def serve(self, at: str) -> None:
        """Listen from now on. Raises ``OSError`` where the address cannot be had."""
        page = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _WITHIN_S

            def do_GET(self) -> None:
                if self.path.partition("?")[0] != own_state.FIGURES:
                    self.send_error(HTTPStatus.NOT_FOUND, "Ask for /metrics.")
                    return
                body = page.render()
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_given: object) -> None:
                """Who asks is not told."""

        server = ThreadingHTTPServer(split_address(at), Handler)
        server.daemon_threads = True
        Thread(target=server.serve_forever, name="figures", daemon=True).start()
        self._server = server

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def render(self) -> bytes:
        """Return all figures as one text; those of a part that does not answer are missing, and that is told."""
        try:
            told = own_state.get_figures(self._environment, self._part)
            has_answered = True
        except (OSError, http.client.HTTPException):
            told, has_answered = b"", False
        answers = GaugeMetricFamily("zhiyin_part_answers", "1 where the part told its figures.", labels=("part",))
        answers.add_metric((self._part,), has_answered)
        joined = CollectorRegistry()
        joined.register(_Fixed(answers))
        return b"".join([generate_latest(self._registry), generate_latest(joined), told])


class _Fixed(Collector):
    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def collect(self) -> Iterable[Metric]:
        yield self._metric
