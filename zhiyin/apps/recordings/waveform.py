"""From raw stereo to a WAV file and its waveform, piece by piece: an hour of talk never lies in memory at once."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from zhiyin.apps.recordings.errors import NothingRecorded, RecordingBroken

RATE_HZ = 8000
CHANNELS = 2
_FRAME_BYTES = 2 * CHANNELS
#: as many peaks as a wide screen shows; short calls get finer ones
_MAX_PEAKS = 2000
_FINEST_MS = 20
_PIECE_FRAMES = 10 * RATE_HZ


@dataclass(slots=True)
class RawRecording:
    """A raw file (s16le, 8 kHz, interleaved stereo) that is read once; its peaks are there after the reading."""

    path: Path
    frames: int
    peak_ms: int
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> RawRecording:
        """Raises ``NothingRecorded`` where there is nothing to make a recording of."""
        try:
            size = path.stat().st_size
        except FileNotFoundError as error:
            raise NothingRecorded("the raw file is missing") from error
        frames = size // _FRAME_BYTES
        if frames == 0:
            raise NothingRecorded("the raw file is empty")
        peak_ms = max(_FINEST_MS, math.ceil(frames / RATE_HZ * 1000 / _MAX_PEAKS))
        return cls(path, frames, peak_ms)

    @property
    def duration_s(self) -> float:
        return self.frames / RATE_HZ

    @property
    def wav_bytes(self) -> int:
        return len(self._wav_header()) + self.frames * _FRAME_BYTES

    def read_wav(self) -> Iterator[bytes]:
        """Yield the WAV file in pieces, gathering the peaks on the way."""
        self.left, self.right = [], []
        frames_a_peak = RATE_HZ * self.peak_ms // 1000
        piece_frames = max(1, _PIECE_FRAMES // frames_a_peak) * frames_a_peak
        yield self._wav_header()
        remaining = self.frames
        with self.path.open("rb") as file:
            while remaining:
                piece = file.read(min(piece_frames, remaining) * _FRAME_BYTES)
                if not piece:
                    raise RecordingBroken("the raw file was cut while it was read")
                self._gather(piece, frames_a_peak)
                remaining -= len(piece) // _FRAME_BYTES
                yield piece

    def _gather(self, piece: bytes, frames_a_peak: int) -> None:
        samples = np.abs(np.frombuffer(piece, dtype="<i2").reshape(-1, CHANNELS).astype(np.int32))
        starts = np.arange(0, len(samples), frames_a_peak)
        peaks = np.minimum(np.maximum.reduceat(samples, starts, axis=0) >> 7, 255)
        self.left += [int(value) for value in peaks[:, 0]]
        self.right += [int(value) for value in peaks[:, 1]]

    def _wav_header(self) -> bytes:
        size = self.frames * _FRAME_BYTES
        form = struct.pack("<HHIIHH", 1, CHANNELS, RATE_HZ, RATE_HZ * _FRAME_BYTES, _FRAME_BYTES, 16)
        return (
            b"RIFF"
            + struct.pack("<I", 36 + size)
            + b"WAVEfmt "
            + struct.pack("<I", 16)
            + form
            + b"data"
            + struct.pack("<I", size)
        )
