"""A real Asterisk of a test's own, from the product's generated configuration, in a temporary folder on free ports."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.asterisk_adapter import sound
from tests.harness.places import parts_folder
from tests.harness.ports import choose_rtp_ports, choose_test_port
from tests.harness.waiting import wait_until
from zhiyin.config.supervisor.asterisk import (
    AsteriskFolder,
    AsteriskInstall,
    AsteriskSettings,
    provision_asterisk,
    write_configuration,
)
from zhiyin.config.supervisor.networks import choose_loopback_port, list_local_addresses
from zhiyin.engine.adapters.asterisk import AsteriskAddress

#: Any user that owns nothing; Asterisk needs no entry in the user table.
NOBODY = 61000


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@dataclass
class AsteriskInstance:
    """One Asterisk. ``start`` waits until it is booted; ``start`` again keeps ports and secrets."""

    folder: Path
    #: its name, where it is one of several
    node: str = ""
    #: two a leg
    rtp_ports: int = 100
    sip_port: int = field(default_factory=choose_test_port)
    http_port: int = field(default_factory=choose_loopback_port)
    manager_port: int = field(default_factory=choose_loopback_port)
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    install: AsteriskInstall = field(default_factory=lambda: provision_asterisk(parts_folder()))
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> AsteriskAddress:
        return AsteriskAddress(
            url=f"http://127.0.0.1:{self.http_port}",
            ari_user="zhiyin",
            ari_password=self.password,
            manager_user="zhiyin",
            manager_password=self.password,
        )

    @property
    def recordings(self) -> Path:
        return self.folder / "recordings"

    def sound(self, name: str) -> str:
        """Return a sound as Asterisk is given it: "long" is 8 s of 700 Hz, "short" 0.5 s of 900 Hz."""
        return str(self.folder / "sounds" / name)

    @property
    def home(self) -> AsteriskFolder:
        return AsteriskFolder(path=self.folder / "asterisk", run=self.folder / "run")

    def settings(self) -> AsteriskSettings:
        return AsteriskSettings(
            host="127.0.0.1",
            sip_port=self.sip_port,
            rtp_ports=choose_rtp_ports(self.rtp_ports),
            http_port=self.http_port,
            manager_port=self.manager_port,
            ari_user="zhiyin",
            ari_password=self.password,
            ami_user="zhiyin",
            ami_password=self.password,
            music=self.folder / "music",
            local_addresses=list_local_addresses(),
            node=self.node,
        )

    def write(self) -> None:
        write_configuration(install=self.install, folder=self.home, settings=self.settings())
        for name, frequency_hz, seconds in (
            ("sounds/long", 700, 8.0),
            ("sounds/short", 900, 0.5),
            ("music/tune", 1500, 2.0),
        ):
            path = self.folder / f"{name}.alaw"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(sound.encode(sound.tone(frequency_hz, seconds), 8))
        self.recordings.mkdir(exist_ok=True)

    def start(self, *, within_s: float = 20) -> None:
        """Start and wait until ARI answers. Raises ``RuntimeError`` with the log when it does not."""
        self.home.control_socket.unlink(missing_ok=True)
        command = list(self.home.argv(self.install))
        if os.geteuid() == 0 and shutil.which("setpriv"):
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            drop = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--pdeathsig", "KILL"]
            command = [*drop, *command]
        environ = {**os.environ, **self.install.environ, "HOME": str(self.folder)}
        with (self.folder / "stdout").open("ab") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, cwd=self.folder, env=environ)
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"Asterisk did not start:\n{(self.folder / 'stdout').read_text()[-4000:]}")

    def _answers(self) -> bool:
        url = f"{self.address.url}/ari/asterisk/info?api_key=zhiyin:{self.password}"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200) and "fully booted" in self.console("core waitfullybooted").lower()
        except (urllib.error.URLError, OSError):
            return False

    def console(self, command: str) -> str:
        argv = self.home.console_argv(self.install, command)
        environ = {**os.environ, **self.install.environ}
        return subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False, env=environ).stdout

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def freeze(self, *, frozen: bool) -> None:
        """Stop it as a whole, or let it go on: each of its threads stands a moment after the signal only."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)
        if frozen:
            wait_until(self._stands_still, what="Asterisk stands still")

    def _stands_still(self) -> bool:
        assert self.process is not None
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/stat")
        return all(thread.read_text().rpartition(") ")[2].startswith("T") for thread in threads)


if __name__ == "__main__":
    # For experiments by hand: python -m tests.asterisk_adapter.instance FOLDER
    instance = AsteriskInstance(Path(sys.argv[1]).resolve())
    instance.folder.mkdir(exist_ok=True)
    instance.write()
    instance.start()
    print(f"sip {instance.sip_port} ari {instance.address.url} password {instance.password}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        signal.pause()
    finally:
        instance.kill()
