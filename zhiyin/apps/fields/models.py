"""A custom field's definition, and the entries under which its values are found."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from zhiyin.apps.tenancy.models import TenantManager, TenantModel
from zhiyin.domain.fields.definitions import Definition, Kind, Option, Rules


class FieldDefinition(TenantModel):
    """A field that the company added to a kind of record. ``code`` and ``kind`` never change."""

    subject = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    help = models.CharField(max_length=300, blank=True)
    help_en = models.CharField(max_length=300, blank=True)
    is_required = models.BooleanField(default=False)
    is_unique = models.BooleanField(default=False)
    is_searchable = models.BooleanField(default=False)
    is_in_list = models.BooleanField(default=False)
    #: retired fields keep their values and are neither shown nor asked
    is_active = models.BooleanField(default=True)
    default = models.JSONField(null=True)
    #: [{code, name, name_en, is_retired}]
    options = models.JSONField(default=list)
    #: domain.fields.Rules by name, what differs from the default
    rules = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    #: when all values that stood there before were entered into the index
    indexed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "subject", "code"), name="field_code_taken", violation_error_code="name"
            ),
            models.UniqueConstraint(
                fields=("tenant", "subject", "name"),
                condition=models.Q(is_active=True),
                name="field_name_taken",
                violation_error_code="name",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def to_definition(self) -> Definition:
        return Definition(
            id=self.pk,
            code=self.code,
            kind=Kind(self.kind),
            name=self.name,
            name_en=self.name_en,
            is_required=self.is_required,
            is_unique=self.is_unique,
            is_searchable=self.is_searchable,
            is_in_list=self.is_in_list,
            default=self.default,
            options=tuple(Option(**option) for option in self.options),
            rules=Rules(**self.rules),
        )


class FieldKey(TenantModel):
    """One entry by which a record is found through a field's value (docs/decisions/0031).

    Made from the record's ``custom`` in the transaction that writes it; the record alone is the truth.
    """

    field = models.ForeignKey(FieldDefinition, on_delete=models.CASCADE, related_name="+", db_index=False)
    record_id = models.BigIntegerField()
    text = models.TextField(db_collation="C")
    number = models.FloatField(null=True)
    is_whole = models.BooleanField(default=True)
    is_unique = models.BooleanField(default=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("field", "text"),
                condition=models.Q(is_unique=True),
                name="field_value_taken",
                violation_error_code="custom",
            ),
        )
        indexes = (
            models.Index(fields=("field", "text", "record_id"), name="field_key_text"),
            models.Index(
                fields=("field", "number", "record_id"),
                condition=models.Q(number__isnull=False),
                name="field_key_number",
            ),
            models.Index(fields=("record_id", "field"), name="field_key_record"),
        )

    def __str__(self) -> str:
        return f"{self.field_id}:{self.record_id}"


class StoredLayout(TenantModel):
    """How the fields of one type of record stand on its forms; without a row the default order holds."""

    subject = models.CharField(max_length=40)
    variant = models.CharField(max_length=40)
    #: domain.fields.Layout as ``layouts.to_json`` writes it
    sections = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        db_table = "fields_layout"
        constraints = (models.UniqueConstraint(fields=("tenant", "subject", "variant"), name="layout_once"),)

    def __str__(self) -> str:
        return f"{self.subject}:{self.variant}"


def rules_as_json(rules: Rules) -> dict[str, Any]:
    """Return what differs from no rules at all."""
    plain = Rules()
    return {name: getattr(rules, name) for name in Rules.__slots__ if getattr(rules, name) != getattr(plain, name)}
