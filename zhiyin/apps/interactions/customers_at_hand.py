"""Customers whom an agent works with because they called: seen and changed by that agent, whosever they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from zhiyin.apps.interactions.models import ShownCustomer
from zhiyin.apps.tenancy.actors import Actor

#: what was promised in a conversation is done within a working day
AT_HAND_FOR = timedelta(hours=24)


def show_customers(*, actor: Actor, customer_ids: Iterable[int]) -> None:
    """Let the actor work with these customers for a day. Safe to repeat; one statement."""
    until = timezone.now() + AT_HAND_FOR
    ShownCustomer.objects.of(actor.tenant).bulk_create(
        [
            ShownCustomer(tenant=actor.tenant, user_id=actor.user_id or 0, customer_id=customer_id, until=until)
            for customer_id in sorted(customer_ids)
        ],
        update_conflicts=True,
        unique_fields=["user", "customer"],
        update_fields=["until"],
    )


def customers_shown_to(*, actor: Actor) -> QuerySet[Any, int]:
    """Return the ids of the customers whom contacts showed to the actor within a day."""
    rows = ShownCustomer.objects.of(actor.tenant).filter(user_id=actor.user_id or 0, until__gt=timezone.now())
    return rows.values_list("customer_id", flat=True)
