"""The public pool (公海): customers without an owner; claimed within limits, released, assigned, returned by time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers.errors import NothingToClaim, UnknownOwner
from zhiyin.apps.customers.models import Customer, CustomerPolicy, PoolMove
from zhiyin.apps.customers.visibility import WRITE, visible_customers
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.tenancy.actors import Actor, system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users
from zhiyin.domain.customers.pool import Due, PoolPolicy, choose_due, how_many_may_be_claimed

#: tells when customers were touched last: settings.CUSTOMER_TOUCHES names one for each app that knows
TouchSource = Callable[..., Mapping[int, datetime]]
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many more customers a user may claim now (None: any number), and which limit says so."""

    left: int | None
    limit: str
    claimed_today: int
    held: int


def policy_of(*, tenant: Tenant) -> CustomerPolicy:
    """Return how the company keeps its customers, as it was saved or as it begins."""
    return CustomerPolicy.objects.of(tenant).first() or CustomerPolicy(tenant=tenant)


def save_policy(*, actor: Actor, fields: Mapping[str, Any]) -> CustomerPolicy:
    row = policy_of(tenant=actor.tenant)
    before = audit.fields_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    audit.record(
        actor=actor,
        action="customer_policy.changed",
        kind="customer_policy",
        before=before,
        after=audit.fields_of(row),
    )
    return row


def _rules(row: CustomerPolicy) -> PoolPolicy:
    return PoolPolicy(row.claims_per_day, row.max_held, row.return_after_days, row.announce_days)


def allowance_of(*, actor: Actor, now: datetime) -> Allowance:
    """Return how many customers the actor may still claim."""
    tenant = actor.tenant
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    began_at = local.replace(hour=0, minute=0, second=0, microsecond=0)
    claims = PoolMove.objects.of(tenant).filter(kind=PoolMove.Kind.CLAIM, to_owner_id=actor.user_id, at__gte=began_at)
    claimed, held = claims.count(), Customer.objects.of(tenant).filter(owner_id=actor.user_id).count()
    left, limit = how_many_may_be_claimed(_rules(policy_of(tenant=tenant)), claimed_today=claimed, held=held)
    return Allowance(left, limit, claimed, held)


@transaction.atomic
def claim(*, actor: Actor, customer_ids: Sequence[int], now: datetime) -> list[int]:
    """Take customers out of the pool, as many as the limits allow; return whom the actor got.

    Who claims at the same time gets others: a customer that somebody holds is skipped. Raises ``NothingToClaim`` where
    not one could be claimed.
    """
    _stand_in_line(actor)
    allowance = allowance_of(actor=actor, now=now)
    free = Customer.objects.of(actor.tenant).select_for_update(skip_locked=True).filter(owner__isnull=True)
    rows = list(free.filter(pk__in=customer_ids, erased_at__isnull=True).order_by("pk")[: allowance.left])
    if not rows:
        raise NothingToClaim(limit=allowance.limit if allowance.left == 0 else "")
    _move(actor, rows, kind=PoolMove.Kind.CLAIM, to=actor.user_id, now=now)
    return [row.pk for row in rows]


def _stand_in_line(actor: Actor) -> None:
    """Let one user's claims come one after the other, so that two at once do not both fit under the limit."""
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(lock, [f"pool-claim:{actor.tenant.pk}:{actor.user_id}"])


@transaction.atomic
def release(*, actor: Actor, customer_ids: Sequence[int], reason: str, now: datetime) -> list[int]:
    """Give customers back to the pool: one's own, or with the right ``customers.assign`` anybody's."""
    rows = Customer.objects.of(actor.tenant).select_for_update().filter(pk__in=customer_ids, owner__isnull=False)
    if actor.may("customers.assign"):
        rows = rows.filter(pk__in=visible_customers(actor, WRITE).values("pk"))
    else:
        rows = rows.filter(owner_id=actor.user_id)
    found = list(rows.order_by("pk"))
    _move(actor, found, kind=PoolMove.Kind.RELEASE, to=None, now=now, reason=reason)
    return [row.pk for row in found]


