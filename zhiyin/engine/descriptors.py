"""File descriptors of the engine's process: how short they are, and a reserve that is let go when they run out.

A call needs none of its own here, so callers are served as long as the reserve serves. What needs a new one is what
brings the engine back when something else has failed already: the log's connection and the lease's, the manager's
line, the spool, whoever connects to give commands. For those the reserve is kept, so that a leak elsewhere does not
make two failures of one; only when it is half used itself is nobody new let in.
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
#: With fewer to be opened the reserve is used up too: what is left is for the calls that are.
LEAST_LEFT = RESERVE // 2
#: With this part of the limit in use, the reserve among it, descriptors are short.
SHORT_FROM = 0.9
_OPEN = Path("/proc/self/fd")


class Descriptors:
    """As of the last look: ``is_short``, the reserve is let go; ``is_spent``, it is used up too. ``keep`` looks on."""

    def __init__(
        self,
        *,
        limit: Callable[[], int] = lambda: resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        reserve: int = RESERVE,
        least_left: int = LEAST_LEFT,
    ) -> None:
        self._limit = limit
        self._reserve = reserve
        self._least_left = least_left
        self._held: list[int] = []
        self.is_short = self.is_spent = False

    async def keep(self) -> None:
        try:
            while True:
                self.look()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            self._let_go()

    def look(self) -> None:
        """Hold the reserve while there is room for it, let it go while there is none. Never raises."""
        was_short, was_spent = self.is_short, self.is_spent
        in_use, limit = self._in_use(), self._limit()
        # as if the reserve was held: having let it go does not make enough of too few
        self.is_short = in_use is None or in_use + self._reserve >= SHORT_FROM * limit
        if self.is_short:
            self._let_go()
            in_use = self._in_use()
        else:
            self._take()
        self.is_spent = self.is_short and (in_use is None or limit - in_use < self._least_left)
        if (self.is_short, self.is_spent) != (was_short, was_spent):
            say = log.error if self.is_short else log.info
            say("descriptors_short", holds=self.is_short, is_reserve_spent=self.is_spent, limit=limit)

    def _in_use(self) -> int | None:
        """Return how many are in use beside the reserve; None: there is not even one to count them by."""
        try:
            return sum(1 for _ in _OPEN.iterdir()) - 1 - len(self._held)  # one is what counts them
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                return None
            return 0

    def _take(self) -> None:
        with suppress(OSError):
            while len(self._held) < self._reserve:
                self._held.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))

    def _let_go(self) -> None:
        while self._held:
            os.close(self._held.pop())
