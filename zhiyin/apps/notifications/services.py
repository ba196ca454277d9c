"""Telling users something, and what they do with it. Other apps call ``notify``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from zhiyin.apps.engine_client import nudge
from zhiyin.apps.notifications.errors import HalfQuietHours
from zhiyin.apps.notifications.models import Category, Notification, Preference
from zhiyin.apps.notifications.queries import get_preference, list_notifications
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.quiet_hours import QuietHours

__all__ = ["Category", "forget_customer", "forget_old", "mark_read", "notify", "save_preference"]

#: the hint that pages fetch by
TOPIC = "notifications"
_KEEP_READ = timedelta(days=30)
_KEEP_ANY = timedelta(days=180)


@transaction.atomic
def notify(
    *,
    tenant: Tenant,
    user_ids: Iterable[int],
    category: Category,
    code: str,
    facts: Mapping[str, Any] | None = None,
    link: str = "",
    customer_id: int | None = None,
    key: str | None = None,
    now: datetime | None = None,
) -> int:
    """Tell users something; return how many were told who had not been.

    ``code`` names the sentence (``notifications.codes.*`` of the front end), ``facts`` fill it, ``link`` is the page
    to go to. With ``key`` the same user is told once, however often this is called. Stands in the caller's
    transaction; the hint to the desks leaves once that is committed.
    """
    at = now or timezone.now()
    wanted = sorted(set(user_ids))
    chosen = {row.user_id: row for row in Preference.objects.of(tenant).filter(user_id__in=wanted)}
    clock = at.astimezone(ZoneInfo(tenant.time_zone)).time()
    rows = [
        Notification(
            tenant=tenant,
            user_id=user_id,
            category=category.value,
            code=code,
            facts=dict(facts or {}),
            link=link,
            customer_id=customer_id,
            key=key,
            created_at=at,
            is_muted=user_id in chosen and category.value in chosen[user_id].muted,
            is_quiet=user_id in chosen and _is_quiet(chosen[user_id], clock),
        )
        for user_id in wanted
    ]
    if key is not None:
        known = Notification.objects.of(tenant).filter(user_id__in=wanted, key=key)
        told = set(known.values_list("user_id", flat=True))
        rows = [row for row in rows if row.user_id not in told]
    Notification.objects.of(tenant).bulk_create(rows, ignore_conflicts=True)
    nudge(tenant_id=tenant.pk, user_ids=[row.user_id for row in rows], topic=TOPIC)
    return len(rows)


def _is_quiet(preference: Preference, clock: time) -> bool:
    if preference.quiet_from is None or preference.quiet_until is None:
        return False
    return QuietHours(preference.quiet_from, preference.quiet_until).holds_at(clock)


def mark_read(
    *, actor: Actor, ids: Iterable[int] | None = None, category: str = "", up_to: int | None = None, now: datetime
) -> int:
    """Mark the actor's own as read: those named, or all (of a category) up to an id. Returns how many it were."""
    rows = list_notifications(actor=actor, category=category, is_unread=True)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    count = rows.update(read_at=now)
    if count and actor.user_id is not None:
        nudge(tenant_id=actor.tenant.pk, user_ids=[actor.user_id], topic=TOPIC)  # other tabs of the same user
    return count


@transaction.atomic
def save_preference(
    *,
    actor: Actor,
    muted: Iterable[str],
    quiet_from: time | None,
    quiet_until: time | None,
    has_sound: bool,
    on_desktop: bool,
) -> Preference:
    """Keep how the actor wants to be told. Raises ``HalfQuietHours``."""
    if (quiet_from is None) != (quiet_until is None):
        raise HalfQuietHours
    row = get_preference(actor=actor)
    row.muted = sorted(set(muted))
    row.quiet_from, row.quiet_until = quiet_from, quiet_until
    row.has_sound, row.on_desktop = has_sound, on_desktop
    row.save()
    return row


def forget_customer(*, tenant: Tenant, customer_id: int) -> int:
    """Delete what was told about a customer whose data are erased."""
    count, _ = Notification.objects.of(tenant).filter(customer_id=customer_id).delete()
    return count


def follow_customer(tenant: Tenant, source_id: int, target_id: int) -> list[int]:
    """Let what was told about one customer be about another: the first became part of it. Return which."""
    rows = Notification.objects.of(tenant).filter(customer_id=source_id)
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(customer_id=target_id)
    return moved


def follow_back(tenant: Tenant, source_id: int, target_id: int, moved: Sequence[int] | None) -> None:
    """Undo ``follow_customer`` of ``moved``."""
    Notification.objects.of(tenant).filter(pk__in=moved or (), customer_id=target_id).update(customer_id=source_id)


def forget_old(*, tenant: Tenant, now: datetime) -> int:
    """Delete what was read a month ago, and what nobody read in half a year."""
    rows = Notification.objects.of(tenant)
    read, _ = rows.filter(read_at__lt=now - _KEEP_READ).delete()
    rest, _ = rows.filter(created_at__lt=now - _KEEP_ANY).delete()
    return read + rest
