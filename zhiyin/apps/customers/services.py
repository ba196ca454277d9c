"""Making and changing customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhiyin.apps.audit import queries as audited
from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import legacy_fields
from zhiyin.apps.customers.classes import class_of
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.errors import BadBirthday, CustomerErased, StaleVersion, UnknownOwner
from zhiyin.apps.customers.field_names import field_of
from zhiyin.apps.customers.lists.queries import has_entries
from zhiyin.apps.customers.models import Customer, CustomerAddress, CustomerEmail, CustomerNumber
from zhiyin.apps.customers.pinyin import search_keys
from zhiyin.apps.customers.reach import NumberChange, Reach, set_reach
from zhiyin.apps.customers.search_entries import write_search_entries
from zhiyin.apps.customers.tags import set_tags, tags_of
from zhiyin.apps.customers.tombstones import kept_for
from zhiyin.apps.customers.visibility import (
    READ,
    locked_for_change,
    owns_what_is_made,
    sees_all,
    visible_customers,
)
from zhiyin.apps.fields import services as fields_of_own
from zhiyin.apps.fields.queries import audited as audited_values
from zhiyin.apps.fields.queries import definitions
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import visible_values
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users
from zhiyin.apps.tenancy.publication import publish_settings
from zhiyin.contracts.numbers import mask_number

__all__ = [
    "NumberChange",
    "Reach",
    "create_customer",
    "get_customer",
    "number_to_dial",
    "record_reading",
    "update_customer",
]

#: followed by the rules, or told elsewhere
_UNSHOWN = frozenset({"pinyin", "custom", "class_by_rule", "is_key_account", "owned_since", "return_announced_at"})
#: 29 February is a birthday where the year is unknown
_LEAP_YEAR = 2000


@transaction.atomic
def create_customer(
    *,
    actor: Actor,
    fields: Mapping[str, Any],
    numbers: Sequence[NumberChange] = (),
    reach: Reach | None = None,
    tag_ids: Sequence[int] = (),
) -> Customer:
    """Make a customer; ``numbers`` is short for a ``reach`` that has numbers alone.

    Raises ``BadCustomerNumber``, ``BadCustomerEmail``, ``BadBirthday``, ``BadCustomValues``, ``UnknownOwner`` and
    ``UnknownReference``.
    """
    own, legacy = legacy_fields.split(fields)
    if owns_what_is_made(actor):
        own = {"owner_id": actor.user_id} | {name: value for name, value in own.items() if value or name != "owner_id"}
    customer = Customer(tenant=actor.tenant, **own)
    _check(actor.tenant, customer, own)
    customer.custom = fields_of_own.merged({}, _cleaned(customer, own.get("custom", {})))
    customer.pinyin = search_keys(customer.name)
    customer.class_by_rule_id = class_of(tenant=actor.tenant, customer=customer)
    customer.owned_since = timezone.now() if customer.owner_id else None
    customer.save(force_insert=True)
    fields_of_own.enter(actor.tenant, SUBJECT, customer.pk, customer.custom)
    set_reach(actor.tenant, customer, reach or Reach(numbers=numbers))
    set_tags(tenant=actor.tenant, customer=customer, tag_ids=tag_ids)
    legacy_fields.write(tenant=actor.tenant, customer=customer, given=legacy)
    write_search_entries(tenant=actor.tenant, customers=[customer])
    audit.record(
        actor=actor,
        action="customer.created",
        kind="customer",
        subject=customer.pk,
        name=customer.name,
        after=_shown(actor.tenant, customer),
    )
    return customer


@transaction.atomic
def update_customer(
    *,
    actor: Actor,
    customer_id: int,
    fields: Mapping[str, Any],
    numbers: Sequence[NumberChange] | None = None,
    reach: Reach | None = None,
    tag_ids: Sequence[int] | None = None,
    version: int | None = None,
) -> Customer:
    """Change what is named of a customer; each list that is given is all there shall be.

    ``version`` is the one that the editor saw; None changes whatever stands there now. Raises ``NotFound``,
    ``SomebodyElsesCustomer``, ``StaleVersion``, and what ``create_customer`` raises.
    """
    own, legacy = legacy_fields.split(fields)
    customer = locked_for_change(actor, [customer_id])[customer_id]
    if version is not None and version != customer.version:
        raise StaleVersion(version=customer.version, changes=_changes_since(actor, customer, version))
    before = _shown(actor.tenant, customer)
    stored, owner = customer.custom, customer.owner_id
    for name, value in own.items():
        setattr(customer, name, value)
    if "custom" in own:
        customer.custom = fields_of_own.merged(stored, _cleaned(customer, own["custom"], stored=stored))
    _check(actor.tenant, customer, own)
    customer.pinyin = search_keys(customer.name)
    customer.class_by_rule_id = class_of(tenant=actor.tenant, customer=customer)
    if customer.owner_id != owner:
        customer.owned_since, customer.return_announced_at = timezone.now() if customer.owner_id else None, None
    set_reach(actor.tenant, customer, reach or Reach(numbers=numbers))
    if tag_ids is not None:
        set_tags(tenant=actor.tenant, customer=customer, tag_ids=tag_ids)
    legacy_fields.write(tenant=actor.tenant, customer=customer, given=legacy)
    after = _shown(actor.tenant, customer)
    if after == before:
        return customer
    customer.version += 1
    customer.save()
    if customer.custom != stored:
        fields_of_own.enter(actor.tenant, SUBJECT, customer.pk, customer.custom)
    write_search_entries(tenant=actor.tenant, customers=[customer])
    if before["numbers"] != after["numbers"] and has_entries(tenant=actor.tenant, customer_id=customer.pk):
        publish_settings(tenant=actor.tenant)
    audit.record(
        actor=actor,
        action="customer.changed",
        kind="customer",
        subject=customer.pk,
        name=customer.name,
        before=before,
        after=after | {"version": customer.version},
    )
    return customer


def get_customer(*, actor: Actor, customer_id: int, right: str = READ) -> Customer:
    """Return the customer, for one that was merged whose part it is now.

    Raises ``NotFound``, and ``CustomerErased`` for one whose data are erased.
    """
    customers = visible_customers(actor, right)
    customer = (
        customers.filter(pk=customer_id).first()
        or customers.filter(pk=kept_for(tenant=actor.tenant, customer_id=customer_id)).first()
    )
    if customer is None:
        erased = Customer.objects.of(actor.tenant).filter(pk=customer_id, erased_at__isnull=False)
        raise CustomerErased if erased.exists() else NotFound
    return customer


def record_reading(*, actor: Actor, customer: Customer) -> None:
    """Write down that somebody saw the customer's numbers in clear."""
    if actor.sees_numbers:
        audit.record(actor=actor, action="customer.read", kind="customer", subject=customer.pk, name=customer.name)


