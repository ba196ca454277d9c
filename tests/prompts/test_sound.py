"""Telephone sound: G.711, levels, and the check that hears what a caller would mind."""

from __future__ import annotations

import numpy as np
import pytest

from tests.asterisk_adapter import sound as reference
from zhiyin.config.prompts.sound import (
    LINE_RATE_HZ,
    SPEECH_LEVEL_DBFS,
    NotSound,
    Samples,
    decode_alaw,
    encode_alaw,
    encode_ulaw,
    find_faults,
    level,
    read_wav,
    speech_level_dbfs,
    to_line,
    write_wav,
)


def tone(seconds: float, *, dbfs: float = -18.0, frequency_hz: float = 440, rate_hz: int = LINE_RATE_HZ) -> Samples:
    times = np.arange(int(seconds * rate_hz)) / rate_hz
    return np.sqrt(2) * 10 ** (dbfs / 20) * np.sin(2 * np.pi * frequency_hz * times)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * LINE_RATE_HZ))


@pytest.mark.parametrize(
    ("samples", "codes"),
    [
        (tone(1), []),
        (np.concatenate([tone(1), silence(0.8), tone(1)]), []),
        (silence(1), ["silent"]),
        (tone(1, dbfs=-26), ["level"]),
        (np.clip(tone(1, dbfs=-1) * 2, -1, 1), ["level", "clipped"]),
        (np.concatenate([silence(0.5), tone(1)]), ["late"]),
        (np.concatenate([tone(1), silence(0.5)]), ["trailing"]),
        (np.concatenate([tone(1), silence(1.5), tone(1)]), ["pause"]),
    ],
    ids=["fit", "a pause between sentences", "silent", "too quiet", "clipped", "late", "trailing", "gap"],
)
def test_what_a_caller_would_mind_is_found(samples: Samples, codes: list[str]) -> None:
    assert [fault.code for fault in find_faults(samples)] == codes


@pytest.mark.parametrize("dbfs", [-40.0, -30.0, -12.0, -3.0])
def test_every_speech_comes_to_one_level_without_clipping(dbfs: float) -> None:
    brought = level(np.concatenate([tone(0.5, dbfs=dbfs), silence(0.5), tone(0.5, dbfs=dbfs - 6)]))
    assert speech_level_dbfs(brought) == pytest.approx(SPEECH_LEVEL_DBFS, abs=0.5)
    assert np.abs(brought).max() < 0.9


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 44100, 48000])
def test_a_tone_keeps_its_pitch_and_length_at_the_line_s_rate(rate_hz: int) -> None:
    on_line = to_line(tone(1, frequency_hz=1000, rate_hz=rate_hz), rate_hz)
    assert len(on_line) / LINE_RATE_HZ == pytest.approx(1.0, abs=0.2)
    spectrum = np.abs(np.fft.rfft(on_line))
    assert np.fft.rfftfreq(len(on_line), 1 / LINE_RATE_HZ)[spectrum.argmax()] == pytest.approx(1000, abs=5)


def test_a_sudden_beginning_does_not_come_round_to_the_end() -> None:
    """The bundled espeak-ng begins in mid-sound: an echo of that, half a second after the end, stopped first starts."""
    times = np.arange(11025) / 22050
    low = 0.7 * np.cos(2 * np.pi * 120 * times) * np.exp(-3 * times)  # a voice's lowest, which the line cuts off
    spoken = low + tone(0.5, rate_hz=22050, frequency_hz=1000)[:11025]
    on_line = to_line(np.concatenate([spoken, np.zeros(8000)]), 22050)
    assert len(on_line) / LINE_RATE_HZ < 0.8
    assert find_faults(on_line) == []


def test_what_a_telephone_cannot_carry_does_not_fold_back() -> None:
    mixed = tone(1, frequency_hz=1000, rate_hz=48000) + tone(1, frequency_hz=6000, rate_hz=48000)
    spectrum = np.abs(np.fft.rfft(to_line(mixed, 48000)))
    assert spectrum[int(2000 * len(spectrum) / 4000)] < spectrum.max() / 500


def test_alaw_and_ulaw_are_those_of_the_standard() -> None:
    every = np.arange(-32768, 32768) / 32767
    pcm = np.clip(np.round(every * 32767), -32768, 32767).astype(int)
    for encoded, payload_type in ((encode_alaw(every), 8), (encode_ulaw(every), 0)):
        back = np.frombuffer(reference.decode(encoded, payload_type), "<i2").astype(int)
        assert np.all(np.abs(back - pcm) <= np.maximum(np.abs(pcm) / 16, 16) + 132)
    for code in range(256):
        assert encode_alaw(decode_alaw(bytes([code]))) == bytes([code])


def test_a_wav_file_survives_the_round_trip() -> None:
    samples, rate_hz = read_wav(write_wav(tone(0.2)))
    assert rate_hz == LINE_RATE_HZ
    assert np.abs(samples - tone(0.2)).max() < 1e-4


def test_what_is_no_wav_file_is_refused() -> None:
    with pytest.raises(NotSound):
        read_wav(b"ID3 this is an MP3")
