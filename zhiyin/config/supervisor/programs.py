"""The parts as programs: what is run, how it is known to serve, how it is stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

from zhiyin.config.environment import Environment
from zhiyin.config.supervisor import engine_link, http_probe, postgres
from zhiyin.config.supervisor.postgres import PostgresInstall
from zhiyin.config.supervisor.processes import Program
from zhiyin.contracts.links import socket_link

Probe = Callable[[], Awaitable[bool]]

_NOT_INHERITED = ("PG", "DATABASE_URL", "ZHIYIN_", "PYTHONPATH", "PYTHONHOME")


def child_environ(environment: Environment) -> dict[str, str]:
    """Our variables over the surroundings, without what would redirect libpq or Python."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_INHERITED)}
    return {**inherited, **environment.to_environ(), "PYTHONUNBUFFERED": "1"}


def python_argv(room: str, *more: str) -> tuple[str, ...]:
    """This interpreter running one of our own parts."""
    return (sys.executable, "-P", "-m", "zhiyin.config.main", room, *more)


def postgres_program(install: PostgresInstall, *, data: Path, run: Path) -> Program:
    cluster = data / "pg"

    async def is_accepting() -> bool:
        return postgres.is_accepting(run)

    return Program(
        name="postgres",
        argv=postgres.server_argv(install, cluster=cluster, run=run),
        environ={**{k: v for k, v in os.environ.items() if not k.startswith("PG")}, "LC_ALL": "C.UTF-8"},
        cwd=data,
        log=data / "log" / "postgres.log",
        probe=is_accepting,
        stop_signal=signal.SIGINT,  # "fast": roll back, write a checkpoint, end
        stop_within_s=30,
        death_signal=signal.SIGINT,
    )


def engine_program(environment: Environment, *, name: str = "engine") -> Program:
    """One of the engines. Whichever leads answers at the socket, so it is nobody's to remove before a start."""

    async def is_well() -> bool:
        return await engine_link.is_engine_well(socket_link(environment.engine_socket))

    return replace(_ours("engine", environment, probe=is_well), name=name, log=environment.log / f"{name}.log")


def standby_program(environment: Environment) -> Program:
    """A second engine, which waits until the first one is gone."""
    return engine_program(environment, name="standby")


def web_program(environment: Environment) -> Program:
    async def answers() -> bool:
        answer = await http_probe.get("/api/session", socket=environment.web_socket)
        return answer.status < 500

    return _ours("web", environment, probe=answers, sockets=(environment.web_socket,), death=signal.SIGTERM)


def worker_program(environment: Environment) -> Program:
    return _ours("worker", environment, stop_within_s=20)


def live_program(environment: Environment) -> Program:
    async def is_serving() -> bool:
        return bool(await read_health(environment))

    return _ours("live", environment, probe=is_serving, stop_within_s=5)


def reachable_host(environment: Environment) -> str:
    """The address at which this machine reaches its own front."""
    return "127.0.0.1" if environment.http_host == "0.0.0.0" else environment.http_host  # noqa: S104 - compared


async def read_health(environment: Environment) -> Mapping[str, object]:
    """Return what ``/api/health`` says; empty when it says nothing understandable."""
    host = reachable_host(environment)
    answer = await http_probe.get("/api/health", host=host, port=environment.http_port, is_tls=environment.is_tls)
    with contextlib.suppress(ValueError):
        health = json.loads(answer.body)
        if isinstance(health, dict):
            return health
    return {}


def serves(health: Mapping[str, object]) -> bool:
    """Whether calls can be taken. A disk that is nearly full degrades the health, but is no reason not to begin."""
    parts = health.get("parts")
    if not isinstance(parts, dict) or not parts:
        return False
    unwell = {name for name, part in parts.items() if part["state"] not in {"ok", "unknown"}}
    return unwell <= {"disk"}


def _ours(
    room: str,
    environment: Environment,
    *,
    probe: Probe | None = None,
    sockets: tuple[Path, ...] = (),
    stop_within_s: float = 10,
    death: signal.Signals = signal.SIGKILL,
) -> Program:
    def remove_stale_sockets() -> None:
        for socket in sockets:
            socket.unlink(missing_ok=True)

    return Program(
        name=room,
        argv=python_argv(room),
        environ=child_environ(environment),
        cwd=environment.data,
        log=environment.log / f"{room}.log",
        probe=probe,
        tidy=remove_stale_sockets,
        stop_within_s=stop_within_s,
        death_signal=death,
    )
