"""Changing a row of settings: written, audited and published to the engine in one transaction.

Every app that owns settings makes, changes and removes its rows through these three, so that no change goes
unrecorded and none fails to reach live traffic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models, transaction

from zhiyin.apps.audit.services import fields_of, record
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.publication import publish_settings

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def create(*, actor: Actor, row: M) -> M:
    """Insert ``row``. A taken name violates the table's unique constraint."""
    row.save(force_insert=True)
    record(
        actor=actor,
        action=f"{_kind(row)}.created",
        kind=_kind(row),
        subject=row.pk,
        name=str(row),
        after=fields_of(row),
    )
    publish_settings(tenant=actor.tenant)
    return row


@transaction.atomic
def update(*, actor: Actor, row: M, fields: Mapping[str, Any]) -> M:
    """Set the named fields of ``row``; nothing is audited where nothing differs."""
    before = fields_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    record(
        actor=actor,
        action=f"{_kind(row)}.changed",
        kind=_kind(row),
        subject=row.pk,
        name=str(row),
        before=before,
        after=fields_of(row),
    )
    publish_settings(tenant=actor.tenant)
    return row


@transaction.atomic
def remove(*, actor: Actor, row: models.Model) -> None:
    """Delete ``row``. Raises ``ProtectedError`` while other settings refer to it."""
    kind, key, name, before = _kind(row), row.pk, str(row), fields_of(row)
    row.delete()
    record(actor=actor, action=f"{kind}.removed", kind=kind, subject=key, name=name, before=before)
    publish_settings(tenant=actor.tenant)


def _kind(row: models.Model) -> str:
    return str(row._meta.model_name)
