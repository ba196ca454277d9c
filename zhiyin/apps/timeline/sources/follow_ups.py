"""Follow-ups and care tasks: where they were closed, or else where they are due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from zhiyin.apps.followups import queries
from zhiyin.apps.followups.schemas import FollowUpOut, shape_follow_ups
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.timeline.merging import Cursor, Head, Wanted, after


class FollowUps:
    kind = "follow_up"
    channels = frozenset[str]()

    def heads(self, actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int) -> list[Head]:
        rows = queries.follow_ups_of(actor=actor, customer_id=wanted.customer_id)
        rows = rows.annotate(stands_at=Coalesce(F("closed_at"), F("due_at")))
        rows = rows.filter(after(before, self.kind, at="stands_at"))
        if wanted.person is not None:
            rows = rows.filter(owner_id=wanted.person)
        if wanted.since:
            rows = rows.filter(stands_at__gte=wanted.since)
        if wanted.until:
            rows = rows.filter(stands_at__lt=wanted.until)
        ordered = rows.order_by("-stands_at", "-pk")[:limit]
        return [Head(row.stands_at, self.kind, str(row.pk), row) for row in ordered]

    def shape(self, actor: Actor, rows: Sequence[Any]) -> Sequence[FollowUpOut]:
        return shape_follow_ups(actor, rows)
