"""The engine's clock and timers. Never goes back, is not moved by a jump of the wall clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Protocol

#: The wall clock may differ from ours by this much before it counts as a jump.
JUMP_S = 1.0
#: A smaller difference is slewed away at this share of elapsed time.
SLEW = 0.005


class Clock(Protocol):
    def now(self) -> datetime:
        """Return an aware instant in UTC that never goes back."""
        ...


class SystemClock:
    """Starts at max(wall, ``not_before``), advances by CLOCK_BOOTTIME, slews to the wall.

    ``jump_s`` is set when the wall clock was seen to move by more than ``JUMP_S``; the engine logs and clears it.
    """

    def __init__(
        self,
        *,
        not_before: datetime | None = None,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady_s: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    ) -> None:
        self._wall, self._steady_s = wall, steady_s
        began = wall()
        self._at = max(began, not_before) if not_before is not None else began
        self._boot_s = steady_s()
        self._offset_s = (began - self._at).total_seconds()
        self.jump_s: float | None = None

    def now(self) -> datetime:
        boot_s = self._steady_s()
        passed_s = boot_s - self._boot_s
        self._boot_s = boot_s
        self._at += timedelta(seconds=passed_s)
        ahead_s = (self._wall() - self._at).total_seconds()
        if abs(ahead_s - self._offset_s) > JUMP_S:
            self.jump_s = ahead_s - self._offset_s
            self._offset_s = ahead_s
        else:
            slewed_s = max(-passed_s * SLEW, min(ahead_s, passed_s * SLEW))
            self._at += timedelta(seconds=slewed_s)
            self._offset_s = ahead_s - slewed_s  # else what was slewed away would look like a jump one day
        return self._at


class Timers(Protocol):
    """Named one-shot timers; starting one again replaces it."""

    def start(self, key: Hashable, after_s: float, action: Callable[[], None]) -> None: ...

    def stop(self, key: Hashable) -> None: ...

    def stop_all(self) -> None: ...


class LoopTimers:
    """Timers on the running asyncio loop (steady clock)."""

    def __init__(self) -> None:
        self._handles: dict[Hashable, asyncio.TimerHandle] = {}

    def start(self, key: Hashable, after_s: float, action: Callable[[], None]) -> None:
        self.stop(key)

        def fire() -> None:
            self._handles.pop(key, None)
            action()

        self._handles[key] = asyncio.get_running_loop().call_later(max(0.0, after_s), fire)

    def stop(self, key: Hashable) -> None:
        handle = self._handles.pop(key, None)
        if handle is not None:
            handle.cancel()

    def stop_all(self) -> None:
        for key in list(self._handles):
            self.stop(key)
