"""The chain that makes a changed, removed or reordered entry of the audit visible.

The worker links each entry to the one sealed before it: ``link = HMAC(key, company, number, entry, content, link
before)``. The key is derived from the installation's vault key, which is not in the database: whoever can write to
the tables alone can break the chain, not mend it. The newest link of each company is also kept in a file of the data
folder (``heads``), by which a chain that lost its end is found.

Entries are sealed in the order in which they are seen, which for two transactions at the same time need not be that of
their ids. What was written within the last moments and not sealed yet is guarded by the database's rights alone:
``web`` may add entries and change none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection, transaction

from zhiyin.apps.audit.heads import Head
from zhiyin.apps.audit.models import Entry, Seal
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.database_locks import AUDIT_CHAIN

#: entries linked in one transaction
BATCH = 500
#: no transaction is open for longer: an entry may appear below one that was sealed so long ago, not below older ones
LONGEST_TRANSACTION = timedelta(hours=1)
#: the act by which a person's erasure names the entries whose content it took
EMPTIED = "erasure.audit_emptied"
_START = bytes(32)
_READ = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one place of the chain.

    ``code``: "entry_changed", "entry_missing", "entry_unsealed", "link_broken", "number_missing", "end_missing".
    ``number`` is the place in the chain, 0 where the entry has none.
    """

    code: str
    number: int
    entry: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def chain_key(vault_key: bytes) -> bytes:
    """Return the key of all chains of an installation, of which one key does one thing."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"zhiyin audit chain")
    return derive.derive(vault_key)


def content_hash(key: bytes, entry: Entry) -> bytes:
    """Return the hash of all that an entry says."""
    said = (
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.user_id,
        entry.user_name,
        entry.address,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.subject_name,
        entry.before,
        entry.after,
    )
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, b"content\0" + text.encode(), hashlib.sha256)


def link_of(key: bytes, *, tenant: int, number: int, entry: int, content: bytes, before: bytes) -> bytes:
    """Return the link at ``number``, made of the one ``before`` it."""
    return hmac.digest(key, f"link\0{tenant}:{number}:{entry}\0".encode() + content + before, hashlib.sha256)


def seal_entries(*, tenant: Tenant, key: bytes, now: datetime) -> Head | None:
    """Link the entries that are not sealed yet; return the newest link where any was added."""
    head: Head | None = None
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", list(AUDIT_CHAIN))
            fresh = list(_unsealed(tenant, now))
            if fresh:
                head = _append(tenant, key, fresh, now)
        if len(fresh) < BATCH:
            return head


def _unsealed(tenant: Tenant, now: datetime) -> Iterable[Entry]:
    old = Seal.objects.of(tenant).filter(sealed_at__lt=now - LONGEST_TRANSACTION).order_by("-sealed_at", "-number")
    below = old.values_list("entry_id", flat=True).first() or 0
    entries = Entry.objects.of(tenant).filter(pk__gt=below)
    return entries.exclude(pk__in=Seal.objects.of(tenant).filter(entry_id__gt=below).values("entry_id")).order_by("pk")[
        :BATCH
    ]


def _append(tenant: Tenant, key: bytes, entries: Iterable[Entry], now: datetime) -> Head:
    last = Seal.objects.of(tenant).order_by("-number").first()
    number, link = (last.number, bytes(last.link)) if last else (0, _START)
    seals = []
    for entry in entries:
        number += 1
        content = content_hash(key, entry)
        link = link_of(key, tenant=tenant.pk, number=number, entry=entry.pk, content=content, before=link)
        seals.append(
            Seal(tenant=tenant, number=number, entry_id=entry.pk, content_hash=content, link=link, sealed_at=now)
        )
    Seal.objects.of(tenant).bulk_create(seals)
    return Head(number, link.hex())


def _emptied(tenant: Tenant, key: bytes) -> set[int]:
    """Return the entries whose content erasures took, as told by entries that are as they were written."""
    told = list(Entry.objects.of(tenant).filter(action=EMPTIED))
    seals = dict(
        Seal.objects.of(tenant).filter(entry_id__in=[each.pk for each in told]).values_list("entry_id", "content_hash")
    )
    return {
        int(number)
        for each in told
        if each.pk not in seals or hmac.compare_digest(content_hash(key, each), bytes(seals[each.pk]))
        for number in (each.after or {}).get("entries", [])
    }


def verify(*, tenant: Tenant, key: bytes, now: datetime, head: Head | None) -> Iterator[Finding | int]:
    """Walk the whole chain; yield what is wrong, and after each link its number.

    ``head`` is the newest link as the data folder remembers it.
    """
    expected, before, reached = 0, _START, None
    emptied = _emptied(tenant, key)
    for seal, entry in _pairs(tenant):
        expected += 1
        if seal.number != expected:
            yield Finding("number_missing", expected, 0)
            expected = seal.number
        stored = bytes(seal.content_hash)
        if entry is None:
            yield Finding("entry_missing", seal.number, seal.entry_id)
        elif not hmac.compare_digest(content_hash(key, entry), stored) and entry.pk not in emptied:
            yield Finding("entry_changed", seal.number, seal.entry_id)
        made = link_of(key, tenant=tenant.pk, number=seal.number, entry=seal.entry_id, content=stored, before=before)
        before = bytes(seal.link)
        if not hmac.compare_digest(made, before):
            yield Finding("link_broken", seal.number, seal.entry_id)
        if head is not None and seal.number == head.number:
            reached = before.hex() == head.link
        yield seal.number
    if head is not None and not reached:
        yield Finding("end_missing" if reached is None else "link_broken", head.number, 0)
    yield from _never_sealed(tenant, key, now)


def _never_sealed(tenant: Tenant, key: bytes, now: datetime) -> Iterator[Finding]:
    """Find entries that sealing passes over: somebody wrote them below what was sealed long ago."""
    sealed = Seal.objects.of(tenant).values("entry_id")
    unsealed = Entry.objects.of(tenant).exclude(pk__in=sealed).order_by("pk").values_list("pk", flat=True)
    if seen := list(unsealed[:_READ]):
        seal_entries(tenant=tenant, key=key, now=now)
        yield from (Finding("entry_unsealed", 0, entry_id) for entry_id in unsealed.filter(pk__in=seen))


def _pairs(tenant: Tenant) -> Iterator[tuple[Seal, Entry | None]]:
    """Return the seals in order, each with its entry, a few thousand at a time."""
    above = 0
    while seals := list(Seal.objects.of(tenant).filter(number__gt=above).order_by("number")[:_READ]):
        entries = Entry.objects.of(tenant).in_bulk([seal.entry_id for seal in seals])
        yield from ((seal, entries.get(seal.entry_id)) for seal in seals)
        above = seals[-1].number
