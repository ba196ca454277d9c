"""Skills of many users at once, for the skill matrix. Who calls audits and publishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhiyin.apps.accounts.models import User
from zhiyin.apps.tenancy.models import Tenant


def put_skills(*, tenant: Tenant, changes: Mapping[int, Mapping[str, int | None]]) -> dict[int, dict[str, int]]:
    """Set the named skills' levels (None: no longer) of each user who is there; return what each had before."""
    rows = User.objects.of(tenant).select_for_update(of=("self",))
    users = list(rows.filter(pk__in=changes.keys(), removed_at__isnull=True).order_by("pk"))
    before = {user.pk: dict(user.skills) for user in users}
    for user in users:
        levels = {**user.skills, **changes[user.pk]}
        user.skills = {code: level for code, level in levels.items() if level is not None}
    User.objects.of(tenant).bulk_update(users, ["skills"])
    return before


def skill_codes(*, tenant: Tenant) -> list[str]:
    """Return every skill that some user has."""
    rows = User.objects.of(tenant).filter(removed_at__isnull=True).exclude(skills={}).values_list("skills", flat=True)
    return sorted({code for skills in rows for code in skills})


def skills_of(*, tenant: Tenant, user_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the skills of those who are there."""
    rows = User.objects.of(tenant).filter(pk__in=list(user_ids), removed_at__isnull=True)
    return dict(rows.values_list("pk", "skills"))
