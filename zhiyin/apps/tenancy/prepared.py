"""Statements that the database parses and plans once for each connection, for what every request or every call asks.

Django's own statements are texts with their values in them: each is parsed and planned anew. Those asked here are kept
prepared; the web part's connections take the plan that is made for any values (``plan_cache_mode`` in the settings), so
a statement belongs here only if one plan suits all companies: rows found by keys, never a list to be filtered.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import RawCursor


def fetch_prepared(statement: bytes, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement whose places are written ``$1``, ``$2``, ...; part of the running transaction."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    began_s = time.monotonic()
    with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
        cursor.execute(statement, given, prepare=True)
        rows = cursor.fetchall()
    if connection.queries_logged:
        took_s = time.monotonic() - began_s
        connection.queries_log.append({"sql": statement.decode(), "time": f"{took_s:.3f}"})
    return rows
