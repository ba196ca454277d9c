"""OpenID Connect, authorization code with PKCE: where to send the browser, and whom the answer names.

Everything a provider says is checked here and nothing of it acted upon: ``arrivals.py`` decides who that is with us.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import structlog
from django.core.cache import cache

from zhiyin.apps.outgoing import BadTarget, NoAnswer, check_url, post
from zhiyin.apps.signin.errors import SignInFailed
from zhiyin.apps.signin.models import IdentityProvider

log = structlog.get_logger(__name__)

#: only those by a key pair: with a shared secret, or none, whoever knows the client id could sign
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS_DIFFER_S = 60
_REMEMBERED_S = 300
_MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    auth_methods: tuple[str, ...] = ("client_secret_basic",)
    #: where the browser goes to log out there too; "" where the provider offers nothing
    end_session_endpoint: str = ""


def discover(issuer: str, *, is_fresh: bool = False) -> Metadata:
    """Return what the issuer publishes. Raises ``SignInFailed`` ("provider_away", "bad_provider")."""
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _read(address, is_fresh=is_fresh)
    try:
        metadata = Metadata(
            issuer=str(found["issuer"]),
            authorization_endpoint=str(found["authorization_endpoint"]),
            token_endpoint=str(found["token_endpoint"]),
            jwks_uri=str(found["jwks_uri"]),
            userinfo_endpoint=str(found.get("userinfo_endpoint", "")),
            auth_methods=tuple(map(str, found.get("token_endpoint_auth_methods_supported", ("client_secret_basic",)))),
            end_session_endpoint=str(found.get("end_session_endpoint", "")),
        )
        check_url(metadata.authorization_endpoint)
        if metadata.end_session_endpoint:
            check_url(metadata.end_session_endpoint)
    except (KeyError, TypeError, BadTarget) as error:
        raise SignInFailed("bad_provider", title=f"{address} does not say what is needed.") from error
    if metadata.issuer.rstrip("/") != issuer.rstrip("/"):
        raise SignInFailed("bad_provider", title=f"{address} names another issuer: {metadata.issuer[:200]}")
    return metadata


def login_address(
    provider: IdentityProvider, metadata: Metadata, *, redirect: str, state: str, nonce: str, verifier: str
) -> str:
    """Return where to send the browser."""
    facts = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect,
        "scope": provider.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    mark = "&" if "?" in metadata.authorization_endpoint else "?"
    return f"{metadata.authorization_endpoint}{mark}{urlencode(facts)}"


def logout_address(provider: IdentityProvider, metadata: Metadata) -> str:
    """Return where the browser ends the session at the provider too and comes back from; "" where it cannot.

    (OpenID Connect RP-Initiated Logout.) Without a hint of who it is: the ID token is not kept, and tells of a person.
    """
    if not metadata.end_session_endpoint:
        return ""
    facts = {"client_id": provider.client_id, "post_logout_redirect_uri": f"{provider.origin}/login"}
    mark = "&" if "?" in metadata.end_session_endpoint else "?"
    return f"{metadata.end_session_endpoint}{mark}{urlencode(facts)}"


def redeem(
    provider: IdentityProvider, *, secret: str, code: str, redirect: str, nonce: str, verifier: str
) -> dict[str, Any]:
    """Return the claims of the person for whom the provider gave this code. Raises ``SignInFailed``."""
    metadata = discover(provider.issuer)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    if "client_secret_basic" in metadata.auth_methods or "client_secret_post" not in metadata.auth_methods:
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": provider.client_id, "client_secret": secret}
    tokens = _ask(metadata.token_endpoint, body=urlencode(form).encode(), headers=headers, method="POST")
    claims = read_id_token(str(tokens.get("id_token", "")), provider=provider, metadata=metadata, nonce=nonce)
    wanted = {name for name in (provider.user_claim, provider.name_claim, provider.group_claim) if name}
    if wanted <= claims.keys() or not metadata.userinfo_endpoint or "access_token" not in tokens:
        return claims
    bearer = {"Accept": "application/json", "Authorization": f"Bearer {tokens['access_token']}"}
    told = _ask(metadata.userinfo_endpoint, body=b"", headers=bearer, method="GET")
    if told.get("sub") != claims["sub"]:
        raise _not_believed("userinfo is about somebody else")
    return {**told, **claims}


def read_id_token(token: str, *, provider: IdentityProvider, metadata: Metadata, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token for this client, this attempt and now. Raises ``SignInFailed``."""
    import jwt  # noqa: PLC0415 - only where somebody signs in this way

    try:
        header = jwt.get_unverified_header(token)
        key = _signing_key(metadata.jwks_uri, header)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=metadata.issuer,
            leeway=CLOCKS_DIFFER_S,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except jwt.PyJWTError as error:
        raise _not_believed(type(error).__name__) from error
    audience = claims["aud"]
    is_for_many = isinstance(audience, list) and len(audience) > 1
    if (is_for_many or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise _not_believed("issued to another client")
    if claims.get("nonce") != nonce:
        raise _not_believed("nonce of another attempt")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise _not_believed("no subject")
    return claims


def _signing_key(address: str, header: Mapping[str, Any]) -> Any:
    """Return the key that the token names; keys are fetched anew once where it is a new one."""
    import jwt  # noqa: PLC0415 - as above

    for is_fresh in (False, True):
        keys = jwt.PyJWKSet.from_dict(_read(address, is_fresh=is_fresh)).keys
        fitting = [key for key in keys if key.public_key_use in (None, "sig")]
        if "kid" in header:
            fitting = [key for key in fitting if key.key_id == header["kid"]]
        if len(fitting) == 1:
            return fitting[0]
    raise jwt.InvalidKeyError("no key of the provider fits")


def _read(address: str, *, is_fresh: bool) -> dict[str, Any]:
    """Return a published document, remembered for a few minutes."""
    name = f"sign-in:{hashlib.sha256(address.encode()).hexdigest()}"
    kept: dict[str, Any] | None = None if is_fresh else cache.get(name)
    if kept is None:
        kept = _ask(address, body=b"", headers={"Accept": "application/json"}, method="GET")
        cache.set(name, kept, _REMEMBERED_S)
    return kept


def _ask(address: str, *, body: bytes, headers: Mapping[str, str], method: str) -> dict[str, Any]:
    named = {"User-Agent": "Zhiyin-Sign-In/1", **headers}
    try:
        answer = post(address, body=body, headers=named, method=method, most_bytes=_MOST_BYTES)
    except (NoAnswer, BadTarget) as error:
        code = error.code
        title = f"The identity provider cannot be asked ({code})."
        raise SignInFailed("provider_away", title=title, facts={"why": code}) from error
    if not answer.is_taken:
        log.warning("provider_refused", status=answer.status)
        title = f"The identity provider answered {answer.status}."
        raise SignInFailed("provider_refused", title=title, facts={"why": str(answer.status)})
    try:
        content = json.loads(answer.body)
    except ValueError as error:
        raise SignInFailed("bad_provider", title="The identity provider's answer is not JSON.") from error
    if not isinstance(content, dict):
        raise SignInFailed("bad_provider", title="The identity provider's answer is not an object.")
    return content


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _not_believed(why: str) -> SignInFailed:
    log.warning("sign_in_not_believed", why=why)
    return SignInFailed("not_believed", title="The identity provider's answer is not believed.", facts={"why": why})
