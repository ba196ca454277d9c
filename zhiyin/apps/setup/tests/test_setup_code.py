"""The first company is made by who started the server: elsewhere than on the machine itself a code is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string
from structlog.testing import capture_logs

from zhiyin.apps.accounts.models import LoginFailure
from zhiyin.apps.accounts.throttle import MAX_PER_USER, WINDOW
from zhiyin.apps.conftest import Company, Database, environ_of
from zhiyin.apps.setup import demo
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts import setup_codes
from zhiyin.contracts.environment import Environment

JSON = "application/json"
CODE, OTHER = "ABCDE-FGHJK", "ABCDE-FGHJM"
SETUP: dict[str, Any] = {
    "company": {"code": "acme", "name": "艾克公司"},
    "administrator": {"username": "boss", "name": "老板", "password": "long enough 1"},
}


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FRONT_HOST", "0.0.0.0")


@pytest.fixture
def no_code(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The owner's line into an installation whose last start made no code."""
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute("DELETE FROM installation WHERE name = 'setup_code'")
        yield owner
        owner.execute("DELETE FROM installation WHERE name = 'setup_code'")


@pytest.fixture
def code(no_code: psycopg.Connection[Any]) -> str:
    """The code of the last start, kept as the database's owner keeps it."""
    digest = setup_codes.digest_of(CODE, secret_key=settings.SECRET_KEY)
    no_code.execute("INSERT INTO installation (name, value) VALUES ('setup_code', %s)", (digest,))
    return CODE


def stranger(address: str = "198.51.100.7", host: str = "cc.example.com") -> Client:
    return Client(headers={"host": host, "x-forwarded-for": address})


def ask(client: Client, **change: Any) -> tuple[int, str | None]:
    """Try to make the company; return the answer's status and what was refused."""
    answer = client.post("/api/setup", SETUP | change, content_type=JSON)
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"])
def test_who_is_at_the_machine_needs_no_code(nobody: Database, host: str) -> None:
    client = stranger("127.0.0.1", host)
    assert client.get("/api/session").json()["needs_setup_code"] is False
    assert ask(client) == (201, None)


@pytest.mark.parametrize("host", ["localhost", "203.0.113.9:8080", "cc.example.com"])
@pytest.mark.usefixtures("nobody", "wide")
def test_elsewhere_a_stranger_is_refused_and_told_where_the_code_stands(code: str, host: str) -> None:
    """Whoever was quicker than the owner once took a server that was just set up."""
    client = stranger(host=host)
    assert client.get("/api/session").json()["needs_setup_code"] is True
    assert ask(client) == (403, "setup_code_needed")
    assert ask(client, setup_code="  ") == (403, "setup_code_needed")
    refused = client.post("/api/setup", SETUP | {"setup_code": OTHER}, content_type=JSON).json()
    assert (refused["code"], refused["fields"]) == ("setup_code_wrong", {"setup_code": "setup_code_wrong"})
    assert "journalctl -u zhiyin" in refused["title"]
    assert not Tenant.objects.exists()
    assert ask(client, setup_code=code) == (201, None)


@pytest.mark.usefixtures("nobody", "code")
@pytest.mark.parametrize(
    "headers",
    [{"host": "cc.example.com"}, {"host": "localhost", "x-zhiyin-passed-on": "1"}],
    ids=["another name", "said by the proxy"],
)
def test_what_a_proxy_passes_on_from_outside_is_not_who_is_at_the_machine(headers: dict[str, str]) -> None:
    """The front listens here alone, yet others come: by a proxy, or by a page whose own name leads here."""
    client = Client(headers=headers | {"x-forwarded-for": "127.0.0.1"})
    assert client.get("/api/session").json()["needs_setup_code"] is True
    assert ask(client) == (403, "setup_code_needed")
    assert ask(client, setup_code=CODE) == (201, None)


@pytest.mark.usefixtures("nobody", "wide", "code")
@pytest.mark.parametrize(
    "typed", ["abcde-fghjk", "ABCDEFGHJK", " abcde fghjk ", "ＡＢＣＤＥ－ＦＧＨＪＫ", "ABCDE—FGHJK"]
)
def test_the_code_counts_however_it_is_typed(typed: str) -> None:
    assert ask(stranger(), setup_code=typed) == (201, None)


@pytest.mark.usefixtures("nobody", "wide", "code")
def test_a_code_is_worth_nothing_once_there_is_a_company() -> None:
    assert ask(stranger(), setup_code=CODE) == (201, None)
    assert stranger().get("/api/session").json()["needs_setup_code"] is False
    again = {"company": {"code": "acme2", "name": "另一家"}}
    assert ask(stranger(), setup_code=CODE, **again) == (403, "already_set_up")
    assert Tenant.objects.count() == 1


@pytest.mark.usefixtures("nobody", "wide")
def test_beside_the_demo_its_administrator_needs_no_code_and_others_have_no_use_for_one(code: str) -> None:
    demo.create_demo(password="demo password", today=date(2026, 3, 2))
    assert stranger().get("/api/session").json()["needs_setup_code"] is False
    assert ask(stranger(), setup_code=code) == (403, "already_set_up")
    client = stranger()
    login = {"company": "demo", "username": "admin", "password": "demo password"}
    assert client.post("/api/session", login, content_type=JSON).status_code == 200
    assert ask(client) == (201, None)


