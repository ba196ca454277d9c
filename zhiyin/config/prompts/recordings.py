"""From a file of sound that somebody brings to what the line carries: decoded, cut, brought to level.

The decoder is ffmpeg (LGPL or GPL, by how it was built), always a process of its own: the system's, else that of the
wheel ``imageio-ffmpeg``. What it is given is hostile until proven otherwise: the container is told by its first bytes
and by nothing else, one sound stream is read of it with codecs that are named here, from a file and from nowhere else,
and computing, memory, time and length of what comes out have bounds.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import wave
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore, Timer

import imageio_ffmpeg
import numpy as np

from zhiyin.apps.flows.audio import LEVEL_DBFS, LINE_RATE_HZ, MAX_DURATION_S, LineSound
from zhiyin.apps.flows.errors import BadAudio, ReadersBusy
from zhiyin.config.prompts import bounded_process
from zhiyin.config.prompts.sound import Samples, encode_alaw, level, speech_level_dbfs, to_line

_CPU_S, _WALL_S, _MEMORY_BYTES = 15, 25, 1536 * 1024 * 1024
_BYTES_A_S = 2 * LINE_RATE_HZ
#: a second more than may be, to know what is too long
_MOST_BYTES = (MAX_DURATION_S + 1) * _BYTES_A_S
_SHORTEST_S = 0.1
_SILENT_DBFS = -60.0
#: files read at one time by one process; the others wait so long
_READERS, _PATIENCE_S = BoundedSemaphore(2), 20.0
_CODECS = (
    *("aac", "aac_latm", "alac", "flac", "mp3", "mp3float", "mp2", "mp2float", "opus", "libopus", "vorbis"),
    *("amrnb", "amrwb", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_u8"),
    *("pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav", "gsm_ms"),
)


def read_recording(content: bytes) -> LineSound:
    """Return the sound of a file. Raises ``BadAudio``, saying what is wrong with it, and ``ReadersBusy``."""
    samples = _line_samples(content)
    if samples is None:
        container = _container_of(content)
        if container is None:
            raise BadAudio(
                "sound_format", "This is no sound file that can be read. Save it as MP3, M4A, WAV, Ogg, FLAC or WebM."
            )
        samples = _decoded(content, container)
    if len(samples) < _SHORTEST_S * LINE_RATE_HZ:
        raise BadAudio("sound_empty", "The file holds no sound.")
    if len(samples) > MAX_DURATION_S * LINE_RATE_HZ:
        raise BadAudio("sound_too_long", f"A prompt may last {MAX_DURATION_S} seconds at most.", most_s=MAX_DURATION_S)
    came_dbfs = speech_level_dbfs(samples)
    if came_dbfs < _SILENT_DBFS:
        raise BadAudio("sound_silent", "The file holds nothing but silence. Check the microphone and record again.")
    heard = level(to_line(samples, LINE_RATE_HZ), target_dbfs=LEVEL_DBFS)
    return LineSound(encode_alaw(heard), came_dbfs, max(0.0, (len(samples) - len(heard)) / LINE_RATE_HZ))


def _line_samples(content: bytes) -> Samples | None:
    """Return the sound of a WAV file that is as the line wants it, as our own voice writes it; None for any other."""
    if not content.startswith(b"RIFF") or len(content) > _MOST_BYTES + 1024:
        return None
    try:
        with wave.open(io.BytesIO(content), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, LINE_RATE_HZ):
                return None
            return _samples(file.readframes(file.getnframes()))
    except (wave.Error, EOFError):
        return None


def _container_of(content: bytes) -> str | None:
    """Return ffmpeg's name of the container, told by its first bytes; None for what is no sound."""
    head = content[:16]
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp":
        return "mov"
    if head.startswith((b"RIFF", b"RF64")):
        return "wav" if head[8:12] == b"WAVE" else None
    if head.startswith(b"FORM"):
        return "aiff" if head[8:12] in (b"AIFF", b"AIFC") else None
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x16 == 0x10 else "mp3"
    return None


_STARTS = (
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"#!AMR", "amr"),
    (b"caff", "caf"),
)


def _decoded(content: bytes, container: str) -> Samples:
    if not _READERS.acquire(timeout=_PATIENCE_S):
        raise ReadersBusy
    try:
        with tempfile.NamedTemporaryFile(prefix="zhiyin-sound-") as file:
            file.write(content)
            file.flush()
            return _samples(_run(_command(Path(file.name), container)))
    finally:
        _READERS.release()


def _command(file: Path, container: str) -> tuple[str, ...]:
    launch = (sys.executable, "-I", "-S", bounded_process.__file__, str(_CPU_S), str(_MEMORY_BYTES), _decoder())
    reading = ("-protocol_whitelist", "file", "-codec_whitelist", ",".join(_CODECS), "-f", container)
    length = str(MAX_DURATION_S + 1)
    return (
        *launch,
        *("-nostdin", "-hide_banner", "-loglevel", "quiet", "-threads", "1"),
        *reading,
        *("-t", length, "-i", f"file:{file}"),
        *("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-threads", "1", "-filter_threads", "1"),
        *("-t", length, "-ac", "1", "-ar", str(LINE_RATE_HZ), "-f", "s16le", "pipe:1"),
    )


def _run(command: tuple[str, ...]) -> bytes:
    """Return what the decoder says, up to a little more than a prompt may last."""
    environ = {"LC_ALL": "C", "MALLOC_ARENA_MAX": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ
    ) as process:
        assert process.stdout is not None
        limit = Timer(_WALL_S, process.kill)
        limit.start()
        try:
            pcm = process.stdout.read(_MOST_BYTES)
            is_whole = len(pcm) < _MOST_BYTES
            if not is_whole:
                process.kill()
            status = process.wait()
        finally:
            limit.cancel()
            process.kill()
    if is_whole and status < 0:
        raise BadAudio("sound_too_heavy", "Reading this file takes too long. Save it as WAV or MP3 and try again.")
    if is_whole and status != 0:
        raise BadAudio("sound_unreadable", "The file is damaged or holds no sound. Save it again as MP3 or WAV.")
    return pcm


@cache
def _decoder() -> str:
    return shutil.which("ffmpeg") or str(imageio_ffmpeg.get_ffmpeg_exe())


def _samples(pcm: bytes) -> Samples:
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2") / 32768.0
