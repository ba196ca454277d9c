"""Skills and limits by channel of many users at once, for the skill matrix. Who calls audits and publishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhiyin.apps.accounts.models import User
from zhiyin.apps.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class Ability:
    """Levels by skill, and how many contacts of a channel at once; None: no longer, as the company's rules say."""

    skills: Mapping[str, int | None] = field(default_factory=dict)
    limits: Mapping[str, int | None] = field(default_factory=dict)


def put_abilities(*, tenant: Tenant, changes: Mapping[int, Ability]) -> dict[int, Ability]:
    """Set what is named of each user who is there; return what each had before."""
    rows = User.objects.of(tenant).select_for_update(of=("self",))
    users = list(rows.filter(pk__in=changes.keys(), removed_at__isnull=True).order_by("pk"))
    before = {user.pk: Ability(dict(user.skills), dict(user.channel_limits)) for user in users}
    for user in users:
        user.skills = _changed(user.skills, changes[user.pk].skills)
        user.channel_limits = _changed(user.channel_limits, changes[user.pk].limits)
    User.objects.of(tenant).bulk_update(users, ["skills", "channel_limits"])
    return before


def _changed(had: Mapping[str, int], changes: Mapping[str, int | None]) -> dict[str, int]:
    return {name: value for name, value in {**had, **changes}.items() if value is not None}


def skill_codes(*, tenant: Tenant) -> list[str]:
    """Return every skill that some user has."""
    rows = User.objects.of(tenant).filter(removed_at__isnull=True).exclude(skills={}).values_list("skills", flat=True)
    return sorted({code for skills in rows for code in skills})


def abilities_of(*, tenant: Tenant, user_ids: Iterable[int]) -> dict[int, Ability]:
    """Return the skills and limits of those who are there."""
    rows = User.objects.of(tenant).filter(pk__in=list(user_ids), removed_at__isnull=True)
    return {pk: Ability(skills, limits) for pk, skills, limits in rows.values_list("pk", "skills", "channel_limits")}
