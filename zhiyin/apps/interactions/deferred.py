"""Callbacks and voice messages: who sees which, and what is asked of the engine for them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import services as customers
from zhiyin.apps.engine_client import ask_engine
from zhiyin.apps.interactions.errors import BadWindow, NoNumber, WindowFull
from zhiyin.apps.interactions.log import personal_values
from zhiyin.apps.interactions.models import DeferredContact
from zhiyin.apps.interactions.queries import found_by, get_visible
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.visibility import users_in_reach
from zhiyin.contracts.commands import CancelCallback, ReassignCallback, RequestCallback

#: the rights whose scopes say which ones are seen, and which ones are managed
READ, MANAGE = "callbacks.read", "callbacks.manage"
LONGEST_AHEAD = timedelta(days=60)
OPEN = (DeferredContact.State.WAITING.value, DeferredContact.State.WORKING.value)


def list_deferred(
    *,
    actor: Actor,
    kind: str = "",
    state: str = "",
    queue: int | None = None,
    agent: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    search: str = "",
    right: str = READ,
) -> QuerySet[DeferredContact]:
    """Return those of the users in reach, and of the queues that they serve."""
    rows: QuerySet[DeferredContact] = DeferredContact.objects.of(actor.tenant).filter(_within_reach(actor, right))
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    named = {"kind": kind, "state": "" if state == "open" else state, "queue_id": queue, "agent_id": agent}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    if since:
        rows = rows.filter(asked_at__gte=since)
    if until:
        rows = rows.filter(asked_at__lt=until)
    return rows.filter(found_by(actor, search)) if search else rows


def _within_reach(actor: Actor, right: str) -> Q:
    users = users_in_reach(actor, right)
    if users is None:
        return Q()
    return Q(agent_id__in=users) | Q(queue_id__in=queues.queues_served_by(tenant=actor.tenant, user_ids=users))


def request(
    *,
    actor: Actor,
    queue: int,
    number: str | None = None,
    customer_number_id: int | None = None,
    interaction_id: str | None = None,
    agent: int | None = None,
    due_at: datetime | None = None,
    until: datetime | None = None,
    now: datetime,
) -> str:
    """Let somebody be called back from the queue's line; return the contact's id.

    预约回呼: with ``due_at`` it stands in line from then on, and not after ``until``.
    Raises ``BadWindow``, ``WindowFull``, ``NoNumber``, ``NotFound``, ``EngineRefused`` and ``EngineAway``.
    """
    _check_window(actor, queue, due_at, until, now)
    if customer_number_id is not None:
        wanted = customers.number_to_dial(actor=actor, customer_number_id=customer_number_id)
    elif interaction_id is not None:
        ref = get_visible(actor=actor, interaction_id=interaction_id).customer_ref or ""
        wanted = personal_values(tenant=actor.tenant, refs=[ref]).get(ref, "")
    else:
        wanted = (number or "").strip()
    if not wanted:
        raise NoNumber(fields={} if interaction_id or customer_number_id else {"number": "no_number"})
    asked_by = "booking" if due_at is not None else "agent" if actor.user_id is not None else "api"
    command = RequestCallback(uuid.uuid4().hex, queue, wanted, asked_by, agent, due_at, until)
    answer = ask_engine(command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=dict[str, str])
    after = {"queue": queue, "agent": agent, "due_at": due_at.isoformat() if due_at is not None else None}
    audit.record(actor=actor, action="callback.requested", kind="callback", subject=answer["interaction"], after=after)
    return answer["interaction"]


def _check_window(actor: Actor, queue: int, due_at: datetime | None, until: datetime | None, now: datetime) -> None:
    """So many callbacks of a queue may be booked for one hour as its settings say."""
    if due_at is None:
        if until is not None:
            raise BadWindow(fields={"until": "no_due_at"})
        return
    if not now < due_at <= now + LONGEST_AHEAD:
        raise BadWindow(fields={"due_at": "out_of_range"})
    if until is not None and until <= due_at:
        raise BadWindow(fields={"until": "before_due_at"})
    limit = queues.bookings_per_hour(tenant=actor.tenant, queue_id=queue)
    hour = due_at.replace(minute=0, second=0, microsecond=0)
    booked = DeferredContact.objects.of(actor.tenant).filter(
        queue_id=queue, asked_by="booking", state__in=OPEN, placed_at__gte=hour, placed_at__lt=hour + timedelta(hours=1)
    )
    if booked.count() >= limit:
        raise WindowFull(facts={"limit": limit})


@transaction.atomic
def cancel(*, actor: Actor, callback_id: str) -> None:
    """Raises ``NotFound``, ``EngineRefused`` and ``EngineAway``; then nothing is audited."""
    row = _managed(actor, callback_id)
    _order(actor, CancelCallback(row.pk, actor.user_id))
    audit.record(actor=actor, action="callback.cancelled", kind="callback", subject=row.pk, before={"state": row.state})


@transaction.atomic
def reassign(*, actor: Actor, callback_id: str, queue: int, agent: int | None) -> None:
    """Raises ``NotFound``, ``EngineRefused`` and ``EngineAway``; then nothing is audited."""
    row = _managed(actor, callback_id)
    _order(actor, ReassignCallback(row.pk, queue, agent, actor.user_id))
    audit.record(
        actor=actor,
        action="callback.reassigned",
        kind="callback",
        subject=row.pk,
        before={"queue": row.queue_id, "agent": row.agent_id},
        after={"queue": queue, "agent": agent},
    )


def _managed(actor: Actor, callback_id: str) -> DeferredContact:
    row = list_deferred(actor=actor, right=MANAGE).filter(pk=callback_id).first()
    if row is None:
        raise NotFound
    return row


def _order(actor: Actor, command: Any) -> None:
    ask_engine(command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=type(None))
