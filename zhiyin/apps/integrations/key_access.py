"""Admitting a call that shows an API key, in a short transaction of its own before the request's.

The allowance is one row per key that every web process counts down in one statement, in an unlogged table: no
process has to know how many others there are, and no lock outlives the statement (docs/decisions/0035).
"""

from __future__ import annotations

import hmac
import math
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from zhiyin.apps.integrations.errors import AddressNotAllowed, BadKey, KeyExpired, KeyRevoked, TooManyCalls
from zhiyin.apps.integrations.keys import digest_of, is_allowed_from
from zhiyin.apps.integrations.models import ApiKey
from zhiyin.apps.refusals import NotLoggedIn, Refusal
from zhiyin.apps.rest.access import KeyCall, remote_address
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.domain.permissions import Permissions, Scope

_NOTED_EVERY = timedelta(minutes=1)
_PARTS = 4

#: takes one call where one is left; what was left comes back, no row: none was
_TAKE = """
    INSERT INTO integrations_keyallowance AS held (key_id, tenant_id, calls, filled_at)
    VALUES (%(key)s, %(tenant)s, %(most)s - 1, %(now)s)
    ON CONFLICT (key_id) DO UPDATE
    SET calls = least(%(most)s, held.calls + greatest(0, extract(epoch FROM %(now)s - held.filled_at))
                * %(most)s / 60.0) - 1,
        filled_at = greatest(held.filled_at, %(now)s)
    WHERE held.calls + greatest(0, extract(epoch FROM %(now)s - held.filled_at)) * %(most)s / 60.0 >= 1
    RETURNING calls
"""
_LEFT = """
    SELECT calls + greatest(0, extract(epoch FROM %(now)s - filled_at)) * %(most)s / 60.0
    FROM integrations_keyallowance WHERE key_id = %(key)s
"""


def authenticate_key(request: HttpRequest) -> KeyCall | None:
    """Return what the ``Authorization: Bearer`` of a request is worth; None where it has none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    with transaction.atomic():
        try:
            return _admit(token.strip(), address=remote_address(request), now=timezone.now())
        except Refusal as refusal:
            return KeyCall(refusal=refusal, headers=_headers_of(refusal))
        finally:
            enter_tenant(None)


def _admit(token: str, *, address: str, now: datetime) -> KeyCall:
    """Raises ``BadKey``, ``KeyRevoked``, ``KeyExpired``, ``AddressNotAllowed`` and ``TooManyCalls``."""
    key = _find(token)
    if key.revoked_at is not None:
        raise KeyRevoked
    if key.expires_at is not None and key.expires_at <= now:
        raise KeyExpired
    if not is_allowed_from(address, key.addresses):
        raise AddressNotAllowed(facts={"address": address})
    left = take_call(key=key, now=now)
    if key.last_used_at is None or now - key.last_used_at >= _NOTED_EVERY or key.last_address != address:
        ApiKey.objects.of(key.tenant).filter(pk=key.pk).update(last_used_at=now, last_address=address)
    return KeyCall(actor=actor_of(key, address=address), headers=_limits(key, left))


def _find(token: str) -> ApiKey:
    """Return the key whose text this is. The company stands in it, so that the row can be seen behind its wall."""
    parts = token.split("_", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "zyk" or not (parts[1].isascii() and parts[1].isdecimal()):
        raise BadKey
    _, tenant, public_id, secret = parts
    if len(tenant) > 18 or "\0" in public_id:
        raise BadKey
    enter_tenant(int(tenant))
    rows = ApiKey._base_manager.select_related("tenant").filter(tenant_id=int(tenant), public_id=public_id)
    key = rows.first()
    if key is None or not hmac.compare_digest(key.digest, digest_of(secret)):
        raise BadKey
    return key


def take_call(*, key: ApiKey, now: datetime) -> int:
    """Count one call; return how many are left. Raises ``TooManyCalls``."""
    values: dict[str, int | datetime] = {
        "key": key.pk,
        "tenant": key.tenant_id,
        "most": key.calls_per_minute,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
        if row is not None:
            return int(row[0])
        cursor.execute(_LEFT, values)
        (left,) = cursor.fetchone()
    raise TooManyCalls(wait_s=max(1, math.ceil(round((1 - float(left)) * 60 / key.calls_per_minute, 3))))


def actor_of(key: ApiKey, *, address: str = "") -> Actor:
    """Return who acts with a key: the audit names it."""
    return Actor(
        tenant=key.tenant,
        user_id=None,
        name=f"API: {key.name}",
        role="api_key",
        permissions=Permissions(dict.fromkeys(key.rights, Scope.ALL)),
        address=address,
        language=key.tenant.language,
        key_id=key.pk,
    )


def _limits(key: ApiKey, left: int) -> dict[str, str]:
    """Return the headers that tell a caller how fast it may go on (draft-ietf-httpapi-ratelimit-headers-07)."""
    most = key.calls_per_minute
    return {
        "RateLimit-Limit": str(most),
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str(-(-(most - left) * 60 // most)),
    }


def _headers_of(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, TooManyCalls):
        return {"RateLimit-Remaining": "0", "RateLimit-Reset": str(refusal.facts["wait_s"])}
    if isinstance(refusal, NotLoggedIn):
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return {}
