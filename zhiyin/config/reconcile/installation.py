"""Where an installation keeps what is audited, by its data folder alone or by its description."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from zhiyin.config.reconcile.asterisk_checks import AsteriskDoor
from zhiyin.config.reconcile.audit import Subject
from zhiyin.config.supervisor.folders import run_folder_of
from zhiyin.config.supervisor.postgres import socket_urls
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.links import socket_link

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def described_subject(environment: Environment) -> Subject:
    """Return what several machines have: asked by the parts' own links. Raises ``CannotStart`` without a database."""
    try:
        psycopg.connect(environment.db_owner, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise CannotStart(
            f"The database does not answer: {error}. Bring it back, or correct ZHIYIN_DB_OWNER, and try again.",
            f"数据库没有应答：{error}。请恢复数据库，或更正 ZHIYIN_DB_OWNER，然后重试。",
        ) from error
    login = (environment.ari_user, environment.ari_password)
    return Subject(
        database_url=environment.db_owner,
        recordings=environment.data / "recordings",
        nodes=tuple(
            AsteriskDoor(url, *login, node=name, keys=environment.keys) for name, url in environment.node_urls.items()
        ),
        engine=environment.engine_link,
    )


def subject_of(data: Path) -> Subject:
    """Return what ``data`` holds. Raises ``CannotStart`` if nothing answers."""
    run = run_folder_of(data)
    url = os.environ.get("DATABASE_URL") or socket_urls(run).owner
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise CannotStart(
            f"The database of {data} does not answer: {error}. Start it (zhiyin run --data {data}) and try again.",
            f"{data} 的数据库没有应答：{error}。请先启动（zhiyin run --data {data}）再对账。",
        ) from error
    return Subject(
        database_url=url,
        recordings=data / "recordings",
        asterisk=AsteriskDoor.of_folder(data / "asterisk"),
        engine=socket_link(run / "engine.sock"),
    )


def parse_since(text: str, *, now: datetime) -> datetime:
    """Return "7d", "12h", "90m" before ``now``, or a date at its beginning here. Raises ``CannotStart``."""
    if match := re.fullmatch(r"(\d{1,5})([mhd])", text):
        return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise CannotStart(
            f"--since {text}: give a date (2026-11-01) or a time back (90m, 12h, 7d).",
            f"--since {text}：请给出日期（2026-11-01）或时长（90m、12h、7d）。",
        ) from None
