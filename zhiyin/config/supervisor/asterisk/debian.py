"""Debian packages taken and unpacked without root and without touching the system's own.

apt does the trust: InRelease signed by Debian's archive key, then the index's sums, then each package's. A private
apt folder keeps its lists and cache apart; the machine's ``apt.conf.d`` (proxy, validity) stays in force because
``Dir::Etc`` is not moved. Maintainer scripts never run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhiyin.config.supervisor.asterisk.lock import LockedPackage, sha256_of
from zhiyin.config.supervisor.words import CannotStart

#: where Debian's packages come from when the machine itself is not set up with a Debian mirror
DEFAULT_MIRROR = "http://deb.debian.org/debian"
_KEYRINGS = ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
_APT_TIMEOUT_S = 600
_UNWANTED = tuple(
    f"--exclude=./{path}"
    for path in (
        "etc",
        "var",
        "usr/share/man",
        "usr/share/locale",
        "usr/share/lintian",
        "usr/share/doc/*/[!c]*",
        "usr/share/doc/*/ch*",
    )
)


class DebianFailed(Exception):
    """apt or dpkg refused or failed; the text is theirs."""


@dataclass(frozen=True, slots=True)
class DebianArchive:
    """One suite, seen through a private apt folder."""

    folder: Path
    suite: str
    architecture: str

    def run(self, *command: str, cwd: Path | None = None) -> str:
        environ = {**os.environ, "APT_CONFIG": str(self.folder / "apt.conf"), "LC_ALL": "C"}
        done = subprocess.run(
            command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=_APT_TIMEOUT_S, check=False
        )
        if done.returncode != 0:
            raise DebianFailed(f"{' '.join(command[:3])}: {(done.stderr or done.stdout).strip()[-800:]}")
        return done.stdout

    def versions(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the versions the suite offers of each package, newest first; a package it lacks is absent."""
        found: dict[str, list[str]] = {}
        for line in self.run("apt-cache", "madison", *names).splitlines():
            name, version, _ = (part.strip() for part in line.split("|", 2))
            found.setdefault(name, []).append(version)
        return found

    def closure(self, roots: Iterable[str]) -> tuple[str, ...]:
        """Return every package the roots need, as apt would install them on an empty system."""
        plan = self.run("apt-get", "install", "--simulate", *roots)
        return tuple(line.split()[1] for line in plan.splitlines() if line.startswith("Inst "))

    def download(self, versions: Mapping[str, str], into: Path) -> list[Path]:
        """Fetch the packages and check each against the signed index; return the files, in the names' order."""
        into.mkdir(parents=True, exist_ok=True)
        self.run("apt-get", "--quiet", "download", *(f"{n}={v}" for n, v in versions.items()), cwd=into)
        files = {path.name.partition("_")[0]: path for path in into.glob("*.deb")}
        return [files[name] for name in versions]


def open_archive(folder: Path, suite: str) -> DebianArchive:
    """Set up the private apt folder and fetch the suite's signed index. Raises ``CannotStart``, ``DebianFailed``."""
    for tool, package in (("apt-get", "apt"), ("dpkg-deb", "dpkg"), ("gpgv", "gpgv")):
        if shutil.which(tool) is None:
            raise CannotStart(
                f"Asterisk 22 is missing and cannot be unpacked without {tool}. Install Asterisk 22.4 or later, or: "
                f"apt-get install {package}",
                f"缺少 Asterisk 22，而没有 {tool} 就无法自行解包。请安装 Asterisk 22.4 以上的 22 版，"
                f"或执行：apt-get install {package}",
            )
    keyring = next((path for name in _KEYRINGS if (path := Path("/usr/share/keyrings", name)).exists()), None)
    if keyring is None:
        raise CannotStart(
            "Asterisk 22 comes from Debian, whose signing keys are missing here. "
            "Run: apt-get install debian-archive-keyring",
            "Asterisk 22 取自 Debian，而本机缺少 Debian 的签名公钥。请执行：apt-get install debian-archive-keyring",
        )
    architecture = subprocess.run(
        ("dpkg", "--print-architecture"), capture_output=True, text=True, check=True
    ).stdout.strip()
    mirror = _debian_mirror()
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial", "parts"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text(f"deb [arch={architecture} signed-by={keyring}] {mirror} {suite} main\n")
    (folder / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{folder}/sources.list"; Dir::Etc::sourceparts "{folder}/parts";\n'
        f'Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "{folder}/parts";\n'
        f'Dir::State "{folder}"; Dir::State::lists "{folder}/lists"; Dir::State::status "{folder}/status";\n'
        f'Dir::Cache "{folder}/cache"; APT::Install-Recommends "false"; APT::Architecture "{architecture}";\n'
        f'APT::Architectures "{architecture}"; Acquire::Languages "none"; APT::Sandbox::User "";\n'
        'Acquire::Retries "3"; Acquire::http::Timeout "60";\n'
    )
    archive = DebianArchive(folder=folder, suite=suite, architecture=architecture)
    archive.run("apt-get", "--quiet", "--error-on=any", "update")
    return archive


def _debian_mirror() -> str:
    """The mirror this machine uses where it is a Debian, so that a local mirror serves; else Debian's own."""
    listed = subprocess.run(
        ("apt-get", "indextargets", "--format", "$(REPO_URI)"), capture_output=True, text=True, check=False
    )
    return next((uri for uri in listed.stdout.split() if re.search(r"/debian/?$", uri)), DEFAULT_MIRROR)


def describe(file: Path, architecture: str) -> LockedPackage:
    """Read a package's name and version and sum its file."""
    fields = subprocess.run(
        ("dpkg-deb", "--show", "--showformat", "${Package} ${Version}", str(file)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return LockedPackage(architecture=architecture, name=fields[0], version=fields[1], sha256=sha256_of(file))


def unpack(file: Path, root: Path) -> None:
    """Unpack a package's files below ``root``, of its documentation only the licence."""
    root.mkdir(exist_ok=True)
    link = root / "lib"  # Debian's /lib is a link to /usr/lib; a package may use either name
    if not link.is_symlink():
        link.symlink_to("usr/lib")
    command = ("tar", "--extract", "--directory", str(root), "--no-same-owner", "--keep-directory-symlink", *_UNWANTED)
    with subprocess.Popen(("dpkg-deb", "--fsys-tarfile", str(file)), stdout=subprocess.PIPE) as source:
        done = subprocess.run(command, stdin=source.stdout, capture_output=True, text=True, check=False)
    if source.returncode != 0 or done.returncode != 0:
        raise DebianFailed(f"{file.name} cannot be unpacked: {done.stderr.strip()[-400:]}")
