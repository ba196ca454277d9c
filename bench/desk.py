"""./dev bench desk: how long a desk waits for lists, searches, the screen pop and a save, in a company of years.

A seeded company (500,000 customers, 2,000,000 contacts; ``desk_data.py``) is copied into the product's own tables. Then
each thing a desk asks for is asked of the product's web part over its own socket, as a logged-in person, and in turn
with it the statement that a hand would write for the same rows, as the owner, without rows' security. The screen pops
come as calls do, so many a second whether or not the ones before are answered.

    ./dev bench desk [--json] [--customers 500000] [--interactions 2000000] [--samples 60] [--calls-per-s 50]
                     [--only WORD] [--keep FOLDER]

With ``--keep`` the database stays in the folder, and the next run with the same counts begins at once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg

from bench.database import Database
from bench.machine import bench_parts, cpu_s, tree_of
from zhiyin.config.supervisor.service_user import become_service_user

if TYPE_CHECKING:  # both load Django, which must know the database first
    from bench.desk_data import Company, Made

PASSWORD = "bench-Passw0rd"
START_WITHIN_S = 30
POPS_FOR_S = 20
#: enough hands that a call never waits for one
POP_THREADS = 32


@dataclass(frozen=True)
class Row:
    """One thing a desk asks for. Milliseconds; ``plain_*`` are of the statement by hand."""

    what: str
    samples: int
    p50_ms: float
    p99_ms: float
    plain_p50_ms: float
    plain_p99_ms: float

    @property
    def ratio(self) -> float:
        return self.p50_ms / self.plain_p50_ms if self.plain_p50_ms else 0.0


@dataclass(frozen=True)
class Question:
    """What is asked, with values that ``values`` draws anew for every sample."""

    what: str
    ask: Callable[[httpx.Client, dict[str, Any]], httpx.Response]
    plain: str
    values: Callable[[random.Random], dict[str, Any]]


class Web:
    """The product's web part on its own socket, and people logged in to it."""

    def __init__(self, database: Database) -> None:
        self._environment = database.environment

    @contextmanager
    def running(self) -> Iterator[Web]:
        argv = [sys.executable, "-m", "zhiyin.config.main", "web"]
        environ = {**os.environ, **self._environment.to_environ()}
        with Path(self._environment.data, "web.log").open("wb") as out:
            self.process = subprocess.Popen(argv, env=environ, stdout=out, stderr=out)
        try:
            self._wait()
            yield self
        finally:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            try:
                self.client().get("/api/session").raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"the web part did not start: {self._environment.data / 'web.log'}")

    def client(self) -> httpx.Client:
        transport = httpx.HTTPTransport(uds=str(self._environment.web_socket))
        return httpx.Client(transport=transport, base_url="http://localhost", timeout=60)

    def logged_in(self, username: str) -> httpx.Client:
        client = self.client()
        client.get("/api/session").raise_for_status()
        given = {"company": "demo", "username": username, "password": PASSWORD}
        client.post("/api/session", json=given, headers=_csrf(client)).raise_for_status()
        return client


def _csrf(client: httpx.Client) -> dict[str, str]:
    return {"X-CSRFToken": client.cookies["zhiyin_csrf"]}


def _get(path: str) -> Callable[[httpx.Client, dict[str, Any]], httpx.Response]:
    """Ask for ``path``, its braces filled."""
    return lambda client, values: client.get(path.format(**values))


def _save(client: httpx.Client, values: dict[str, Any]) -> httpx.Response:
    path = f"/api/customers/{values['customer']}"
    return client.patch(path, json={"note": values["note"]}, headers=_csrf(client))


