"""Files in the database, in pieces that no statement chokes on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import IO

from zhiyin.apps.exchange.models import FilePart, StoredFile
from zhiyin.apps.tenancy.models import Tenant

_PART_BYTES = 1024 * 1024


def store_file(*, tenant: Tenant, name: str, content: bytes) -> StoredFile:
    """Store a file. Belongs into the transaction of whatever names it."""
    return store_stream(tenant=tenant, name=name, source=io.BytesIO(content))


def store_stream(*, tenant: Tenant, name: str, source: IO[bytes]) -> StoredFile:
    """Store what can be read from ``source``, a piece at a time."""
    file = StoredFile.objects.of(tenant).create(name=name[:200], size_bytes=0)
    for position, body in enumerate(iter(partial(source.read, _PART_BYTES), b"")):
        FilePart.objects.of(tenant).create(file=file, position=position, body=body)
        file.size_bytes += len(body)
    file.save()
    return file


def read_parts(*, tenant: Tenant, file_id: int) -> Iterator[bytes]:
    """Yield the pieces in order, one statement each."""
    position = 0
    while True:
        part = FilePart.objects.of(tenant).filter(file_id=file_id, position=position).first()
        if part is None:
            return
        yield bytes(part.body)
        position += 1


def read_file(*, tenant: Tenant, file_id: int) -> bytes:
    return b"".join(read_parts(tenant=tenant, file_id=file_id))


def remove_file(*, tenant: Tenant, file_id: int) -> None:
    StoredFile.objects.of(tenant).filter(pk=file_id).delete()
