"""The organisation: departments in a tree, teams in departments, sites; and which of them a user is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet

from zhiyin.apps.accounts.errors import BelowItself, DepartmentInUse, TeamInUse, TooDeep
from zhiyin.apps.accounts.models import Department, Role, Site, Team, User
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.refusals import Invalid, NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

MAX_DEPTH = 10
T = TypeVar("T", Department, Team, Site)


@transaction.atomic
def create_department(*, actor: Actor, fields: Mapping[str, Any]) -> Department:
    """Add a department at the end of those beside it. Raises ``Invalid`` for an unknown parent or head, ``TooDeep``."""
    _lock(actor.tenant)
    named = _resolved(actor.tenant, fields)
    parent: Department | None = named.pop("parent", None)
    if parent is not None and _depth(parent) >= MAX_DEPTH:
        raise TooDeep(MAX_DEPTH)
    beside = Department.objects.of(actor.tenant).filter(parent=parent)
    row = Department(tenant=actor.tenant, parent=parent, position=beside.count(), **named)
    settings_changes.create(actor=actor, row=row)
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    row.save(update_fields=["path"])
    return row


@transaction.atomic
def update_department(*, actor: Actor, department_id: int, fields: Mapping[str, Any]) -> Department:
    """Change or move a department; what is below it goes along. ``position``: its place among those beside it.

    Raises ``NotFound``, ``Invalid``, ``BelowItself``, ``TooDeep``.
    """
    _lock(actor.tenant)
    row = find(Department, actor.tenant, department_id)
    named = _resolved(actor.tenant, fields)
    position = named.pop("position", None)
    before = row.path
    if "parent" in named:
        parent: Department | None = named["parent"]
        _check_place(row, parent)
        named["path"] = f"{parent.path if parent else ''}{row.pk}/"
    settings_changes.update(actor=actor, row=row, fields=named)
    if row.path != before:
        _move_below(actor.tenant, before, row.path)
    if position is not None or "parent" in named:
        _place(Department.objects.of(actor.tenant).filter(parent_id=row.parent_id), row, position)
    return row


def remove_department(*, actor: Actor, department_id: int) -> None:
    """Raises ``NotFound``, and ``DepartmentInUse`` while departments or teams are below it."""
    row = find(Department, actor.tenant, department_id)
    below = Department.objects.of(actor.tenant).filter(parent=row)
    if below.exists() or Team.objects.of(actor.tenant).filter(department=row).exists():
        raise DepartmentInUse
    settings_changes.remove(actor=actor, row=row)


@transaction.atomic
def create_team(*, actor: Actor, fields: Mapping[str, Any]) -> Team:
    """Add a team to a department. Raises ``Invalid`` for an unknown department or lead."""
    named = _resolved(actor.tenant, fields)
    position = Team.objects.of(actor.tenant).filter(department=named["department"]).count()
    return settings_changes.create(actor=actor, row=Team(tenant=actor.tenant, position=position, **named))


@transaction.atomic
def update_team(*, actor: Actor, team_id: int, fields: Mapping[str, Any]) -> Team:
    """Change or move a team. Raises ``NotFound`` and ``Invalid``."""
    _lock(actor.tenant)
    row = find(Team, actor.tenant, team_id)
    named = _resolved(actor.tenant, fields)
    position = named.pop("position", None)
    settings_changes.update(actor=actor, row=row, fields=named)
    if position is not None or "department" in named:
        _place(Team.objects.of(actor.tenant).filter(department_id=row.department_id), row, position)
    return row


def remove_team(*, actor: Actor, team_id: int) -> None:
    """Raises ``NotFound``, and ``TeamInUse`` while users are in it."""
    row = find(Team, actor.tenant, team_id)
    members = User.objects.of(actor.tenant).filter(team=row)
    if members.filter(removed_at__isnull=True).exists():
        raise TeamInUse
    members.update(team=None)
    settings_changes.remove(actor=actor, row=row)


def create_site(*, actor: Actor, fields: Mapping[str, Any]) -> Site:
    return settings_changes.create(actor=actor, row=Site(tenant=actor.tenant, **fields))


def update_site(*, actor: Actor, site_id: int, fields: Mapping[str, Any]) -> Site:
    return settings_changes.update(actor=actor, row=find(Site, actor.tenant, site_id), fields=fields)


def remove_site(*, actor: Actor, site_id: int) -> None:
    """Remove a site; its users stand without one."""
    settings_changes.remove(actor=actor, row=find(Site, actor.tenant, site_id))


def find(model: type[T], tenant: Tenant, key: int) -> T:
    row: T | None = model.objects.of(tenant).filter(pk=key).first()
    if row is None:
        raise NotFound
    return row


def resolve_place(*, tenant: Tenant, fields: Mapping[str, Any], is_new: bool) -> dict[str, Any]:
    """Return the fields of a user with role (by code), team and site (by id) as rows of the company.

    Who is new and has no team named joins the only one there is. Raises ``Invalid``, naming the field.
    """
    resolved = dict(fields)
    if is_new:
        resolved.setdefault("role", "agent")
    if "role" in resolved:
        resolved["role"] = _known("role", Role.objects.of(tenant).filter(code=resolved["role"]))
    if is_new and "team" not in resolved:
        teams = list(Team.objects.of(tenant)[:2])
        resolved["team"] = teams[0] if len(teams) == 1 else None
    elif resolved.get("team") is not None:
        resolved["team"] = _known("team", Team.objects.of(tenant).filter(pk=resolved["team"]))
    if resolved.get("site") is not None:
        resolved["site"] = _known("site", Site.objects.of(tenant).filter(pk=resolved["site"]))
    return resolved


def _resolved(tenant: Tenant, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with what they name by id as rows of the company."""
    named = dict(fields)
    for field in ("parent", "department"):
        if named.get(field) is not None:
            named[field] = _known(field, Department.objects.of(tenant).filter(pk=named[field]))
    for field in ("head", "lead"):
        if named.get(field) is not None:
            users = User.objects.of(tenant).filter(pk=named[field], removed_at__isnull=True)
            named[field] = _known(field, users)
    return named


def _known(field: str, rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise Invalid(f"unknown_{field}", title=f"This {field} does not exist.", fields={field: f"unknown_{field}"})
    return row


def _lock(tenant: Tenant) -> None:
    """Let two who move departments at once do it one after the other."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)


def _depth(row: Department) -> int:
    return row.path.count("/")


def _check_place(row: Department, parent: Department | None) -> None:
    if parent is None:
        return
    if parent.path.startswith(row.path):
        raise BelowItself
    paths = Department.objects.of(row.tenant).filter(path__startswith=row.path).values_list("path", flat=True)
    height = max(path.count("/") for path in paths) - _depth(row) + 1
    if _depth(parent) + height > MAX_DEPTH:
        raise TooDeep(MAX_DEPTH)


def _move_below(tenant: Tenant, before: str, after: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_department SET path = %s || substr(path, %s) "
            "WHERE tenant_id = %s AND starts_with(path, %s)",
            [after, len(before) + 1, tenant.pk, before],
        )


def _place(beside: QuerySet[Any], row: Department | Team, position: int | None) -> None:
    """Put ``row`` at a place among its own, the last by default."""
    others: Sequence[Department | Team] = list(beside.exclude(pk=row.pk).order_by("position", "pk"))
    place = len(others) if position is None else max(0, min(position, len(others)))
    for number, each in enumerate([*others[:place], row, *others[place:]]):
        if each.position != number:
            each.position = number
            each.save(update_fields=["position"])
