"""Reading users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from zhiyin.apps.accounts.models import User
from zhiyin.apps.channels import queries as channels
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.rights import ENGINE_RIGHTS
from zhiyin.contracts.snapshots import AgentSetting


def list_users(*, tenant: Tenant, search: str = "", role: str = "") -> QuerySet[User]:
    """Return the users who were not removed."""
    rows: QuerySet[User] = User.objects.of(tenant).filter(removed_at__isnull=True)
    if search:
        rows = rows.filter(Q(username__icontains=search) | Q(name__icontains=search))
    if role:
        rows = rows.filter(role=role)
    return rows


def names_of(*, tenant: Tenant, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of users, removed ones too: records outlive them."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    return dict(User.objects.of(tenant).filter(pk__in=wanted).values_list("pk", "name"))


def engine_section(tenant: Tenant) -> dict[str, Any]:
    """Return every active user as an agent: leads and administrators may sign in too."""
    accounts = channels.accounts_by_user(tenant=tenant)
    rows = User.objects.of(tenant).filter(is_active=True, removed_at__isnull=True).order_by("pk")
    return {
        "agents": tuple(
            AgentSetting(
                id=user.pk,
                name=user.name,
                username=user.username,
                skills=user.skills,
                telephone=user.telephone,
                sip_account=accounts.get(user.pk),
                rights=tuple(sorted(user.rights & ENGINE_RIGHTS)),
            )
            for user in rows
        )
    }
