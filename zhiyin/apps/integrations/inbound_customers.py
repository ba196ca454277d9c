"""Creating or updating a customer from another system's fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from zhiyin.apps.customers import queries, services
from zhiyin.apps.customers.reach import NumberChange, Reach
from zhiyin.apps.customers.schemas import CustomerPatchIn
from zhiyin.apps.integrations.errors import BadMessage
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.numbers import BadNumber, normalise_number

#: a customer is found by these; the first that finds one counts
FOUND_BY = frozenset({"number", "email"})
_OWN = frozenset(
    {"kind", "name", "company", "gender", "level", "hobbies", "note", "anniversary_on", "type", "monthly_value"}
    | {"service", "credit_rating", "credit_limit", "arrears"}
)
_CUSTOM = re.compile(r"custom\.[a-z0-9_]{1,60}")


def is_field(name: str) -> bool:
    return name in FOUND_BY | _OWN or _CUSTOM.fullmatch(name) is not None


def put_customer(*, actor: Actor, values: Mapping[str, Any], known: int | None = None) -> dict[str, Any]:
    """Update the customer with this number or e-mail address, or make one; return {customer, is_new}.

    Of several with the number the one changed last is updated. ``known``: which customer it is, by the other system's
    id; a number or address that it does not have yet is added to it. Raises ``BadMessage`` and what customers'
    services raise; each names its fields.
    """
    fields = _checked(values)
    number, email = _text(values, "number"), _text(values, "email")
    if known is not None:
        reach = Reach(numbers=_with_number(actor, known, number), emails=_with_email(actor, known, email))
        services.update_customer(actor=actor, customer_id=known, fields=fields, reach=reach)
        return {"customer": known, "is_new": False}
    if not (number or email):
        raise BadMessage(
            "nothing_to_find_by",
            title="The message holds neither a number nor an e-mail address.",
            fields={"number": "missing"},
        )
    found = _find(actor, number, email)
    if found is not None:
        services.update_customer(actor=actor, customer_id=found, fields=fields)
        return {"customer": found, "is_new": False}
    if not fields.get("name"):
        fields["name"] = email or number
    reach = Reach(numbers=[NumberChange(number=number)] if number else [], emails=[email] if email else [])
    made = services.create_customer(actor=actor, fields=fields, reach=reach)
    return {"customer": made.pk, "is_new": True}


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record's own fields as its form takes them. Raises ``BadMessage``."""
    given: dict[str, Any] = {name: value for name, value in values.items() if name in _OWN}
    custom = {name.removeprefix("custom."): value for name, value in values.items() if _CUSTOM.fullmatch(name)}
    if custom:
        given["custom"] = custom
    try:
        return CustomerPatchIn(**given).dict(exclude_unset=True)
    except ValidationError as error:
        wrong = {str(each["loc"][0]): str(each["type"]) for each in error.errors()}
        raise BadMessage("invalid", title="Some fields need correction.", fields=wrong) from error


def _text(values: Mapping[str, Any], name: str) -> str:
    """Return a number or address as text; some systems send numbers as numbers. Raises ``BadMessage``."""
    value = values.get(name, "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadMessage("invalid", title="Some fields need correction.", fields={name: "string_type"})
    return str(value).strip()[:254]


def _canonical(actor: Actor, number: str) -> str:
    try:
        return normalise_number(number, actor.tenant.region)
    except BadNumber as error:
        raise BadMessage("bad_number", fields={"number": "bad_number"}) from error


def _with_number(actor: Actor, customer_id: int, number: str) -> list[NumberChange] | None:
    """Return the customer's numbers and a new one; None: it adds nothing."""
    if not number:
        return None
    stored = queries.numbers_of(tenant=actor.tenant, customer_ids=[customer_id])[customer_id]
    if _canonical(actor, number) in {row.number for row in stored}:
        return None
    return [*(NumberChange(id=row.pk) for row in stored), NumberChange(number=number)]


def _with_email(actor: Actor, customer_id: int, email: str) -> list[str] | None:
    """Return the customer's mail addresses and a new one; None: it adds nothing."""
    stored = queries.emails_of(tenant=actor.tenant, customer_ids=[customer_id]).get(customer_id, [])
    if not email or email.lower() in (each.lower() for each in stored):
        return None
    return [*stored, email]


def _find(actor: Actor, number: str, email: str) -> int | None:
    if number:
        canonical = _canonical(actor, number)
        if matches := queries.match_number(tenant=actor.tenant, number=canonical, limit=1):
            return matches[0].pk
    if email:
        rows = queries.search_customers(actor=actor, search=email)
        emails = queries.emails_of(tenant=actor.tenant, customer_ids=list(rows.values_list("pk", flat=True)[:20]))
        for customer_id, known in emails.items():
            if email.lower() in (each.lower() for each in known):
                return customer_id
    return None
