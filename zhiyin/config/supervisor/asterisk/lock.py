"""The pinned packages: which Debian packages make up the Asterisk that was tested, with version and SHA-256."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

LOCK_FILE = Path(__file__).parent.parent / "asterisk.lock"

_HEADER = """\
# The Debian packages that Zhiyin's own Asterisk is unpacked from: architecture, name, version, SHA-256.
# A package of the same version with another sum is refused; a newer one within Asterisk 22 that Debian has
# signed is taken with a notice. Written by: python -m zhiyin.config.supervisor.asterisk --write-lock
"""


@dataclass(frozen=True, slots=True)
class LockedPackage:
    architecture: str
    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Lock:
    packages: tuple[LockedPackage, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The packages by name, the same on every architecture."""
        return tuple(sorted({package.name for package in self.packages}))

    @property
    def fingerprint(self) -> str:
        """What the packages are, in twelve digits."""
        text = "\n".join(f"{p.architecture} {p.name} {p.version} {p.sha256}" for p in self.packages)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def of(self, architecture: str) -> dict[str, LockedPackage]:
        return {p.name: p for p in self.packages if p.architecture == architecture}


def read_lock(path: Path = LOCK_FILE) -> Lock:
    lines = (line.split() for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return Lock(
        packages=tuple(sorted((LockedPackage(*fields) for fields in lines), key=lambda p: (p.architecture, p.name)))
    )


def write_lock(packages: list[LockedPackage], path: Path = LOCK_FILE) -> None:
    """Replace one architecture's lines and keep the others'."""
    renewed = {package.architecture for package in packages}
    kept = [p for p in read_lock(path).packages if p.architecture not in renewed] if path.exists() else []
    lines = sorted(f"{p.architecture} {p.name} {p.version} {p.sha256}" for p in [*kept, *packages])
    path.write_text(_HEADER + "\n".join(lines) + "\n")


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
