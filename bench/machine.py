"""What every bench needs of the machine: where the programs are unpacked, and how much CPU a process has used."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def bench_parts() -> Path:
    return (Path(__file__).parents[1] / ".dev" / "bench-parts").resolve()


def cpu_s(pids: list[int]) -> float:
    """Return user and system seconds of the processes and their children so far."""
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / TICKS_A_SECOND
    return total


def tree_of(pid: int) -> list[int]:
    """Return the process and all its descendants."""
    found = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(") ", 1)[1].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += tree_of(int(path.parent.name))
    return found
