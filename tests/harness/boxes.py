"""Machines that boot systemd and are set up by the very lines of docs/ops: containers of systemd-nspawn, a disk each.

Debian is installed once and kept beside the other unpacked programs; each machine's own changes lie in a layer above.
What the guides' ``apt-get`` lines name is in it already, and the pages were built by whoever runs the tests.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.network import Machine
from tests.harness.places import ROOT, parts_folder
from tests.harness.waiting import wait_until

#: what a server has after Debian's installer, and what the guides' ``apt-get`` lines add
PACKAGES = (
    "systemd-sysv", "dbus", "iproute2", "procps", "ca-certificates", "python3", "python3-venv", "git", "xz-utils",
    "kamailio", "kamailio-tls-modules", "postgresql",
)  # fmt: skip
#: of these each machine has its own only
OTHERS = ("kamailio", "postgresql")
_PROGRAM = "opt/zhiyin"
#: where machines find the programs that this one has unpacked before
PARTS_THERE = "/srv/parts"
_DATA = "/var/lib/zhiyin/data"
_MADE_WITHIN_S, _ASKED_WITHIN_S, _BOOTED_WITHIN_S = 900, 120, 60
#: by this nspawn says that the machine wants to boot again
_REBOOTS = 133
_HIERARCHIES = ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup")


def guide_blocks(page: str, heading: str, values: Mapping[str, str]) -> list[str]:
    """Return the ``sh`` blocks below a heading of a page in docs, with the given words in the place of its examples."""
    text = (ROOT / "docs" / page).read_text()
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = [
        textwrap.dedent(block) for block in re.findall(r"^ *```sh\n(.*?)^ *```", section, re.DOTALL | re.MULTILINE)
    ]
    for example, value in values.items():
        blocks = [block.replace(example, value) for block in blocks]
    return blocks


def without(block: str, *programs: str) -> str:
    """Return a block without the lines that run one of these."""
    return "\n".join(line for line in block.splitlines() if not line.startswith(programs))


@dataclass
class Box:
    """One machine. ``run`` needs it to be up."""

    name: str
    machine: Machine
    folder: Path
    layers: tuple[Path, ...]
    binds: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return self.machine.address

    def has(self, *services: str) -> None:
        """Say before the first start which of Debian's services this machine has."""
        units = self._disk / "etc" / "systemd" / "system"
        units.mkdir(parents=True)
        for service in OTHERS:
            if service not in services:
                (units / f"{service}.service").symlink_to("/dev/null")
        (self._disk / "etc" / "hostname").write_text(f"{self.name}\n")

    def begin_to_boot(self) -> None:
        for hierarchy in self._hierarchies():
            hierarchy.mkdir(exist_ok=True)
        (self.folder / "root").mkdir(parents=True, exist_ok=True)
        (self.folder / "work").mkdir(exist_ok=True)
        with (self.folder / "console.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "slave", "sh", "-ec", self._script()],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def is_up(self) -> None:
        """Wait until systemd has started what there is to start."""
        wait_until(lambda: self._init() is not None, what=f"{self.name} boots", within_s=_BOOTED_WITHIN_S)
        wait_until(self._has_bus, what=f"{self.name} has its bus", within_s=_BOOTED_WITHIN_S)
        self.run("systemctl is-system-running --wait || true")

    def boot(self) -> None:
        self.begin_to_boot()
        self.is_up()

    def has_gone_down_to_boot(self) -> None:
        """Wait for the end of what ``systemctl reboot`` began."""
        assert self.process is not None
        assert self.process.wait(_ASKED_WITHIN_S) == _REBOOTS

    def run(self, script: str) -> str:
        """Run the lines of a script as root, each of which must succeed; return what they said."""
        done = subprocess.run(
            self._inside("/bin/bash", "-euc", script),
            capture_output=True,
            text=True,
            timeout=_ASKED_WITHIN_S,
            check=False,
        )
        assert done.returncode == 0, (
            f"{self.name}: {script}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}\n{self.evidence()}"
        )
        return done.stdout

    def process_of(self, unit: str) -> int:
        """Return the unit's main process, 0 for none."""
        return int(self.run(f"systemctl show --property MainPID --value {unit}"))

    def journal(self, unit: str) -> str:
        return self.run(f"journalctl --boot --output cat --no-pager --unit {unit}")

    def evidence(self) -> str:
        """The ends of its journal and of what it said while it booted, for a failing test."""
        said = ""
        with suppress(subprocess.SubprocessError, AssertionError):
            asked = self._inside("journalctl", "--no-pager", "-n", "40")
            said = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False).stdout
        return f"--- {self.name}\n{(self.folder / 'console.log').read_text(errors='replace')[-1500:]}\n{said[-6000:]}"

    def clean_up(self) -> None:
        """End it at once: with what keeps the machine alone, its own systemd would go on."""
        for hierarchy in self._hierarchies():
            wait_until(lambda top=hierarchy: _end_group(top), what=f"{self.name} has ended", within_s=20)  # type: ignore[misc]
        if self.process is not None:
            self.process.wait(20)

    @property
    def _disk(self) -> Path:
        return self.folder / "disk"

    def _hierarchies(self) -> list[Path]:
        there = [Path(each) for each in _HIERARCHIES if (Path(each) / "cgroup.procs").exists()]
        return [each / f"zybox-{self.machine.name}" for each in there]

    def _script(self) -> str:
        """Into a control group of its own, a view of the disk that goes with it, and systemd on that."""
        groups = " ".join(shlex.quote(str(each / "cgroup.procs")) for each in self._hierarchies())
        layers = ":".join(str(layer) for layer in self.layers)
        root = self.folder / "root"
        boot = ["systemd-nspawn", "--quiet", f"--directory={root}", "--keep-unit", "--register=no", "--console=pipe",
                f"--machine={self.name}", f"--network-namespace-path=/run/netns/{self.machine.name}",
                "--resolv-conf=off", "--link-journal=no", *self.binds, "--boot"]  # fmt: skip
        return f"""
            for group in {groups}; do echo $$ > $group; done
            mount -t overlay overlay -o lowerdir={layers},upperdir={self._disk},workdir={self.folder}/work {root}
            mkdir -p /run/systemd/nspawn && mount -t tmpfs tmpfs /run/systemd/nspawn
            exec {shlex.join(boot)}
        """

    def _init(self) -> int | None:
        """Return the machine's process 1, as this machine numbers it."""
        assert self.process is not None
        assert self.process.poll() is None, self.evidence()
        with suppress(OSError, ValueError, IndexError):
            (first,) = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            if Path(f"/proc/{first}/comm").read_text().strip() == "systemd":
                return int(first)
        return None

    def _has_bus(self) -> bool:
        return (
            subprocess.run(
                self._inside("systemctl", "list-jobs"), capture_output=True, timeout=20, check=False
            ).returncode
            == 0
        )

    def _inside(self, *words: str) -> list[str]:
        init = self._init()
        assert init is not None, f"{self.name} is not up"
        clean = (
            "/usr/bin/env",
            "-i",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
            "HOME=/root",
            "LC_ALL=C.UTF-8",
        )
        return ["nsenter", f"--target={init}", "--all", *clean, *words]


