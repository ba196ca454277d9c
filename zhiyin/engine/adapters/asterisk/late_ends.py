"""When did a leg end that ended while nobody heard of it? Asterisk keeps no history, so its dialplan keeps a little.

A caller who hangs up while the engine's beat is stale leaves the instant in a global (extension ``h`` of
``config/supervisor/asterisk/dialplan.py``); it is taken away as it is read. Nothing is kept: the leg ended before the
beat was stale, shortly after the engine was last heard. Legs that we rang never enter the dialplan and leave nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

from zhiyin.contracts.dialplan import BEAT, UNHEARD_AFTER_S, ended_name
from zhiyin.engine.adapters.asterisk import messages
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.ports import Lateness, LegId

#: Asterisk's own clock, in whole seconds; in the middle half a second more. All instants here are its own, so that no
#: difference between two machines' clocks counts.
NOW = "EPOCH"
_HALF_S = 0.5
#: How exact it is what was kept.
KEPT_WITHIN_S = 1.0
#: Where nothing is kept, the end lies between the last beat and when it was stale: the middle is told.
_BEFORE_STALE_S = (UNHEARD_AFTER_S + 1) / 2


class LateEnds:
    def __init__(self, ari: AriClient) -> None:
        self._ari = ari

    async def of(self, legs: Iterable[LegId], *, silent_s: float | None = None) -> dict[LegId, Lateness]:
        """Return how long ago these legs ended, which came in and are gone. What was kept of them is taken away.

        ``silent_s``: since when the engine that asks has heard nothing; None: as old as the beat is.
        """
        asked = tuple(legs)
        if not asked:
            return {}
        now_s, beat_s = await asyncio.gather(self._now_s(), self._seconds(BEAT))
        if silent_s is None:
            silent_s = now_s - beat_s if beat_s else await self.began_ago_s()
        unheard = Lateness(max(0.0, silent_s - _BEFORE_STALE_S), max(0.0, min(silent_s, _BEFORE_STALE_S)))
        kept = await asyncio.gather(*(self._take_kept(leg) for leg in asked))
        return {
            leg: Lateness(max(0.0, now_s - ended_s), KEPT_WITHIN_S) if ended_s else unheard
            for leg, ended_s in zip(asked, kept, strict=True)
        }

    async def began_ago_s(self) -> float:
        """Return how long Asterisk's process has run: what another one carried had ended by then."""
        info, now_s = await asyncio.gather(self._ari.request("GET", "asterisk/info", {"only": "status"}), self._now_s())
        began_at = info.read(messages.AsteriskInfo).status.startup_time
        try:
            began_s = datetime.strptime(began_at, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()
        except ValueError:
            return 0.0
        return max(0.0, now_s - began_s)

    async def _now_s(self) -> float:
        return await self._seconds(NOW) + _HALF_S

    async def _seconds(self, variable: str) -> float:
        """Return what a global or a function says, in seconds; 0: nothing."""
        return _seconds(await self._text(variable))

    async def _take_kept(self, leg: LegId) -> float:
        """Return when the leg ended, in Asterisk's seconds since 1970; 0: that is not kept."""
        whose, _, ended_s = (await self._text(ended_name(leg))).partition(" ")
        if whose != leg:
            return 0.0
        # Without a value ARI removes the global; with an empty one it would stand there for ever.
        await self._ari.request("POST", "asterisk/variable", {"variable": ended_name(leg)})
        return _seconds(ended_s)

    async def _text(self, variable: str) -> str:
        answer = await self._ari.request("GET", "asterisk/variable", {"variable": variable})
        return answer.read(messages.Variable).value


def closest(told: Iterable[Mapping[LegId, Lateness]]) -> dict[LegId, Lateness]:
    """Return for each leg what bounds its end closest of all that was told."""
    found: dict[LegId, Lateness] = {}
    for leg, late in (pair for each in told for pair in each.items()):
        found[leg] = min(found.get(leg, late), late, key=lambda one: one.within_s)
    return found


def _seconds(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
