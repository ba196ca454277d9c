"""Roles: making, changing and reading them, and who can administer the company by them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from zhiyin.apps.accounts.errors import BuiltInRole, LastAdministrator, RoleInUse
from zhiyin.apps.accounts.models import Role, User
from zhiyin.apps.accounts.rights import BUILT_IN, BY_CODE
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.refusals import Invalid, NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import known_fields
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.permissions import Access, Scope


def may(right: str) -> Q:
    """Return the condition for users whose role has a right."""
    built_in = [code for code, permissions in BUILT_IN.items() if permissions.may(right)]
    return Q(role__is_built_in=True, role__code__in=built_in) | Q(role__is_built_in=False, role__rights__has_key=right)


def administrators(*, tenant: Tenant) -> QuerySet[User]:
    """Return the users who can administer the company now."""
    rows: QuerySet[User] = User.objects.of(tenant)
    return rows.filter(may("admin"), is_active=True, removed_at__isnull=True)


def list_roles(*, tenant: Tenant) -> QuerySet[Role]:
    """Return the roles, the built-in ones first, each with how many have it (``holders``)."""
    holders = Count("users", filter=Q(users__removed_at__isnull=True))
    rows: QuerySet[Role] = Role.objects.of(tenant)
    return rows.annotate(holders=holders).order_by("-is_built_in", "pk")


def get_role(*, tenant: Tenant, role_id: int) -> Role:
    role = list_roles(tenant=tenant).filter(pk=role_id).first()
    if role is None:
        raise NotFound
    return role


@transaction.atomic
def create_role(*, actor: Actor, fields: Mapping[str, Any], copy_of: str = "") -> Role:
    """Make a role, with the matrix of another where one is named. Raises ``Invalid``; a taken name violates
    ``role_name_taken``.
    """
    named = dict(fields)
    if copy_of:
        source = Role.objects.of(actor.tenant).filter(code=copy_of).first()
        if source is None:
            raise Invalid("unknown_role", title="This role does not exist.", fields={"copy_of": "unknown_role"})
        rights, field_rights = matrix_of(source)
        named.setdefault("rights", rights)
        named.setdefault("fields", field_rights)
    _check(actor.tenant, named)
    row = Role(tenant=actor.tenant, code=f"r{secrets.token_hex(4)}", **named)
    return settings_changes.create(actor=actor, row=row)


@transaction.atomic
def update_role(*, actor: Actor, role_id: int, fields: Mapping[str, Any]) -> Role:
    """Raises ``NotFound``, ``BuiltInRole``, ``Invalid``, and ``LastAdministrator`` where nobody could go on."""
    role = get_role(tenant=actor.tenant, role_id=role_id)
    if role.is_built_in:
        raise BuiltInRole
    _check(actor.tenant, fields)
    settings_changes.update(actor=actor, row=role, fields=fields)
    if not administrators(tenant=actor.tenant).exists():
        raise LastAdministrator
    return role


@transaction.atomic
def remove_role(*, actor: Actor, role_id: int) -> None:
    """Raises ``NotFound``, ``BuiltInRole``, and ``RoleInUse`` while somebody has it."""
    role = get_role(tenant=actor.tenant, role_id=role_id)
    if role.is_built_in:
        raise BuiltInRole
    users = User.objects.of(actor.tenant).filter(role=role)
    holders = users.filter(removed_at__isnull=True).count()
    if holders:
        raise RoleInUse(holders)
    users.update(role=Role.objects.of(actor.tenant).get(code="agent"))  # those who were removed with it
    settings_changes.remove(actor=actor, row=role)


def matrix_of(role: Role) -> tuple[dict[str, str], dict[str, str]]:
    """Return the rights with their scopes and the fields with their access, as they are stored and shown."""
    permissions = role.permissions
    rights = {right: scope.value for right, scope in permissions.rights.items()}
    fields = {".".join(name): access.value for name, access in permissions.fields.items()}
    return rights, fields


def _check(tenant: Tenant, fields: Mapping[str, Any]) -> None:
    """Raise ``Invalid``, naming each right or field that is unknown or cannot have what is asked."""
    wrong: dict[str, str] = {}
    for code, scope in (fields.get("rights") or {}).items():
        right = BY_CODE.get(code)
        if right is None:
            wrong[f"rights.{code}"] = "unknown_right"
        elif scope not in set(Scope) or (not right.has_scopes and scope != Scope.ALL):
            wrong[f"rights.{code}"] = "unknown_scope"
    named = fields.get("fields") or {}
    known = {f"{subject}.{field.code}" for subject, each in known_fields(tenant).items() for field in each}
    for name, access in named.items():
        if name not in known:
            wrong[f"fields.{name}"] = "unknown_field"
        elif access not in set(Access):
            wrong[f"fields.{name}"] = "unknown_access"
    if wrong:
        raise Invalid("unknown_right", title="Some rights or fields do not exist.", fields=wrong)
