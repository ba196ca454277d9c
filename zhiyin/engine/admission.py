"""Measures how late the engine is and tells the dialplan how many calls may still enter (see domain/admission.py).

The dialplan counts down ``ZHIYIN_LEFT``; an engine that comes too late to fill it up lets fewer in by that alone.
"""

from __future__ import annotations

import asyncio
from collections import deque

import structlog

from zhiyin.domain.admission import Admission, Load, look
from zhiyin.engine import metrics
from zhiyin.engine.ports import Telephony, TelephonyError

log = structlog.get_logger(__name__)

LEFT = "ZHIYIN_LEFT"
EVERY_S = 0.25
#: How many may enter between two looks while the door is open: what a short stall or the first second of a flood may
#: let pile up. At least this many; where more are served than that, twice as many as are.
OPEN_LEFT = 40
#: Over these times it is counted how many were served: the short one knows what a flood from idle meets, the long one
#: what was done before a hold-up in which nothing moved.
COUNT_OVER_S = (0.25, 1.0, 3.0)


class Arrivals:
    """The calls that came and were not dealt with yet, oldest first, and when the last ones were."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: dict[str, float] = {}
        self._served: deque[float] = deque()

    def came(self, interaction: str) -> None:
        self.count += 1
        self._waiting[interaction] = _now_s()

    def dealt_with(self, interaction: str) -> None:
        """The first turn is durable and carried out, or the call is over."""
        if self._waiting.pop(interaction, None) is not None:
            self._served.append(_now_s())

    def oldest_s(self) -> float:
        """Return how long the oldest has been waiting."""
        first = next(iter(self._waiting.values()), None)
        return 0.0 if first is None else _now_s() - first

    def served(self) -> float:
        """Return how many were dealt with a second, lately."""
        now_s = _now_s()
        while self._served and self._served[0] < now_s - max(COUNT_OVER_S):
            self._served.popleft()
        return max(sum(at_s >= now_s - over_s for at_s in self._served) / over_s for over_s in COUNT_OVER_S)


class Doorkeeper:
    """Looks every ``EVERY_S`` seconds; one for each engine."""

    def __init__(self, telephony: Telephony, arrivals: Arrivals) -> None:
        self._telephony = telephony
        self._arrivals = arrivals
        self.admission = Admission()
        self._left: int | None = None  # as the dialplan had it after the last look
        self._count = 0
        self._left_over = 0.0
        self._request_s = 0.0

    async def run(self) -> None:
        while True:
            begun_s = _now_s()
            await asyncio.sleep(EVERY_S)
            try:
                await self._look(loop_lag_s=_now_s() - begun_s - EVERY_S)
            except Exception:  # were the door never filled up again, every caller would be refused
                log.exception("admission_broke")

    async def _look(self, *, loop_lag_s: float) -> None:
        came, self._count = self._arrivals.count - self._count, self._arrivals.count
        load = Load(
            now_s=_now_s(),
            delay_s=max(loop_lag_s, self._request_s, self._arrivals.oldest_s()),
            served=self._arrivals.served(),
            is_used_up=self._left is not None and came >= self._left,
        )
        before, self.admission = self.admission, look(self.admission, load)
        if before.is_open != self.admission.is_open:
            log.warning("admission_open" if self.admission.is_open else "admission_limited", delay_s=load.delay_s)
        metrics.ADMISSION.set(self.admission.rate if self.admission.rate is not None else float("inf"))
        share = self.admission.tokens(EVERY_S, self._left_over)
        most = max(OPEN_LEFT, int(2 * load.served * EVERY_S))
        left = most if share is None else min(int(share), most)
        self._left_over = 0.0 if share is None else share % 1
        if came or left != self._left:
            await self._tell(left)
        else:
            self._request_s = 0.0

    async def _tell(self, left: int) -> None:
        """Fill up; how long this takes says how late Asterisk and the events before the answer are."""
        begun_s = _now_s()
        try:
            await self._telephony.set_globals({LEFT: str(left)})
        except TelephonyError as error:
            log.info("admission_not_told", why=str(error))
            self._left = None
        else:
            self._left = left
            self._request_s = _now_s() - begun_s


def _now_s() -> float:
    return asyncio.get_running_loop().time()
