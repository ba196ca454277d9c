"""Notices that nobody is at the other end of a trunk while a call waits there.

An INVITE that nobody answers is given up after 32 s (RFC 3261, timer B), and ARI does not tell whether a "100 Trying"
came. So a call that has not rung after a few seconds has its trunk asked; where that does not answer either, the call
ends as unreachable, and the engine tries the next way out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from zhiyin.engine.ports import LegId, TelephonyError, TrunkState

log = structlog.get_logger(__name__)

#: A trunk that is there says at least "ringing" by then, or answers when it is asked.
ASK_AFTER_S = 3.0


class TrunkWatch:
    """``is_silent`` says whether a leg still waits for the first word; ``ask`` asks a trunk; ``give_up`` ends a leg."""

    def __init__(
        self,
        *,
        is_silent: Callable[[LegId], bool],
        ask: Callable[[int], Awaitable[TrunkState]],
        give_up: Callable[[LegId], Awaitable[None]],
    ) -> None:
        self._is_silent = is_silent
        self._ask = ask
        self._give_up = give_up
        self._tasks: set[asyncio.Task[None]] = set()

    def watch(self, leg: LegId, *, trunk: int) -> None:
        task = asyncio.create_task(self._watch(leg, trunk), name=f"trunk-watch-{leg}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self, leg: LegId, trunk: int) -> None:
        await asyncio.sleep(ASK_AFTER_S)
        if not self._is_silent(leg):
            return
        try:
            state = await self._ask(trunk)
            if state.state == "unreachable" and self._is_silent(leg):
                log.warning("trunk_unreachable", trunk=trunk, leg=leg)
                await self._give_up(leg)
        except TelephonyError as error:
            log.info("trunk_not_asked", trunk=trunk, why=str(error))  # the INVITE's own end is told later
