"""Making and changing webhooks, and sending them a test."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.integrations.errors import RightsBeyond, UnknownEvent, UnknownWebhook
from zhiyin.apps.integrations.event_types import CATALOGUE, TEST
from zhiyin.apps.integrations.models import Webhook
from zhiyin.apps.outgoing import Answer, NoAnswer, check_url, post
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.vault import open_secret, seal_secret
from zhiyin.domain.permissions import Permissions, Scope
from zhiyin.domain.security.webhooks import secret_of, sign

_PURPOSE = "webhook"
_SECRET_BYTES = 32
#: for so long both the old and the new secret sign
BOTH_SECRETS = timedelta(days=1)


def list_webhooks(*, tenant: Tenant, search: str = "") -> QuerySet[Webhook]:
    rows: QuerySet[Webhook] = Webhook.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def get_webhook(*, tenant: Tenant, webhook_id: int) -> Webhook:
    """Raises ``UnknownWebhook``."""
    found = Webhook.objects.of(tenant).filter(pk=webhook_id).first()
    if found is None:
        raise UnknownWebhook
    return found


@transaction.atomic
def create_webhook(*, actor: Actor, fields: Mapping[str, Any]) -> tuple[Webhook, str]:
    """Make one; return it with the secret that its receiver needs, which is not shown again.

    Raises ``BadTarget``, ``UnknownEvent`` and ``RightsBeyond``; a taken name violates ``webhook_name_taken``.
    """
    _check(actor, fields, rights=fields.get("rights", ()), events=fields.get("events", ()))
    secret = secret_of(os.urandom(_SECRET_BYTES))
    sealed = seal_secret(secret, tenant=actor.tenant, purpose=_PURPOSE)
    webhook = Webhook(tenant=actor.tenant, sealed_secret=sealed, made_by=actor.user_id, **fields)
    webhook.save(force_insert=True)
    _audit(actor, webhook, "webhook.created", after=shown(webhook))
    return webhook, secret


@transaction.atomic
def update_webhook(*, actor: Actor, webhook_id: int, fields: Mapping[str, Any]) -> Webhook:
    """Change one; switched on again it begins anew. Raises as ``create_webhook``, and ``UnknownWebhook``."""
    webhook = get_webhook(tenant=actor.tenant, webhook_id=webhook_id)
    _check(actor, fields, rights=fields.get("rights", webhook.rights), events=fields.get("events", webhook.events))
    before = shown(webhook)
    for name, value in fields.items():
        setattr(webhook, name, value)
    if fields.get("is_enabled"):
        webhook.disabled_why, webhook.failing_since = "", None
    webhook.save()
    _audit(actor, webhook, "webhook.changed", before=before, after=shown(webhook))
    return webhook


@transaction.atomic
def change_secret(*, actor: Actor, webhook_id: int, now: datetime) -> tuple[Webhook, str]:
    """Give a webhook a new secret; for a day messages carry signatures of both. Raises ``UnknownWebhook``."""
    webhook = get_webhook(tenant=actor.tenant, webhook_id=webhook_id)
    secret = secret_of(os.urandom(_SECRET_BYTES))
    webhook.sealed_secret_before = webhook.sealed_secret
    webhook.sealed_secret = seal_secret(secret, tenant=actor.tenant, purpose=_PURPOSE)
    webhook.secret_changed_at = now
    webhook.save(update_fields=["sealed_secret", "sealed_secret_before", "secret_changed_at"])
    _audit(actor, webhook, "webhook.secret_changed")
    return webhook, secret


@transaction.atomic
def remove_webhook(*, actor: Actor, webhook_id: int) -> None:
    """Remove one with its log. Raises ``UnknownWebhook``."""
    webhook = get_webhook(tenant=actor.tenant, webhook_id=webhook_id)
    _audit(actor, webhook, "webhook.removed", before=shown(webhook))
    webhook.delete()


@dataclass(frozen=True, slots=True)
class Tried:
    """What a test came to: an answer, or why there was none."""

    answer: Answer | None
    error: str = ""
    detail: str = ""

    @property
    def is_taken(self) -> bool:
        return self.answer is not None and self.answer.is_taken


def try_webhook(*, actor: Actor, webhook_id: int, now: datetime) -> Tried:
    """Send a test event now and wait for the answer, up to ten seconds. Raises ``UnknownWebhook``."""
    webhook = get_webhook(tenant=actor.tenant, webhook_id=webhook_id)
    message_id = str(uuid.uuid4())
    body = encode(
        {
            "id": message_id,
            "type": TEST.code,
            "version": TEST.version,
            "timestamp": now.isoformat(),
            "subject": {"kind": "webhook", "id": webhook.pk},
            "data": {"webhook": webhook.name},
        }
    )
    try:
        tried = Tried(post(webhook.url, body=body, headers=headers_of(webhook, message_id, body, now=now)))
    except NoAnswer as error:
        tried = Tried(None, error.code, str(error))
    status = tried.answer.status if tried.answer else None
    _audit(actor, webhook, "webhook.tested", after={"status": status, "error": tried.error})
    return tried


def headers_of(webhook: Webhook, message_id: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """Return the headers of one message, signed with every secret that is valid now."""
    secrets = [webhook.sealed_secret]
    changed_at = webhook.secret_changed_at
    if webhook.sealed_secret_before and changed_at is not None and now - changed_at < BOTH_SECRETS:
        secrets.append(webhook.sealed_secret_before)
    opened = [open_secret(each, tenant=webhook.tenant, purpose=_PURPOSE) for each in secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            sign(secret=secret, message_id=message_id, at=now, body=body) for secret in opened
        ),
    }


def encode(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def actor_of(webhook: Webhook, tenant: Tenant) -> Actor:
    """Return who looks at the data that a webhook is sent."""
    return Actor(
        tenant=tenant,
        user_id=None,
        name=f"Webhook: {webhook.name}",
        role="webhook",
        permissions=Permissions(dict.fromkeys(webhook.rights, Scope.ALL)),
        language=tenant.language,
    )


def shown(webhook: Webhook) -> dict[str, Any]:
    """Return what the audit may show of a webhook."""
    return {name: getattr(webhook, name) for name in ("name", "url", "events", "rights", "is_enabled")}


def limits() -> dict[str, Any]:
    """Return what an administrator must know of where webhooks may go."""
    return {"internal_hosts": sorted(settings.INTERNAL_HOSTS)}


def _check(actor: Actor, fields: Mapping[str, Any], *, rights: Any, events: Any) -> None:
    if "url" in fields:
        check_url(fields["url"])
    unknown = sorted(set(events) - CATALOGUE.keys())
    if unknown:
        raise UnknownEvent(facts={"events": unknown}, fields={"events": "unknown_event"})
    beyond = sorted(right for right in rights if not actor.may(right))
    if beyond:
        raise RightsBeyond(facts={"rights": beyond}, fields={"rights": "rights_beyond_own"})
    missing = sorted({CATALOGUE[event].right for event in events} - set(rights))
    if missing:
        raise RightsBeyond(
            "rights_missing",
            title=f"These events can only be heard with the rights: {', '.join(missing)}.",
            facts={"rights": missing},
            fields={"rights": "rights_missing"},
        )


def _audit(actor: Actor, webhook: Webhook, action: str, **parts: Any) -> None:
    audit.record(actor=actor, action=action, kind="webhook", subject=webhook.pk, name=webhook.name, **parts)
