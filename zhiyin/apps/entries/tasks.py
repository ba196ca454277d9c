"""Jobs of entry rules."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from zhiyin.apps.entries import results
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.roles import working_as_web
from zhiyin.apps.tenancy.scope import inside


@app.periodic(cron="* * * * *")
@app.task(name="entries.judge_shares", queue="upkeep", queueing_lock="entries.judge_shares")
def judge_shares(timestamp: int) -> None:
    """Every minute: switch off a rule whose share broke a bound."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for tenant in Tenant.objects.order_by("pk"):
        for rule_id in results.watched_rules(tenant=tenant):
            with working_as_web(), inside(tenant):
                results.judge_rule(tenant=tenant, rule_id=rule_id, now=now)
