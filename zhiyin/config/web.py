"""The ``web`` part: Django over WSGI by granian, on a unix socket or for fronts elsewhere, which alone know it."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import shutil
import signal
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from zhiyin.config.environment import Environment
from zhiyin.contracts.links import BadAddress, split_address

_PR_SET_PDEATHSIG = 1
#: concurrent requests of a worker; each holds a database connection while it works
_THREADS = 4
#: a worker has one core's time and some 150 MB
_MOST_WORKERS = 4


def run(environment: Environment) -> None:
    """Serve until told to stop."""
    share_figures(environment.run / "web-figures")
    _load_before_workers()
    Server(
        "zhiyin.config.web:load_application",
        factory=True,
        **_where(environment),
        interface=Interfaces.WSGI,
        workers=_workers(len(os.sched_getaffinity(0))),
        blocking_threads=_THREADS,
        backlog=256,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


def _workers(cores: int) -> int:
    """Half of the cores and one: Asterisk, the engine and PostgreSQL need theirs."""
    return min(cores, cores // 2 + 1, _MOST_WORKERS)


def share_figures(folder: Path) -> None:
    """Let all workers, which are started after this, keep their figures in one empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _where(environment: Environment) -> dict[str, Any]:
    """Return granian's words for where it listens and whom it answers."""
    if not environment.listen:
        environment.web_socket.unlink(missing_ok=True)
        return {"uds": environment.web_socket, "uds_permissions": 0o600}
    host, port = split_address(environment.listen)
    if environment.keys is None:
        raise BadAddress(f"web cannot listen on {environment.listen}: ZHIYIN_LINK_KEYS names no folder.")
    keys = environment.keys
    return {
        "address": host,
        "port": port,
        "ssl_cert": keys.certificate,
        "ssl_key": keys.key,
        "ssl_ca": keys.ca,
        "ssl_client_verify": True,
    }


def _load_before_workers() -> None:
    """Import the application once, with all routes: workers are forked, share its memory and answer at once.

    Nothing of it opens a connection or starts a thread; neither would survive the fork.
    """
    from zhiyin.config import wsgi  # noqa: F401, PLC0415 - for what its import does

    gc.collect()
    gc.freeze()  # what is never freed need not be copied by a collection in a worker


def load_application() -> object:
    """Give Django's application to a worker, after tying the worker's life to granian's main process."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:  # it died in between, and no signal will come
        os._exit(1)
    from zhiyin.config.wsgi import application  # noqa: PLC0415 - loaded in the worker only

    return application
