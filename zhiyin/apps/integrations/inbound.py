"""Messages of other systems: believed by signature or token, once each, turned into fields by a mapping, and done."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.db import transaction
from django.db.models import QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.integrations import inbound_customers
from zhiyin.apps.integrations.errors import (
    BadMapping,
    BadMessage,
    NotBelieved,
    TooManyCalls,
    UnknownInbound,
)
from zhiyin.apps.integrations.models import InboundCall, InboundHook
from zhiyin.apps.refusals import Refusal
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.tenancy.vault import open_secret, seal_secret
from zhiyin.domain.json_pointers import MISSING, is_pointer, resolve
from zhiyin.domain.permissions import Permissions, Scope
from zhiyin.domain.security.webhooks import BadSignature, secret_of, verify

MAX_BODY_BYTES = 256 * 1024
_PURPOSE = "inbound"
_PUBLIC_ID_BYTES, _SECRET_BYTES = 16, 32
_MINUTE = timedelta(minutes=1)
RIGHTS = frozenset({"customers.read", "customers.write"})


@dataclass(frozen=True, slots=True)
class Message:
    """What came in. ``headers`` by lower-case name."""

    headers: Mapping[str, str]
    body: bytes
    address: str


def list_hooks(*, tenant: Tenant, search: str = "") -> QuerySet[InboundHook]:
    rows: QuerySet[InboundHook] = InboundHook.objects.of(tenant)
    return rows.filter(name__icontains=search) if search else rows


def get_hook(*, tenant: Tenant, hook_id: int) -> InboundHook:
    """Raises ``UnknownInbound``."""
    found = InboundHook.objects.of(tenant).filter(pk=hook_id).first()
    if found is None:
        raise UnknownInbound
    return found


def list_calls(*, tenant: Tenant, hook_id: int) -> QuerySet[InboundCall]:
    """Return what came in at one hook. Raises ``UnknownInbound``."""
    rows: QuerySet[InboundCall] = InboundCall.objects.of(tenant)
    return rows.filter(hook=get_hook(tenant=tenant, hook_id=hook_id))


@transaction.atomic
def create_hook(*, actor: Actor, fields: Mapping[str, Any]) -> tuple[InboundHook, str]:
    """Make one; return it with the secret that its sender needs, which is not shown again. Raises ``BadMapping``."""
    check_mapping(fields["mapping"])
    secret = secret_of(os.urandom(_SECRET_BYTES))
    hook = InboundHook(
        tenant=actor.tenant,
        public_id=secrets.token_hex(_PUBLIC_ID_BYTES),
        sealed_secret=seal_secret(secret, tenant=actor.tenant, purpose=_PURPOSE),
        **fields,
    )
    hook.save(force_insert=True)
    _audit(actor, hook, "inbound.created", after=shown(hook))
    return hook, secret


@transaction.atomic
def update_hook(*, actor: Actor, hook_id: int, fields: Mapping[str, Any]) -> InboundHook:
    """Change one; address and secret stay. Raises ``UnknownInbound`` and ``BadMapping``."""
    hook = get_hook(tenant=actor.tenant, hook_id=hook_id)
    if "mapping" in fields:
        check_mapping(fields["mapping"])
    before = shown(hook)
    for name, value in fields.items():
        setattr(hook, name, value)
    hook.save()
    _audit(actor, hook, "inbound.changed", before=before, after=shown(hook))
    return hook


@transaction.atomic
def change_secret(*, actor: Actor, hook_id: int) -> tuple[InboundHook, str]:
    """Give an address a new secret; messages with the old one are not believed any more. Raises ``UnknownInbound``."""
    hook = get_hook(tenant=actor.tenant, hook_id=hook_id)
    secret = secret_of(os.urandom(_SECRET_BYTES))
    hook.sealed_secret = seal_secret(secret, tenant=actor.tenant, purpose=_PURPOSE)
    hook.save(update_fields=["sealed_secret"])
    _audit(actor, hook, "inbound.secret_changed")
    return hook, secret


@transaction.atomic
def remove_hook(*, actor: Actor, hook_id: int) -> None:
    """Remove one with its log: its address is nothing any more. Raises ``UnknownInbound``."""
    hook = get_hook(tenant=actor.tenant, hook_id=hook_id)
    _audit(actor, hook, "inbound.removed", before=shown(hook))
    hook.delete()


def shown(hook: InboundHook) -> dict[str, Any]:
    names = ("name", "check_by", "action", "mapping", "calls_per_minute", "is_enabled")
    return {name: getattr(hook, name) for name in names}


def path_of(hook: InboundHook) -> str:
    """Return the hook's address on this installation."""
    return f"/api/inbound/{hook.tenant_id}-{hook.public_id}"


