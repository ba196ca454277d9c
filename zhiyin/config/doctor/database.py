"""The database of a running installation: reachable, of a version we know, with its roles and walls, and not held "
"up."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import psycopg

from zhiyin.config.doctor.clock import judge_offset
from zhiyin.config.doctor.findings import Finding
from zhiyin.config.doctor.trunks import KnownTrunk
from zhiyin.config.supervisor.postgres import OLDEST_MAJOR
from zhiyin.contracts.snapshots import TenantSettings

_Connection = psycopg.Connection[tuple[object, ...]]
_CONNECT_WITHIN_S = 5
_LONG_TRANSACTION_S = 60
_CONNECTIONS_PCT = 80
#: a leader renews every 0.4 s, and is another's after 2 s
_LEASE_OLD_S = 5.0

_ROLES = "SELECT rolname FROM pg_roles WHERE rolname IN ('owner', 'engine', 'web')"
_OPEN_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""
_LONGEST = """
    SELECT extract(epoch FROM now() - xact_start)::int, usename, pid FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
    ORDER BY xact_start LIMIT 1
"""
_CONNECTIONS = "SELECT (SELECT count(*) FROM pg_stat_activity), current_setting('max_connections')::int"
_LEASE = "SELECT holder, epoch, extract(epoch FROM now() - renewed_at) FROM engine_lease"


def examine_database(url: str, found: list[KnownTrunk]) -> Iterator[Finding]:
    """Examine as the owner; the companies' trunks go into ``found`` for whoever examines those."""
    try:
        connection: _Connection = psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S)
    except psycopg.OperationalError as error:
        why = " ".join(str(error).split())
        yield Finding(
            "database_away",
            "bad",
            f"PostgreSQL does not answer: {why}. Calls go on and their events wait on disk; see "
            "DATA/log/postgres.log, or the server of DATABASE_URL.",
            f"PostgreSQL 没有应答：{why}。通话不受影响，事件暂存磁盘；请查看 DATA/log/postgres.log 或 "
            "DATABASE_URL 的服务器。",
        )
        return
    with connection:
        yield from _server(connection)
        yield from _walls(connection)
        yield from _held_up(connection)
        yield from _clock(connection)
        yield from _lease(connection)
        for (body,) in connection.execute("SELECT body::text FROM engine_settings"):
            settings = msgspec.json.decode(str(body), type=TenantSettings)
            found += [KnownTrunk(settings.tenant, trunk) for trunk in settings.trunks]


def _server(connection: _Connection) -> Iterator[Finding]:
    major = connection.info.server_version // 10000
    if major < OLDEST_MAJOR:
        yield Finding(
            "database_old",
            "bad",
            f"PostgreSQL {major} is too old, {OLDEST_MAJOR} or later is needed: back up, and restore into a newer one.",
            f"PostgreSQL {major} 版本过低，需要 {OLDEST_MAJOR} 以上：请备份后恢复到新版本。",
        )
    else:
        yield Finding("database_answers", "ok", f"PostgreSQL {major} answers", f"PostgreSQL {major} 应答正常")
    missing = {"owner", "engine", "web"} - {str(row[0]) for row in connection.execute(_ROLES)}
    if missing:
        listed = ", ".join(sorted(missing))
        yield Finding(
            "database_roles",
            "bad",
            f"The database lacks the roles {listed}: start again, which makes them (with DATABASE_URL its user must be "
            "able to).",
            f"数据库缺少角色 {listed}：请重新启动以创建（使用 DATABASE_URL 时，其用户须有创建角色的权限）。",
        )


def _walls(connection: _Connection) -> Iterator[Finding]:
    open_tables = [str(row[0]) for row in connection.execute(_OPEN_TABLES)]
    if open_tables:
        listed = ", ".join(open_tables)
        yield Finding(
            "database_walls",
            "bad",
            f"Tables without walls between companies: {listed}. Somebody switched row security off; start again, which "
            "puts it back, and find out who did.",
            f"以下表没有公司间的隔离：{listed}。有人关闭了行级安全；请重新启动以恢复，并查明原因。",
        )


def _held_up(connection: _Connection) -> Iterator[Finding]:
    row = connection.execute(_LONGEST).fetchone()
    if row is not None and int(str(row[0])) > _LONG_TRANSACTION_S:
        yield Finding(
            "database_long_transaction",
            "warn",
            f"A transaction of {row[1]} is open for {row[0]} s; records and figures wait for those that write. See "
            f"pg_stat_activity, and end it if nobody needs it: SELECT pg_terminate_backend({row[2]})",
            f"{row[1]} 的一个事务已打开 {row[0]} 秒；若它有写入，记录和统计会等待它。请查看 pg_stat_activity，"
            f"确认无用后可终止：SELECT pg_terminate_backend({row[2]})",
        )
    counted = connection.execute(_CONNECTIONS).fetchone()
    assert counted is not None
    used, most = int(str(counted[0])), int(str(counted[1]))
    if used * 100 > most * _CONNECTIONS_PCT:
        yield Finding(
            "database_connections",
            "warn",
            f"{used} of {most} connections to PostgreSQL are taken: raise max_connections, or find out by whom.",
            f"PostgreSQL 的 {most} 个连接已用 {used} 个：请提高 max_connections 或查明占用者。",
        )


def _clock(connection: _Connection) -> Iterator[Finding]:
    asked_at = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
    assert row is not None
    offset_s = float(str(row[0])) - (asked_at + time.time()) / 2
    yield judge_offset(offset_s, en="the database's", zh="数据库的时钟", code="clock_off_database")


def _lease(connection: _Connection) -> Iterator[Finding]:
    row = connection.execute(_LEASE).fetchone()
    if row is not None:
        yield judge_lease(holder=str(row[0]), epoch=int(str(row[1])), age_s=float(str(row[2])))


def judge_lease(*, holder: str, epoch: int, age_s: float) -> Finding:
    """Who leads renews several times a second; a lease that nobody renews is one that nobody has."""
    if not holder:
        return Finding(
            "engine_lease_free",
            "bad",
            f"No engine leads (the last was {epoch}): calls wait for their music to end. See DATA/log/engine.log.",
            f"没有引擎在运行（上一任为第 {epoch} 任），来电只能听到等待音乐。请查看 DATA/log/engine.log。",
        )
    if age_s > _LEASE_OLD_S:
        return Finding(
            "engine_lease_old",
            "bad",
            f"Engine {epoch} ({holder}) has not renewed its lease for {age_s:.0f} s: it stands still, or does not "
            "reach the database. See DATA/log/engine.log; a standby takes over by itself.",
            f"第 {epoch} 任引擎（{holder}）已 {age_s:.0f} 秒没有续租：进程停滞或连不上数据库。请查看 "
            "DATA/log/engine.log；备用引擎会自动接管。",
        )
    return Finding(
        "engine_lease",
        "ok",
        f"Engine {epoch} leads ({holder}), its lease renewed {age_s:.1f} s ago",
        f"当前引擎为第 {epoch} 任（{holder}），{age_s:.1f} 秒前续租",
    )
