"""The walls in the database itself: who may touch which table, and whose rows.

``secure`` runs after every migration, as the owner, over the tables that exist by then, so that no new table can
be forgotten: one with a ``tenant_id`` is locked to the company of the transaction, and a table that nobody was
granted cannot be read at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

#: the log: ``web`` reads it and adds its own facts
LOG_TABLES = frozenset({"event_log", "event_personal"})
#: the engine's own tables, and the projections of the log: ``web`` reads them
ENGINE_TABLES = frozenset(
    {"open_stream", "agent_checkpoint", "engine_day_checkpoint", "engine_lease", "projection_cursor"}
)
PROJECTION_TABLES = frozenset(
    {"interaction", "segment", "agent_state_span", "recording", "deferred_contact"}
    | {"surveys_survey", "surveys_surveyanswer"}
    | {"flow_traffic_nodetraffic", "flow_traffic_waytraffic", "flow_traffic_flowfailure", "flow_traffic_whereabouts"}
)
#: written once, never changed
APPEND_ONLY_TABLES = frozenset({"audit_entry"})
#: written once by the worker, never changed: what ``web`` may read and cannot forge
SEALED_TABLES = frozenset({"audit_seal", "audit_verification"})
#: how far this installation's tables are
INSTALLATION_TABLES = frozenset({"django_migrations", "installation"})
#: facts of Django that jobs and projector (role engine) write too
SHARED_TABLES = frozenset(
    {
        "interactions_customerlink",
        "accounts_loginfailure",
        "accounts_loginsession",
        "signin_signinattempt",
        "channels_guestcall",
        "django_session",
    }
    | {"recordings_file", "recordings_removal", "recordings_retentionrun"}
    | {"notifications_notification", "followups_followup", "followups_carerule"}
    | {"integrations_event", "integrations_webhook", "integrations_delivery", "integrations_inboundcall"}
    | {"integrations_connectortask"}
    | {"customers_customer", "customers_poolmove"}
    | {"trials_ruletrial", "external_services_flowmessage"}
    | {"fields_fieldkey", "fields_fielddefinition"}
    | {"part_pulse"}
)


@dataclass(frozen=True, slots=True)
class Roles:
    """The three database roles by name; an external database may call them otherwise."""

    owner: str
    engine: str
    web: str


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    has_tenant: bool
    is_secured: bool
    is_partition: bool


def secure(roles: Roles) -> None:
    """Grant each role what it needs and put every company's rows behind its wall. Repeatable."""
    for table in _tables():
        _grant(table, roles)
        if table.has_tenant and not table.is_secured:
            _lock(table, roles)
    with connection.cursor() as cursor:
        for role in (roles.engine, roles.web):
            for grant in ("USAGE ON SCHEMA public", "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public"):
                cursor.execute(
                    sql.SQL("GRANT {grant} TO {role}").format(grant=sql.SQL(grant), role=sql.Identifier(role))
                )

    _grant_functions(roles)


def _grant_functions(roles: Roles) -> None:
    """Let each role call the few functions that do for it what it may not do itself."""
    with connection.cursor() as cursor:
        for function, role in (
            ("make_event_log_month(date)", roles.engine),
            ("remove_demo_company(bigint)", roles.web),
            ("find_customers(tsquery)", roles.web),
            ("find_customers(tsquery)", roles.engine),
            ("find_callers(text)", roles.web),
            ("find_speakers(text)", roles.web),
            ("find_speakers(text)", roles.engine),
            ("find_callers(text)", roles.engine),
            ("replace_words(bigint, text[], text)", roles.engine),
            ("empty_audit(bigint, text[], text[], text)", roles.engine),
        ):
            statement = sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}")
            cursor.execute(statement.format(sql.SQL(function), sql.Identifier(role)))


def unsecured_tables() -> list[str]:
    """Return the tables with a ``tenant_id`` whose rows are not behind a wall: must be empty."""
    return [table.name for table in _tables() if table.has_tenant and not table.is_secured]


def _tables() -> list[_Table]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname,
                   EXISTS (SELECT 1 FROM pg_attribute a
                           WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped),
                   c.relrowsecurity AND c.relforcerowsecurity
                   AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid),
                   c.relispartition
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
            ORDER BY c.relname
            """
        )
        return [_Table(*row) for row in cursor.fetchall()]


def _grant(table: _Table, roles: Roles) -> None:
    to_engine, to_web = _rights(table.name)
    if table.is_partition:
        to_web = ()  # only through the parent, whose policies hold
    with connection.cursor() as cursor:
        for role, rights in ((roles.engine, to_engine), (roles.web, to_web)):
            names = {"table": sql.Identifier(table.name), "role": sql.Identifier(role)}
            cursor.execute(sql.SQL("REVOKE ALL ON {table} FROM {role}").format(**names))
            if rights:
                granted = sql.SQL(", ").join(sql.SQL(right) for right in rights)
                cursor.execute(sql.SQL("GRANT {rights} ON {table} TO {role}").format(rights=granted, **names))


def _rights(table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the engine may do and what ``web`` may do with a table."""
    read, write = ("SELECT",), ("SELECT", "INSERT", "UPDATE", "DELETE")
    if table in APPEND_ONLY_TABLES:
        return ("SELECT", "INSERT"), ("SELECT", "INSERT")
    if table in SEALED_TABLES:
        return ("SELECT", "INSERT"), read
    if table in LOG_TABLES:
        return write, ("SELECT", "INSERT")
    if table in ENGINE_TABLES or table in PROJECTION_TABLES:
        return write, read
    if table.startswith("procrastinate_") or table in SHARED_TABLES:
        return write, write
    return (read, read) if table in INSTALLATION_TABLES else (read, write)


def _lock(table: _Table, roles: Roles) -> None:
    wall = "tenant_id = nullif(current_setting('app.tenant', true), '')::bigint"
    with connection.cursor() as cursor:
        names = {
            "table": sql.Identifier(table.name),
            "engine": sql.Identifier(roles.engine),
            "wall": sql.SQL(wall),
        }
        for statement in (
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            "DROP POLICY IF EXISTS own_company ON {table}",
            "DROP POLICY IF EXISTS whole_house ON {table}",
            "CREATE POLICY own_company ON {table} USING ({wall}) WITH CHECK ({wall})",
            # where BYPASSRLS cannot be had: migrations, backup and the engine still see every company
            "CREATE POLICY whole_house ON {table} TO CURRENT_USER, {engine} USING (true) WITH CHECK (true)",
        ):
            cursor.execute(sql.SQL(statement).format(**names))
