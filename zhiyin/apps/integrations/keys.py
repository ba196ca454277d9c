"""Making, changing and revoking API keys. A key's secret is returned once, by ``create_key``, and kept nowhere."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.integrations.errors import RightsBeyond, UnknownKey
from zhiyin.apps.integrations.models import ApiKey
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

_PUBLIC_ID_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_PUBLIC_ID_LENGTH = 8


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def list_keys(*, tenant: Tenant, search: str = "", is_revoked: bool | None = None) -> QuerySet[ApiKey]:
    """Return the company's keys; revoked ones stay, so that the audit's names mean something."""
    rows: QuerySet[ApiKey] = ApiKey.objects.of(tenant)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(public_id__icontains=search))
    return rows if is_revoked is None else rows.filter(revoked_at__isnull=not is_revoked)


def get_key(*, tenant: Tenant, key_id: int) -> ApiKey:
    """Raises ``UnknownKey``."""
    found = ApiKey.objects.of(tenant).filter(pk=key_id).first()
    if found is None:
        raise UnknownKey
    return found


@transaction.atomic
def create_key(*, actor: Actor, fields: Mapping[str, Any]) -> tuple[ApiKey, str]:
    """Make a key; return it with the whole text to hand over.

    Raises ``RightsBeyond`` and ``Invalid`` (addresses); a taken name violates ``api_key_name_taken``.
    """
    _check(actor, fields)
    secret = secrets.token_urlsafe(32)
    public_id = "".join(secrets.choice(_PUBLIC_ID_SIGNS) for _ in range(_PUBLIC_ID_LENGTH))
    key = ApiKey(
        tenant=actor.tenant,
        public_id=public_id,
        digest=digest_of(secret),
        made_by=actor.user_id,
        made_by_name=actor.name,
        **fields,
    )
    key.save(force_insert=True)
    audit.record(actor=actor, action="api_key.created", kind="api_key", subject=key.pk, name=key.name, after=shown(key))
    return key, f"{key.prefix}_{secret}"


@transaction.atomic
def update_key(*, actor: Actor, key_id: int, fields: Mapping[str, Any]) -> ApiKey:
    """Change a key. Raises ``UnknownKey``, ``RightsBeyond`` and ``Invalid``."""
    key = get_key(tenant=actor.tenant, key_id=key_id)
    _check(actor, fields)
    before = shown(key)
    for name, value in fields.items():
        setattr(key, name, value)
    key.save(update_fields=list(fields))
    audit.record(
        actor=actor,
        action="api_key.changed",
        kind="api_key",
        subject=key.pk,
        name=key.name,
        before=before,
        after=shown(key),
    )
    return key


@transaction.atomic
def revoke_key(*, actor: Actor, key_id: int, now: datetime) -> ApiKey:
    """End a key at once and for good: its next call is refused. Repeatable. Raises ``UnknownKey``."""
    key = get_key(tenant=actor.tenant, key_id=key_id)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        audit.record(actor=actor, action="api_key.revoked", kind="api_key", subject=key.pk, name=key.name)
    return key


def shown(key: ApiKey) -> dict[str, Any]:
    """Return what the audit may show of a key."""
    expires_at = key.expires_at.isoformat() if key.expires_at else None
    names = ("name", "public_id", "rights", "addresses", "calls_per_minute")
    return {name: getattr(key, name) for name in names} | {"expires_at": expires_at}


def _check(actor: Actor, fields: Mapping[str, Any]) -> None:
    beyond = sorted(right for right in fields.get("rights", ()) if not actor.may(right))
    if beyond:
        raise RightsBeyond(facts={"rights": beyond}, fields={"rights": "rights_beyond_own"})
    for position, address in enumerate(fields.get("addresses", ())):
        if not is_network(address):
            raise Invalid(
                "bad_address",
                title=f"“{address}” is neither an address nor a network such as 203.0.113.0/24.",
                facts={"address": address},
                fields={f"addresses.{position}": "bad_address"},
            )


def is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_allowed_from(address: str, networks: Sequence[str]) -> bool:
    """Whether ``address`` lies in one of ``networks``; none named: from everywhere."""
    if not networks:
        return True
    try:
        seen = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(seen, ipaddress.IPv6Address) and seen.ipv4_mapped is not None:
        seen = seen.ipv4_mapped
    return any(seen in ipaddress.ip_network(network, strict=False) for network in networks)
