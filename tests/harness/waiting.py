"""Waiting for what tells nobody of its change: a file, a process, a server. Always with a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


def wait_until(condition: Callable[[], object], *, what: str, within_s: float = 40) -> None:
    """Return once the condition holds; fail saying ``what`` was waited for."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        time.sleep(0.03)


async def until(condition: Callable[[], object], *, what: str, within_s: float = 40) -> None:
    """The same while the event loop goes on."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        await asyncio.sleep(0.03)


async def until_async(condition: Callable[[], Awaitable[object]], *, what: str, within_s: float = 40) -> None:
    """The same for a condition that must itself be awaited."""
    deadline = time.monotonic() + within_s
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        await asyncio.sleep(0.05)
