"""The keys of persons (个人密钥): by what backups seal what they hold of a person, kept in one file outside of them.

What is sealed names the points it hangs on: ``customer:7``, ``i:CONTACT``, ``followups_note:12``, ``recording:R``.
Whoever forgets a point cuts its key out of the file; what hung on it is unreadable in every archive, at once and for
ever. Where the same row lives on without the person, its point has a next generation, which has a key again.

The file holds no person and grows with erasures alone: a copy made before a customer was known opens that customer's
rows too, so any copy serves for a restore, and an old copy should not outlive an erasure.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Self

import msgspec

from zhiyin.domain.security.puncturable_keys import KEY_BYTES, ROOT, PuncturableKeys

#: in the data folder
NAME = "person-keys"
_FORMAT = 1
_ID_BITS = 40
_KIND_BYTES = 3


class WrongPersonKeys(Exception):
    """The file is none of person keys; the text says why, in English."""


class _Stored(msgspec.Struct, frozen=True):
    format: int
    id: str
    #: level, leading digits in hex, key in hex
    nodes: list[tuple[int, str, str]]
    generations: dict[str, int]


class PersonKeys:
    """The keys of one installation. ``id`` tells whether an archive was sealed with them."""

    def __init__(self, *, id: str, keys: PuncturableKeys, generations: dict[str, int]) -> None:  # noqa: A002 - the word
        self.id = id
        self._keys = keys
        self._generations = generations

    @classmethod
    def fresh(cls) -> Self:
        """Make new ones."""
        return cls(id=os.urandom(8).hex(), keys=PuncturableKeys({ROOT: os.urandom(KEY_BYTES)}), generations={})

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what ``to_bytes`` gave. Raises ``WrongPersonKeys``."""
        try:
            stored = msgspec.json.decode(content, type=_Stored)
            nodes = {(level, int(prefix, 16)): bytes.fromhex(key) for level, prefix, key in stored.nodes}
        except (msgspec.MsgspecError, ValueError) as error:
            raise WrongPersonKeys(str(error)) from error
        if stored.format != _FORMAT:
            raise WrongPersonKeys(f"its format is {stored.format}, this version reads {_FORMAT}")
        return cls(id=stored.id, keys=PuncturableKeys(nodes), generations=stored.generations)

    def to_bytes(self) -> bytes:
        nodes = [(level, f"{prefix:x}", key.hex()) for (level, prefix), key in self._keys.nodes.items()]
        return msgspec.json.encode(_Stored(_FORMAT, self.id, nodes, self._generations))

    def newest(self, point: str) -> str:
        """Return the point with its present generation, as what is sealed now names it."""
        generation = self._generations.get(point)
        return point if generation is None else f"{point}#{generation}"

    def key_of(self, points: Iterable[str]) -> bytes | None:
        """Return the key of what hangs on all these points, None when one of them was forgotten."""
        mixed = sha256()
        for point in points:
            key = self._keys.key_of(_place(point))
            if key is None:
                return None
            mixed.update(key)
        return mixed.digest()

    def forget(self, points: Iterable[str]) -> None:
        """Let nothing that was sealed until now and hangs on one of these points be opened again."""
        for point in points:
            self._keys.cut_out(_place(self.newest(point)))
            self._generations[point] = self._generations.get(point, 0) + 1


def _place(point: str) -> int:
    """Rows of one table lie side by side, so that a walk over it makes most of the way once."""
    name, _, generation = point.partition("#")
    kind, _, identity = name.partition(":")
    front = int.from_bytes(sha256(f"{kind}#{generation}".encode()).digest()[:_KIND_BYTES])
    if identity.isascii() and identity.isdigit() and int(identity) < 1 << _ID_BITS:
        return front << _ID_BITS | int(identity)
    return front << _ID_BITS | int.from_bytes(sha256(identity.encode()).digest()[: _ID_BITS // 8])


# --- the file ---------------------------------------------------------------------------------------------------


def read(data: Path) -> PersonKeys | None:
    """Return an installation's keys, None where it has none yet. Raises ``WrongPersonKeys``."""
    try:
        return PersonKeys.from_bytes((data / NAME).read_bytes())
    except FileNotFoundError:
        return None


def make(data: Path) -> None:
    """Give an installation its keys, unless it has some."""
    with _alone(data):
        if not (data / NAME).exists():
            write_whole(data / NAME, PersonKeys.fresh().to_bytes())


def forget(data: Path, points: Iterable[str]) -> None:
    """Cut these points out of an installation's keys; on the disk when this returns."""
    with _alone(data):
        keys = read(data) or PersonKeys.fresh()
        keys.forget(points)
        write_whole(data / NAME, keys.to_bytes())


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by another one, for the owner's eyes; on the disk when this returns."""
    partial = path.with_name(f".{path.name}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    with (data / f".{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
