"""All that is stored of a customer, as JSON: taken, compared, and put back exactly. What undoing rests on.

Tables are found by their reference to ``Customer``, so that one that is added is not forgotten.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.models import Customer, SearchEntry
from zhiyin.apps.customers.search_entries import write_search_entries
from zhiyin.apps.fields import services as fields_of_own
from zhiyin.apps.tenancy.models import Tenant

#: {"record": the customer's own columns, "rows": {table.reference: {id: columns}}}
Snapshot = dict[str, Any]

#: written anew from the others
_DERIVED = frozenset({SearchEntry})
#: no difference that anybody made
_UNCOMPARED = frozenset({"version", "changed_at", "position"})


def references() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every table that refers to customers, with the name of the reference; derived ones left out."""
    for relation in Customer._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model not in _DERIVED:
            yield relation.related_model, relation.field.name


def own_references() -> list[tuple[type[models.Model], str]]:
    """Return the tables that are part of a customer; what other apps keep is theirs."""
    return [(model, name) for model, name in references() if model._meta.app_label == "customers"]


def take(*, tenant: Tenant, customer_id: int) -> Snapshot | None:
    """Return what is stored of a customer now; ``None``: no such customer."""
    record = Customer.objects.of(tenant).filter(pk=customer_id).first()
    if record is None:
        return None
    rows = {
        _label(model, name): {
            str(row.pk): columns_of(row) for row in _rows(tenant, model, name, customer_id).order_by("pk")
        }
        for model, name in own_references()
    }
    return {"record": columns_of(record), "rows": {label: found for label, found in rows.items() if found}}


def differences(now: Snapshot | None, then: Snapshot) -> list[str]:
    """Return by name what is something else: fields of the record, ``custom.CODE``, lists."""
    if now is None:
        return ["removed"]
    before, after = _flat(then), _flat(now)
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def put_back(*, tenant: Tenant, customer_id: int, snapshot: Snapshot) -> None:
    """Let the customer be what the snapshot says, also after it was removed. In a transaction.

    The version rises all the same: whoever edits what was there until now shall be told.
    """
    present = Customer.objects.of(tenant).filter(pk=customer_id).values_list("version", flat=True).first() or 0
    version = max(present, snapshot["record"]["version"]) + 1
    _write(Customer, tenant, str(customer_id), snapshot["record"] | {"version": version})
    for model, name in own_references():
        wanted = snapshot["rows"].get(_label(model, name), {})
        _rows(tenant, model, name, customer_id).exclude(pk__in=[int(key) for key in wanted]).delete()
        for key, columns in wanted.items():
            _write(model, tenant, key, columns)
    customer = Customer.objects.of(tenant).get(pk=customer_id)
    fields_of_own.enter(tenant, SUBJECT, customer_id, customer.custom)
    write_search_entries(tenant=tenant, customers=[customer])


def referring(*, tenant: Tenant, customer_id: int) -> list[str]:
    """Return which tables of other apps refer to the customer."""
    return sorted(
        model._meta.model_name or ""
        for model, name in references()
        if model._meta.app_label != "customers" and _rows(tenant, model, name, customer_id).exists()
    )


def columns_of(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as JSON holds them; ``_write`` reads them back as they were."""
    columns = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    kept = {name: value for name, value in columns.items() if name not in (row._meta.pk.attname, "tenant_id")}
    plain: dict[str, Any] = json.loads(json.dumps(kept, default=_plain))
    return plain


def write_row(model: type[models.Model], tenant: Tenant, key: str, columns: Mapping[str, Any]) -> None:
    """Write a row that ``columns_of`` read, under its own key."""
    _write(model, tenant, key, columns)


def _write(model: type[models.Model], tenant: Tenant, key: str, columns: Mapping[str, Any]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: fields[name].to_python(value) for name, value in columns.items() if name in fields}
    rows = model._base_manager.filter(tenant_id=tenant.pk, pk=key)
    if not rows.exists():
        model(pk=int(key), tenant_id=tenant.pk, **values).save(force_insert=True)
    # what the model sets by itself on saving (``auto_now``) is put back too
    rows.update(**values)


def _rows(tenant: Tenant, model: type[models.Model], name: str, customer_id: int) -> models.QuerySet[Any]:
    return model._base_manager.filter(tenant_id=tenant.pk, **{f"{name}_id": customer_id})


def _label(model: type[models.Model], name: str) -> str:
    return f"{model._meta.model_name}.{name}"


def _flat(snapshot: Snapshot) -> dict[str, Any]:
    record = {name: value for name, value in snapshot["record"].items() if name not in _UNCOMPARED}
    custom = record.pop("custom", {})
    flat = record | {f"custom.{code}": value for code, value in custom.items()}
    # a table may refer to customers twice, and what is stored comes back in another order: each reference adds its rows
    lists: dict[str, list[str]] = defaultdict(list)
    for label, rows in snapshot["rows"].items():
        lists[label.split(".")[0]] += [
            json.dumps({name: value for name, value in row.items() if name not in _UNCOMPARED}, sort_keys=True)
            for row in rows.values()
        ]
    return flat | {name: sorted(rows) for name, rows in lists.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
