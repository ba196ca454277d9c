"""The process beside each part on a machine of its own: tells every few seconds how the part and its machine are.

It is a process of its own so that it tells also of a part that is frozen, and no folder that hangs holds the part up.
Started by the part's command (``beside.py``), and gone with it. Decision 80.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import structlog

from zhiyin.config.logs import configure_logs
from zhiyin.config.parts import elsewhere, fingerprints, own_state, pulse_table
from zhiyin.config.parts.description import read_description
from zhiyin.config.parts.part_metrics import PartPage
from zhiyin.config.parts.shared_folders import FolderWatch, shared_folders
from zhiyin.config.supervisor import tls
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.pulses import EVERY_S, Pulse
from zhiyin.contracts.readings import read_readings
from zhiyin.engine.adapters.postgres.lease import holder_of

log = structlog.get_logger(__name__)

_PR_SET_PDEATHSIG = 1


def main(argv: list[str]) -> None:
    parent, part, name, config, metrics_at = int(argv[0]), argv[1], argv[2], Path(argv[3]), argv[4]
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        return
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # a node is emptied for minutes after its first signal, and told of
    configure_logs(f"{part}-pulse")
    Teller(Environment.from_environ(), part, name, config, pid=parent, metrics_at=metrics_at).run()


class Teller:
    """Tells of one part until its process is gone."""

    def __init__(
        self, environment: Environment, part: str, name: str, config: Path, *, pid: int, metrics_at: str
    ) -> None:
        self._environment = environment
        self._part = part
        self._name = name
        self._process = holder_of(pid)
        self._program = fingerprints.program()
        self._description = fingerprints.description(read_description(config), environment.keys)
        self._started_at = _started_at(pid)
        self._state = own_state.OwnState(pid, own_state.how_to_ask(environment, part, name, pid=pid))
        self._folders = FolderWatch(shared_folders(environment, part))
        self._metrics_at = metrics_at
        self._last: Pulse | None = None
        self._page = PartPage(environment, part, pid, lambda: self._last)
        self._is_heard = True

    def run(self) -> None:
        self._folders.start()
        while True:
            began_s = time.monotonic()
            try:
                self._last = self._read()
                self._hand_out()
                self._tell(self._last)
            except (psycopg.Error, OSError) as error:
                if self._is_heard:
                    log.warning("pulse_not_told", error=type(error).__name__)
                self._is_heard = False
            except Exception:  # nobody starts it again: ended, it would tell of a part that is well as gone
                log.exception("pulse_failed")
            else:
                self._is_heard = True
            time.sleep(max(0.5, EVERY_S - (time.monotonic() - began_s)))

    def _hand_out(self) -> None:
        """Hand out figures; where the address cannot be had (yet: one that moves), try again with the next pulse."""
        if not self._metrics_at or self._page.is_served:
            return
        try:
            self._page.serve(self._metrics_at)
        except OSError as error:
            log.warning("figures_not_served", at=self._metrics_at, error=error.strerror)

    def _tell(self, pulse: Pulse) -> None:
        environment = self._environment
        url = environment.db_web if self._part in ("web", "front") else environment.db_engine
        pulse_table.tell(url, part=self._part, name=self._name, pulse=pulse)
        if self._part == "front":
            elsewhere.lay_down(environment.run, pulse_table.hear(url), now=datetime.now(UTC))

    def _read(self) -> Pulse:
        """Look at the part and its machine now."""
        environment, keys = self._environment, self._environment.keys
        state = self._state.read()
        asterisk = own_state.asterisk_version(environment, self._name) if self._part == "node" else ""
        return Pulse(
            process=self._process,
            machine=socket.gethostname(),
            program=self._program,
            state=state,
            started_at=self._started_at,
            description=self._description,
            link_ends_at=_ends_at(keys.certificate if keys else None),
            certificate_ends_at=_ends_at(environment.tls_cert) if self._part == "front" else None,
            disk_free_bytes=_free_bytes(environment.data),
            folders=self._folders.tell(),
            asterisk=asterisk,
            metrics_at=self._metrics_at if self._page.is_served else "",
            readings=read_readings(environment.run) if self._part == "worker" else None,
            sent_at=datetime.now(UTC),
        )


def _started_at(pid: int) -> datetime:
    """Return when the process began, by this machine's clock."""
    ticks = int(holder_of(pid).rpartition(":")[2] or 0)
    up_s = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return datetime.now(UTC) - timedelta(seconds=up_s)


def _ends_at(certificate: Path | None) -> datetime | None:
    if certificate is None:
        return None
    try:
        return tls.ends_at(certificate)
    except (OSError, ValueError):
        return None


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


if __name__ == "__main__":
    main(sys.argv[1:])
