"""From a user's row to the actor: rights, teams and whom the user is deputy for, all in the statement that reads it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from zhiyin.apps.accounts.models import User
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

_IDS = ArrayField(BigIntegerField())
#: the teams the user is in or leads
TEAMS = """ARRAY(
    SELECT team.id FROM accounts_team team
    WHERE team.tenant_id = accounts_user.tenant_id
      AND (team.id = accounts_user.team_id OR team.lead_id = accounts_user.id))"""
#: the teams of the departments the user is in or heads, and of those below them
DEPARTMENT_TEAMS = """ARRAY(
    SELECT DISTINCT team.id FROM accounts_team team
    JOIN accounts_department department ON department.id = team.department_id
    JOIN accounts_department top ON top.tenant_id = team.tenant_id AND starts_with(department.path, top.path)
    WHERE team.tenant_id = accounts_user.tenant_id AND (top.head_id = accounts_user.id OR EXISTS (
        SELECT 1 FROM accounts_team mine WHERE mine.department_id = top.id
          AND (mine.id = accounts_user.team_id OR mine.lead_id = accounts_user.id))))"""


#: the users who are away just now and have this one as deputy
DEPUTISED = """ARRAY(
    SELECT DISTINCT absence.user_id FROM accounts_absence absence
    WHERE absence.tenant_id = accounts_user.tenant_id AND absence.deputy_id = accounts_user.id
      AND absence.starts_at <= statement_timestamp() AND absence.ends_at > statement_timestamp())"""


def with_place(users: QuerySet[User]) -> QuerySet[User]:
    """Let each user come with company, role, and place in the organisation."""
    return users.select_related("tenant", "role").annotate(
        team_ids=RawSQL(TEAMS, (), output_field=_IDS),  # noqa: S611 - no values in it
        deputised_ids=RawSQL(DEPUTISED, (), output_field=_IDS),  # noqa: S611 - no values in it
        department_team_ids=RawSQL(DEPARTMENT_TEAMS, (), output_field=_IDS),  # noqa: S611 - no values in it
    )


def actor_from(user: User, *, address: str = "", session: str = "") -> Actor:
    """Return the actor of a user that was read ``with_place``."""
    return Actor(
        tenant=user.tenant,
        user_id=user.pk,
        name=user.name,
        role=user.role.code,
        permissions=user.role.permissions,
        role_name=user.role.name,
        role_name_en=user.role.name_en,
        address=address,
        language=user.language,
        session=session,
        team_ids=frozenset(getattr(user, "team_ids", ())),
        department_team_ids=frozenset(getattr(user, "department_team_ids", ())),
        deputised_ids=frozenset(getattr(user, "deputised_ids", ())),
    )


def actor_of(*, tenant: Tenant, user_id: int, address: str = "", session: str = "") -> Actor | None:
    """Return a user at work as an actor; ``None``: removed or switched off."""
    user = with_place(User.objects.of(tenant)).filter(pk=user_id, is_active=True, removed_at__isnull=True).first()
    return None if user is None else actor_from(user, address=address, session=session)
