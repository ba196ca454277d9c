"""请假: from one instant to another a deputy sees and works what an absent user owns."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from zhiyin.apps.accounts.errors import BadAbsence
from zhiyin.apps.accounts.models import Absence, User
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.refusals import Invalid, NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


def list_absences(*, tenant: Tenant, search: str = "", user_id: int | None = None) -> QuerySet[Absence]:
    rows: QuerySet[Absence] = Absence.objects.of(tenant).select_related("user", "deputy")
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return rows.filter(user__name__icontains=search) if search else rows


def create_absence(
    *, actor: Actor, user_id: int, deputy_id: int, starts_at: datetime, ends_at: datetime, note: str
) -> Absence:
    """Let ``deputy_id`` stand in for a user. Raises ``Invalid`` for unknown users, ``BadAbsence``."""
    people = User.objects.of(actor.tenant).filter(removed_at__isnull=True)
    found = {user.pk: user for user in people.filter(pk__in=(user_id, deputy_id))}
    for field, key in (("user", user_id), ("deputy", deputy_id)):
        if key not in found:
            raise Invalid("unknown_user", title="This user does not exist.", fields={field: "unknown_user"})
    if user_id == deputy_id:
        raise BadAbsence("deputy")
    if ends_at <= starts_at:
        raise BadAbsence("ends_at")
    row = Absence(
        tenant=actor.tenant,
        user=found[user_id],
        deputy=found[deputy_id],
        starts_at=starts_at,
        ends_at=ends_at,
        note=note,
    )
    return settings_changes.create(actor=actor, row=row)


def remove_absence(*, actor: Actor, absence_id: int) -> None:
    """End an absence now, or call it off. Raises ``NotFound``."""
    row = Absence.objects.of(actor.tenant).filter(pk=absence_id).first()
    if row is None:
        raise NotFound
    settings_changes.remove(actor=actor, row=row)
