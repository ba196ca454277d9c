"""The database's part of a backup: dumped in one snapshot by PostgreSQL's own programs, counted, and put back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from zhiyin.apps.privacy.sealing_plan import REMADE_TABLES
from zhiyin.config.backup import persons
from zhiyin.config.restored_erasures import UNREADABLE_AUDIT
from zhiyin.config.restored_log import renumber_restored_log
from zhiyin.config.supervisor.postgres import PostgresInstall
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.database_locks import RECORDING_FILES

_Connection = psycopg.Connection[tuple[object, ...]]
_CONNECT_WITHIN_S = 10
_RESTORE_JOBS = 2

_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""
_WALLED = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relrowsecurity AND c.relforcerowsecurity
      AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) ORDER BY 1
"""
# Who worked on these is no more, and every job is safe to repeat.
_GIVE_JOBS_BACK = """
    UPDATE procrastinate_jobs AS job SET status = 'todo' WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_jobs AS other WHERE other.status = 'todo' AND other.queueing_lock = job.queueing_lock)
"""
#: the next start sees to tables, rights and published settings as after an upgrade: their folder is another one now
_REMEMBER_UNREADABLE_AUDIT = f"INSERT INTO installation (name, value) VALUES ('{UNREADABLE_AUDIT}', 'restored')"  # noqa: S608
_FORGET_PREPARED = "DELETE FROM installation WHERE name = 'prepared'"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One instant of the database. ``size_bytes`` is that of its files, which a dump does not reach."""

    connection: psycopg.Connection[tuple[object, ...]]
    id: str
    size_bytes: int
    rows: dict[str, int]
    walled: tuple[str, ...]
    passes_walls: bool


@dataclass(frozen=True, slots=True)
class SealedTables:
    """What was unpacked of them, and what opens it."""

    folder: Path
    sealer: persons.Sealer


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What was sealed by keys that are forgotten: rows that are missing now, by table; entries of the audit."""

    left_out: dict[str, int]
    has_audit: bool


