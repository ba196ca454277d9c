"""From a WAV file that somebody uploads to what a telephone line carries (A-law, 8 kHz, mono), and back. Pure."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from bisect import bisect_left
from itertools import pairwise
from operator import mul

from zhiyin.apps.flows.errors import BadAudio

LINE_RATE_HZ = 8000
MAX_DURATION_S = 120
#: half the length of the low-pass in samples of the line's rate: below the ear's notice at 3.4 kHz
_HALF_TAPS = 16
#: a prompt is brought to this peak (of 32768): loud enough, and no clipping behind a mixer
_PEAK = 22_000
_FULL_SCALE = 32_768


def alaw_from_wav(content: bytes) -> tuple[bytes, float]:
    """Return the A-law samples and the duration in seconds of a WAV file of 16 bits, any rate, one or two channels.

    The level is brought to the others' level. Raises ``BadAudio`` for anything else, for silence, and for a file
    that is too long.
    """
    samples, rate_hz = _read_wav(content)
    if not samples:
        raise BadAudio("empty", "The file holds no sound.")
    if len(samples) > MAX_DURATION_S * rate_hz:
        raise BadAudio("too_long", f"A prompt may last {MAX_DURATION_S} seconds at most.")
    line = _resampled(samples, rate_hz) if rate_hz != LINE_RATE_HZ else samples
    peak = max(*line, -min(line))
    if peak < 100:
        raise BadAudio("silent", "The file holds nothing but silence.")
    gain = _PEAK / peak
    alaw = bytes(_ENCODE[(int(sample * gain) + _FULL_SCALE) >> 4] for sample in line)
    return alaw, len(line) / LINE_RATE_HZ


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


def _read_wav(content: bytes) -> tuple[array[int], int]:
    try:
        with wave.open(io.BytesIO(content), "rb") as file:
            channels, width, rate_hz = file.getnchannels(), file.getsampwidth(), file.getframerate()
            if width != 2 or channels not in (1, 2) or not 8000 <= rate_hz <= 192_000:
                raise BadAudio("format", "Save the file as WAV, PCM 16 bit, mono or stereo, 8 to 192 kHz.")
            if file.getnframes() > (MAX_DURATION_S + 1) * rate_hz:
                raise BadAudio("too_long", f"A prompt may last {MAX_DURATION_S} seconds at most.")
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadAudio("format", "This is no WAV file. Save it as WAV, PCM 16 bit.") from error
    samples = array("h")
    samples.frombytes(frames[: len(frames) // (2 * channels) * (2 * channels)])
    if sys.byteorder == "big":
        samples.byteswap()
    if channels == 2:
        samples = array("h", ((left + right) >> 1 for left, right in zip(samples[::2], samples[1::2], strict=True)))
    return samples, rate_hz


def _resampled(samples: array[int], rate_hz: int) -> array[int]:
    """Bring ``samples`` down to the line's rate by a windowed sinc; the phases of the low-pass repeat."""
    divisor = math.gcd(rate_hz, LINE_RATE_HZ)
    phases = LINE_RATE_HZ // divisor
    step = rate_hz / LINE_RATE_HZ
    half = math.ceil(_HALF_TAPS * step)
    taps = [_low_pass(half, step, (index * step) % 1.0) for index in range(phases)]
    padded = array("h", bytes(2 * half)) + samples + array("h", bytes(2 * (half + 2)))
    count = int(len(samples) / step)
    out = array("h", bytes(2 * count))
    for index in range(count):
        start = int(index * rate_hz // LINE_RATE_HZ)
        value = sum(map(mul, padded[start : start + 2 * half + 1], taps[index % phases]))
        out[index] = max(-_FULL_SCALE, min(_FULL_SCALE - 1, round(value)))
    return out


def _low_pass(half: int, step: float, shift: float) -> list[float]:
    cut = 0.92 / step
    taps = []
    for index in range(-half, half + 1):
        x = index - shift
        sinc = 1.0 if x == 0 else math.sin(math.pi * cut * x) / (math.pi * cut * x)
        window = 0.5 + 0.5 * math.cos(math.pi * max(-1.0, min(1.0, x / (half + 1))))
        taps.append(cut * sinc * window)
    total = sum(taps)
    return [tap / total for tap in taps]


def _decode_code(code: int) -> int:
    """The 16-bit sample of one G.711 A-law code."""
    code ^= 0x55
    exponent, mantissa = (code & 0x70) >> 4, code & 0x0F
    value = (mantissa << 4) + 8
    if exponent:
        value = (value + 0x100) << (exponent - 1)
    return value if code & 0x80 else -value


def _nearest_codes() -> list[int]:
    """The A-law code nearest to each of the 4096 steps of 16 that a sample may lie in."""
    values = sorted((value, code) for code, value in enumerate(_DECODE))
    borders = [(low + high) / 2 for (low, _), (high, _) in pairwise(values)]
    return [values[bisect_left(borders, step * 16 - _FULL_SCALE + 8)][1] for step in range(4096)]


_DECODE = [_decode_code(code) for code in range(256)]
_ENCODE = _nearest_codes()
