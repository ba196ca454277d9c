"""The database of an installation of several machines: what stands beside it, and whether it keeps what it took."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from zhiyin.config.doctor.findings import Finding

_CONNECT_WITHIN_S = 5
_REPLICA_BEHIND_S = 60.0
_UNSAFE = """
    SELECT name FROM pg_settings
     WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name
"""
_REPLICAS = """
    SELECT coalesce(nullif(application_name, ''), 'walreceiver'), state,
           coalesce(extract(epoch FROM replay_lag), 0)::float8
      FROM pg_stat_replication ORDER BY 1
"""


def examine_standing(url: str) -> Iterator[Finding]:
    """Examine as the owner; one that does not answer is told of elsewhere."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S) as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            unsafe = [str(name) for (name,) in connection.execute(_UNSAFE.encode())]
            replicas = [
                (str(name), str(state), float(lag)) for name, state, lag in connection.execute(_REPLICAS.encode())
            ]
    except psycopg.Error:
        return
    yield from judge_standing(is_replica=bool(row and row[0]), unsafe=unsafe, replicas=replicas)


def judge_standing(*, is_replica: bool, unsafe: list[str], replicas: list[tuple[str, str, float]]) -> Iterator[Finding]:
    """``unsafe`` are settings that are off; ``replicas`` are (name, state, seconds behind)."""
    if is_replica:
        yield Finding(
            "database_replica",
            "bad",
            "The database is a replica that may only be read: events wait on disk. Let ZHIYIN_DB_* name the one that "
            "leads, or promote this one.",
            "当前数据库是只读副本，事件只能暂存磁盘。请让 ZHIYIN_DB_* 指向主库，或提升该副本。",
        )
        return
    if unsafe:
        listed = ", ".join(unsafe)
        yield Finding(
            "database_unsafe",
            "warn",
            f"PostgreSQL has {listed} off: what it acknowledged may be lost with its machine. Set it on.",
            f"PostgreSQL 关闭了 {listed}：机器故障时，已确认写入的数据可能丢失。请打开。",
        )
    for name, state, behind_s in replicas:
        if state != "streaming" or behind_s > _REPLICA_BEHIND_S:
            yield Finding(
                "database_replica_behind",
                "warn",
                f"The replica {name} does not keep up ({state}, {behind_s:.0f} s behind): it could not take over now.",
                f"副本 {name} 跟不上主库（{state}，落后 {behind_s:.0f} 秒），目前无法接替。",
            )
    if replicas:
        yield Finding(
            "database_replicas",
            "ok",
            f"{len(replicas)} replicas follow the database",
            f"数据库有 {len(replicas)} 个副本",
        )
    else:
        yield Finding(
            "database_replicas",
            "ok",
            "No replica follows the database: if its disk is lost, the last backup is what is left",
            "数据库没有副本：一旦磁盘损坏，只能恢复到最近一次备份",
        )
