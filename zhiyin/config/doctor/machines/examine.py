"""All examinations of several machines in their order."""

from __future__ import annotations

import os
import platform
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from zhiyin.config.doctor.clock import examine_clock
from zhiyin.config.doctor.database import examine_database
from zhiyin.config.doctor.findings import Finding, print_findings
from zhiyin.config.doctor.machine import examine_limits
from zhiyin.config.doctor.machines.database import examine_standing
from zhiyin.config.doctor.machines.judge_alike import judge_alike
from zhiyin.config.doctor.machines.judge_parts import judge_edge, judge_fronts, judge_parts
from zhiyin.config.doctor.machines.look import Seen, look
from zhiyin.config.doctor.machines.rows import read_rows
from zhiyin.config.doctor.trunks import KnownTrunk, examine_registration
from zhiyin.config.parts.description import take_description
from zhiyin.config.supervisor.folders import LEAST_FREE_BYTES
from zhiyin.config.supervisor.service_user import SERVICE_USER
from zhiyin.contracts.environment import Environment

#: where Kamailio's control socket is, as its unit has it
CONTROL = Path("/run/kamailio/kamailio_ctl")


def look_at(config: Path, *, control: Path | None) -> tuple[Environment, Seen]:
    """Read the description and ask everybody in it. Raises ``CannotStart``."""
    environment = take_description(config, part="operator")
    fronts = tuple(os.environ.get("ZHIYIN_FRONTS", "").split())
    return environment, look(environment, config, fronts=fronts, control=control or CONTROL)


def print_machines(config: Path, *, control: Path | None, is_json: bool) -> int:
    """Print what was found; return 0 when nothing is bad, else 1. Raises ``CannotStart``."""
    environment, seen = look_at(config, control=control)
    return print_findings(_examine(environment, seen), is_json=is_json)


def _examine(environment: Environment, seen: Seen) -> Iterator[Finding]:
    yield from _this_machine(environment)
    yield from examine_clock()
    trunks: list[KnownTrunk] = []
    yield from examine_database(environment.db_owner, trunks)
    yield from examine_standing(environment.db_owner)
    rows = read_rows(seen)
    yield from judge_parts(seen, rows)
    yield from judge_edge(seen, environment.edge)
    yield from judge_fronts(seen)
    yield from judge_alike(seen, rows)
    for known in trunks:
        if known.trunk.is_enabled:
            yield from examine_registration(known, environment.engine_link)


def _this_machine(environment: Environment) -> Iterator[Finding]:
    python = platform.python_version()
    yield Finding("python", "ok", f"Python {python} at {sys.executable}", f"Python {python}，位于 {sys.executable}")
    yield from examine_limits()
    data = environment.data
    if not data.is_dir():
        yield Finding(
            "data_missing",
            "warn",
            f"{data} is not here: a part that is started here needs it, owned by {SERVICE_USER}. (The edge does not.)",
            f"{data} 不存在：在本机启动组件需要该目录，并属于账户 {SERVICE_USER}（边缘不需要）。",
        )
        return
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        yield Finding(
            "disk_full",
            "bad",
            f"Only {free // 1024**2} MB are free at {data}: nothing can be started here. Remove something.",
            f"{data} 仅剩 {free // 1024**2} MB，无法启动任何组件。请清理空间。",
        )
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    yield Finding(
        "machine",
        "ok",
        f"{free // 1024**3} GB are free at {data}; a process may open {files} files",
        f"{data} 剩余 {free // 1024**3} GB；每个进程最多可打开 {files} 个文件",
    )
