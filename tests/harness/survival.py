"""A product under load of calls while its parts are killed and frozen, and what must hold all the same.

The load is signalling only: agents on SIP telephones that answer at once and hang up after a while, callers some of
whom give up. Everything random comes from one seed.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.sip_load import Agents, Callers
from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.failures import (
    children_of,
    cut_off_from_database,
    full_disk,
    is_well,
    leader,
    out_of_descriptors,
    signal_to,
)
from tests.harness.product import Product
from tests.harness.waiting import until
from zhiyin.config.reconcile.asterisk_checks import AsteriskDoor
from zhiyin.config.reconcile.audit import Subject, audit
from zhiyin.config.supervisor.engine_link import leader_pid
from zhiyin.config.supervisor.postgres import socket_urls
from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Reply, Request, decode_frame, encode_frame
from zhiyin.contracts.links import socket_link
from zhiyin.domain.leadership import LEASE_S

if TYPE_CHECKING:
    from tests.harness.link_rounds import Cut

NUMBER = "4008005555"
_GRAPH = {
    "format": 1,
    "start": "s",
    "nodes": [
        {"id": "s", "kind": "start", "config": {}, "position": {"x": 0, "y": 0}},
        {"id": "q", "kind": "queue", "config": {}, "position": {"x": 0, "y": 100}},
        {"id": "e", "kind": "hang_up", "config": {}, "position": {"x": 0, "y": 200}},
    ],
    "edges": [
        {"from": "s", "exit": "next", "to": "q"},
        {"from": "q", "exit": "closed", "to": "e"},
        {"from": "q", "exit": "overflow", "to": "e"},
    ],
}


@dataclass
class Load:
    """Agents and callers of one company on a product."""

    product: Product
    tenant: int
    queue: int
    agent_ids: list[int]
    agents: Agents
    callers: Callers
    random: random.Random
    #: answered calls that ended while their agent had not hung up
    cut: list[str] = field(default_factory=list)
    _requests: int = 0

    def __post_init__(self) -> None:
        self.agents.on_cut = self._note_cut

    def _note_cut(self, call_id: str) -> None:
        if self.agents.is_talking(call_id):
            self.cut.append(call_id)

    async def ask(self, *wishes: c.Command, within_s: float = 40) -> list[Reply]:
        """Send commands to the engine that leads, one after the other."""
        replies = []
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_unix_connection(str(self.product.run_folder / "engine.sock"))
            try:
                for wish in wishes:
                    self._requests += 1
                    request = Request(f"s{time.time_ns()}-{self._requests}", self.tenant, None, wish)
                    frame = encode_frame(request)
                    writer.write(struct.pack(">I", len(frame)) + frame)
                    (length,) = struct.unpack(">I", await reader.readexactly(4))
                    reply = decode_frame(await reader.readexactly(length))
                    assert isinstance(reply, Reply)
                    replies.append(reply)
            finally:
                writer.close()
        return replies

    async def be_ready(self) -> None:
        """Bring every agent to its telephone and to ready, whatever the last fault left."""
        deadline = time.monotonic() + 40
        while not await self._are_registered():
            assert time.monotonic() < deadline, f"telephones cannot register\n{self.product.evidence()}"
        missing = list(self.agent_ids)
        while missing:
            assert time.monotonic() < deadline, f"agents cannot become ready: {missing}\n{self.product.evidence()}"
            wishes: list[c.Command] = []
            for agent in missing:
                wishes += [c.DeskConnected(agent, is_connected=True), c.SignIn(agent), c.SetReady(agent)]
            replies = await self.ask(*wishes)
            missing = [agent for agent, reply in zip(missing, replies[2::3], strict=True) if reply.problem is not None]
            if missing:
                await asyncio.sleep(0.2)

    async def _are_registered(self) -> bool:
        """Try for a moment: the engine makes the identities of new telephones, and of a new Asterisk, by and by."""
        try:
            async with asyncio.timeout(2):
                await self.agents.register()
        except TimeoutError:
            return False
        return True

    async def call(self, *, rate: float, count: int) -> None:
        """Begin calls at random intervals around ``1 / rate``; one in eight gives up after some seconds."""
        for _ in range(count):
            call_id = self.callers.call()
            if self.random.random() < 1 / 8:
                after_s = self.random.uniform(0.2, 4)
                asyncio.get_running_loop().call_later(after_s, self.callers.give_up, call_id)
            await asyncio.sleep(self.random.expovariate(rate))


@asynccontextmanager
async def load_on(product: Product, *, agents: int, seed: int, talk_s: float = 2.5) -> AsyncIterator[Load]:
    """Make a queue with agents of its own on SIP telephones, and sign them in."""
    chosen = random.Random(seed)
    with Api(product, ADMINISTRATOR) as api:
        ids, secrets = await asyncio.to_thread(_make_agents, api, agents)
        queue = api.ask("POST", "/queues", {"name": f"压力{seed}", "members": ids, "wrap_up_s": 0})["id"]
        nodes = [{**node, "config": {"queue": queue}} if node["id"] == "q" else node for node in _GRAPH["nodes"]]
        graph = {**_GRAPH, "nodes": nodes}
        flow = api.ask("POST", "/flows", {"name": f"压力{seed}", "graph": graph})["id"]
        api.ask("POST", f"/flows/{flow}/publish")
        api.ask("POST", "/numbers", {"number": NUMBER, "flow_id": flow})
    (row,) = product.rows("SELECT tenant_id FROM queues_queue WHERE id = %s", queue)
    server = ("127.0.0.1", product.sip_port)
    telephones = Agents(server, secret=secrets, talk_s=lambda: chosen.uniform(0.4 * talk_s, 1.6 * talk_s))
    callers = Callers(server, NUMBER)
    await telephones.open()
    await callers.open()
    load = Load(product, row["tenant_id"], queue, ids, telephones, callers, chosen)
    await load.be_ready()
    try:
        yield load
    finally:
        telephones.transport.close()
        callers.transport.close()


def _make_agents(api: Api, count: int) -> tuple[list[int], dict[str, str]]:
    ids, secrets = [], {}
    for number in range(count):
        user = {"username": f"s{number:03d}", "name": f"压力{number}", "password": "Stress-Passw0rd"}
        made = api.ask("POST", "/users", user)
        line = {"extension": f"{7000 + number}", "label": "压力", "agent_id": made["id"]}
        telephone = api.ask("POST", "/telephones", line)
        api.ask("PATCH", f"/users/{made['id']}", {"telephone": "sip"})
        ids.append(made["id"])
        secrets[telephone["account"]] = telephone["secret"]
    return ids, secrets


# --- what is done to the product


@dataclass(frozen=True)
class Fault:
    """``part`` is ended, or stopped for ``frozen_s``, or may open nothing more for ``full_s``: no file, no connection.

    ``engine`` means whichever leads; ``disk`` the one that all parts write to, full for ``full_s``. ``is_cut_off``: an
    engine that may open nothing more loses all that it has open to the database besides.
    """

    part: str
    frozen_s: float = 0.0
    full_s: float = 0.0
    is_cut_off: bool = False

    def __str__(self) -> str:
        if self.part == "disk":
            return "disk full"
        if self.full_s:
            return f"{self.part} out of descriptors{', cut off' if self.is_cut_off else ''}"
        return f"{self.part} {'frozen' if self.frozen_s else 'killed'}"

    @property
    def label(self) -> str:
        return f"{self} {self.frozen_s:g} s" if self.frozen_s else str(self)

    @property
    def may_cut_calls(self) -> bool:
        """Only Asterisk's own end ends the calls that it carries."""
        return self.part == "asterisk" and not self.frozen_s and not self.full_s

    @property
    def ends_the_leader(self) -> bool:
        return self.part == "engine" and not self.full_s and (not self.frozen_s or self.frozen_s > LEASE_S)

    async def strike(self, product: Product) -> None:
        if self.part == "disk":
            with full_disk(product.folder):
                await asyncio.sleep(self.full_s)
            return
        pids = await asyncio.to_thread(self._pids, product)
        if self.full_s:
            with out_of_descriptors(pids[0]):
                if self.is_cut_off:
                    await asyncio.to_thread(cut_off_from_database, product, pids[0])
                await asyncio.sleep(self.full_s)
            return
        if not self.frozen_s:
            for pid in pids:
                signal_to(pid, signal.SIGKILL)
            return
        for pid in pids:
            signal_to(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(self.frozen_s)
        finally:
            for pid in reversed(pids):
                signal_to(pid, signal.SIGCONT)

    def _pids(self, product: Product) -> list[int]:
        if self.part == "engine":
            return [leader(product)]
        pid = product.pids()[self.part]
        if self.part != "postgres":
            return [pid]
        if self.frozen_s:
            os.kill(pid, signal.SIGSTOP)  # first, so that no process of it comes new
        return [pid, *children_of(pid)]


@dataclass
class Round:
    """One fault under load: what was broken, and how long control was away."""

    fault: Fault | Cut
    at_s: float
    calls: int
    violations: list[str]
    control_back_s: float
    cut: int


async def strike_under_load(load: Load, fault: Fault, *, calls: int, rate: float, quiet_within_s: float = 60) -> Round:
    """Put calls on, strike at a random instant, wait until all is quiet, then reconcile."""
    product, since = load.product, datetime.now(UTC)
    load.cut.clear()
    given_up = load.callers.given_up
    at_s = load.random.uniform(0.2, calls / rate)
    calling = asyncio.create_task(load.call(rate=rate, count=calls))
    await asyncio.sleep(at_s)
    answered_at = _watch_control(product, before=await _leader_or_none(product) if fault.ends_the_leader else None)
    struck_at = time.monotonic()
    striking = asyncio.create_task(fault.strike(product))
    await asyncio.sleep(0.05)  # struck
    watching = asyncio.create_task(answered_at)
    await striking
    control_back_s = await watching - struck_at
    if fault.may_cut_calls:
        load.agents.forget_calls()
        load.callers.forget_calls()
    await calling
    violations: list[str] = []
    if not await load.callers.are_over(quiet_within_s):
        violations.append(f"{load.callers.open_calls} callers are stuck; {await _standing(load)}")
        load.callers.give_up_all()
    try:
        await until(lambda: _is_well(product), what="all is well again", within_s=60)
        await until(lambda: _is_quiet(product, load.tenant), what="no contact is open", within_s=30)
    except AssertionError as error:
        violations.append(str(error))
    if not fault.may_cut_calls:
        violations += _cut_calls(load, since, given_up=load.callers.given_up - given_up)
    subject = Subject(
        database_url=socket_urls(product.run_folder).owner,
        recordings=product.data / "recordings",
        asterisk=AsteriskDoor.of_folder(product.data / "asterisk"),
        has_sound=False,
        has_figures=False,
    )
    report = await asyncio.to_thread(audit, subject, since=since)
    violations += [f"{finding.code} {finding.subject}: {finding.en}" for finding in report.findings]
    violations += await asyncio.to_thread(_places_lost, product, load.tenant, since)
    return Round(fault, at_s, calls, violations, control_back_s, len(load.cut))


async def _standing(load: Load) -> str:
    """Where agents and contacts stand now, for a failing round."""
    rows = await asyncio.to_thread(
        load.product.rows,
        """SELECT DISTINCT ON (body->>'agent') body->>'state' AS state, body->>'reason' AS reason FROM event_log
            WHERE type = 'AgentStateChanged' AND tenant_id = %s AND (body->>'agent')::bigint = ANY(%s)
            ORDER BY body->>'agent', epoch DESC, number DESC""",
        load.tenant,
        load.agent_ids,
    )
    contacts = await asyncio.to_thread(
        load.product.rows,
        """SELECT DISTINCT ON (stream) stream, type, at::text FROM event_log JOIN open_stream USING (tenant_id, stream)
            WHERE tenant_id = %s ORDER BY stream, epoch DESC, seq DESC""",
        load.tenant,
    )
    agents = sorted(f"{row['state']} {row['reason'] or ''}".strip() for row in rows)
    return f"agents: {agents}; contacts: {[(row['stream'], row['type'], row['at']) for row in contacts]}"


def _cut_calls(load: Load, since: datetime, *, given_up: int) -> list[str]:
    """No answered call ends but by one of its parties: agents were hung up on as often as customers hung up."""
    rows = load.product.rows(
        """SELECT e.body->>'by' AS by, e.body->>'reason' AS reason, count(s.stream) AS answered, count(*) AS n
             FROM event_log e LEFT JOIN (SELECT DISTINCT stream FROM event_log WHERE type = 'SegmentStarted') s
                  USING (stream)
            WHERE e.tenant_id = %s AND e.at >= %s AND e.type = 'InteractionEnded' GROUP BY 1, 2""",
        load.tenant,
        since,
    )
    wrong = [f"{row['answered']} answered calls ended by {row['by']}: {row['reason']}" for row in rows
             if row["answered"] and (row["by"] not in ("customer", "agent") or row["reason"] != "hangup")]  # fmt: skip
    by_customers = sum(row["n"] for row in rows if row["by"] == "customer")
    at_agents = _customers_gone_from_agents(load, since)
    if by_customers > given_up:
        wrong.append(f"{by_customers} calls are told to be ended by customers, {given_up} customers gave up")
    if len(load.cut) > at_agents:
        wrong.append(f"{len(load.cut)} agents were hung up on, {at_agents} customers had hung up")
    return wrong


def _customers_gone_from_agents(load: Load, since: datetime) -> int:
    """Count who hung up on an agent: in talk, or when the agent's answer was not yet on record (a slow database)."""
    (row,) = load.product.rows(
        """SELECT count(*) AS n FROM event_log e
            WHERE e.tenant_id = %s AND e.at >= %s AND e.type = 'InteractionEnded' AND e.body->>'by' = 'customer'
              AND EXISTS (SELECT FROM event_log o WHERE o.tenant_id = e.tenant_id AND o.stream = e.stream
                             AND (o.type = 'SegmentStarted'
                                  OR (o.type = 'OfferEnded' AND o.body->>'outcome' = 'customer_gone')))""",
        load.tenant,
        since,
    )
    return int(row["n"])


async def _leader_or_none(product: Product) -> int | None:
    return await leader_pid(socket_link(product.run_folder / "engine.sock"))


async def _watch_control(product: Product, *, before: int | None) -> float:
    """Return when an engine (another one than ``before``) answers a question."""
    link = socket_link(product.run_folder / "engine.sock")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(TimeoutError):
            if await asyncio.wait_for(leader_pid(link), 1) not in (None, before):
                return time.monotonic()
        await asyncio.sleep(0.02)
    return float("inf")


def _is_well(product: Product) -> bool:
    try:
        return is_well(product)
    except OSError:
        return False


def _is_quiet(product: Product, tenant: int) -> bool:
    try:
        (row,) = product.rows("SELECT count(*) AS n FROM open_stream WHERE tenant_id = %s", tenant)
    except Exception:
        return False
    return bool(row["n"] == 0)


def _places_lost(product: Product, tenant: int, since: datetime) -> list[str]:
    """A caller's place and waiting time are kept: nobody joins the line twice."""
    rows = product.rows(
        """SELECT stream, count(*) AS n FROM event_log WHERE tenant_id = %s AND at >= %s AND type = 'QueueEntered'
           GROUP BY stream HAVING count(*) > 1""",
        tenant,
        since,
    )
    return [f"{row['stream']} joined the line {row['n']} times" for row in rows]
