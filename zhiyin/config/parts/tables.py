"""Whether the database has what this program needs, before a part begins: else it would fail at each turn."""

from __future__ import annotations

from pathlib import Path

import psycopg

from zhiyin.config.supervisor.words import CannotStart

_APPS = Path(__file__).parents[2] / "apps"
_CONNECT_WITHIN_S = 3


def require_tables(url: str) -> None:
    """Raise ``CannotStart`` when ``zhiyin prepare`` has yet to be run, at first or after an upgrade.

    A database that does not answer is no reason: the parts wait for it by themselves. One that knows more than this
    program is none either: an upgrade adds before the parts are restarted.
    """
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_WITHIN_S) as database:
            row = database.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
            done = set(database.execute("SELECT app, name FROM django_migrations")) if row and row[0] else set()
    except psycopg.Error:
        return
    if not done:
        raise CannotStart(
            "The database has no tables yet. Run `zhiyin prepare` once, then start this again.",
            "数据库中还没有数据表。请先执行一次 `zhiyin prepare`，然后重新启动。",
        )
    lacking = needed_migrations() - done
    if lacking:
        raise CannotStart(
            f"The database is older than this program ({len(lacking)} steps are lacking, e.g. {_first(lacking)}). "
            "Run `zhiyin prepare` with this program, then start this again.",
            f"数据库比本程序旧（缺少 {len(lacking)} 个步骤，例如 {_first(lacking)}）。"
            "请用本程序执行 `zhiyin prepare`，然后重新启动。",
        )


def needed_migrations() -> set[tuple[str, str]]:
    """Return what our apps bring, by app and name: the same as Django reads, without loading it into the engine."""
    return {(file.parents[1].name, file.stem) for file in _APPS.glob("*/migrations/[0-9]*.py")}


def _first(lacking: set[tuple[str, str]]) -> str:
    return ".".join(min(lacking))
