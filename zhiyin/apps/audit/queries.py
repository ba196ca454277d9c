"""Reading the audit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from zhiyin.apps.audit.models import Entry, Verification
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

__all__ = ["Entry"]


def list_entries(
    *,
    tenant: Tenant,
    search: str = "",
    action: str = "",
    user_id: int | None = None,
    kind: str = "",
    subject: str = "",
    field: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    unnamed_kinds: Collection[str] = (),
) -> QuerySet[Entry]:
    """Return the entries that fit; ``unnamed_kinds`` are not found by their subject's name."""
    rows: QuerySet[Entry] = Entry.objects.of(tenant)
    if search:
        by_name = Q(subject_name__icontains=search) & ~Q(subject_kind__in=unnamed_kinds)
        rows = rows.filter(Q(user_name__icontains=search) | by_name | Q(action__icontains=search))
    if action:
        rows = rows.filter(action=action)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if kind:
        rows = rows.filter(subject_kind=kind)
    if subject:
        rows = rows.filter(subject_id=subject)
    if field:
        rows = rows.filter(Q(before__has_key=field) | Q(after__has_key=field))
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return rows


def was_done_lately(*, actor: Actor, action: str, subject: object, since: datetime) -> bool:
    """Return whether ``actor`` did ``action`` to a subject since an instant, as far as it was written down."""
    rows = Entry.objects.of(actor.tenant).filter(action=action, subject_id=str(subject), user_id=actor.user_id)
    return rows.filter(at__gte=since).exists()


def changes_of(
    *, tenant: Tenant, kind: str, subject: object | None, acts: Collection[str] = ("changed",), limit: int = 50
) -> list[Entry]:
    """Return the changes of one thing, or (None) of all of its kind, the last first; ``acts``: what is a change."""
    rows = Entry.objects.of(tenant).filter(subject_kind=kind, action__in=[f"{kind}.{act}" for act in acts])
    if subject is not None:
        rows = rows.filter(subject_id=str(subject))
    return list(rows.order_by("-at", "-pk")[:limit])


def entry(*, tenant: Tenant, entry_id: int) -> Entry | None:
    return Entry.objects.of(tenant).filter(pk=entry_id).first()


def last_verification(*, tenant: Tenant) -> Verification | None:
    """Return the newest look through the company's chain."""
    return Verification.objects.of(tenant).order_by("-ended_at").first()


def entries_on(*, tenant: Tenant, kind: str, subjects: Iterable[object]) -> QuerySet[Entry]:
    """Return what was done to these subjects of one kind."""
    ids = [str(subject) for subject in subjects]
    rows: QuerySet[Entry] = Entry.objects.of(tenant).filter(subject_kind=kind, subject_id__in=ids)
    return rows
