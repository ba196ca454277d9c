"""Whose customers are whose: counted before somebody leaves, and given to whoever takes over."""

from __future__ import annotations

from zhiyin.apps.accounts.models import User
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


def count_owned(tenant: Tenant, user_id: int) -> int:
    return Customer.objects.of(tenant).filter(owner_id=user_id).count()


def hand_over_owned(actor: Actor, source: User, target: User) -> int:
    """Give all customers of ``source`` to ``target``; return how many."""
    return Customer.objects.of(actor.tenant).filter(owner_id=source.pk).update(owner_id=target.pk)
