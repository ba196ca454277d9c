"""Jobs of the audit: looking through the chains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from zhiyin.apps.audit.chain import Finding, chain_key, verify
from zhiyin.apps.audit.heads import read_heads
from zhiyin.apps.audit.models import Verification
from zhiyin.apps.tenancy.models import Tenant

log = structlog.get_logger(__name__)

#: findings kept by name; all are counted
KEPT_FINDINGS = 50


@app.periodic(cron="23 2 * * *")
@app.task(name="audit.order_verification", queue="audit", queueing_lock="audit.order_verification")
def order_verification(timestamp: int) -> None:  # noqa: ARG001 - every periodic job is told its hour
    """Nightly: look through every company's chain."""
    for tenant in Tenant.objects.order_by("pk"):
        verify_chain.defer(tenant_id=tenant.pk)


@app.task(name="audit.verify_chain", queue="audit")
def verify_chain(*, tenant_id: int) -> None:
    """Look through one company's chain and write down what was found."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    begun_at, sealed, found = timezone.now(), 0, 0
    findings: list[dict[str, Any]] = []
    # read first: the chain may grow meanwhile, and never shrinks
    head = read_heads(Path(settings.DATA_DIR)).get(tenant.pk)
    key = chain_key(bytes.fromhex(settings.VAULT_KEY))
    for each in verify(tenant=tenant, key=key, now=begun_at, head=head):
        if not isinstance(each, Finding):
            sealed += 1
            continue
        found += 1
        if len(findings) < KEPT_FINDINGS:
            findings.append(each.as_json())
    Verification.objects.of(tenant).create(
        begun_at=begun_at, ended_at=timezone.now(), sealed=sealed, found=found, findings=findings
    )
    log.log(40 if found else 20, "audit_verified", company=tenant.code, sealed=sealed, found=found)
