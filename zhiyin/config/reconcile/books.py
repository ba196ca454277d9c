"""Reading everything that is compared, in one snapshot: the log, its neighbours, and what was folded from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row, tuple_row

Row = dict[str, Any]
Key = tuple[int, str]

_EVENTS = """
    SELECT tenant_id, stream, epoch, seq, number, at, type, body, txid::text::bigint AS txid, position FROM event_log
"""
_OF_CONTACTS = f"""
    {_EVENTS} WHERE (tenant_id, stream) IN
        (SELECT DISTINCT tenant_id, stream FROM event_log WHERE at >= %(since)s AND stream LIKE 'i:%%')
    ORDER BY tenant_id, stream, epoch, seq
"""  # noqa: S608 - only this module's own text is put in
_OF_AGENTS = f"""
    {_EVENTS} WHERE at >= %(since)s AND type = 'AgentStateChanged' ORDER BY tenant_id, epoch, number, position
"""
#: where an agent stood when the window opened
_BEFORE = """
    SELECT DISTINCT ON (tenant_id, agent_id) tenant_id, agent_id, body FROM (
        SELECT tenant_id, (body->>'agent')::bigint AS agent_id, body, epoch, number FROM event_log
        WHERE at < %(since)s AND at >= %(since)s - interval '62 days' AND type = 'AgentStateChanged'
    ) AS earlier ORDER BY tenant_id, agent_id, epoch DESC, number DESC
"""
_HOLES = """
    SELECT tenant_id, stream, epoch, count(*) AS found, max(seq) AS newest FROM event_log
    WHERE (tenant_id, stream, epoch) IN (SELECT DISTINCT tenant_id, stream, epoch FROM event_log WHERE at >= %(since)s)
    GROUP BY tenant_id, stream, epoch HAVING count(*) <> max(seq) OR min(seq) <> 1
"""
_NUMBER_HOLES = """
    SELECT epoch, number, following FROM (
        SELECT epoch, number, lead(number) OVER (PARTITION BY epoch ORDER BY number) AS following
        FROM event_log WHERE at >= %(since)s AND epoch > 0
    ) AS pairs WHERE following > number + 1 OR following = number
"""
_FIRST_OF_EPOCHS = """
    SELECT DISTINCT ON (epoch) epoch, txid::text::bigint AS txid, position FROM event_log
    WHERE epoch > 0 AND at >= %(since)s ORDER BY epoch, event_log.txid, position
"""
_LAST_OF_EPOCHS = """
    SELECT DISTINCT ON (epoch) epoch, txid::text::bigint AS txid, position, tenant_id, stream, type FROM event_log
    WHERE epoch > 0 AND at >= %(since)s ORDER BY epoch, event_log.txid DESC, position DESC
