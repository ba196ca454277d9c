"""The archive's form: a plain tar that any tool opens, beginning with what it is and ending with its checksums.

``manifest.json`` comes first, ``SHA256SUMS`` (as ``sha256sum -c`` reads it) last: without its end an archive is not
whole, and it gets its name only when it is. What it holds is compressed or encrypted already, so it is not compressed.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, BinaryIO, Literal, Self

import msgspec

FORMAT = 2
MANIFEST, CHECKSUMS = "manifest.json", "SHA256SUMS"
_PIECE_BYTES = 1024 * 1024
_LARGEST_HEAD_BYTES = 16 * 1024 * 1024


class Manifest(msgspec.Struct, frozen=True):
    """``rows`` counts every table and ``walled`` lists those under forced row security, in the dump's own snapshot.

    ``person_keys`` says whose keys seal what it holds of persons, ``salt`` (hex) makes this archive's own of them;
    both are empty in archives of format 1, which are in the clear.
    """

    format: int
    made_at: datetime
    zhiyin: str
    data_format: int
    postgres_major: int
    secrets: Literal["locked", "clear"]
    has_recordings: bool
    rows: dict[str, int]
    walled: tuple[str, ...]
    person_keys: str = ""
    salt: str = ""


class NotAnArchive(Exception):
    """The file is no backup, was cut, or was changed; the text says which, in English."""


class ArchiveWriter:
    """Writes beside ``target`` and gives the archive its name when it is whole; otherwise leaves nothing."""

    def __init__(self, target: Path, *, on_bytes: Callable[[int], None]) -> None:
        self._target = target
        self._partial = target.with_name(f".{target.name}.part")
        self._on_bytes = on_bytes
        self._sums = io.StringIO()

    def __enter__(self) -> Self:
        descriptor = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)
        return self

    def __exit__(self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        try:
            if kind is None:
                sums = self._sums.getvalue().encode()
                self._tar.addfile(_head_of(CHECKSUMS, len(sums)), io.BytesIO(sums))
                self._tar.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._partial.rename(self._target)
                _sync_folder(self._target.parent)
        finally:
            self._file.close()
            self._partial.unlink(missing_ok=True)

    def add_bytes(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        """Add as much of the file as it holds now: one that is being written goes on growing."""
        with path.open("rb") as source:
            self._add(name, source, os.fstat(source.fileno()).st_size)

    def add_stream(self, name: str, source: BinaryIO, size_bytes: int) -> None:
        self._add(name, source, size_bytes)

    def _add(self, name: str, source: BinaryIO, size_bytes: int) -> None:
        reading = _Hashing(source, on_bytes=self._on_bytes)
        self._tar.addfile(_head_of(name, size_bytes), reading)
        _forget_members(self._tar)
        self._sums.write(f"{reading.digest.hexdigest()}  {name}\n")


class ArchiveReader:
    """Reads an archive from its beginning to its end, once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read_manifest(self) -> Manifest:
        """Return what the archive says of itself. Raises ``NotAnArchive``."""
        self._file.seek(0)
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as tar:
                head = tar.next()
                if head is None or head.name != MANIFEST or head.size > _LARGEST_HEAD_BYTES:
                    raise NotAnArchive("it does not begin with a manifest")
                content = tar.extractfile(head)
                assert content is not None
                manifest = msgspec.json.decode(content.read(), type=Manifest)
        except (tarfile.TarError, msgspec.MsgspecError) as error:
            raise NotAnArchive(str(error)) from error
        if manifest.format > FORMAT:
            raise NotAnArchive(f"its format is {manifest.format}, this version reads {FORMAT}")
        return manifest

    def members(self, *, on_bytes: Callable[[int], None]) -> Iterator[tuple[str, int, BinaryIO]]:
        """Yield name, size and content of every file; raise ``NotAnArchive`` at its end where a checksum differs.

        What is yielded is believed only after the last one.
        """
        self._file.seek(0)
        found = io.StringIO()
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as tar:
                while (head := tar.next()) is not None:
                    _forget_members(tar)
                    content = tar.extractfile(head)
                    if content is None or not _is_inside(head.name):
                        raise NotAnArchive(f"it holds {head.name!r}, which no backup holds")
                    if head.name == CHECKSUMS:
                        _compare(told=content.read().decode(), found=found.getvalue())
                        return
                    reading = _Hashing(content, on_bytes=on_bytes)
                    yield head.name, head.size, reading
                    reading.read_rest()
                    found.write(f"{reading.digest.hexdigest()}  {head.name}\n")
        except (tarfile.TarError, OSError, UnicodeDecodeError) as error:
            raise NotAnArchive(str(error)) from error
        raise NotAnArchive("its end is missing")


class _Hashing(io.RawIOBase, BinaryIO):
    """Reads through, hashing and counting what it reads."""

    def __init__(self, source: IO[bytes], *, on_bytes: Callable[[int], None]) -> None:
        super().__init__()
        self._source = source
        self._on_bytes = on_bytes
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        try:
            piece = self._source.read(size)
        except tarfile.TarError as error:  # the reader's caller stands between us and the loop over the members
            raise NotAnArchive(str(error)) from error
        self.digest.update(piece)
        self._on_bytes(len(piece))
        return piece

    def read_rest(self) -> None:
        while self.read(_PIECE_BYTES):
            pass


def _forget_members(tar: tarfile.TarFile) -> None:
    """It would remember every recording there is, a kilobyte each."""
    vars(tar)["members"].clear()


def _head_of(name: str, size_bytes: int) -> tarfile.TarInfo:
    head = tarfile.TarInfo(name)
    head.size = size_bytes
    head.mode = 0o600
    return head


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _compare(*, told: str, found: str) -> None:
    if told == found:
        return
    for line in found.splitlines():
        if line not in told:
            raise NotAnArchive(f"{line.partition('  ')[2]} was changed since the backup was made")
    raise NotAnArchive("a file is missing that its list of checksums names")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
