"""Making and changing numbers, trunks, telephones and the outbound policy."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.channels.models import Number, OutboundPolicy, Telephone, Trunk
from zhiyin.apps.engine_client import ask_engine
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import Invalid, NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users
from zhiyin.apps.tenancy.publication import publish_settings
from zhiyin.apps.tenancy.vault import seal_secret
from zhiyin.contracts.commands import TestTrunk
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.sealing import TELEPHONE_SECRET, TRUNK_SECRET

#: without the letters and digits that are taken for each other on a telephone's small display
_SECRET_SIGNS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0OoIl1")))
_SECRET_LENGTH = 20
_TRUNK_TEST_S = 12.0


class BadTelephoneNumber(Invalid):
    """``field``: which one is no telephone number."""

    code = "bad_number"
    title = "This is not a telephone number."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "bad_number"})


class ExtensionOfQueue(Invalid):
    """Colleagues reach a queue by this number."""

    code = "extension_taken"
    title = "This number already leads elsewhere. Choose another."

    def __init__(self) -> None:
        super().__init__(fields={"extension": "taken"})


class UnknownChoice(Invalid):
    code = "unknown_reference"
    title = "Something that was chosen does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


def create_number(*, actor: Actor, fields: Mapping[str, Any]) -> Number:
    """Raises ``BadTelephoneNumber`` and ``UnknownChoice``; a number of anybody's violates ``number_taken``."""
    row = Number(tenant=actor.tenant, **_number_fields(actor.tenant, fields))
    return settings_changes.create(actor=actor, row=row)


def update_number(*, actor: Actor, number_id: int, fields: Mapping[str, Any]) -> Number:
    row = get_number(tenant=actor.tenant, number_id=number_id)
    return settings_changes.update(actor=actor, row=row, fields=_number_fields(actor.tenant, fields))


def remove_number(*, actor: Actor, number_id: int) -> None:
    settings_changes.remove(actor=actor, row=get_number(tenant=actor.tenant, number_id=number_id))


def get_number(*, tenant: Tenant, number_id: int) -> Number:
    row = Number.objects.of(tenant).filter(pk=number_id).first()
    if row is None:
        raise NotFound
    return row


