"""Finding customers: by name, by pinyin initials, by part of a number, and by the number that calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from zhiyin.apps.customers.belongings import Belongings
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.filters import CustomerFilter, narrowed
from zhiyin.apps.customers.models import Customer, CustomerAddress, CustomerEmail, CustomerNumber, OwnedProduct
from zhiyin.apps.customers.numbers import numbers_asked as numbers_asked  # noqa: PLC0414 - beside the others
from zhiyin.apps.customers.numbers import numbers_of as numbers_of  # noqa: PLC0414 - for other apps too
from zhiyin.apps.customers.search_keys import EVERYTHING, By, query_for
from zhiyin.apps.customers.visibility import sees_all, visible_customers, visible_ids
from zhiyin.apps.fields.queries import matching_records
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.field_rights import may_find_by
from zhiyin.apps.tenancy.finding import Statement, among
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson, json_pairs
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.fields.definitions import Definition
from zhiyin.domain.permissions import Access

__all__ = [
    "Customer",
    "sees_all",
    "visible_customers",
]

EVERYBODY = CustomerFilter()
_CUSTOMERS = RowsAsJson(Customer)
_ADDRESSES = Belongings(CustomerAddress, order="t.position, t.id")
_OWNED = Belongings(OwnedProduct, order="t.id")
_EMAILS = """
SELECT json_agg(json_build_array(customer_id, email) ORDER BY position, id) FROM customers_customeremail
WHERE tenant_id = $1 AND customer_id = ANY($2)
"""
#: ids of those found by what they are found by, of those who have a tag of this name, of those with this in the name
_FOUND = "SELECT find_customers(%s::tsquery)"
_TAGGED = """
SELECT customer_id FROM customers_customertag
WHERE tenant_id = %s
AND tag_id IN (SELECT id FROM customers_tag WHERE tenant_id = %s AND starts_with(lower(name), lower(%s)))
"""
_NAMED = """
SELECT id FROM customers_customer
WHERE id IN (SELECT find_customers(%s::tsquery)) AND tenant_id = %s AND position(lower(%s) IN lower(name)) > 0
"""
_TEXT: frozenset[By] = frozenset({"text"})


def search_customers(
    *,
    actor: Actor,
    search: str = "",
    wanted: CustomerFilter = EVERYBODY,
    own_fields: Iterable[Definition] = (),
) -> QuerySet[Customer]:
    """Return the customers that fit: by any part of name, company or number, by pinyin, mail address, tag or one of
    ``own_fields`` that is searchable.

    Users who see numbers masked find one by its visible ends or by all of it, so that nobody spells out the
    hidden middle by searching. Works inside the company's transaction (``tenancy.scope``).
    """
    rows = visible_customers(actor)
    text = search.strip()
    if text:
        rows = rows.filter(_found_by(actor, text, own_fields))
    return narrowed(rows, actor=actor, wanted=wanted)


def _found_by(actor: Actor, text: str, own_fields: Iterable[Definition]) -> Q:
    tenant = actor.tenant
    by = _findable_by(actor)
    found: list[QuerySet[Any, Any] | Statement] = [(_FOUND, (_query_for(actor, text, by),))]
    if "text" not in by:
        found.append((_NAMED, (_query_for(actor, text, _TEXT), tenant.pk, text)))
    if may_find_by(actor, SUBJECT, "tags"):
        found.append((_TAGGED, (tenant.pk, tenant.pk, text)))
    matching = matching_records(actor=actor, fields=own_fields, text=text)
    if matching is not None:
        found.append(matching)
    return among(*found)


def _findable_by(actor: Actor) -> frozenset[By]:
    """Return by what a search may find: what a role hides cannot be guessed by searching.

    Masked numbers are found by what the mask leaves visible, ``actor.sees_numbers`` says so. Name and company are
    found by the same words; where the company is hidden, names are looked at one by one (``_NAMED``).
    """
    hidden: set[By] = set()
    if actor.field_access(SUBJECT, "numbers") is Access.HIDE:
        hidden.add("numbers")
    if not may_find_by(actor, SUBJECT, "emails"):
        hidden.add("mail")
    if not may_find_by(actor, SUBJECT, "company"):
        hidden.add("text")
    return EVERYTHING - hidden


def _query_for(actor: Actor, text: str, by: frozenset[By]) -> str:
    canonical = _canonical_or_none(text, actor.tenant)
    return query_for(text, tenant_id=actor.tenant.pk, canonical=canonical, sees_numbers=actor.sees_numbers, by=by)


def _canonical_or_none(text: str, tenant: Tenant) -> str | None:
    try:
        return normalise_number(text, tenant.region)
    except BadNumber:
        return None


def callers_asked(*, tenant: Tenant, number: str, linked: int | None, limit: int) -> Question[list[Customer]]:
    """Ask for the customers known by a canonical number, the last changed first, and for one known otherwise."""
    return Question(_callers(), (tenant.pk, number, linked, limit), _CUSTOMERS.read)


@cache
def _callers() -> str:
    return f"""
        SELECT json_agg({_CUSTOMERS.row} ORDER BY t.id IS NOT DISTINCT FROM $3::bigint DESC, t.changed_at DESC)
        FROM customers_customer t WHERE t.tenant_id = $1 AND t.id IN (
            (SELECT c.id FROM customers_customernumber n JOIN customers_customer c ON c.id = n.customer_id
             WHERE n.tenant_id = $1 AND n.number = $2 AND c.tenant_id = $1
             ORDER BY c.changed_at DESC LIMIT $4::bigint)
            UNION ALL SELECT $3::bigint)
    """  # noqa: S608 - of our own words


def match_number(*, tenant: Tenant, number: str, limit: int = 10) -> list[Customer]:
    """Return the customers known by a canonical number, the last changed first."""
    return answer(callers_asked(tenant=tenant, number=number, linked=None, limit=limit))


def customer_names(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, str]:
    wanted = set(customer_ids)
    if not wanted:
        return {}
    return dict(Customer.objects.of(tenant).filter(pk__in=wanted).values_list("pk", "name"))


def has_customer(*, actor: Actor, customer_id: int) -> bool:
    """Return whether there is such a customer for the actor."""
    return visible_customers(actor).filter(pk=customer_id).exists()


def customers_by_id(*, tenant: Tenant, customer_ids: Iterable[int]) -> list[Customer]:
    return list(Customer.objects.of(tenant).filter(pk__in=list(customer_ids)))


def seen_customers(actor: Actor, customer_ids: Iterable[int]) -> set[int]:
    """Return which of these customers exist for the actor."""
    return visible_ids(actor, customer_ids)


def emails_asked(*, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, list[str]]]:
    """Ask for each customer's mail addresses in their order."""
    return Question(_EMAILS, (tenant.pk, tuple(customer_ids)), _read_emails)


