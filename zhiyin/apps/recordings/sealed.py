"""Sealed files: encrypted in chunks, so that any part can be read without the rest, and no change goes unseen.

Layout: ``ZYR1``, 8 random bytes, the content's length (8 bytes, big-endian); then AES-256-GCM chunks of 64 KiB with
16 bytes of tag each. A chunk's nonce is the 8 bytes and its number; the recording's id, the length and the number are
authenticated with it, so chunks cannot be swapped, moved between files, or cut off unnoticed.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhiyin.apps.recordings.errors import FileDamaged

CHUNK_BYTES = 64 * 1024
_MAGIC = b"ZYR1"
_HEADER = struct.Struct(">4s8sQ")
_TAG_BYTES = 16


def seal(content: Iterable[bytes], size_bytes: int, target: Path, *, key: bytes, subject: str) -> None:
    """Write ``content`` (``size_bytes`` in all, in pieces of any size) encrypted to ``target``, whole or not at all."""
    salt = os.urandom(8)
    cipher = AESGCM(key)
    partial = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("wb") as file:
        file.write(_HEADER.pack(_MAGIC, salt, size_bytes))
        written = 0
        for number, chunk in enumerate(_chunks(content)):
            file.write(cipher.encrypt(_nonce(salt, number), chunk, _bound(subject, size_bytes, number)))
            written += len(chunk)
        if written != size_bytes:
            raise ValueError(f"{written} bytes came, {size_bytes} were announced")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)


def open_part(file: BinaryIO, *, key: bytes, subject: str, start: int, end: int) -> Iterator[bytes]:
    """Yield the content from byte ``start`` up to and without ``end``. Raises ``FileDamaged``."""
    header = file.read(_HEADER.size)
    if len(header) != _HEADER.size:
        raise FileDamaged(subject)
    magic, salt, size_bytes = _HEADER.unpack(header)
    if magic != _MAGIC:
        raise FileDamaged(subject)
    cipher = AESGCM(key)
    for number in range(start // CHUNK_BYTES, -(-min(end, size_bytes) // CHUNK_BYTES)):
        file.seek(_HEADER.size + number * (CHUNK_BYTES + _TAG_BYTES))
        sealed = file.read(CHUNK_BYTES + _TAG_BYTES)
        try:
            chunk = cipher.decrypt(_nonce(salt, number), sealed, _bound(subject, size_bytes, number))
        except InvalidTag as error:
            raise FileDamaged(subject) from error
        begin = number * CHUNK_BYTES
        yield chunk[max(0, start - begin) : end - begin]


def _chunks(content: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in content:
        waiting += piece
        while len(waiting) >= CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    if waiting:
        yield bytes(waiting)


def _nonce(salt: bytes, number: int) -> bytes:
    return salt + struct.pack(">I", number)


def _bound(subject: str, size_bytes: int, number: int) -> bytes:
    return f"{subject}:{size_bytes}:{number}".encode()
