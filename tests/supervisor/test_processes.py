"""Children: restarted, stopped in the right way, and never left behind."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.waiting import until
from zhiyin.config.supervisor import programs
from zhiyin.config.supervisor.processes import (
    EXIT_MISCONFIGURED,
    CannotServe,
    Part,
    Program,
    keep_log_small,
    last_lines,
)

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


class Watcher:
    """Remembers the part's states and lets a test wait for one."""

    def __init__(self) -> None:
        self.part: Part | None = None
        self.states: list[str] = []
        self._changed = asyncio.Event()

    def __call__(self) -> None:
        assert self.part is not None
        self.states.append(self.part.state.state)
        self._changed.set()

    async def until(self, condition: Callable[[Part], bool], *, within_s: float = 10) -> None:
        assert self.part is not None
        async with asyncio.timeout(within_s):
            while not condition(self.part):
                self._changed.clear()
                await self._changed.wait()


def part_of(folder: Path, code: str, **options: object) -> tuple[Part, Watcher]:
    watcher = Watcher()
    program = Program(
        name="child",
        argv=(sys.executable, "-c", code),
        environ=dict(os.environ),
        cwd=folder,
        log=folder / "child.log",
        **options,  # type: ignore[arg-type]
    )
    watcher.part = Part(program=program, on_change=watcher)
    return watcher.part, watcher


async def test_a_part_that_dies_is_started_again(tmp_path: Path) -> None:
    part, watcher = part_of(tmp_path, "import time; time.sleep(600)")
    part.start()
    await watcher.until(lambda p: p.state.state == "ok")
    first = part.state.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await watcher.until(lambda p: p.state.state == "ok" and p.state.pid != first)
    assert part.state.restarts == 1
    assert "restarting" in watcher.states
    await part.stop()
    assert part.state.state == "stopped"


async def test_a_part_that_lacks_something_is_not_started_again(tmp_path: Path) -> None:
    part, watcher = part_of(tmp_path, f"print('no such room'); raise SystemExit({EXIT_MISCONFIGURED})")
    part.start()
    await watcher.until(lambda p: p.has_given_up)
    assert part.state.restarts == 0
    assert "no such room" in last_lines(tmp_path / "child.log")
    await part.stop()


async def test_a_program_that_does_not_exist_is_tried_again_and_can_be_stopped(tmp_path: Path) -> None:
    watcher = Watcher()
    program = Program(name="ghost", argv=("/nonexistent/program",), environ={}, cwd=tmp_path, log=tmp_path / "g.log")
    watcher.part = Part(program=program, on_change=watcher)
    watcher.part.start()
    await watcher.until(lambda p: p.state.restarts >= 2)
    assert "No such file" in watcher.part.state.detail or "127" in watcher.part.state.detail
    await watcher.part.stop()


async def test_one_that_ignores_its_stop_signal_is_ended_by_force(tmp_path: Path) -> None:
    part, watcher = part_of(tmp_path, STUBBORN)
    part.start()
    await watcher.until(lambda p: p.state.state == "ok")
    pid = part.state.pid
    assert pid is not None
    await until(lambda: "up" in last_lines(tmp_path / "child.log"), what="its handler stands")
    await part.stop(within_s=0.2)
    assert not _is_running(pid)


async def test_the_workers_of_a_dead_part_go_with_it(tmp_path: Path) -> None:
    code = "import subprocess, sys; w = subprocess.Popen(['sleep', '600']); print(w.pid, flush=True); sys.exit(1)"
    part, watcher = part_of(tmp_path, code)
    part.start()
    await watcher.until(lambda p: p.state.restarts >= 1)
    worker = int(last_lines(tmp_path / "child.log").splitlines()[0])
    await until(lambda: not _is_running(worker), what="its worker is gone")
    await part.stop()


async def test_a_part_serves_only_once_its_probe_says_so(tmp_path: Path) -> None:
    is_serving = False

    async def probe() -> bool:
        return is_serving

    part, watcher = part_of(tmp_path, "import time; time.sleep(600)", probe=probe)
    part.start()
    await watcher.until(lambda p: p.state.pid is not None)
    assert part.state.state == "starting"
    is_serving = True
    await watcher.until(lambda p: p.state.state == "ok")
    await part.stop()