def emails_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[str]]:
    return answer(emails_asked(tenant=tenant, customer_ids=customer_ids))


def _read_emails(text: str | None) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for customer_id, email in json_pairs(text):
        found[customer_id].append(email)
    return found


def addresses_asked(*, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, list[CustomerAddress]]]:
    """Ask for each customer's postal addresses in their order."""
    return _ADDRESSES.question(tenant, customer_ids)


def addresses_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[CustomerAddress]]:
    return answer(addresses_asked(tenant=tenant, customer_ids=customer_ids))


def owned_products_asked(*, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, list[OwnedProduct]]]:
    """Ask what each customer owns, the first told first."""
    return _OWNED.question(tenant, customer_ids)


def owned_products_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[OwnedProduct]]:
    return answer(owned_products_asked(tenant=tenant, customer_ids=customer_ids))


def known_by(
    *,
    tenant: Tenant,
    numbers: Sequence[str],
    emails: Sequence[str],
    name: tuple[str, str] | None = None,
    limit: int = 20,
) -> list[Customer]:
    """Return who has any of these canonical numbers or mail addresses, or exactly this name and company."""
    rows = Customer.objects.of(tenant)
    if name is not None:
        return list(rows.filter(name=name[0], company=name[1]).order_by("pk")[:limit])
    by_number = CustomerNumber.objects.of(tenant).filter(number__in=numbers).values("customer_id")
    by_mail = CustomerEmail.objects.of(tenant).filter(email__in=emails).values("customer_id")
    return list(rows.filter(Q(pk__in=by_number) | Q(pk__in=by_mail)).order_by("pk")[:limit])