def _end_group(top: Path) -> bool:
    """Kill what is in a control group and those below; return whether all of them could be removed."""
    for listed in top.rglob("cgroup.procs"):
        for process in listed.read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)
    for folder in sorted((path for path in top.rglob("*") if path.is_dir()), key=lambda path: -len(path.parts)):
        with suppress(OSError):
            folder.rmdir()
    with suppress(OSError):
        top.rmdir()
    return not top.exists()


# --- the disks


def need_programs() -> None:
    """Skip the test where machines cannot be booted."""
    if os.geteuid() != 0:
        pytest.skip("machines that boot need root")
    for program, package in (("systemd-nspawn", "systemd-container"), ("mmdebstrap", "mmdebstrap")):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is missing. Run: apt-get install {package}")
    if not (ROOT / "zhiyin" / "live" / "static" / "index.html").exists():
        pytest.skip("the pages are not built. Run: cd web && npm run build")


def debian() -> Path:
    """Return a Debian with its packages and the program's, made once: the first time takes two minutes."""
    pins = (ROOT / "requirements" / "runtime.txt").read_bytes()
    mark = hashlib.sha256(repr(PACKAGES).encode() + pins).hexdigest()[:12]
    folder = parts_folder() / f"debian-{mark}"
    if folder.exists():
        return folder
    half = Path(tempfile.mkdtemp(prefix="debian-", dir=parts_folder()))
    try:
        made = half / "root"
        _run("mmdebstrap", "--variant=important", f"--include={','.join(PACKAGES)}", "bookworm", str(made))
        (made / "etc" / "machine-id").write_text("")
        lines = program_lines()
        (made / _PROGRAM / "src").mkdir(parents=True)
        shutil.copytree(ROOT / "requirements", made / _PROGRAM / "src" / "requirements")
        _chroot(made, *(line for line in lines if "--no-deps" not in line))
        made.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return folder


