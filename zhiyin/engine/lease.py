"""The gate that every effect passes: an engine acts only while its lease runs.

After a pause (SIGSTOP, a suspended machine) the deadline has passed, and what wanted to act waits until the renewal
has said whether this engine still leads. One that was deposed never acts again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from zhiyin.domain.leadership import LEASE_S


def boot_s() -> float:
    """Return seconds that go on while this process is stopped and the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Gate(Protocol):
    async def passed(self) -> None:
        """Return as soon as effects are allowed; never, once another engine leads."""
        ...


class OpenGate:
    """For whoever needs no leader: tests of one part, programs that lead an Asterisk of their own."""

    async def passed(self) -> None:
        return


class LeaseGate:
    """Opened for ``LEASE_S`` by each renewal."""

    def __init__(self, clock_s: Callable[[], float] = boot_s) -> None:
        self._clock_s = clock_s
        self._until_s = float("-inf")
        self._renewed = asyncio.Event()

    def renewed(self, asked_at_s: float) -> None:
        """The lease was ours at an instant not before ``asked_at_s`` (``boot_s``)."""
        self._until_s = asked_at_s + LEASE_S
        self._renewed.set()

    @property
    def is_open(self) -> bool:
        return self._clock_s() < self._until_s

    async def passed(self) -> None:
        while not self.is_open:
            self._renewed.clear()
            await self._renewed.wait()
