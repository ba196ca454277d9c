"""How the worker ends though its database is away.

What it would finish first needs the database all of it: jobs are written down as done, the projections' cursors move
with their rows. Procrastinate waits half a minute for a connection (psycopg_pool's ``timeout``), to begin as to sign
off, and whoever was asking when the database froze waits for its answer without end, in threads that nobody can wake.
So it is watched from outside of all that, and left; jobs are taken up by the next worker (``upkeep``), as after a kill.
"""

from __future__ import annotations

import os
import threading
import time

import psycopg
import structlog

log = structlog.get_logger(__name__)

_LOOK_EVERY_S = 1.0
_CONNECT_WITHIN_S = 2


def leave_without_database(database_url: str) -> None:
    """From now on end this process as soon as no connection can be had. Call it when told to stop; returns at once.

    A database that answers is given all the time that the ending takes.
    """
    threading.Thread(target=_watch, args=(database_url,), name="leaving", daemon=True).start()


def _watch(database_url: str) -> None:
    while True:
        time.sleep(_LOOK_EVERY_S)
        try:
            psycopg.connect(database_url, connect_timeout=_CONNECT_WITHIN_S).close()
        except psycopg.Error as error:
            log.warning("worker_left_its_work", error=type(error).__name__)
            os._exit(0)
