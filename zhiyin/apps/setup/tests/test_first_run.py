"""The first company, the demo, and its removal; a database as a first start finds it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import psycopg
import pytest
from django.db import connection
from django.test import Client

from zhiyin.apps.accounts.models import User
from zhiyin.apps.channels import queries as channels
from zhiyin.apps.conftest import Company, Database, environ_of
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers.places import place_of
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.setup import demo
from zhiyin.apps.setup.demo_people import AFTER_SALES, AGENTS, CUSTOMERS, SALES
from zhiyin.apps.tenancy.actors import system
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.contracts.numbers import normalise_number

JSON = "application/json"
SETUP = {
    "company": {"code": "acme", "name": "艾克公司", "time_zone": "Asia/Shanghai"},
    "administrator": {"username": "boss", "name": "老板", "password": "long enough 1"},
}


@pytest.fixture
def demo_company(nobody: Database) -> Tenant:
    demo.create_demo(password="demo password", today=date(2026, 3, 2))
    return Tenant.objects.get()


def test_a_new_installation_asks_for_its_first_company(nobody: Database) -> None:
    client = Client(headers={"host": "localhost:8080"})
    assert client.get("/api/session").json() == {
        "user": None,
        "company": None,
        "is_new": True,
        "needs_setup_code": False,
        "viewing": None,
        "step": None,
    }
    answer = client.post("/api/setup", SETUP, content_type=JSON)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["user"]["username"], answer.json()["user"]["role"]) == ("boss", "administrator")
    state = client.get("/api/setup/state").json()
    done = {step for step, is_done in state["steps"].items() if is_done}
    assert (done, state["is_dismissed"], state["has_demo"]) == ({"company", "hours"}, False, False)
    reasons = [row["code"] for row in client.get("/api/reasons").json()["items"]]
    assert {"rest", "meal", "meeting", "training"} <= set(reasons)
    assert client.get("/api/dispositions").json()["total"] > 10


def test_nobody_makes_a_second_company_from_outside(company: Company) -> None:
    for client in (Client(), company.browser("agent"), company.browser("administrator")):
        answer = client.post("/api/setup", SETUP, content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (403, "already_set_up")


def test_beside_the_demo_only_its_administrator_makes_a_company(demo_company: Tenant) -> None:
    assert Client().post("/api/setup", SETUP, content_type=JSON).status_code == 403
    client = Client()
    login = {"company": "demo", "username": "admin", "password": "demo password"}
    assert client.post("/api/session", login, content_type=JSON).status_code == 200
    taken = client.post("/api/setup", SETUP | {"company": SETUP["company"] | {"code": "demo"}}, content_type=JSON)
    assert (taken.status_code, taken.json()["fields"]) == (409, {"company.code": "taken"})
    assert client.post("/api/setup", SETUP, content_type=JSON).status_code == 201
    assert client.get("/api/session").json()["company"]["code"] == "acme"


@pytest.mark.parametrize(
    ("part", "change", "status", "field"),
    [
        ("company", {"code": "Acme Inc"}, 422, "company.code"),
        ("company", {"time_zone": "Mars/Olympus"}, 400, "time_zone"),
        ("administrator", {"password": "short"}, 400, "password"),
        ("administrator", {"username": "a b"}, 422, "administrator.username"),
    ],
    ids=["code", "time zone", "password", "user name"],
)
def test_a_wrong_field_is_named_and_nothing_is_made(
    nobody: Database, part: str, change: dict[str, str], status: int, field: str
) -> None:
    body = SETUP | {part: SETUP[part] | change}
    answer = Client(headers={"host": "localhost"}).post("/api/setup", body, content_type=JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])
    assert not Tenant.objects.exists()


def test_the_demo_is_as_promised(demo_company: Tenant) -> None:
    users = User.objects.of(demo_company)
    roles = {user.username: user.role.code for user in users}
    expected = {username: "agent" for username, _ in AGENTS} | {"2001": "lead", "admin": "administrator"}
    assert roles == expected
    names = {row.name: row.pk for row in queues.list_queues(tenant=demo_company)}
    assert names.keys() == {"售后", "销售"}
    members = queues.members_of(tenant_id=demo_company.pk, queue_ids=names.values())
    by_id = {user.pk: user.username for user in users}
    assert {by_id[pk] for pk in members[names["售后"]]} == AFTER_SALES
    assert {by_id[pk] for pk in members[names["销售"]]} == SALES
    assert channels.entries(tenant=demo_company) == [("4008001234", "服务热线")]
    assert customers.search_customers(actor=system(demo_company)).count() == 40
    settings = build_settings(tenant=demo_company)
    assert [(number.number, number.flow) for number in settings.numbers] == [("4008001234", settings.flows[0].id)]
    assert len(settings.agents) == 12


def test_a_changed_password_tells_whose_it_is(demo_company: Tenant) -> None:
    """Nobody knew by which names to log in with it."""
    assert demo.set_demo_password(tenant=demo_company, password="demo password") is None, "they have it already"
    told = demo.set_demo_password(tenant=demo_company, password="other password")
    assert told is not None
    assert told.company == "demo"
    assert [*told.passwords] == [*(username for username, _ in AGENTS), "2001", "admin"]


def test_the_demos_numbers_are_plausible_and_all_different() -> None:
    numbers = [normalise_number(row[4]) for row in CUSTOMERS]
    assert len(set(numbers)) == 40
    assert all(place_of(number).kind in ("mobile", "landline") and place_of(number).zh for number in numbers)


def test_every_demo_user_logs_in_with_the_password_told(nobody: Database) -> None:
    logins = demo.create_demo(password=None, today=date(2026, 3, 2))
    assert len(set(logins.passwords.values())) == 12
    for username in ("1001", "2001", "admin"):
        body = {"company": logins.company, "username": username, "password": logins.passwords[username]}
        assert Client().post("/api/session", body, content_type=JSON).status_code == 200


def test_the_demo_is_removed_in_one_action_and_nothing_else(company: Company) -> None:
    demo.create_demo(password="demo password", today=date(2026, 3, 2))
    tenant = Tenant.objects.get(is_demo=True)
    log_contact(tenant, at=tenant.created_at)
    client = Client()
    login = {"company": "demo", "username": "admin", "password": "demo password"}
    client.post("/api/session", login, content_type=JSON)
    assert client.delete("/api/setup/demo").status_code == 204
    assert client.get("/api/session").json()["user"] is None
    assert _tables_with_rows_of(tenant.pk) == []
    assert Tenant.objects.filter(pk=company.tenant.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'tenant_id' FROM procrastinate_jobs WHERE task_name LIKE '%remove_company%'")
        assert (str(tenant.pk),) in cursor.fetchall()


def _tables_with_rows_of(tenant_id: int) -> list[str]:
    """Return the tables that still hold rows of a company."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant_id)])
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' "
            "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
        )
        names = [name for (name,) in cursor.fetchall()]
        assert len(names) > 20
        left = []
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}" WHERE tenant_id = %s', [tenant_id])
            if cursor.fetchone()[0]:
                left.append(name)
    return left