@contextmanager
def held_snapshot(url: str) -> Iterator[Snapshot]:
    """Hold one instant of the database for a dump and for our own counts. Raises ``CannotStart``.

    It takes no transaction number, so readers of the log are not held up by it; retention deletes nothing meanwhile.
    """
    try:
        connection: _Connection = psycopg.connect(url, connect_timeout=_CONNECT_WITHIN_S)
    except psycopg.OperationalError as error:
        raise CannotStart(
            f"PostgreSQL does not answer: {str(error).strip()}. A backup is made while Zhiyin runs; see zhiyin status.",
            f"PostgreSQL 没有应答：{str(error).strip()}。备份须在知音运行时进行，请查看 zhiyin status。",
        ) from error
    with connection:
        connection.autocommit = True  # the lock before the snapshot: whose deletion is seen, its files may be gone
        connection.execute("SELECT pg_advisory_lock_shared(%s, %s)", RECORDING_FILES)
        connection.autocommit = False
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        walled = tuple(str(row[0]) for row in connection.execute(_WALLED))
        (identity,) = _one(connection, "SELECT pg_export_snapshot()")
        (size,) = _one(connection, "SELECT pg_database_size(current_database())")
        (passes,) = _one(connection, "SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
        assert isinstance(size, int)
        yield Snapshot(connection, str(identity), size, count_rows(connection), walled, bool(passes))


def count_rows(connection: _Connection) -> dict[str, int]:
    """Return the number of rows of every table."""
    names = [str(row[0]) for row in connection.execute(_TABLES)]
    counted: dict[str, int] = {}
    for name in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        assert row is not None
        counted[name] = int(str(row[0]))
    return counted


def dump(url: str, *, snapshot: Snapshot, programs: PostgresInstall, target: Path) -> None:
    """Write the snapshot to ``target`` in PostgreSQL's custom format, without persons. Raises ``CannotStart``."""
    options = ["--format=custom", f"--snapshot={snapshot.id}", f"--file={target}"]
    options += [f"--exclude-table-data=public.{name}" for name in persons.NOT_IN_DUMP]
    if not snapshot.passes_walls:  # an owner without BYPASSRLS sees every company by a policy of its own
        options.append("--enable-row-security")
    _run(programs, "pg_dump", url, *options)


def load(url: str, *, programs: PostgresInstall, source: Path, sealed: SealedTables | None) -> Unreadable:
    """Put a dump and the sealed tables beside it into an empty database. Raises ``CannotStart``.

    Rows come before keys, references, triggers and walls: in any order, and each reference is checked at the end.
    """
    _restore(programs, url, source, "--section=pre-data")
    _restore(programs, url, source, "--section=data")
    unreadable = _load_sealed(url, sealed) if sealed is not None else Unreadable({}, has_audit=False)
    _restore(programs, url, source, "--section=post-data")
    return unreadable


def _restore(programs: PostgresInstall, url: str, source: Path, *options: str) -> None:
    _run(
        programs,
        "pg_restore",
        url,
        "--exit-on-error",
        f"--jobs={_RESTORE_JOBS}",
        "--no-comments",
        *options,
        str(source),
    )


def _load_sealed(url: str, sealed: SealedTables) -> Unreadable:
    left_out: dict[str, int] = dict.fromkeys(REMADE_TABLES, 0)
    has_audit = False
    with psycopg.connect(url, connect_timeout=_CONNECT_WITHIN_S) as connection:
        for path in sorted(sealed.folder.iterdir()):
            member = f"{persons.TABLES}/{path.name}"
            with path.open("rb") as file:
                table, gone, emptied = persons.load_table(connection, file, member=member, sealer=sealed.sealer)
            left_out[table] = left_out.get(table, 0) + gone
            has_audit |= table == "audit_entry" and emptied > 0
    return Unreadable(left_out, has_audit)


def settle(url: str, *, rows: dict[str, int], walled: tuple[str, ...], unreadable: Unreadable) -> None:
    """Compare what was loaded with what was dumped, and make it this server's own. Raises ``CannotStart``."""
    remade = REMADE_TABLES if unreadable.left_out else ()
    expected = {name: count - unreadable.left_out.get(name, 0) for name, count in rows.items() if name not in remade}
    with psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S) as connection:
        _compare(connection, rows=expected, walled=walled)
        with connection.transaction():
            renumber_restored_log(connection)
            connection.execute(_GIVE_JOBS_BACK)
            connection.execute(_FORGET_PREPARED)
            if unreadable.has_audit:
                connection.execute(_REMEMBER_UNREADABLE_AUDIT)
        connection.execute("ANALYZE")


def has_tables(url: str) -> bool:
    """Whether somebody lives there already."""
    with psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S) as connection:
        return connection.execute(_TABLES).fetchone() is not None


def server_major(url: str) -> int:
    with psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S) as connection:
        return connection.info.server_version // 10000


def _compare(connection: _Connection, *, rows: dict[str, int], walled: tuple[str, ...]) -> None:
    found = count_rows(connection)
    wrong = [f"{name}: {found.get(name)} / {rows.get(name)}" for name in rows if found.get(name) != rows[name]]
    missing = set(walled) - {str(row[0]) for row in connection.execute(_WALLED)}
    wrong += [f"{name}: no row security" for name in sorted(missing)]
    if wrong:
        listed = "; ".join(wrong)
        raise CannotStart(
            f"What was restored is not what was backed up ({listed}). Nothing was kept; try another archive.",
            f"恢复的内容与备份不一致（{listed}）。未保留任何内容，请换用其他备份。",
            exit_code=1,
        )


def _run(programs: PostgresInstall, program: str, url: str, *options: str) -> None:
    """Run one of PostgreSQL's programs; a password goes by the environment, where other users do not see it."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if password is not None:
        environ["PGPASSWORD"] = str(password)
    command = (str(programs.programs / program), "--dbname", make_conninfo("", **parts), "--no-password", *options)
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = done.stderr.strip()[-800:]
        raise CannotStart(f"{program} failed: {reason}", f"{program} 失败：{reason}", exit_code=1)


def _one(connection: _Connection, query: str) -> tuple[object, ...]:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row
