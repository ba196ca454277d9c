"""From the log-in page to a provider and back: an attempt is bound to company, provider and browser, and used once."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from zhiyin.apps.accounts.models import User
from zhiyin.apps.refusals import TooMany
from zhiyin.apps.signin import arrivals, oidc, saml
from zhiyin.apps.signin.errors import SignInFailed
from zhiyin.apps.signin.models import IdentityProvider, SignInAttempt
from zhiyin.apps.signin.saml import Addresses
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.tenancy.vault import open_secret
from zhiyin.contracts.sealing import CannotOpen

#: for so long somebody may be busy at the provider
ATTEMPT_LIFE = timedelta(minutes=15)
#: of one provider; anybody may begin, and each leaves a row until it is forgotten
MOST_WAITING = 2_000
SECRET_PURPOSE = "identity provider"  # noqa: S105 - what the secret is for
#: a place in our own pages: one slash, then anything but a slash or backslash
_OWN_PLACE = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def address_of(provider: IdentityProvider, last: str) -> str:
    """Return one of the addresses that the provider is told."""
    return f"{provider.origin}/api/sign-in/{provider.tenant_id}-{provider.key}/{last}"


def addresses_of(provider: IdentityProvider) -> Addresses:
    return Addresses(entity_id=address_of(provider, "metadata"), consumer=address_of(provider, "acs"))


def find_provider(path: str) -> IdentityProvider | None:
    """Return the enabled provider of such an address, and enter its company; its rows alone are seen from then on."""
    company, _, key = path.partition("-")
    if not company.isdecimal() or not company.isascii() or len(company) > 18:
        return None
    tenant = Tenant.objects.filter(pk=int(company)).first()
    if tenant is None:
        return None
    enter_tenant(tenant.pk)
    rows = IdentityProvider.objects.of(tenant).select_related("tenant", "default_team")
    return rows.filter(key=key, is_enabled=True).first()


def begin(*, provider: IdentityProvider, next_place: str, now: datetime) -> tuple[str, str]:
    """Return where to send the browser, and the state by which its session knows the attempt.

    Raises ``SignInFailed``, and ``TooMany`` where somebody begins again and again.
    """
    waiting = SignInAttempt.objects.of(provider.tenant).filter(provider=provider, began_at__gt=now - ATTEMPT_LIFE)
    if waiting.count() >= MOST_WAITING:
        raise TooMany(title="Too many people are logging in just now. Try again in a few minutes.")
    state, nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    if provider.kind == IdentityProvider.Kind.OIDC:
        metadata, redirect = oidc.discover(provider.issuer), address_of(provider, "callback")
        address = oidc.login_address(provider, metadata, redirect=redirect, state=state, nonce=nonce, verifier=verifier)
    else:
        verifier = ""
        address, nonce = saml.login_address(provider, addresses_of(provider), state=state)
    SignInAttempt.objects.of(provider.tenant).create(
        provider=provider,
        state=state,
        nonce=nonce,
        verifier=verifier,
        next=next_place if _OWN_PLACE.fullmatch(next_place) else "",
        began_at=now,
    )
    return address, state


def logout_address(path: str) -> str:
    """Return where the browser logs out at the provider by which its session was opened; "" where it cannot."""
    provider = find_provider(path)
    if provider is None or provider.kind != IdentityProvider.Kind.OIDC:
        return ""
    try:
        return oidc.logout_address(provider, oidc.discover(provider.issuer))
    except SignInFailed:  # it is away: who logs out here is not held up
        return ""


def finish_oidc(
    *, provider: IdentityProvider, state: str, known_state: str, code: str, issuer: str, now: datetime
) -> tuple[User, str]:
    """Return who comes back with a code, and the place that was asked for. Raises ``SignInFailed``."""
    attempt = _own_attempt(provider, state, known_state, now)
    if attempt.answered_at is not None or not code:
        raise SignInFailed("sign_in_over")
    if issuer and issuer.rstrip("/") != provider.issuer.rstrip("/"):
        raise SignInFailed("not_believed", title="Another provider answered.")
    attempt.answered_at = attempt.finished_at = now
    attempt.save(update_fields=["answered_at", "finished_at"])
    try:
        secret = open_secret(provider.sealed_secret, tenant=provider.tenant, purpose=SECRET_PURPOSE)
    except CannotOpen as error:
        raise SignInFailed("bad_provider", title="The provider's secret cannot be read. Enter it once more.") from error
    redirect = address_of(provider, "callback")
    claims = oidc.redeem(
        provider, secret=secret, code=code, redirect=redirect, nonce=attempt.nonce, verifier=attempt.verifier
    )
    return arrivals.admit(provider=provider, claims=claims), attempt.next


def take_response(*, provider: IdentityProvider, state: str, response: str, now: datetime) -> str:
    """Keep whom a SAML response names, for the browser to come for; return the attempt's state.

    The response comes by a form of the provider's page, which brings no session. Raises ``SignInFailed``.
    """
    if provider.kind != IdentityProvider.Kind.SAML or len(response) > saml.MAX_RESPONSE_BYTES:
        raise SignInFailed("not_believed")
    attempt = _attempt(provider, state, now)
    if attempt.answered_at is not None:
        raise SignInFailed("sign_in_over")
    claims = saml.read_response(provider, addresses_of(provider), response=response, request_id=attempt.nonce)
    attempt.answered_at, attempt.answer = now, claims
    attempt.save(update_fields=["answered_at", "answer"])
    return attempt.state


def finish_saml(*, provider: IdentityProvider, state: str, known_state: str, now: datetime) -> tuple[User, str]:
    """Return who comes back in the browser that had begun, and the place asked for. Raises ``SignInFailed``."""
    attempt = _own_attempt(provider, state, known_state, now)
    if attempt.answer is None or attempt.finished_at is not None:
        raise SignInFailed("sign_in_over")
    claims: dict[str, Any] = attempt.answer
    attempt.finished_at, attempt.answer = now, None
    attempt.save(update_fields=["finished_at", "answer"])
    return arrivals.admit(provider=provider, claims=claims), attempt.next


def forget_old_attempts(*, now: datetime) -> int:
    """Delete attempts that no answer counts for any more; return how many."""
    deleted, _ = SignInAttempt._base_manager.filter(began_at__lt=now - ATTEMPT_LIFE).delete()
    return deleted


def _own_attempt(provider: IdentityProvider, state: str, known_state: str, now: datetime) -> SignInAttempt:
    """Another browser's attempt is nobody's: else somebody could be logged in as whoever sent the link."""
    if not known_state or not secrets.compare_digest(state.encode(), known_state.encode()):
        raise SignInFailed("sign_in_over")
    return _attempt(provider, state, now)


def _attempt(provider: IdentityProvider, state: str, now: datetime) -> SignInAttempt:
    rows = SignInAttempt.objects.of(provider.tenant).select_for_update()
    found = rows.filter(provider=provider, state=state[:64], began_at__gt=now - ATTEMPT_LIFE).first()
    if found is None:
        raise SignInFailed("sign_in_over")
    return found
