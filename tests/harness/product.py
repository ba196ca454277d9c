"""The whole product, started as a newcomer would, on ports and in a folder of its own."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from tests.harness import spoken
from tests.harness.network import Machine
from tests.harness.places import parts_folder
from tests.harness.ports import choose_rtp_ports, choose_test_port
from zhiyin.config.supervisor.folders import run_folder_of

DEMO_PASSWORD = "demo-Passw0rd"
#: the demo company's number; key 1 is 售后, 2 销售, 0 repeats
HOTLINE = "4008001234"
_COMPLAINS = re.compile(r"warning|error|critical|Traceback", re.IGNORECASE)
#: the product's own words, of what other programs on this machine may do between the choice of a port and its use
_IS_PORT_TAKEN = re.compile(r"Port \d+/\w+ on \S+ is taken|another program has the port")
_PORT_TRIES = 2
_READY_WITHIN_S = 120
_STOPPED_WITHIN_S = 60


class DidNotStart(AssertionError):
    """The product ended, or was not ready in time; the text holds what it said and the ends of its logs."""


@dataclass
class Product:
    """One installation. ``start`` returns when it says ``ready``; the data stay between starts."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="zy-")))
    options: tuple[str, ...] = ()
    environ: dict[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    #: where it stands, when not in this machine's own network
    machine: Machine | None = None
    #: 0: chosen, and chosen again when somebody takes one before the product does
    http_port: int = 0
    sip_port: int = 0
    rtp_ports: int = 200
    #: whether it speaks the standard prompts itself, as a newcomer's does
    speaks: bool = False
    #: 0: chosen
    first_rtp_port: int = 0
    process: subprocess.Popen[str] | None = None
    said: list[str] = field(default_factory=list)
    #: how many failed tests said how it is
    times_told: int = 0
    _lines: queue.Queue[str | None] = field(default_factory=queue.Queue)
    _chosen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chosen = [name for name in ("http_port", "sip_port") if not getattr(self, name)]
        self._choose_ports()
        if not self.first_rtp_port:
            self.first_rtp_port, _ = choose_rtp_ports(self.rtp_ports)

    def _choose_ports(self) -> None:
        for name in self._chosen:
            setattr(self, name, choose_test_port())

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def run_folder(self) -> Path:
        return run_folder_of(self.data)

    @property
    def url(self) -> str:
        is_tls = {"--tls-self-signed", "--secure", "--secure-except-trunks"} & set(self.options)
        scheme = "https" if is_tls else "http"
        return f"{scheme}://{self.machine.address if self.machine else 'localhost'}:{self.http_port}"

    @property
    def command(self) -> list[str]:
        ports = ["--http-port", str(self.http_port), "--sip-port", str(self.sip_port)]
        rtp = f"{self.first_rtp_port}-{self.first_rtp_port + self.rtp_ports - 1}"
        fixed = ["--data", str(self.data), "--host", self.host, *ports, "--rtp-ports", rtp]
        there = self.machine.command if self.machine else ()
        return [*there, sys.executable, "-P", "-m", "zhiyin.config.cli", "run", *fixed, *self.options]

    def start(self, *, within_s: float = _READY_WITHIN_S) -> float:
        """Start and wait for ``ready``; return how long it took in seconds. Raises ``DidNotStart``."""
        for _ in range(_PORT_TRIES):
            try:
                return self._start(within_s)
            except DidNotStart as error:
                if not self._chosen or not _IS_PORT_TAKEN.search(str(error)):
                    raise
                self._choose_ports()
        return self._start(within_s)

    def _start(self, within_s: float) -> float:
        self.folder.chmod(0o755)
        if not self.speaks:
            spoken.lay_in(self.data)
        began = time.monotonic()
        self.launch()
        while True:
            left_s = within_s - (time.monotonic() - began)
            try:
                line = self._lines.get(timeout=max(0.01, left_s))
            except queue.Empty:
                self.stop_at_once()
                raise DidNotStart(f"not ready within {within_s:g} s\n{self.evidence()}") from None
            if line is None:
                raise DidNotStart(f"ended with {self.process and self.process.wait(10)}\n{self.evidence()}")
            if line.startswith("ready "):
                took_s = time.monotonic() - began
                spoken.keep(self.data)
                return took_s

    def launch(self) -> None:
        """Begin to start, without waiting."""
        environ = {**os.environ, "ZHIYIN_PARTS": str(parts_folder()), "LC_ALL": "C.UTF-8", **self.environ}
        self.process = subprocess.Popen(
            self.command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/"
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._listen, args=(self.process, self._lines), daemon=True).start()

    def wait_for_line(self, part: str, *, within_s: float = 40) -> str:
        """Return the next line said that holds ``part``."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{part!r} was not said:\n{self.evidence()}") from None
            if line is None or part in line:
                assert line is not None, f"ended without saying {part!r}:\n{self.evidence()}"
                return line

    def stop(self) -> int:
        """Ask it to drain and wait for its end; return its exit code. One that has ended is no error."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(_STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.stop_at_once()
            raise AssertionError(f"still running {_STOPPED_WITHIN_S} s after SIGTERM\n{self.evidence()}") from None

    def stop_at_once(self) -> int:
        """The second signal's way; by force when even that takes too long."""
        if self.process is None:
            return 0
        for _ in range(2):
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
                time.sleep(0.2)  # two signals in one instant are one
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(20)

    def remove(self) -> None:
        """Stop at once and delete everything."""
        self.stop_at_once()
        if self.run_folder.parent != self.data:
            shutil.rmtree(self.run_folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- looking at it ----------------------------------------------------------------------------------------

    def get(self, path: str) -> Any:
        """GET a JSON answer of the API, without logging in."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            return json.load(answer)

    def status(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.run_folder / "parts.json").read_text())
        return content

    def pids(self) -> dict[str, int]:
        """The supervisor's children by part."""
        return {name: part["pid"] for name, part in self.status()["parts"].items() if part["pid"]}

    def rows(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        """Ask the database as its owner, who sees every company."""
        with psycopg.connect(host=str(self.run_folder), user="owner", dbname="zhiyin", row_factory=dict_row) as db:
            return db.execute(query, values).fetchall()

    def log(self, part: str) -> str:
        file = self.data / "log" / f"{part}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def unwell(self) -> str:
        """How its parts are, and what they complained of last: for a test that failed."""
        lines = [f"at {self.url}, SIP {self.sip_port}, sound from {self.first_rtp_port}"]
        has_begun = (self.run_folder / "parts.json").exists()
        for name, part in self.status()["parts"].items() if has_begun else ():
            lines.append(f"{name}: {part['state']}, pid {part['pid']}, restarts {part['restarts']} {part['detail']}")
        for name in ("supervisor", "engine", "standby", "live", "worker", "asterisk"):
            complaints = [line for line in self.log(name).splitlines() if _COMPLAINS.search(line)]
            lines += [f"--- {name}.log", *(line[:300] for line in complaints[-5:])] if complaints else []
        return "\n".join(lines)

    def evidence(self) -> str:
        """What it said, and the ends of its logs: for a failing test."""
        ends = [f"--- {part}.log\n{self.log(part)[-1500:]}" for part in ("engine", "web", "worker", "live", "asterisk")]
        return "\n".join(["--- said", *self.said[-40:], *ends])

    def _listen(self, process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self.said.append(line.rstrip())
                lines.put(line)
        lines.put(None)
