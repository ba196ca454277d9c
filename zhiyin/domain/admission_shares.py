"""How those who may enter are shared out among the ways in, while not all may. Pure; counts of calls.

A way is a trunk, or all callers without one. Each keeps a level: how many may still enter by it. A way that let in all
it had may want any number more and gets as much as every other such way; one that did not is filled up to a little
more than what came by it, so that one trunk's flood takes nothing from a quiet one. VIP numbers have a reserve besides,
filled before anybody's share and of at most half.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: callers by no trunk that is known to have called lately
OTHERS = "others"
#: A way by which nobody came for so many looks is one of the others again.
FORGET_AFTER_LOOKS = 40
#: At most this part of what may enter fills the reserve.
RESERVED = 0.5
VIP_DIGITS = 8


def vip_key(number: str) -> str:
    """Return by what the dialplan knows a VIP entry number, however it is dialled: its last digits."""
    return "".join(sign for sign in number if sign in "0123456789")[-VIP_DIGITS:]


@dataclass(frozen=True, slots=True)
class Way:
    level: float = 0.0
    idle_looks: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """What each way, and the numbers of VIPs, may still let in."""

    ways: Mapping[str, Way]
    reserve: float = 0.0

    @classmethod
    def of(cls, ways: Iterable[str]) -> Shares:
        """Return the first shares of these ways and the others: nothing yet."""
        return cls(dict.fromkeys((OTHERS, *ways), Way()))

    def with_way(self, name: str) -> Shares:
        return self if name in self.ways else Shares({**self.ways, name: Way()}, self.reserve)

    def told(self) -> dict[str, int]:
        """Return the whole calls that may enter by each way."""
        return {name: int(way.level) for name, way in self.ways.items()}

    @property
    def told_reserve(self) -> int:
        return int(self.reserve)


def share_out(shares: Shares, came: Mapping[str, int], *, tokens: float, by_reserve: int = 0) -> Shares:
    """Return the shares after ``tokens`` more may enter.

    ``came``: how many entered by each way since the last time; ``by_reserve``: how many besides, by the reserve.
    """
    reserve = max(0.0, shares.reserve - by_reserve)
    for_reserve = min(max(0.0, 1.0 + 2 * by_reserve - reserve), RESERVED * tokens)
    ways = _after(shares.ways, came)
    wants = {name: _want(way, came.get(name, 0)) for name, way in ways.items()}
    given = divide(tokens - for_reserve, wants)
    spare = max(0.0, tokens - for_reserve - sum(given.values())) / len(ways)
    filled = {}
    for name, way in ways.items():
        # What nobody wants is everybody's; it does not pile up from look to look.
        most = max(way.level + given[name], came.get(name, 0) + 1 + tokens / len(ways))
        filled[name] = Way(min(way.level + given[name] + spare, most), way.idle_looks)
    return Shares(filled, reserve + for_reserve)


def divide(tokens: float, wants: Mapping[str, float]) -> dict[str, float]:
    """Return each one's part, max-min fair: nobody gets more than it wants, nor more than another who wants more."""
    given = dict.fromkeys(wants, 0.0)
    left, hungry = tokens, sorted(wants, key=lambda name: wants[name])
    for place, name in enumerate(hungry):
        given[name] = min(wants[name], left / (len(hungry) - place))
        left -= given[name]
    return given


def _after(ways: Mapping[str, Way], came: Mapping[str, int]) -> dict[str, Way]:
    """Take away what entered, and forget the ways by which nobody comes."""
    found = {}
    for name, way in ways.items():
        idle_looks = 0 if came.get(name) else way.idle_looks + 1
        if idle_looks < FORGET_AFTER_LOOKS or name == OTHERS:
            found[name] = Way(max(0.0, way.level - came.get(name, 0)), idle_looks)
    return found


def _want(way: Way, came: int) -> float:
    """A way that is used up may have refused any number."""
    return float("inf") if way.level < 1 else max(0.0, came + 1 - way.level)
