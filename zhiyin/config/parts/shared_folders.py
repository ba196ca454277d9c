"""The folders that several machines share, seen from this one: the same folder, and may we write there?

A network's folder may hang for as long as its server is away, and with it whoever looks: so each is looked at by a
thread of its own, and what it saw last is told with its age.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from zhiyin.contracts.environment import Environment
from zhiyin.contracts.pulses import FolderSeen

LOOK_EVERY_S = 30.0
#: what is not right at a start mostly is in a moment: who writes there has yet to come
LOOK_SOON_S = 3.0
#: written once, by whoever is first: where two machines read the same words, it is the same folder
MARK = ".zhiyin-folder"


def shared_folders(environment: Environment, part: str) -> dict[str, tuple[Path, bool]]:
    """Return the shared folders that a part uses by name, and whether it writes there."""
    data = environment.data
    uses: Mapping[str, tuple[tuple[str, bool], ...]] = {
        "engine": (("spoken", True),),
        "worker": (("recordings", True), ("prompts", False)),
        "web": (("recordings", False), ("prompts", True)),
        "node": (("recordings", True), ("prompts", False), ("spoken", False)),
    }
    return {name: (data / name, does_write) for name, does_write in uses.get(part, ())}


def look(folder: Path, *, does_write: bool) -> FolderSeen:
    """Look once; may hang for as long as the folder does."""
    try:
        mark = _mark_of(folder, may_make=does_write)
    except OSError as error:
        return FolderSeen(problem=error.strerror or type(error).__name__, can_write=False if does_write else None)
    if not does_write:
        return FolderSeen(mark=mark)
    try:
        _try_to_write(folder)
    except OSError as error:
        return FolderSeen(mark=mark, can_write=False, problem=error.strerror or type(error).__name__)
    return FolderSeen(mark=mark, can_write=True)


def _mark_of(folder: Path, *, may_make: bool) -> str:
    """Return the folder's mark; empty where nobody has made one yet. Raises ``OSError``."""
    path = folder / MARK
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        if not folder.is_dir() or not may_make:
            next(folder.iterdir(), None)  # raises where the folder itself is not there
            return ""
    fresh = folder / f"{MARK}-{secrets.token_hex(4)}"
    fresh.write_text(secrets.token_hex(8) + "\n")
    fresh.chmod(0o644)
    try:
        path.hardlink_to(fresh)  # whole at once, and never over another's
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_text().strip()


def _try_to_write(folder: Path) -> None:
    """Raises ``OSError``. Rights alone do not say it: a server may let nobody write, or its disk be full."""
    probe = folder / f"{MARK}-probe-{secrets.token_hex(4)}"
    descriptor = os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, b"\n")
    finally:
        os.close(descriptor)
        probe.unlink(missing_ok=True)


@dataclass(slots=True)
class _Last:
    seen: FolderSeen
    at_s: float


class FolderWatch:
    """Looks at each folder again and again, and tells what it saw last."""

    def __init__(self, folders: Mapping[str, tuple[Path, bool]]) -> None:
        self._folders = folders
        self._last: dict[str, _Last] = {}
        self._began_s = time.monotonic()

    def start(self) -> None:
        for name in self._folders:
            threading.Thread(target=self._watch, args=(name,), name=f"folder-{name}", daemon=True).start()

    def tell(self) -> dict[str, FolderSeen]:
        """Return what was seen of each folder; of one that has hung from the beginning, nothing but since when."""
        now_s = time.monotonic()
        nothing = _Last(FolderSeen(), self._began_s)
        last = {name: self._last.get(name, nothing) for name in self._folders}
        return {name: msgspec.structs.replace(each.seen, age_s=now_s - each.at_s) for name, each in last.items()}

    def _watch(self, name: str) -> None:
        folder, does_write = self._folders[name]
        while True:
            seen = look(folder, does_write=does_write)
            self._last[name] = _Last(seen, time.monotonic())
            time.sleep(LOOK_EVERY_S if seen.mark and not seen.problem else LOOK_SOON_S)
