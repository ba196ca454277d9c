"""Whom a care rule catches: customers with the day that gives the occasion, and when the task is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from zhiyin.apps.customers import occasions
from zhiyin.apps.customers.occasions import Contacting, Told, Who
from zhiyin.apps.followups.models import CareRule, FollowUp, How
from zhiyin.apps.interactions import contact_days
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.care import YEARLY, Days, Occasion, anchors_of, due_on, yearly_anchor

#: consents are given for channels; a visit and "other" have none
_CHANNELS = {How.CALL: "call", How.SMS: "sms", How.MAIL: "email", How.WECHAT: "message"}
_BATCH = 1_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer whom a rule catches on ``due_on``, by the day ``anchor_on``."""

    customer_id: int
    owner_id: int | None
    anchor_on: date
    due_on: date


def who_of(rule: CareRule) -> Who:
    """Read which customers a rule means."""
    stored: dict[str, Any] = rule.who
    lists = {name: tuple(stored.get(name) or ()) for name in ("levels", "classes", "tags", "owners", "teams")}
    return Who(
        kind=stored.get("kind") or "",
        list=stored.get("list") or "",
        is_key_account=stored.get("is_key_account"),
        **lists,
    )


def find_candidates(*, tenant: Tenant, rule: CareRule, due: Days) -> list[Candidate]:
    """Return whom the rule catches within ``due`` and has not yet, those due first before the others."""
    occasion = Occasion(rule.occasion)
    anchors = anchors_of(due, occasion=occasion, days=rule.days)
    caught = {(customer, anchor): owner for customer, owner, anchor in _caught(tenant, rule, occasion, anchors)}
    made = FollowUp.objects.of(tenant).filter(rule_id=rule.pk or 0, anchor_on__range=(anchors.first, anchors.last))
    for customer, made_for in made.values_list("customer_id", "anchor_on"):
        if made_for is not None:
            caught.pop((customer, made_for), None)
    found = [
        Candidate(customer, owner, anchor, due_on(anchor, occasion=occasion, days=rule.days))
        for (customer, anchor), owner in caught.items()
    ]
    return sorted(found, key=lambda one: (one.due_on, one.customer_id))


def judged(
    *, tenant: Tenant, rule: CareRule, found: Iterable[Candidate], now: datetime
) -> Iterator[tuple[Candidate, str]]:
    """Yield each with why the customer shall not be contacted: "listed", "consent", or "" for all others."""
    contacting = Contacting(
        channel=_CHANNELS.get(How(rule.how), ""),
        purpose=rule.purpose,
        needs_consent=rule.needs_consent,
        is_call=rule.how == How.CALL.value,
    )
    for batch in _batches(found):
        ids = [one.customer_id for one in batch]
        reasons = occasions.unwilling(tenant=tenant, customer_ids=ids, contacting=contacting, now=now)
        for one in batch:
            yield one, reasons.get(one.customer_id, "")


def _caught(
    tenant: Tenant, rule: CareRule, occasion: Occasion, anchors: Days
) -> Iterator[tuple[int, int | None, date]]:
    """Yield customer, owner and anchor."""
    who = who_of(rule)
    if occasion is Occasion.BIRTHDAY or rule.date_field:
        source = occasions.BIRTHDAY if occasion is Occasion.BIRTHDAY else rule.date_field
        is_yearly = occasion in YEARLY
        told = occasions.dates_within(tenant=tenant, who=who, source=source, days=anchors, is_yearly=is_yearly)
        for one in told:
            anchor = _anchor_of(one, anchors) if is_yearly else date(one.year or 1, one.month, one.day)
            if anchor is not None:
                yield one.customer_id, one.owner_id, anchor
        return
    found = _by_contact(tenant, rule, occasion, anchors)
    for batch in _batches(found):
        owners = occasions.owners_of(tenant=tenant, who=who, customer_ids=[customer for customer, _ in batch])
        for customer, anchor in batch:
            if customer in owners:
                yield customer, owners[customer], anchor


def _anchor_of(one: Told, anchors: Days) -> date | None:
    return yearly_anchor(one.month, one.day, since_year=one.year, anchors=anchors)


def _by_contact(tenant: Tenant, rule: CareRule, occasion: Occasion, anchors: Days) -> list[tuple[int, date]]:
    zone = ZoneInfo(tenant.time_zone)
    since = datetime.combine(anchors.first, time(), tzinfo=zone)
    until = datetime.combine(anchors.last + timedelta(1), time(), tzinfo=zone)
    if occasion is Occasion.NO_CONTACT:
        last = contact_days.last_contacts(tenant=tenant, since=since, until=until)
        return [(customer, at.astimezone(zone).date()) for customer, at in last.items()]
    care_tasks = FollowUp.objects.of(tenant).filter(anchor_on__isnull=False)
    if occasion is Occasion.AFTER_FOLLOW_UP:
        # care tasks themselves do not count: two rules would feed each other for ever
        closed = FollowUp.objects.of(tenant).filter(
            state=FollowUp.State.DONE, closed_at__gte=since, closed_at__lt=until, anchor_on__isnull=True
        )
        if rule.outcomes:
            closed = closed.filter(outcome__in=rule.outcomes)
        told = closed.values_list("customer_id", "closed_at")
        return [(customer, at.astimezone(zone).date()) for customer, at in told if at is not None]
    ended = contact_days.contacts_ended(
        tenant=tenant,
        since=since,
        until=until,
        queues=rule.queues,
        outcomes=rule.outcomes,
        dispositions=rule.dispositions,
    )
    # nor do the calls that were dialled for one
    dialled = set(
        care_tasks.filter(interaction_id__in=[interaction for interaction, _, _ in ended]).values_list(
            "interaction_id", flat=True
        )
    )
    return [(customer, at.astimezone(zone).date()) for interaction, customer, at in ended if interaction not in dialled]


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch
