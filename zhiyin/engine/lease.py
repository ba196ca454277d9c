"""The gate that every effect passes: an engine acts only while it is known to lead.

After a pause (SIGSTOP, a suspended machine) the deadline has passed, and what wanted to act waits until it is known
whether this engine still leads. One that was deposed never acts again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from zhiyin.domain.leadership import LEASE_S, VOUCHED_S


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
    """Opened for ``LEASE_S`` by each renewal, and for ``VOUCHED_S`` by each word of Asterisk's."""

    def __init__(self, clock_s: Callable[[], float] = boot_s) -> None:
        self.clock_s = clock_s
        self._until_s = float("-inf")
        self._not_before_s = float("-inf")
        self._opened = asyncio.Event()

    def renewed(self, asked_at_s: float) -> None:
        """The lease was ours at an instant not before ``asked_at_s``."""
        self._open(asked_at_s + LEASE_S)

    def vouched(self, asked_at_s: float) -> None:
        """No other engine had announced itself to Asterisk at an instant not before ``asked_at_s``."""
        self._open(asked_at_s + VOUCHED_S)

    def hold_until(self, instant_s: float) -> None:
        """Let nothing pass before this instant: until then the leader before may act."""
        self._not_before_s = instant_s
        self._opened.set()

    @property
    def is_open(self) -> bool:
        return self._not_before_s <= self.clock_s() < self._until_s

    async def passed(self) -> None:
        while not self.is_open:
            self._opened.clear()
            wait_s = self._not_before_s - self.clock_s()
            try:
                async with asyncio.timeout(wait_s if 0 < wait_s < float("inf") else None):
                    await self._opened.wait()
            except TimeoutError:
                continue

    def _open(self, until_s: float) -> None:
        self._until_s = max(self._until_s, until_s)
        self._opened.set()
