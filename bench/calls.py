"""./dev bench calls: what a handled, recorded call costs us and what it costs Asterisk's own app_queue.

Same machine, same Asterisk, same load, alternating. A call: INVITE, answer, line, agent rung, connected, recorded, the
agent hangs up after ``--talk`` seconds. Counted is a caller who reached an agent. CPU is that of every process that
serves: Asterisk, and on our side the engine and PostgreSQL. Signalling only: no RTP flows.

    ./dev bench calls [--json] [--agents 300] [--rate 50] [--calls 1500] [--rounds 3] [--talk 1.0] [--steps 60,80,100]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec
import psycopg

from bench import asterisk_queue
from bench.sip_load import Agents, Callers
from zhiyin.config.supervisor import postgres
from zhiyin.config.supervisor.asterisk import (
    AsteriskFolder,
    AsteriskInstall,
    AsteriskSettings,
    provision_asterisk,
    write_configuration,
)
from zhiyin.config.supervisor.networks import choose_loopback_port, list_local_addresses
from zhiyin.contracts import commands as c
from zhiyin.contracts.environment import Environment
from zhiyin.contracts.snapshots import (
    AgentSetting,
    FlowSetting,
    NumberSetting,
    QueueSetting,
    SipAccountSetting,
    TenantSettings,
)

NUMBER = asterisk_queue.NUMBER
SECRET = "bench-secret"
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
FLOW = {
    "format": 1,
    "start": "s",
    "nodes": [
        {"id": "s", "kind": "start"},
        {"id": "q", "kind": "queue", "config": {"queue": 1}},
        {"id": "e", "kind": "hang_up"},
    ],
    "edges": [
        {"from": "s", "exit": "next", "to": "q"},
        {"from": "q", "exit": "closed", "to": "e"},
        {"from": "q", "exit": "overflow", "to": "e"},
    ],
}


@dataclass
class Run:
    """One measured run."""

    side: str
    rate: float
    calls: int
    reached: int
    refused: int
    cpu_ms_per_call: dict[str, float]
    retransmissions: int
    free_to_invite_ms: list[float] = field(repr=False, default_factory=list)
    events_per_call: float = 0.0

    @property
    def total_ms(self) -> float:
        return sum(self.cpu_ms_per_call.values())


def cpu_s(pids: list[int]) -> float:
    """Return user and system seconds of the processes and their children so far."""
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / TICKS_A_SECOND
    return total


def tree_of(pid: int) -> list[int]:
    """Return the process and all its descendants."""
    found = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(") ", 1)[1].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += tree_of(int(path.parent.name))
    return found


class Side:
    """One system under load; a context manager that starts and ends its processes."""

    name = ""

    def __init__(self, install: AsteriskInstall, *, agents: int, talk_s: float) -> None:
        self.install = install
        self.agent_count = agents
        self.talk_s = talk_s
        self.folder = Path(tempfile.mkdtemp(prefix="zb-"))
        self.sip_port = choose_loopback_port()
        self.http_port = choose_loopback_port()
        self.password = "bench"
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
            self.processes[name] = subprocess.Popen(argv, stdout=out, stderr=out, env=environ, cwd=self.folder)

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
            agents=self.agent_count,
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
        environment = await asyncio.to_thread(self._start_postgres)
        self.environment = environment
        environ = {**os.environ, **environment.to_environ()}
        prepare = [sys.executable, "-m", "zhiyin.config.main", "prepare", "--no-demo"]
        await asyncio.to_thread(subprocess.run, prepare, env=environ, check=True, capture_output=True)
        self._write_settings()
        await self.start_asterisk()
        self.spawn("engine", [sys.executable, "-m", "zhiyin.config.main", "engine"], environ)
        for _ in range(400):
            if environment.engine_socket.exists():
                break
            await asyncio.sleep(0.05)
        await agents.register()
        await self._sign_in()

    def _start_postgres(self) -> Environment:
        run, cluster, parts = self.folder / "run", self.folder / "pg", bench_parts()
        run.mkdir(exist_ok=True)
        install = postgres.provision_postgres(parts=parts, cluster=cluster)
        as_user = shutil.which("setpriv") if os.geteuid() == 0 else None
        if as_user:
            raise SystemExit("PostgreSQL does not run as root: run the bench as another user (./dev bench does).")
        if not cluster.exists():
            postgres.make_cluster(install, cluster)
        self.spawn("postgres", list(postgres.server_argv(install, cluster=cluster, run=run)), dict(os.environ))
        while not postgres.is_accepting(run):
            pass
        postgres.ensure_roles(run)
        urls = postgres.socket_urls(run)
        return Environment(
            data=self.folder,
            run=run,
            parts=parts,
            db_owner=urls.owner,
            db_engine=urls.engine,
            db_web=urls.web,
            ari_url=f"http://127.0.0.1:{self.http_port}",
            ari_user="zhiyin",
            ari_password=self.password,
            ami_user="zhiyin",
            ami_password=self.password,
            http_host="127.0.0.1",
            http_port=1,
            tls_cert=None,
            tls_key=None,
            sip_host="127.0.0.1",
            sip_port=self.sip_port,
            public_address=None,
            secret_key="00" * 32,
            ticket_key="00" * 32,
            vault_key="00" * 32,
        )

    def _write_settings(self) -> None:
        numbers = range(1, self.agent_count + 1)
        settings = TenantSettings(
            tenant=1,
            code="bench",
            name="bench",
            version=1,
            numbers=(NumberSetting(NUMBER, 1),),
            flows=(FlowSetting(1, 1, "bench", msgspec.Raw(msgspec.json.encode(FLOW))),),
            queues=(QueueSetting(1, "q", "q", tuple(numbers), wrap_up_s=0),),
            agents=tuple(
                AgentSetting(n, f"a{n}", f"a{n}", telephone="sip", sip_account=f"agent{n:04d}") for n in numbers
            ),
            sip_accounts=tuple(SipAccountSetting(f"agent{n:04d}", SECRET, n) for n in numbers),
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
        for number in range(1, self.agent_count + 1):
            wishes += [c.DeskConnected(number, is_connected=True), c.SignIn(number), c.SetReady(number)]
        for number, wish in enumerate(wishes):
            frame = c.encode_frame(c.Request(f"b{number}", 1, None, wish))
            writer.write(len(frame).to_bytes(4, "big") + frame)
            length = int.from_bytes(await reader.readexactly(4), "big")
            reply = c.decode_frame(await reader.readexactly(length))
            assert isinstance(reply, c.Reply)
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


async def measure(side_type: type[Side], install: AsteriskInstall, given: argparse.Namespace, rate: float) -> Run:
    """Start a fresh system, warm it up, put the load on it, and take it down."""
    side = side_type(install, agents=given.agents, talk_s=given.talk)
    try:
        server = ("127.0.0.1", side.sip_port)
        agents = Agents(server, count=given.agents, secret=SECRET, talk_s=given.talk)
        callers = Callers(server, NUMBER)
        await agents.open()
        await callers.open()
        await side.start(agents)
        await callers.call_at(10, 20)
        await callers.until_over(20)
        agents.is_backlogged = lambda: callers.open_calls > given.agents
        reached, events, refused, before = side.reached(), side.events(), callers.refused, side.cpu()
        again = agents.retransmissions + callers.retransmissions
        calls = given.calls
        await callers.call_at(rate, calls)
        await callers.until_over(60)
        after = side.cpu()
        got = side.reached() - reached
        return Run(
            side=side.name,
            rate=rate,
            calls=calls,
            reached=got,
            refused=callers.refused - refused,
            cpu_ms_per_call={name: 1000 * (after[name] - before[name]) / max(1, got) for name in after},
            retransmissions=agents.retransmissions + callers.retransmissions - again,
            free_to_invite_ms=[1000 * s for s in agents.free_to_invite_s],
            events_per_call=(side.events() - events) / max(1, got),
        )
    finally:
        side.stop()


def bench_parts() -> Path:
    return (Path(__file__).parents[1] / ".dev" / "bench-parts").resolve()


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def table(runs: list[Run]) -> str:
    lines = [
        f"{'side':10} {'calls/s':>8} {'reached':>12} {'CPU ms/call':>12} {'of it':40} {'retrans.':>8} {'events':>7}"
    ]
    for run in runs:
        parts = " ".join(f"{name} {value:.2f}" for name, value in run.cpu_ms_per_call.items())
        lines.append(
            f"{run.side:10} {run.rate:8.0f} {run.reached:6}/{run.calls:<5} {run.total_ms:12.2f} {parts:40} "
            f"{run.retransmissions:8} {run.events_per_call:7.1f}"
        )
    return "\n".join(lines)


def report(runs: list[Run], pressed: list[Run], *, as_json: bool) -> None:
    """Print the table and the ratios: medians of the alternated runs."""
    median = {s: statistics.median(r.total_ms for r in runs if r.side == s) for s in ("zhiyin", "app_queue")}
    waits = {s: [w for r in pressed if r.side == s for w in r.free_to_invite_ms] for s in ("zhiyin", "app_queue")}
    best = {
        s: max((r.rate for r in runs + pressed if r.side == s and r.reached == r.calls and not r.refused), default=0.0)
        for s in ("zhiyin", "app_queue")
    }
    summary = {
        "cpu_ms_per_call": median,
        "cpu_ratio": median["zhiyin"] / median["app_queue"],
        "clean_calls_per_s": best,
        "free_to_invite_ms": {
            s: {"n": len(w), "p50": percentile(w, 0.5), "p99": percentile(w, 0.99)} for s, w in waits.items()
        },
    }
    if as_json:
        print(json.dumps({"summary": summary, "runs": [asdict(r) for r in runs + pressed]}))
        return
    print(table(runs + pressed))
    print(f"\nCPU per call, median: zhiyin {median['zhiyin']:.2f} ms, app_queue {median['app_queue']:.2f} ms, ", end="")
    print(f"ratio {summary['cpu_ratio']:.2f}")
    print(f"highest rate at which every caller reached an agent: {best}")
    for side, wait in waits.items():
        p50, p99 = percentile(wait, 0.5), percentile(wait, 0.99)
        print(f"agent free -> INVITE, {side}: n {len(wait)}, p50 {p50:.1f} ms, p99 {p99:.1f} ms")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--calls", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--talk", type=float, default=1.0)
    parser.add_argument("--steps", default="80,110", help="further rates, one run each, for the highest clean rate")
    given = parser.parse_args()
    install = provision_asterisk(bench_parts())
    runs = []
    for _ in range(given.rounds):
        for side in (Ours, AppQueue):
            runs.append(await measure(side, install, given, given.rate))
            print(table(runs[-1:]).splitlines()[1], file=sys.stderr, flush=True)
    pressed = []
    few = argparse.Namespace(**{**vars(given), "agents": max(10, int(given.rate * given.talk * 0.8))})
    pressed += [await measure(side, install, few, given.rate) for side in (Ours, AppQueue)]
    for rate in [float(step) for step in given.steps.split(",") if step]:
        for side in (Ours, AppQueue):
            runs.append(await measure(side, install, given, rate))
            print(table(runs[-1:]).splitlines()[1], file=sys.stderr, flush=True)
    report(runs, pressed, as_json=given.json)


if __name__ == "__main__":
    asyncio.run(main())
