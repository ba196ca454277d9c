"""An installation that runs, seen from outside: how the operator's commands reach its database."""

from __future__ import annotations

import os
from pathlib import Path

from zhiyin.config.supervisor import folders, postgres
from zhiyin.config.supervisor.status import read_status
from zhiyin.config.supervisor.words import CannotStart


def owner_url(data: Path) -> str:
    """Return how the owner reaches the database of a running installation. Raises ``CannotStart``."""
    if not (data / "format").exists():
        raise CannotStart(
            f"{data} is not a data folder of Zhiyin. Give the one that `zhiyin run` was given, with --data; "
            "of an installation of several machines its description, with --config.",
            f"{data} 不是知音的数据目录。请用 --data 给出 zhiyin run 所使用的目录；"
            "多机安装请用 --config 给出描述文件。",
        )
    status = read_status(folders.run_folder_of(data)) if folders.find_owner_pid(data) else None
    external = os.environ.get("DATABASE_URL")
    if external:
        return postgres.external_urls(external, folders.database_passwords(data)).owner
    if status is None:
        raise CannotStart(
            f"Nothing runs on {data}. Start it first: zhiyin run --data {data}",
            f"{data} 上没有运行。请先启动：zhiyin run --data {data}",
        )
    if status.get("is_database_external"):
        raise CannotStart(
            "This installation uses a PostgreSQL of yours: give its DATABASE_URL here as you give it to `zhiyin run`.",
            "此安装使用外部 PostgreSQL：请像运行 zhiyin run 时一样设置 DATABASE_URL。",
        )
    return postgres.socket_urls(folders.run_folder_of(data)).owner
