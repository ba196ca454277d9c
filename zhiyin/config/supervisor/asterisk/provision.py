"""Finds an Asterisk 22 on this machine, or unpacks Debian's beside the data, without root.

A system Asterisk is used when 22.4 <= version < 23 (REST over the websocket came with 22.4) and it has every module
we load. Otherwise Debian's signed packages are unpacked into PARTS and run on their own dynamic linker, so that
neither the system's libraries nor its packages change. Within 22 a newer signed package is taken with a notice; a
new major is refused, because ARI and configuration may change with it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from zhiyin.config.supervisor.asterisk import debian
from zhiyin.config.supervisor.asterisk.lock import Lock, LockedPackage, read_lock
from zhiyin.config.supervisor.asterisk.modules import MODULES, REFERENCE_MODULES
from zhiyin.config.supervisor.words import CannotStart, say

OLDEST = (22, 4)
NEXT_MAJOR = 23
#: Debian's next stable keeps its versions longer than unstable, so it is asked first
SUITES = ("forky", "sid")
_ROOTS = ("asterisk", "asterisk-modules")


@dataclass(frozen=True, slots=True)
class AsteriskInstall:
    """A usable Asterisk. ``argv`` starts it (arguments follow); ``environ`` is added to the process's own."""

    argv: tuple[str, ...]
    modules: Path
    data: Path
    version: str
    is_system: bool
    environ: Mapping[str, str] = field(default_factory=dict)


def provision_asterisk(parts: Path) -> AsteriskInstall:
    """Return an Asterisk to run, unpacking one into ``parts`` on the first call. Raises ``CannotStart``."""
    if system := find_system_asterisk():
        return system
    lock = read_lock()
    folder = unpacked_folder(parts, lock)
    if not (folder / "version").exists():
        with _only_one(parts / ".asterisk.lock"):
            if not (folder / "version").exists():
                _unpack(folder, lock)
    return _open_unpacked(folder)


def unpacked_folder(parts: Path, lock: Lock) -> Path:
    """Return where these packages with these modules lie; other ones lie elsewhere, so none changes while it runs."""
    kept = " ".join(sorted((*MODULES, *REFERENCE_MODULES)))
    return parts / f"asterisk-{hashlib.sha256(f'{lock.fingerprint} {kept}'.encode()).hexdigest()[:12]}"


def find_system_asterisk(search_path: str | None = None) -> AsteriskInstall | None:
    """Return the system's own Asterisk if its version is right and all our modules are there."""
    path = search_path or f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    program = shutil.which("asterisk", path=path)
    if program is None:
        return None
    version = read_version((program,))
    if not is_acceptable(version):
        return None
    folders = [*Path("/usr/lib").glob("*/asterisk/modules"), Path("/usr/lib/asterisk/modules")]
    folders += [Path("/usr/lib64/asterisk/modules"), Path("/usr/local/lib/asterisk/modules")]
    modules = next((f for f in folders if all((f / name).exists() for name in MODULES)), None)
    data = next(
        (f for f in map(Path, ("/usr/share/asterisk", "/var/lib/asterisk")) if (f / "documentation").is_dir()), None
    )
    if modules is None or data is None:
        return None
    return AsteriskInstall(argv=(program,), modules=modules, data=data, version=version, is_system=True)


