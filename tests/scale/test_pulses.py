"""What each part tells of itself, and how the front learns of the worker from it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from tests.harness.waiting import wait_until
from tests.supervisor.test_figures import environment
from zhiyin.config.parts import elsewhere, fingerprints
from zhiyin.config.parts.keys import make_link_keys
from zhiyin.config.parts.own_state import HasRun, OwnState, is_stopped
from zhiyin.config.parts.shared_folders import MARK, FolderWatch, look
from zhiyin.config.supervisor.proc import family
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.frames import Problem, Reply
from zhiyin.contracts.pulses import STANDS_FOR_S, FolderSeen, Pulse, PulseHeard
from zhiyin.contracts.readings import read_readings, write_readings
from zhiyin.domain.alarms import WorkReadings
from zhiyin.engine.adapters.speech.sound_folder import SoundFolder
from zhiyin.live.alarms import AlarmBook
from zhiyin.live.engine_link import EngineLink
from zhiyin.live.health import HealthBook, PartHealth

__all__ = ["environment"]  # fixture

NOW = datetime.now(UTC)


def pulse(**changed: Any) -> Pulse:
    told = Pulse(
        process="host:1:1", machine="host", program="1 (a)", state="ok", started_at=NOW, sent_at=NOW, folders={}
    )
    return msgspec.structs.replace(told, **changed)


def heard(part: str, name: str = "10.0.0.9", *, age_s: float = 1.0, **changed: Any) -> PulseHeard:
    return PulseHeard(part, name, "10.0.0.9", age_s, 0.0, pulse(**changed))


# --- shared folders


def test_two_machines_know_one_folder_by_its_mark(tmp_path: Path) -> None:
    assert look(tmp_path, does_write=False) == FolderSeen(), "nobody has written into it yet"
    first = look(tmp_path, does_write=True)
    assert first.mark
    assert first.can_write is True
    assert look(tmp_path, does_write=False) == FolderSeen(mark=first.mark)
    assert look(tmp_path, does_write=True) == first, "the mark of who came first stays"
    assert [path.name for path in tmp_path.iterdir()] == [MARK], "nothing else is left behind"
    other = tmp_path / "local"
    other.mkdir()
    assert look(other, does_write=True).mark != first.mark


def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    assert look(tmp_path / "none", does_write=False).problem == "No such file or directory"
    assert look(tmp_path / "none", does_write=True) == FolderSeen(can_write=False, problem="No such file or directory")


def test_a_full_folder_is_seen_and_said_not_to_take_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look(tmp_path, does_write=True)
    write = os.write

    def refuse(descriptor: int, words: bytes) -> int:
        if words == b"\n":
            raise OSError(28, "No space left on device")
        return write(descriptor, words)

    monkeypatch.setattr(os, "write", refuse)  # a disk that is full belongs to the machine
    seen = look(tmp_path, does_write=True)
    assert (seen.can_write, seen.problem) == (False, "No space left on device")
    assert [path.name for path in tmp_path.iterdir()] == [MARK]


def test_a_folder_that_hangs_grows_old_and_holds_nobody_up(tmp_path: Path) -> None:
    """A pipe that nobody writes hangs whoever opens it, as a network's folder does whose server is away."""
    os.mkfifo(tmp_path / MARK)
    watch = FolderWatch({"recordings": (tmp_path, False)})
    watch.start()
    first = watch.tell()["recordings"].age_s
    wait_until(lambda: watch.tell()["recordings"].age_s > first, what="it grows old")
    assert watch.tell()["recordings"].mark == ""


def test_a_new_engine_empties_the_folder_of_sounds_and_leaves_its_mark(tmp_path: Path) -> None:
    """With the mark gone, each new leader's folder would have looked like another one for half a minute."""
    mark = look(tmp_path, does_write=True).mark
    (tmp_path / "1f.alaw").write_bytes(b"x")
    (tmp_path / "old").mkdir()
    SoundFolder(tmp_path).clear()
    assert [path.name for path in tmp_path.iterdir()] == [MARK]
    assert look(tmp_path, does_write=True).mark == mark


# --- the part beside it


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield process
    process.kill()
    process.wait()


def test_a_frozen_part_is_told_as_frozen(sleeper: subprocess.Popen[bytes]) -> None:
    state = OwnState(sleeper.pid, lambda: None)
    assert state.read() == "ok"
    sleeper.send_signal(signal.SIGSTOP)
    wait_until(lambda: is_stopped(sleeper.pid), what="it is stopped")
    assert state.read() == "frozen"


def test_an_engine_that_hangs_is_told_as_silent_although_it_answers_nobody(sleeper: subprocess.Popen[bytes]) -> None:
    """One that stands by listens nowhere: hanging on a disk, it was well for everybody until it was needed."""
    hangs = OwnState(sleeper.pid, HasRun(sleeper.pid))
    wait_until(lambda: hangs.read() == "silent", what="it hangs")
    runs = OwnState(os.getpid(), HasRun(os.getpid()))
    assert [_worked(runs) for _ in range(5)] == ["ok"] * 5


def _worked(state: OwnState) -> str:
    """What is told after this process has had the processor."""
    ran = Path("/proc/self/schedstat").read_text()
    wait_until(lambda: Path("/proc/self/schedstat").read_text() != ran, what="some work is done")
    return state.read()


def test_a_part_is_silent_after_two_questions_and_starts_before_its_first_answer(
    sleeper: subprocess.Popen[bytes],
) -> None:
    answers = iter([False, False, True, False, False, True])

    def ask() -> None:
        if not next(answers):
            raise ConnectionRefusedError

    state = OwnState(sleeper.pid, ask)
    assert [state.read() for _ in range(6)] == ["starting", "starting", "ok", "ok", "silent", "ok"]


