"""Making the tables of a new installation in seconds.

After each step of a migration Django builds the model that changed anew, and with it every model that is related to it,
however far: here, where all belong to a company, that is all of them, some seventeen thousand in one installation. The
statements need the changed model alone. A test holds the tables to be the same either way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


def is_fresh() -> bool:
    """Whether no migration was ever carried out: where rows are moved, relations must be whole."""
    return not MigrationRecorder(connection).applied_migrations()


@contextmanager
def only_what_changes() -> Iterator[None]:
    """Let migrations in this block build anew nothing but the model that changed."""
    whole = ProjectState._find_reload_model  # type: ignore[attr-defined] # Django's own, of Django 5.2

    def find(_state: ProjectState, app_label: str, model_name: str, *_delay: bool) -> set[tuple[str, str]]:
        return {(app_label, model_name)}

    ProjectState._find_reload_model = find  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = whole  # type: ignore[attr-defined]
