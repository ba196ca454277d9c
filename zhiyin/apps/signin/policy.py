"""What a company demands when its people log in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhiyin.apps.accounts import roles
from zhiyin.apps.accounts.models import User
from zhiyin.apps.audit import services as audit
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.signin.errors import NoBreakGlass, NoProvider
from zhiyin.apps.signin.models import IdentityProvider, SignInPolicy
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


def get_policy(tenant: Tenant) -> SignInPolicy:
    """Return the company's policy; one that demands nothing where none was saved."""
    return SignInPolicy.objects.of(tenant).first() or SignInPolicy(tenant=tenant)


def may_use_password(user: User) -> bool:
    """Whether a password alone begins a login: where single sign-on is the only way, that of one administrator.

    Where that one is not at work any more, every administrator's: a company must not be locked out.
    """
    policy = get_policy(user.tenant)
    if not policy.is_sso_only or policy.break_glass_id == user.pk:
        return True
    keeper = policy.break_glass
    return (keeper is None or not keeper.is_active) and user.role.permissions.may("admin")


@transaction.atomic
def save_policy(
    *, actor: Actor, second_factor_roles: Sequence[str], is_sso_only: bool, break_glass: int | None
) -> SignInPolicy:
    """Set which roles need a second factor, and whether passwords let in more than one administrator.

    Raises ``Invalid`` for an unknown role, ``NoBreakGlass`` and ``NoProvider``.
    """
    known = roles.list_roles(tenant=actor.tenant).values_list("code", flat=True)
    unknown = set(second_factor_roles) - set(known)
    if unknown:
        field = {"second_factor_roles": "unknown_role"}
        raise Invalid("unknown_role", title="This role does not exist.", fields=field)
    row = get_policy(actor.tenant)
    before = _shown(row)
    row.second_factor_roles = sorted(set(second_factor_roles))
    row.is_sso_only = is_sso_only
    row.break_glass = roles.administrators(tenant=actor.tenant).filter(pk=break_glass or 0).first()
    if is_sso_only and (row.break_glass is None or not row.break_glass.has_usable_password()):
        raise NoBreakGlass
    if is_sso_only and not IdentityProvider.objects.of(actor.tenant).filter(is_enabled=True).exists():
        raise NoProvider
    row.save()
    audit.record(
        actor=actor,
        action="sign_in_policy.changed",
        kind="sign_in_policy",
        name="",
        before=before,
        after=_shown(row),
    )
    return row


def _shown(row: SignInPolicy) -> dict[str, Any]:
    return {
        "second_factor_roles": list(row.second_factor_roles),
        "is_sso_only": row.is_sso_only,
        "break_glass": row.break_glass_id,
    }
