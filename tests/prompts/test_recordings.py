"""Files of sound that somebody brings: every usual kind becomes what the line carries, and nothing hostile gets far."""

from __future__ import annotations

import io
import math
import struct
import subprocess
import tempfile
import wave
from collections.abc import Callable
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import pytest

from zhiyin.apps.flows.audio import LEVEL_DBFS, wav_from_alaw
from zhiyin.apps.flows.errors import BadAudio
from zhiyin.config.prompts import recordings
from zhiyin.config.prompts.recordings import read_recording


def silent_wav(frames: int) -> bytes:
    """As the line wants it: no decoder is asked."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * frames))
    return target.getvalue()


@cache
def encoded(*arguments: str, source: str = "sine=frequency=440:duration=1") -> bytes:
    """A file as a telephone or a browser writes it."""
    with_end = "mp4" in arguments or "ipod" in arguments  # its index stands at the end: no pipe can be read so
    head = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", source)
    if not with_end:
        return subprocess.run((*head, *arguments, "-"), capture_output=True, check=True).stdout
    with tempfile.NamedTemporaryFile(suffix=".m4a") as made:
        subprocess.run((*head, *arguments, "-y", made.name), check=True)
        return Path(made.name).read_bytes()


def heard(alaw: bytes) -> list[int]:
    with wave.open(io.BytesIO(wav_from_alaw(alaw))) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
        frames = file.readframes(file.getnframes())
    return list(struct.unpack(f"<{len(frames) // 2}h", frames))


def strength(samples: list[int], hz: float) -> float:
    parts = [2 * math.pi * hz * n / 8000 for n in range(len(samples))]
    real = sum(sample * math.cos(part) for sample, part in zip(samples, parts, strict=True))
    imaginary = sum(sample * math.sin(part) for sample, part in zip(samples, parts, strict=True))
    return 2 * math.hypot(real, imaginary) / len(samples)


FORMATS = {
    "mp3": ("-f", "mp3"),
    "m4a of a telephone": ("-c:a", "aac", "-f", "ipod"),
    "webm of a browser": ("-c:a", "libopus", "-f", "webm"),
    "ogg": ("-c:a", "libvorbis", "-f", "ogg"),
    "flac": ("-f", "flac"),
    "aac without container": ("-c:a", "aac", "-f", "adts"),
    "24 bit": ("-c:a", "pcm_s24le", "-ar", "96000", "-ac", "2", "-f", "wav"),
    "as the line": ("-c:a", "pcm_s16le", "-ar", "8000", "-f", "wav"),
}


@pytest.mark.parametrize("arguments", FORMATS.values(), ids=FORMATS)
def test_any_usual_file_becomes_what_the_line_carries(arguments: tuple[str, ...]) -> None:
    sound = read_recording(encoded(*arguments))
    assert sound.duration_s == pytest.approx(1.1, abs=0.15)  # eased at both ends
    tone = heard(sound.alaw)[1200:-2400]
    assert strength(tone, 440) == pytest.approx(32_768 * 10 ** (LEVEL_DBFS / 20) * math.sqrt(2), rel=0.1)
    assert strength(tone, 1000) < strength(tone, 440) / 50


def test_what_the_line_cannot_carry_does_not_come_back_as_another_tone() -> None:
    two = "aevalsrc=0.3*sin(440*2*PI*t)+0.3*sin(7000*2*PI*t):s=48000:d=1"
    tone = heard(read_recording(encoded("-f", "flac", source=two)).alaw)[800:-1600]
    assert strength(tone, 1000) < strength(tone, 440) / 100  # 7 kHz would fold to 1 kHz


def test_a_quiet_recording_with_silent_ends_is_raised_and_cut_and_that_is_told() -> None:
    quiet = "aevalsrc=0.02*sin(440*2*PI*t)*between(t\\,1\\,3):s=16000:d=4.5"
    sound = read_recording(encoded("-f", "mp3", source=quiet))
    assert sound.came_dbfs == pytest.approx(20 * math.log10(0.02 / math.sqrt(2)), abs=1.5)
    assert sound.cut_s == pytest.approx(2.4, abs=0.3)
    assert sound.duration_s == pytest.approx(2.1, abs=0.3)


HOSTILE = {
    "nothing": (lambda: b"", "sound_format"),
    "words": (lambda: b"not a sound", "sound_format"),
    "a page": (lambda: b"<html><script>alert(1)</script></html>", "sound_format"),
    "a picture called mp3": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "sound_format"),
    "an archive": (lambda: b"PK\x03\x04" + bytes(500), "sound_format"),
    "a list of other files": (lambda: b"#EXTM3U\nfile:///etc/passwd\n", "sound_format"),
    "other files inside": (lambda: b"ffconcat version 1.0\nfile /etc/passwd\n", "sound_format"),
    "an empty container": (lambda: b"OggS" + bytes(3000), "sound_unreadable"),
    "noise behind a good beginning": (lambda: b"fLaC" + bytes(range(256)) * 20, "sound_unreadable"),
    "half a telephone's file": (
        lambda: encoded("-c:a", "aac", "-f", "ipod")[:3000],
        "sound_unreadable",
    ),
    "a film without sound": (
        lambda: encoded("-f", "matroska", source="color=size=32x32:duration=0.2"),
        "sound_unreadable",
    ),
    "silence": (lambda: encoded("-f", "flac", source="anullsrc=duration=1"), "sound_silent"),
    "no samples": (lambda: silent_wav(0), "sound_empty"),
    "as the line, too long": (lambda: silent_wav(121 * 8000), "sound_too_long"),
    # half an hour in a few kB: what comes out is bounded, not only what goes in
    "a bomb": (
        lambda: encoded("-f", "flac", source="anullsrc=r=8000:duration=1800"),
        "sound_too_long",
    ),
}


@pytest.mark.parametrize(("make", "code"), HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_become_a_prompt_is_refused_with_its_reason(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(BadAudio) as refused:
        read_recording(make())
    assert (refused.value.code, refused.value.fields) == (code, {"file": code})


def test_a_file_that_keeps_the_decoder_computing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "_WALL_S", 0.0)
    with pytest.raises(BadAudio) as refused:
        read_recording(encoded("-f", "flac", source="anoisesrc=duration=100"))
    assert refused.value.code == "sound_too_heavy"


def test_the_decoder_cannot_take_more_memory_than_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "_MEMORY_BYTES", 20_000_000)
    with pytest.raises(BadAudio):
        read_recording(encoded("-f", "mp3"))
