"""What an archive holds of persons: rows and recordings, each sealed by the keys of the person it is about.

A sealed table is a header in JSON, a line of its own, and then records: the points that the row hangs on, its readable
columns and its sealed words, as COPY writes them. A sealed file is a line with its points and then encrypted pieces.
The keys themselves (``contracts.person_keys``) are in no archive.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec
import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from zhiyin.apps.privacy.sealing_plan import PLAN, REMADE_TABLES, Sealed
from zhiyin.config.backup.archive import NotAnArchive
from zhiyin.contracts.person_keys import PersonKeys

#: members of the archive below it are sealed tables, below the other sealed files
TABLES, FILES = "persons/tables", "persons/files"
#: tables whose rows are not in the dump
NOT_IN_DUMP = tuple(sorted({each.table for each in PLAN} | REMADE_TABLES))
SALT_BYTES = 16
_PIECE_BYTES = 1024 * 1024
_TAG_BYTES = 16
_RECORD = struct.Struct(">III")
_LARGEST_HEAD_BYTES = 64 * 1024

_Connection = psycopg.Connection[tuple[object, ...]]
_COLUMNS = """
    SELECT attname, attnotnull, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
#: what stands in a column that must not be NULL, by its type
_NOTHING = {"jsonb": "{}", "bytea": r"\\x"}


class _Head(msgspec.Struct, frozen=True):
    table: str
    readable: list[str]
    words: list[str]
    is_left_out: bool
    #: column -> what stands there when the words cannot be read
    empty: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens what one archive holds; ``salt`` is the archive's own."""

    keys: PersonKeys
    salt: bytes

    def cipher(self, *, member: str, points: Iterable[str]) -> AESGCM | None:
        """Return what seals one member's things that hang on these points; None when one of them is forgotten."""
        key = self.keys.key_of(points)
        return None if key is None else AESGCM(sha256(self.salt + key + member.encode()).digest())


# --- tables -----------------------------------------------------------------------------------------------------


def member_of(number: int) -> str:
    """Return the archive's name of a part of the plan."""
    return f"{TABLES}/{number:02}-{PLAN[number].table}"


def seal_table(connection: _Connection, number: int, *, sealer: Sealer, target: Path) -> None:
    """Write the rows of a part of the plan, as the connection sees them, to ``target``."""
    plan, member = PLAN[number], member_of(number)
    columns = _columns(connection, plan.table)
    readable = [name for name in columns if name not in plan.words]
    head = _Head(plan.table, readable, list(plan.words), plan.unreadable == "left_out", _emptied(plan, columns))
    words_begin = 1 + len(readable)
    with target.open("wb") as file, connection.cursor().copy(_query(plan, readable)) as rows:
        file.write(msgspec.json.encode(head) + b"\n")
        for ordinal, row in enumerate(rows):
            fields = bytes(row).rstrip(b"\n").split(b"\t")
            points = [sealer.keys.newest(point) for point in fields[0].decode().split()]
            cipher = sealer.cipher(member=member, points=points)
            assert cipher is not None, "the newest generation of a point always has a key"
            named, clear = " ".join(points).encode(), b"\t".join(fields[1:words_begin])
            sealed = cipher.encrypt(_nonce(ordinal), b"\t".join(fields[words_begin:]), named + b"\0" + clear)
            file.write(_RECORD.pack(len(named), len(clear), len(sealed)))
            file.write(named + clear + sealed)


def load_table(connection: _Connection, source: BinaryIO, *, member: str, sealer: Sealer) -> tuple[str, int, int]:
    """Put a sealed table's rows back. Returns the table, how many rows were left out, how many lost their words.

    Raises ``NotAnArchive`` where a row was changed.
    """
    head = msgspec.json.decode(source.readline(_LARGEST_HEAD_BYTES), type=_Head)
    left_out = emptied = 0
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(head.table), sql.SQL(", ").join(map(sql.Identifier, head.readable + head.words))
    )
    with connection.cursor().copy(statement) as rows:
        for ordinal, (named, clear, sealed) in enumerate(_records(source)):
            cipher = sealer.cipher(member=member, points=named.decode().split())
            if cipher is not None:
                try:
                    words = cipher.decrypt(_nonce(ordinal), sealed, named + b"\0" + clear)
                except InvalidTag as error:
                    raise NotAnArchive(f"a row of {head.table} was changed, or other keys sealed it") from error
                rows.write(clear + b"\t" + words + b"\n")
            elif head.is_left_out:
                left_out += 1
            else:
                rows.write(_without_words(head, clear))
                emptied += 1
    return head.table, left_out, emptied