@transaction.atomic
def assign(*, actor: Actor, customer_ids: Sequence[int], owner_id: int, now: datetime) -> list[int]:
    """Give customers to a user, whoever held them; limits are for claims alone. Raises ``UnknownOwner``."""
    if not are_users(tenant=actor.tenant, user_ids=(owner_id,)):
        raise UnknownOwner
    rows = visible_customers(actor).select_for_update(of=("self",)).filter(pk__in=customer_ids)
    found = [row for row in rows.order_by("pk") if row.owner_id != owner_id]
    _move(actor, found, kind=PoolMove.Kind.ASSIGN, to=owner_id, now=now)
    if found and owner_id != actor.user_id:
        notify(
            tenant=actor.tenant,
            user_ids=[owner_id],
            category=Category.SYSTEM,
            code="customers_assigned",
            facts={"by": actor.name, "count": len(found)},
            link="/customers?owner=me",
            now=now,
        )
    return [row.pk for row in found]


def _move(
    actor: Actor, rows: Sequence[Customer], *, kind: PoolMove.Kind, to: int | None, now: datetime, reason: str = ""
) -> None:
    moves = [
        PoolMove(
            tenant=actor.tenant,
            customer=row,
            kind=kind,
            from_owner_id=row.owner_id,
            to_owner_id=to,
            by_id=actor.user_id,
            at=now,
            reason=reason,
        )
        for row in rows
    ]
    PoolMove.objects.of(actor.tenant).bulk_create(moves)
    for row in rows:
        before, row.owner_id, row.version = row.owner_id, to, row.version + 1
        audit.record(
            actor=actor,
            action="customer.changed",
            kind="customer",
            subject=row.pk,
            name=row.name,
            before={"owner": before},
            after={"owner": to, "version": row.version, "move": kind.value, "reason": reason},
        )
        row.owned_since, row.return_announced_at = (now if to else None), None
    Customer.objects.of(actor.tenant).bulk_update(
        rows, ["owner_id", "version", "owned_since", "return_announced_at"], batch_size=500
    )


def return_untouched(*, tenant: Tenant, now: datetime) -> tuple[int, int]:
    """Announce and carry out the return of customers nobody was in touch with; return how many of each. Repeatable."""
    policy = _rules(policy_of(tenant=tenant))
    if policy.return_after_days is None:
        return 0, 0
    announced = returned = last = 0
    while rows := _owned_after(tenant, last):
        last = rows[-1].pk
        due = _due(tenant, policy, rows, now)
        announced += _announce(tenant, policy, due[Due.ANNOUNCE], now)
        with transaction.atomic():
            _move(system(tenant), due[Due.RETURN], kind=PoolMove.Kind.RETURN, to=None, now=now, reason="untouched")
        returned += len(due[Due.RETURN])
    return announced, returned


def _owned_after(tenant: Tenant, last: int) -> list[Customer]:
    owned = Customer.objects.of(tenant).filter(pk__gt=last, owner__isnull=False)
    return list(owned.order_by("pk")[:_AT_ONCE])


def _due(tenant: Tenant, policy: PoolPolicy, rows: Sequence[Customer], now: datetime) -> dict[Due, list[Customer]]:
    touched = last_touched(tenant=tenant, customer_ids=[row.pk for row in rows])
    due: dict[Due, list[Customer]] = {Due.ANNOUNCE: [], Due.RETURN: []}
    for row in rows:
        since = row.owned_since or row.created_at
        at = max(since, touched.get(row.pk, since))
        if (what := choose_due(policy, touched_at=at, announced_at=row.return_announced_at, now=now)) is not None:
            due[what].append(row)
    return due


def _announce(tenant: Tenant, policy: PoolPolicy, rows: Sequence[Customer], now: datetime) -> int:
    by_owner: dict[int, list[Customer]] = {}
    for row in rows:
        by_owner.setdefault(row.owner_id or 0, []).append(row)
    for owner, mine in by_owner.items():
        notify(
            tenant=tenant,
            user_ids=[owner],
            category=Category.REMINDER,
            code="customers_return_soon",
            facts={"count": len(mine), "days": policy.announce_days, "name": mine[0].name},
            link=f"/customers/{mine[0].pk}" if len(mine) == 1 else "/customers?owner=me&sort=owned_since",
            now=now,
        )
    Customer.objects.of(tenant).filter(pk__in=[row.pk for row in rows]).update(return_announced_at=now)
    return len(rows)


def last_touched(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when each customer was in contact or followed up last, as far as any app knows."""
    ids, latest = list(customer_ids), dict[int, datetime]()
    for source in _sources(tuple(settings.CUSTOMER_TOUCHES)):
        for customer, at in source(tenant=tenant, customer_ids=ids).items():
            latest[customer] = max(at, latest.get(customer, at))
    return latest


@cache
def _sources(paths: tuple[str, ...]) -> tuple[TouchSource, ...]:
    return tuple(import_string(path) for path in paths)
