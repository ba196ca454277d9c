"""Notices browsers that fell silent: no RTP packet for ten seconds of a call.

A browser sends packets also when muted; none at all means that its network, its tab or its computer is gone. Asterisk
would keep such a leg for ever. Telephones on SIP are left to their session timers.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable

from zhiyin.engine.ports import LegId, MediaStopped

EVERY_S = 5.0
SILENT_AFTER_S = 10.0


class MediaWatch:
    """Reads the count of received packets of each watched leg every ``every_s``, one after the other.

    ``legs`` names those to watch now; ``count_packets`` returns a leg's count, or None where it cannot be known.
    A silence is told once; it may be told again after packets came.
    """

    def __init__(
        self,
        *,
        legs: Callable[[], Iterable[LegId]],
        count_packets: Callable[[LegId], Awaitable[int | None]],
        on_stopped: Callable[[MediaStopped], None],
        every_s: float = EVERY_S,
        silent_after_s: float = SILENT_AFTER_S,
    ) -> None:
        self._legs = legs
        self._count_packets = count_packets
        self._on_stopped = on_stopped
        self._every_s = every_s
        self._silent_after_s = silent_after_s
        #: leg -> (packets, instant of the last change by the loop's clock, told)
        self._seen: dict[LegId, tuple[int, float, bool]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="media-watch")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            legs = list(self._legs())
            for gone in self._seen.keys() - set(legs):
                del self._seen[gone]
            for leg in legs:
                await self._look_at(leg)

    async def _look_at(self, leg: LegId) -> None:
        packets = await self._count_packets(leg)
        if packets is None:
            return
        now = asyncio.get_running_loop().time()
        before, since, is_told = self._seen.get(leg, (-1, now, False))
        if packets != before:
            self._seen[leg] = (packets, now, False)
            return
        silent_s = now - since
        if silent_s >= self._silent_after_s and not is_told:
            self._seen[leg] = (packets, since, True)
            self._on_stopped(MediaStopped(leg=leg, for_s=silent_s))