def questions(made: Made, company: Company) -> list[Question]:
    """Return what is measured, one of each kind of list, search and save."""
    from bench.desk_data import GIVEN, SURNAMES  # noqa: PLC0415 - loads Django

    def somebody(chance: random.Random) -> dict[str, Any]:
        customer = made.first_customer + chance.randrange(made.customers)
        return {"customer": customer, "note": f"改于 {chance.randrange(10**6)}", "tenant": company.tenant}

    def typed(chance: random.Random) -> dict[str, Any]:
        return {
            "tenant": company.tenant,
            "initials": "".join(chance.choice("abcdfghjlmqwxyz") for _ in range(3)),
            "part": f"{chance.randrange(10**5):05d}",
            "name": chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN),
            "mail": f"c{made.first_customer + chance.randrange(made.customers)}.",
        }

    def busiest(_: random.Random) -> dict[str, Any]:
        return {"customer": made.busiest, "tenant": company.tenant}

    def agent(chance: random.Random) -> dict[str, Any]:
        return {"tenant": company.tenant, "agent": chance.choice(company.agents), "user": company.users[0]}

    of = "FROM customers_customer WHERE tenant_id = %(tenant)s"
    contacts = "FROM interaction WHERE tenant_id = %(tenant)s"
    return [
        Question(
            "customers, newest",
            _get("/api/customers?page_size=50"),
            f"SELECT *, (SELECT count(*) {of}) {of} ORDER BY changed_at DESC, id DESC LIMIT 50",
            typed,
        ),
        Question(
            "customers by name, page 20",
            _get("/api/customers?page_size=50&sort=name&page=20"),
            f"SELECT *, (SELECT count(*) {of}) {of} ORDER BY name, id LIMIT 50 OFFSET 950",
            typed,
        ),
        Question(
            "search by initials",
            _get("/api/customers?search={initials}&page_size=20"),
            f"SELECT * {of} AND ' ' || pinyin LIKE '%% ' || %(initials)s || '%%' LIMIT 20",
            typed,
        ),
        Question(
            "search by part of a number",
            _get("/api/customers?search={part}&page_size=20"),
            f"""SELECT * {of} AND id IN (SELECT customer_id FROM customers_customernumber
                WHERE tenant_id = %(tenant)s AND digits LIKE '%%' || %(part)s || '%%') LIMIT 20""",
            typed,
        ),
        Question(
            "search by name",
            _get("/api/customers?search={name}&page_size=20"),
            f"SELECT * {of} AND name LIKE '%%' || %(name)s || '%%' LIMIT 20",
            typed,
        ),
        Question(
            "search by mail",
            _get("/api/customers?search={mail}&page_size=20"),
            f"""SELECT * {of} AND id IN (SELECT customer_id FROM customers_customeremail
                WHERE tenant_id = %(tenant)s AND email LIKE %(mail)s || '%%') LIMIT 20""",
            typed,
        ),
        Question(
            "a customer's record",
            _get("/api/customers/{customer}"),
            f"SELECT * {of} AND id = %(customer)s",
            somebody,
        ),
        Question(
            "timeline of 5,000 contacts",
            _get("/api/customers/{customer}/timeline"),
            """SELECT i.* FROM interactions_customerlink l JOIN interaction i ON i.id = l.interaction_id
               WHERE l.tenant_id = %(tenant)s AND l.customer_id = %(customer)s ORDER BY l.at DESC LIMIT 30""",
            busiest,
        ),
        Question(
            "contacts, newest",
            _get("/api/interactions?page_size=50"),
            f"SELECT *, (SELECT count(*) {contacts}) {contacts} ORDER BY started_at DESC LIMIT 50",
            typed,
        ),
        Question(
            "contacts of one agent",
            _get("/api/interactions?agent={agent}&page_size=20"),
            f"""SELECT *, (SELECT count(*) {contacts} AND agent_id = %(agent)s) {contacts} AND agent_id = %(agent)s
                ORDER BY started_at DESC LIMIT 20""",
            agent,
        ),
        Question(
            "contacts by part of a number",
            _get("/api/interactions?search={part}&page_size=20"),
            f"""SELECT * {contacts} AND customer_ref IN (SELECT ref FROM event_personal
                WHERE tenant_id = %(tenant)s AND kind = 'number' AND value LIKE '%%' || %(part)s || '%%')
                ORDER BY started_at DESC LIMIT 20""",
            typed,
        ),
        Question(
            "contacts by a customer's name",
            _get("/api/interactions?search={name}&page_size=20"),
            f"""SELECT * {contacts} AND id IN (SELECT interaction_id FROM interactions_customerlink l
                JOIN customers_customer c ON c.id = l.customer_id WHERE c.name LIKE '%%' || %(name)s || '%%')
                ORDER BY started_at DESC LIMIT 20""",
            typed,
        ),
        Question(
            "missed calls",
            _get("/api/interactions?missed=true&handled=false&page_size=50"),
            f"""SELECT * {contacts} AND direction = 'inbound' AND outcome IN ('abandoned', 'overflowed')
                ORDER BY started_at DESC LIMIT 50""",
            typed,
        ),
        Question(
            "recordings, newest",
            _get("/api/recordings?page_size=50"),
            """SELECT *, (SELECT count(*) FROM recording WHERE tenant_id = %(tenant)s) FROM recording
               WHERE tenant_id = %(tenant)s ORDER BY started_at DESC LIMIT 50""",
            typed,
        ),
        Question(
            "follow-ups due",
            _get("/api/follow-ups?page_size=50"),
            """SELECT *, (SELECT count(*) FROM followups_followup WHERE tenant_id = %(tenant)s AND state = 'planned')
               FROM followups_followup WHERE tenant_id = %(tenant)s AND state = 'planned' ORDER BY due_at LIMIT 50""",
            agent,
        ),
        Question(
            "save a customer",
            _save,
            "UPDATE customers_customer SET note = %(note)s, version = version + 1 WHERE id = %(customer)s RETURNING *",
            somebody,
        ),
    ]


