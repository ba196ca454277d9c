"""The two systems under load, each with processes of its own: ours, and Asterisk's app_queue."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import msgspec
import psycopg

from bench import asterisk_queue
from bench.database import PASSWORD, Database
from bench.machine import cpu_s, tree_of
from bench.many_queues import Layout
from bench.sip_load import Agents
from zhiyin.config.supervisor.asterisk import (
    AsteriskFolder,
    AsteriskInstall,
    AsteriskSettings,
    write_configuration,
)
from zhiyin.config.supervisor.networks import choose_loopback_port, list_local_addresses
from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Reply, Request, decode_frame, encode_frame
from zhiyin.contracts.sealing import TELEPHONE_SECRET, SecretSealer
from zhiyin.contracts.snapshots import (
    AgentSetting,
    FlowSetting,
    NumberSetting,
    QueueSetting,
    SipAccountSetting,
    TenantSettings,
)

SECRET = "bench-secret"


def flow_into(queue: int) -> msgspec.Raw:
    """Return the plainest flow: into the queue."""
    nodes: list[dict[str, object]] = [
        {"id": "s", "kind": "start"},
        {"id": "q", "kind": "queue", "config": {"queue": queue}},
        {"id": "e", "kind": "hang_up"},
    ]
    edges = [
        {"from": "s", "exit": "next", "to": "q"},
        {"from": "q", "exit": "closed", "to": "e"},
        {"from": "q", "exit": "overflow", "to": "e"},
    ]
    return msgspec.Raw(msgspec.json.encode({"format": 1, "start": "s", "nodes": nodes, "edges": edges}))


class Side:
    """One system under load; a context manager that starts and ends its processes."""

    name = ""

    def __init__(self, install: AsteriskInstall, *, layout: Layout, talk_s: float) -> None:
        self.install = install
        self.layout = layout
        self.talk_s = talk_s
        self.folder = Path(tempfile.mkdtemp(prefix="zb-"))
        self.sip_port = choose_loopback_port()
        self.http_port = choose_loopback_port()
        self.password = PASSWORD
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.asterisk = AsteriskFolder(path=self.folder / "asterisk", run=self.folder / "run")
        self.recordings = self.folder / "recordings"
        self.recordings.mkdir()

    def write_asterisk(self) -> None:
        settings = AsteriskSettings(
            host="127.0.0.1",
            sip_port=self.sip_port,
            rtp_ports=(20000, 29999),
            http_port=self.http_port,
            manager_port=choose_loopback_port(),
            ari_user="zhiyin",
            ari_password=self.password,
            ami_user="zhiyin",
            ami_password=self.password,
            music=self.folder / "music",
            local_addresses=list_local_addresses(),
        )
        (self.folder / "music").mkdir(exist_ok=True)
        (self.folder / "music" / "tune.alaw").write_bytes(b"\xd5" * 80000)
        write_configuration(install=self.install, folder=self.asterisk, settings=settings)

    async def start_asterisk(self) -> None:
        environ = {**os.environ, **self.install.environ, "HOME": str(self.folder)}
        self.spawn("asterisk", list(self.asterisk.argv(self.install)), environ)
        for _ in range(400):
            argv = [*self.asterisk.console_argv(self.install, "core waitfullybooted")]
            answer = await asyncio.to_thread(
                subprocess.run, argv, capture_output=True, text=True, check=False, env=environ
            )
            if "fully booted" in answer.stdout.lower():
                return
            await asyncio.sleep(0.05)
        raise RuntimeError("Asterisk did not start")

    def spawn(self, name: str, argv: list[str], environ: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as out:
            self.processes[name] = subprocess.Popen(
                argv, stdout=out, stderr=out, env=environ, cwd=self.folder, start_new_session=True
            )

    def cpu(self) -> dict[str, float]:
        return {name: cpu_s(tree_of(process.pid)) for name, process in self.processes.items()}

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def start(self, agents: Agents) -> None:
        raise NotImplementedError

    def reached(self) -> int:
        raise NotImplementedError

    def events(self) -> int:
        return 0


class AppQueue(Side):
    name = "app_queue"

    async def start(self, agents: Agents) -> None:
        self.write_asterisk()
        asterisk_queue.configure(
            self.asterisk.path / "conf",
            self.install,
            layout=self.layout,
            agents_port=agents.port,
            recordings=self.recordings,
        )
        await self.start_asterisk()

    def reached(self) -> int:
        log = self.asterisk.path / "log" / "queue_log"
        return log.read_text().count("|CONNECT|") if log.exists() else 0


class Ours(Side):
    name = "zhiyin"

    async def start(self, agents: Agents) -> None:
        self.write_asterisk()
        database = Database(self.folder)
        await asyncio.to_thread(database.start)
        self.processes["postgres"] = database.process
        environment = self.environment = replace(
            database.environment,
            ari_url=f"http://127.0.0.1:{self.http_port}",
            sip_port=self.sip_port,
        )
        environ = {**os.environ, **environment.to_environ()}
        await asyncio.to_thread(database.prepare)
        self._write_settings()
        await self.start_asterisk()
        self.spawn("engine", [sys.executable, "-m", "zhiyin.config.main", "engine"], environ)
        for _ in range(400):
            if environment.engine_socket.exists():
                break
            await asyncio.sleep(0.05)
        await agents.register()
        await self._sign_in()

    def _write_settings(self) -> None:
        numbers = range(1, self.layout.agents + 1)
        queues = range(1, self.layout.queues + 1)
        sealer = SecretSealer(bytes.fromhex(self.environment.vault_key))
        sealed = sealer.seal(SECRET, tenant=1, purpose=TELEPHONE_SECRET)
        settings = TenantSettings(
            tenant=1,
            code="bench",
            name="bench",
            version=1,
            numbers=tuple(NumberSetting(number, flow) for flow, number in enumerate(self.layout.numbers, start=1)),
            flows=tuple(FlowSetting(queue, 1, f"bench{queue}", flow_into(queue)) for queue in queues),
            queues=tuple(
                QueueSetting(queue, f"q{queue}", f"q{queue}", self.layout.members_of(queue - 1), wrap_up_s=0)
                for queue in queues
            ),
            agents=tuple(
                AgentSetting(n, f"a{n}", f"a{n}", telephone="sip", sip_account=f"agent{n:04d}") for n in numbers
            ),
            sip_accounts=tuple(SipAccountSetting(f"agent{n:04d}", sealed, n) for n in numbers),
        )
        body = msgspec.json.encode(settings).decode()
        with psycopg.connect(self.environment.db_owner) as connection:
            connection.execute(
                "INSERT INTO engine_settings (tenant_id, version, body, changed_at) VALUES (1, 1, %s::jsonb, now())",
                (body,),
            )

    async def _sign_in(self) -> None:
        reader, writer = await asyncio.open_unix_connection(str(self.environment.engine_socket))
        wishes: list[c.Command] = []
        for number in range(1, self.layout.agents + 1):
            wishes += [c.DeskConnected(number, is_connected=True), c.SignIn(number), c.SetReady(number)]
        for number, wish in enumerate(wishes):
            frame = encode_frame(Request(f"b{number}", 1, None, wish))
            writer.write(len(frame).to_bytes(4, "big") + frame)
            length = int.from_bytes(await reader.readexactly(4), "big")
            reply = decode_frame(await reader.readexactly(length))
            assert isinstance(reply, Reply)
            if reply.problem is not None:
                raise RuntimeError(f"{wish}: {reply.problem.code}")
        writer.close()

    def _count(self, where: str) -> int:
        with psycopg.connect(self.environment.db_owner) as connection:
            row = connection.execute(f"SELECT count(*) FROM event_log {where}").fetchone()
        assert row is not None
        return int(row[0])

    def reached(self) -> int:
        return self._count("WHERE type = 'SegmentStarted'")

    def events(self) -> int:
        return self._count("")
