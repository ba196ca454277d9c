"""What the company's records say of a number: one statement over Django's tables and the projections of the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from zhiyin.domain.routing.classes import KnownCaller

#: A family shares a number, a company's switchboard many customers: so many are looked at.
_MOST = 20

_KNOWN = """
    WITH known AS (
        SELECT coalesce(c.class_by_hand_id, c.class_by_rule_id) AS class, c.owner_id AS owner, c.changed_at
          FROM customers_customernumber n JOIN customers_customer c ON c.id = n.customer_id
         WHERE n.tenant_id = %(tenant)s AND n.number = %(number)s AND c.erased_at IS NULL
         ORDER BY c.changed_at DESC LIMIT %(most)s),
    talked AS (
        SELECT s.agent_id, s.ended_at
          FROM event_personal p JOIN segment s ON s.tenant_id = p.tenant_id AND s.interaction_id = substr(p.subject, 3)
         WHERE p.tenant_id = %(tenant)s AND p.kind = 'number' AND p.value = %(number)s AND starts_with(p.subject, 'i:')
           AND s.kind = 'talk' AND s.ended_at IS NOT NULL
         ORDER BY s.ended_at DESC LIMIT 1)
    SELECT (SELECT array_agg(DISTINCT class) FILTER (WHERE class IS NOT NULL) FROM known),
           (SELECT array_agg(owner ORDER BY changed_at DESC) FILTER (WHERE owner IS NOT NULL) FROM known),
           (SELECT agent_id FROM talked), (SELECT ended_at FROM talked)"""


async def read_known_caller(connection: AsyncConnection[Any], *, tenant: int, number: str) -> KnownCaller | None:
    asked = {"tenant": tenant, "number": number, "most": _MOST}
    row = await (await connection.execute(_KNOWN.encode(), asked)).fetchone()
    classes, owners, last_agent, last_talk_at = row or (None, None, None, None)
    if not (classes or owners or last_agent):
        return None
    return KnownCaller(
        customer_classes=tuple(sorted(classes or ())),
        owners=tuple(dict.fromkeys(owners or ())),
        last_agent=last_agent,
        last_talk_at=last_talk_at,
    )


_LAST_SURVEY = """
    WITH numbers AS (
        SELECT %(number)s::text AS number
        UNION
        SELECT others.number FROM customers_customernumber n
          JOIN customers_customer c ON c.id = n.customer_id AND c.erased_at IS NULL
          JOIN customers_customernumber others ON others.customer_id = c.id
         WHERE n.tenant_id = %(tenant)s AND n.number = %(number)s)
    SELECT max(s.asked_at)
      FROM numbers JOIN event_personal p
        ON p.tenant_id = %(tenant)s AND p.kind = 'number' AND p.value = numbers.number AND starts_with(p.subject, 'i:')
      JOIN surveys_survey s ON s.tenant_id = p.tenant_id AND s.interaction_id = substr(p.subject, 3)"""


async def read_last_survey(connection: AsyncConnection[Any], *, tenant: int, number: str) -> datetime | None:
    """Return when somebody with the number, or with another number of the same customer, was asked last how it was."""
    asked = {"tenant": tenant, "number": number}
    row = await (await connection.execute(_LAST_SURVEY.encode(), asked)).fetchone()
    return row[0] if row is not None else None
