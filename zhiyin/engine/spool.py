"""Where events go while PostgreSQL is away: one fsynced file per epoch, drained on return."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from zhiyin.engine.log_port import LogBatch

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(LogBatch).decode


class Spool:
    """An append-only file of batches, one JSON object a line. Not safe for two writers: each epoch has its own file."""

    def __init__(self, folder: Path, epoch: int) -> None:
        self._folder = folder
        self.path = folder / f"events-{epoch:08d}.jsonl"
        self.events = 0
        self._refused = sum(_events_in(path) for path in self._refused_files())

    @property
    def is_empty(self) -> bool:
        return self.events == 0

    @property
    def refused_events(self) -> int:
        """How many are kept aside; none once a person has moved the files away."""
        return self._refused if any(self._refused_files()) else 0

    def _refused_files(self) -> Iterator[Path]:
        return self._folder.glob("refused-*.jsonl")

    def append(self, batch: LogBatch) -> None:
        """Write and fsync. Raises ``OSError`` (disk full); then nothing of the batch is counted as kept."""
        self._keep(batch, self.path)
        self.events += len(batch.envelopes)

    def set_aside(self, batch: LogBatch) -> None:
        """Keep for a person to see what the log will never take, beside what waits for it. Raises ``OSError``."""
        self._keep(batch, self._folder / f"refused-{self.path.name}")
        self._refused += len(batch.envelopes)

    def _keep(self, batch: LogBatch, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        line = _encode(batch) + b"\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            before_bytes = os.fstat(descriptor).st_size
            try:
                if os.write(descriptor, line) != len(line):
                    raise OSError(28, "the disk is full: the event spool cannot be written")
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, before_bytes)  # it will be written again: twice in the file is counted wrong
                raise
        finally:
            os.close(descriptor)
        if is_new:
            try:
                self._sync_folder()
            except OSError:
                path.unlink(missing_ok=True)
                raise

    def _sync_folder(self) -> None:
        """Make a new file's name durable."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def pending(self) -> Iterator[tuple[Path, list[LogBatch]]]:
        """Yield each spool file, of this and of earlier epochs, with its whole batches; a torn last line is dropped."""
        for path in sorted(self._folder.glob("events-*.jsonl")):
            batches = []
            for line in path.read_bytes().split(b"\n"):
                if not line:
                    continue
                try:
                    batches.append(_decode(line))
                except msgspec.MsgspecError:
                    break
            yield path, batches

    def newest_at(self) -> datetime | None:
        """Return the instant of the newest event kept; None where there is none, or where it cannot be read now."""
        try:
            kept = [envelope.at for _, batches in self.pending() for batch in batches for envelope in batch.envelopes]
        except OSError:
            return None
        return max(kept, default=None)

    def drained(self, path: Path) -> None:
        """The file's batches are in the log: remove it."""
        path.unlink(missing_ok=True)
        if path == self.path:
            self.events = 0


def _events_in(path: Path) -> int:
    """Return how many events a file holds; a torn last line counts as none."""
    found = 0
    for line in path.read_bytes().split(b"\n"):
        with suppress(msgspec.MsgspecError):
            found += len(_decode(line).envelopes) if line else 0
    return found
