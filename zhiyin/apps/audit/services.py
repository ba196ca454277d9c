"""Writing the audit, always in the transaction of the act itself (of its projection, for an act of the engine's)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.tenancy.actors import Actor

#: never shown, not even that they changed to what
_SECRET_FIELDS = frozenset({"sealed_secret_before", "password", "sealed_secret", "wrapped_key"})


def record(
    *,
    actor: Actor,
    action: str,
    kind: str = "",
    subject: object = "",
    name: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write that ``actor`` did ``action`` ("queue.changed") to a subject.

    Of ``before`` and ``after`` only the differences are kept; with both given and equal nothing is written.
    ``at``: when it was done, where that is not now.
    """
    old, new = _without_secrets(before), _without_secrets(after)
    if before is not None and after is not None:
        changed = {field for field in {*before, *after} if before.get(field) != after.get(field)}
        if not changed:
            return
        old = {field: value for field, value in (old or {}).items() if field in changed}
        new = {field: value for field, value in (new or {}).items() if field in changed}
    for path in settings.AUDIT_READERS:
        import_string(path)(actor=actor, action=action, kind=kind, subject=str(subject), after=new)
    Entry.objects.of(actor.tenant).create(
        at=at or timezone.now(),
        user_id=actor.viewed_by if actor.is_viewed else actor.user_id,
        user_name=f"{actor.viewer_name} → {actor.name}" if actor.is_viewed else actor.name,
        address=actor.address,
        action=action,
        subject_kind=kind,
        subject_id=str(subject),
        subject_name=name[:200],
        before=old,
        after=new,
    )


def order_verification(*, actor: Actor) -> None:
    """Let the worker look through the company's chain; one look at a time."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task("audit.verify_chain", queueing_lock=f"audit.verify_chain:{actor.tenant.pk}").defer(
            tenant_id=actor.tenant.pk
        )


def fields_of(row: Model) -> dict[str, Any]:
    """Return a row's own fields by name, as JSON can hold them."""
    return {
        field.name: _plain(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if field.name not in ("id", "tenant", "created_at", "changed_at")
    }


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    if isinstance(value, bytes | memoryview):
        return None
    return value


def _without_secrets(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {name: "•••" if name in _SECRET_FIELDS and value else value for name, value in fields.items()}
