"""What people add to a contact: the wrap-up, the customer it belongs to, a missed call dealt with; and calling out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import queries as customer_queries
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.lists import services as lists
from zhiyin.apps.customers.lists.services import ListEntry
from zhiyin.apps.engine_client import ask_engine
from zhiyin.apps.interactions.errors import NoNumber, NotYourContact, StaleVersion, UnknownChoice
from zhiyin.apps.interactions.events import record_event
from zhiyin.apps.interactions.log import personal_values, read_contact
from zhiyin.apps.interactions.models import CustomerLink, MissedHandling, Recording, WrapUp
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.commands import Dial
from zhiyin.contracts.events import CustomerLinked, RecordingDeleted, WrapUpSaved
from zhiyin.domain.interactions import Interaction as Contact


def get_contact(*, actor: Actor, interaction_id: str) -> tuple[Contact, frozenset[int]]:
    """Return a contact from the log itself, and its agents. Raises ``NotFound``."""
    found = read_contact(tenant=actor.tenant, interaction_id=interaction_id)
    if found is None:
        raise NotFound
    return found


def get_wrap_up(*, actor: Actor, interaction_id: str) -> WrapUp:
    """Return the actor's wrap-up of a contact, empty (version 0) before the first save.

    Raises ``NotFound`` and ``NotYourContact``.
    """
    _, agents = get_contact(actor=actor, interaction_id=interaction_id)
    rows = WrapUp.objects.of(actor.tenant).filter(interaction_id=interaction_id, user_id=actor.user_id or 0)
    row = rows.select_for_update().first()
    if row is None and actor.user_id not in agents:
        raise NotYourContact
    return row or WrapUp(tenant=actor.tenant, interaction_id=interaction_id, user_id=actor.user_id or 0)


@transaction.atomic
def save_wrap_up(*, actor: Actor, interaction_id: str, version: int, fields: Mapping[str, Any]) -> WrapUp:
    """Save the draft. Safe to repeat: what is stored already is no conflict.

    Raises ``NotFound``, ``NotYourContact``, ``StaleVersion`` and ``UnknownChoice`` (disposition).
    """
    row = get_wrap_up(actor=actor, interaction_id=interaction_id)
    if all(getattr(row, name) == value for name, value in fields.items()) and row.version:
        return row
    if row.version != version:
        raise StaleVersion(row.version)
    _check_disposition(actor, fields.get("disposition_id"))
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row


@transaction.atomic
def complete_wrap_up(
    *, actor: Actor, interaction_id: str, version: int, fields: Mapping[str, Any], now: datetime
) -> WrapUp:
    """Save and close the form: it enters the log. The engine frees the agent by its own command.

    Safe to repeat. Raises what ``save_wrap_up`` raises.
    """
    row = save_wrap_up(actor=actor, interaction_id=interaction_id, version=version, fields=fields)
    if row.version == 0:
        row.version = 1
    is_first = row.completed_at is None
    row.completed_at = now
    row.save()
    if is_first:
        disposition = None if row.disposition_id is None else str(row.disposition_id)
        event = WrapUpSaved(interaction=interaction_id, agent=row.user_id, disposition=disposition)
        record_event(tenant=actor.tenant, event=event, at=now)
    return row


def _check_disposition(actor: Actor, disposition_id: int | None) -> None:
    if disposition_id is None:
        return
    if not queues.list_dispositions(tenant=actor.tenant).filter(pk=disposition_id).exists():
        raise UnknownChoice("disposition_id")


@transaction.atomic
def link_customer(
    *, actor: Actor, interaction_id: str, customer_id: int | None, fields: Mapping[str, Any], now: datetime
) -> int:
    """Say whose contact it was: a known customer, or a new one made from ``fields`` with the number that called.

    Returns the customer's id. Safe to repeat with the same customer. Raises ``NotFound`` and ``UnknownChoice``.
    """
    contact, _ = get_contact(actor=actor, interaction_id=interaction_id)
    if customer_id is not None:
        if not customer_queries.has_customer(actor=actor, customer_id=customer_id):
            raise UnknownChoice("customer_id")
    else:
        number = personal_values(tenant=actor.tenant, refs=[contact.customer_ref]).get(contact.customer_ref or "")
        numbers = [customers.NumberChange(number=number)] if number and number.lstrip("+").isdigit() else []
        customer_id = customers.create_customer(actor=actor, fields=fields, numbers=numbers).pk
    link, is_new = CustomerLink.objects.of(actor.tenant).get_or_create(
        interaction_id=interaction_id, defaults={"customer_id": customer_id, "linked_by": actor.user_id, "at": now}
    )
    if not is_new and link.customer_id == customer_id:
        return customer_id
    link.customer_id, link.linked_by, link.at = customer_id, actor.user_id, now
    link.save()
    record_event(tenant=actor.tenant, event=CustomerLinked(interaction=interaction_id, customer=customer_id), at=now)
    return customer_id


def list_caller(
    *, actor: Actor, interaction_id: str, list_code: str, reason: str, expires_at: datetime | None, now: datetime
) -> ListEntry:
    """Put the number of a contact on a list. Raises ``NotFound``, ``NoNumber`` and what ``lists`` refuse."""
    contact, _ = get_contact(actor=actor, interaction_id=interaction_id)
    number = personal_values(tenant=actor.tenant, refs=[contact.customer_ref]).get(contact.customer_ref or "")
    if not number:
        raise NoNumber
    return lists.add_entry(
        actor=actor, list_code=list_code, reason=reason, now=now, number=number, expires_at=expires_at
    )


def handle_missed(*, actor: Actor, interaction_id: str, now: datetime) -> None:
    """Say that a missed call is dealt with; the first to say so stays named. Raises ``NotFound``."""
    get_contact(actor=actor, interaction_id=interaction_id)
    MissedHandling.objects.of(actor.tenant).get_or_create(
        interaction_id=interaction_id, defaults={"user_id": actor.user_id, "user_name": actor.name, "at": now}
    )


def dial(
    *,
    actor: Actor,
    number: str | None = None,
    customer_number_id: int | None = None,
    interaction_id: str | None = None,
    agent: int | None = None,
    queue: int | None = None,
    is_override: bool = False,
) -> str:
    """Ring the actor's telephone, then the customer's, a colleague's, or a queue; return the new contact's id.

    The number is typed, or named by what holds it, so that whoever may not see it can call it.
    Raises ``NoNumber``, ``NotFound``, ``EngineRefused`` and ``EngineAway``.
    """
    if agent is not None or queue is not None:
        kind, target = ("agent", agent) if agent is not None else ("queue", queue)
        return _begin_call(actor, Dial(agent=actor.user_id or 0, kind=kind, target=target))
    if customer_number_id is not None:
        wanted = customers.number_to_dial(actor=actor, customer_number_id=customer_number_id)
    elif interaction_id is not None:
        contact, _ = get_contact(actor=actor, interaction_id=interaction_id)
        wanted = personal_values(tenant=actor.tenant, refs=[contact.customer_ref]).get(contact.customer_ref or "", "")
    else:
        wanted = (number or "").strip()
    if not wanted or actor.user_id is None:
        raise NoNumber(fields={} if interaction_id or customer_number_id else {"number": "no_number"})
    return _begin_call(actor, Dial(agent=actor.user_id, number=wanted, is_override=is_override))


def _begin_call(actor: Actor, command: Dial) -> str:
    answer = ask_engine(command, tenant_id=actor.tenant.pk, actor_id=actor.user_id, result=dict[str, str])
    audit.record(actor=actor, action="call.dialled", kind="interaction", subject=answer["interaction"])
    return answer["interaction"]


def delete_recording(*, tenant: Tenant, recording: Recording, keep_days: int, now: datetime) -> None:
    """Write into log and row that a recording's time is over; its sound is removed by whoever calls.

    The projector comes to the same row from the event. Both stand in one transaction, so that whoever looks for what
    is due next does not find this one again while the projector is behind.
    """
    event = RecordingDeleted(recording=recording.pk, interaction=recording.interaction_id, keep_days=keep_days)
    record_event(tenant=tenant, event=event, at=now)
    Recording.objects.of(tenant).filter(pk=recording.pk).update(state=Recording.State.DELETED.value)
