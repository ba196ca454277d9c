"""The children's door: ``python -m zhiyin.config.main prepare|engine|web|worker|live``, started by the supervisor.

Rooms are imported here and only when chosen, so that the engine never loads Django. A room that this installation
lacks ends with ``EXIT_MISCONFIGURED``, which the supervisor does not restart.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from zhiyin.config.descriptors import raise_limit
from zhiyin.config.environment import Environment, EnvironmentIncomplete
from zhiyin.config.logs import configure_logs
from zhiyin.config.supervisor.processes import EXIT_MISCONFIGURED

#: the database role each room works as; engine and live choose for themselves
_DATABASE_ROLES = {"prepare": "owner", "web": "web", "worker": "engine"}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m zhiyin.config.main")
    rooms = parser.add_subparsers(dest="room", required=True)
    prepare = rooms.add_parser("prepare")
    prepare.add_argument("--no-demo", action="store_true")
    prepare.add_argument("--demo-password")
    for room in ("engine", "web", "worker", "live"):
        rooms.add_parser(room)
    given = parser.parse_args(argv)
    if role := _DATABASE_ROLES.get(given.room):
        os.environ["ZHIYIN_DB_ROLE"] = role
    configure_logs(given.room)
    raise_limit()
    try:
        environment = Environment.from_environ()
    except EnvironmentIncomplete as missing:
        sys.stderr.write(f"{missing}\n")
        return EXIT_MISCONFIGURED
    if given.room == "prepare":
        return _prepare(environment, has_demo=not given.no_demo, demo_password=given.demo_password)
    targets = {
        "engine": ("zhiyin.engine.main", "run"),
        "web": ("zhiyin.config.web", "run"),
        "worker": ("zhiyin.config.worker", "run"),
        "live": ("zhiyin.live.app", "run"),
    }
    run = _load(*targets[given.room])
    return EXIT_MISCONFIGURED if run is None else run(environment) or 0


def _prepare(environment: Environment, *, has_demo: bool, demo_password: str | None) -> int:
    """Make the prompts, then the tables and the demo company."""
    from zhiyin.config.prompts.library import ensure_standard_prompts  # noqa: PLC0415 - engine and live need no numpy

    ensure_standard_prompts(environment.prompts)
    run = _load("zhiyin.config.prepare", "run")
    if run is None:
        return EXIT_MISCONFIGURED
    run(environment, demo=has_demo, demo_password=demo_password)
    return 0


def _load(module: str, name: str) -> Callable[..., Any] | None:
    """Import a room's entry; ``None`` with a word on standard error when this installation has no such room."""
    try:
        entry: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        sys.stderr.write(f"This installation has no {module}: install Zhiyin completely.\n")
        return None
    return entry


if __name__ == "__main__":
    sys.exit(main())
