"""One supervised child: started so that it cannot outlive us, restarted with back-off, stopped in order.

Children are forked by the main thread, in sessions of their own (a terminal's Ctrl-C reaches only the supervisor),
with PR_SET_PDEATHSIG: when the supervisor is killed the kernel ends them. Linux only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

#: the supervisor's own, beside those of the parts
OWN_LOG = "supervisor.log"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

#: a part that ends with this status lacks something that restarting cannot bring (sysexits.h EX_CONFIG)
EXIT_MISCONFIGURED = 78
FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 10.0
#: running this long counts as healthy again
STEADY_AFTER_S = 30.0
PROBE_EVERY_S = 0.1
#: a program that serves is looked at so often in the time after which it counts as hung
_LOOKS_UNTIL_HUNG = 9
_FAILURES_OF_HUNG = 4
_LOG_LIMIT_BYTES = 20 * 1024 * 1024


class CannotServe(Exception):
    """It runs and cannot do its work, nor will it without a new start; the words say why, for people."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how to end it.

    ``probe`` tells whether it serves; without one, running is serving. One that raises ``CannotServe`` has the program
    ended and started again. So has one that serves and of which ``is_alive`` is not true for ``hung_after_s``.
    """

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str]
    cwd: Path
    log: Path
    probe: Callable[[], Awaitable[bool]] | None = None
    is_alive: Callable[[], Awaitable[bool]] | None = None
    hung_after_s: float = 45.0
    #: removes what a killed predecessor left (a stale socket); run before each start
    tidy: Callable[[], None] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 10.0
    #: sent by the kernel when the supervisor dies
    death_signal: signal.Signals = signal.SIGKILL


@dataclass(slots=True)
class PartState:
    """``state``: "starting", "ok", "restarting", "failed", "stopped". ``detail`` is for people."""

    state: str = "starting"
    detail: str = ""
    pid: int | None = None
    restarts: int = 0


@dataclass(slots=True)
class Part:
    """Keeps one program running until ``stop``. ``on_change`` is called after each change of ``state``."""

    program: Program
    on_change: Callable[[], None]
    state: PartState = field(default_factory=PartState)
    _child: subprocess.Popen[bytes] | None = None
    #: why the child that ended last could not serve
    _refusal: str = ""
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin supervising; returns at once."""
        self._task = asyncio.create_task(self._keep(), name=f"part {self.program.name}")

    @property
    def has_given_up(self) -> bool:
        return self.state.state == "failed"

    async def stop(self, *, within_s: float | None = None) -> None:
        """End the program by its stop signal, by force when that takes too long; repeatable."""
        self._stopping.set()
        if self._task is None:
            return
        if self._child is not None and self._child.poll() is None:
            limit = self.program.stop_within_s if within_s is None else within_s
            _signal(self._child, self.program.stop_signal)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), timeout=limit)
            if not self._ended.is_set():
                _signal_session(self._child, signal.SIGKILL)
                await self._ended.wait()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._change(state="stopped", detail="", pid=None)

    async def _keep(self) -> None:
        delay_s = FIRST_DELAY_S
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            started = loop.time()
            status = await self._run_once()
            if self._stopping.is_set():
                return
            if status == EXIT_MISCONFIGURED:
                self._change(state="failed", detail=f"ended for good, see {self.program.log}", pid=None)
                return
            delay_s = FIRST_DELAY_S if loop.time() - started > STEADY_AFTER_S else min(delay_s * 2, LONGEST_DELAY_S)
            self.state.restarts += 1
            why = self._refusal or _in_words(status)
            self._change(state="restarting", detail=f"{why}, see {self.program.log}", pid=None)
            await asyncio.sleep(delay_s)

    async def _run_once(self) -> int:
        """Run the program once from start to end; return its status, negative for a signal."""
        if self.program.tidy is not None:
            self.program.tidy()
        keep_log_small(self.program.log)
        self._refusal = ""
        self._ended.clear()
        try:
            self._child = spawn(self.program)
        except OSError as error:
            self._change(state="restarting", detail=str(error), pid=None)
            return 127
        self._change(state="starting" if self.program.probe else "ok", detail="", pid=self._child.pid)
        probing = asyncio.create_task(self._probe()) if self.program.probe else None
        try:
            return await wait_for_exit(self._child)
        finally:
            _signal_session(self._child, signal.SIGKILL)  # workers it may have left behind
            self._ended.set()
            if probing is not None:
                probing.cancel()

    async def _probe(self) -> None:
        """Wait until it serves; from then on its own exit, or the front's health check, tells the rest."""
        probe = self.program.probe
        while probe is not None:
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                try:
                    is_serving = await asyncio.wait_for(probe(), timeout=5)
                except CannotServe as problem:
                    self._refuse(str(problem))
                    return
                if is_serving:
                    self._change(state="ok", detail="", pid=self.state.pid)
                    await self._watch()
                    return
            await asyncio.sleep(PROBE_EVERY_S)

    async def _watch(self) -> None:
        """End a program that hangs: none of its locks comes free again. One that is slow, or was frozen, goes on."""
        program, loop = self.program, asyncio.get_running_loop()
        well_at, failures = loop.time(), 0
        while program.is_alive is not None:
            await asyncio.sleep(program.hung_after_s / _LOOKS_UNTIL_HUNG)
            is_alive = False
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                is_alive = await asyncio.wait_for(program.is_alive(), timeout=program.hung_after_s / _LOOKS_UNTIL_HUNG)
            well_at, failures = (loop.time(), 0) if is_alive else (well_at, failures + 1)
            # the clock alone would tell of a machine that stood still, and all in it
            if failures >= _FAILURES_OF_HUNG and loop.time() - well_at >= program.hung_after_s:
                self._refuse(f"hung: it did not answer for {loop.time() - well_at:.0f} s")
                return

    def _refuse(self, why: str) -> None:
        self._refusal = why
        if self._child is not None:
            _signal_session(self._child, signal.SIGKILL)

    def _change(self, *, state: str, detail: str, pid: int | None) -> None:
        ended = self.state.pid
        self.state.state, self.state.detail, self.state.pid = state, detail, pid
        write = log.warning if state in ("restarting", "failed") else log.info
        write(
            "part_state",
            child=self.program.name,
            state=state,
            pid=pid or ended,
            restarts=self.state.restarts,
            detail=detail,
        )
        self.on_change()


