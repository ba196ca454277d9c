"""An asyncio loop whose time jumps to the next timer instead of waiting for it."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

#: Where virtual time begins: a Monday morning in Shanghai.
BEGINNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


class _JumpingSelector(selectors.SelectSelector):
    """Does not wait: tells the loop how long it would have, and looks only at what is ready."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            ready = super().select(0)
            if not ready:
                raise RuntimeError("the simulation waits for something that nobody will do")
            return ready
        if timeout > 0:
            self.skipped_s += timeout
        return []  # a simulation has no sockets: looking at them would cost a system call each time


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.skipped_s


class VirtualClock:
    """The engine's clock on a virtual loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, beginning: datetime = BEGINNING) -> None:
        self._loop = loop
        self._beginning = beginning

    def now(self) -> datetime:
        return self._beginning + timedelta(seconds=self._loop.time())


def run_virtually(main: Coroutine[Any, Any, T], *, loop: type[VirtualLoop] = VirtualLoop) -> T:
    """Run ``main`` in virtual time and return its result."""
    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(main)
