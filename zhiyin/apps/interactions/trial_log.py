"""What the log says of a trial of the router's rules: the shadow's answers, both arms' stays, and the day as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from zhiyin.apps.tenancy.models import Tenant

#: So many decisions, or contacts, are read at most, the newest of them.
AT_MOST = 20_000
REPLAYED = 3_000

_SHADOW = """
    SELECT substr(stream, 3), at, body ->> 'agent', body ->> 'why' FROM event_log
    WHERE tenant_id = %s AND at >= %s AND at < %s AND type = 'Offered' AND body -> 'why' -> 'shadow' ->> 'trial' = %s
    ORDER BY at DESC LIMIT %s
"""
_ARMS = """
    WITH entered AS (
        SELECT stream, at, body ->> 'arm' AS arm FROM event_log
        WHERE tenant_id = %s AND at >= %s AND at < %s AND type = 'QueueEntered' AND body ->> 'trial' = %s
        ORDER BY at DESC LIMIT %s)
    SELECT substr(entered.stream, 3), entered.arm, stay.queue_id, stay.outcome,
        extract(epoch FROM stay.ended_at - stay.started_at)::float,
        EXISTS (SELECT FROM event_log AS later WHERE later.tenant_id = %s AND later.stream = entered.stream
                AND later.type = 'TransferStarted')
    FROM entered JOIN segment AS stay ON stay.tenant_id = %s AND stay.interaction_id = substr(entered.stream, 3)
        AND stay.kind = 'queue' AND stay.started_at = entered.at
    WHERE stay.ended_at IS NOT NULL
"""
#: each first stay in a line with what came of it; handling counts from the answer to the end of after-call work
_DAY = """
    WITH came AS (
        SELECT DISTINCT ON (stream) substr(stream, 3) AS contact, at, body FROM event_log
        WHERE tenant_id = %s AND at >= %s AND at < %s AND type = 'QueueEntered'
            AND coalesce(body ->> 'medium', 'voice') = 'voice'
        ORDER BY stream, at),
    newest AS (SELECT * FROM came ORDER BY at DESC LIMIT %s)
    SELECT newest.contact, extract(epoch FROM newest.at)::float, newest.body::text, stay.outcome,
        extract(epoch FROM stay.ended_at - stay.started_at)::float,
        extract(epoch FROM talk.ended_at - talk.started_at)::float + coalesce(after.spent_s, 0)
    FROM newest
    JOIN segment AS stay ON stay.tenant_id = %s AND stay.interaction_id = newest.contact AND stay.kind = 'queue'
        AND stay.started_at = newest.at AND stay.ended_at IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT agent_id, started_at, ended_at FROM segment
        WHERE tenant_id = stay.tenant_id AND interaction_id = stay.interaction_id AND kind = 'talk'
            AND ended_at IS NOT NULL AND started_at >= stay.started_at
        ORDER BY started_at LIMIT 1) AS talk ON true
    LEFT JOIN LATERAL (
        SELECT sum(extract(epoch FROM ended_at - started_at))::float AS spent_s FROM agent_state_span
        WHERE tenant_id = stay.tenant_id AND agent_id = talk.agent_id AND interaction_id = stay.interaction_id
            AND state = 'wrap_up' AND started_at >= talk.started_at AND ended_at IS NOT NULL) AS after ON true
"""
_SHIFTS = """
    SELECT agent_id, extract(epoch FROM greatest(started_at, %s))::float,
        extract(epoch FROM least(coalesce(ended_at, %s), %s))::float
    FROM agent_state_span
    WHERE tenant_id = %s AND started_at < %s AND (ended_at IS NULL OR ended_at > %s)
        AND state IN ('ready', 'reserved', 'alerting', 'talking', 'hold', 'consulting', 'wrap_up')
"""


@dataclass(frozen=True, slots=True)
class ShadowedOffer:
    """A decision that was put to a draft. ``why``: its record, with what the draft would have done."""

    contact: str
    at: datetime
    agent: int
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ArmStay:
    """A stay in line in one arm of a canary that is over. A contact may have several, all in the same arm."""

    contact: str
    arm: str
    queue: int
    outcome: str
    wait_s: float
    is_transferred: bool


@dataclass(frozen=True, slots=True)
class PastArrival:
    """A contact that came into a line. ``entered``: the event's body; ``handling_s`` None: nobody talked with it."""

    contact: str
    at: float
    entered: dict[str, Any]
    outcome: str
    wait_s: float
    handling_s: float | None


def shadowed_offers(*, tenant: Tenant, trial: int, since: datetime, until: datetime) -> list[ShadowedOffer]:
    """Return the decisions that were put to the draft, the newest first."""
    rows = _rows(_SHADOW, [tenant.pk, since, until, str(trial), AT_MOST])
    return [ShadowedOffer(contact, at, int(agent), msgspec.json.decode(why)) for contact, at, agent, why in rows]


def arm_stays(*, tenant: Tenant, trial: int, since: datetime, until: datetime) -> list[ArmStay]:
    """Return the stays of both arms that are over."""
    wanted = [tenant.pk, since, until, str(trial), AT_MOST, tenant.pk, tenant.pk]
    return [ArmStay(*row) for row in _rows(_ARMS, wanted)]


def past_arrivals(*, tenant: Tenant, since: datetime, until: datetime) -> list[PastArrival]:
    """Return who came into a line and is served or gone, the newest so many."""
    rows = _rows(_DAY, [tenant.pk, since, until, REPLAYED, tenant.pk])
    return [PastArrival(contact, at, msgspec.json.decode(body), *rest) for contact, at, body, *rest in rows]


def past_shifts(*, tenant: Tenant, since: datetime, until: datetime) -> list[tuple[int, float, float]]:
    """Return when each agent was there for contacts: (agent, from, to) in seconds since 1970."""
    return [(a, b, e) for a, b, e in _rows(_SHIFTS, [since, until, until, tenant.pk, until, since])]


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