def spawn(program: Program, *, does_inherit_output: bool = False) -> subprocess.Popen[bytes]:
    """Start the program as a child that ends with us. Call from the main thread: PDEATHSIG is bound to it.

    Its words go to its log; with ``does_inherit_output`` those on standard output go where ours go.
    """
    parent = os.getpid()
    death_signal = int(program.death_signal)

    def before_exec() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died in between, and no signal will come
            os._exit(1)

    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("ab") as log:
        return subprocess.Popen(
            program.argv,
            env=dict(program.environ),
            cwd=program.cwd,
            stdin=subprocess.DEVNULL,
            stdout=None if does_inherit_output else log,
            stderr=log,
            start_new_session=True,
            preexec_fn=before_exec,  # noqa: PLW1509 - the supervisor has no other threads
        )


async def wait_for_exit(child: subprocess.Popen[bytes]) -> int:
    """Wait without a thread, by a descriptor that becomes readable when the process ends."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    descriptor = os.pidfd_open(child.pid)
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return child.wait()


def keep_log_small(log: Path) -> None:
    """Move a log that has grown large aside, keeping one older one. Writers append, so truncating is safe."""
    try:
        if log.stat().st_size < _LOG_LIMIT_BYTES:
            return
    except FileNotFoundError:
        return
    with contextlib.suppress(OSError):  # a full disk: better one log less than a part that is not watched
        log.with_suffix(".1.log").write_bytes(log.read_bytes())
    os.truncate(log, 0)


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log, to show why something did not start."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""


def _in_words(status: int) -> str:
    if status < 0:
        return f"ended by signal {signal.Signals(-status).name}"
    return f"ended with status {status}"


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(number)


def _signal_session(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Reach its own children too: the child leads its session and process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
