"""Making, changing and retiring custom fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhiyin.apps.audit import services as audit
from zhiyin.apps.fields import tasks
from zhiyin.apps.fields.codes import code_from
from zhiyin.apps.fields.errors import BadDefinition, HasDuplicates, NotIndexedYet, TooManyFields
from zhiyin.apps.fields.layouts import hidden_fields, place_everywhere
from zhiyin.apps.fields.models import FieldDefinition, FieldKey, rules_as_json
from zhiyin.apps.fields.subjects import get_subject
from zhiyin.apps.fields.values import clean, enter, enter_many, forget, merged
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.fields.cleaning import BadValue, clean_value
from zhiyin.domain.fields.definitions import (
    CHOOSING,
    MAX_FIELDS,
    MAX_OPTIONS,
    SEARCHABLE,
    UNIQUE,
    Definition,
    Kind,
    Rules,
)
from zhiyin.domain.fields.patterns import BadPattern, check_pattern

__all__ = [
    "clean",
    "create_field",
    "enter",
    "enter_many",
    "forget",
    "get_field",
    "hidden_fields",
    "merged",
    "order_fields",
    "update_field",
]


@transaction.atomic
def create_field(*, actor: Actor, subject: str, kind: str, fields: Mapping[str, Any]) -> FieldDefinition:
    """Add a field to a kind of record; its code is made from its name.

    Raises ``UnknownSubject``, ``TooManyFields`` and ``BadDefinition``; a taken name violates ``field_name_taken``.
    """
    known = get_subject(subject)
    rows = FieldDefinition.objects.of(actor.tenant).filter(subject=subject)
    _check_room(actor.tenant, subject)
    taken = {*rows.values_list("code", flat=True), *(one.code for one in known.built_in)}
    row = FieldDefinition(
        tenant=actor.tenant,
        subject=subject,
        kind=kind,
        code=code_from(str(fields["name"]), taken=taken, fallback="field"),
        position=rows.count(),
        indexed_at=timezone.now(),
    )
    _apply(row, fields)
    row.save(force_insert=True)
    place_everywhere(row)
    _record(actor, row, "field.created", before=None)
    return row


@transaction.atomic
def update_field(*, actor: Actor, field_id: int, fields: Mapping[str, Any]) -> FieldDefinition:
    """Change what is named of a field; options left out of ``options`` are retired, so that values keep them.

    Raises ``NotFound``, ``TooManyFields``, ``BadDefinition``, ``HasDuplicates`` and ``NotIndexedYet``.
    """
    row = get_field(tenant=actor.tenant, field_id=field_id)
    before, was = audit.fields_of(row), row.to_definition()
    is_used_again = bool(fields.get("is_active")) and not row.is_active
    if is_used_again:
        _check_room(actor.tenant, row.subject)
    _apply(row, fields)
    _follow_index(actor.tenant, row, was)
    row.save()
    if is_used_again or (row.is_active and row.is_required and not was.is_required):
        place_everywhere(row)
    _record(actor, row, "field.changed", before=before)
    return row


@transaction.atomic
def order_fields(*, actor: Actor, subject: str, ids: Sequence[int]) -> None:
    """Put a subject's fields into this order; those not named follow in their own."""
    get_subject(subject)
    rows = list(FieldDefinition.objects.of(actor.tenant).filter(subject=subject).order_by("position", "pk"))
    wanted = {pk: index for index, pk in enumerate(ids)}
    before = [row.code for row in rows]
    rows.sort(key=lambda row: wanted.get(row.pk, len(wanted)))
    for position, row in enumerate(rows):
        row.position = position
    FieldDefinition.objects.of(actor.tenant).bulk_update(rows, ["position"])
    audit.record(
        actor=actor,
        action="field.ordered",
        kind="field",
        name=subject,
        before={"order": before},
        after={"order": [row.code for row in rows]},
    )


def get_field(*, tenant: Tenant, field_id: int) -> FieldDefinition:
    """Raises ``NotFound``."""
    row = FieldDefinition.objects.of(tenant).filter(pk=field_id).first()
    if row is None:
        raise NotFound
    return row


def _check_room(tenant: Tenant, subject: str) -> None:
    if FieldDefinition.objects.of(tenant).filter(subject=subject, is_active=True).count() >= MAX_FIELDS:
        raise TooManyFields(MAX_FIELDS)


