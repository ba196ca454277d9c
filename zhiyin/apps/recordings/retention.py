"""Retention (保存期限): deleting recordings whose time is over, in small batches, exactly recorded.

A batch is one transaction: the event in the log, the recording's state, its file's row with the waveform, what is to
be removed from the disk, and the run's count. Files go after the commit; what a crash left is removed by the next run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from zhiyin.apps.audit import services as audit
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions import services as interaction_services
from zhiyin.apps.interactions.queries import RecordingRows
from zhiyin.apps.recordings.errors import FilesAreRead
from zhiyin.apps.recordings.holds import is_held, lock_retention
from zhiyin.apps.recordings.models import File, Removal, RetentionPolicy, RetentionRun
from zhiyin.apps.tenancy.actors import Actor, system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.database_locks import RECORDING_FILES

log = structlog.get_logger(__name__)

BATCH = 100
#: a file without a row may be one that is just being made
_ORPHAN_AFTER = timedelta(days=1)
_NAMES_AT_ONCE = 500
_GROWTH_OVER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """What a period would delete now, and what stays only because it is held."""

    recordings: int
    size_bytes: int
    held: int


def keep_days_of(*, tenant: Tenant) -> int | None:
    """Return for how many days the company keeps its recordings; ``None``: for ever."""
    policy = RetentionPolicy.objects.of(tenant).first()
    return policy.keep_days if policy else None


@transaction.atomic
def save_policy(*, actor: Actor, keep_days: int | None) -> None:
    """Change the period; what is over by the new one goes with the next run."""
    lock_retention(actor.tenant)
    policy, _ = RetentionPolicy.objects.of(actor.tenant).get_or_create(tenant=actor.tenant)
    before = {"keep_days": policy.keep_days}
    policy.keep_days = keep_days
    policy.save()
    after = {"keep_days": keep_days}
    audit.record(actor=actor, action="retention.changed", kind="retention", before=before, after=after)


def preview(*, tenant: Tenant, keep_days: int, now: datetime) -> Due:
    """Return what would be deleted if recordings were kept for ``keep_days``."""
    rows = _over(tenant, keep_days=keep_days, now=now)
    free = rows.filter(~is_held(tenant))
    files = File.objects.of(tenant).filter(recording_id__in=free.order_by().values("pk"))
    size_bytes = files.aggregate(total=Coalesce(Sum("size_bytes"), 0))["total"]
    recordings = free.count()
    return Due(recordings=recordings, size_bytes=int(size_bytes), held=rows.count() - recordings)


def _over(tenant: Tenant, *, keep_days: int, now: datetime) -> RecordingRows:
    return interactions.finished_recordings(tenant=tenant, started_before=now - timedelta(days=keep_days))


@dataclass(frozen=True, slots=True)
class Stock:
    """What a company has stored, how fast it grows, and what its last run did."""

    recordings: int
    size_bytes: int
    bytes_a_day: float
    held: int
    last_run: RetentionRun | None


def take_stock(*, tenant: Tenant, now: datetime) -> Stock:
    files = File.objects.of(tenant)
    total = files.aggregate(size_bytes=Coalesce(Sum("size_bytes"), 0), recordings=Count("pk"))
    lately = files.filter(made_at__gt=now - _GROWTH_OVER).aggregate(size_bytes=Coalesce(Sum("size_bytes"), 0))
    held = interactions.list_recordings(tenant=tenant).filter(is_held(tenant), pk__in=files.values("recording_id"))
    return Stock(
        recordings=total["recordings"],
        size_bytes=int(total["size_bytes"]),
        bytes_a_day=float(lately["size_bytes"]) / _GROWTH_OVER.days,
        held=held.count(),
        last_run=RetentionRun.objects.of(tenant).order_by("-began_at").first(),
    )


# --- a run ------------------------------------------------------------------------------------------------------


def delete_expired(*, tenant: Tenant, now: Callable[[], datetime], within_s: float) -> bool:
    """Delete what is over for ``within_s`` seconds; return whether more is left. Safe to repeat and to cut short."""
    remove_ordered(tenant)
    deadline = time.monotonic() + within_s
    try:
        while _delete_batch(tenant, now()):
            remove_ordered(tenant)
            if time.monotonic() >= deadline:
                return True
    except FilesAreRead:
        log.info("retention_waits_for_backup", tenant=tenant.pk)
        return False
    _end_run(tenant, now())
    return False


@transaction.atomic
def _delete_batch(tenant: Tenant, now: datetime) -> int:
    """Delete the oldest few; return how many. Raises ``FilesAreRead``."""
    if not may_remove_files():
        raise FilesAreRead
    lock_retention(tenant)
    keep_days = keep_days_of(tenant=tenant)
    if keep_days is None:
        return 0
    due = _over(tenant, keep_days=keep_days, now=now).filter(~is_held(tenant))
    rows = list(due.order_by("started_at", "pk").select_for_update(skip_locked=True, of=("self",))[:BATCH])
    if not rows:
        return 0
    size_bytes = delete_recordings(tenant=tenant, rows=rows, keep_days=keep_days, now=now)
    run, _ = RetentionRun.objects.of(tenant).get_or_create(
        ended_at=None, defaults={"keep_days": keep_days, "began_at": now}
    )
    RetentionRun.objects.of(tenant).filter(pk=run.pk).update(
        keep_days=keep_days,
        recordings=F("recordings") + len(rows),
        size_bytes=F("size_bytes") + size_bytes,
    )
    return len(rows)


def delete_recordings(*, tenant: Tenant, rows: Sequence[Any], keep_days: int, now: datetime) -> int:
    """Delete recordings and order that their files are removed, in a transaction. Returns how many bytes those have."""
    files = File.objects.of(tenant).filter(recording_id__in=[row.pk for row in rows])
    sizes = dict(files.values_list("name", "size_bytes"))
    _order_removal(tenant, [f"done/{name}" for name in sizes] + [f"raw/{row.pk}.raw" for row in rows], now=now)
    for row in rows:
        interaction_services.delete_recording(tenant=tenant, recording=row, keep_days=keep_days, now=now)
    files.delete()
    return sum(sizes.values())


def may_remove_files() -> bool:
    """A backup holds the other side of this lock: what its snapshot names must be there until it has read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", RECORDING_FILES)
        return bool(cursor.fetchone()[0])


