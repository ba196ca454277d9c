"""Opening another system's page beside a contact (screen pop): the company's template, and one contact's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.integrations.errors import BadScreenAddress
from zhiyin.apps.integrations.models import ConnectorLink, ScreenAddress
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.schemas import InteractionOut
from zhiyin.apps.interactions.shaping import shape_interactions
from zhiyin.apps.tenancy.actors import Actor, system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.numbers import dial_string
from zhiyin.domain.screen_addresses import BadTemplate, check_template, fill_template, variables_of

_TITLES = {
    "bad_url": "Give a whole address that begins with https://.",
    "needs_https": "Give an address that begins with https://, so that nobody reads along.",
    "credentials_in_url": "An address must not hold a user name or password.",
    "unknown_variable": "The address has a variable that does not exist.",
    "variable_in_host": "A variable may stand behind the host only.",
}
_NUMBERS = frozenset({"number", "national_number"})


@dataclass(frozen=True, slots=True)
class Opened:
    """``address`` "" where there is none: ``missing`` then names what is not known, or not for this user."""

    address: str
    opens: str
    missing: str = ""


def get_settings(*, tenant: Tenant) -> ScreenAddress:
    """Return the company's template, an empty one if it never had any."""
    return ScreenAddress.objects.filter(tenant=tenant).first() or ScreenAddress(tenant=tenant)


@transaction.atomic
def save_settings(*, actor: Actor, fields: Mapping[str, Any]) -> ScreenAddress:
    """Raises ``BadScreenAddress``."""
    if fields["template"]:
        try:
            check_template(fields["template"], plain_hosts=settings.INTERNAL_HOSTS)
        except BadTemplate as error:
            title = _TITLES[error.code]
            raise BadScreenAddress(error.code, title=title, fields={"template": error.code}) from error
    before = shown(get_settings(tenant=actor.tenant))
    row, _ = ScreenAddress.objects.update_or_create(tenant=actor.tenant, defaults=dict(fields))
    audit.record(
        actor=actor,
        action="screen_address.changed",
        kind="screen_address",
        subject=actor.tenant.pk,
        name=actor.tenant.name,
        before=before,
        after=shown(row),
    )
    return row


def shown(row: ScreenAddress) -> dict[str, Any]:
    return {"template": row.template, "opens": row.opens, "tells_numbers": row.tells_numbers}


def address_of(*, actor: Actor, interaction_id: str) -> Opened:
    """Return where a contact's page is in the other system.

    Raises ``NotFound`` for a contact out of reach, and for one that is not stored yet: a desk hears of it sooner.
    """
    chosen = get_settings(tenant=actor.tenant)
    if not chosen.template:
        return Opened("", chosen.opens)
    contact = interactions.get_visible(actor=actor, interaction_id=interaction_id)
    reader = system(actor.tenant) if chosen.tells_numbers else actor
    (shaped,) = shape_interactions(reader, [contact])
    values = _values(actor, shaped)
    missing = next((name for name in variables_of(chosen.template) if not values[name]), "")
    if missing:
        return Opened("", chosen.opens, "number_hidden" if missing in _NUMBERS and shaped.masked else missing)
    return Opened(fill_template(chosen.template, values), chosen.opens)


def _values(actor: Actor, contact: InteractionOut) -> dict[str, str]:
    number = contact.number or ""
    customer = contact.customer.id if contact.customer else None
    return {
        "number": number,
        "national_number": dial_string(number, actor.tenant.region) if number else "",
        "call": contact.id,
        "customer": "" if customer is None else str(customer),
        "remote_customer": "" if customer is None else _remote(actor.tenant, customer),
        "direction": contact.direction,
        "queue": contact.queue_name,
        "agent": contact.agent_name,
    }


def _remote(tenant: Tenant, customer_id: int) -> str:
    links = ConnectorLink.objects.of(tenant).filter(customer_id=customer_id).order_by("-pk")
    return links.values_list("remote_id", flat=True).first() or ""
