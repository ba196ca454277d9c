"""Agents lent to a queue for a time (支援). Memberships stay what they are; the engine counts who is lent, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.queues.errors import LoanOver, UnknownReference
from zhiyin.apps.queues.models import Loan
from zhiyin.apps.queues.services import get_queue
from zhiyin.apps.refusals import Invalid, NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users
from zhiyin.apps.tenancy.publication import publish_settings
from zhiyin.apps.tenancy.visibility import users_in_reach, visible_people

LEND = "agents.lend"


def list_loans(*, actor: Actor, search: str = "", is_current: bool | None = None, now: datetime) -> QuerySet[Loan]:
    """Return the loans of whoever is within reach; ``is_current``: those that last, or are over."""
    rows: QuerySet[Loan] = Loan.objects.of(actor.tenant).filter(visible_people(actor, LEND, user="user_id"))
    if search:
        rows = rows.filter(Q(user__name__icontains=search) | Q(queue__name__icontains=search))
    if is_current is None:
        return rows
    lasts = Q(until__gt=now, ended_at__isnull=True)
    return rows.filter(lasts) if is_current else rows.exclude(lasts)


@transaction.atomic
def lend(
    *, actor: Actor, queue_id: int, agents: Sequence[int], until: datetime, is_instead: bool, now: datetime
) -> list[Loan]:
    """Let agents serve a queue from now on until then. One who is lent there already is lent anew.

    Raises ``Invalid`` ("in_the_past"), ``NotFound`` and ``UnknownReference``, also for agents out of reach.
    """
    if until <= now:
        raise Invalid(fields={"until": "in_the_past"})
    queue = get_queue(tenant=actor.tenant, queue_id=queue_id)
    wanted = sorted(set(agents))
    reachable = users_in_reach(actor, LEND)
    is_within = reachable is None or reachable.filter(pk__in=wanted).count() == len(wanted)
    if not is_within or not are_users(tenant=actor.tenant, user_ids=set(wanted)):
        raise UnknownReference("agents")
    _current(actor.tenant, now).filter(queue=queue, user_id__in=wanted).update(ended_at=now)
    loans = Loan.objects.of(actor.tenant).bulk_create(
        Loan(
            tenant=actor.tenant,
            queue=queue,
            user_id=agent,
            is_instead=is_instead,
            from_at=now,
            until=until,
            lent_by_id=actor.user_id,
        )
        for agent in wanted
    )
    for loan in loans:
        audit.record(
            actor=actor, action="loan.begun", kind="loan", subject=loan.pk, name=queue.name, after=_shown(loan)
        )
    publish_settings(tenant=actor.tenant)
    return loans


@transaction.atomic
def end_loan(*, actor: Actor, loan_id: int, now: datetime) -> Loan:
    """Let the agent come back at once. Raises ``NotFound``, also out of reach, and ``LoanOver``."""
    reachable = list_loans(actor=actor, now=now)
    loan = Loan.objects.of(actor.tenant).select_for_update().filter(pk__in=reachable.values("pk"), pk=loan_id).first()
    if loan is None:
        raise NotFound
    if loan.ended_at is not None or loan.until <= now:
        raise LoanOver
    before = _shown(loan)
    loan.ended_at = now
    loan.save(update_fields=["ended_at"])
    audit.record(
        actor=actor,
        action="loan.ended",
        kind="loan",
        subject=loan.pk,
        name=loan.queue.name,
        before=before,
        after=_shown(loan),
    )
    publish_settings(tenant=actor.tenant)
    return loan


def _current(tenant: Tenant, now: datetime) -> QuerySet[Loan]:
    rows: QuerySet[Loan] = Loan.objects.of(tenant).filter(until__gt=now, ended_at__isnull=True)
    return rows


def _shown(loan: Loan) -> dict[str, Any]:
    return {
        "agent": loan.user_id,
        "queue": loan.queue_id,
        "until": loan.until.isoformat(),
        "is_instead": loan.is_instead,
        "ended_at": loan.ended_at.isoformat() if loan.ended_at else None,
    }
