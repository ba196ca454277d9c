"""Notes on the customer and on the customer's contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhiyin.apps.followups import queries
from zhiyin.apps.followups.schemas import NoteOut, shape_notes
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.timeline.merging import Cursor, Head, Wanted, after


class Notes:
    kind = "note"
    channels = frozenset[str]()

    def heads(self, actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int) -> list[Head]:
        rows = queries.notes_on(actor=actor, customer_id=wanted.customer_id)
        rows = rows.filter(after(before, self.kind, at="created_at"))
        if wanted.person is not None:
            rows = rows.filter(author_id=wanted.person)
        if wanted.since:
            rows = rows.filter(created_at__gte=wanted.since)
        if wanted.until:
            rows = rows.filter(created_at__lt=wanted.until)
        return [
            Head(row.created_at, self.kind, str(row.pk), row) for row in rows.order_by("-created_at", "-pk")[:limit]
        ]

    def shape(self, actor: Actor, rows: Sequence[Any]) -> Sequence[NoteOut]:
        return shape_notes(actor, rows)
