"""What may be chosen on a step's panel where its kind does not say it: services, statements, customers' fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhiyin.apps.fields import queries as fields
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import published_rows
from zhiyin.domain.flows.customer_fields import BY_NUMBER, CUSTOMER_FIELDS, OWN_PREFIX
from zhiyin.domain.flows.nodes.panel import FieldKind

#: what is written into the configuration, and its words in Chinese and English
Option = tuple[str | int, str, str]
Options = Mapping[FieldKind, Sequence[Option]]

_SERVICES = {
    FieldKind.HTTP_SERVICE: "external/http",
    FieldKind.PAYMENT_SERVICE: "external/payments",
    FieldKind.MESSAGE_SERVICE: "external/messages",
}


def options_of(*, tenant: Tenant) -> Options:
    """Return what the company has of each kind; services that are switched off cannot be chosen."""
    options: dict[FieldKind, list[Option]] = {
        kind: _named(published_rows(tenant=tenant, section=section), "id") for kind, section in _SERVICES.items()
    }
    options[FieldKind.STATEMENT] = _named(published_rows(tenant=tenant, section="external/statements"), "key")
    own = fields.definitions(tenant, "customer")
    options[FieldKind.CUSTOMER_FIELD] = [
        *((code, *words) for code, words in CUSTOMER_FIELDS.items()),
        *((OWN_PREFIX + field.code, field.name, field.name_en or field.name) for field in own),
    ]
    options[FieldKind.CUSTOMER_KEY] = [
        (BY_NUMBER, "电话号码", "Telephone number"),
        *(
            (OWN_PREFIX + field.code, field.name, field.name_en or field.name)
            for field in own
            if field.is_searchable or field.is_unique
        ),
    ]
    return options


def known_of(options: Options) -> dict[FieldKind, set[object]]:
    """Return what a step may name, for the proof."""
    return {kind: {code for code, *_ in each} for kind, each in options.items() if kind != FieldKind.CUSTOMER_FIELD}


def _named(rows: Sequence[Mapping[str, object]], key: str) -> list[Option]:
    found: list[Option] = []
    for row in rows:
        code, name = row[key], str(row["name"])
        assert isinstance(code, str | int)
        found.append((code, name, name))
    return found
