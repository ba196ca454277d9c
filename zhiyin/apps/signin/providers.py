"""The identity providers of a company: told of each other, tried, switched on and off."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhiyin.apps.accounts import roles
from zhiyin.apps.accounts.models import Team
from zhiyin.apps.audit import services as audit
from zhiyin.apps.outgoing import check_url
from zhiyin.apps.refusals import Invalid, NotFound
from zhiyin.apps.signin import oidc, saml
from zhiyin.apps.signin.attempts import SECRET_PURPOSE
from zhiyin.apps.signin.errors import NoProvider
from zhiyin.apps.signin.models import IdentityProvider, SignInPolicy
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant, TenantQuerySet
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.tenancy.vault import seal_secret

_SHOWN = (
    *("name", "kind", "origin", "is_enabled", "issuer", "client_id", "scopes", "login_url", "user_claim"),
    *("name_claim", "group_claim", "links_existing", "does_create", "default_role", "default_team_id", "group_roles"),
    *("mail_domains", "follows_groups"),
)
#: by what somebody gets a role without being given it by hand
_MAPPING = frozenset({"group_claim", "group_roles", "default_role", "follows_groups"})


def list_providers(*, tenant: Tenant) -> TenantQuerySet[IdentityProvider]:
    rows: TenantQuerySet[IdentityProvider] = IdentityProvider.objects.of(tenant)
    return rows


def offered(*, company: str) -> list[IdentityProvider]:
    """Return what the log-in page offers for a company code; nothing for one that does not exist."""
    tenant = Tenant.objects.filter(code=company.strip().lower()).first()
    if tenant is None:
        return []
    enter_tenant(tenant.pk)
    return list(IdentityProvider.objects.of(tenant).filter(is_enabled=True).order_by("name"))


def get_provider(*, tenant: Tenant, provider_id: int) -> IdentityProvider:
    """Raises ``NotFound``."""
    row = IdentityProvider.objects.of(tenant).filter(pk=provider_id).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def create_provider(*, actor: Actor, kind: str, fields: Mapping[str, Any]) -> IdentityProvider:
    """Raises ``Invalid`` for what cannot be; a taken name violates ``provider_name_taken``."""
    row = IdentityProvider(tenant=actor.tenant, kind=kind, key=secrets.token_hex(12))
    _apply(actor, row, fields)
    row.save(force_insert=True)
    _record(actor, "provider.created", row, after=_facts(row))
    return row


@transaction.atomic
def update_provider(*, actor: Actor, provider_id: int, fields: Mapping[str, Any]) -> IdentityProvider:
    """Change what is named. Raises ``NotFound``, ``Invalid`` and ``NoProvider``."""
    row = get_provider(tenant=actor.tenant, provider_id=provider_id)
    before = _facts(row)
    _apply(actor, row, fields)
    row.save()
    _keep_a_way_in(actor.tenant)
    _record(actor, "provider.changed", row, before=before, after=_facts(row))
    return row


@transaction.atomic
def remove_provider(*, actor: Actor, provider_id: int) -> None:
    """Its users keep their accounts, and need a password. Raises ``NotFound`` and ``NoProvider``."""
    row = get_provider(tenant=actor.tenant, provider_id=provider_id)
    _record(actor, "provider.removed", row)
    row.delete()
    _keep_a_way_in(actor.tenant)


def try_provider(row: IdentityProvider) -> list[str]:
    """Ask the provider what it publishes; return what was found, for people to read. Raises ``SignInFailed``."""
    if row.kind == IdentityProvider.Kind.SAML:
        saml.own_metadata(row, saml.Addresses("x", f"{row.origin}/x"))
        return [row.login_url]
    metadata = oidc.discover(row.issuer, is_fresh=True)
    return [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri]


def _apply(actor: Actor, row: IdentityProvider, fields: Mapping[str, Any]) -> None:
    given = dict(fields)
    secret = given.pop("client_secret", None)
    if secret:
        row.sealed_secret = seal_secret(secret, tenant=actor.tenant, purpose=SECRET_PURPOSE)
    team = given.pop("default_team", ...)
    if team is not ...:
        row.default_team = _team(actor.tenant, team, "default_team")
    for name, value in given.items():
        setattr(row, name, value)
    known = {role.code: role.permissions for role in roles.list_roles(tenant=actor.tenant)}
    for field, codes in (("default_role", [row.default_role]), ("group_roles", [g["role"] for g in row.group_roles])):
        if not known.keys() >= set(codes):
            raise Invalid("unknown_role", title="This role does not exist.", fields={field: "unknown_role"})
        if _MAPPING & given.keys() and not all(known[code].is_within(actor.permissions) for code in codes):
            title = "This role may do more than you. Only somebody who may do as much can map groups to it."
            raise Invalid("beyond_own_rights", title=title, fields={field: "beyond_own_rights"})
    if _MAPPING & given.keys():
        row.mapped_by_id = actor.user_id
    for each in row.group_roles:
        _team(actor.tenant, each.get("team"), "group_roles")
    if row.kind == IdentityProvider.Kind.OIDC:
        _check_address(row.issuer, "issuer")
        _need(row.client_id, "client_id")
    else:
        _need(row.issuer, "issuer")
        _check_address(row.login_url, "login_url")
        row.certificates = [saml.check_certificate(each) for each in row.certificates]
        _need(row.certificates, "certificates")


def _check_address(address: str, field: str) -> None:
    try:
        check_url(address)
    except Invalid as error:
        raise Invalid(error.code, title=error.title, fields={field: error.code}) from error


def _need(value: object, field: str) -> None:
    if not value:
        raise Invalid("blank", title="This must be filled in.", fields={field: "blank"})


def _team(tenant: Tenant, team_id: int | None, field: str) -> Team | None:
    if team_id is None:
        return None
    team = Team.objects.of(tenant).filter(pk=team_id).first()
    if team is None:
        raise Invalid("unknown_team", title="This team does not exist.", fields={field: "unknown_team"})
    return team


def _keep_a_way_in(tenant: Tenant) -> None:
    if not SignInPolicy.objects.of(tenant).filter(is_sso_only=True).exists():
        return
    if not IdentityProvider.objects.of(tenant).filter(is_enabled=True).exists():
        raise NoProvider


def _facts(row: IdentityProvider) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SHOWN}


def _record(
    actor: Actor,
    action: str,
    row: IdentityProvider,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        actor=actor,
        action=action,
        kind="identity_provider",
        subject=row.pk,
        name=row.name,
        before=before,
        after=after,
    )
