"""Values of custom fields: checked before a record is written, entered into the index after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from zhiyin.apps.fields import queries
from zhiyin.apps.fields.errors import BadCustomValues, Slip
from zhiyin.apps.fields.models import FieldKey
from zhiyin.apps.fields.queries import Values
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users
from zhiyin.contracts.numbers import BadNumber, mask_number, normalise_number
from zhiyin.domain.fields.cleaning import BadValue, clean_value
from zhiyin.domain.fields.definitions import Definition, Kind
from zhiyin.domain.fields.keys import keys_of

#: so many records' entries are written with one statement
_BATCH = 1_000


def clean(
    tenant: Tenant,
    subject: str,
    given: Mapping[str, object],
    *,
    partial: bool,
    stored: Values | None = None,
    record_id: int | None = None,
    fields: Sequence[Definition] | None = None,
    hidden: Collection[str] = (),
) -> dict[str, Any]:
    """Return what ``given`` means for a record: code -> clean value, None where a value shall go.

    ``partial``: only what is named changes; else what is missing takes its default, and what is required must be
    there. ``stored``: the record's values until now, which may stay though the rules became stricter; ``record_id``:
    the record itself, which may keep what is unique. ``fields``: where they are read already. ``hidden``: codes that
    the form's layout did not show, which are not asked for.
    Raises ``BadCustomValues`` naming every field that cannot stand.
    """
    known = queries.definitions(tenant, subject) if fields is None else fields
    stored = stored or {}
    slips: dict[str, Slip] = {}
    cleaned: dict[str, Any] = {}
    codes = {field.code for field in known}
    for code in given.keys() - codes:
        if code not in stored or given[code] != stored[code]:
            slips[str(code)[:60]] = Slip("retired_field" if code in stored else "unknown_field")
    for field in known:
        if field.code not in given and partial:
            continue
        try:
            value = _clean_one(tenant, field, given.get(field.code, field.default), stored.get(field.code))
        except BadValue as error:
            slips[field.code] = Slip(error.code, error.facts)
            continue
        if value is None and field.is_required and field.code not in hidden:
            slips[field.code] = Slip("required")
        cleaned[field.code] = value
    slips |= _unknown_users(tenant, known, cleaned, stored) | _taken(tenant, known, cleaned, stored, record_id)
    if slips:
        raise BadCustomValues(slips)
    return cleaned


def merged(stored: Values, cleaned: Values) -> dict[str, Any]:
    """Return a record's values after a change, without what is empty."""
    return {code: value for code, value in {**stored, **cleaned}.items() if value is not None}


def enter(
    tenant: Tenant, subject: str, record_id: int, values: Values, *, fields: Sequence[Definition] | None = None
) -> None:
    """Let a record be found by these values, and by no others. In the transaction that writes the record.

    A unique value that somebody else took this instant violates ``field_value_taken``.
    """
    enter_many(tenant, subject, {record_id: values}, fields=fields)


def enter_many(
    tenant: Tenant, subject: str, records: Mapping[int, Values], *, fields: Sequence[Definition] | None = None
) -> None:
    """As ``enter``, for many records with few statements."""
    known = queries.definitions(tenant, subject) if fields is None else fields
    indexed = [field for field in known if field.is_indexed]
    if not indexed or not records:
        return
    keys = FieldKey.objects.of(tenant)
    keys.filter(field_id__in=[field.id for field in indexed], record_id__in=list(records)).delete()
    keys.bulk_create(
        (key for record_id, values in records.items() for key in _keys(tenant, indexed, record_id, values)),
        batch_size=_BATCH,
    )


def forget(tenant: Tenant, subject: str, record_ids: Collection[int]) -> None:
    """Remove the entries of records that are removed."""
    FieldKey.objects.of(tenant).filter(field__subject=subject, record_id__in=list(record_ids)).delete()


def _keys(tenant: Tenant, indexed: Iterable[Definition], record_id: int, values: Values) -> Iterable[FieldKey]:
    for field in indexed:
        for key in keys_of(field, values.get(field.code)):
            if key.is_whole or field.is_searchable:
                yield FieldKey(
                    tenant=tenant,
                    field_id=field.id,
                    record_id=record_id,
                    text=key.text,
                    number=key.number,
                    is_whole=key.is_whole,
                    is_unique=field.is_unique and key.is_whole,
                )


def _clean_one(tenant: Tenant, field: Definition, given: object, stored: object) -> object:
    def normalise(text: str) -> str | None:
        try:
            return normalise_number(text, tenant.region)
        except BadNumber:
            return None

    if field.kind is Kind.TELEPHONE and isinstance(stored, str) and given == mask_number(stored):
        return stored  # whoever sees it masked sends it back so
    return clean_value(field, given, stored=stored, normalise=normalise)


def _unknown_users(tenant: Tenant, known: Iterable[Definition], cleaned: Values, stored: Values) -> dict[str, Slip]:
    named = {
        field.code: cleaned[field.code]
        for field in known
        if field.kind is Kind.USER
        and cleaned.get(field.code) is not None
        and cleaned[field.code] != stored.get(field.code)
    }
    if not named or are_users(tenant=tenant, user_ids=named.values()):
        return {}
    return {
        code: Slip("unknown_user")
        for code, user_id in named.items()
        if not are_users(tenant=tenant, user_ids=(user_id,))
    }


def _taken(
    tenant: Tenant, known: Iterable[Definition], cleaned: Values, stored: Values, record_id: int | None
) -> dict[str, Slip]:
    wanted = {
        (field.id, key.text): field.code
        for field in known
        if field.is_unique and cleaned.get(field.code) != stored.get(field.code)
        for key in keys_of(field, cleaned.get(field.code))
        if key.is_whole
    }
    if not wanted:
        return {}
    rows = FieldKey.objects.of(tenant).filter(
        is_unique=True, field_id__in={field_id for field_id, _ in wanted}, text__in={text for _, text in wanted}
    )
    others = rows if record_id is None else rows.exclude(record_id=record_id)
    found = others.values_list("field_id", "text")
    return {wanted[pair]: Slip("taken") for pair in found if pair in wanted}
