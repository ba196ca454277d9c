"""What processes of this machine use, read from ``/proc``. One that has ended meanwhile uses nothing."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
#: the fields of ``stat`` after the name
_PARENT, _SESSION, _USER_TICKS, _SYSTEM_TICKS, _PAGES = 1, 3, 11, 12, 21


def sessions() -> dict[int, list[int]]:
    """Return all processes by their session: a part leads one of its own, and its workers are in it."""
    return _by(_SESSION)


def family(pid: int) -> list[int]:
    """Return the process and all that descend from it, whatever session they are in."""
    children = _by(_PARENT)
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def used_cpu_s(pids: Iterable[int]) -> float:
    told = [fields for pid in pids if (fields := _stat(pid))]
    return sum(int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS]) for fields in told) / _TICKS_PER_S


def resident_bytes(pids: Iterable[int]) -> int:
    return sum(int(fields[_PAGES]) * _PAGE_BYTES for pid in pids if (fields := _stat(pid)))


def open_files(pids: Iterable[int]) -> int:
    return sum(_open_files(pid) for pid in pids)


def _by(field: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            found[int(fields[field])].append(int(entry.name))
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of ``/proc/<pid>/stat`` after the name, which may hold spaces: state, ppid, pgrp, session."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ProcessLookupError):
        return []


def _open_files(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0
