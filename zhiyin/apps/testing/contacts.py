"""For tests of this and other apps: contacts in the log as the engine writes them, in Django's transaction."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.events import EVENT_TYPES, Event, encode_body, interaction_stream
from zhiyin.domain.interactions import Direction, InteractionStarted

EPOCH = 7


def log_events(tenant: Tenant, stream: str, events: Sequence[tuple[datetime, Event]]) -> None:
    """Append events to a stream, in their order."""
    began = events[0][0].date().replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(seq), 0) FROM event_log WHERE tenant_id = %s AND stream = %s", [tenant.pk, stream]
        )
        (last,) = cursor.fetchone()
        for seq, (at, event) in zip(itertools.count(last + 1), events, strict=False):
            name = type(event).__name__
            cursor.execute(
                "INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
                [
                    *(tenant.pk, stream, EPOCH, seq, began, seq, at, name),
                    *(EVENT_TYPES[name][0], encode_body(event).decode()),
                ],
            )
        cursor.execute("SELECT pg_notify('zhiyin_log', '')")


def log_contact(
    tenant: Tenant,
    *,
    at: datetime,
    number: str | None = "+8613800138000",
    direction: Direction = Direction.INBOUND,
    agent: int | None = None,
    flow: tuple[int, int] | None = None,
    then: Sequence[tuple[float, Event]] = (),
) -> str:
    """Begin a contact at ``at`` and let events follow, each so many seconds later; return its id.

    ``flow``: which it came to, and of which version.
    """
    interaction = uuid.uuid4().hex
    ref = None
    if number is not None:
        ref = f"{interaction}:1"
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, %s, %s, 'number', %s)",
                [tenant.pk, ref, interaction_stream(interaction), number],
            )
    started = InteractionStarted(
        direction=direction,
        channel="voice",
        customer_leg=f"{interaction}-c",
        customer_ref=ref,
        entry="4008001234",
        came_by="trunk:1",
        agent=agent,
        flow=flow[0] if flow else None,
        flow_version=flow[1] if flow else None,
    )
    events: list[tuple[datetime, Event]] = [(at, started)]
    events += [(at + timedelta(seconds=after_s), event) for after_s, event in then]
    log_events(tenant, interaction_stream(interaction), events)
    return interaction


def project_contact(tenant: Tenant, interaction: str, *, at: datetime, fields: Mapping[str, object]) -> None:
    """Put a contact's row where the projector puts it; the role ``web`` may only read there."""
    nobody = dict.fromkeys(("queue_id", "agent_id", "caller_agent_id"))
    columns: dict[str, object] = {"direction": "inbound", "outcome": "answered", **nobody, **fields}
    given = connection.settings_dict
    as_engine = make_conninfo(dbname=given["NAME"], host=given["HOST"], user="engine")
    with psycopg.connect(as_engine, autocommit=True) as engine:
        engine.execute("DELETE FROM interaction WHERE id = %s", [interaction])
        engine.execute(
            "INSERT INTO interaction (id, tenant_id, direction, channel, entry, came_by, path, queue_id, agent_id, "
            "caller_agent_id, started_at, ended_by, end_reason, outcome, wait_s, talk_s, hold_s, wrap_up_s, "
            "is_recorded) VALUES (%s, %s, %s, 'voice', '', '', '{}', %s, %s, %s, %s, '', '', %s, 0, 0, 0, 0, false)",
            [
                *(interaction, tenant.pk, columns["direction"], columns["queue_id"], columns["agent_id"]),
                *(columns["caller_agent_id"], at, columns["outcome"]),
            ],
        )
