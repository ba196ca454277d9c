"""Django's own facts in the event log: an INSERT in the transaction of the act, so that a crash cannot lose them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import connection

from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.events import (
    EVENT_TYPES,
    CustomerLinked,
    RecordingDeleted,
    RecordingReady,
    WrapUpSaved,
    encode_body,
)

LOG_CHANNEL = "zhiyin_log"

OwnEvent = CustomerLinked | RecordingDeleted | RecordingReady | WrapUpSaved


def record_event(*, tenant: Tenant, event: OwnEvent, at: datetime) -> None:
    """Append ``event`` to a stream of its own and tell the log's readers at commit."""
    name = type(event).__name__
    version, _ = EVENT_TYPES[name]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, at, type, version, body)
            VALUES (%s, %s, 0, 1, date_trunc('month', %s AT TIME ZONE 'UTC')::date, %s, %s, %s, %s::jsonb)
            RETURNING position
            """,
            [tenant.pk, f"d:{uuid.uuid4()}", at, at, name, version, encode_body(event).decode()],
        )
        (position,) = cursor.fetchone()
        cursor.execute("SELECT pg_notify(%s, %s)", [LOG_CHANNEL, str(position)])