def pop_plain() -> str:
    """Return the one statement that a hand would write for a screen pop."""
    return """
    SELECT c.*, l.* FROM event_personal p
    JOIN customers_customernumber n ON n.tenant_id = p.tenant_id AND n.number = p.value
    JOIN customers_customer c ON c.id = n.customer_id
    LEFT JOIN LATERAL (SELECT i.* FROM interactions_customerlink k JOIN interaction i ON i.id = k.interaction_id
                       WHERE k.tenant_id = p.tenant_id AND k.customer_id = c.id ORDER BY k.at DESC LIMIT 3) l ON true
    WHERE p.tenant_id = %(tenant)s AND p.ref = %(call)s || '-n'
    """


class Bench:
    def __init__(self, web: Web, connection: psycopg.Connection[Any], given: argparse.Namespace) -> None:
        self._web = web
        self._connection = connection
        self._given = given

    def measure(self, question: Question, client: httpx.Client) -> Row:
        """Ask and ask by hand in turn, with the same values."""
        chance = random.Random(f"{self._given.seed} {question.what}")
        ours, plain = [], []
        for sample in range(self._given.samples + 3):
            values = question.values(chance)
            began_s = time.perf_counter()
            question.ask(client, values).raise_for_status()
            asked_s = time.perf_counter()
            self._connection.execute(question.plain.encode(), values).fetchall()
            done_s = time.perf_counter()
            if sample >= 3:  # the first ones warm caches on both sides
                ours.append(1000 * (asked_s - began_s))
                plain.append(1000 * (done_s - asked_s))
        return _row(question.what, ours, plain)

    def pops(self, made: Made, client: httpx.Client) -> list[float]:
        """Ask for a screen pop whenever a call comes; each counts from the moment it should have been asked."""
        per_s: int = self._given.calls_per_s
        count = min(per_s * POPS_FOR_S, len(made.calls))
        client.get(f"/api/interactions/{made.calls[-1]}/pop").raise_for_status()
        begin_s = time.perf_counter() + 0.2

        def pop(number: int) -> float:
            due_s = begin_s + number / per_s
            time.sleep(max(0.0, due_s - time.perf_counter()))
            client.get(f"/api/interactions/{made.calls[number]}/pop").raise_for_status()
            return 1000 * (time.perf_counter() - due_s)

        with ThreadPoolExecutor(POP_THREADS) as hands:
            return list(hands.map(pop, range(count)))

    def pops_beside_hand(self, ours: list[float], made: Made, company: Company) -> Row:
        plain = []
        for call in made.calls[: len(ours)]:
            began_s = time.perf_counter()
            self._connection.execute(pop_plain().encode(), {"tenant": company.tenant, "call": call}).fetchall()
            plain.append(1000 * (time.perf_counter() - began_s))
        return _row(f"screen pop at {self._given.calls_per_s}/s", ours, plain)


def _row(what: str, ours: list[float], plain: list[float]) -> Row:
    return Row(what, len(ours), statistics.median(ours), _p99(ours), statistics.median(plain), _p99(plain))


