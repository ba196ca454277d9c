"""Whoever adds a table says what becomes of the persons in it."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.privacy import inventory
from zhiyin.apps.privacy.sealing_plan import NOT_SEALED, PLAN

_NO_WORDS = {"AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "DateField", "DateTimeField"} | {
    "DecimalField", "FloatField", "IntegerField", "PositiveIntegerField", "PositiveSmallIntegerField",
    "SmallIntegerField", "ForeignKey", "OneToOneField", "UUIDField", "SmallAutoField", "TimeField", "DurationField",
}  # fmt: skip


def tables_with_words() -> set[str]:
    with connection.cursor() as cursor:
        by_hand = {"event_log", "event_personal", "open_stream", "agent_checkpoint", "engine_settings"} & set(
            connection.introspection.table_names(cursor)
        )
    return by_hand | {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in inventory.SWEPT_APPS | inventory.STAFF_APPS
        and any(
            field.get_internal_type() not in _NO_WORDS and not field.choices for field in model._meta.concrete_fields
        )
    }


def test_every_table_that_can_hold_words_is_known_to_the_erasure(company: Company) -> None:
    """Whoever adds a table says in ``inventory`` what becomes of the persons in it."""
    known = {*inventory.FORGOTTEN_BY_APP, *inventory.SWEPT_ONLY, *inventory.NEVER}
    assert sorted(tables_with_words() - known) == []


def test_every_table_that_refers_to_a_customer_is_forgotten_by_its_app_or_says_why_not() -> None:
    keeps = {"interactions_customerlink", "interactions_showncustomer", "customers_customertag"}
    for model in apps.get_models():
        refers = any(
            (isinstance(field, ForeignKey) and field.related_model is Customer) or field.attname == "customer_id"
            for field in model._meta.concrete_fields
        )
        table = model._meta.db_table
        assert not refers or table in inventory.FORGOTTEN_BY_APP or table in keeps or table in inventory.NEVER, table


def test_every_app_that_forgets_is_asked() -> None:
    asked = {str(each["by"]).split(".")[2] for each in settings.PERSONAL_DATA} | {"audit"}
    assert set(inventory.FORGOTTEN_BY_APP.values()) <= asked


def test_every_table_of_persons_is_sealed_in_backups_or_says_why_not() -> None:
    sealed = {each.table for each in PLAN}
    assert set(inventory.FORGOTTEN_BY_APP) - sealed == set(NOT_SEALED)


def test_what_the_plan_names_is_there_and_guarded(company: Company) -> None:
    with connection.cursor() as cursor:
        for each in PLAN:
            columns = {column.name for column in connection.introspection.get_table_description(cursor, each.table)}
            named = {*each.words, *each.empty, "tenant_id", *(column for _front, column in each.points)}
            assert named <= columns, each.table
            cursor.execute(
                "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'note_touched'", [each.table]
            )
            assert cursor.fetchone(), each.table
