"""Sending what waits in the outbox of one webhook, in order, and the log of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.integrations.errors import UnknownDelivery
from zhiyin.apps.integrations.models import ConnectorTask, Delivery, Event, InboundCall, Webhook
from zhiyin.apps.integrations.payloads import build_payloads
from zhiyin.apps.integrations.tasks import order_delivery
from zhiyin.apps.integrations.webhooks import actor_of, encode, headers_of
from zhiyin.apps.notifications import services as notifications
from zhiyin.apps.outgoing import MAX_ANSWER_BYTES, Answer, BadTarget, NoAnswer, Resolve, post
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.security.webhooks import is_dead, wait_before_next

#: one job sends for so long at most, then others have their turn
WITHIN_S = 10.0
#: so many failures in a row: the address is away; what waits behind it is not tried now
_PATIENCE = 2
KEPT = timedelta(days=14)
STREAMED = timedelta(days=7)
_GONE = 410

Clock = Callable[[], datetime]


def list_deliveries(
    *, tenant: Tenant, webhook_id: int | None = None, search: str = "", state: str = "", type_: str = ""
) -> QuerySet[Delivery]:
    """Return the log, of one webhook or of all. ``search`` finds by the event's or the thing's id."""
    rows: QuerySet[Delivery] = Delivery.objects.of(tenant).select_related("webhook")
    if webhook_id is not None:
        rows = rows.filter(webhook_id=webhook_id)
    if search:
        rows = rows.filter(Q(event_id=found) if (found := _uuid(search)) else Q(subject_id=search))
    if state:
        rows = rows.filter(state=state)
    return rows.filter(type=type_) if type_ else rows


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def get_delivery(*, tenant: Tenant, delivery_id: int) -> Delivery:
    """Raises ``UnknownDelivery``."""
    found = Delivery.objects.of(tenant).select_related("webhook").filter(pk=delivery_id).first()
    if found is None:
        raise UnknownDelivery
    return found


@transaction.atomic
def resend(*, actor: Actor, delivery_id: int, now: datetime) -> Delivery:
    """Send the same message once more, with the same id: a receiver that had it knows it again."""
    row = get_delivery(tenant=actor.tenant, delivery_id=delivery_id)
    row.state, row.due_at, row.ended_at = Delivery.State.WAITING, now, None
    row.save(update_fields=["state", "due_at", "ended_at"])
    audit.record(
        actor=actor, action="webhook.resent", kind="webhook", subject=row.webhook_id, name=row.webhook.name,
        after={"event": row.type, "event_id": str(row.event_id)},
    )  # fmt: skip
    order_delivery(tenant_id=actor.tenant.pk, webhook_id=row.webhook_id)
    return row


def deliver_due(*, tenant: Tenant, webhook_id: int, clock: Clock, resolve: Resolve | None = None) -> bool:
    """Send what is due, oldest first, for a few seconds; return whether more waits.

    Each try is written before the next one begins: whoever goes on after a crash sends at most one message twice,
    which its id tells.
    """
    until = time.monotonic() + WITHIN_S
    failed = 0
    while time.monotonic() < until:
        webhook = Webhook.objects.of(tenant).filter(pk=webhook_id, is_enabled=True).first()
        if webhook is None:
            return False
        rows = Delivery.objects.of(tenant).filter(webhook_id=webhook_id, due_at__lte=clock())
        row = rows.order_by("due_at", "pk").first()
        if row is None:
            return False
        if _try(tenant, webhook, row, clock, resolve):
            failed = 0
            continue
        failed += 1
        if failed >= _PATIENCE:
            return False
    return True


def _try(tenant: Tenant, webhook: Webhook, row: Delivery, clock: Clock, resolve: Resolve | None) -> bool:
    """Send one message and write down what came of it; return whether it was taken."""
    row.body = row.body or _body_of(tenant, webhook, row)
    body, sent_at = row.body.encode(), clock()
    answer: Answer | None = None
    error = ""
    begun = time.monotonic()
    try:
        headers = headers_of(webhook, str(row.event_id), body, now=sent_at)
        answer = post(webhook.url, body=body, headers=headers, resolve=resolve)
    except NoAnswer as why:
        error = why.code
    except BadTarget as why:
        error = why.code
    took_ms = answer.duration_ms if answer else round((time.monotonic() - begun) * 1000)
    status = answer.status if answer else None
    row.tries = [*row.tries, {"at": sent_at.isoformat(), "status": status, "duration_ms": took_ms, "error": error}]
    row.last_status = status
    row.answer = _readable(answer.body) if answer else ""
    with transaction.atomic():
        if answer is not None and answer.is_taken:
            _taken(webhook, row, clock())
            return True
        _failed(tenant, webhook, row, answer, clock())
    return False


def _body_of(tenant: Tenant, webhook: Webhook, row: Delivery) -> str:
    (payload,) = build_payloads(actor=actor_of(webhook, tenant), events=[row])
    return encode(payload).decode()


def _taken(webhook: Webhook, row: Delivery, now: datetime) -> None:
    row.state, row.due_at, row.ended_at = Delivery.State.DELIVERED, None, now
    row.save()
    if webhook.failing_since is not None:
        webhook.failing_since = None
        webhook.save(update_fields=["failing_since"])


def _failed(tenant: Tenant, webhook: Webhook, row: Delivery, answer: Answer | None, now: datetime) -> None:
    wait = wait_before_next(len(row.tries), asked_s=answer.retry_after_s if answer else None)
    row.due_at = None if wait is None else now + wait
    if wait is None:
        row.state, row.ended_at = Delivery.State.FAILED, now
    row.save()
    webhook.failing_since = webhook.failing_since or now
    webhook.save(update_fields=["failing_since"])
    if answer is not None and answer.status == _GONE:
        _disable(tenant, webhook, "gone")
    elif is_dead(failing_since=webhook.failing_since, now=now):
        _disable(tenant, webhook, "failing")


def _disable(tenant: Tenant, webhook: Webhook, why: str) -> None:
    """Switch a webhook off that answers no more, and tell who made it."""
    webhook.is_enabled, webhook.disabled_why = False, why
    webhook.save(update_fields=["is_enabled", "disabled_why"])
    waiting = Delivery.objects.of(tenant).filter(webhook=webhook, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.DROPPED, due_at=None)
    if webhook.made_by is not None:
        notifications.notify(
            tenant=tenant,
            user_ids=[webhook.made_by],
            category=notifications.Category.SYSTEM,
            code="webhook_disabled",
            facts={"name": webhook.name, "why": why},
            link=f"/admin/webhooks?open={webhook.pk}",
        )


def _readable(content: bytes) -> str:
    """Return an answer as the database can hold it."""
    return content[:MAX_ANSWER_BYTES].decode(errors="replace").replace("\0", "\ufffd")


def webhooks_with_due(*, now: datetime) -> list[tuple[int, int]]:
    """Return (company, webhook) of all that something waits for, whoever forgot to order its sending."""
    rows = Delivery._base_manager.filter(due_at__lte=now, webhook__is_enabled=True)
    return list(rows.values_list("tenant_id", "webhook_id").distinct())


def forget_old(*, now: datetime) -> int:
    """Delete what is too old for the log and the stream; return how many rows."""
    deliveries, _ = Delivery._base_manager.filter(at__lt=now - KEPT, due_at__isnull=True).delete()
    events, _ = Event._base_manager.filter(at__lt=now - STREAMED).delete()
    calls, _ = InboundCall._base_manager.filter(at__lt=now - KEPT).delete()
    tasks, _ = ConnectorTask._base_manager.filter(at__lt=now - KEPT).delete()
    return deliveries + events + calls + tasks
