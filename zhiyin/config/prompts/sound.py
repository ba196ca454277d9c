"""Arithmetic on telephone sound: filter, level, trim, G.711, and the check that a prompt is fit to be heard.

Samples are float arrays between -1 and 1; a line carries 8000 a second. Levels are dBFS: 0 is a full-scale square.
"""

from __future__ import annotations

import io
import math
import wave
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

LINE_RATE_HZ = 8000
#: loudness of the speech itself, pauses left out
SPEECH_LEVEL_DBFS = -18.0
LEVEL_TOLERANCE_DB = 2.0
_PEAK_CEILING = 0.85
_FRAME_S = 0.02
#: a frame this far below the loudest is a pause
_PAUSE_BELOW_DB = 35.0
_LEAD_S = 0.04
_TAIL_S = 0.12
_LONGEST_PAUSE_S = 1.2
_LONGEST_EDGE_S = 0.3


class NotSound(Exception):
    """The file is not a WAV file of 16 bits."""


def read_wav(content: bytes) -> tuple[Samples, int]:
    """Return the first channel's samples and their rate. Raises ``NotSound``."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            channels, width, rate_hz = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotSound(str(error)) from error
    if width != 2:
        raise NotSound(f"{8 * width} bits a sample, expected 16")
    return np.frombuffer(frames, "<i2")[::channels] / 32768.0, rate_hz


def write_wav(samples: Samples) -> bytes:
    """Return a WAV file of the line's rate, 16 bits, one channel."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(LINE_RATE_HZ)
        file.writeframes(_to_int16(samples).astype("<i2").tobytes())
    return target.getvalue()


def to_line(samples: Samples, rate_hz: int) -> Samples:
    """Bring speech to the line: its band (200 to 3600 Hz), its rate, the common level, without silence around."""
    return _ease_edges(level(_trim(_to_line_band(samples, rate_hz))))


def level(samples: Samples, *, target_dbfs: float = SPEECH_LEVEL_DBFS) -> Samples:
    """Bring the speech to ``target_dbfs`` and round off peaks above the ceiling, so that nothing clips."""
    leveled = samples
    for _ in range(6):  # rounding the peaks takes a little of the level: a few steps settle it
        found = speech_level_dbfs(leveled)
        if found == -np.inf:
            return samples
        leveled = _round_peaks(leveled * 10 ** ((target_dbfs - found) / 20))
    return leveled


def speech_level_dbfs(samples: Samples) -> float:
    """Return the RMS level of the frames that hold speech; minus infinity for silence."""
    frames = _frame_levels(samples)
    if frames.size == 0 or frames.max() == 0:
        return float(-np.inf)
    spoken = frames[frames > frames.max() * 10 ** (-_PAUSE_BELOW_DB / 20)]
    return float(20 * np.log10(np.sqrt(np.mean(spoken**2))))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a prompt: "silent", "level", "clipped", "late", "trailing", "pause"."""

    code: str
    measured: float


def find_faults(samples: Samples) -> list[Fault]:
    """Check a prompt's level, clipping and silence as a caller would hear them; [] is fit."""
    found = speech_level_dbfs(samples)
    if found < -60:
        return [Fault("silent", found)]
    faults = []
    if abs(found - SPEECH_LEVEL_DBFS) > LEVEL_TOLERANCE_DB:
        faults.append(Fault("level", round(found, 1)))
    if (clipped := int(np.sum(np.abs(samples) > 0.985))) > 0:
        faults.append(Fault("clipped", clipped))
    frames = _frame_levels(samples)
    spoken = np.flatnonzero(frames > frames.max() * 10 ** (-_PAUSE_BELOW_DB / 20))
    edges = (("late", float(spoken[0])), ("trailing", float(len(frames) - 1 - spoken[-1])))
    faults += [Fault(code, count * _FRAME_S) for code, count in edges if count * _FRAME_S > _LONGEST_EDGE_S]
    longest_s = float(np.max(np.diff(spoken), initial=0)) * _FRAME_S
    if longest_s > _LONGEST_PAUSE_S:
        faults.append(Fault("pause", round(longest_s, 2)))
    return faults


def encode_alaw(samples: Samples) -> bytes:
    """G.711 A-law (ITU-T G.711 table 1)."""
    pcm = _to_int16(samples).astype(np.int32)
    magnitude = np.where(pcm >= 0, pcm, -pcm - 1) >> 4  # 11 bits
    segment = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 3, 0)
    segment = np.where(magnitude < 16, 0, segment)
    mantissa = (magnitude >> np.maximum(segment - 1, 0)) & 0x0F
    code = (segment << 4) | mantissa | np.where(pcm >= 0, 0x80, 0)
    return bytes((code ^ 0x55).astype(np.uint8))


