"""The ledger of erasures, a file beside the database and outside of every backup.

An older backup brings back what was erased since. Before a restored product starts, what the ledger names and the
database does not know as done is erased again. A line holds a company's code and ids, and names nobody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside

NAME = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    company: str
    customer: int
    number: str


def _file() -> Path:
    return Path(settings.DATA_DIR) / NAME


def note(*, tenant: Tenant, erasure: Erasure) -> None:
    """Add an erasure; on the disk when this returns."""
    line = {"company": tenant.code, "customer": erasure.customer_id, "number": str(erasure.number)}
    with _file().open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines() -> Iterator[Line]:
    """Yield what is in the ledger; a last line that was cut off by a crash is passed over."""
    path = _file()
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            told = json.loads(text)
            yield Line(str(told["company"]), int(told["customer"]), str(told["number"]))
        except (ValueError, KeyError, TypeError):
            continue


def order_missing() -> list[tuple[Tenant, Erasure]]:
    """Make anew the erasures that the ledger knows and this database does not: it is an older one."""
    made = []
    for line in dict.fromkeys(lines()):
        tenant = Tenant.objects.filter(code=line.company).first()
        if tenant is None:
            continue
        with inside(tenant):
            rows = Erasure.objects.of(tenant).filter(number=line.number)
            if rows.filter(state=Erasure.State.DONE).exists():
                continue
            now = timezone.now()
            found, _ = rows.get_or_create(
                number=line.number,
                defaults={
                    "tenant": tenant,
                    "customer_id": line.customer,
                    "state": Erasure.State.RUNNING,
                    "reason": "restored from an older backup",
                    "by_name": "system",
                    "ordered_at": now,
                    "moved_at": now,
                },
            )
            if found.state == Erasure.State.WAITING:  # the backup is older than the second person's yes
                found.state, found.moved_at = Erasure.State.RUNNING, now
                found.save(update_fields=["state", "moved_at"])
            made.append((tenant, found))
    return made