def _number_fields(tenant: Tenant, fields: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(fields)
    if "number" in checked:
        checked["number"] = _canonical(checked["number"], tenant, "number")
    if "flow_id" in checked and not flows.has_flow(tenant=tenant, flow_id=checked["flow_id"]):
        raise UnknownChoice("flow_id")
    return checked


def _canonical(text: str, tenant: Tenant, field: str) -> str:
    try:
        return normalise_number(text, tenant.region)
    except BadNumber as error:
        raise BadTelephoneNumber(field) from error


def create_trunk(*, actor: Actor, fields: Mapping[str, Any]) -> Trunk:
    return settings_changes.create(actor=actor, row=Trunk(tenant=actor.tenant, **_trunk_fields(actor.tenant, fields)))


def update_trunk(*, actor: Actor, trunk_id: int, fields: Mapping[str, Any]) -> Trunk:
    """A secret that is left out stays as it is. Raises ``NotFound``."""
    row = get_trunk(tenant=actor.tenant, trunk_id=trunk_id)
    return settings_changes.update(actor=actor, row=row, fields=_trunk_fields(actor.tenant, fields))


def _trunk_fields(tenant: Tenant, fields: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(fields)
    if "secret" in checked:
        checked["sealed_secret"] = seal_secret(checked.pop("secret"), tenant=tenant, purpose=TRUNK_SECRET)
    return checked


@transaction.atomic
def remove_trunk(*, actor: Actor, trunk_id: int) -> None:
    """Remove a trunk, also from the order in which outbound calls try them. Raises ``NotFound``."""
    row = get_trunk(tenant=actor.tenant, trunk_id=trunk_id)
    policy = get_policy(tenant=actor.tenant)
    if trunk_id in policy.trunks:
        policy.trunks = [other for other in policy.trunks if other != trunk_id]
        policy.save()
    settings_changes.remove(actor=actor, row=row)


def get_trunk(*, tenant: Tenant, trunk_id: int) -> Trunk:
    row = Trunk.objects.of(tenant).filter(pk=trunk_id).first()
    if row is None:
        raise NotFound
    return row


def test_trunk(*, actor: Actor, trunk_id: int) -> dict[str, Any]:
    """Let the engine ask the carrier now. Raises ``NotFound``, ``EngineRefused`` and ``EngineAway``."""
    row = get_trunk(tenant=actor.tenant, trunk_id=trunk_id)
    command = TestTrunk(trunk=row.pk)
    return ask_engine(
        command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=dict[str, Any], timeout_s=_TRUNK_TEST_S
    )


def create_telephone(*, actor: Actor, extension: str, label: str, user_id: int | None) -> tuple[Telephone, str]:
    """Make a SIP telephone; its account is "company-extension". Return it with its secret, which only the engine can
    read afterwards. Raises ``UnknownChoice`` and ``ExtensionOfQueue``."""
    _check_agent(actor.tenant, user_id)
    if queues.has_extension(tenant=actor.tenant, extension=extension):
        raise ExtensionOfQueue
    account = f"{actor.tenant.code}-{extension}"
    secret = new_secret()
    sealed = seal_secret(secret, tenant=actor.tenant, purpose=TELEPHONE_SECRET)
    row = Telephone(tenant=actor.tenant, account=account, label=label, user_id=user_id, sealed_secret=sealed)
    return settings_changes.create(actor=actor, row=row), secret


def update_telephone(*, actor: Actor, telephone_id: int, fields: Mapping[str, Any]) -> Telephone:
    """Raises ``NotFound`` and ``UnknownChoice``."""
    row = get_telephone(tenant=actor.tenant, telephone_id=telephone_id)
    _check_agent(actor.tenant, fields.get("user_id"))
    return settings_changes.update(actor=actor, row=row, fields=fields)


@transaction.atomic
def reset_telephone_secret(*, actor: Actor, telephone_id: int) -> tuple[Telephone, str]:
    """Give a telephone a new secret; it must be entered there before it can register again. Raises ``NotFound``."""
    row = get_telephone(tenant=actor.tenant, telephone_id=telephone_id)
    secret = new_secret()
    row.sealed_secret = seal_secret(secret, tenant=actor.tenant, purpose=TELEPHONE_SECRET)
    row.save(update_fields=["sealed_secret"])
    audit.record(actor=actor, action="telephone.secret_reset", kind="telephone", subject=row.pk, name=row.account)
    publish_settings(tenant=actor.tenant)
    return row, secret


def remove_telephone(*, actor: Actor, telephone_id: int) -> None:
    settings_changes.remove(actor=actor, row=get_telephone(tenant=actor.tenant, telephone_id=telephone_id))


def get_telephone(*, tenant: Tenant, telephone_id: int) -> Telephone:
    row = Telephone.objects.of(tenant).filter(pk=telephone_id).first()
    if row is None:
        raise NotFound
    return row


def new_secret() -> str:
    return "".join(secrets.choice(_SECRET_SIGNS) for _ in range(_SECRET_LENGTH))


def _check_agent(tenant: Tenant, user_id: int | None) -> None:
    if user_id is not None and not are_users(tenant=tenant, user_ids=(user_id,)):
        raise UnknownChoice("agent_id")


def get_policy(*, tenant: Tenant) -> OutboundPolicy:
    """Return the outbound policy; a company without one may call its own country."""
    policy = OutboundPolicy.objects.of(tenant).first()
    return policy or OutboundPolicy(tenant=tenant, allowed_prefixes=["+86"])


@transaction.atomic
def save_policy(*, actor: Actor, fields: Mapping[str, Any]) -> OutboundPolicy:
    """Raises ``UnknownChoice`` for a trunk that does not exist."""
    trunks: Sequence[int] = fields.get("trunks", ())
    if Trunk.objects.of(actor.tenant).filter(pk__in=trunks).count() != len(set(trunks)):
        raise UnknownChoice("trunks")
    policy = get_policy(tenant=actor.tenant)
    if policy._state.adding:
        policy.save(force_insert=True)
    return settings_changes.update(actor=actor, row=policy, fields=fields)
