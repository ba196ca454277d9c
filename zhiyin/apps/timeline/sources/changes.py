"""Changes of the record, from the audit: who changed what from what to what, and which lists it was put on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ninja import Schema

from zhiyin.apps.audit import queries
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.field_names import field_of
from zhiyin.apps.customers.tombstones import parts_of
from zhiyin.apps.followups.schemas import PersonOut
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import visible_values
from zhiyin.apps.timeline.merging import Cursor, Head, Wanted, after

#: acts that changed nothing of the customer
_NO_CHANGES = ("customer.read",)


class ChangedFieldOut(Schema):
    field: str
    before: Any
    after: Any


class ChangeOut(Schema):
    """``action`` is the audit's word, "customer.changed"."""

    id: int
    at: datetime
    action: str
    by: PersonOut | None
    by_name: str
    fields: list[ChangedFieldOut]


class Changes:
    kind = "change"
    channels = frozenset[str]()

    def heads(self, actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int) -> list[Head]:
        parts = parts_of(tenant=actor.tenant, customer_id=wanted.customer_id)
        rows = queries.entries_on(tenant=actor.tenant, kind="customer", subjects=parts)
        rows = rows.exclude(action__in=_NO_CHANGES).filter(after(before, self.kind, at="at"))
        if wanted.person is not None:
            rows = rows.filter(user_id=wanted.person)
        if wanted.since:
            rows = rows.filter(at__gte=wanted.since)
        if wanted.until:
            rows = rows.filter(at__lt=wanted.until)
        return [Head(row.at, self.kind, str(row.pk), row) for row in rows.order_by("-at", "-pk")[:limit]]

    def shape(self, actor: Actor, rows: Sequence[Any]) -> Sequence[ChangeOut]:
        return [
            ChangeOut(
                id=row.pk,
                at=row.at,
                action=row.action,
                by=PersonOut(id=row.user_id, name=row.user_name) if row.user_id is not None else None,
                by_name=row.user_name,
                fields=_fields(_seen(actor, row.before), _seen(actor, row.after)),
            )
            for row in rows
        ]


def _seen(actor: Actor, values: dict[str, Any] | None) -> dict[str, Any]:
    return visible_values(actor, SUBJECT, values or {}, field_of=field_of)


def _fields(before: dict[str, Any], after_: dict[str, Any]) -> list[ChangedFieldOut]:
    """Of a record just made the fields that were filled; of a change those that changed."""
    return [
        ChangedFieldOut(field=name, before=before.get(name), after=after_.get(name))
        for name in dict.fromkeys([*before, *after_])
        if not (_is_empty(before.get(name)) and _is_empty(after_.get(name)))
    ]


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})
