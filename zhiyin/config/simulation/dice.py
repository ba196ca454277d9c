"""Randomness that depends on nothing but what it is asked about, so that leaving out one thing changes no other."""

from __future__ import annotations

import random
import zlib


def dice_of(*about: object) -> random.Random:
    """Return dice for this seed and subject; the same in every process."""
    return random.Random(zlib.crc32(repr(about).encode()))  # noqa: S311 - a simulation is to be repeated
