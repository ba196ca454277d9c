"""Jobs of recordings: finishing one, removing a removed company's, and looking for what was left behind."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.recordings import retention, services
from zhiyin.apps.tenancy.models import Tenant

log = structlog.get_logger(__name__)

#: a full disk or a database that is away is waited out: 10 s, 20 s, 40 s ...
_RETRY = RetryStrategy(max_attempts=10, exponential_wait=2, wait=10)

_RETENTION_WITHIN_S = 5.0


@app.task(name="recordings.finish", queue="recordings", retry=_RETRY, pass_context=False)
def finish_recording(*, tenant_id: int, recording_id: str, interaction_id: str) -> None:
    """Make the encrypted file of one recording. Safe to repeat."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    is_made = services.finish_recording(
        tenant=tenant, recording_id=recording_id, interaction_id=interaction_id, now=timezone.now()
    )
    if not is_made:
        log.warning("recording_failed", recording=recording_id, interaction=interaction_id)
        return
    log.info("recording_finished", recording=recording_id, interaction=interaction_id)


def order(*, tenant_id: int, recording_id: str, interaction_id: str) -> None:
    """Have a recording's file made. It may be ordered again: one after the other, since two at once write one file."""
    finish_recording.configure(lock=f"recording:{recording_id}").defer(
        tenant_id=tenant_id, recording_id=recording_id, interaction_id=interaction_id
    )


@app.periodic(cron="*/10 * * * *")
@app.task(name="recordings.finish_left_behind", queue="recordings", queueing_lock="recordings.finish_left_behind")
def finish_left_behind(timestamp: int) -> None:
    """Order the files of recordings whose end nobody told: the engine or the machine died in mid-call."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for tenant in Tenant.objects.order_by("pk"):
        for recording_id, interaction_id in services.left_behind(tenant=tenant, now=now):
            order(tenant_id=tenant.pk, recording_id=recording_id, interaction_id=interaction_id)


@app.periodic(cron="7 * * * *")
@app.task(name="recordings.order_retention", queue="recordings", queueing_lock="recordings.order_retention")
def order_retention(timestamp: int) -> None:  # noqa: ARG001 - every periodic job is told its hour
    """Hourly: let every company's recordings be deleted whose time is over."""
    for tenant in Tenant.objects.order_by("pk"):
        _order_deletion(tenant.pk)


def _order_deletion(tenant_id: int) -> None:
    job = delete_expired.configure(queueing_lock=f"recordings.delete_expired:{tenant_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(tenant_id=tenant_id)


@app.task(name="recordings.delete_expired", queue="recordings")
def delete_expired(*, tenant_id: int) -> None:
    """Delete for a few seconds, then stand in line again: other jobs and the worker's end do not wait for it."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    if retention.delete_expired(tenant=tenant, now=timezone.now, within_s=_RETENTION_WITHIN_S):
        _order_deletion(tenant_id)


@app.periodic(cron="37 3 * * *")
@app.task(name="recordings.sweep_orphans", queue="recordings", queueing_lock="recordings.sweep_orphans")
def sweep_orphans(timestamp: int) -> None:
    """Daily: remove finished files that no recording names."""
    for tenant in Tenant.objects.order_by("pk"):
        retention.sweep_orphans(tenant=tenant, now=datetime.fromtimestamp(timestamp, UTC))


@app.task(name="recordings.remove_company_files", queue="recordings", retry=_RETRY)
def remove_company_files(*, tenant_id: int) -> None:
    """Remove the recordings and prompts of a company that is no more."""
    if Tenant.objects.filter(pk=tenant_id).exists():
        return
    for folder in (services.done_folder() / str(tenant_id), _prompts() / "company" / str(tenant_id)):
        if folder.exists():
            shutil.rmtree(folder)


def _prompts() -> Path:
    return Path(settings.DATA_DIR) / "prompts"
