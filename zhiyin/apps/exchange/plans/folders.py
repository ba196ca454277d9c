"""Folders in which files are exchanged: below the base that the operator allowed, each company in its own.

Every step on the way down is opened beside the last one and never through a symbolic link, so a path leads nowhere
else, whatever is changed there meanwhile. A file appears under its name only once it is whole.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from django.conf import settings

from zhiyin.apps.exchange.plans.faults import PlaceFault
from zhiyin.domain.file_exchange.names import MARKER

DONE, FAILED = "done", "failed"
_DOWN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER_MODE, _FILE_MODE = 0o770, 0o660
#: of the same name in "done" so many find room beside each other by number
_MOST_ALIKE = 10_000


@dataclass(frozen=True, slots=True)
class FoundFile:
    name: str
    size_bytes: int
    modified_at: datetime
    has_marker: bool


class Folder:
    """An opened folder; ``number`` is its descriptor."""

    def __init__(self, number: int) -> None:
        self._number = number

    def list_files(self) -> list[FoundFile]:
        """Return the ordinary files, oldest first; links and whatever else there is are passed over."""
        names = set(os.listdir(self._number))  # noqa: PTH208 - pathlib takes no descriptors
        found = []
        for name in names:
            if name.startswith(".") or name.endswith(MARKER):
                continue
            with suppress(FileNotFoundError):
                facts = os.stat(name, dir_fd=self._number, follow_symlinks=False)
                if stat.S_ISREG(facts.st_mode):
                    at = datetime.fromtimestamp(facts.st_mtime, UTC)
                    found.append(FoundFile(name, facts.st_size, at, name + MARKER in names))
        return sorted(found, key=lambda file: (file.modified_at, file.name))

    def read(self, name: str, *, most_bytes: int) -> bytes | None:
        """Return what an ordinary file holds; ``None``: it is not there (any more). Raises ``PlaceFault``."""
        try:
            number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=self._number)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _fault(error) from error
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                return None
            content = file.read(most_bytes + 1)
        if len(content) > most_bytes:
            raise PlaceFault("file_too_large", is_lasting=True, limit_mb=most_bytes // 1024 // 1024)
        return content

    def write(self, name: str, source: IO[bytes], *, has_marker: bool = False) -> None:
        """Put a file there, whole or not at all, in place of one of the same name. Raises ``PlaceFault``."""
        try:
            if has_marker:
                self._remove(name + MARKER)
            self._put(name, source)
            if has_marker:
                self._put(name + MARKER, None)
        except OSError as error:
            raise _fault(error) from error

    def move(self, name: str, into: str) -> str:
        """Move a file into a folder below, which is made if need be; return its name there. Raises ``PlaceFault``.

        A file that is not there was moved already. The marker goes with it: it was for this file.
        """
        try:
            with self.below(into, make=True) as target:
                free = target._free_name(name)
                with suppress(FileNotFoundError):
                    os.rename(name, free, src_dir_fd=self._number, dst_dir_fd=target._number)
                self._remove(name + MARKER)
                return free
        except OSError as error:
            raise _fault(error) from error

    @contextmanager
    def below(self, name: str, *, make: bool) -> Iterator[Folder]:
        """Open a folder below. Raises ``OSError``."""
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, _FOLDER_MODE, dir_fd=self._number)
        number = os.open(name, _DOWN, dir_fd=self._number)
        try:
            yield Folder(number)
        finally:
            os.close(number)

    def _put(self, name: str, source: IO[bytes] | None) -> None:
        waiting = f".{secrets.token_hex(8)}.part"
        number = os.open(waiting, _NEW, _FILE_MODE, dir_fd=self._number)
        try:
            with os.fdopen(number, "wb") as file:
                if source is not None:
                    shutil.copyfileobj(source, file, 1024 * 1024)
                file.flush()
                os.fsync(file.fileno())
            os.rename(waiting, name, src_dir_fd=self._number, dst_dir_fd=self._number)
        except BaseException:
            self._remove(waiting)
            raise
        os.fsync(self._number)

    def _remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._number)

    def _free_name(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        taken = set(os.listdir(self._number))  # noqa: PTH208 - pathlib takes no descriptors
        tried = (name, *(f"{stem}-{n}.{ending}" if dot else f"{name}-{n}" for n in range(2, _MOST_ALIKE)))
        return next(each for each in tried if each not in taken)


@contextmanager
def opened_folder(*, company: str, path: str) -> Iterator[Folder]:
    """Open a company's folder, or one below it. Raises ``PlaceFault``.

    The company's own folder is made if need be; those below it are made by whoever exchanges files there.
    """
    base = settings.EXCHANGE_FOLDER
    if not base:
        raise PlaceFault("no_base_folder", is_lasting=True)
    numbers: list[int] = []
    try:
        numbers.append(os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        with suppress(FileExistsError):
            os.mkdir(company, _FOLDER_MODE, dir_fd=numbers[0])
        for part in (company, *(path.split("/") if path else ())):
            numbers.append(os.open(part, _DOWN, dir_fd=numbers[-1]))
        yield Folder(numbers[-1])
    except OSError as error:
        raise _fault(error) from error
    finally:
        for number in numbers:
            os.close(number)


def _fault(error: OSError) -> PlaceFault:
    match error.errno:
        case errno.ENOENT:
            return PlaceFault("no_folder")
        case errno.ELOOP | errno.ENOTDIR:
            return PlaceFault("not_a_folder", is_lasting=True)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return PlaceFault("not_writable")
        case errno.ENOSPC | errno.EDQUOT:
            return PlaceFault("disk_full")
        case _:
            return PlaceFault("file_broken")
