"""What a company demands when its people log in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhiyin.apps.accounts import roles
from zhiyin.apps.audit import services as audit
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.signin.models import SignInPolicy
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


def get_policy(tenant: Tenant) -> SignInPolicy:
    """Return the company's policy; one that demands nothing where none was saved."""
    return SignInPolicy.objects.of(tenant).first() or SignInPolicy(tenant=tenant)


@transaction.atomic
def save_policy(*, actor: Actor, second_factor_roles: Sequence[str]) -> SignInPolicy:
    """Set which roles need a second factor. Raises ``Invalid`` for an unknown role."""
    known = roles.list_roles(tenant=actor.tenant).values_list("code", flat=True)
    unknown = set(second_factor_roles) - set(known)
    if unknown:
        field = {"second_factor_roles": "unknown_role"}
        raise Invalid("unknown_role", title="This role does not exist.", fields=field)
    row = get_policy(actor.tenant)
    before = _shown(row)
    row.second_factor_roles = sorted(set(second_factor_roles))
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
    return {"second_factor_roles": list(row.second_factor_roles)}
