"""File descriptors of the engine's process: how short they are, and a reserve that is let go when they run out.

A call needs none of its own here. What needs a new one is what brings the engine back when something else has failed
already: the log's connection and the lease's, the manager's line, the spool, whoever connects to give commands. For
those the reserve is kept, so that a leak elsewhere does not make two failures of one.
"""

from __future__ import annotations

import asyncio
import errno
import os
import resource
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.25
#: As many as all of the engine's own connections together, twice.
RESERVE = 64
#: With this part of the limit in use, the reserve among it, descriptors are short.
SHORT_FROM = 0.9
_OPEN = Path("/proc/self/fd")


class Descriptors:
    """``is_short`` as of the last look; ``keep`` looks for ever."""

    def __init__(
        self,
        *,
        limit: Callable[[], int] = lambda: resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        reserve: int = RESERVE,
    ) -> None:
        self._limit = limit
        self._reserve = reserve
        self._held: list[int] = []
        self.is_short = False

    async def keep(self) -> None:
        try:
            while True:
                self.look()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            self._let_go()

    def look(self) -> None:
        """Hold the reserve while there is room for it, let it go while there is none. Never raises."""
        was_short, self.is_short = self.is_short, self._are_short()
        if self.is_short:
            self._let_go()
        else:
            self._take()
        if self.is_short is not was_short:
            (log.error if self.is_short else log.info)("descriptors_short", holds=self.is_short, limit=self._limit())

    def _are_short(self) -> bool:
        """Count as if the reserve was held: having let it go does not make enough of too few."""
        try:
            in_use = sum(1 for _ in _OPEN.iterdir()) - len(self._held)
        except OSError as error:
            return error.errno in (errno.EMFILE, errno.ENFILE)
        return in_use + self._reserve >= SHORT_FROM * self._limit()

    def _take(self) -> None:
        with suppress(OSError):
            while len(self._held) < self._reserve:
                self._held.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))

    def _let_go(self) -> None:
        while self._held:
            os.close(self._held.pop())