def test_no_company_but_a_demo_can_be_removed(company: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT remove_demo_company(%s)", [company.tenant.pk])
        assert cursor.fetchone() == (False,)
    answer = company.browser("administrator").delete("/api/setup/demo")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_demo")


def test_the_companys_name_and_clock_are_changed_and_audited(company: Company) -> None:
    client = company.browser("administrator")
    answer = client.put("/api/company", {"name": "新名", "time_zone": "Europe/Berlin"}, content_type=JSON)
    assert (answer.json()["name"], answer.json()["time_zone"]) == ("新名", "Europe/Berlin")
    assert client.put("/api/company", {"time_zone": "Nowhere"}, content_type=JSON).status_code == 400
    entry = client.get("/api/audit", {"kind": "tenant"}).json()["items"][0]
    assert entry["after"] == {"name": "新名", "time_zone": "Europe/Berlin"}


def test_a_later_start_finds_everything_current_without_django(database: Database) -> None:
    """It is started again and again, so it must cost next to nothing."""
    program = (
        "import sys; from zhiyin.config.environment import Environment; from zhiyin.config.prepare import run; "
        "run(Environment.from_environ(), demo=False, demo_password=None); sys.exit('django' in sys.modules)"
    )
    run = database.data.parent / "run"
    environ = dict(os.environ) | environ_of(database.data, run, database.owner, database.engine, database.web)
    command = [sys.executable, "-c", program]
    subprocess.run(command, env=environ, check=False)  # the sources may have changed since the session began
    assert subprocess.run(command, env=environ, check=False).returncode == 0
    with psycopg.connect(database.owner) as owner:
        months = owner.execute(
            "SELECT count(*) FROM pg_class WHERE relname ~ '^event_log_[0-9]{4}_[0-9]{2}$'"
        ).fetchone()
    assert months is not None
    assert months[0] >= 2
