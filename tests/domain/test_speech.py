"""Where utterances begin and end, and what they mean."""

from __future__ import annotations

import math
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.domain.speech.end_pointing import FRAME_BYTES, FRAME_S, LONGEST_S, PAUSE_S, RATE_HZ, EndPointer, Sign
from zhiyin.domain.speech.phrases import choose, phrases_of


def tone(for_s: float, dbfs: float = -15.0) -> bytes:
    peak = 32768 * 10 ** (dbfs / 20) * math.sqrt(2)
    return b"".join(
        struct.pack("<h", int(max(-32768, min(32767, peak * math.sin(n * 0.5))))) for n in range(int(for_s * RATE_HZ))
    )


def noise(for_s: float, dbfs: float = -50.0) -> bytes:
    dice, size = random.Random(1), 32768 * 10 ** (dbfs / 20)
    return b"".join(struct.pack("<h", round(dice.gauss(0, size))) for _ in range(int(for_s * RATE_HZ)))


def signs(sound: bytes, piece: int = 320) -> list[tuple[Sign, float]]:
    """Return the signs of a sound with when they came, in seconds."""
    pointer, found = EndPointer(), []
    for start in range(0, len(sound), piece):
        for sign, _ in pointer.take(sound[start : start + piece]):
            if sign is not None:
                found.append((sign, (start + piece) / 2 / RATE_HZ))
    return found


def test_an_utterance_begins_soon_and_ends_after_a_pause() -> None:
    began, ended = signs(noise(1.0) + tone(0.8) + noise(1.5))
    assert (began[0], ended[0]) == (Sign.BEGAN, Sign.ENDED)
    assert 1.0 < began[1] < 1.25
    assert 1.8 + PAUSE_S - 0.1 < ended[1] < 1.8 + PAUSE_S + 0.2


@pytest.mark.parametrize(
    "sound",
    [bytes(2 * RATE_HZ), noise(3.0), noise(3.0, dbfs=-44.0), noise(1.0) + tone(0.06) + noise(1.0)],
    ids=["silence", "a quiet line", "a loud line", "a click"],
)
def test_what_is_no_speech_begins_nothing(sound: bytes) -> None:
    assert signs(sound) == []


def test_a_short_pause_is_within_an_utterance_and_who_never_pauses_is_cut() -> None:
    assert [sign for sign, _ in signs(tone(0.5) + bytes(int(0.4 * RATE_HZ) * 2) + tone(0.5) + bytes(2 * RATE_HZ))] == [
        Sign.BEGAN,
        Sign.ENDED,
    ]
    began, ended, *_ = signs(tone(LONGEST_S + 2))
    assert LONGEST_S - 0.1 < ended[1] - began[1] < LONGEST_S + 0.1


def test_the_sound_of_an_utterance_holds_its_first_word() -> None:
    pointer = EndPointer()
    kept = b"".join(sound for _, sound in pointer.take(noise(1.0) + tone(0.5) + bytes(2 * RATE_HZ)))
    assert len(tone(0.5)) < len(kept) < len(tone(0.5 + 0.4 + PAUSE_S + 0.1))


@given(st.binary(max_size=8 * FRAME_BYTES), st.integers(1, 500))
@settings(max_examples=60)
def test_whatever_comes_in_whatever_pieces_is_told_the_same(sound: bytes, piece: int) -> None:
    sound = tone(0.3) + sound + bytes(RATE_HZ)
    whole = [sign for sign, _ in EndPointer().take(sound) if sign is not None]
    assert [sign for sign, _ in signs(sound, piece)] == whole
    assert whole[::2] == [Sign.BEGAN] * len(whole[::2])
    assert FRAME_S * RATE_HZ * 2 == FRAME_BYTES


CHOICES = {
    "sales": phrases_of("销售，买东西, sales"),
    "support": phrases_of("售后、维修,support,售后服务"),
    "two": ("two", "2"),
}


@pytest.mark.parametrize(
    ("heard", "chosen"),
    [
        ("我要找销售", "sales"),
        ("我 要 维 修", "support"),
        ("我想买东西，不是售后服务", "support"),
        ("Sales, please!", "sales"),
        ("SALES", "sales"),
        ("wholesales", None),
        ("two", "two"),
        ("twenty two", "two"),
        ("number 2", "two"),
        ("22", None),
        ("", None),
        ("……", None),
    ],
)
def test_words_mean_the_longest_phrase_that_stands_in_them(heard: str, chosen: str | None) -> None:
    assert choose(heard, CHOICES) == chosen


@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=5))
def test_any_words_can_be_heard(heard: str, phrases: list[str]) -> None:
    assert choose(heard, {"x": phrases}) in ("x", None)
