"""Callbacks and voice messages: who sees which, and what is asked of the engine for them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import services as customers
from zhiyin.apps.engine_client import ask_engine
from zhiyin.apps.interactions.errors import NoNumber
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
) -> str:
    """Let somebody be called back from the queue's line; return the contact's id.

    Raises ``NoNumber``, ``NotFound``, ``EngineRefused`` and ``EngineAway``.
    """
    if customer_number_id is not None:
        wanted = customers.number_to_dial(actor=actor, customer_number_id=customer_number_id)
    elif interaction_id is not None:
        ref = get_visible(actor=actor, interaction_id=interaction_id).customer_ref or ""
        wanted = personal_values(tenant=actor.tenant, refs=[ref]).get(ref, "")
    else:
        wanted = (number or "").strip()
    if not wanted:
        raise NoNumber(fields={} if interaction_id or customer_number_id else {"number": "no_number"})
    asked_by = "agent" if actor.user_id is not None else "api"
    command = RequestCallback(uuid.uuid4().hex, queue, wanted, asked_by, agent)
    answer = ask_engine(command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=dict[str, str])
    after = {"queue": queue, "agent": agent}
    audit.record(actor=actor, action="callback.requested", kind="callback", subject=answer["interaction"], after=after)
    return answer["interaction"]


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
