"""Where an utterance begins and ends in the sound of a telephone line, by its loudness against the line's own noise.

Sound is 16 bits, 8000 samples a second, in frames of 20 ms. A model of speech would hear more in a noisy street; this
needs none, hears a beginning within a fifth of a second, and is the same for every recogniser.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

RATE_HZ = 8000
FRAME_S = 0.02
FRAME_BYTES = int(RATE_HZ * FRAME_S) * 2
#: Speech is louder than this, and than the line's noise by so much.
LEAST_DBFS, ABOVE_NOISE_DB = -42.0, 12.0
#: So many of the last frames must be loud to be a beginning: a click is none.
LOUD_FRAMES, OF_FRAMES = 7, 10
#: So long a pause ends an utterance; so long it lasts at most; so much is kept of the time before it was told.
PAUSE_S, LONGEST_S, LEAD_S = 0.7, 12.0, 0.4
#: So long a pause is enough where what was said so far is known to be all that is waited for.
SHORT_PAUSE_S = 0.3
#: The noise is believed to rise by so much a second at most.
_NOISE_RISES_DB_S = 3.0
_QUIETEST_DBFS = -70.0


class Sign(Enum):
    BEGAN = "began"
    ENDED = "ended"


def loudness_dbfs(frame: bytes) -> float:
    """Return the level of a frame; silence is the quietest there is."""
    samples = array("h", frame[: len(frame) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    power = sum(sample * sample for sample in samples) / len(samples) if samples else 0.0
    return max(_QUIETEST_DBFS, 10 * math.log10(power / 32768**2)) if power else _QUIETEST_DBFS


@dataclass(slots=True)
class EndPointer:
    """Is given the line's sound as it comes; tells beginnings and ends, and which sound belongs to the utterance."""

    noise_dbfs: float = _QUIETEST_DBFS
    is_speaking: bool = False
    pause_s: float = PAUSE_S  # that ends this utterance
    _loud: deque[bool] = field(default_factory=lambda: deque(maxlen=OF_FRAMES))
    _lead: deque[bytes] = field(default_factory=lambda: deque(maxlen=round(LEAD_S / FRAME_S)))
    _quiet_s: float = 0.0
    _lasts_s: float = 0.0
    _rest: bytes = b""

    def take(self, sound: bytes) -> list[tuple[Sign | None, bytes]]:
        """Return what is heard in ``sound``, in order: the signs, and sound of an utterance beside them."""
        self._rest += sound
        heard = []
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            sign, kept = self._take_frame(frame)
            if sign is not None or kept:
                heard.append((sign, kept))
        return heard

    def hurry(self) -> None:
        """End this utterance at the next short pause: its words are understood already."""
        self.pause_s = SHORT_PAUSE_S

    def _take_frame(self, frame: bytes) -> tuple[Sign | None, bytes]:
        level = loudness_dbfs(frame)
        is_loud = level > max(LEAST_DBFS, self.noise_dbfs + ABOVE_NOISE_DB)
        if not is_loud:
            self.noise_dbfs = min(level, self.noise_dbfs + _NOISE_RISES_DB_S * FRAME_S)
        self._loud.append(is_loud)
        if not self.is_speaking:
            self._lead.append(frame)
            if sum(self._loud) < LOUD_FRAMES:
                return None, b""
            self.is_speaking, self._quiet_s, self._lasts_s = True, 0.0, 0.0
            self.pause_s = PAUSE_S
            kept = b"".join(self._lead)
            self._lead.clear()
            return Sign.BEGAN, kept
        self._lasts_s += FRAME_S
        self._quiet_s = 0.0 if is_loud else self._quiet_s + FRAME_S
        if self._quiet_s < self.pause_s and self._lasts_s < LONGEST_S:
            return None, frame
        self.is_speaking = False
        self._loud.clear()
        return Sign.ENDED, frame
