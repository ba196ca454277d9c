"""The ``web`` part: Django over WSGI by granian on a unix socket, known only to ``live``."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from zhiyin.config.environment import Environment

_PR_SET_PDEATHSIG = 1
#: concurrent requests; each holds a database connection while it works
_THREADS = 4


def run(environment: Environment) -> None:
    """Serve until told to stop."""
    socket = environment.web_socket
    socket.unlink(missing_ok=True)
    Server(
        "zhiyin.config.web:load_application",
        factory=True,
        uds=socket,
        uds_permissions=0o600,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        backlog=256,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


def load_application() -> object:
    """Give Django's application to a worker, after tying the worker's life to granian's main process."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:  # it died in between, and no signal will come
        os._exit(1)
    from zhiyin.config.wsgi import application  # noqa: PLC0415 - loaded in the worker only

    return application
