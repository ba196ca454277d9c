"""The spool without a disk: what a killed engine left there the next one finds; the disk can be full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.engine.log_port import LogBatch
from zhiyin.engine.spool import Spool


class MemoryDisk:
    """The files of all engines' spools."""

    def __init__(self) -> None:
        self.files: dict[Path, list[LogBatch]] = {}
        self.refused: list[LogBatch] = []
        self.is_full = False

    def spool(self, epoch: int) -> Spool:
        return MemorySpool(self, epoch)


class MemorySpool(Spool):
    def __init__(self, disk: MemoryDisk, epoch: int) -> None:
        super().__init__(Path("spool"), epoch)
        self._disk = disk

    def append(self, batch: LogBatch) -> None:
        if self._disk.is_full:
            raise OSError(28, "the simulated disk is full")
        self._disk.files.setdefault(self.path, []).append(batch)
        self.events += len(batch.envelopes)

    def set_aside(self, batch: LogBatch) -> None:
        self._disk.refused.append(batch)

    def pending(self) -> Iterator[tuple[Path, list[LogBatch]]]:
        for path in sorted(self._disk.files):
            yield path, list(self._disk.files[path])

    def drained(self, path: Path) -> None:
        self._disk.files.pop(path, None)
        if path == self.path:
            self.events = 0
