"""Notices: written, published to chosen readers, acknowledged, and those who have not reminded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhiyin.apps.announcements.errors import EndsTooEarly, NoReaders, NotPublished, PublishedAlready
from zhiyin.apps.announcements.models import Notice, NoticeReceipt
from zhiyin.apps.announcements.queries import list_notices, readers_of, receipts_of, running
from zhiyin.apps.audit import services as audit
from zhiyin.apps.engine_client import nudge
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

#: the hint by which bars are fetched again
TOPIC = "notices"


@transaction.atomic
def create_notice(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> Notice:
    """Write a draft; nobody is told before it is published. Raises ``NoReaders`` and ``EndsTooEarly``."""
    row = Notice(tenant=actor.tenant, author_id=actor.user_id, created_at=now)
    _set(row, fields)
    row.save(force_insert=True)
    _record(actor, "notice.created", row, None)
    return row


@transaction.atomic
def change_notice(*, actor: Actor, notice_id: int, fields: Mapping[str, Any]) -> Notice:
    """Change a draft. Raises ``NotFound``, ``PublishedAlready`` and what ``create_notice`` raises."""
    row = _locked(actor, notice_id)
    if row.published_at is not None:
        raise PublishedAlready
    before = _shown(row)
    _set(row, fields)
    row.save()
    _record(actor, "notice.changed", row, before)
    return row


@transaction.atomic
def publish_notice(*, actor: Actor, notice_id: int, now: datetime) -> Notice:
    """Let it run from its beginning; where that is past its readers are told at once. Repeated, nothing changes.

    Raises ``NotFound`` and ``EndsTooEarly``.
    """
    row = _locked(actor, notice_id)
    if row.published_at is not None:
        return row
    if row.ends_at <= now:
        raise EndsTooEarly
    before = _shown(row)
    row.published_at = now
    row.save()
    _record(actor, "notice.published", row, before)
    if row.starts_at <= now:
        _announce(row, by=actor.name, now=now)
    else:
        _order_announcement(row)
    return row


@transaction.atomic
def withdraw_notice(*, actor: Actor, notice_id: int, now: datetime) -> Notice:
    """Take it off every bar; who acknowledged it stays known. Raises ``NotFound`` and ``NotPublished``."""
    row = _locked(actor, notice_id)
    if row.withdrawn_at is not None:
        return row
    if row.published_at is None:
        raise NotPublished
    before = _shown(row)
    row.withdrawn_at = now
    row.save()
    _record(actor, "notice.withdrawn", row, before)
    nudge(tenant_id=actor.tenant.pk, user_ids=None, topic=TOPIC)
    return row


@transaction.atomic
def remove_notice(*, actor: Actor, notice_id: int) -> None:
    """Throw a draft away. Raises ``NotFound`` and ``PublishedAlready``."""
    row = _locked(actor, notice_id)
    if row.published_at is not None:
        raise PublishedAlready
    before = _shown(row)
    row.delete()
    audit.record(actor=actor, action="notice.removed", kind="notice", subject=notice_id, name=row.title, before=before)


@transaction.atomic
def acknowledge(*, actor: Actor, notice_id: int, now: datetime) -> None:
    """Say that one has read it; said twice, the first time counts.

    Raises ``NotFound``, also for one that is not meant for the actor.
    """
    rows = list_notices(actor=actor, sees_all=False, state="", search="", now=now)
    row = rows.filter(pk=notice_id).first()
    if actor.user_id is None or row is None:
        raise NotFound
    receipt = NoticeReceipt(tenant=actor.tenant, notice_id=notice_id, user_id=actor.user_id, at=now)
    NoticeReceipt.objects.of(actor.tenant).bulk_create([receipt], ignore_conflicts=True)
    # other tabs of the same user, and the author who looks who has
    concerned = [user_id for user_id in (actor.user_id, row.author_id) if user_id is not None]
    nudge(tenant_id=actor.tenant.pk, user_ids=concerned, topic=TOPIC)


@transaction.atomic
def remind(*, actor: Actor, notice_id: int, now: datetime) -> int:
    """Remind who has not acknowledged; return how many they are. Raises ``NotFound`` and ``NotPublished``."""
    row = _locked(actor, notice_id)
    if not Notice.objects.of(actor.tenant).filter(running(now), pk=notice_id).exists():
        raise NotPublished
    count = _remind(row, now)
    audit.record(
        actor=actor,
        action="notice.reminded",
        kind="notice",
        subject=row.pk,
        name=row.title,
        after={"people": count},
    )
    return count


def get_notice(*, actor: Actor, notice_id: int, now: datetime) -> Notice:
    """Return one that the actor may read: own ones; writers all. Raises ``NotFound``."""
    rows = list_notices(actor=actor, sees_all=actor.may("notices.write"), state="", search="", now=now)
    row = rows.filter(pk=notice_id).first()
    if row is None:
        raise NotFound
    return row


# --- by itself -----------------------------------------------------------------------------------------------------


@transaction.atomic
def tell_due(*, tenant: Tenant, now: datetime) -> int:
    """Tell of what has begun, and remind where it is time; return how many notices. Safe to repeat."""
    rows = Notice.objects.of(tenant).select_for_update(skip_locked=True, of=("self",)).filter(running(now))
    begun = list(rows.filter(announced_at__isnull=True).order_by("pk"))
    for row in begun:
        _announce(row, by=row.author.name if row.author else "", now=now)
    waiting = rows.filter(announced_at__isnull=False, remind_every_h__isnull=False).order_by("pk")
    due = [row for row in waiting if _is_reminder_due(row, now)]
    for row in due:
        _remind(row, now)
    return len(begun) + len(due)


def _is_reminder_due(row: Notice, now: datetime) -> bool:
    last = row.reminded_at or row.announced_at
    return last is not None and row.remind_every_h is not None and last + timedelta(hours=row.remind_every_h) <= now


def _announce(row: Notice, *, by: str, now: datetime) -> None:
    readers = list(readers_of(row).values_list("pk", flat=True))
    row.announced_at, row.told = now, len(readers)
    row.save(update_fields=["announced_at", "told"])
    told = [one for one in readers if one != row.author_id]
    _notify(row, told, code="notice_published", facts={"by": by, "title": row.title}, now=now)
    nudge(tenant_id=row.tenant_id, user_ids=readers, topic=TOPIC)


def _remind(row: Notice, now: datetime) -> int:
    has = receipts_of(tenant=row.tenant, notice=row)
    missing = [one for one in readers_of(row).values_list("pk", flat=True) if one not in has]
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    _notify(row, missing, code="notice_reminder", facts={"title": row.title}, now=now)
    return len(missing)


def _notify(row: Notice, users: list[int], *, code: str, facts: dict[str, Any], now: datetime) -> None:
    notify(
        tenant=row.tenant,
        user_ids=users,
        category=Category.NOTICE,
        code=code,
        facts=facts,
        link=f"/announcements?open={row.pk}",
        key=f"{code}:{row.pk}:{int(now.timestamp())}",
        now=now,
    )


def _order_announcement(row: Notice) -> None:
    """Let a job tell of it at its beginning. The sweep of every few minutes finds what no job told."""
    from zhiyin.apps.announcements import tasks  # noqa: PLC0415 - the jobs import this module

    tasks.tell_notices_of.configure(schedule_at=row.starts_at).defer(tenant_id=row.tenant_id)


# --- the rest ------------------------------------------------------------------------------------------------------


def _set(row: Notice, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    if row.ends_at <= row.starts_at:
        raise EndsTooEarly
    if not (row.is_for_everybody or row.user_ids or row.team_ids or row.department_ids or row.role_codes):
        raise NoReaders


def _locked(actor: Actor, notice_id: int) -> Notice:
    row = Notice.objects.of(actor.tenant).select_for_update(of=("self",)).filter(pk=notice_id).first()
    if row is None:
        raise NotFound
    return row


def _record(actor: Actor, action: str, row: Notice, before: Mapping[str, Any] | None) -> None:
    audit.record(
        actor=actor, action=action, kind="notice", subject=row.pk, name=row.title, before=before, after=_shown(row)
    )


def _shown(row: Notice) -> dict[str, Any]:
    return {
        name: value
        for name, value in audit.fields_of(row).items()
        if name not in ("announced_at", "reminded_at", "told")
    }
