"""Writes ``asterisk.lock`` anew from what Debian offers today; run by a maintainer, never by an installation."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from zhiyin.config.supervisor.asterisk import debian
from zhiyin.config.supervisor.asterisk.lock import write_lock
from zhiyin.config.supervisor.asterisk.modules import MODULES
from zhiyin.config.supervisor.asterisk.provision import SUITES
from zhiyin.config.supervisor.words import say


def renew_lock(suite: str = SUITES[0]) -> None:
    """Unpack all that apt would install, keep the packages our program and modules really load, write them down."""
    with tempfile.TemporaryDirectory() as scratch:
        archive = debian.open_archive(Path(scratch, "apt"), suite)
        names = archive.closure(("asterisk", "asterisk-modules"))
        offered = archive.versions(names)
        files = archive.download({name: offered[name][0] for name in names}, Path(scratch, "debs"))
        root = Path(scratch, "root")
        owners: dict[str, Path] = {}
        for file in files:
            listing = archive.run("dpkg-deb", "--contents", str(file)).splitlines()
            owners |= {Path(line.split(maxsplit=5)[5].split(" -> ")[0]).name: file for line in listing}
            debian.unpack(file, root)
        used = {owners[name] for name in _loaded_libraries(root) if name in owners}
        used |= {file for file in files if file.name.startswith(("asterisk_", "asterisk-modules_"))}
        write_lock([debian.describe(file, archive.architecture) for file in used])
    say(
        f"{len(used)} packages of {suite} written to asterisk.lock",
        f"已将 {suite} 的 {len(used)} 个软件包写入 asterisk.lock",
    )


def _loaded_libraries(root: Path) -> set[str]:
    """Return the file names of the libraries that the program and our modules load."""
    libraries = next((root / "usr/lib").glob("*-linux-gnu"))
    linker = next(libraries.glob("ld-linux*.so.*"))
    found = {linker.name}
    for binary in (root / "usr/sbin/asterisk", *(libraries / "asterisk/modules" / name for name in MODULES)):
        command = (str(linker), "--inhibit-cache", "--library-path", str(libraries), "--list", str(binary))
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        found |= {line.split("=>")[0].strip() for line in listed.splitlines() if "=>" in line}
    return found
