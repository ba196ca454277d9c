"""Reading notes and follow-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers.pinyin import search_keys
from zhiyin.apps.followups.models import CareRule, FollowUp, Note
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.visibility import visible

#: the right whose scope says whose follow-ups are seen
READ = "followups.read"


@dataclass(frozen=True, slots=True)
class FollowUpFilter:
    """What a list of follow-ups is narrowed to; ``None`` and "" narrow nothing.

    ``when``: "overdue" and "today" and "coming" are planned ones, by the company's day; "planned" all of them;
    "closed" the others.
    """

    search: str = ""
    when: str = ""
    owner: int | None = None
    customer: int | None = None
    how: str = ""
    rule: int | None = None
    is_care: bool | None = None
    is_claimable: bool = False
    since: datetime | None = None
    until: datetime | None = None


def visible_follow_ups(*, actor: Actor) -> QuerySet[FollowUp]:
    """Return what is within the scope of ``followups.read``, and whatever the actor owns or planned."""
    rows: QuerySet[FollowUp] = FollowUp.objects.of(actor.tenant)
    within = visible(actor, READ, team=None)
    if within == Q():
        return rows
    own = Q(owner_id=actor.user_id or 0) | Q(created_by_id=actor.user_id or 0)
    return rows.filter(within | own | claimable(actor))


def customers_planned_for(*, actor: Actor) -> QuerySet[Any, int]:
    """Return the ids of the customers with whom the actor has still something to do: at hand, whosever they are."""
    rows = FollowUp.objects.of(actor.tenant).filter(owner_id__in=actor.reach.users, state=FollowUp.State.PLANNED)
    return rows.values_list("customer_id", flat=True)


def claimable(actor: Actor) -> Q:
    """Return the condition for what nobody has and the actor may take: the own teams', and everybody's."""
    nobodys = Q(owner__isnull=True, state=FollowUp.State.PLANNED)
    return nobodys & (Q(team__isnull=True) | Q(team_id__in=actor.team_ids))


def list_follow_ups(*, actor: Actor, wanted: FollowUpFilter, now: datetime) -> QuerySet[FollowUp]:
    """Return what fits; of one customer all, since the record shows them all to whoever may read it."""
    rows = (
        follow_ups_of(actor=actor, customer_id=wanted.customer)
        if wanted.customer is not None
        else visible_follow_ups(actor=actor)
    )
    if wanted.when:
        rows = rows.filter(_when(actor.tenant, wanted.when, now))
    if wanted.owner is not None:
        rows = rows.filter(owner_id=wanted.owner)
    if wanted.how:
        rows = rows.filter(how=wanted.how)
    if wanted.rule is not None:
        rows = rows.filter(rule_id=wanted.rule)
    if wanted.is_care is not None:
        rows = rows.filter(anchor_on__isnull=not wanted.is_care)
    if wanted.is_claimable:
        rows = rows.filter(claimable(actor))
    if wanted.since:
        rows = rows.filter(due_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(due_at__lt=wanted.until)
    if wanted.search:
        found = customers.search_customers(actor=actor, search=wanted.search).order_by()
        rows = rows.filter(
            Q(subject__icontains=wanted.search) | Exists(found.filter(pk=OuterRef("customer_id")).values("pk"))
        )
    return rows


def _when(tenant: Tenant, when: str, now: datetime) -> Q:
    begins, ends = day_of(tenant, now)
    planned = Q(state=FollowUp.State.PLANNED)
    if when == "overdue":
        return planned & Q(due_at__lt=begins)
    if when == "today":
        return planned & Q(due_at__gte=begins, due_at__lt=ends)
    if when == "coming":
        return planned & Q(due_at__gte=ends)
    return planned if when == "planned" else ~planned


def day_of(tenant: Tenant, now: datetime) -> tuple[datetime, datetime]:
    """Return when the company's day begins and ends."""
    zone = ZoneInfo(tenant.time_zone)
    today = now.astimezone(zone).date()
    return (
        datetime.combine(today, time(), tzinfo=zone),
        datetime.combine(today + timedelta(days=1), time(), tzinfo=zone),
    )


def count_mine(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Return how many of the actor's own are overdue, due today and to come."""
    mine = FollowUp.objects.of(actor.tenant).filter(owner_id=actor.user_id or 0, state=FollowUp.State.PLANNED)
    parts = {when: Count("pk", filter=_when(actor.tenant, when, now)) for when in ("overdue", "today", "coming")}
    return dict(mine.aggregate(**parts))


def notes_on(*, actor: Actor, customer_id: int | None = None, interaction_id: str | None = None) -> QuerySet[Note]:
    """Return the notes on a customer (those on its contacts too) or on one contact."""
    rows: QuerySet[Note] = Note.objects.of(actor.tenant)
    if customer_id is None:
        return rows.filter(interaction_id=interaction_id)
    contacts = interactions.links_of(tenant=actor.tenant, customer_id=customer_id)
    return rows.filter(
        Q(customer_id=customer_id) | Q(customer__isnull=True, interaction_id__in=contacts.values("interaction_id"))
    )


_MOST_COLLEAGUES = 8


def find_colleagues(*, tenant: Tenant, search: str) -> list[tuple[int, str]]:
    """Return colleagues by name, user name or pinyin, those whose name begins so first: (id, name), at most eight.

    A company has at most some thousand users, and a name's pinyin is read once in a process.
    """
    text = search.strip().lower()
    rows = accounts.list_users(tenant=tenant).filter(is_active=True).order_by("name", "pk")
    found: list[tuple[bool, str, int]] = []
    for user_id, name, username in rows.values_list("pk", "name", "username"):
        keys = (name.lower(), username.lower(), *_pinyin(name).split())
        if text and not any(text in key if index == 0 else key.startswith(text) for index, key in enumerate(keys)):
            continue
        found.append((not name.lower().startswith(text), name, user_id))
    return [(user_id, name) for _, name, user_id in sorted(found)[:_MOST_COLLEAGUES]]


@lru_cache(maxsize=10_000)
def _pinyin(name: str) -> str:
    return search_keys(name)


def follow_ups_of(*, actor: Actor, customer_id: int) -> QuerySet[FollowUp]:
    """Return all of one customer's, for whoever may read the customer."""
    rows: QuerySet[FollowUp] = FollowUp.objects.of(actor.tenant).filter(customer_id=customer_id)
    if customers.sees_all(actor):
        return rows
    return rows.filter(customer_id__in=customers.visible_customers(actor).values("pk"))


def rules_by_id(*, tenant: Tenant, rule_ids: Iterable[int | None]) -> dict[int, CareRule]:
    wanted = {rule_id for rule_id in rule_ids if rule_id is not None}
    return {row.pk: row for row in CareRule.objects.of(tenant).filter(pk__in=wanted)} if wanted else {}