_PART = """
import signal, sys
from pathlib import Path
from zhiyin.config.parts.beside import start_pulse
from zhiyin.contracts.environment import Environment
start_pulse(Environment.from_environ(), "worker", "", Path(sys.argv[1]))
signal.pause()
"""


def test_a_pulse_ends_with_its_part_however_that_ends_and_not_before(tmp_path: Path, environment: Environment) -> None:
    """A killed part leaves nothing running; of a node that is told to stop and still has calls it goes on telling."""
    description = tmp_path / "zhiyin.conf"
    description.write_text("ZHIYIN_SECRET_KEY=00\n")
    log = (tmp_path / "log").open("wb")
    environ = {**os.environ, **environment.to_environ(), "ZHIYIN_DB_ENGINE": "postgresql://x@127.0.0.1:9/x"}
    part = subprocess.Popen([sys.executable, "-c", _PART, str(description)], env=environ, stdout=log, stderr=log)
    try:
        wait_until(lambda: "pulse_not_told" in (tmp_path / "log").read_text(), what="it beats without a database")
        (pulse_pid,) = [pid for pid in family(part.pid) if pid != part.pid]
        (ignored,) = re.findall(r"SigIgn:\s*(\w+)", Path(f"/proc/{pulse_pid}/status").read_text())
        assert int(ignored, 16) & 1 << signal.SIGTERM - 1
    finally:
        part.kill()
        part.wait()
    wait_until(lambda: not _lives(pulse_pid), what="it is gone, too")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False


# --- what must be alike


def test_of_a_description_nothing_but_its_differences_can_be_read(tmp_path: Path) -> None:
    keys = make_link_keys(tmp_path / "link", now=NOW)
    values = {"ZHIYIN_SECRET_KEY": "ab" * 32, "ZHIYIN_HTTP_PORT": "8443", "OTHER": "x"}
    told = fingerprints.description(values, keys)
    assert told.keys() == {"ZHIYIN_SECRET_KEY", "ZHIYIN_HTTP_PORT", fingerprints.LINK}
    assert not any(value in digest for value in values.values() for digest in told.values())
    changed = fingerprints.description({**values, "ZHIYIN_HTTP_PORT": "443"}, keys)
    assert {name for name in told if told[name] != changed[name]} == {"ZHIYIN_HTTP_PORT"}
    others = fingerprints.description({**values, "ZHIYIN_SECRET_KEY": "cd" * 32}, keys)
    assert others["ZHIYIN_HTTP_PORT"] != told["ZHIYIN_HTTP_PORT"], "a port cannot be guessed from its digest"


# --- the front hears of the worker


@pytest.mark.parametrize(
    ("workers", "state"),
    [
        ([], "away"),
        ([heard("worker")], "ok"),
        ([heard("worker", state="starting")], "starting"),
        ([heard("worker", state="frozen")], "away"),
        ([heard("worker", age_s=STANDS_FOR_S + 1)], "away"),
        ([heard("worker", "10.0.0.8", age_s=STANDS_FOR_S + 1), heard("worker")], "ok"),
        ([heard("engine")], "away"),
    ],
    ids=["never told", "well", "starting", "frozen", "not heard of", "moved", "only others"],
)
def test_the_worker_s_state_follows_from_its_pulse(workers: list[PulseHeard], state: str) -> None:
    found, detail = elsewhere.worker_state(workers)
    assert found == state
    assert bool(detail) == (state == "away")


def test_the_front_s_health_tells_of_a_worker_elsewhere_as_long_as_that_is_new(tmp_path: Path) -> None:
    """It said "unknown": of several machines nobody could tell whether the worker worked."""

    def worker() -> PartHealth:
        health = _health_book(tmp_path)
        return asyncio.run(health.read()).parts["worker"]

    assert worker().state == "unknown"
    elsewhere.lay_down(tmp_path, [heard("worker")], now=datetime.now(UTC))
    assert worker().state == "ok"
    elsewhere.lay_down(tmp_path, [heard("worker", age_s=90)], now=datetime.now(UTC))
    assert worker() == PartHealth("away", "The worker (10.0.0.9) has not been heard of for 90 s.")
    elsewhere.lay_down(tmp_path, [heard("worker")], now=datetime.now(UTC) - timedelta(seconds=2 * STANDS_FOR_S))
    assert worker().state == "unknown", "the front's own pulse has ended"


def test_what_the_worker_reads_reaches_a_front_elsewhere(tmp_path: Path) -> None:
    """Its lag, its disk's growth and trunks that are down were told to a front on the worker's own machine alone."""
    read = WorkReadings(NOW, projection_lag_s=90, recording_bytes_a_day=0, clock_jumps=0, clock_off_s=0)
    elsewhere.lay_down(tmp_path, [heard("worker", readings=read)], now=NOW)
    assert read_readings(tmp_path) == read
    fresh = WorkReadings(NOW + timedelta(seconds=5), 1, 0, 0, 0)
    write_readings(tmp_path, fresh)
    elsewhere.lay_down(tmp_path, [heard("worker", readings=read)], now=NOW)
    assert read_readings(tmp_path) == fresh, "on the worker's own machine the newer one stays"


def _health_book(run: Path) -> HealthBook:
    class Silent:
        async def ask(self, *_given: object, **_named: object) -> Any:
            return Reply("1", problem=Problem("engine_away"))

    async def is_up() -> bool:
        return True

    return HealthBook(
        link=cast(EngineLink, Silent()),
        is_web_up=cast(Callable[[], Awaitable[bool]], is_up),
        parts_status=run / "parts.json",
        data=run,
        alarms=AlarmBook(data=run, run=run, certificate=None),
    )