def read_version(argv: tuple[str, ...], environ: Mapping[str, str] | None = None) -> str:
    """Ask the program; "" when it does not run or says no version."""
    try:
        done = subprocess.run(
            (*argv, "-V"),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env={**os.environ, **(environ or {})},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = re.match(r"Asterisk (?:certified[/-])?(\d+\.\d+[\w.]*)", done.stdout)
    return match[1] if match else ""


def is_acceptable(version: str) -> bool:
    """Whether a version like "22.10.1" (or a Debian one, "1:22.10.1+dfsg-1") lies in 22.4 <= v < 23."""
    match = re.match(r"(?:\d+:)?(\d+)\.(\d+)", version)
    if match is None:
        return False
    return OLDEST <= (int(match[1]), int(match[2])) < (NEXT_MAJOR, 0)


def _unpack(folder: Path, lock: Lock) -> None:
    """Try the suites in turn and move the finished folder into place at once."""
    failures = []
    for suite in SUITES:
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            archive = debian.open_archive(fresh / "apt", suite)
            chosen = choose_versions(archive.versions(lock.names), lock, archive.architecture)
            say(
                f"Fetching Asterisk {_upstream(chosen['asterisk'])} from Debian {suite} (about 17 MB)...",
                f"正在从 Debian {suite} 获取 Asterisk {_upstream(chosen['asterisk'])}（约 17 MB）……",
            )
            _fetch(archive, chosen, lock, fresh)
        except debian.DebianFailed as failed:
            failures.append(f"{suite}: {failed}")
            continue
        shutil.rmtree(fresh / "apt")
        shutil.rmtree(fresh / "debs")
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
        return
    reasons = "; ".join(failures)
    raise CannotStart(
        f"Asterisk 22 could not be fetched from Debian ({reasons}). Check the network and the proxy settings of apt, "
        "or install Asterisk 22.4 or later (below 23) on this machine.",
        f"无法从 Debian 获取 Asterisk 22（{reasons}）。请检查网络和 apt 的代理设置，"
        "或在本机安装 Asterisk 22.4 以上的 22 版。",
    )


def choose_versions(offered: Mapping[str, list[str]], lock: Lock, architecture: str) -> dict[str, str]:
    """Take the locked version of each package where the suite still has it, else its newest, saying so.

    ``offered`` is newest first. Raises ``DebianFailed`` when a package is missing or Asterisk is not within 22.
    """
    locked = lock.of(architecture)
    chosen = {}
    for name in lock.names:
        versions = offered.get(name)
        if versions is None:
            raise debian.DebianFailed(f"package {name} is not offered")
        pinned = locked.get(name)
        chosen[name] = pinned.version if pinned and pinned.version in versions else versions[0]
    if not is_acceptable(chosen["asterisk"]):
        raise debian.DebianFailed(f"Asterisk {chosen['asterisk']} is not one of 22.4 <= version < 23")
    newer = [f"{name} {chosen[name]}" for name, pinned in locked.items() if chosen[name] != pinned.version]
    if newer:
        say(
            f"Notice: Debian has moved on; taking signed newer packages within Asterisk 22: {', '.join(newer)}",
            f"提示：Debian 已更新，将采用 22 版内已签名的新软件包：{', '.join(newer)}",
        )
    return chosen


def _fetch(archive: debian.DebianArchive, chosen: Mapping[str, str], lock: Lock, into: Path) -> None:
    files = archive.download(chosen, into / "debs")
    compare_with_lock(files, archive.architecture, lock)
    for file in files:
        debian.unpack(file, into / "root")
    if missing := _missing_libraries(into):
        # A library changed its package name since the lock was written: take all that apt would install.
        names = archive.closure(_ROOTS)
        offered = archive.versions(names)
        rest = {name: offered[name][0] for name in names if name not in chosen and name.startswith(("lib", "zlib"))}
        for file in archive.download(rest, into / "debs"):
            debian.unpack(file, into / "root")
        missing = _missing_libraries(into)
    if missing:
        raise debian.DebianFailed(f"libraries are missing: {', '.join(sorted(missing))}")
    _keep_used_modules(into)
    version = read_version(_argv(into))
    if not is_acceptable(version):
        raise debian.DebianFailed(f"the unpacked Asterisk does not run here (it says {version!r})")
    (into / "version").write_text(version)


def compare_with_lock(files: list[Path], architecture: str, lock: Lock) -> None:
    """Refuse a package that has the locked version but other bytes."""
    locked = lock.of(architecture)
    for found in (debian.describe(file, architecture) for file in files):
        pinned: LockedPackage | None = locked.get(found.name)
        if pinned and pinned.version == found.version and pinned.sha256 != found.sha256:
            raise CannotStart(
                f"The package {found.name} {found.version} is not the one that was tested: its SHA-256 is "
                f"{found.sha256}, expected {pinned.sha256}. Nothing was unpacked; check the mirror of apt.",
                f"软件包 {found.name} {found.version} 与测试过的不一致：SHA-256 为 {found.sha256}，"
                f"应为 {pinned.sha256}。未解包任何内容，请检查 apt 镜像。",
                exit_code=1,
            )


def _libraries(folder: Path) -> Path:
    return next((folder / "root/usr/lib").glob("*-linux-gnu"))


def _linker(folder: Path) -> Path:
    return next(_libraries(folder).glob("ld-linux*.so.*"))


def _argv(folder: Path) -> tuple[str, ...]:
    """The program on its own dynamic linker: its C library is newer than the system's."""
    linker, program = _linker(folder), folder / "root/usr/sbin/asterisk"
    return (str(linker), "--argv0", "asterisk", "--library-path", str(_libraries(folder)), str(program))


def _missing_libraries(folder: Path) -> set[str]:
    """Return the libraries that the program or a module of ours would look for outside the folder.

    The linker would otherwise find the host's own through its cache and fail on some machines only.
    """
    linker, libraries = _linker(folder), _libraries(folder)
    missing: set[str] = set()
    for binary in (folder / "root/usr/sbin/asterisk", *(libraries / "asterisk/modules" / name for name in MODULES)):
        command = (str(linker), "--inhibit-cache", "--library-path", str(libraries), "--list", str(binary))
        listed = subprocess.run(command, capture_output=True, text=True, check=False)
        for line in (listed.stdout + listed.stderr).splitlines():
            if not re.search(rf"linux-vdso|statically linked|(=> |^\s+){re.escape(str(libraries))}/|ld-linux", line):
                name = re.search(r"[\w.+-]+\.so[.\d]*", line)
                missing.add(name[0] if name else line.strip())
    return missing


def _keep_used_modules(folder: Path) -> None:
    """Remove the modules we never load: less to store, and nothing to load by mistake."""
    for module in (_libraries(folder) / "asterisk/modules").glob("*.so"):
        if module.name not in (*MODULES, *REFERENCE_MODULES):
            module.unlink()


def _open_unpacked(folder: Path) -> AsteriskInstall:
    libraries = _libraries(folder)
    return AsteriskInstall(
        argv=_argv(folder),
        modules=libraries / "asterisk/modules",
        data=folder / "root/usr/share/asterisk",
        version=(folder / "version").read_text().strip(),
        is_system=False,
        environ={"OPENSSL_MODULES": str(libraries / "ossl-modules")},
    )


def _upstream(version: str) -> str:
    match = re.match(r"(?:\d+:)?([\d.]+)", version)
    return match[1] if match else version


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Let one process unpack while others wait; the parts are shared between data folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
