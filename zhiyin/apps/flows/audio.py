"""What a telephone line carries (A-law, 8 kHz, mono), as a prompt is kept, and as a browser plays it. Pure.

How a file that somebody brings becomes that is plugged in from outside: ``settings.PROMPT_READER``.
"""

from __future__ import annotations

import io
import sys
import wave
from array import array
from dataclasses import dataclass

LINE_RATE_HZ = 8000
MAX_DURATION_S = 120
#: how loud what is said is in every prompt: RMS without the pauses
LEVEL_DBFS = -18.0


@dataclass(frozen=True, slots=True)
class LineSound:
    """A prompt ready for the line, and what was done to the file it came in."""

    alaw: bytes
    #: how loud what is said came, and how much silence was cut off its ends
    came_dbfs: float
    cut_s: float

    @property
    def duration_s(self) -> float:
        return len(self.alaw) / LINE_RATE_HZ


def wav_from_alaw(alaw: bytes) -> bytes:
    """Return a WAV file (16 bits, 8 kHz, mono) that browsers play."""
    samples = array("h", (_DECODE[code] for code in alaw))
    if sys.byteorder == "big":
        samples.byteswap()
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(LINE_RATE_HZ)
        file.writeframes(samples.tobytes())
    return target.getvalue()


def _decode_code(code: int) -> int:
    """The 16-bit sample of one G.711 A-law code."""
    code ^= 0x55
    exponent, mantissa = (code & 0x70) >> 4, code & 0x0F
    value = (mantissa << 4) + 8
    if exponent:
        value = (value + 0x100) << (exponent - 1)
    return value if code & 0x80 else -value


_DECODE = [_decode_code(code) for code in range(256)]
