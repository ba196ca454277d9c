"""Reading saved views: one's own, and those that others share."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.views.models import SavedView, ViewPreference


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list's views as one user sees them: in the user's order, with the one that the list opens with."""

    views: list[SavedView]
    default_id: int | None


def user_of(actor: Actor) -> int:
    """Views are people's; no route lets a key or the system itself come here."""
    assert actor.user_id is not None
    return actor.user_id


def teams_of(actor: Actor) -> frozenset[int]:
    found: frozenset[int] = getattr(actor, "team_ids", frozenset())
    return found


def visible_views(*, actor: Actor) -> QuerySet[SavedView]:
    """Return the views that the actor may use."""
    shared = Q(sharing="all") | Q(sharing="team", team_id__in=teams_of(actor))
    return SavedView.objects.of(actor.tenant).filter(Q(owner_id=user_of(actor)) | shared)


def shelf_of(*, actor: Actor, list_code: str) -> Shelf:
    """Return the views of one list: those the user put in order, then own ones, then shared ones by name."""
    preference = preference_of(actor=actor, list_code=list_code)
    order = {pk: index for index, pk in enumerate(preference.order)} if preference else {}
    views = list(visible_views(actor=actor).filter(list_code=list_code))
    views.sort(key=lambda view: (order.get(view.pk, len(order)), view.owner_id != actor.user_id, view.name, view.pk))
    default_id = preference.default_id if preference else None
    return Shelf(views, default_id if any(view.pk == default_id for view in views) else None)


def preference_of(*, actor: Actor, list_code: str) -> ViewPreference | None:
    return ViewPreference.objects.of(actor.tenant).filter(user_id=user_of(actor), list_code=list_code).first()
