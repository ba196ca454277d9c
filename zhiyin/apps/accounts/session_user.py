"""Who a session's user is, with company, role and place in the organisation: one prepared statement a request."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from zhiyin.apps.accounts.actors import DEPARTMENT_TEAMS, DEPUTISED, TEAMS
from zhiyin.apps.accounts.models import Role, User
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.prepared import fetch_prepared
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson

_USERS = RowsAsJson(User, table="accounts_user")
_ROLES = RowsAsJson(Role, table="role")
_TENANTS = RowsAsJson(Tenant, table="company")


def read_session_user(*, tenant_id: int, user_id: int, key: str) -> tuple[User, datetime] | None:
    """Return the user as ``with_place`` gives it, and when the session ``key`` was seen last.

    ``None``: there is no such user, or the session ended, or it is not the user's.
    """
    rows = fetch_prepared(_statement(), [str(user_id), str(tenant_id), key])
    if not rows:
        return None
    user_row, role_row, tenant_row, seen_at, *places = _decoder().decode(rows[0][0])
    user, role, tenant = _USERS.made_of(user_row), _ROLES.made_of(role_row), _TENANTS.made_of(tenant_row)
    role.tenant = user.tenant = tenant
    user.role = role
    for name, ids in zip(("team_ids", "deputised_ids", "department_team_ids"), places, strict=True):
        setattr(user, name, ids)
    return user, seen_at


@cache
def _statement() -> bytes:
    return f"""
        SELECT json_build_array({_USERS.row}, {_ROLES.row}, {_TENANTS.row}, login.seen_at,
                                {TEAMS}, {DEPUTISED}, {DEPARTMENT_TEAMS})::text
        FROM accounts_user
        JOIN accounts_role role ON role.id = accounts_user.role_id
        JOIN tenancy_tenant company ON company.id = accounts_user.tenant_id
        JOIN accounts_loginsession login
          ON login.user_id = accounts_user.id AND login.key = $3 AND login.ended_at IS NULL
        WHERE accounts_user.id = $1 AND accounts_user.tenant_id = $2
    """.encode()  # noqa: S608 - of our own words


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    parts: tuple[Any, ...] = (_USERS.type, _ROLES.type, _TENANTS.type, datetime, list[int], list[int], list[int])
    return msgspec.json.Decoder(tuple.__class_getitem__(parts))