"""
_ORPHAN_VALUES = """
    SELECT p.tenant_id, p.ref FROM event_personal p WHERE NOT EXISTS
        (SELECT FROM event_log e WHERE e.tenant_id = p.tenant_id AND e.stream = p.subject)
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log; ``place`` is its position among all."""

    tenant: int
    stream: str
    epoch: int
    seq: int
    number: int
    at: datetime
    type: str
    body: dict[str, Any]
    place: tuple[int, int]


@dataclass(slots=True)
class Books:
    """All of it as of one instant ``now``. ``cursor``: how far the projector has read."""

    since: datetime
    now: datetime
    #: the newest position given to an event, committed or not
    end: int
    cursor: tuple[int, int]
    lease_epoch: int
    contacts: dict[Key, list[Event]]
    agent_events: list[Event]
    #: (tenant, agent) -> the body of the newest state event before ``since``
    agents_before: dict[tuple[int, int], dict[str, Any]]
    holes: list[Row]
    number_holes: list[Row]
    epoch_firsts: list[Row]
    epoch_lasts: list[Row]
    personal_refs: set[Key]
    orphan_values: list[Row]
    open_streams: set[Key]
    checkpoints: list[Row]
    records: dict[Key, Row]
    segments: dict[Key, list[Row]]
    spans: list[Row]
    recordings: dict[str, Row]
    files: dict[str, Row]
    tenants: dict[int, Row]
    all_recordings: set[str] = field(default_factory=set)
    #: deleted by retention, as the log says
    deleted_recordings: dict[str, Event] = field(default_factory=dict)

    def is_folded(self, event: Event) -> bool:
        """Whether the projector has read the event."""
        return event.place <= self.cursor


def read_books(connection: psycopg.Connection[Any], since: datetime) -> Books:
    """Read in one snapshot, changing nothing. As the database role ``engine`` or ``owner``, who see every company."""
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        window = {"since": since}

        def rows(query: str) -> list[Row]:
            return cursor.execute(query.encode(), window).fetchall()

        place = rows("SELECT txid::text::bigint AS txid, position FROM projection_cursor WHERE name = 'contacts'")
        lease = rows("SELECT epoch FROM engine_lease")
        contacts: dict[Key, list[Event]] = defaultdict(list)
        for row in rows(_OF_CONTACTS):
            contacts[row["tenant_id"], row["stream"][2:]].append(_event(row))
        segments: dict[Key, list[Row]] = defaultdict(list)
        for row in rows("SELECT * FROM segment WHERE started_at >= %(since)s - interval '1 day' ORDER BY id"):
            segments[row["tenant_id"], row["interaction_id"]].append(row)
        return Books(
            since=since,
            now=rows("SELECT now() AS now")[0]["now"],
            end=end_of_log(connection),
            cursor=(place[0]["txid"], place[0]["position"]) if place else (0, 0),
            lease_epoch=lease[0]["epoch"] if lease else 0,
            contacts=dict(contacts),
            agent_events=[_event(row) for row in rows(_OF_AGENTS)],
            agents_before={(row["tenant_id"], row["agent_id"]): row["body"] for row in rows(_BEFORE)},
            holes=rows(_HOLES),
            number_holes=rows(_NUMBER_HOLES),
            epoch_firsts=rows(_FIRST_OF_EPOCHS),
            epoch_lasts=rows(_LAST_OF_EPOCHS),
            personal_refs={(row["tenant_id"], row["ref"]) for row in rows("SELECT tenant_id, ref FROM event_personal")},
            orphan_values=rows(_ORPHAN_VALUES),
            open_streams={
                (row["tenant_id"], row["stream"][2:]) for row in rows("SELECT tenant_id, stream FROM open_stream")
            },
            checkpoints=rows("SELECT * FROM agent_checkpoint"),
            records={
                (row["tenant_id"], row["id"]): row
                for row in rows(
                    """SELECT tenant_id, id, direction, started_at, answered_at, ended_at, outcome FROM interaction
                       WHERE started_at >= %(since)s OR ended_at IS NULL OR ended_at >= %(since)s"""
                )
            },
            segments=dict(segments),
            spans=rows(
                """SELECT * FROM agent_state_span WHERE ended_at IS NULL OR ended_at >= %(since)s
                   ORDER BY tenant_id, agent_id, started_at, id"""
            ),
            recordings={row["id"]: row for row in rows("SELECT * FROM recording")},
            files={row["recording_id"]: row for row in rows("SELECT * FROM recordings_file")},
            tenants={row["id"]: row for row in rows("SELECT id, code, time_zone FROM tenancy_tenant ORDER BY id")},
            all_recordings={
                row["id"]
                for row in rows("SELECT body->>'recording' AS id FROM event_log WHERE type = 'RecordingStarted'")
            },
            deleted_recordings={
                event.body["recording"]: event
                for event in map(_event, rows(f"{_EVENTS} WHERE type = 'RecordingDeleted'"))
            },
        )


def end_of_log(connection: psycopg.Connection[Any]) -> int:
    """Return the newest position given to an event; a sequence stands outside of the snapshot."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute("SELECT last_value FROM event_log_position").fetchone()
    return int(found[0]) if found else 0


def _event(row: Row) -> Event:
    return Event(
        tenant=row["tenant_id"],
        stream=row["stream"],
        epoch=row["epoch"],
        seq=row["seq"],
        number=row["number"],
        at=row["at"],
        type=row["type"],
        body=row["body"],
        place=(row["txid"], row["position"]),
    )
