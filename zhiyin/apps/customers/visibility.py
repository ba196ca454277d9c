"""Which customers an actor may see and change (docs/decisions/0040-whose-customers-are-seen.md).

Whoever holds a right for all sees all. A narrower scope sees the customers owned within it, whoever is in the public
pool (to be claimed, not changed), and those with whom the actor has something to do just now: parts of the product
that know of such customers stand in ``settings.CUSTOMERS_AT_HAND``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from zhiyin.apps.customers.errors import SomebodyElsesCustomer
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.visibility import visible
from zhiyin.domain.permissions import Scope

READ, WRITE = "customers.read", "customers.write"
#: returns the ids of customers with whom the actor has to do, as a subquery
AtHand = Callable[..., QuerySet[Any, int]]


def visible_customers(actor: Actor, right: str = READ) -> QuerySet[Customer]:
    """Return the customers over whom ``right`` holds for the actor; whose data were erased is nobody any more."""
    rows: QuerySet[Customer] = Customer.objects.of(actor.tenant).filter(erased_at__isnull=True)
    condition = _within(actor, right)
    return rows if condition is None else rows.filter(condition)


def sees_all(actor: Actor, right: str = READ) -> bool:
    return _within(actor, right) is None


def _within(actor: Actor, right: str) -> Q | None:
    """Return the condition, ``None`` where there is none."""
    owned = visible(actor, right, team=None)
    if owned == Q():
        return None
    if actor.scope_of(right) is None:
        return owned
    for source in _sources(tuple(settings.CUSTOMERS_AT_HAND)):
        owned |= Q(pk__in=source(actor=actor))
    return owned | Q(owner__isnull=True) if right == READ else owned


@cache
def _sources(paths: tuple[str, ...]) -> tuple[AtHand, ...]:
    return tuple(import_string(path) for path in paths)


def visible_ids(actor: Actor, customer_ids: Iterable[int], right: str = READ) -> set[int]:
    """Return which of these customers exist for the actor; one statement."""
    wanted = set(customer_ids)
    return set(visible_customers(actor, right).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def locked_for_change(actor: Actor, customer_ids: Iterable[int]) -> dict[int, Customer]:
    """Return these customers, locked. Raises ``NotFound``, and ``SomebodyElsesCustomer`` for one only seen."""
    wanted = set(customer_ids)
    rows = visible_customers(actor, WRITE).select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    missing = wanted - found.keys()
    if missing:
        raise NotFound if missing - visible_ids(actor, missing) else SomebodyElsesCustomer
    return found


def check_changeable(actor: Actor, customer_id: int) -> None:
    """Raises ``NotFound``, and ``SomebodyElsesCustomer`` for a customer whom the actor only sees."""
    if not visible_ids(actor, [customer_id], WRITE):
        raise SomebodyElsesCustomer if visible_ids(actor, [customer_id]) else NotFound


def owns_what_is_made(actor: Actor) -> bool:
    """Whether what the actor makes is the actor's own: else whoever has a narrow scope could not change it."""
    return actor.user_id is not None and actor.scope_of(WRITE) not in (None, Scope.ALL)
