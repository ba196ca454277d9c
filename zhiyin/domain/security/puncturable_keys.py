"""One key for 2^64 places, out of which single places can be cut for ever.

A tree of hashes (Goldreich, Goldwasser, Micali): a node's children are its hashes, a place's key is its leaf. Cutting
a place out replaces the nodes above it by the siblings on the way down: every other leaf can still be made, that one
cannot, by nobody. So a whole key is 16 bytes, each cut adds about a kilobyte, and a place that was never seen before
has its key already.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

KEY_BYTES = 16
PLACE_BITS = 64
_WAYS_BITS = 2
_WAYS = 1 << _WAYS_BITS
_LEVELS = PLACE_BITS // _WAYS_BITS
#: levels whose nodes are remembered: places near each other are asked for after each other
_REMEMBERED_LEVELS = (_LEVELS - 12, _LEVELS - 4)
_MOST_REMEMBERED = 50_000

#: (level, the place's leading digits)
Node = tuple[int, int]
ROOT: Node = (0, 0)


class PuncturableKeys:
    """Gives the key of each place that was not cut out."""

    def __init__(self, nodes: Mapping[Node, bytes]) -> None:
        self._nodes = dict(nodes)
        self._remembered: dict[Node, bytes] = {}

    @property
    def nodes(self) -> Mapping[Node, bytes]:
        """What there is left, to be stored."""
        return self._nodes

    def key_of(self, place: int) -> bytes | None:
        """Return the key of a place (0 to 2^64 - 1), or None when it was cut out."""
        for level in reversed(_REMEMBERED_LEVELS):
            found = self._remembered.get((level, place >> _WAYS_BITS * (_LEVELS - level)))
            if found is not None:
                return self._descend(place, level, found)
        above = self._level_above(place)
        if above is None:
            return None
        return self._descend(place, above, self._nodes[above, place >> _WAYS_BITS * (_LEVELS - above)])

    def cut_out(self, place: int) -> None:
        """Let nobody make the key of this place again. Safe to repeat."""
        level = self._level_above(place)
        if level is None:
            return
        key = self._nodes.pop((level, place >> _WAYS_BITS * (_LEVELS - level)))
        self._remembered.clear()
        while level < _LEVELS:
            level += 1
            prefix = place >> _WAYS_BITS * (_LEVELS - level)
            first = prefix - prefix % _WAYS
            for digit in range(_WAYS):
                if first + digit != prefix:
                    self._nodes[level, first + digit] = _child(key, digit)
            key = _child(key, prefix % _WAYS)

    def _level_above(self, place: int) -> int | None:
        for level in range(_LEVELS + 1):
            if (level, place >> _WAYS_BITS * (_LEVELS - level)) in self._nodes:
                return level
        return None

    def _descend(self, place: int, level: int, key: bytes) -> bytes:
        while level < _LEVELS:
            level += 1
            prefix = place >> _WAYS_BITS * (_LEVELS - level)
            key = _child(key, prefix % _WAYS)
            if level in _REMEMBERED_LEVELS:
                if len(self._remembered) >= _MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[level, prefix] = key
        return key


def _child(key: bytes, digit: int) -> bytes:
    return sha256(key + bytes((digit,))).digest()[:KEY_BYTES]