def program_lines() -> list[str]:
    """Return what the guide says of installing the program, but for where it comes from and the pages."""
    block = guide_blocks("ops/scale-out.md", "Setting up", {})[0]
    return ["cd /opt/zhiyin/src", *without(block, "apt-get", "git", "npm").splitlines()]


@contextmanager
def program(folder: Path) -> Iterator[Path]:
    """Install this checkout as it lies here; yield the layer with it."""
    base, layer, root, work = debian(), folder / "program", folder / "program-root", folder / "program-work"
    for each in (layer, root, work):
        each.mkdir()
    source = layer / _PROGRAM / "src"
    source.mkdir(parents=True)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, check=True).stdout  # fmt: skip
    taken = [
        name for name in listed.decode().split("\0") if name and not name.startswith("web/") and (ROOT / name).is_file()
    ]
    for name in taken:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name)
    shutil.copytree(ROOT / "zhiyin" / "live" / "static", source / "zhiyin" / "live" / "static")
    _run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={layer},workdir={work}", str(root))
    try:
        _chroot(root, *(line for line in program_lines() if line.startswith("cd ") or "--no-deps" in line))
    finally:
        _run("umount", str(root))
    yield layer


def _chroot(root: Path, *lines: str) -> None:
    """Run lines of the guide where this machine's network, names and certificates count."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") and name != "PIP_FIND_LINKS"}
    certificates = root / "etc" / "ssl" / "certs"
    script = f"""
        mount --bind /etc/ssl/certs {certificates}; mount --bind /proc {root}/proc; mount --bind /dev {root}/dev
        cp -L /etc/resolv.conf {root}/etc/resolv.conf
        exec chroot {root} /bin/bash -euc {shlex.quote(chr(10).join(lines))}
    """
    environ = {"PATH": os.environ["PATH"], "HOME": "/root", "LC_ALL": "C.UTF-8", **kept}
    _run("unshare", "--mount", "--propagation", "slave", "sh", "-ec", script, environ=environ)


def _run(*words: str, environ: dict[str, str] | None = None) -> None:
    done = subprocess.run(words, capture_output=True, text=True, timeout=_MADE_WITHIN_S, check=False, env=environ)
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"


def shared(folder: Path, *names: str) -> tuple[str, ...]:
    """Return nspawn's words for folders that all machines see, and for the programs that were unpacked before."""
    for name in names:
        (folder / name).mkdir(exist_ok=True)
    binds = (f"--bind={folder / name}:{_DATA}/{name}" for name in names)
    return (*binds, f"--bind-ro={parts_folder()}:{PARTS_THERE}")
