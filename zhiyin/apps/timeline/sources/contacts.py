"""Contacts, with recordings, outcome and what was written about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhiyin.apps.interactions import queries
from zhiyin.apps.interactions.queries import ContactFilter
from zhiyin.apps.interactions.schemas import InteractionOut
from zhiyin.apps.interactions.shaping import shape_interactions
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.timeline.merging import Cursor, Head, Wanted, after


class Contacts:
    kind = "contact"
    channels = frozenset({"voice"})

    def heads(self, actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int) -> list[Head]:
        narrowed = ContactFilter(
            customer=wanted.customer_id, agent=wanted.person, since=wanted.since, until=wanted.until
        )
        rows = queries.list_contacts(actor=actor, wanted=narrowed).filter(after(before, self.kind, at="started_at"))
        ordered = rows.order_by("-started_at", "-pk")[:limit]
        return [Head(row.started_at, self.kind, row.pk, row) for row in ordered]

    def shape(self, actor: Actor, rows: Sequence[Any]) -> Sequence[InteractionOut]:
        return shape_interactions(actor, rows)
