"""What an erasure touches, whichever app's code or cascade does it: noted by the database, forgotten by the keys.

Every sealed table has a trigger that does nothing unless an erasure is at work on this connection. What was changed or
removed because of one person was in older backups with that person's words: so its key is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg import sql

from zhiyin.apps.privacy.models import Erasure, Touched
from zhiyin.apps.privacy.sealing_plan import PAPERS, PLAN
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts import person_keys

_SETTING = "zhiyin.erasure"
_TRIGGER = "note_touched"


def secure() -> None:
    """Put the trigger on every sealed table. As the owner, after migrations; repeatable."""
    with connection.cursor() as cursor:
        for table, points in {each.table: each.points for each in PLAN}.items():
            arguments = sql.SQL(", ").join(sql.Literal(part) for point in points for part in point)
            cursor.execute(
                sql.SQL(
                    "CREATE OR REPLACE TRIGGER {trigger} AFTER UPDATE OR DELETE ON {table} FOR EACH ROW"
                    " WHEN (current_setting({setting}, true) <> '') EXECUTE FUNCTION note_touched({arguments})"
                ).format(
                    trigger=sql.Identifier(_TRIGGER),
                    table=sql.Identifier(table),
                    setting=sql.Literal(_SETTING),
                    arguments=arguments,
                )
            )


@contextmanager
def noted_for(erasure: Erasure) -> Iterator[None]:
    """Let the database note what this connection touches as this erasure's."""
    _set(str(erasure.pk))
    try:
        yield
    finally:
        if not connection.needs_rollback:  # a transaction that is rolled back takes the setting with it
            _set("")


def _set(erasure: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [_SETTING, erasure])


def forget_keys(*, tenant: Tenant, erasure: Erasure, own: set[str]) -> None:
    """Cut the person's points, and those of others' rows that named the person, out of the keys. Safe to repeat.

    What hangs on the person goes with the person's own point.
    """
    rows = Touched.objects.of(tenant).filter(erasure_id=erasure.pk)
    others = {points[0] for points in rows.values_list("points", flat=True) if own.isdisjoint(points)}
    person_keys.forget(Path(settings.DATA_DIR), sorted(own | others | {PAPERS}))
    rows.delete()