def receive(*, path: str, message: Message, now: datetime) -> dict[str, Any]:
    """Do what a message says, once: the same message again gets the same answer and changes nothing.

    Raises ``UnknownInbound``, ``TooManyCalls``, ``NotBelieved``, ``BadMessage`` and what the action raises; each is in
    the log.
    """
    hook = _find(path)
    came = InboundCall.objects.of(hook.tenant).filter(hook=hook, at__gt=now - _MINUTE).count()
    if came >= hook.calls_per_minute:
        raise TooManyCalls(wait_s=round(_MINUTE.total_seconds()))
    call = InboundCall(tenant=hook.tenant, hook=hook, at=now, address=message.address)
    try:
        call.message_id = _believe(hook, message, now)
    except NotBelieved as refusal:
        _log(call, refusal)
        raise
    # messages of one id wait for each other: the second sees what the first did
    known = InboundCall.objects.of(hook.tenant).select_for_update().filter(hook=hook, message_id=call.message_id)
    InboundCall.objects.of(hook.tenant).bulk_create([call], ignore_conflicts=True)
    call = known.get()
    done: dict[str, Any] = call.outcome
    if done:
        return done
    try:
        with transaction.atomic():
            outcome = _act(hook, message, call.message_id or "")
    except Refusal as refusal:
        _log(call, refusal)
        refusal.keeps_writes = True  # type: ignore[misc] # of this one: its line in the log stays
        raise
    call.problem, call.fields, call.outcome = "", {}, outcome
    call.save()
    return outcome


def _find(path: str) -> InboundHook:
    tenant, _, public_id = path.partition("-")
    if not (tenant.isascii() and tenant.isdecimal() and len(tenant) < 18):
        raise UnknownInbound
    enter_tenant(int(tenant))
    rows = InboundHook._base_manager.select_related("tenant").filter(tenant_id=int(tenant), public_id=public_id)
    hook = rows.filter(is_enabled=True).first()
    if hook is None:
        raise UnknownInbound
    return hook


def _believe(hook: InboundHook, message: Message, now: datetime) -> str:
    """Return the message's id once its sender is proven. Raises ``NotBelieved``."""
    secret = open_secret(hook.sealed_secret, tenant=hook.tenant, purpose=_PURPOSE)
    digest = hashlib.sha256(message.body).hexdigest()
    if hook.check_by == InboundHook.Check.TOKEN:
        given = message.headers.get("x-zhiyin-token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            raise NotBelieved("bad_token", title="The header X-Zhiyin-Token does not hold this address's secret.")
        return (message.headers.get("idempotency-key", "") or digest)[:128]
    message_id = message.headers.get("webhook-id", "")
    if not message_id or len(message_id) > 128:
        raise NotBelieved("bad_signature", title="The header webhook-id is missing or too long.")
    try:
        verify(
            secrets=[secret],
            message_id=message_id,
            timestamp=message.headers.get("webhook-timestamp", ""),
            signatures=message.headers.get("webhook-signature", ""),
            body=message.body,
            now=now,
        )
    except BadSignature as error:
        raise NotBelieved("bad_signature", title=f"The signature is not right: {error}.") from error
    return message_id


def _act(hook: InboundHook, message: Message, message_id: str) -> dict[str, Any]:
    """Raises ``BadMessage`` and what the action raises."""
    document = read_json(message.body)
    values: dict[str, Any] = {}
    for pair in hook.mapping:
        value = resolve(document, pair["pointer"])
        if value is not MISSING and value is not None:
            values[pair["field"]] = value
    actor = Actor(
        tenant=hook.tenant,
        user_id=None,
        name=f"Inbound: {hook.name}",
        role="inbound",
        permissions=Permissions(dict.fromkeys(RIGHTS, Scope.ALL)),
        address=message.address,
        language=hook.tenant.language,
    )
    return inbound_customers.put_customer(actor=actor, values=values) | {"id": message_id}


def read_json(body: bytes) -> Any:
    """Return a document that the database can hold. Raises ``BadMessage``."""
    try:
        document = json.loads(body.decode(), parse_constant=_refuse)
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadMessage from error
    if b"\\u0000" in body:
        raise BadMessage
    return document


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _log(call: InboundCall, refusal: Refusal) -> None:
    call.problem, call.fields = refusal.code[:60], dict(refusal.fields)
    call.save()


def check_mapping(mapping: list[Mapping[str, str]]) -> None:
    """Raises ``BadMapping``."""
    fields = [pair["field"] for pair in mapping]
    for position, pair in enumerate(mapping):
        if not is_pointer(pair["pointer"]):
            raise BadMapping(fields={f"mapping.{position}.pointer": "bad_pointer"})
        if not inbound_customers.is_field(pair["field"]) or fields.count(pair["field"]) > 1:
            raise BadMapping(fields={f"mapping.{position}.field": "bad_field"})
    if not inbound_customers.FOUND_BY & set(fields):
        raise BadMapping(
            "nothing_to_find_by",
            title="Map a number or an e-mail address, by which the customer is found.",
            fields={"mapping": "nothing_to_find_by"},
        )


def _audit(actor: Actor, hook: InboundHook, action: str, **parts: Any) -> None:
    audit.record(actor=actor, action=action, kind="inbound", subject=hook.pk, name=hook.name, **parts)
