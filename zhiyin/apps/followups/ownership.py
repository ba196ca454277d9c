"""Whose follow-ups and care tasks are whose: counted before somebody leaves, and given to whoever takes over."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.services import register_owned
from zhiyin.apps.followups.models import FollowUp
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


def _planned(tenant: Tenant, user_id: int) -> QuerySet[FollowUp]:
    """What is done stays with whoever did it."""
    rows: QuerySet[FollowUp] = FollowUp.objects.of(tenant).filter(owner_id=user_id, state=FollowUp.State.PLANNED)
    return rows


def count_owned(tenant: Tenant, user_id: int) -> int:
    return _planned(tenant, user_id).count()


def hand_over_owned(actor: Actor, source: User, target: User) -> int:
    """Give all that ``source`` has still to do to ``target``; return how many."""
    return _planned(actor.tenant, source.pk).update(owner_id=target.pk)


def register_follow_ups() -> None:
    register_owned(
        kind="follow_ups",
        zh="跟进与关怀任务",
        en="Follow-ups and care tasks",
        count=count_owned,
        hand_over=hand_over_owned,
    )
