"""Whatever refers to a merged customer follows, and goes back: over every table there is, a later one too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from zhiyin.apps.accounts.models import User
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import merging, services
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.customers.models import Customer, ListEntry, SearchEntry
from zhiyin.apps.customers.services import NumberChange
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.tenancy.models import Tenant

#: columns called after a customer that are none, or tell of one that is gone on purpose
NO_REFERENCES = {
    "interactions.interaction.customer_ref": "a reference into the log's personal values",
    "integrations.connector.pulls_customers": "a switch",
    "routing.contactclass.customer_classes": "ids of classes of customers",
    "entries.entryrule.customer_classes": "ids of classes of customers",
    "privacy.erasure.customer_id": "whose erasure was ordered: the certificate keeps the id that was erased",
}


def tables() -> list[tuple[type[models.Model], str]]:
    """Every foreign key to customers in the whole product, read from the models and not from what merging knows."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Customer and model is not SearchEntry
    ]


def filled(model: type[models.Model], company: Company, **given: object) -> models.Model:
    """Store a row that has what the table insists on, whatever that is."""
    row = model(**given)
    for field in model._meta.concrete_fields:
        is_set = {field.name, field.attname} & given.keys() or field.primary_key or field.null or field.has_default()
        if not is_set and not (field.blank and not field.is_relation):
            setattr(row, field.name, something(field, company))
    row.save(force_insert=True)
    return row


def something(field: models.Field[Any, Any], company: Company) -> object:
    if field.is_relation:
        related: Any = field.related_model
        known = {Tenant: company.tenant, User: company.users["agent"]}
        return known.get(related) or filled(related, company)
    if field.choices:
        return next(iter(field.flatchoices))[0]
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return False
    if kind == "DateTimeField":
        return timezone.now()
    return date(2026, 1, 1) if kind == "DateField" else 1 if "Integer" in kind else [] if kind == "ArrayField" else "x"


def pair(company: Company) -> tuple[int, int]:
    make = services.create_customer
    return (
        make(actor=company.system, fields={"name": "甲"}, numbers=[NumberChange(number="13800000001")]).pk,
        make(actor=company.system, fields={"name": "乙"}, numbers=[NumberChange(number="13800000002")]).pk,
    )


def merge(company: Company, kept: int, merged: int) -> int:
    made = merging.merge(actor=company.system, kept_id=kept, merged_id=merged, chosen={}, now=timezone.now())
    return int(made.pk)


def undo(company: Company, merge_id: int) -> None:
    merging.undo(actor=company.system, merge_id=merge_id, now=timezone.now())


def test_what_refers_to_the_merged_one_follows_and_goes_back(company: Company) -> None:
    kept, merged = pair(company)
    rows = {
        (model, name): filled(model, company, **{f"{name}_id": merged, "tenant": company.tenant}).pk
        for model, name in tables()
    }

    def owned_by(customer: int) -> set[str]:
        return {
            f"{model.__name__}.{name}"
            for (model, name), key in rows.items()
            if model._base_manager.filter(pk=key, **{f"{name}_id": customer}).exists()
        }

    everything = owned_by(merged)
    assert {"CustomerLink.customer", "FollowUp.customer", "Note.customer", "Relation.other"} <= everything
    merge_id = merge(company, kept, merged)
    assert (owned_by(kept), owned_by(merged)) == (everything, set())
    undo(company, merge_id)
    assert (owned_by(kept), owned_by(merged)) == (set(), everything)


def test_what_names_a_customer_without_a_foreign_key_is_registered() -> None:
    followed = merging.registered()
    assert set(unbound()) - NO_REFERENCES.keys() <= followed


def unbound() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if "customer" in field.name and not field.is_relation:
                yield f"{model._meta.label_lower}.{field.name}"


def test_what_was_told_about_the_merged_one_is_about_the_kept_one_then(company: Company) -> None:
    kept, merged = pair(company)
    for customer in (kept, merged):
        notify(
            tenant=company.tenant, user_ids=[company.users["agent"].pk], category=Category.TASK, code="x",
            facts={}, link=f"/customers/{customer}", customer_id=customer, now=timezone.now(),
        )  # fmt: skip
    rows = Notification.objects.of(company.tenant).order_by("pk")
    merge_id = merge(company, kept, merged)
    assert list(rows.values_list("customer_id", flat=True)) == [kept, kept]
    undo(company, merge_id)
    assert list(rows.values_list("customer_id", flat=True)) == [kept, merged]


def test_two_on_one_list_stand_there_once_and_the_engine_knows_the_numbers_of_both(company: Company) -> None:
    kept, merged = pair(company)
    soon = timezone.now() + timedelta(days=1)
    for customer in (kept, merged):
        lists.add_entry(
            actor=company.system, list_code="block", reason=f"{customer}", now=timezone.now(),
            customer_id=customer, expires_at=soon,
        )  # fmt: skip
    rows = ListEntry.objects.of(company.tenant).order_by("pk")
    merge_id = merge(company, kept, merged)
    assert [(row.customer_id, row.ended_reason) for row in rows] == [(kept, ""), (kept, "merged")]
    assert published(company) == {"+8613800000001", "+8613800000002"}
    undo(company, merge_id)
    assert [(row.customer_id, row.ended_reason) for row in rows.all()] == [(kept, ""), (merged, "")]


def published(company: Company) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (body->'listed')::text FROM engine_settings WHERE tenant_id = %s", [company.tenant.pk])
        (listed,) = cursor.fetchone()
    return {entry["number"] for entry in json.loads(listed)}


def test_the_kept_ones_timeline_tells_what_was_changed_of_the_merged_one(company: Company) -> None:
    kept, merged = pair(company)
    services.update_customer(actor=company.system, customer_id=merged, fields={"note": "从前"})
    merge(company, kept, merged)
    answer = company.browser("lead").get(f"/api/customers/{kept}/timeline", {"kind": "change"}).json()
    assert "从前" in [field["after"] for item in answer["items"] for field in item["change"]["fields"]]
