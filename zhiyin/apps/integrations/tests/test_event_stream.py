"""The stream of events: read from a place, in order, nothing passed by, nothing beyond one's rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import services as customers
from zhiyin.apps.integrations import keys
from zhiyin.apps.tenancy.scope import inside

RIGHTS = ["events.read", "customers.read"]


@pytest.fixture
def listened(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


def key_client(company: Company, database: Database, rights: list[str]) -> Client:
    with connected_as(database.web), inside(company.tenant):
        fields = {"name": "-".join(rights) or "none", "rights": rights}
        _, text = keys.create_key(actor=company.actor("administrator"), fields=fields)
    return Client(headers={"authorization": f"Bearer {text}"})


def create(company: Company, database: Database, *names: str) -> None:
    for name in names:
        with connected_as(database.web), inside(company.tenant):
            customers.create_customer(actor=company.actor("administrator"), fields={"name": name})


def read(client: Client, database: Database, after: str = "", **more: Any) -> dict[str, Any]:
    with connected_as(database.web):
        answer = client.get("/api/events", {"after": after, **more})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_events_come_in_order_from_where_a_reader_stopped(listened: Company, database: Database) -> None:
    client = key_client(listened, database, RIGHTS)
    start = read(client, database)
    assert start["items"] == []
    create(listened, database, "一", "二", "三")
    first = read(client, database, start["cursor"], limit=2)
    assert [item["data"]["customer"]["name"] for item in first["items"]] == ["一", "二"]
    assert first["items"][-1]["cursor"] == first["cursor"]
    rest = read(client, database, first["cursor"])
    assert [item["data"]["customer"]["name"] for item in rest["items"]] == ["三"]
    assert read(client, database, rest["cursor"])["items"] == []
    again = read(client, database, start["cursor"])
    assert [item["id"] for item in again["items"]] == [item["id"] for item in first["items"] + rest["items"]]


def test_what_an_open_transaction_will_add_is_not_passed_by(listened: Company, database: Database) -> None:
    """A transaction that began earlier and commits later is still read, before what came after it."""
    client = key_client(listened, database, RIGHTS)
    start = read(client, database)
    with psycopg.connect(database.engine) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        create(listened, database, "先")
        hidden = read(client, database, start["cursor"])
        assert hidden["items"] == []
        slow.commit()
    found = read(client, database, hidden["cursor"])
    assert [item["data"]["customer"]["name"] for item in found["items"]] == ["先"]


def test_a_key_hears_only_what_its_rights_allow(listened: Company, database: Database) -> None:
    weak = key_client(listened, database, ["events.read"])
    strong = key_client(listened, database, RIGHTS)
    start = read(strong, database)["cursor"]
    create(listened, database, "一")
    assert read(weak, database, start)["items"] == []
    assert len(read(strong, database, start)["items"]) == 1
    assert read(strong, database, start, types="contact.ended")["items"] == []


def test_statements_do_not_grow_with_the_events(listened: Company, database: Database) -> None:
    client = key_client(listened, database, RIGHTS)
    start = read(client, database)["cursor"]

    def count() -> int:
        with connected_as(database.web):
            with CaptureQueriesContext(connection) as statements:
                assert client.get("/api/events", {"after": start}).json()["items"]
            return len(statements)

    create(listened, database, "一")
    few = count()
    create(listened, database, "二", "三", "四", "五")
    assert count() == few


@pytest.mark.parametrize("after", ["x", "1", "1.", "-1.2", "1.99999999999999999999", "１.2", "9999999999999999999.1"])
def test_a_place_that_is_none_is_refused(company: Company, after: str) -> None:
    answer = company.browser("administrator").get("/api/events", {"after": after})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_another_companys_events_are_not_read(
    listened: Company, database: Database, committed_company: Callable[[], Company]
) -> None:
    other = committed_company()
    client = key_client(other, database, RIGHTS)
    key_client(listened, database, RIGHTS)
    start = read(client, database)["cursor"]
    create(listened, database, "一")
    assert read(client, database, start)["items"] == []
