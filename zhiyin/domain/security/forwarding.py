"""How often a contact has already gone out of the company and come in again. Pure.

A number to which contacts are handed on may forward them back: by mistake, or because somebody earns by the minute.
Neither SIP's Max-Forwards nor a header of ours survives the telephone network, so what came back is known by whom it
shows: the number that we rang, or the one that we showed there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Once is a colleague whose mobile forwards to the hotline; more often is a loop.
MAX_HOPS = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """A live contact. ``caller``: the number it shows ("" for none); ``outside``: numbers rung and shown outside."""

    caller: str
    outside: frozenset[str] = frozenset()


def hops(passages: Sequence[Passage]) -> int:
    """Return how often the last of these contacts, in the order in which they began, has come back in."""
    depths: list[int] = []
    for place, passage in enumerate(passages):
        before = (
            depth + 1
            for earlier, depth in zip(passages[:place], depths, strict=True)
            if passage.caller in earlier.outside
        )
        depths.append(max(before, default=0) if passage.caller else 0)
    return depths[-1] if depths else 0
