"""Jobs of recordings: finishing one, removing a removed company's, and looking for what was left behind."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from zhiyin.apps.recordings import services
from zhiyin.apps.tenancy.models import Tenant

log = structlog.get_logger(__name__)

#: a full disk or a database that is away is waited out: 10 s, 20 s, 40 s ...
_RETRY = RetryStrategy(max_attempts=10, exponential_wait=2, wait=10)


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


@app.periodic(cron="*/10 * * * *")
@app.task(name="recordings.finish_left_behind", queue="recordings", queueing_lock="recordings.finish_left_behind")
def finish_left_behind(timestamp: int) -> None:
    """Order the files of recordings whose end nobody told: the engine or the machine died in mid-call."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for tenant in Tenant.objects.order_by("pk"):
        for recording_id, interaction_id in services.left_behind(tenant=tenant, now=now):
            finish_recording.defer(tenant_id=tenant.pk, recording_id=recording_id, interaction_id=interaction_id)


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