@transaction.atomic
def _end_run(tenant: Tenant, now: datetime) -> None:
    """Write the run, if there was one, into the audit."""
    run = RetentionRun.objects.of(tenant).select_for_update().filter(ended_at=None).first()
    if run is None:
        return
    run.ended_at = now
    run.save(update_fields=["ended_at"])
    audit.record(
        actor=system(tenant),
        action="recordings.expired",
        kind="retention",
        subject=run.pk,
        after={"recordings": run.recordings, "size_bytes": run.size_bytes, "keep_days": run.keep_days},
        at=now,
    )
    log.info("retention_ran", tenant=tenant.pk, recordings=run.recordings, size_bytes=run.size_bytes)


# --- files ------------------------------------------------------------------------------------------------------


def _recordings_folder() -> Path:
    return Path(settings.DATA_DIR) / "recordings"


def _order_removal(tenant: Tenant, names: Iterable[str], *, now: datetime) -> None:
    Removal.objects.of(tenant).bulk_create(
        [Removal(tenant=tenant, name=name, ordered_at=now) for name in names], ignore_conflicts=True
    )


def remove_ordered(tenant: Tenant) -> None:
    """Remove the files of deleted recordings; one that cannot be removed now stays ordered."""
    for removal in Removal.objects.of(tenant).order_by("pk"):
        try:
            (_recordings_folder() / removal.name).unlink(missing_ok=True)
        except OSError as error:
            log.error("recording_not_removed", name=removal.name, error=error.strerror)
            continue
        Removal.objects.of(tenant).filter(pk=removal.pk).delete()


def sweep_orphans(*, tenant: Tenant, now: datetime) -> int:
    """Remove sealed files that no row names: made by a job that did not reach its commit. Return how many."""
    before = (now - _ORPHAN_AFTER).timestamp()
    swept = 0
    every = _sealed_files(tenant)
    while paths := list(islice(every, _NAMES_AT_ONCE)):
        names = {path.relative_to(_recordings_folder() / "done").as_posix(): path for path in paths}
        known = set(File.objects.of(tenant).filter(name__in=names).values_list("name", flat=True))
        for name in names.keys() - known:
            path = names[name]
            if path.stat().st_mtime < before:
                path.unlink()
                swept += 1
    if swept:
        log.warning("recording_orphans_removed", tenant=tenant.pk, files=swept)
    return swept


def _sealed_files(tenant: Tenant) -> Iterator[Path]:
    """Finished files of a company, and halves of such."""
    for path in (_recordings_folder() / "done" / str(tenant.pk)).rglob("*"):
        if path.is_file():
            yield path
