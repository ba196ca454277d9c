"""The outbox: facts that others may hear of, written in the transaction of the fact itself.

Two sources: the event log (a projection of the worker's) and what people do (the audit calls ``note_audited``). A
company that nobody listens to pays one small question and nothing else.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhiyin.apps.integrations.connectors.pushing import note_contacts
from zhiyin.apps.integrations.event_types import AUDITED, CATALOGUE, Fact, fact_of
from zhiyin.apps.integrations.models import ApiKey, Delivery, Event, Webhook
from zhiyin.apps.integrations.tasks import order_delivery
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

#: the right by which an API key reads the stream
READ_EVENTS = "events.read"


def publish(*, tenant: Tenant, facts: Sequence[tuple[Fact, datetime, uuid.UUID]]) -> int:
    """Write facts for those who listen; return how many were written.

    The same fact twice (by its id) is told once. Belongs into the transaction of the facts.
    """
    note_contacts(tenant=tenant, facts=[(fact, at) for fact, at, _ in facts])
    webhooks = list(Webhook.objects.of(tenant).filter(is_enabled=True))
    if not facts or not (webhooks or _is_streamed(tenant)):
        return 0
    Event.objects.of(tenant).bulk_create(
        [
            Event(
                tenant=tenant,
                event_id=event_id,
                type=fact.type,
                version=CATALOGUE[fact.type].version,
                subject_kind=fact.subject_kind,
                subject_id=fact.subject_id,
                facts=dict(fact.facts),
                at=at,
            )
            for fact, at, event_id in facts
        ]
    )
    now = timezone.now()
    deliveries = [
        Delivery(
            tenant=tenant,
            webhook=webhook,
            event_id=event_id,
            type=fact.type,
            version=CATALOGUE[fact.type].version,
            subject_kind=fact.subject_kind,
            subject_id=fact.subject_id,
            facts=dict(fact.facts),
            at=at,
            due_at=now,
        )
        for fact, at, event_id in facts
        for webhook in webhooks
        if fact.type in webhook.events
    ]
    Delivery.objects.of(tenant).bulk_create(deliveries, ignore_conflicts=True)
    for webhook_id in {delivery.webhook_id for delivery in deliveries}:
        order_delivery(tenant_id=tenant.pk, webhook_id=webhook_id)
    return len(facts)


def _is_streamed(tenant: Tenant) -> bool:
    return ApiKey.objects.of(tenant).filter(revoked_at__isnull=True, rights__contains=READ_EVENTS).exists()


def note_audited(*, actor: Actor, action: str, kind: str, subject: str, after: Mapping[str, Any] | None) -> None:
    """Publish what somebody did, where others may hear of it. Called by the audit, in the act's transaction.

    Of what changed only the fields' names are told here; their values are read when the event is sent.
    """
    name = AUDITED.get(action)
    if name is None:
        return
    facts: dict[str, Any] = {"by": actor.user_id, "by_key": actor.key_id}
    if action.endswith(".changed"):
        facts["fields"] = sorted(set(after or {}) - {"version"})
    if action == "customer.merged" and after and isinstance(merged := after.get("merged"), int):
        facts["merged"] = merged
    publish(tenant=actor.tenant, facts=[(Fact(name, kind, subject, facts), timezone.now(), uuid.uuid4())])


class PublicEvents:
    """Publishes the log's facts, each once: the rows and the cursor move in one transaction."""

    name = "public_events"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        found: dict[int, list[tuple[Fact, datetime, uuid.UUID]]] = defaultdict(list)
        for logged in events:
            fact = fact_of(logged)
            if fact is not None:
                found[logged.tenant_id].append((fact, logged.at, uuid.uuid4()))
        for tenant in Tenant.objects.filter(pk__in=found):
            publish(tenant=tenant, facts=found[tenant.pk])
