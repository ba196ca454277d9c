"""What is told of an event: its facts, and the thing itself as REST would answer it to somebody with those rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.schemas import shape_customers
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.schemas import shape_interactions
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor


def build_payload(
    *,
    actor: Actor,
    event_id: str,
    type_: str,
    version: int,
    at: datetime,
    subject_kind: str,
    subject_id: str,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """Return an event as ``actor`` may see it. A thing that is gone by now is null; its id stays."""
    subject = {"kind": subject_kind, "id": int(subject_id) if subject_id.isdecimal() else subject_id}
    data: dict[str, Any] = dict(facts)
    match subject_kind:
        case "contact":
            data["contact"] = _contact(actor, subject_id)
        case "recording":
            data["recording"] = subject_id
        case "customer":
            data["customer"] = _customer(actor, subject_id)
        case _:
            pass
    return {
        "id": event_id,
        "type": type_,
        "version": version,
        "timestamp": at.isoformat(),
        "subject": subject,
        "data": data,
    }


def _contact(actor: Actor, contact_id: str) -> dict[str, Any] | None:
    if not actor.may("figures.read"):
        return None
    try:
        row = interactions.get_visible(actor=actor, interaction_id=contact_id)
    except NotFound:
        return None
    return shape_interactions(actor, [row])[0].model_dump(mode="json")


def _customer(actor: Actor, customer_id: str) -> dict[str, Any] | None:
    if not actor.may("customers.read") or not customer_id.isdecimal():
        return None
    try:
        row = customers.get_customer(tenant=actor.tenant, customer_id=int(customer_id))
    except NotFound:
        return None
    return shape_customers(actor, [row])[0].model_dump(mode="json")
