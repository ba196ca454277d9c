"""How late is an event heard? Asterisk dates each; on a network that loses packets it may come seconds later.

TCP sends again what was lost, after pauses that double: a link that is down for five seconds holds an event up for six,
and no connection breaks. The two machines' clocks need not agree: they are compared by the answers to requests, which
are dated too. Durations in seconds; ``..._s`` that are instants are of a monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.engine.ports import Lateness

#: heard as it came
AT_ONCE = Lateness(0.0, 0.0)
#: Less than this is usual on a busy machine, and dates nothing otherwise.
LATE_FROM_S = 0.3
#: how much two machines' clocks may go apart in a second, generously
_DRIFT = 0.001
#: Asterisk dates to a millisecond, and an event when it is made, shortly after what it tells.
_LEAST_WITHIN_S = 0.05


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Our instants are Asterisk's plus ``ahead_s``, give or take ``within_s`` when they were compared."""

    ahead_s: float
    within_s: float
    made_s: float

    def exact_to_s(self, now_s: float) -> float:
        return self.within_s + _DRIFT * (now_s - self.made_s)


class EventClock:
    """One connection's comparison of clocks."""

    def __init__(self) -> None:
        self._known: _Comparison | None = None

    def forget(self) -> None:
        """Another connection, perhaps to another machine."""
        self._known = None

    def compare(self, dated: str, *, asked_s: float, answered_s: float) -> None:
        """Compare by an answer that Asterisk ``dated`` between the two instants. The quicker it came the better."""
        half_s = (answered_s - asked_s) / 2
        if self._known is not None and half_s >= self._known.exact_to_s(answered_s):
            return
        told_s = _seconds(dated)
        if told_s is not None:
            self._known = _Comparison((asked_s + answered_s) / 2 - told_s, half_s, answered_s)

    def lateness(self, dated: str, *, now_s: float) -> Lateness:
        """Return how long ago it was what Asterisk ``dated`` so; ``AT_ONCE`` where that is short, or not known."""
        told_s = _seconds(dated) if self._known is not None else None
        if self._known is None or told_s is None:
            return AT_ONCE
        ago_s = now_s - (told_s + self._known.ahead_s)
        if ago_s < LATE_FROM_S:
            return AT_ONCE
        return Lateness(ago_s, max(_LEAST_WITHIN_S, self._known.exact_to_s(now_s)))


def _seconds(dated: str) -> float | None:
    """Read Asterisk's "2026-11-23T07:26:41.414+0000"; None where it is nothing like that."""
    try:
        return datetime.fromisoformat(dated).timestamp()
    except ValueError:
        return None
