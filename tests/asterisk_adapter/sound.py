"""Tones and their measurement, and G.711, for telephones of tests. 8 kHz, 16-bit."""

from __future__ import annotations

import numpy as np

RATE = 8000


def tone(frequency_hz: float, seconds: float = 1.0, amplitude: int = 8000) -> bytes:
    """Return a pure tone as 16-bit little-endian PCM; whole seconds repeat without a click."""
    t = np.arange(int(RATE * seconds)) / RATE
    return (amplitude * np.sin(2 * np.pi * frequency_hz * t)).astype("<i2").tobytes()


def amplitude(pcm: bytes, frequency_hz: float) -> float:
    """Return the amplitude of one frequency in 16-bit PCM."""
    x = np.frombuffer(pcm, "<i2").astype(float)
    if not len(x):
        return 0.0
    turns = np.exp(-2j * np.pi * frequency_hz * np.arange(len(x)) / RATE)
    return float(2 * abs((x * turns).sum()) / len(x))


def rms(pcm: bytes) -> float:
    x = np.frombuffer(pcm, "<i2").astype(float)
    return float(np.sqrt((x**2).mean())) if len(x) else 0.0


def channels(stereo: bytes) -> tuple[bytes, bytes]:
    """Split interleaved stereo PCM into left and right."""
    x = np.frombuffer(stereo[: len(stereo) // 4 * 4], "<i2").reshape(-1, 2)
    return x[:, 0].tobytes(), x[:, 1].tobytes()


def _alaw_values() -> np.ndarray:
    code = np.arange(256) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, value, -value).astype("<i2")


def _ulaw_values() -> np.ndarray:
    code = ~np.arange(256) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return np.where(code & 0x80, -value, value).astype("<i2")


#: RTP payload type -> the 256 linear values
_VALUES = {8: _alaw_values(), 0: _ulaw_values()}


def encode(pcm: bytes, payload_type: int) -> bytes:
    """Return G.711 of the PCM: payload type 8 is A-law, 0 is µ-law."""
    values = _VALUES[payload_type].astype(int)
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    x = np.frombuffer(pcm, "<i2").astype(int)
    right = np.clip(np.searchsorted(ranked, x), 1, 255)
    nearer_left = x - ranked[right - 1] < ranked[right] - x
    return order[np.where(nearer_left, right - 1, right)].astype(np.uint8).tobytes()


def decode(payload: bytes, payload_type: int) -> bytes:
    return _VALUES[payload_type][np.frombuffer(payload, np.uint8)].tobytes()