def _p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


def _company(connection: psycopg.Connection[Any]) -> Company:
    from bench.desk_data import Company  # noqa: PLC0415 - loads Django

    def ids(statement: str) -> tuple[int, ...]:
        return tuple(row[0] for row in connection.execute(statement.encode()).fetchall())

    return Company(
        tenant=ids("SELECT id FROM tenancy_tenant ORDER BY id LIMIT 1")[0],
        users=ids("SELECT id FROM accounts_user ORDER BY id"),
        agents=ids("SELECT id FROM accounts_user WHERE username LIKE '1%' ORDER BY id"),
        queues=ids("SELECT id FROM queues_queue ORDER BY id"),
    )


def _made(connection: psycopg.Connection[Any], company: Company, given: argparse.Namespace, folder: Path) -> Made:
    """Make the company, or take what an earlier run with the same counts left in the folder."""
    from bench.desk_data import Filler, Made, Size  # noqa: PLC0415 - loads Django

    size, kept = Size(given.customers, given.interactions, given.seed), folder / "made.json"
    if kept.exists():
        before = json.loads(kept.read_text())
        if before["size"] == asdict(size):
            return Made(**before["made"])
        raise SystemExit(f"{folder} holds another company: {before['size']}. Give another folder.")
    began_s = time.monotonic()
    made = Filler(connection, company, size).fill()
    sys.stderr.write(f"made in {time.monotonic() - began_s:.0f} s\n")
    kept.write_text(json.dumps({"size": asdict(size), "made": asdict(made)}))
    return made


def run(given: argparse.Namespace, folder: Path) -> list[Row]:
    database = Database(folder)
    database.start()
    try:
        database.prepare(demo_password=PASSWORD)
        _load_django(database)
        with psycopg.connect(database.urls.owner, autocommit=True) as connection:
            company = _company(connection)
            made = _made(connection, company, given, folder)
            with Web(database).running() as web:
                bench = Bench(web, connection, given)
                client = web.logged_in("admin")
                rows = []
                for question in questions(made, company):
                    if given.only in question.what:
                        rows.append(bench.measure(question, client))
                        sys.stderr.write(f"{rows[-1].what}: {rows[-1].p50_ms:.1f} ms\n")
                if given.only in "screen pop":
                    sides = {"the web part": web.process.pid, "PostgreSQL": database.process.pid}
                    before_s = {side: cpu_s(tree_of(pid)) for side, pid in sides.items()}
                    ours = bench.pops(made, client)
                    costs = [
                        f"{1000 * (cpu_s(tree_of(pid)) - before_s[side]) / len(ours):.1f} ms CPU of {side}"
                        for side, pid in sides.items()
                    ]
                    sys.stderr.write(f"a screen pop costs {' and '.join(costs)}\n")
                    rows.append(bench.pops_beside_hand(ours, made, company))
        return rows
    finally:
        database.stop()


def _load_django(database: Database) -> None:
    os.environ.update(database.environment.to_environ())
    os.environ["ZHIYIN_DB_ROLE"] = "owner"
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhiyin.config.settings"
    import django  # noqa: PLC0415

    django.setup()


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench desk")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--customers", type=int, default=500_000)
    parser.add_argument("--interactions", type=int, default=2_000_000)
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--calls-per-s", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="measure what has this in its name")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    data = given.keep or Path(tempfile.gettempdir()) / "zhiyin-bench"
    become_service_user(data=data, parts=bench_parts(), module="bench.desk")
    if given.keep:
        rows = run(given, given.keep)
    else:
        with tempfile.TemporaryDirectory(prefix="zb-") as folder:
            rows = run(given, Path(folder))
    if given.json:
        print(json.dumps([asdict(row) | {"ratio": row.ratio} for row in rows], ensure_ascii=False, indent=2))
        return 0
    print(f"{'':32}{'p50 ms':>10}{'p99 ms':>10}{'by hand p50':>14}{'p99':>10}{'ratio':>8}")
    for row in rows:
        print(
            f"{row.what:32}{row.p50_ms:>10.1f}{row.p99_ms:>10.1f}"
            f"{row.plain_p50_ms:>14.1f}{row.plain_p99_ms:>10.1f}{row.ratio:>8.1f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
