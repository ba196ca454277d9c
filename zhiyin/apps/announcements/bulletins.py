"""The bulletin: posts that stay, pinned ones first, counted as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiyin.apps.announcements.models import Bulletin, BulletinReading
from zhiyin.apps.announcements.queries import list_bulletins
from zhiyin.apps.audit import services as audit
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor


@transaction.atomic
def create_bulletin(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> Bulletin:
    row = Bulletin(tenant=actor.tenant, author_id=actor.user_id, published_at=now, **fields)
    row.save(force_insert=True)
    _record(actor, "bulletin.created", row, None)
    return row


@transaction.atomic
def change_bulletin(*, actor: Actor, bulletin_id: int, fields: Mapping[str, Any], now: datetime) -> Bulletin:
    """Change what is named; pinning alone is no edit. Raises ``NotFound``."""
    row = _locked(actor, bulletin_id)
    before = audit.fields_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    if fields.keys() - {"is_pinned"}:
        row.edited_at = now
    row.save()
    _record(actor, "bulletin.changed", row, before)
    return row


@transaction.atomic
def remove_bulletin(*, actor: Actor, bulletin_id: int) -> None:
    """Raises ``NotFound``."""
    row = _locked(actor, bulletin_id)
    before = audit.fields_of(row)
    row.delete()
    audit.record(
        actor=actor, action="bulletin.removed", kind="bulletin", subject=bulletin_id, name=row.title, before=before
    )


def get_bulletin(*, actor: Actor, bulletin_id: int) -> Bulletin:
    """Raises ``NotFound``."""
    row = list_bulletins(actor=actor).filter(pk=bulletin_id).first()
    if row is None:
        raise NotFound
    return row


def mark_read(*, actor: Actor, bulletin_id: int, now: datetime) -> None:
    """Count the actor as a reader, once. Raises ``NotFound``."""
    get_bulletin(actor=actor, bulletin_id=bulletin_id)
    if actor.user_id is None:
        return
    reading = BulletinReading(tenant=actor.tenant, bulletin_id=bulletin_id, user_id=actor.user_id, at=now)
    BulletinReading.objects.of(actor.tenant).bulk_create([reading], ignore_conflicts=True)


def _locked(actor: Actor, bulletin_id: int) -> Bulletin:
    row = Bulletin.objects.of(actor.tenant).select_for_update(of=("self",)).filter(pk=bulletin_id).first()
    if row is None:
        raise NotFound
    return row


def _record(actor: Actor, action: str, row: Bulletin, before: Mapping[str, Any] | None) -> None:
    audit.record(
        actor=actor,
        action=action,
        kind="bulletin",
        subject=row.pk,
        name=row.title,
        before=before,
        after=audit.fields_of(row),
    )