def number_to_dial(*, actor: Actor, customer_number_id: int) -> str:
    """Return a stored number for dialling without showing it. Raises ``NotFound``."""
    row = CustomerNumber.objects.of(actor.tenant).filter(pk=customer_number_id).first()
    if row is None:
        raise NotFound
    if not sees_all(actor):
        get_customer(actor=actor, customer_id=row.customer_id)
    return row.number


def _check(tenant: Tenant, customer: Customer, given: Mapping[str, Any]) -> None:
    owner_id = given.get("owner_id")
    if owner_id is not None and not are_users(tenant=tenant, user_ids=(owner_id,)):
        raise UnknownOwner
    if (customer.birth_month is None) != (customer.birth_day is None):
        raise BadBirthday
    if customer.birth_month is None or customer.birth_day is None:
        if customer.birth_year is not None:
            raise BadBirthday
        return
    try:
        date(customer.birth_year or _LEAP_YEAR, customer.birth_month, customer.birth_day)
    except ValueError as error:
        raise BadBirthday from error


def _cleaned(
    customer: Customer, given: Mapping[str, Any], *, stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the company's own fields as they may stand. Raises ``BadCustomValues``."""
    known = definitions(customer.tenant, SUBJECT)
    hidden: frozenset[str] = frozenset()
    if any(field.is_required for field in known):
        values = audit.fields_of(customer) | {
            f"custom.{code}": value for code, value in {**(stored or {}), **given}.items()
        }
        hidden = fields_of_own.hidden_fields(customer.tenant, SUBJECT, customer.kind, values)
    return fields_of_own.clean(
        customer.tenant,
        SUBJECT,
        given,
        partial=stored is not None,
        stored=stored,
        record_id=customer.pk,
        fields=known,
        hidden=hidden,
    )


def _changes_since(actor: Actor, customer: Customer, version: int) -> list[dict[str, object]]:
    """Return who changed which fields after ``version``, the last first. Names of fields alone: no values."""
    changes: list[dict[str, object]] = []
    for entry in audited.changes_of(tenant=actor.tenant, kind="customer", subject=customer.pk):
        after = entry.after or {}
        if not isinstance(after.get("version"), int) or after["version"] <= version:
            break
        shown = visible_values(actor, SUBJECT, after, field_of=field_of)
        fields = sorted(name for name in shown if name != "version")
        changes.append({"by": entry.user_name, "at": entry.at.isoformat(), "fields": fields})
    return changes


def _shown(tenant: Tenant, customer: Customer) -> dict[str, Any]:
    numbers = CustomerNumber.objects.of(tenant).filter(customer=customer).order_by("position")
    emails = CustomerEmail.objects.of(tenant).filter(customer=customer).order_by("position")
    addresses = CustomerAddress.objects.of(tenant).filter(customer=customer).order_by("position")
    own_fields = definitions(tenant, SUBJECT)
    tags = tags_of(tenant=tenant, customer_ids=[customer.pk]).get(customer.pk, [])
    shown = {name: value for name, value in audit.fields_of(customer).items() if name not in _UNSHOWN}
    shown |= audited_values(own_fields, customer.custom)
    shown |= legacy_fields.shown(tenant=tenant, customer=customer)
    return shown | {
        "numbers": [mask_number(row.number) for row in numbers],
        "number_uses": [row.use for row in numbers],
        "emails": [row.email for row in emails],
        "addresses": [str(row) for row in addresses],
        "tags": [tag.name for tag in tags],
    }
