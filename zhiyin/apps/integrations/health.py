"""How it stands with webhooks, inbound addresses, connectors and the screen pop, from their own logs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from zhiyin.apps.integrations.models import Connector, Delivery, InboundCall, InboundHook, ScreenAddress, Webhook
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.interface_health import Condition, Interface, condition_of


def interfaces_of(tenant: Tenant) -> list[Interface]:
    return [*_webhooks(tenant), *_inbound(tenant), *_connectors(tenant), *_screen_pop(tenant)]


def _newest(rows: QuerySet[Any], field: str) -> Subquery:
    return Subquery(rows.order_by("-pk").values(field)[:1])


def _webhooks(tenant: Tenant) -> list[Interface]:
    sent = Delivery.objects.of(tenant).filter(webhook=OuterRef("pk"))
    # those that wait for another try, or were given up, after a try
    failed = sent.exclude(tries=[]).filter(state__in=(Delivery.State.WAITING, Delivery.State.FAILED))
    rows = Webhook.objects.of(tenant).annotate(
        succeeded_at=_newest(sent.filter(state=Delivery.State.DELIVERED), "ended_at"),
        tries=_newest(failed, "tries"),
    )
    found = []
    for row in rows:
        last = (row.tries or [{}])[-1]
        failed_at = datetime.fromisoformat(last["at"]) if last.get("at") else row.failing_since
        condition = condition_of(
            is_on=row.is_enabled,
            stopped_why=row.disabled_why,
            succeeded_at=row.succeeded_at,
            failed_at=failed_at if row.failing_since else None,
        )
        reason = row.disabled_why or str(last.get("error") or "") or (f"http_{last['status']}" if last else "")
        found.append(Interface("webhook", row.pk, row.name, condition, row.succeeded_at, failed_at, reason))
    return found


def _inbound(tenant: Tenant) -> list[Interface]:
    calls = InboundCall.objects.of(tenant).filter(hook=OuterRef("pk"))
    refused = calls.exclude(problem="")
    rows = InboundHook.objects.of(tenant).annotate(
        succeeded_at=_newest(calls.filter(problem=""), "at"),
        failed_at=_newest(refused, "at"),
        reason=_newest(refused, "problem"),
    )
    return [
        Interface(
            "inbound",
            row.pk,
            row.name,
            condition_of(is_on=row.is_enabled, stopped_why="", succeeded_at=row.succeeded_at, failed_at=row.failed_at),
            row.succeeded_at,
            row.failed_at,
            row.reason or "",
        )
        for row in rows
    ]


def _connectors(tenant: Tenant) -> list[Interface]:
    rows = Connector.objects.of(tenant).annotate(failed_at=F("failing_since"))
    return [
        Interface(
            "connector",
            row.pk,
            row.name,
            condition_of(
                is_on=row.is_enabled,
                stopped_why=row.disabled_why,
                # what fails since then did not succeed after it
                succeeded_at=None if row.failing_since else row.succeeded_at,
                failed_at=row.failing_since,
            ),
            row.succeeded_at,
            row.failing_since,
            row.last_fault if row.failing_since or row.disabled_why else "",
        )
        for row in rows
    ]


def _screen_pop(tenant: Tenant) -> list[Interface]:
    row = ScreenAddress.objects.filter(tenant=tenant).exclude(template="").first()
    return [Interface("screen_pop", 0, "", Condition.UNPROVEN)] if row else []
