"""Reading notices, the bulletin and the forum; whom a notice is meant for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.announcements.models import (
    Bulletin,
    BulletinReading,
    ForumPost,
    ForumTopic,
    ForumVisit,
    Notice,
    NoticeReceipt,
)
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

#: pinned things stand before all others
_AHEAD = timedelta(days=36_500)

# --- notices -------------------------------------------------------------------------------------------------------


def running(now: datetime) -> Q:
    return Q(published_at__isnull=False, withdrawn_at__isnull=True, starts_at__lte=now, ends_at__gt=now)


def meant_for(actor: Actor) -> Q:
    """Return the condition for the notices that the actor shall read; one statement to know the actor's place."""
    place = accounts.place_of(tenant=actor.tenant, user_id=actor.user_id or 0)
    if place is None:
        return Q(pk__in=())
    meant = Q(is_for_everybody=True) | Q(user_ids__contains=[actor.user_id]) | Q(role_codes__contains=[place.role])
    if place.team is not None:
        meant |= Q(team_ids__contains=[place.team])
    return meant | Q(department_ids__overlap=list(place.departments)) if place.departments else meant


def are_meant_for(actor: Actor, rows: Iterable[Notice]) -> set[int]:
    """Return which of these notices the actor shall read, by ``meant_for``'s rule; one statement."""
    place = accounts.place_of(tenant=actor.tenant, user_id=actor.user_id or 0)
    if place is None:
        return set()
    return {
        row.pk
        for row in rows
        if row.is_for_everybody
        or actor.user_id in row.user_ids
        or place.role in row.role_codes
        or place.team in row.team_ids
        or not set(place.departments).isdisjoint(row.department_ids)
    }


def readers_of(notice: Notice) -> QuerySet[Any]:
    """Return the active users who shall read a notice, as they are in their teams now."""
    users = accounts.list_users(tenant=notice.tenant).filter(is_active=True)
    if notice.is_for_everybody:
        return users
    meant = Q(pk__in=notice.user_ids) | Q(team_id__in=notice.team_ids) | Q(role__code__in=notice.role_codes)
    if notice.department_ids:
        below = "|".join(str(one) for one in notice.department_ids)
        meant |= Q(team__department__path__regex=rf"(^|/)({below})/")
    return users.filter(meant)


def list_notices(*, actor: Actor, sees_all: bool, state: str, search: str, now: datetime) -> QuerySet[Notice]:
    """Return the actor's own notices that have begun; or (writers) all, drafts too.

    ``state``: "running", "planned", "draft", "over", "unread".
    """
    rows: QuerySet[Notice] = Notice.objects.of(actor.tenant)
    begun = Q(published_at__isnull=False, withdrawn_at__isnull=True, starts_at__lte=now)
    if not sees_all:
        rows = rows.filter(begun & meant_for(actor))
    if state in ("running", "unread"):
        rows = rows.filter(running(now))
    if state == "unread":
        rows = rows.filter(~_acknowledged_by(actor))
    if state == "planned":
        rows = rows.filter(published_at__isnull=False, withdrawn_at__isnull=True, starts_at__gt=now)
    if state == "draft":
        rows = rows.filter(published_at__isnull=True)
    if state == "over":
        rows = rows.filter(Q(withdrawn_at__isnull=False) | Q(ends_at__lte=now, published_at__isnull=False))
    if search:
        rows = rows.filter(Q(title__icontains=search) | Q(text__icontains=search))
    mine = NoticeReceipt.objects.of(actor.tenant).filter(notice=OuterRef("pk"), user_id=actor.user_id or 0)
    return rows.annotate(acknowledged=Count("receipts"), acknowledged_at=Subquery(mine.values("at")[:1]))


def unread_notices(*, actor: Actor, now: datetime) -> QuerySet[Notice]:
    """Return what stands on the actor's bar: running, not acknowledged, urgent ones first."""
    rows = list_notices(actor=actor, sees_all=False, state="unread", search="", now=now)
    return rows.order_by("-is_urgent", "-starts_at", "-pk")


def _acknowledged_by(actor: Actor) -> Exists:
    return Exists(NoticeReceipt.objects.of(actor.tenant).filter(notice=OuterRef("pk"), user_id=actor.user_id or 0))


def receipts_of(*, tenant: Tenant, notice: Notice) -> dict[int, datetime]:
    """Return who acknowledged a notice, and when."""
    return dict(NoticeReceipt.objects.of(tenant).filter(notice=notice).values_list("user_id", "at"))


# --- the bulletin --------------------------------------------------------------------------------------------------


def list_bulletins(*, actor: Actor, category: str = "", search: str = "", unread: bool = False) -> QuerySet[Bulletin]:
    """Return the bulletin; ``stands_at`` puts what is pinned first."""
    rows: QuerySet[Bulletin] = Bulletin.objects.of(actor.tenant)
    if category:
        rows = rows.filter(category=category)
    if search:
        rows = rows.filter(Q(title__icontains=search) | Q(text__icontains=search))
    read = Exists(BulletinReading.objects.of(actor.tenant).filter(bulletin=OuterRef("pk"), user_id=actor.user_id or 0))
    rows = rows.annotate(is_read=read, reads=Count("readings"), stands_at=_pinned_first("published_at"))
    return rows.filter(is_read=False) if unread else rows


def bulletin_categories(*, tenant: Tenant) -> list[str]:
    rows = Bulletin.objects.of(tenant).exclude(category="").order_by("category").values_list("category", flat=True)
    return list(rows.distinct())


def _pinned_first(at: str) -> Case:
    ahead = ExpressionWrapper(F(at) + _AHEAD, output_field=DateTimeField())
    return Case(When(is_pinned=True, then=ahead), default=F(at), output_field=DateTimeField())


# --- the forum -----------------------------------------------------------------------------------------------------


def list_topics(*, actor: Actor, search: str = "", is_new: bool = False, own: bool = False) -> QuerySet[ForumTopic]:
    """Return the topics; ``is_new``: with posts since the actor's last visit."""
    rows: QuerySet[ForumTopic] = ForumTopic.objects.of(actor.tenant).filter(removed_at__isnull=True)
    there = ForumPost.objects.of(actor.tenant).filter(topic=OuterRef("pk"), removed_at__isnull=True)
    if search:
        rows = rows.filter(Q(title__icontains=search) | Exists(there.filter(text__icontains=search)))
    if own:
        rows = rows.filter(author_id=actor.user_id or 0)
    seen = ForumVisit.objects.of(actor.tenant).filter(
        topic=OuterRef("pk"), user_id=actor.user_id or 0, at__gte=OuterRef("last_post_at")
    )
    rows = rows.annotate(
        is_seen=Exists(seen),
        posts_there=Count("posts", filter=Q(posts__removed_at__isnull=True)),
        last_author=Subquery(there.order_by("-created_at", "-pk").values("author_id")[:1]),
        stands_at=_pinned_first("last_post_at"),
    )
    return rows.filter(is_seen=False) if is_new else rows


def list_posts(*, actor: Actor, topic_id: int) -> QuerySet[ForumPost]:
    """Return a topic's posts, removed ones as empty places."""
    rows: QuerySet[ForumPost] = ForumPost.objects.of(actor.tenant).filter(
        topic_id=topic_id, topic__removed_at__isnull=True
    )
    return rows
