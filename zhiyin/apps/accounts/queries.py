"""Reading users."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from zhiyin.apps.accounts.actors import actor_from, with_place
from zhiyin.apps.accounts.models import Department, Team, User
from zhiyin.apps.accounts.roles import may
from zhiyin.apps.channels import queries as channels
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import json_pairs
from zhiyin.contracts.rights import ENGINE_RIGHTS
from zhiyin.contracts.snapshots import AgentSetting


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What a list of users is narrowed to. ``department`` includes what is below it; ``team`` 0: without a team."""

    search: str = ""
    role: str = ""
    team: int | None = None
    department: int | None = None
    site: int | None = None
    is_active: bool | None = None


def find_users(*, tenant: Tenant, wanted: UserFilter) -> QuerySet[User]:
    rows = list_users(tenant=tenant, search=wanted.search, role=wanted.role)
    if wanted.team is not None:
        rows = rows.filter(team_id=wanted.team) if wanted.team else rows.filter(team__isnull=True)
    if wanted.department is not None:
        top = Department.objects.of(tenant).filter(pk=wanted.department).values_list("path", flat=True).first()
        rows = rows.filter(team__department__path__startswith=top) if top else rows.none()
    if wanted.site is not None:
        rows = rows.filter(site_id=wanted.site)
    return rows if wanted.is_active is None else rows.filter(is_active=wanted.is_active)


def list_users(*, tenant: Tenant, search: str = "", role: str = "") -> QuerySet[User]:
    """Return the users who were not removed."""
    rows: QuerySet[User] = User.objects.of(tenant).filter(removed_at__isnull=True)
    rows = rows.select_related("role", "team", "site")
    if search:
        rows = rows.filter(Q(username__icontains=search) | Q(name__icontains=search))
    if role:
        rows = rows.filter(role__code=role)
    return rows


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user stands: the team, its department with all above it, the role's code."""

    team: int | None
    departments: tuple[int, ...]
    role: str


def place_of(*, tenant: Tenant, user_id: int) -> Place | None:
    """Return a user's place; ``None`` for nobody. One statement."""
    rows = User.objects.of(tenant).filter(pk=user_id)
    found = rows.values_list("team_id", "team__department__path", "role__code").first()
    if found is None:
        return None
    team, path, role = found
    return Place(team, tuple(int(one) for one in (path or "").split("/") if one), role)


def has_team(*, tenant: Tenant, team_id: int) -> bool:
    return Team.objects.of(tenant).filter(pk=team_id).exists()


def team_names(*, tenant: Tenant, team_ids: Iterable[int | None] | None = None) -> dict[int, str]:
    """Return the names of teams, of all where none are named; without a statement where there is nothing to read."""
    rows = Team.objects.of(tenant).order_by("position", "name")
    if team_ids is not None:
        wanted = {team_id for team_id in team_ids if team_id is not None}
        if not wanted:
            return {}
        rows = rows.filter(pk__in=wanted)
    return dict(rows.values_list("pk", "name"))


_NAMES = "SELECT json_agg(json_build_array(id, name)) FROM accounts_user WHERE tenant_id = $1 AND id = ANY($2)"


def names_asked(*, tenant: Tenant, user_ids: Iterable[int | None]) -> Question[dict[int, str]]:
    """Ask for the names of users, removed ones too: records outlive them."""
    wanted = tuple(sorted({user_id for user_id in user_ids if user_id is not None}))
    return Question(_NAMES, (tenant.pk, wanted), _read_names)


def names_of(*, tenant: Tenant, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of users, removed ones too; without a statement where nobody is named."""
    question = names_asked(tenant=tenant, user_ids=user_ids)
    return answer(question) if question.given[1] else {}


def skills_of(*, tenant: Tenant, user_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the skills of users with their levels; whoever was removed is left out."""
    rows = User.objects.of(tenant).filter(pk__in=list(user_ids), removed_at__isnull=True)
    return dict(rows.values_list("pk", "skills"))


def _read_names(text: str | None) -> dict[int, str]:
    return dict(json_pairs(text))


def _engine_reach(user: User) -> dict[str, tuple[int, ...]]:
    actor = actor_from(user)
    reach = {right: actor.reach.teams_of(actor.scope_of(right)) for right in sorted(user.rights & ENGINE_RIGHTS)}
    return {right: tuple(sorted(teams)) for right, teams in reach.items() if teams is not None}


def engine_section(tenant: Tenant) -> dict[str, Any]:
    """Return every active user as an agent: leads and administrators may sign in too."""
    accounts = channels.accounts_by_user(tenant=tenant)
    rows = with_place(User.objects.of(tenant)).filter(is_active=True, removed_at__isnull=True).order_by("pk")
    return {
        "agents": tuple(
            AgentSetting(
                id=user.pk,
                name=user.name,
                username=user.username,
                skills=user.skills,
                channel_limits=user.channel_limits,
                telephone=user.telephone,
                sip_account=accounts.get(user.pk),
                rights=tuple(sorted(user.rights & ENGINE_RIGHTS)),
                team=user.team_id,
                reach=_engine_reach(user),
            )
            for user in rows
        )
    }


def users_who_may(*, tenant: Tenant, right: str) -> list[int]:
    """Return the users at work whose role has a right."""
    rows = User.objects.of(tenant).filter(may(right), is_active=True, removed_at__isnull=True)
    return list(rows.values_list("pk", flat=True))


def names_within(*, tenant: Tenant, names: Collection[str]) -> set[str]:
    """Return those of the names that stand in a user's name."""
    users = list(User.objects.of(tenant).values_list("name", flat=True))
    return {name for name in names if any(name in user for user in users)}


def leads_of(*, tenant: Tenant, user_ids: Iterable[int]) -> dict[int, int]:
    """Return the lead of each user's team; who is in none, or in one without a lead, is left out."""
    rows = User.objects.of(tenant).filter(pk__in=list(user_ids), team__lead__isnull=False)
    return dict(rows.values_list("pk", "team__lead_id"))


def teams_of_users(*, tenant: Tenant, user_ids: Iterable[int]) -> dict[int, tuple[int | None, str]]:
    """Return each user's team with its name, ``(None, "")`` without one; removed users too: figures outlive them."""
    wanted = list(user_ids)
    if not wanted:
        return {}
    rows = User.objects.of(tenant).filter(pk__in=wanted).values_list("pk", "team_id", "team__name")
    return {user: (team, name or "") for user, team, name in rows}
