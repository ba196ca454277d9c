"""Hold music of our own: a quiet loop for a plucked instrument over soft chords, written as numbers.

Ninety-six seconds in a pentatonic scale; the end runs into the beginning. It belongs to the project and has its
licence, so that nobody owes a collecting society anything.
"""

from __future__ import annotations

import numpy as np

from zhiyin.config.prompts.sound import LINE_RATE_HZ, Samples

_BEAT_S = 0.75
_BEATS = 128
_LEVEL_DBFS = -24.0
_D4_HZ = 293.66
#: steps of the scale in semitones above D: 宫 商 角 徵 羽
_SCALE = (0, 2, 4, 7, 9)
# One chord for eight beats, as degrees of the scale an octave lower (root, and what stands above it).
_CHORDS = ((0, 2, 3), (4, 0, 2), (3, 0, 1), (0, 2, 3), (1, 3, 4), (4, 0, 2), (3, 1, 4), (0, 2, 3))
# The melody in phrases of eight beats: degree (5 is an octave up) or None for a rest.
_PHRASES: tuple[tuple[int | None, ...], ...] = (
    (0, None, 2, 3, None, 4, 3, None),
    (5, None, 4, 3, 2, None, 3, None),
    (3, 4, None, 5, None, 4, 3, 2),
    (2, None, 1, 0, None, None, 1, None),
    (2, None, 3, 5, None, 7, 6, None),
    (5, 4, None, 3, 4, None, 2, None),
    (3, None, 2, 1, None, 2, 3, None),
    (0, None, None, 2, 0, None, None, None),
)


def tone(hz: float = 1000.0, duration_s: float = 0.4) -> Samples:
    """Return the tone after which a message is spoken, with soft ends."""
    at_s = np.arange(int(duration_s * LINE_RATE_HZ)) / LINE_RATE_HZ
    ends = np.minimum(1.0, np.minimum(at_s, duration_s - at_s) / 0.01)
    result: Samples = 0.25 * np.sin(2 * np.pi * hz * at_s) * ends
    return result


def hold_music() -> Samples:
    """Return the loop at the line's rate, at a level well below speech."""
    length = int(_BEATS * _BEAT_S * LINE_RATE_HZ)
    loop = np.zeros(length)
    variation = np.random.default_rng(1)
    for beat in range(_BEATS):
        phrase = _PHRASES[beat // 8 % len(_PHRASES)]
        degree = phrase[beat % 8]
        # the second time round the melody leaves gaps, the third it sings an octave higher now and then
        round_ = beat // 64
        if degree is not None and not (round_ == 1 and variation.random() < 0.2):
            octave = 1 if round_ == 1 and variation.random() < 0.15 else 0
            delay_s = float(variation.uniform(0, 0.02))
            strength = 0.8 + 0.2 * float(variation.random())
            _add(loop, (beat * _BEAT_S) + delay_s, _pluck(_pitch(degree) * 2**octave) * strength)
        if beat % 8 == 0:
            for degree_below in _CHORDS[beat // 8 % len(_CHORDS)]:
                _add(loop, beat * _BEAT_S, _pad(_pitch(degree_below) / 2, 8.6 * _BEAT_S))
        if beat % 4 == 0:
            _add(loop, beat * _BEAT_S, 0.7 * _pluck(_pitch(_CHORDS[beat // 8 % len(_CHORDS)][0]) / 2))
    level = np.sqrt(np.mean(loop**2))
    result: Samples = np.clip(loop * 10 ** (_LEVEL_DBFS / 20) / level, -0.9, 0.9)
    return result


def _pitch(degree: int) -> float:
    octave, step = divmod(degree, len(_SCALE))
    return float(_D4_HZ * 2 ** (octave + _SCALE[step] / 12))


def _pluck(pitch_hz: float) -> Samples:
    """A plucked string: higher partials are weaker and die away sooner."""
    time_s = np.arange(int(3.0 * LINE_RATE_HZ)) / LINE_RATE_HZ
    note = np.zeros_like(time_s)
    for partial in range(1, 8):
        frequency = pitch_hz * partial * (1 + 0.0002 * partial**2)
        if frequency < 3400:
            decay = np.exp(-time_s * (1.1 + 0.7 * partial))
            note += decay * np.sin(2 * np.pi * frequency * time_s) / partial**1.4
    attack = np.clip(time_s / 0.004, 0, 1)
    result: Samples = 0.5 * note * attack
    return result


def _pad(pitch_hz: float, length_s: float) -> Samples:
    """A soft chord tone that swells and fades, two voices a shade apart."""
    time_s = np.arange(int(length_s * LINE_RATE_HZ)) / LINE_RATE_HZ
    swell = np.sin(np.pi * time_s / length_s) ** 1.5
    tone = sum(np.sin(2 * np.pi * pitch_hz * shade * time_s) for shade in (0.998, 1.002))
    overtone = 0.25 * np.sin(2 * np.pi * 2 * pitch_hz * time_s)
    result: Samples = 0.10 * swell * (tone + overtone)
    return result


def _add(loop: Samples, at_s: float, note: Samples) -> None:
    """Lay a note into the loop; what runs over the end sounds on at its beginning."""
    start = int(at_s * LINE_RATE_HZ)
    positions = (start + np.arange(len(note))) % len(loop)
    loop[positions] += note
