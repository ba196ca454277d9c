"""The event log in a database that was restored from a dump.

The log is read in the order of (transaction, position), below the oldest open transaction. A dump brings the numbers of
the server that wrote it: to a new server they lie in the future, so that the log's end would be hidden and everything
new be passed over. Such rows get transaction numbers that are surely past, each on the side of every reader's cursor
on which it was.
"""

from __future__ import annotations

import psycopg

_IS_FROM_THE_FUTURE = """
    SELECT EXISTS (SELECT FROM event_log WHERE txid >= pg_snapshot_xmax(pg_current_snapshot()))
        OR EXISTS (SELECT FROM projection_cursor WHERE txid >= pg_snapshot_xmax(pg_current_snapshot()))
"""
# 3 is the first number that PostgreSQL gives to a transaction: no server is so young that it has not passed it.
_RENUMBER_LOG = """
    UPDATE event_log SET txid = (3 + (
        SELECT count(*) FROM (SELECT DISTINCT txid, position FROM projection_cursor) AS cursor
        WHERE (cursor.txid, cursor.position) < (event_log.txid, event_log.position)
    ))::text::xid8
"""
_RENUMBER_CURSORS = """
    UPDATE projection_cursor SET txid = (3 + step.passed)::text::xid8, position = 9223372036854775807
    FROM (SELECT name, dense_rank() OVER (ORDER BY txid, position) - 1 AS passed FROM projection_cursor) AS step
    WHERE step.name = projection_cursor.name
"""


def renumber_restored_log(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Renumber a log that another server wrote; return whether it was one. As the owner, while nothing else runs.

    Reads one index entry when it was not. Safe to repeat.
    """
    with connection.transaction():
        if connection.execute(_IS_FROM_THE_FUTURE).fetchone() != (True,):
            return False
        connection.execute(_RENUMBER_LOG)
        connection.execute(_RENUMBER_CURSORS)
    return True
