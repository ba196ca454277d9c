"""Rows of a model as JSON, for questions that are asked together (``tenancy.asking``), and back.

What comes back is what a query of Django would have given: instances with all fields, no relations read.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.db import models

M = TypeVar("M", bound=models.Model)

#: by what Django calls a field of the database
_TYPES: dict[str, Any] = {
    **dict.fromkeys(("AutoField", "BigAutoField", "BigIntegerField", "IntegerField"), int),
    **dict.fromkeys(("PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField"), int),
    **dict.fromkeys(("CharField", "TextField", "EmailField", "SlugField"), str),
    "BinaryField": bytes,
    "BooleanField": bool,
    "FloatField": float,
    "DecimalField": Decimal,
    "DateTimeField": datetime,
    "DateField": date,
    "JSONField": Any,
}


_PAIRS: msgspec.json.Decoder[list[tuple[Any, Any]]] = msgspec.json.Decoder(list[tuple[Any, Any]])


def json_pairs(text: str | None) -> list[tuple[Any, Any]]:
    """Return what ``json_agg(json_build_array(a, b))`` gave, numbers and texts as they are."""
    return [] if text is None else _PAIRS.decode(text)


class RowsAsJson(Generic[M]):
    """The rows of one model; in a statement its table is called ``table``."""

    def __init__(self, model: type[M], *, table: str = "t") -> None:
        self._model = model
        self._table = table

    @cached_property
    def row(self) -> str:
        """One row as an array of its fields."""
        return f"json_build_array({', '.join(map(self._column, self._model._meta.concrete_fields))})"

    def _column(self, field: models.Field[Any, Any]) -> str:
        name = f'{self._table}."{field.column}"'
        return f"translate(encode({name}, 'base64'), E'\\n', '')" if isinstance(field, models.BinaryField) else name

    def select(self, where: str, *, order: str) -> str:
        """Return the statement for the rows that fit, as one array; NULL where there are none."""
        table = f'"{self._model._meta.db_table}" {self._table}'
        return f"SELECT json_agg({self.row} ORDER BY {order}) FROM {table} WHERE {where}"  # noqa: S608 - of our own words

    def read(self, text: str | None) -> list[M]:
        if text is None:
            return []
        return [self.made_of(values) for values in self._decoder.decode(text)]

    def read_keyed(self, text: str | None) -> list[tuple[Any, M]]:
        """Return what ``json_agg(json_build_array(key, row))`` gave."""
        if text is None:
            return []
        return [(key, self.made_of(values)) for key, values in self._keyed_decoder.decode(text)]

    def made_of(self, values: tuple[Any, ...]) -> M:
        """Return the row that these fields make."""
        return self._model.from_db("default", self._names, values)

    @cached_property
    def type(self) -> Any:
        """What a row is, for ``msgspec``."""
        return tuple[tuple(_type_of(field) for field in self._model._meta.concrete_fields)]  # type: ignore[misc] # made at run time

    @cached_property
    def _decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(list[self.type])  # type: ignore[name-defined] # made at run time

    @cached_property
    def _keyed_decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(list[tuple[int | str, self.type]])  # type: ignore[name-defined] # made at run time

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._model._meta.concrete_fields]


def _type_of(field: models.Field[Any, Any]) -> Any:
    """Return what a field's values are. Raises ``KeyError`` for a kind that nobody needed yet."""
    while isinstance(field, models.ForeignKey):
        is_nullable = field.null
        field = field.target_field
        if is_nullable:
            return _type_of(field) | None
    if isinstance(field, ArrayField):
        kind: Any = list[_type_of(field.base_field)]  # type: ignore[misc] # made at run time
    else:
        kind = _TYPES[field.get_internal_type()]
    return kind | None if field.null and kind is not Any else kind
