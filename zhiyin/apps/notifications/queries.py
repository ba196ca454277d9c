"""Reading notifications."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from zhiyin.apps.notifications.models import Notification, Preference
from zhiyin.apps.tenancy.actors import Actor

#: so many may draw attention at once; the rest is a number on the bell
_ATTENTION_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Unread:
    """How many a user has not read, and the newest of those that may draw attention."""

    by_category: dict[str, int]
    newest_id: int
    fresh: list[Notification]

    @property
    def total(self) -> int:
        return sum(self.by_category.values())


def list_notifications(*, actor: Actor, category: str = "", is_unread: bool = False) -> QuerySet[Notification]:
    """Return the actor's own."""
    rows: QuerySet[Notification] = Notification.objects.of(actor.tenant).filter(user_id=actor.user_id or 0)
    if category:
        rows = rows.filter(category=category)
    return rows.filter(read_at__isnull=True) if is_unread else rows


def count_unread(*, actor: Actor, after: int | None) -> Unread:
    """Count what is unread; ``after`` is the newest id that the page knows: what came since may draw attention."""
    mine = list_notifications(actor=actor)
    unread = mine.filter(read_at__isnull=True, is_muted=False)
    counts = dict(unread.order_by().values_list("category").annotate(count=Count("pk")))
    newest = mine.order_by("-pk").values_list("pk", flat=True).first() or 0
    fresh = unread.filter(is_quiet=False, pk__gt=after).order_by("-pk") if after is not None else unread.none()
    return Unread(by_category=counts, newest_id=newest, fresh=list(fresh[:_ATTENTION_AT_ONCE]))


def get_preference(*, actor: Actor) -> Preference:
    """Return how the actor wants to be told; a row of defaults where nothing was chosen."""
    found = Preference.objects.of(actor.tenant).filter(user_id=actor.user_id or 0).first()
    return found or Preference(tenant=actor.tenant, user_id=actor.user_id or 0)
