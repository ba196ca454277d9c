"""Publishing a company's settings to the engine, in the transaction that changed them.

Each app that owns settings contributes a section: a function ``(tenant) -> {field of TenantSettings: value}``. Which
functions those are is plugged together in ``config/settings.py`` (``ENGINE_SETTINGS_SECTIONS``), so that this app
needs to know none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.module_loading import import_string

from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.snapshots import TenantSettings

SETTINGS_CHANNEL = "zhiyin_settings"

_is_postponed: ContextVar[bool] = ContextVar("is_publication_postponed", default=False)


@contextmanager
def postponed_publication() -> Iterator[None]:
    """Make many changes as one: nothing is published inside, the caller publishes once at the end."""
    token = _is_postponed.set(True)
    try:
        yield
    finally:
        _is_postponed.reset(token)


def publish_settings(*, tenant: Tenant) -> int:
    """Write the company's settings for the engine and tell it; return their version.

    Belongs into the transaction of the change, as its last step: the engine then sees all of the change or
    nothing of it. The row of the company is locked until the end of the transaction, so versions come in order.
    """
    if _is_postponed.get():
        return tenant.settings_version
    Tenant.objects.filter(pk=tenant.pk).update(settings_version=F("settings_version") + 1)
    tenant.refresh_from_db()
    body = msgspec.json.encode(build_settings(tenant=tenant)).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO engine_settings (tenant_id, version, body, changed_at) VALUES (%s, %s, %s::jsonb, now())
            ON CONFLICT (tenant_id) DO UPDATE
            SET version = excluded.version, body = excluded.body, changed_at = excluded.changed_at
            """,
            [tenant.pk, tenant.settings_version, body],
        )
        cursor.execute("SELECT pg_notify(%s, %s)", [SETTINGS_CHANNEL, str(tenant.pk)])
    return tenant.settings_version


def publish_if_outdated(*, tenant: Tenant) -> bool:
    """Publish where what stands differs from what the tables say now: new prompts on disk, a new version of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM engine_settings WHERE tenant_id = %s", [tenant.pk])
        row = cursor.fetchone()
    present = msgspec.json.decode(msgspec.json.encode(build_settings(tenant=tenant)))
    if row is not None and msgspec.json.decode(row[0]) == present:
        return False
    publish_settings(tenant=tenant)
    return True


def build_settings(*, tenant: Tenant) -> TenantSettings:
    """Return all that the engine needs to know of one company, as the tables say now."""
    fields: dict[str, Any] = {}
    for path in settings.ENGINE_SETTINGS_SECTIONS:
        fields.update(import_string(path)(tenant))
    return TenantSettings(
        tenant=tenant.pk,
        code=tenant.code,
        name=tenant.name,
        version=tenant.settings_version,
        time_zone=tenant.time_zone,
        language=tenant.language,
        region=tenant.region,
        is_guest_calling_on=tenant.is_guest_calling_on,
        is_direct_sip_on=tenant.is_direct_sip_on,
        **fields,
    )


def published_values(*, tenant: Tenant, section: str, field: str) -> set[Any]:
    """Return what stands under ``field`` in the rows of a section of the settings in force: for apps below its own.

    ``section`` may lie within another: "routing/classes".
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT jsonb_agg(row -> %s) FROM engine_settings, jsonb_array_elements(body #> %s) AS row
            WHERE tenant_id = %s
            """,
            [field, section.split("/"), tenant.pk],
        )
        ((found,),) = cursor.fetchall()
    return set(msgspec.json.decode(found)) if isinstance(found, str) else set(found or ())


def published_rows(*, tenant: Tenant, section: str) -> list[dict[str, Any]]:
    """Return the rows of a section of the settings in force; ``section`` as in ``published_values``."""
    with connection.cursor() as cursor:
        statement = "SELECT (body #> %s)::text FROM engine_settings WHERE tenant_id = %s"
        cursor.execute(statement, [section.split("/"), tenant.pk])
        row = cursor.fetchone()
    return list(msgspec.json.decode(row[0])) if row is not None and row[0] else []


def published_flows_using(*, tenant: Tenant, node_kind: str, setting: str, value: object) -> list[str]:
    """Return the names of the flows in force with a node whose ``setting`` is ``value`` (a queue, hours, a prompt)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT flow ->> 'name' FROM engine_settings, jsonb_array_elements(body -> 'flows') AS flow
            WHERE tenant_id = %s AND EXISTS (
                SELECT 1 FROM jsonb_array_elements(flow -> 'graph' -> 'nodes') AS node
                WHERE node ->> 'kind' = %s AND node -> 'config' -> %s = %s::jsonb)
            """,
            [tenant.pk, node_kind, setting, msgspec.json.encode(value).decode()],
        )
        return [name for (name,) in cursor.fetchall()]
