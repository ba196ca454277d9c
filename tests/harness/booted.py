"""Installations on machines that boot systemd: on several as docs/ops/scale-out.md says, and on a single one."""

from __future__ import annotations

import json
import secrets
import shutil
import ssl
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from tests.harness.boxes import PARTS_THERE, Box, debian, guide_blocks, need_programs, program, shared, without
from tests.harness.network import HOST, Machine, local_network
from tests.harness.product import DEMO_PASSWORD
from tests.harness.waiting import wait_until

#: each machine's services of Debian's and the parts that the guide starts there
PARTS: dict[str, tuple[str, ...]] = {
    "database": (),
    "edge": ("zhiyin-edge",),
    "engine": ("zhiyin-engine",),
    "standby": ("zhiyin-engine",),
    "web": ("zhiyin-web", "zhiyin-worker", "zhiyin-front"),
    "a": ("zhiyin-node@a",),
    "b": ("zhiyin-node@b",),
}
_ALL_SEE = ("recordings", "prompts", "spoken")
_SERVES_WITHIN_S = 90


@dataclass
class Booted:
    """``rows``, ``url``, ``edge`` and ``host`` are what the harness of API, desk and callers asks of a product."""

    boxes: dict[str, Box]
    url: str
    edge: str
    host: str
    database_url: str = ""

    def rows(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def health(self) -> dict[str, Any]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with urllib.request.urlopen(f"{self.url}/api/health", timeout=5, context=context) as answer:
            content: dict[str, Any] = json.load(answer)
        return content

    def serves(self) -> None:
        """Wait until everything answers."""

        def is_ok() -> bool:
            with suppress(OSError, ValueError):
                return bool(self.health()["status"] == "ok")
            return False

        try:
            wait_until(is_ok, what="the installation is healthy", within_s=_SERVES_WITHIN_S)
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *(box.evidence() for box in self.boxes.values())])) from None

    def boot(self) -> None:
        for box in self.boxes.values():
            box.begin_to_boot()
        for box in self.boxes.values():
            box.is_up()

    def reboot(self) -> None:
        """All at once, as after a power cut that batteries told of."""
        for box in self.boxes.values():
            box.run("systemctl --no-block reboot")
        for box in self.boxes.values():
            box.has_gone_down_to_boot()
        self.boot()

    def failed_units(self) -> dict[str, str]:
        listed = {
            name: box.run("systemctl list-units --failed --plain --no-legend") for name, box in self.boxes.items()
        }
        return {name: units for name, units in listed.items() if units.strip()}


@contextmanager
def several_machines() -> Iterator[Booted]:
    """Everything that the guide says is done when this is entered, and all parts serve."""
    need_programs()
    with _folder() as folder, local_network(len(PARTS), has_host=True) as machines, program(folder) as layer:
        layers, binds = (layer, debian()), shared(folder, *_ALL_SEE)
        boxes = {
            name: Box(name, machine, folder / name, layers, binds if name not in ("database", "edge") else ())
            for name, machine in zip(PARTS, machines, strict=True)
        }
        for name, box in boxes.items():
            box.has(*{"database": ("postgresql",), "edge": ("kamailio",)}.get(name, ()))
        with ExitStack() as stack:
            for box in boxes.values():
                stack.callback(box.clean_up)
            found = _Steps(folder, boxes, _host(machines)).done()
            found.serves()
            yield found


