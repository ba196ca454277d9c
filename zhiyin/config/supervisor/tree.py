"""The order of things: what is started after what, when it is ready, and how it all ends.

PostgreSQL and (once prompts exist) Asterisk first, then ``prepare`` (tables, demo company, prompts), then engine,
web, worker and live together. The first SIGINT, SIGTERM or SIGHUP drains; the second stops at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from zhiyin.config.environment import Environment
from zhiyin.config.supervisor import engine_link, http_probe, postgres, programs
from zhiyin.config.supervisor.metrics import MetricsPage
from zhiyin.config.supervisor.postgres import PostgresInstall
from zhiyin.config.supervisor.processes import (
    OWN_LOG,
    Part,
    PartState,
    Program,
    keep_log_small,
    last_lines,
    spawn,
    wait_for_exit,
)
from zhiyin.config.supervisor.status import write_status
from zhiyin.config.supervisor.words import CannotStart, say, warn
from zhiyin.contracts.links import socket_link

STARTED_WITHIN_S = 90
#: so often may a part end during the start before it is given up
_ENDS_AT_START = 3
_ASK_EVERY_S = 1.0
#: while it drains, an engine that died is waited for this long: calls go on without it
_ENGINE_BACK_WITHIN_S = 15.0
_CHECK_LOGS_EVERY_S = 600
#: what a browser asks first; asking it once makes the first visitor's page fast
_WARM_UP = ("/api/session", "/")


log = structlog.get_logger(__name__)


class StopRequested(Exception):
    """A signal came while starting."""


@dataclass(slots=True)
class Tree:
    """All parts of one installation. ``database`` is ``None`` where others run PostgreSQL (``DATABASE_URL``)."""

    environment: Environment
    database: PostgresInstall | None
    asterisk: Program
    asterisk_version: str
    prepare_arguments: tuple[str, ...]
    url: str
    #: the same for other devices; empty where only this machine may come
    network_urls: tuple[str, ...] = ()
    #: the operator's own address for figures, beside the socket in RUN
    metrics: tuple[str, int] | None = None
    #: whether a second engine waits for the first one's end
    has_standby: bool = True
    parts: dict[str, Part] = field(default_factory=dict)
    _phase: str = "starting"
    _started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _is_status_lost: bool = False
    #: what /api/health said last, while starting
    _health: Mapping[str, object] = field(default_factory=dict)
    _signals: int = 0
    _signalled: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Start everything, print ``ready``, stay until asked to stop. Raises ``CannotStart``; then all is stopped."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)
        housekeeping = asyncio.create_task(self._keep_logs_small())
        page = MetricsPage(self.environment, self._part_states, address=self.metrics)
        await page.start()
        try:
            await self._start()
            await self._signalled.wait()
            await self._drain()
        except StopRequested:
            pass
        finally:
            housekeeping.cancel()
            await self._stop()
            await page.stop()

    def _part_states(self) -> dict[str, PartState]:
        return {name: part.state for name, part in self.parts.items()}

    # --- starting ---------------------------------------------------------------------------------------------

    async def _start(self) -> None:
        began = time.monotonic()
        if self.database is not None:
            postgres.make_cluster(self.database, self.environment.data / "pg")
            data, run = self.environment.data, self.environment.run
            await self._start_part(programs.postgres_program(self.database, data=data, run=run))
            postgres.ensure_roles(self.environment.run)
        has_music = any((self.environment.prompts / "music").glob("*.alaw"))
        if has_music:  # its music class stays empty when the files come later
            self._begin(self.asterisk)
        else:
            say(
                "Making the tables and speaking the prompts. The first time this takes a minute or two...",
                "正在创建数据表并合成提示音，首次启动需要一两分钟……",
            )
        await self._prepare()
        if not has_music:
            self._begin(self.asterisk)
        for make in (programs.engine_program, programs.web_program, programs.worker_program, programs.live_program):
            self._begin(make(self.environment))
        await self._wait_until(self._is_healthy, what="/api/health")
        if self.has_standby:
            self._begin(programs.standby_program(self.environment))
        for path in _WARM_UP:
            await self._warm_up(path)
        self._enter("running")
        say(f"ready {self.url}", f"ready {self.url}")
        if self.network_urls:
            listed = "  ".join(self.network_urls)
            say(f"(on other devices: {listed})", f"（其他设备请打开：{listed}）")
        say(f"(started in {time.monotonic() - began:.1f} s)", f"（启动用时 {time.monotonic() - began:.1f} 秒）")

    def _begin(self, program: Program) -> None:
        part = Part(program=program, on_change=self._write_status)
        self.parts[program.name] = part
        part.start()

    async def _start_part(self, program: Program) -> None:
        self._begin(program)

        async def is_ok() -> bool:
            return self.parts[program.name].state.state == "ok"

        await self._wait_until(is_ok, what=program.name)

    async def _prepare(self) -> None:
        """Run ``prepare`` to its end; its words (the demo's passwords) go to the terminal."""
        log = self.environment.log / "prepare.log"
        keep_log_small(log)
        program = Program(
            name="prepare",
            argv=programs.python_argv("prepare", *self.prepare_arguments),
            environ=programs.child_environ(self.environment),
            cwd=self.environment.data,
            log=log,
        )
        child = spawn(program, does_inherit_output=True)
        ended = asyncio.create_task(wait_for_exit(child))
        stopped = asyncio.create_task(self._signalled.wait())
        try:
            await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                child.terminate()
                await ended
                raise StopRequested
        finally:
            stopped.cancel()
        if ended.result() != 0:
            raise CannotStart(
                f"Preparing the database and the prompts failed. The end of {log}:\n{last_lines(log)}",
                f"准备数据库和提示音失败。{log} 的末尾：\n{last_lines(log)}",
                exit_code=1,
            )

    async def _is_healthy(self) -> bool:
        if any(part.state.state != "ok" for part in self.parts.values()):
            return False
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            self._health = await programs.read_health(self.environment)
            return programs.serves(self._health)
        return False

    async def _wait_until(self, condition: programs.Probe, *, what: str) -> None:
        """Wait for the condition; give up when a part keeps ending, or after ``STARTED_WITHIN_S``."""
        deadline = time.monotonic() + STARTED_WITHIN_S
        while not await condition():
            for name, part in self.parts.items():
                if part.has_given_up or part.state.restarts >= _ENDS_AT_START:
                    log = part.program.log
                    why = part.state.detail
                    raise CannotStart(
                        f"The part {name} does not start ({why}). The end of {log}:\n{last_lines(log)}",
                        f"{name} 无法启动（{why}）。{log} 的末尾：\n{last_lines(log)}",
                        exit_code=1,
                    )
            if time.monotonic() > deadline:
                states = ", ".join(self._list_unwell()) or "-"
                raise CannotStart(
                    f"Not ready after {STARTED_WITHIN_S} s, waiting for {what} ({states}). See {self.environment.log}.",
                    f"{STARTED_WITHIN_S} 秒后仍未就绪，正在等待 {what}（{states}）。请查看 {self.environment.log}。",
                    exit_code=1,
                )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._signalled.wait(), timeout=0.05)
                raise StopRequested

    def _list_unwell(self) -> list[str]:
        """What keeps the start from being ready, as the parts and the health page say it."""
        unwell = [f"{name}: {part.state.state}" for name, part in self.parts.items() if part.state.state != "ok"]
        told = self._health.get("parts")
        for name, part in told.items() if isinstance(told, dict) else ():
            if isinstance(part, dict) and part.get("state") != "ok" and name not in self.parts:
                unwell.append(f"{name}: {part.get('state')}. {part.get('detail', '')}")
        return unwell

    async def _warm_up(self, path: str) -> None:
        environment = self.environment
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            host = programs.reachable_host(environment)
            await http_probe.get(path, host=host, port=environment.http_port, is_tls=environment.is_tls)

    # --- ending -----------------------------------------------------------------------------------------------

    def _on_signal(self) -> None:
        self._signals += 1
        self._signalled.set()

    async def _drain(self) -> None:
        """Let the live calls end: no new ones come in, and the number left is said whenever it changes."""
        self._enter("draining")
        told = -1
        away_since: float | None = None
        while self._signals < 2:
            try:
                live_calls = await engine_link.drain(socket_link(self.environment.engine_socket))
            except engine_link.EngineAway as away:
                away_since = away_since or time.monotonic()
                if time.monotonic() - away_since > _ENGINE_BACK_WITHIN_S:
                    warn(f"The engine does not answer ({away}); stopping.", f"引擎没有应答（{away}），直接停止。")
                    return
                await self._wait_for_second_signal(_ASK_EVERY_S)
                continue
            away_since = None
            if live_calls == 0:
                return
            if live_calls != told:
                calls = "1 call is" if live_calls == 1 else f"{live_calls} calls are"
                say(
                    f"Draining: {calls} live, no new ones are taken. Ctrl-C again stops at once.",
                    f"正在排空：还有 {live_calls} 个通话，不再接受新通话。再按一次 Ctrl-C 立即停止。",
                )
                told = live_calls
            await self._wait_for_second_signal(_ASK_EVERY_S)

    async def _wait_for_second_signal(self, at_most_s: float) -> None:
        self._signalled.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._signalled.wait(), timeout=at_most_s)

    async def _stop(self) -> None:
        """Stop what serves people first, the database last."""
        self._enter("stopping")
        quick_s = 2.0 if self._signals > 1 else None
        for names in (("live", "web", "worker"), ("engine", "standby"), ("asterisk",)):
            await asyncio.gather(*(self.parts[name].stop(within_s=quick_s) for name in names if name in self.parts))
        if "postgres" in self.parts:
            await self.parts["postgres"].stop()
        self._enter("stopped")

    def _enter(self, phase: str) -> None:
        self._phase = phase
        log.info("phase", phase=phase, signals=self._signals)
        self._write_status()

    async def _keep_logs_small(self) -> None:
        while True:
            await asyncio.sleep(_CHECK_LOGS_EVERY_S)
            keep_log_small(self.environment.log / OWN_LOG)
            for part in self.parts.values():
                keep_log_small(part.program.log)

    def _write_status(self) -> None:
        """Replace the status file. On a full disk it grows old: no reason to stop watching over the parts."""
        facts = {
            "pid": os.getpid(),
            "state": self._phase,
            "started_at": self._started_at.isoformat(),
            "url": self.url,
            "asterisk": self.asterisk_version,
            "is_database_external": self.database is None,
        }
        states = {name: part.state for name, part in self.parts.items()}
        try:
            write_status(self.environment.run, facts=facts, parts=states)
        except OSError as error:
            if not self._is_status_lost:
                run = self.environment.run
                warn(
                    f"The status cannot be written to {run}: {error.strerror}. Make room; the calls go on meanwhile.",
                    f"无法向 {run} 写入运行状态：{error.strerror}。请清理空间；通话不受影响。",
                )
            self._is_status_lost = True
        else:
            self._is_status_lost = False
