"""Reading custom fields: their definitions, and values as people see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from zhiyin.apps.fields.models import FieldDefinition
from zhiyin.apps.fields.search import conditions_of, filtered, matching_records
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson
from zhiyin.contracts.numbers import mask_number
from zhiyin.domain.fields.definitions import Definition, Kind

__all__ = [
    "audited",
    "columns",
    "conditions_of",
    "definitions",
    "definitions_asked",
    "filtered",
    "list_fields",
    "matching_records",
    "readable",
    "shown",
    "user_ids",
]

_FIELDS = RowsAsJson(FieldDefinition)
#: a record's values by the codes of its fields
Values = Mapping[str, Any]


def list_fields(*, tenant: Tenant, subject: str = "", search: str = "", is_active: bool | None = None) -> QuerySet[Any]:
    rows: QuerySet[FieldDefinition] = FieldDefinition.objects.of(tenant)
    if subject:
        rows = rows.filter(subject=subject)
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(name_en__icontains=search) | Q(code__icontains=search))
    return rows


def definitions_asked(tenant: Tenant, subject: str) -> Question[tuple[Definition, ...]]:
    """Ask for the fields in use, in their order."""
    return Question(_definitions(), (tenant.pk, subject), _read_definitions)


def definitions(tenant: Tenant, subject: str) -> tuple[Definition, ...]:
    return answer(definitions_asked(tenant, subject))


@cache
def _definitions() -> str:
    return _FIELDS.select("t.tenant_id = $1 AND t.subject = $2 AND t.is_active", order="t.position, t.id")


def _read_definitions(text: str | None) -> tuple[Definition, ...]:
    return tuple(row.to_definition() for row in _FIELDS.read(text))


def shown(actor: Actor, fields: Iterable[Definition], values: Values) -> dict[str, Any]:
    """Return a record's values for an answer: of the fields in use, telephone numbers as the actor may see them."""
    return {
        field.code: _masked(field, values[field.code]) if not actor.sees_numbers else values[field.code]
        for field in fields
        if values.get(field.code) is not None
    }


def audited(fields: Iterable[Definition], values: Values) -> dict[str, Any]:
    """Return a record's values as the audit keeps them, each by ``custom.CODE``, numbers masked."""
    by_code = {field.code: field for field in fields}
    return {
        f"custom.{code}": _masked(by_code[code], value) if code in by_code else value for code, value in values.items()
    }


def _masked(field: Definition, value: Any) -> Any:
    return mask_number(str(value)) if field.kind is Kind.TELEPHONE else value


def columns(fields: Iterable[Definition]) -> dict[str, tuple[str, str]]:
    """Return the columns of a file, in the fields' order: ``custom.CODE`` -> Chinese and English title."""
    return {f"custom.{field.code}": (field.name, field.name_en or field.name) for field in fields}


def user_ids(fields: Sequence[Definition], rows: Iterable[Values]) -> set[int]:
    """Return which users the values name, for their names to be read at once."""
    codes = [field.code for field in fields if field.kind is Kind.USER]
    return {row[code] for row in rows for code in codes if isinstance(row.get(code), int)}


def readable(
    actor: Actor, fields: Iterable[Definition], values: Values, *, users: Mapping[int, str]
) -> dict[str, object]:
    """Return a record's values as a file shows them: names instead of codes and ids, dates as dates."""
    return {
        field.code: _readable(field, value, language=actor.language, users=users)
        for field in fields
        if (value := shown(actor, (field,), values).get(field.code)) is not None
    }


def _readable(field: Definition, value: Any, *, language: str, users: Mapping[int, str]) -> object:
    is_chinese = language.startswith("zh")
    readers: dict[Kind, Callable[[], object]] = {
        Kind.CHOICE: lambda: _option_name(field, value, is_chinese=is_chinese),
        Kind.CHOICES: lambda: "、".join(_option_name(field, code, is_chinese=is_chinese) for code in value),
        Kind.YES_NO: lambda: ("否", "是")[value] if is_chinese else ("no", "yes")[value],
        Kind.DATE: lambda: date.fromisoformat(value),
        Kind.DATE_TIME: lambda: datetime.fromisoformat(value),
        Kind.USER: lambda: users.get(value, str(value)),
    }
    read = readers.get(field.kind)
    return read() if read else value


def _option_name(field: Definition, code: str, *, is_chinese: bool) -> str:
    option = field.by_code.get(code)
    if option is None:
        return code
    return option.name if is_chinese else option.name_en or option.name