def _without_words(head: _Head, clear: bytes) -> bytes:
    fields = dict(zip(head.readable, clear.split(b"\t"), strict=True))
    fields |= {name: value.encode() for name, value in head.empty.items()}
    return b"\t".join(fields[name] for name in head.readable + head.words) + b"\n"


def _columns(connection: _Connection, table: str) -> dict[str, tuple[bool, str]]:
    rows = connection.execute(_COLUMNS, (table,))
    return {str(name): (bool(is_needed), str(kind)) for name, is_needed, kind in rows}


def _emptied(plan: Sealed, columns: Mapping[str, tuple[bool, str]]) -> dict[str, str]:
    def nothing(is_needed: bool, kind: str) -> str:  # noqa: FBT001 - a column as the catalogue tells it
        if not is_needed:
            return r"\N"
        return "{}" if kind.endswith("[]") else _NOTHING.get(kind, "")

    return {name: nothing(*columns[name]) for name in plan.words} | dict(plan.empty)


def _query(plan: Sealed, readable: list[str]) -> sql.Composed:
    own = [
        sql.SQL("{} || {}").format(sql.Literal(front), sql.Identifier(plan.table, column))
        for front, column in plan.points
    ]
    more = [sql.SQL(each) for each in plan.more_points]
    return sql.SQL("COPY (SELECT concat_ws(' ', {}), {} FROM {} WHERE {}) TO STDOUT").format(
        sql.SQL(", ").join([*own, *more]),
        sql.SQL(", ").join(map(sql.Identifier, [*readable, *plan.words])),
        sql.Identifier(plan.table),
        sql.SQL(plan.where),
    )


def _records(source: BinaryIO) -> Iterator[tuple[bytes, bytes, bytes]]:
    while head := source.read(_RECORD.size):
        if len(head) < _RECORD.size:
            raise NotAnArchive("a sealed table was cut")
        named, clear, sealed = (source.read(size) for size in _RECORD.unpack(head))
        yield named, clear, sealed


def _nonce(ordinal: int) -> bytes:
    """Every member has a key of its own for each person, in which no row comes twice."""
    return ordinal.to_bytes(12)


# --- recordings -------------------------------------------------------------------------------------------------


def sealed_name(name: str) -> str:
    """Return what a file of persons is called in the archive."""
    return f"{FILES}/{name}"


class SealedFile(io.RawIOBase, BinaryIO):
    """A recording as it is written into an archive: reads its file and seals piece by piece."""

    def __init__(self, source: BinaryIO, *, name: str, size_bytes: int, sealer: Sealer) -> None:
        super().__init__()
        point = sealer.keys.newest(f"recording:{PurePosixPath(name).stem}")
        cipher = sealer.cipher(member=sealed_name(name), points=[point])
        assert cipher is not None
        self._cipher, self._source, self._left = cipher, source, size_bytes
        self._waiting = bytearray(f"{point}\n".encode())
        self._number = 0
        self.size_bytes = len(self._waiting) + size_bytes + -(-size_bytes // _PIECE_BYTES) * _TAG_BYTES

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while self._left and (size < 0 or len(self._waiting) < size):
            piece = self._source.read(min(_PIECE_BYTES, self._left))
            if not piece:
                raise OSError("the file became shorter while it was read")
            self._left -= len(piece)
            self._waiting += self._cipher.encrypt(_nonce(self._number), piece, None)
            self._number += 1
        taken = bytes(self._waiting if size < 0 else self._waiting[:size])
        del self._waiting[: len(taken)]
        return taken


def open_file(content: BinaryIO, *, member: str, sealer: Sealer, write: Callable[[bytes], object]) -> bool:
    """Write a sealed file's content; return whether it can be read at all. Raises ``NotAnArchive``."""
    points = _first_line(content).decode().split()
    cipher = sealer.cipher(member=member, points=points)
    if cipher is None:
        return False
    number = 0
    while sealed := _whole_piece(content):
        try:
            write(cipher.decrypt(_nonce(number), sealed, None))
        except InvalidTag as error:
            raise NotAnArchive(f"{member} was changed, or other keys sealed it") from error
        number += 1
    return True


def _first_line(content: BinaryIO) -> bytes:
    line = bytearray()
    while (byte := content.read(1)) not in (b"\n", b""):
        line += byte
        if len(line) > _LARGEST_HEAD_BYTES:
            raise NotAnArchive("a sealed file does not name its points")
    return bytes(line)


def _whole_piece(content: BinaryIO) -> bytes:
    piece = bytearray()
    while more := content.read(_PIECE_BYTES + _TAG_BYTES - len(piece)):
        piece += more
    return bytes(piece)