@dataclass
class _Steps:
    """The guide's steps, in its order."""

    folder: Path
    boxes: dict[str, Box]
    host: str
    password: str = field(default_factory=lambda: secrets.token_hex(8))

    def done(self) -> Booted:
        at = {name: box.address for name, box in self.boxes.items()}
        values = {
            "10.0.0.11": at["a"], "10.0.0.12": at["b"], "10.0.0.10": at["database"], "10.0.0.5": at["edge"],
            "10.0.0.2": at["engine"], "10.0.0.3": at["standby"], "10.0.0.4": at["web"], "203.0.113.5": at["edge"],
            "PASSWORD": self.password, "CARRIER_NET": self.host,
        }  # fmt: skip
        _, machine, edge_besides, describe, give, tables, edge, parts = guide_blocks(
            "ops/scale-out.md", "Setting up", values
        )
        url = f"https://{at['web']}:8443"
        database = f"postgresql://postgres:{self.password}@{at['database']}/zhiyin"
        found = Booted(self.boxes, url, at["edge"], self.host, database)
        found.boot()
        self._make_database()
        for name, box in self.boxes.items():
            if name != "database":
                box.run(without(machine, "apt-get"))
        self.boxes["edge"].run(without(edge_besides, "apt-get"))
        self.boxes["web"].run(_certificate(at["web"], at["edge"]))
        self.boxes["web"].run(describe)
        self.boxes["web"].run(f"sed -i 's,^ZHIYIN_PARTS=.*,ZHIYIN_PARTS={PARTS_THERE},' /etc/zhiyin/zhiyin.conf")
        self._copy_description(give)
        self.boxes["web"].run(tables.replace("prepare", f"prepare --demo --demo-password {DEMO_PASSWORD}"))
        self.boxes["edge"].run(edge)
        self._start(parts)
        return found

    def _make_database(self) -> None:
        self.boxes["database"].run(f"""
            cd /etc/postgresql/15/main
            echo "listen_addresses = '*'" >> postgresql.conf
            echo "host all all 10.83.0.0/16 scram-sha-256" >> pg_hba.conf
            systemctl restart postgresql
            runuser -u postgres -- psql -c "ALTER USER postgres PASSWORD '{self.password}'" -c "CREATE DATABASE zhiyin"
        """)

    def _copy_description(self, give: str) -> None:
        """From one machine to the others, as an administrator's scp would."""
        archive = self.boxes["web"].run("tar -C /etc/zhiyin -c . | base64 -w0")
        for name, box in self.boxes.items():
            if name not in ("database", "web"):
                box.run(f"mkdir -p /etc/zhiyin && echo {archive} | base64 -d | tar -C /etc/zhiyin -x")
            if name != "database":
                box.run(give)

    def _start(self, parts: str) -> None:
        """Each machine's own of the guide's lines; it names node a's and says that b's is the same."""
        said = " ".join(line.partition("#")[0] for line in parts.splitlines())
        for name, box in self.boxes.items():
            units = [unit for unit in PARTS[name] if unit != "zhiyin-edge"]
            assert all(unit.replace("@b", "@a") in said for unit in units), f"the guide does not start {units}"
            if units:
                box.run(f"systemctl enable --now {' '.join(units)}")


@contextmanager
def single_machine() -> Iterator[Booted]:
    """One server, set up by docs/ops.md, with the demo company."""
    need_programs()
    with _folder() as folder, local_network(1, has_host=True) as (machine,), program(folder) as layer:
        box = Box("server", machine, folder / "server", (layer, debian()), shared(folder))
        box.has()
        found = Booted({"server": box}, f"https://{machine.address}:8080", machine.address, _host((machine,)))
        (block,) = guide_blocks("ops.md", "On a server", {})
        try:
            box.boot()
            options = f"--host 0.0.0.0 --tls-self-signed --demo-password {DEMO_PASSWORD}"
            box.run(f"printf 'ZHIYIN_OPTIONS=\"{options}\"\\nZHIYIN_PARTS={PARTS_THERE}\\n' > /etc/default/zhiyin")
            lines = without(
                block, "apt-get", "git", "npm", "/usr/bin/python3", "/opt/zhiyin/.venv/bin/pip", "journalctl"
            )
            box.run(f"cd /opt/zhiyin/src\n{lines}")
            found.serves()
            yield found
        finally:
            box.clean_up()


def _certificate(*addresses: str) -> str:
    names = ",".join(f"IP:{address}" for address in addresses)
    return f"""
        mkdir -p /etc/zhiyin && cd /etc/zhiyin
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=zhiyin -addext subjectAltName={names} \
          -keyout key.pem -out cert.pem
    """


def _host(machines: tuple[Machine, ...]) -> str:
    return f"{machines[0].address.rpartition('.')[0]}.{HOST}"


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zy-boxes-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--recursive", "--quiet", str(folder)], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)
