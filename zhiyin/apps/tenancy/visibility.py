"""Whose things an actor may see, as a condition for a query: the scope of a right, applied.

Used in every list and every single reading of an owned thing, so that what is out of reach does not exist (404).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from zhiyin.apps.tenancy.actors import Actor

_NOTHING = Q(pk__in=())


def visible(actor: Actor, right: str, *, owner: str = "owner_id", team: str | None = "team_id") -> Q:
    """Return the condition for the rows within the scope of ``right``.

    ``owner`` and ``team`` name the row's fields; ``team`` None: a thing belongs to the team of its owner.
    Without the right nothing fits. The system itself sees all.
    """
    if actor.user_id is None and actor.role == "system":
        return Q()
    scope = actor.scope_of(right)
    if scope is None:
        return _NOTHING
    reach = actor.reach
    teams = reach.teams_of(scope)
    if teams is None:
        return Q()
    mine = Q(**{f"{owner}__in": reach.users})
    if not teams:
        return mine
    if team is None:
        return mine | Q(**{f"{owner}__in": _members(actor, teams)})
    return mine | Q(**{f"{team}__in": teams})


def visible_people(actor: Actor, right: str, *, user: str = "agent_id") -> Q:
    """Return the condition for rows that tell of a user (a conversation, a stay in a state), by the user's team."""
    return visible(actor, right, owner=user, team=None)


def users_in_reach(actor: Actor, right: str) -> QuerySet[Any] | None:
    """Return the ids of the users within the scope of ``right``, as a subquery; ``None``: all of the company."""
    condition = visible(actor, right, owner="pk", team="team_id")
    if condition == Q():
        return None
    return _users().filter(condition, tenant_id=actor.tenant.pk).values("pk")


def are_in_reach(actor: Actor, right: str, user_ids: Iterable[int]) -> bool:
    """Return whether any of the users is within the scope of ``right``."""
    reachable = users_in_reach(actor, right)
    wanted = set(user_ids)
    return bool(wanted) if reachable is None else reachable.filter(pk__in=wanted).exists()


def _members(actor: Actor, teams: frozenset[int]) -> QuerySet[Any]:
    return _users().filter(tenant_id=actor.tenant.pk, team_id__in=teams).values("pk")


def _users() -> QuerySet[Any]:
    users: QuerySet[Any] = apps.get_model(settings.AUTH_USER_MODEL)._base_manager.all()
    return users
