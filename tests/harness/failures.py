"""Making parts of the running product fail, as machines do."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.harness.product import Product


def kill_engine(product: Product) -> int:
    """Kill the engine that leads without a word; return its process id, for ``is_back``."""
    engine = leader(product)
    os.kill(engine, signal.SIGKILL)
    return engine


def leader(product: Product) -> int:
    """Return the process of the engine that leads, as it stands in its lease."""
    (row,) = product.rows("SELECT holder FROM engine_lease")
    return int(row["holder"].split(":")[1])


def is_back(product: Product, before: int) -> bool:
    """Whether another engine than ``before`` runs and all is well."""
    return leader(product) != before and before not in product.pids().values() and is_well(product)


def is_well(product: Product) -> bool:
    return bool(product.get("/api/health")["status"] == "ok")


@contextmanager
def frozen_postgres(product: Product) -> Iterator[None]:
    """Stop every process of the database, as a disk that hangs does: connections stay and answer nothing."""
    postmaster = product.pids()["postgres"]
    os.kill(postmaster, signal.SIGSTOP)  # first, so that no process of it comes new
    frozen = [postmaster, *children_of(postmaster)]
    try:
        for pid in frozen[1:]:
            signal_to(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in reversed(frozen):
            signal_to(pid, signal.SIGCONT)


@contextmanager
def out_of_descriptors(pid: int) -> Iterator[None]:
    """Let a process keep the files and connections that it has, and open no more; its end meanwhile is no error."""
    limits = Path(f"/proc/{pid}/limits").read_text()
    before = next(int(line.split()[3]) for line in limits.splitlines() if line.startswith("Max open files"))
    _limit_descriptors(pid, sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))
    try:
        yield
    finally:
        if Path(f"/proc/{pid}").exists():
            _limit_descriptors(pid, before)


def cut_off_from_database(product: Product, pid: int) -> None:
    """End every session that an engine has in the database: it needs new connections for all it does there."""
    sessions = product.rows("SELECT pid FROM pg_stat_activity WHERE application_name LIKE %s", f"engine %:{pid}:%")
    for session in sessions:
        signal_to(session["pid"], signal.SIGTERM)


@contextmanager
def small_disk(size_mb: int) -> Iterator[Path]:
    """Make a disk of a product's own, in memory, that can be filled without harm to others. Raises where not root."""
    folder = Path(tempfile.mkdtemp(prefix="zy-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", str(folder)], check=True, timeout=10)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=10)
        folder.rmdir()


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """Leave no byte free on the disk on which ``folder`` lies."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        for chunk in (1 << 24, 1 << 16, 1 << 12):
            with suppress(OSError):
                while True:
                    os.posix_fallocate(file.fileno(), file.tell(), chunk)
                    file.seek(chunk, os.SEEK_CUR)
    try:
        yield
    finally:
        filler.unlink()


def _limit_descriptors(pid: int, most: int) -> None:
    """Set the limit as the process's own user: in a container not even root may set another's."""
    owner = Path(f"/proc/{pid}").stat()
    limit = ["prlimit", f"--pid={pid}", f"--nofile={most}:"]
    subprocess.run(
        ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups", *limit],
        check=True,
        timeout=10,
    )


def signal_to(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def children_of(parent: int) -> list[int]:
    """Return the processes whose parent this is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found
