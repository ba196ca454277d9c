"""Who somebody is with us whom a provider named: known already, linked by rule, made by rule, or nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import structlog
from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhiyin.apps.accounts import roles as accounts_roles
from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.accounts.errors import LastAdministrator
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.services import UserChange
from zhiyin.apps.audit import services as audit
from zhiyin.apps.signin.errors import SignInFailed
from zhiyin.apps.signin.models import Identity, IdentityProvider, SignInPolicy
from zhiyin.apps.tenancy.actors import system

log = structlog.get_logger(__name__)

_USERNAME = re.compile(r"[^\s/@:;<>\"]{1,64}")


@transaction.atomic
def admit(*, provider: IdentityProvider, claims: Mapping[str, Any]) -> User:
    """Return the user whom a provider's believed answer means. Raises ``SignInFailed``:

    "account_off", "no_account" (neither linked nor made by rule), "no_username", "mail_unverified", "mail_domain",
    "username_taken".
    """
    subject = str(claims["sub"])
    known = Identity.objects.of(provider.tenant).filter(provider=provider, subject=subject).first()
    user = _user_of(provider, known.user_id) if known else _arrive(provider, subject, claims)
    if not user.is_active or user.removed_at is not None:
        raise SignInFailed("account_off", title="This account is switched off. Ask an administrator.")
    if known and provider.follows_groups:
        _follow_groups(provider, user, claims)
        return _user_of(provider, user.pk)
    return user


def _user_of(provider: IdentityProvider, user_id: int) -> User:
    return User.objects.of(provider.tenant).select_related("tenant", "role").get(pk=user_id)


def _arrive(provider: IdentityProvider, subject: str, claims: Mapping[str, Any]) -> User:
    if not provider.links_existing and not provider.does_create:
        raise SignInFailed("no_account", title="There is no account for you here. Ask an administrator.")
    _check_domain(provider, claims)
    username = _username(provider, claims)
    rows = User.objects.of(provider.tenant).select_related("tenant", "role")
    user = rows.filter(username__iexact=username, removed_at__isnull=True).first()
    if user is None and not provider.does_create:
        raise SignInFailed("no_account", title="There is no account for you here. Ask an administrator.")
    if user is None:
        user = _make(provider, username, claims)
    elif not provider.links_existing or Identity.objects.of(provider.tenant).filter(provider=provider, user=user):
        title = "Somebody else has this user name here. Ask an administrator."
        raise SignInFailed("username_taken", title=title)
    Identity.objects.of(provider.tenant).create(provider=provider, user=user, subject=subject)
    actor = system(provider.tenant)
    after = {"provider": provider.name}
    audit.record(actor=actor, action="identity.linked", kind="user", subject=user.pk, name=user.name, after=after)
    return user


def _check_domain(provider: IdentityProvider, claims: Mapping[str, Any]) -> None:
    """Where the company named its mail domains: let in only who has a verified address in one of them."""
    if not provider.mail_domains:
        return
    given = claims.get("email", claims["sub"] if provider.kind == IdentityProvider.Kind.SAML else "")
    if provider.kind == IdentityProvider.Kind.OIDC and claims.get("email_verified") is not True:
        raise SignInFailed("mail_unverified", title="Your identity provider has not verified your e-mail address.")
    _need_domain(provider, str(given))


def _need_domain(provider: IdentityProvider, address: str) -> None:
    if address.rpartition("@")[2].lower() not in provider.mail_domains:
        raise SignInFailed("mail_domain", title="Your e-mail address is none of this company's.")


def _username(provider: IdentityProvider, claims: Mapping[str, Any]) -> str:
    """Return the user name that the claims give.

    Of a mail address it is what stands before the @, so the domain must be one of the company's: else anybody with
    an address of the same beginning would be somebody here.
    """
    given = claims.get(provider.user_claim) if provider.user_claim else claims["sub"]
    name = given.strip() if isinstance(given, str) else ""
    if "@" in name:
        _need_domain(provider, name)
        name = name.rpartition("@")[0]
    if not _USERNAME.fullmatch(name):
        raise SignInFailed("no_username", title="Your identity provider gives no user name that can be used here.")
    return name


def _follow_groups(provider: IdentityProvider, user: User, claims: Mapping[str, Any]) -> None:
    """Give a user the role and team that the groups say now; who is in none of them, the default role.

    Nothing changes where the provider does not tell of groups, for the account of last resort, for the last
    administrator, and where the role may do more than whoever mapped the groups may do by now.
    """
    if not provider.group_claim or provider.group_claim not in claims:
        return
    place = _place(provider, claims)
    is_there = place["role"] == user.role.code and place["team"] in (None, user.team_id)
    if is_there or SignInPolicy.objects.of(provider.tenant).filter(break_glass=user).exists():
        return
    maker, role = provider.mapped_by, accounts_roles.list_roles(tenant=provider.tenant).get(code=place["role"])
    if maker is None or not maker.is_active or not role.permissions.is_within(maker.role.permissions):
        log.warning("groups_not_followed", user=user.pk, provider=provider.pk, why="beyond_the_mapping_s_maker")
        return
    actor = system(provider.tenant)
    fields = {name: value for name, value in place.items() if value is not None}
    try:
        with transaction.atomic():
            accounts.update_user(actor=actor, user_id=user.pk, change=UserChange(fields))
    except LastAdministrator:
        log.warning("groups_not_followed", user=user.pk, provider=provider.pk, why="last_administrator")
        return
    after = {"provider": provider.name, "role": place["role"]}
    audit.record(
        actor=actor, action="identity.groups_followed", kind="user", subject=user.pk, name=user.name, after=after
    )


def _place(provider: IdentityProvider, claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return the role and team of the first group that fits, else the default ones."""
    groups = claims.get(provider.group_claim, []) if provider.group_claim else []
    held = {groups} if isinstance(groups, str) else {str(group) for group in groups}
    fitting = next((each for each in provider.group_roles if each["group"] in held), None)
    if fitting is None:
        return {"role": provider.default_role, "team": provider.default_team_id}
    return {"role": fitting["role"], "team": fitting.get("team") or provider.default_team_id}


def _make(provider: IdentityProvider, username: str, claims: Mapping[str, Any]) -> User:
    """Make a user without a password, with the role and team of the first group that fits."""
    name = claims.get(provider.name_claim) if provider.name_claim else None
    place = _place(provider, claims)
    fields = {
        "username": username,
        "name": (name.strip() if isinstance(name, str) else "")[:100] or username,
        "language": "zh" if provider.tenant.language.startswith("zh") else "en",
        **{key: value for key, value in place.items() if value is not None},
    }
    actor = system(provider.tenant)
    made = accounts.create_user_with_hash(actor=actor, password_hash=make_password(None), change=UserChange(fields))
    return _user_of(provider, made.pk)
