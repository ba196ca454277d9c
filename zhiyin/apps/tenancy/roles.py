"""Doing a user's work in the worker as the database role ``web``, so that the wall between companies holds there too.

The worker's own role, ``engine``, sees every company and may write only what projections and jobs write.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from django.db.utils import load_backend

_ALIAS = "default"


@contextmanager
def working_as_web() -> Iterator[None]:
    """Let this thread's database connection be one of the role ``web`` inside the block.

    What has that role already keeps its connection. Nothing of the transaction outside is seen inside.
    """
    mine = connections[_ALIAS]
    wanted = settings.WEB_DATABASE
    if mine.settings_dict["USER"] == wanted["USER"]:
        yield
        return
    # a connection of its own: the settings are shared by the connections of all threads
    given = {**mine.settings_dict, **wanted, "CONN_MAX_AGE": 0}
    other = load_backend(given["ENGINE"]).DatabaseWrapper(given, _ALIAS)
    connections[_ALIAS] = other
    try:
        yield
    finally:
        other.close()
        connections[_ALIAS] = mine