@pytest.mark.usefixtures("nobody", "wide", "no_code")
def test_where_the_demo_was_removed_nobody_comes_first_before_the_next_start() -> None:
    """No code was ever made: the demo was there at the start."""
    demo.create_demo(password="demo password", today=date(2026, 3, 2))
    client = stranger()
    login = {"company": "demo", "username": "admin", "password": "demo password"}
    client.post("/api/session", login, content_type=JSON)
    assert client.delete("/api/setup/demo").status_code == 204
    assert client.get("/api/session").json()["needs_setup_code"] is True
    assert ask(client) == (403, "setup_code_needed")
    assert ask(client, setup_code=CODE) == (403, "setup_code_wrong")


@pytest.mark.usefixtures("nobody", "wide", "code")
def test_guessing_is_throttled_by_address_and_keeps_no_owner_out() -> None:
    for _ in range(MAX_PER_USER):
        assert ask(stranger(), setup_code=OTHER) == (403, "setup_code_wrong")
    assert ask(stranger(), setup_code=CODE) == (429, "too_many_attempts")
    assert ask(stranger("203.0.113.1")) == (403, "setup_code_needed")
    LoginFailure.objects.update(at=LoginFailure.objects.latest("at").at - WINDOW - timedelta(seconds=1))
    assert ask(stranger(), setup_code=CODE) == (201, None)


@pytest.mark.usefixtures("nobody", "wide", "code")
def test_nobody_can_spend_an_addresss_tries_by_logging_in() -> None:
    body = {"company": "SETUP CODE", "username": "198.51.100.7", "password": "wrong"}
    for _ in range(MAX_PER_USER):
        stranger("203.0.113.1").post("/api/session", body, content_type=JSON)
    assert ask(stranger(), setup_code=CODE) == (201, None)


@pytest.mark.usefixtures("nobody", "wide", "code")
def test_tries_are_logged_without_the_code() -> None:
    with capture_logs() as lines:
        ask(stranger())
        ask(stranger(), setup_code=OTHER)
        ask(stranger(), setup_code=CODE)
    told = [(line["event"], line["address"]) for line in lines if "address" in line]
    events = ["setup_code_missing", "setup_code_wrong", "company_set_up"]
    assert told == [(event, "198.51.100.7") for event in events]
    assert not any(part in str(lines) for part in (*CODE.split("-"), *OTHER.split("-")))


@pytest.mark.usefixtures("nobody", "wide", "code")
def test_the_audit_says_from_where_the_first_administrator_was_made() -> None:
    client = stranger()
    assert ask(client, setup_code=CODE) == (201, None)
    entry = client.get("/api/audit", {"action": "user.created"}).json()["items"][0]
    assert entry["address"] == "198.51.100.7"


def environment(database: Database, **change: str) -> Environment:
    urls = (database.owner, database.engine, database.web)
    named = {f"ZHIYIN_{name.upper()}": value for name, value in change.items()}
    return Environment.from_environ(environ_of(database.data, Path("/nowhere"), *urls) | named)


@pytest.fixture
def empty(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The owner's line into an installation without a company; undone at the end."""
    with psycopg.connect(database.owner) as owner:
        owner.execute("CREATE TEMPORARY TABLE tenancy_tenant (id bigint) ON COMMIT DROP")  # hides the tests' own
        yield owner
        owner.rollback()


def start(given: Environment, owner: psycopg.Connection[Any]) -> None:
    """Do what ``prepare`` does at each start; ``config`` is named, not imported, from this room."""
    import_string("zhiyin.config.first_company.see_to_setup_code")(given, owner)


def kept(owner: psycopg.Connection[Any]) -> str | None:
    row = owner.execute("SELECT value FROM installation WHERE name = 'setup_code'").fetchone()
    return row and row[0]


def test_each_start_says_a_new_code_and_keeps_a_digest_of_it(
    database: Database, empty: psycopg.Connection[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    given = environment(database, http_host="192.0.2.5", http_port="8443")
    codes = []
    for _ in range(2):
        start(given, empty)
        said = capfd.readouterr().out
        codes.append(said.partition("安装码: ")[2].split()[0])
        assert f"http://192.0.2.5:8443/setup#code={codes[-1]}" in said
        digest = kept(empty)
        assert digest is not None
        assert codes[-1] not in digest
        assert setup_codes.does_match(codes[-1], digest, secret_key=given.secret_key)
    assert codes[0] != codes[1]
    assert not setup_codes.does_match(codes[0], kept(empty) or "", secret_key=given.secret_key), "the last one's"


def test_an_installation_with_a_company_says_nothing_and_forgets_the_code(
    database: Database, empty: psycopg.Connection[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    given = environment(database, http_host="0.0.0.0")
    start(given, empty)
    assert "/setup#code=" in capfd.readouterr().out
    empty.execute("INSERT INTO tenancy_tenant VALUES (1)")
    start(given, empty)
    assert (capfd.readouterr().out, kept(empty)) == ("", None)


def test_on_loopback_the_code_says_when_it_is_asked_for(
    database: Database, empty: psycopg.Connection[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    start(environment(database), empty)
    said = capfd.readouterr().out
    assert "localhost" in said
    assert "#code=" not in said


def test_of_several_machines_the_fronts_are_where_the_page_is(
    database: Database,
    empty: psycopg.Connection[Any],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZHIYIN_FRONTS", "192.0.2.8 192.0.2.9")
    start(environment(database, http_host="0.0.0.0", tls_cert="/c", tls_key="/k"), empty)
    links = [line.strip().partition("#")[0] for line in capfd.readouterr().out.splitlines() if "#code" in line]
    assert links == ["https://192.0.2.8:1/setup", "https://192.0.2.9:1/setup"]


def test_who_logs_in_is_never_asked_for_a_code(company: Company) -> None:
    assert company.browser("agent").get("/api/session").json()["needs_setup_code"] is False
