"""Files in the database, in pieces that no statement chokes on."""

from __future__ import annotations

from collections.abc import Iterator

from zhiyin.apps.exchange.models import FilePart, StoredFile
from zhiyin.apps.tenancy.models import Tenant

_PART_BYTES = 1024 * 1024


def store_file(*, tenant: Tenant, name: str, content: bytes) -> StoredFile:
    """Store a file. Belongs into the transaction of whatever names it."""
    file = StoredFile.objects.of(tenant).create(name=name[:200], size_bytes=len(content))
    for position, start in enumerate(range(0, len(content), _PART_BYTES)):
        FilePart.objects.of(tenant).create(file=file, position=position, body=content[start : start + _PART_BYTES])
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