def decode_alaw(content: bytes) -> Samples:
    """The inverse of ``encode_alaw``, to the middle of each step."""
    code = np.frombuffer(content, np.uint8).astype(np.int32) ^ 0x55
    segment, mantissa = (code >> 4) & 0x07, code & 0x0F
    magnitude = np.where(segment == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude) / 32768.0


def encode_ulaw(samples: Samples) -> bytes:
    """G.711 mu-law (ITU-T G.711 table 2)."""
    pcm = _to_int16(samples).astype(np.int32)
    magnitude = np.minimum(np.abs(pcm >> 2), 8158) + 33  # 14 bits and the bias
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    mantissa = (magnitude >> (segment + 1)) & 0x0F
    return bytes((~((segment << 4) | mantissa | np.where(pcm < 0, 0x80, 0)) & 0xFF).astype(np.uint8))


def _to_line_band(samples: Samples, rate_hz: int) -> Samples:
    """Change the rate and keep the telephone's band, in the spectrum.

    Both edges are padded: what rings before a sudden beginning would else come round to the end.
    """
    silence = np.zeros(rate_hz // 4)
    size = _quick_size(len(samples) + 2 * len(silence), rate_hz)
    padded = np.concatenate([silence, samples, np.zeros(size - len(silence) - len(samples))])
    spectrum = np.fft.rfft(padded)
    frequencies = np.fft.rfftfreq(len(padded), 1 / rate_hz)
    rising = np.clip((frequencies - 120) / 120, 0, 1)
    falling = np.clip((3800 - frequencies) / 300, 0, 1)
    length = round(len(padded) * LINE_RATE_HZ / rate_hz)
    kept = (spectrum * rising * falling)[: length // 2 + 1]
    kept = np.pad(kept, (0, max(0, length // 2 + 1 - len(kept))))
    result: Samples = np.fft.irfft(kept, length) * (length / len(padded))
    return result


def _quick_size(at_least: int, rate_hz: int) -> int:
    """Return a length that both rates share and whose factors are small: a Fourier transform of it is quick."""
    unit = rate_hz // math.gcd(rate_hz, LINE_RATE_HZ)
    units = 1 << (-(-at_least // unit) - 1).bit_length()
    return unit * (units * 3 // 4 if units * 3 // 4 * unit >= at_least and units >= 4 else units)


def _trim(samples: Samples) -> Samples:
    frames = _frame_levels(samples)
    if frames.size == 0 or frames.max() == 0:
        return samples
    spoken = np.flatnonzero(frames > frames.max() * 10 ** (-_PAUSE_BELOW_DB / 20))
    size = int(_FRAME_S * LINE_RATE_HZ)
    first = max(0, int(spoken[0]) * size - int(_LEAD_S * LINE_RATE_HZ))
    last = (int(spoken[-1]) + 1) * size + int(_TAIL_S * LINE_RATE_HZ)
    return samples[first:last]


def _ease_edges(samples: Samples) -> Samples:
    """Fade 5 ms in and out, so that a prompt begins and ends without a click."""
    ramp = np.linspace(0, 1, int(0.005 * LINE_RATE_HZ))
    if len(samples) < 2 * len(ramp):
        return samples
    eased = samples.copy()
    eased[: len(ramp)] *= ramp
    eased[-len(ramp) :] *= ramp[::-1]
    return eased


def _round_peaks(samples: Samples) -> Samples:
    """Leave everything below half the ceiling alone and bend what is above it towards the ceiling."""
    knee = _PEAK_CEILING / 2
    size = np.abs(samples)
    bent = knee + (_PEAK_CEILING - knee) * np.tanh((size - knee) / (_PEAK_CEILING - knee))
    result: Samples = np.sign(samples) * np.where(size > knee, bent, size)
    return result


def _frame_levels(samples: Samples) -> Samples:
    size = int(_FRAME_S * LINE_RATE_HZ)
    whole = len(samples) // size * size
    result: Samples = np.sqrt(np.mean(samples[:whole].reshape(-1, size) ** 2, axis=1))
    return result


def _to_int16(samples: Samples) -> NDArray[np.int16]:
    return np.clip(np.round(samples * 32767), -32768, 32767).astype(np.int16)
