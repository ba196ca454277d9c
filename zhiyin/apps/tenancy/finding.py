"""Narrowing a list to what was found beside it, by an index of its own.

The database cannot know how many a search will find. It takes it for many, reads the whole table and throws nearly all
of it away. So what was found is fetched first: few are named one by one, and only many are left to the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

#: so many keys of rows stand in a statement
FEW = 1_000
#: a statement of one column, and what fills it
Statement = tuple[str, Sequence[Any]]


def among(*found: QuerySet[Any, Any] | Statement, key: str = "pk", many: Q | None = None) -> Q:
    """Return the condition that ``key`` is one of those that any of the statements gives in its one column.

    ``many`` says the same of a single row, and is better where so many fit that a walk through the newest soon finds
    a page of them. Works inside the company's transaction.
    """
    parts = [part for each in found if (part := _statement(each)) is not None]
    if not parts:
        return Q(**{f"{key}__in": []})
    statement = " UNION ALL ".join(f"({sql})" for sql, _ in parts)
    values = [value for _, given in parts for value in given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({statement}) AS found LIMIT {FEW + 1}", values)  # noqa: S608 - of our own parts
        keys = [row[0] for row in cursor.fetchall()]
    if len(keys) > FEW and many is not None:
        return many
    if len(keys) > FEW:
        return Q(**{f"{key}__in": RawSQL(statement, values)})  # noqa: S611 - every value is a parameter
    return Q(**{f"{key}__in": keys})


def _statement(found: QuerySet[Any, Any] | Statement) -> Statement | None:
    """Return a part as SQL; ``None``: it finds nothing, as Django knows without asking."""
    if not isinstance(found, QuerySet):
        return found
    try:
        return found.query.sql_with_params()
    except EmptyResultSet:
        return None
