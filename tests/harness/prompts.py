"""Knowing a prompt again in what a caller heard, by its own sound."""

from __future__ import annotations

import numpy as np

from tests.harness.product import Product
from tests.harness.sipp import SippCall
from tests.harness.waiting import until
from zhiyin.config.prompts.sound import Samples, decode_alaw

RATE = 8000
#: likeness from which on it is that sound and no other
_ALIKE = 0.8


def prompt(product: Product, key: str) -> Samples:
    """Return a standard prompt in Chinese."""
    return decode_alaw((product.data / "prompts" / "standard" / "zh" / f"{key}.alaw").read_bytes())


def as_samples(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2") / 32768.0


def find(heard: Samples, wanted: Samples) -> tuple[float, int]:
    """Return how well ``wanted`` is found in ``heard`` (1: the very sound) and where, in samples."""
    if len(heard) < len(wanted):
        return 0.0, 0
    size = 1 << (len(heard) + len(wanted)).bit_length()
    correlation = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)
    energy = np.concatenate([[0.0], np.cumsum(heard**2)])
    windows = energy[len(wanted) :] - energy[: len(heard) - len(wanted) + 1]
    likeness = correlation[: len(windows)] / np.sqrt(np.maximum(windows, 1e-9) * np.sum(wanted**2))
    return float(np.max(likeness)), int(np.argmax(likeness))


async def hears_prompt(product: Product, call: SippCall, key: str, *, within_s: float = 40, since: int = 0) -> float:
    """Wait until the whole prompt was heard after sample ``since``; return when it began, in seconds after that."""
    wanted = prompt(product, key)
    return await hears(call, wanted, what=key, within_s=within_s, since=since)


async def hears_beginning(product: Product, call: SippCall, key: str, *, within_s: float = 40, since: int = 0) -> float:
    """The same for the prompt's first second."""
    return await hears(call, prompt(product, key)[:RATE], what=key, within_s=within_s, since=since)


async def hears(call: SippCall, wanted: Samples, *, what: str, within_s: float, since: int) -> float:
    places: list[int] = []

    def is_heard() -> bool:
        likeness, place = find(as_samples(call.heard())[since:], wanted)
        places.append(place)
        return likeness > _ALIKE

    await until(is_heard, what=f"{what} is heard", within_s=within_s)
    return places[-1] / RATE


def length_heard_s(heard: Samples, wanted: Samples) -> float:
    """Return how much of ``wanted`` was heard before it was cut off: ``heard`` starts where it began."""
    piece = RATE // 20
    last = 0
    for start in range(0, min(len(heard), len(wanted)) - piece, piece):
        said = wanted[start : start + piece]
        likeness, _ = find(heard[max(0, start - 40) : start + piece + 40], said)
        if np.sum(said**2) > 0.1 and likeness > _ALIKE:
            last = start + piece
    return last / RATE
