"""The product as one tree: started, watched, drained, killed, started again. One installation, in this order."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.product import HOTLINE, Product
from tests.harness.sipp import sipp_call
from tests.harness.waiting import until, wait_until
from zhiyin.config.supervisor.report import print_status

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def tree() -> Iterator[Product]:
    product = Product(speaks=True)
    yield product
    product.remove()


def test_the_first_start_makes_everything_and_says_the_passwords_once(tree: Product) -> None:
    assert tree.start() < 90
    assert f"ready {tree.url}" in tree.said
    assert any("takes a minute or two" in line for line in tree.said), "nothing was said for that long"
    health = tree.get("/api/health")
    assert health["status"] == "ok"
    assert {part["state"] for part in health["parts"].values()} == {"ok"}
    assert set(tree.pids()) == {"postgres", "asterisk", "engine", "standby", "web", "worker", "live"}
    assert any("1001" in line for line in tree.said), "the demo's passwords are said"


def test_status_shows_the_running_parts(tree: Product, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_status(tree.data, is_json=False) == 0
    shown = capsys.readouterr().out
    assert tree.url in shown
    assert all(part in shown for part in ("postgres", "asterisk", "engine", "standby", "web", "worker", "live"))
    assert shown.count("leads") == 1


def test_nothing_runs_with_rights(tree: Product) -> None:
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in descendants(supervisor(tree))}
    assert owners
    assert 0 not in owners


@pytest.mark.parametrize("part", ["live", "engine", "standby", "web", "worker", "asterisk", "postgres"])
def test_a_part_that_dies_comes_back(tree: Product, part: str) -> None:
    before = tree.pids()[part]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: tree.pids().get(part) not in {None, before}, what=f"{part} runs again")
    wait_until(lambda: is_healthy(tree), what="all is well again", within_s=30)


def test_parts_are_watched_over_when_the_status_cannot_be_written(tree: Product) -> None:
    """A full disk once ended the watching: the part that died next stayed dead."""
    before = tree.pids()
    in_the_way = tree.run_folder / ".parts.json.new"
    in_the_way.mkdir()
    os.kill(before["worker"], signal.SIGKILL)
    tree.wait_for_line("The status cannot be written")
    in_the_way.rmdir()
    os.kill(before["live"], signal.SIGKILL)
    wait_until(lambda: set(tree.pids().items()).isdisjoint({(p, before[p]) for p in ("live", "worker")}), what="both")
    wait_until(lambda: is_healthy(tree), what="all is well again", within_s=30)


async def test_it_drains_before_it_stops(tree: Product) -> None:
    left = descendants(supervisor(tree))
    async with sipp_call(tree.sip_port, to=HOTLINE) as call:
        await until(lambda: calls_begun(tree) == 1, what="the engine has the call", within_s=30)
        await call.hears_sound()
        assert tree.process is not None
        tree.process.send_signal(signal.SIGTERM)
        said = tree.wait_for_line("Draining")
        assert "1 call is live" in said
        async with sipp_call(tree.sip_port, to=HOTLINE) as refused:
            assert await refused.ended() != 0, "no new call is taken"
        assert tree.process.poll() is None
        await call.hang_up()
    await until(lambda: tree.process is not None and tree.process.poll() is not None, what="it stops", within_s=30)
    assert tree.process.returncode == 0
    assert not running(left)


def test_a_later_start_is_quick_and_silent_about_passwords(tree: Product) -> None:
    tree.said.clear()
    took_s = tree.start()
    assert took_s < 30, f"started in {took_s:.1f} s"  # eight on a quiet machine
    assert not any("1001" in line for line in tree.said)


def test_a_second_start_on_the_same_data_is_refused(tree: Product) -> None:
    second = Product(folder=tree.folder)
    second.launch()
    assert second.process is not None
    assert second.process.wait(30) == 2
    wait_until(lambda: any("already runs" in line for line in second.said), what="it says why")
    assert is_healthy(tree)


def test_the_second_signal_stops_at_once_with_a_call_live(tree: Product) -> None:
    began = time.monotonic()
    left = descendants(supervisor(tree))
    assert tree.stop_at_once() == 0
    assert time.monotonic() - began < 20
    assert not running(left)


def test_killing_the_supervisor_leaves_nothing_and_the_next_start_works(tree: Product) -> None:
    tree.start()
    left = descendants(supervisor(tree))
    assert len(left) > 6
    assert tree.process is not None
    tree.process.kill()
    tree.process.wait(10)
    wait_until(lambda: not running(left), what="nothing is left", within_s=20)
    assert not list(tree.run_folder.glob("asterisk.ctl.*"))
    tree.start()
    assert is_healthy(tree)


def supervisor(tree: Product) -> int:
    pid: int = tree.status()["pid"]
    assert tree.process is not None
    assert pid == tree.process.pid, "giving up root keeps the process"
    return pid


def is_healthy(tree: Product) -> bool:
    if any(part["state"] != "ok" for part in tree.status()["parts"].values()):
        return False  # the health page may be a moment old
    try:
        return bool(tree.get("/api/health")["status"] == "ok")
    except OSError:
        return False


def calls_begun(tree: Product) -> int:
    return int(tree.rows("SELECT count(*) AS n FROM event_log WHERE type = 'InteractionStarted'")[0]["n"])


def descendants(pid: int) -> set[int]:
    """All processes below ``pid``, itself left out."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting.extend(below)
    return found


def running(pids: set[int]) -> set[int]:
    def is_running(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
        except (FileNotFoundError, ProcessLookupError):
            return False

    return {pid for pid in pids if is_running(pid)}