def _apply(row: FieldDefinition, fields: Mapping[str, Any]) -> None:
    """Write what is given into ``row`` and check that it agrees with itself. Raises ``BadDefinition``."""
    for name, value in fields.items():
        if name not in ("options", "rules", "default"):
            setattr(row, name, value)
    if "options" in fields:
        row.options = _options(row, fields["options"])
    if "rules" in fields:
        row.rules = rules_as_json(Rules(**fields["rules"]))
    definition = row.to_definition()
    _check(definition)
    if "default" in fields:
        row.default = _default(definition, fields["default"], row.tenant.region)


def _check(field: Definition) -> None:
    rules = field.rules
    if field.kind in CHOOSING and not any(not option.is_retired for option in field.options):
        raise BadDefinition("no_options", fields={"options": "no_options"}, title="Give at least one option.")
    if field.is_unique and field.kind not in UNIQUE:
        raise BadDefinition(fields={"is_unique": "not_for_this_kind"})
    if field.is_searchable and field.kind not in SEARCHABLE:
        raise BadDefinition(fields={"is_searchable": "not_for_this_kind"})
    if rules.minimum is not None and rules.maximum is not None and rules.minimum > rules.maximum:
        raise BadDefinition(fields={"rules.maximum": "less_than_minimum"})
    try:
        check_pattern(rules.pattern or " ")
    except BadPattern:
        raise BadDefinition(fields={"rules.pattern": "bad_pattern"}) from None


def _options(row: FieldDefinition, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the options in their new order, the stored ones that were left out retired behind them."""
    stored: dict[str, dict[str, Any]] = {option["code"]: option for option in row.options}
    found: dict[str, dict[str, Any]] = {}
    names: set[str] = set()
    for index, option in enumerate(given):
        code = option.get("code") or code_from(option["name"], taken={*stored, *found}, fallback="option")
        if code in found or (option.get("code") and code not in stored):
            raise BadDefinition(fields={f"options.{index}.code": "unknown_option"})
        if not option.get("is_retired") and option["name"] in names:
            raise BadDefinition(fields={f"options.{index}.name": "taken"})
        names.add(option["name"])
        found[code] = {
            "code": code,
            "name": option["name"],
            "name_en": option.get("name_en", ""),
            "is_retired": bool(option.get("is_retired", False)),
        }
    for code, option in stored.items():
        found.setdefault(code, option | {"is_retired": True})
    if len(found) > MAX_OPTIONS:
        raise BadDefinition(fields={"options": "too_many"}, title=f"At most {MAX_OPTIONS} options.")
    return list(found.values())


def _default(field: Definition, given: object, region: str) -> object:
    def normalise(text: str) -> str | None:
        try:
            return normalise_number(text, region)
        except BadNumber:
            return None

    if given is not None and (field.is_unique or field.kind is Kind.USER):
        raise BadDefinition(fields={"default": "not_for_this_kind"})
    try:
        return clean_value(field, given, normalise=normalise)
    except BadValue as error:
        raise BadDefinition(fields={"default": error.code}) from None


def _follow_index(tenant: Tenant, row: FieldDefinition, was: Definition) -> None:
    """Let the index follow what the field is now: emptied at once, filled by a job, uniqueness checked by itself."""
    now = row.to_definition()
    keys = FieldKey.objects.of(tenant).filter(field=row)
    if row.is_unique and not was.is_unique:
        if not was.is_searchable or row.indexed_at is None:
            raise NotIndexedYet
        try:
            with transaction.atomic():
                keys.filter(is_whole=True).update(is_unique=True)
        except IntegrityError:
            raise HasDuplicates from None
    if was.is_unique and not row.is_unique:
        keys.filter(is_unique=True).update(is_unique=False)
    if was.is_indexed and not now.is_indexed:
        keys.delete()
    if now.is_searchable and not was.is_searchable:
        row.indexed_at = None
        tasks.fill_index.defer(tenant_id=tenant.pk, field_id=row.pk)


def _record(actor: Actor, row: FieldDefinition, action: str, *, before: Mapping[str, Any] | None) -> None:
    audit.record(
        actor=actor,
        action=action,
        kind="field",
        subject=row.pk,
        name=row.name,
        before=before,
        after=audit.fields_of(row),
    )
