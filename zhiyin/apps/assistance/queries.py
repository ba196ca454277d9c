"""Reading what helps at the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from zhiyin.apps.assistance.models import (
    Checklist,
    ChecklistTick,
    DeskPreferences,
    QuickReply,
    Recommendation,
    RecommendationAnswer,
)
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


def list_checklists(*, tenant: Tenant, search: str = "", queue_id: int | None = None) -> QuerySet[Checklist]:
    rows: QuerySet[Checklist] = Checklist.objects.of(tenant).filter(removed_at__isnull=True)
    if queue_id is not None:
        rows = rows.filter(queue_id=queue_id)
    return rows.filter(name__icontains=search) if search else rows


def checklists_for(*, tenant: Tenant, queue_id: int | None) -> list[Checklist]:
    """Return the active checklists of a queue, and those of all queues, in their order."""
    of_queue = Q(queue_id__isnull=True) | Q(queue_id=queue_id) if queue_id else Q(queue_id__isnull=True)
    return list(list_checklists(tenant=tenant).filter(of_queue, is_active=True).order_by("position", "pk"))


def ticks_of(*, tenant: Tenant, interaction_id: str) -> dict[int, list[ChecklistTick]]:
    """Return what was ticked in a contact, by checklist."""
    found: dict[int, list[ChecklistTick]] = defaultdict(list)
    for row in ChecklistTick.objects.of(tenant).filter(interaction_id=interaction_id).order_by("at", "pk"):
        found[row.checklist_id].append(row)
    return found


def checklist_names(*, tenant: Tenant, checklist_ids: Iterable[int]) -> dict[int, str]:
    """Return names, of removed ones too."""
    return dict(Checklist.objects.of(tenant).filter(pk__in=list(checklist_ids)).values_list("pk", "name"))


def list_recommendations(*, tenant: Tenant, search: str = "") -> QuerySet[Recommendation]:
    rows: QuerySet[Recommendation] = Recommendation.objects.of(tenant).filter(removed_at__isnull=True)
    return rows.filter(Q(name__icontains=search) | Q(words__icontains=search)) if search else rows


def answers_to(*, tenant: Tenant, customer_id: int) -> list[RecommendationAnswer]:
    return list(RecommendationAnswer.objects.of(tenant).filter(customer_id=customer_id))


def count_answers(*, tenant: Tenant, recommendation_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return how often each was shown in all, accepted and declined."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: {"shown": 0, "accepted": 0, "declined": 0})
    rows = RecommendationAnswer.objects.of(tenant).filter(recommendation_id__in=list(recommendation_ids))
    for key, outcome, times in rows.values_list("recommendation_id", "outcome").annotate(Count("pk")).order_by():
        found[key]["shown"] += times
        if outcome != RecommendationAnswer.Outcome.SHOWN.value:
            found[key][outcome] = times
    return found


def list_replies(*, actor: Actor, search: str = "", scope: str = "") -> QuerySet[QuickReply]:
    """Return everybody's quick replies and the actor's own. ``scope``: "own" or "shared" of them only."""
    own, shared = Q(owner_id=actor.user_id or 0), Q(owner_id__isnull=True)
    wanted = {"own": own, "shared": shared}.get(scope, own | shared)
    rows: QuerySet[QuickReply] = QuickReply.objects.of(actor.tenant).filter(wanted)
    if search:
        fits = Q(title__icontains=search) | Q(text__icontains=search) | Q(group__icontains=search)
        rows = rows.filter(fits | Q(pinyin__startswith=search.lower()) | Q(pinyin__contains=f" {search.lower()}"))
    return rows


def desk_preferences(*, actor: Actor) -> dict[str, object]:
    """Return how the actor's desk is set up; empty where nothing was chosen."""
    row = DeskPreferences.objects.of(actor.tenant).filter(user_id=actor.user_id or 0).first()
    return dict(row.body) if row else {}
