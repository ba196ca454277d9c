"""Making and changing what helps at the desk, and writing down what was done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiyin.apps.assistance.errors import EndsBeforeItBegins, NotYours, UnknownChoice
from zhiyin.apps.assistance.models import Checklist, DeskPreferences, QuickReply, Recommendation
from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.customers.pinyin import search_keys
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

_SHARED_BY = "admin"


def create_checklist(*, actor: Actor, fields: Mapping[str, Any]) -> Checklist:
    """Raises ``UnknownChoice``; a taken name violates ``checklist_name_taken``."""
    _check_queue(actor.tenant, fields.get("queue_id"))
    return settings_changes.create(actor=actor, row=Checklist(tenant=actor.tenant, **fields))


def update_checklist(*, actor: Actor, checklist_id: int, fields: Mapping[str, Any]) -> Checklist:
    """Raises ``NotFound`` and ``UnknownChoice``."""
    row = get_checklist(tenant=actor.tenant, checklist_id=checklist_id)
    _check_queue(actor.tenant, fields.get("queue_id"))
    return settings_changes.update(actor=actor, row=row, fields=fields)


def remove_checklist(*, actor: Actor, checklist_id: int, now: datetime) -> None:
    """Take a checklist out of use; what was ticked stays with its contacts. Raises ``NotFound``."""
    row = get_checklist(tenant=actor.tenant, checklist_id=checklist_id)
    settings_changes.update(actor=actor, row=row, fields={"removed_at": now})


def get_checklist(*, tenant: Tenant, checklist_id: int) -> Checklist:
    row = Checklist.objects.of(tenant).filter(pk=checklist_id, removed_at__isnull=True).first()
    if row is None:
        raise NotFound
    return row


def _check_queue(tenant: Tenant, queue_id: int | None) -> None:
    if queue_id is not None and not queues.list_queues(tenant=tenant).filter(pk=queue_id).exists():
        raise UnknownChoice("queue_id")


def create_recommendation(*, actor: Actor, fields: Mapping[str, Any]) -> Recommendation:
    """Raises ``EndsBeforeItBegins``; a taken name violates ``recommendation_name_taken``."""
    row = Recommendation(tenant=actor.tenant, **fields)
    _check_days(row)
    return settings_changes.create(actor=actor, row=row)


def update_recommendation(*, actor: Actor, recommendation_id: int, fields: Mapping[str, Any]) -> Recommendation:
    """Raises ``NotFound`` and ``EndsBeforeItBegins``."""
    row = get_recommendation(tenant=actor.tenant, recommendation_id=recommendation_id)
    days = {name: fields.get(name, getattr(row, name)) for name in ("starts_on", "ends_on")}
    _check_days(Recommendation(tenant=actor.tenant, **days))
    return settings_changes.update(actor=actor, row=row, fields=fields)


def remove_recommendation(*, actor: Actor, recommendation_id: int, now: datetime) -> None:
    """Stop offering it; what customers said stays. Raises ``NotFound``."""
    row = get_recommendation(tenant=actor.tenant, recommendation_id=recommendation_id)
    settings_changes.update(actor=actor, row=row, fields={"removed_at": now})


def get_recommendation(*, tenant: Tenant, recommendation_id: int) -> Recommendation:
    row = Recommendation.objects.of(tenant).filter(pk=recommendation_id, removed_at__isnull=True).first()
    if row is None:
        raise NotFound
    return row


def _check_days(row: Recommendation) -> None:
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise EndsBeforeItBegins


@transaction.atomic
def create_reply(*, actor: Actor, is_shared: bool, fields: Mapping[str, Any]) -> QuickReply:
    """Raises ``NotYours``; a taken title violates ``quick_reply_title_taken``."""
    row = QuickReply(tenant=actor.tenant, owner_id=None if is_shared else actor.user_id, **fields)
    _check_owner(actor, row)
    row.pinyin = search_keys(row.title)
    row.save(force_insert=True)
    _record(actor, "created", row, after=_shown(row))
    return row


@transaction.atomic
def update_reply(*, actor: Actor, reply_id: int, fields: Mapping[str, Any]) -> QuickReply:
    """Raises ``NotFound`` (also when it is another user's own) and ``NotYours``."""
    row = get_reply(actor=actor, reply_id=reply_id)
    _check_owner(actor, row)
    before = _shown(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.pinyin = search_keys(row.title)
    row.save()
    _record(actor, "changed", row, before=before, after=_shown(row))
    return row


@transaction.atomic
def remove_reply(*, actor: Actor, reply_id: int) -> None:
    """Raises ``NotFound`` and ``NotYours``."""
    row = get_reply(actor=actor, reply_id=reply_id)
    _check_owner(actor, row)
    _record(actor, "removed", row, before=_shown(row))
    row.delete()


def get_reply(*, actor: Actor, reply_id: int) -> QuickReply:
    row = QuickReply.objects.of(actor.tenant).filter(pk=reply_id).first()
    if row is None or row.owner_id not in (None, actor.user_id):
        raise NotFound
    return row


def _check_owner(actor: Actor, row: QuickReply) -> None:
    if row.owner_id is None and not actor.may(_SHARED_BY):
        raise NotYours


def _shown(row: QuickReply) -> dict[str, Any]:
    return {name: value for name, value in audit.fields_of(row).items() if name != "pinyin"}


def _record(
    actor: Actor,
    verb: str,
    row: QuickReply,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        actor=actor,
        action=f"quickreply.{verb}",
        kind="quickreply",
        subject=row.pk,
        name=row.title,
        before=before,
        after=after,
    )


def save_desk_preferences(*, actor: Actor, body: Mapping[str, Any]) -> dict[str, Any]:
    """Keep how the actor's desk is set up. Safe to repeat; a taste, so not audited."""
    row, _ = DeskPreferences.objects.of(actor.tenant).update_or_create(
        user_id=actor.user_id or 0, defaults={"body": dict(body)}
    )
    return dict(row.body)
