"""What is told of events: their facts, and the thing itself as REST would answer it to somebody with those rights.

Things are read for all events at once, in a number of statements that does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers.schemas import shape_customers
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.queries import ContactFilter
from zhiyin.apps.interactions.shaping import shape_interactions
from zhiyin.apps.tenancy.actors import Actor


class Told(Protocol):
    """As much of a stored event or delivery as is told."""

    event_id: Any
    type: str
    version: int
    at: datetime
    subject_kind: str
    subject_id: str
    facts: Mapping[str, Any]


def build_payloads(*, actor: Actor, events: Sequence[Told]) -> list[dict[str, Any]]:
    """Return events as ``actor`` may see them. A thing that is gone by now, or hidden, is null; its id stays."""
    contacts = _contacts(actor, (event.subject_id for event in events if event.subject_kind == "contact"))
    people = _customers(actor, (event.subject_id for event in events if event.subject_kind == "customer"))
    return [_payload(event, contacts, people) for event in events]


def _payload(
    event: Told, contacts: Mapping[str, dict[str, Any]], people: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    data: dict[str, Any] = dict(event.facts)
    match event.subject_kind:
        case "contact":
            data["contact"] = contacts.get(event.subject_id)
        case "customer":
            data["customer"] = people.get(event.subject_id)
        case _:
            pass
    subject_id = int(event.subject_id) if event.subject_id.isdecimal() else event.subject_id
    return {
        "id": str(event.event_id),
        "type": event.type,
        "version": event.version,
        "timestamp": event.at.isoformat(),
        "subject": {"kind": event.subject_kind, "id": subject_id},
        "data": data,
    }


def _contacts(actor: Actor, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    wanted = set(ids)
    if not wanted or not actor.may("figures.read"):
        return {}
    rows = list(interactions.list_contacts(actor=actor, wanted=ContactFilter()).filter(pk__in=wanted))
    return {str(shaped.id): shaped.model_dump(mode="json") for shaped in shape_interactions(actor, rows)}


def _customers(actor: Actor, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    wanted = {int(each) for each in ids if each.isdecimal()}
    if not wanted or not actor.may("customers.read"):
        return {}
    rows = list(customers.search_customers(actor=actor).filter(pk__in=wanted))
    return {str(shaped.id): shaped.model_dump(mode="json") for shaped in shape_customers(actor, rows)}
