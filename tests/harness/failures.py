"""Making parts of the running product fail, as machines do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.harness.product import Product


def kill_engine(product: Product) -> int:
    """Kill the engine without a word; return its process id, for ``is_back``."""
    engine = product.pids()["engine"]
    os.kill(engine, signal.SIGKILL)
    return engine


def is_back(product: Product, before: int) -> bool:
    """Whether another engine than ``before`` runs and all is well."""
    engine = product.pids().get("engine", before)
    return engine != before and is_well(product)


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