async def test_a_part_that_says_it_cannot_serve_is_started_again_until_it_can(tmp_path: Path) -> None:
    is_free = False

    async def probe() -> bool:
        if not is_free:
            raise CannotServe("the port is taken")
        return True

    part, watcher = part_of(tmp_path, "import time; time.sleep(600)", probe=probe)
    part.start()
    await watcher.until(lambda p: p.state.state == "restarting")
    assert part.state.detail.startswith("the port is taken, see ")
    is_free = True
    await watcher.until(lambda p: p.state.state == "ok")
    assert (part.state.detail, part.state.restarts > 0) == ("", True)
    await part.stop()


async def test_a_part_that_hangs_is_started_again_and_one_that_was_slow_is_not(tmp_path: Path) -> None:
    answers = [True, False, False, False, True]  # then never again

    async def serves() -> bool:
        return True

    async def is_alive() -> bool:
        return answers.pop(0) if answers else False

    part, watcher = part_of(tmp_path, "import time; time.sleep(600)", probe=serves, is_alive=is_alive, hung_after_s=0.9)
    part.start()
    await watcher.until(lambda p: p.state.state == "restarting")
    assert answers == [], "three answers that did not come were no reason"
    assert part.state.detail.startswith("hung: it did not answer for ")
    answers.extend([True] * 600)
    await watcher.until(lambda p: p.state.state == "ok")
    await part.stop()


def test_killing_the_parent_leaves_nothing(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert parent.stdout is not None
    children = [int(parent.stdout.readline()) for _ in range(3)]
    assert all(_is_running(pid) for pid in children)
    descriptors = [os.pidfd_open(pid) for pid in children]
    parent.kill()
    parent.wait(10)
    for descriptor in descriptors:
        _wait_for_end(descriptor)
    assert not any(_is_running(pid) for pid in children)


@pytest.mark.parametrize("size", [1, 21 * 1024 * 1024], ids=["small", "large"])
def test_only_a_large_log_is_moved_aside(tmp_path: Path, size: int) -> None:
    log = tmp_path / "part.log"
    log.write_bytes(b"x" * size)
    with log.open("ab") as writer:
        keep_log_small(log)
        writer.write(b"more")
    assert (tmp_path / "part.1.log").exists() == (size > 1)
    assert log.stat().st_size == (4 if size > 1 else 5)


_PARENT = """
import asyncio, os, sys
from pathlib import Path
from tests.harness.waiting import until
from zhiyin.config.logs import configure_logs
from zhiyin.config.supervisor.processes import Part, Program

configure_logs("supervisor")

async def main():
    folder = Path(sys.argv[1])
    parts = []
    for name in ("one", "two", "three"):
        program = Program(name=name, argv=("sleep", "600"), environ=dict(os.environ), cwd=folder, log=folder / name)
        parts.append(Part(program=program, on_change=lambda: None))
        parts[-1].start()
    while not all(part.state.pid for part in parts):
        await asyncio.sleep(0.01)
    for part in parts:
        print(part.state.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_for_end(descriptor: int) -> None:
    ended, _, _ = select.select([descriptor], [], [], 10)
    os.close(descriptor)
    assert ended, "the child still runs 10 s after its parent was killed"


@pytest.mark.parametrize(
    ("states", "does_serve"),
    [
        ({"engine": "ok", "disk": "ok"}, True),
        ({"engine": "ok", "disk": "full"}, True),
        ({"engine": "away", "disk": "ok"}, False),
        ({"engine": "away", "disk": "full"}, False),
        ({"engine": "ok", "worker": "unknown"}, True),
        ({}, False),
    ],
    ids=["well", "little room", "a part away", "both", "on another machine", "no answer"],
)
def test_a_start_waits_for_the_parts_and_not_for_room(states: dict[str, str], does_serve: bool) -> None:
    """With 900 MB free, health said "degraded" and no start was ever ready."""
    parts = {name: {"state": state, "detail": ""} for name, state in states.items()}
    assert programs.serves({"status": "any", "parts": parts}) is does_serve
