"""An installation whose every part runs on a machine of its own, as docs/ops/scale-out.md says it is set up."""

from __future__ import annotations

import atexit
import functools
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.harness.network import Machine, local_network
from tests.harness.places import parts_folder, run_as_service_user
from tests.harness.product import DEMO_PASSWORD
from tests.harness.waiting import wait_until
from zhiyin.config.supervisor.postgres import OLDEST_MAJOR

SIP_PORT, HTTP_PORT = 5060, 8080
METRICS_PORTS = "engine=9401 web=9402 worker=9403 front=9404 node=9405"
MACHINES = ("database", "engine", "standby", "web", "worker", "front", "edge", "a", "b")
NODES = ("a", "b")


@dataclass
class Installation:
    """``rows`` and ``url`` are what the API's and the desk's harness ask of a product."""

    folder: Path
    machines: dict[str, Machine]
    host: str
    drop: list[str]
    major: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    database_password: str = field(default_factory=lambda: secrets.token_hex(8))
    database_name: str = "zhiyin"

    @property
    def config(self) -> Path:
        return self.folder / "etc" / "zhiyin.conf"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"http://{self.machines['front'].address}:{HTTP_PORT}"

    @property
    def edge(self) -> str:
        return self.machines["edge"].address

    @property
    def database_url(self) -> str:
        at = self.machines["database"].address
        return f"postgresql://postgres:{self.database_password}@{at}/{self.database_name}"

    def rows(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    # --- setting up

    def set_up(self) -> None:
        """Database, description, tables, demo company, the edge's configuration: what is done once."""
        self.set_up_database()
        self.ask("edge", "edge", "--out", str(self.folder / "edge"), "--ctl", str(self.folder / "edge"))

    def set_up_database(self) -> None:
        self.start_database()
        at = {name: machine.address for name, machine in self.machines.items()}
        words = ["new-cluster", "--out", str(self.folder / "etc"), "--database", self.database_url]
        words += ["--node", f"a={at['a']}", "--node", f"b={at['b']}", "--edge", at["edge"], "--data", str(self.data)]
        words += [
            "--engine",
            at["engine"],
            "--engine",
            at["standby"],
            "--web",
            at["web"],
            "--front",
            at["front"],
            "--http-port",
            str(HTTP_PORT),
        ]
        self.ask("engine", *words, has_config=False)
        text = self.config.read_text()
        text = text.replace("/etc/zhiyin/link", str(self.folder / "etc" / "link"))
        text = text.replace(f"ZHIYIN_PARTS={self.data}/parts", f"ZHIYIN_PARTS={parts_folder()}")
        self.config.write_text(f"{text}ZHIYIN_METRICS_PORTS={METRICS_PORTS}\n")
        self.ask("engine", "prepare", "--demo-password", DEMO_PASSWORD)

    def start_all(self) -> None:
        for node in NODES:
            self.start("node", node, on=node)
        self.start_edge()
        for part in ("engine", "web", "worker", "front"):
            self.start(part, on=part)
        self.is_healthy()
        self.start("engine", on="standby")

    def is_healthy(self, *, within_s: float = 30) -> None:
        def is_ok() -> bool:
            with suppress(OSError, ValueError):
                return bool(self.health()["status"] == "ok")
            return False

        try:
            wait_until(is_ok, what="the installation is healthy", within_s=within_s)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.evidence()}") from None

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/api/health", timeout=5) as answer:
            content: dict[str, Any] = msgspec.json.decode(answer.read())
        return content

    # --- programs on machines

    def start(self, part: str, *words: str, on: str, name: str | None = None) -> None:
        argv = [sys.executable, "-P", "-m", "zhiyin.config.cli", part, *words, "--config", str(self.config)]
        self.launch(name or on, on, argv)

    def ask(self, on: str, *words: str, has_config: bool = True, ends_with: int | None = 0) -> str:
        """Run a command to its end, which has this exit code (None: any); return what it said."""
        config = ("--config", str(self.config)) if has_config else ()
        argv = [sys.executable, "-P", "-m", "zhiyin.config.cli", *words, *config]
        done = subprocess.run(
            self._there(on, argv), env=_environ(), capture_output=True, text=True, timeout=120, check=False, cwd="/"
        )
        said = f"{' '.join(words)}:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        assert ends_with in (None, done.returncode), f"exit code {done.returncode}: {said}"
        return done.stdout

    def launch(self, name: str, on: str, argv: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self._there(on, argv), env=_environ(), stdout=log, stderr=log, cwd="/", start_new_session=True
            )

    def start_edge(self) -> None:
        program = shutil.which("kamailio")
        if program is None:
            pytest.skip("kamailio is missing. Run: apt-get install kamailio")
        config = self.folder / "edge" / "kamailio.cfg"
        self.launch("edge", "edge", [program, "-DD", "-E", "-f", str(config), "-P", str(self.folder / "edge" / "pid"),
                                     "-Y", str(self.folder / "edge")])  # fmt: skip

    def start_database(self) -> None:
        programs = postgres_programs(self.major)
        cluster = self.folder / "pg"
        password = self.folder / "password"
        password.write_text(self.database_password)
        password.chmod(0o644)
        environ = {**_environ(), "LC_ALL": "C.UTF-8"}
        make = [str(programs / "initdb"), "-D", str(cluster), "-U", "postgres", "--auth-host=scram-sha-256",
                "--auth-local=trust", "-E", "UTF8",
                f"--pwfile={password}", "--no-sync"]  # fmt: skip
        subprocess.run([*self.drop, *make], check=True, capture_output=True, env=environ, timeout=60)
        with (cluster / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.83.0.0/16 scram-sha-256\n")
        options = ["-c", "listen_addresses=*", "-k", str(self.folder), "-c", "fsync=off", "-c", "max_connections=60"]
        self.launch("database", "database", [str(programs / "postgres"), "-D", str(cluster), *options])
        postgres = self.database_url.replace("/zhiyin", "/postgres")
        wait_until(lambda: _does_accept(postgres), what="the database answers", within_s=20)
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute("CREATE DATABASE zhiyin")

    def stop(self, name: str, *, number: int = signal.SIGTERM, within_s: float = 20) -> int:
        """Send the part a signal and wait for its end."""
        process = self.running.pop(name)
        process.send_signal(number)
        return process.wait(within_s)

    def edge_sees(self) -> dict[str, str]:
        """Return the edge's flags of each node: "AP" takes calls, "IP" is out; both are probed."""
        control = f"unix:{self.folder / 'edge' / 'kamailio_ctl'}"
        said = subprocess.run(
            ["kamcmd", "-s", control, "dispatcher.list"], capture_output=True, text=True, timeout=5, check=True
        )
        addresses = {machine.address: name for name, machine in self.machines.items()}
        found = re.findall(r"URI: sip:([\d.]+):\d+\s+FLAGS: (\w+)", said.stdout)
        return {addresses[address]: flags for address, flags in found}

    def kill_asterisk(self, node: str) -> None:
        """Kill the node's Asterisk alone, as a crash does; its keeper starts it again."""
        os.kill(self.asterisk_pid(node), signal.SIGKILL)

    def asterisk_pid(self, node: str) -> int:
        return int((self.data / "run" / node / "asterisk.pid").read_text())

    def clean_up(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.running.values():
            process.wait(20)

    def evidence(self) -> str:
        """The ends of all logs: for a failing test."""
        logs = sorted([*self.folder.glob("*.log"), *(self.data / "log").glob("*.log")])
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def _there(self, on: str, argv: list[str]) -> list[str]:
        return [*self.machines[on].command, *self.drop, *argv]


def _environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHIYIN_", "PG", "DATABASE_URL"))}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def _does_accept(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def postgres_programs(major: int) -> Path:
    """Return the folder with PostgreSQL's programs of a major version; skip where this machine has none."""
    wheel = [initdb.parent for initdb in sorted(parts_folder().glob(f"postgres-{major}*/**/bin/initdb"))]
    for folder in (Path(f"/usr/lib/postgresql/{major}/bin"), *wheel):
        if (folder / "initdb").exists():
            return folder
    pytest.skip(f"PostgreSQL {major} is not here. Run: apt-get install postgresql-{major}")


@functools.cache
def _spoken_prompts() -> Path:
    """One folder of prompts for all installations of this test run: to speak them takes longer than all the rest."""
    folder = Path(tempfile.mkdtemp(prefix="zy-prompts-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def installation(*, major: int = OLDEST_MAJOR) -> Iterator[Installation]:
    """Machines on which nothing runs yet."""
    if shutil.which("kamailio") is None:
        pytest.skip("kamailio is missing. Run: apt-get install kamailio")
    folder = Path(tempfile.mkdtemp(prefix="zy-m-"))
    folder.chmod(0o755)
    for name in ("data", "etc", "edge"):
        (folder / name).mkdir()
    prompts = _spoken_prompts()
    with local_network(len(MACHINES), has_host=True) as machines, run_as_service_user(folder, prompts) as drop:
        host = machines[0].address.rpartition(".")[0] + ".254"
        found = Installation(folder, dict(zip(MACHINES, machines, strict=True)), host, drop, major)
        (found.data / "prompts").symlink_to(prompts)
        try:
            yield found
        finally:
            found.clean_up()
            shutil.rmtree(folder, ignore_errors=True)
