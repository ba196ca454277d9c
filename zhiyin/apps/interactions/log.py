"""Reading the log itself: what a contact is by now, however far the projections are behind, and personal values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast, get_args

from django.db import connection

from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.events import UnknownEvent, decode_body, interaction_stream
from zhiyin.domain.interactions import Interaction, InteractionEvent, apply

_INTERACTION_EVENTS: tuple[type[Any], ...] = get_args(InteractionEvent)


def read_events(*, tenant: Tenant, interaction_id: str) -> list[tuple[datetime, InteractionEvent]]:
    """Return a contact's events in their order, each with its instant; empty where there is no such contact.

    An event that a newer program wrote is left out: what it means is not known here.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT at, type, version, body::text FROM event_log
            WHERE tenant_id = %s AND stream = %s ORDER BY epoch, seq
            """,
            [tenant.pk, interaction_stream(interaction_id)],
        )
        rows: list[tuple[datetime, str, int, str]] = cursor.fetchall()
    events: list[tuple[datetime, InteractionEvent]] = []
    for at, name, version, body in rows:
        try:
            event = decode_body(name, version, body.encode())
        except UnknownEvent:
            continue
        if isinstance(event, _INTERACTION_EVENTS):
            events.append((at, cast(InteractionEvent, event)))
    return events


def read_contact(*, tenant: Tenant, interaction_id: str) -> tuple[Interaction, frozenset[int]] | None:
    """Return a contact as its events so far have made it, and the agents who had to do with it. None: no such."""
    events = read_events(tenant=tenant, interaction_id=interaction_id)
    if not events:
        return None
    agents = {agent for _, event in events if (agent := getattr(event, "agent", None)) is not None}
    return fold_contact(interaction_id, events), frozenset(agents)


def fold_contact(interaction_id: str, events: Iterable[tuple[datetime, InteractionEvent]]) -> Interaction:
    """Return a contact as these events have made it."""
    state = Interaction(interaction_id)
    for at, event in events:
        state = apply(state, event, at)
    return state


def personal_values(*, tenant: Tenant, refs: Iterable[str | None]) -> dict[str, str]:
    """Return the values behind references; an erased one is missing."""
    wanted = [ref for ref in set(refs) if ref]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ref, value FROM event_personal WHERE tenant_id = %s AND ref = ANY(%s)", [tenant.pk, wanted]
        )
        return dict(cursor.fetchall())
