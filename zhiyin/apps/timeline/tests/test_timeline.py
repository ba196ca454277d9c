"""The timeline: one order over all sources, pages that neither repeat nor miss, filters, and a bounded cost."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiyin.apps.audit import services as audit
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.followups import services as followups
from zhiyin.apps.followups.notes import write_note
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.timeline.merging import Cursor, Head, Wanted, merge, read_cursor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ListSource:
    """A source whose entries stand in a list of (minute, id)."""

    channels = frozenset[str]()

    def __init__(self, kind: str, entries: Sequence[tuple[int, int]]) -> None:
        self.kind = kind
        self.entries = [Head(NOW + timedelta(minutes=at), kind, str(pk), (kind, pk)) for at, pk in entries]

    def heads(self, actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int) -> list[Head]:
        last = Head(before.at, before.kind, before.id, None).rank if before else None
        rows = [head for head in self.entries if last is None or head.rank < last]
        return sorted(rows, key=lambda head: head.rank, reverse=True)[:limit]

    def shape(self, actor: Actor, rows: Sequence[Any]) -> Sequence[Any]:
        return rows


entries = st.sets(st.tuples(st.integers(0, 5), st.integers(1, 12)), max_size=12)


@given(a=entries, b=entries, c=entries, limit=st.integers(1, 7))
def test_pages_put_together_are_the_whole_in_order(
    a: set[tuple[int, int]], b: set[tuple[int, int]], c: set[tuple[int, int]], limit: int
) -> None:
    sources = [ListSource(kind, sorted(rows, key=str)) for kind, rows in (("x", a), ("y", b), ("z", c))]
    everything = sorted((head for s in sources for head in s.entries), key=lambda head: head.rank, reverse=True)
    seen: list[Head] = []
    before: Cursor | None = None
    while True:
        page, following = merge(sources, None, Wanted(1), before=before, limit=limit)  # type: ignore[arg-type]
        seen += [head for head, _ in page]
        assert [entry for _, entry in page] == [head.row for head, _ in page]
        if following is None:
            break
        before = read_cursor(following.to_text())
    assert [head.rank for head in seen] == [head.rank for head in everything]


@pytest.fixture
def customer(company: Company) -> int:
    return int(customers.create_customer(actor=company.system, fields={"name": "张小明"}).pk)


def fill(company: Company, customer: int, count: int, *, seed: int = 1) -> None:
    dice = random.Random(seed)
    actor = company.actor("agent")
    for n in range(count):
        at = NOW + timedelta(minutes=dice.randrange(20))
        write_note(actor=actor, customer_id=customer, interaction_id=None, text=f"n{n}", mentions=[], now=at)
        planned = {"subject": f"f{n}", "due_at": at}
        followups.plan_follow_up(actor=actor, customer_id=customer, fields=planned, now=NOW)
        audit.record(
            actor=actor,
            action="customer.changed",
            kind="customer",
            subject=customer,
            before={"a": n},
            after={"a": -1},
            at=at,
        )


def read(company: Company, customer: int, role: str = "agent", **query: Any) -> dict[str, Any]:
    answer = company.browser(role).get(f"/api/customers/{customer}/timeline", query)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page_size=st.integers(1, 9), seed=st.integers(0, 99))
def test_every_entry_of_the_database_is_on_exactly_one_page(
    company: Company, customer: int, page_size: int, seed: int
) -> None:
    """Many at the same instant, of several kinds: the cursors' conditions in SQL are those of the order."""
    fill(company, customer, 3, seed=seed)
    whole = read(company, customer, page_size=100)
    keys = [(row["kind"], row["id"]) for row in whole["items"]]
    seen: list[tuple[str, str]] = []
    cursor = ""
    while True:
        page = read(company, customer, page_size=page_size, before=cursor)
        seen += [(row["kind"], row["id"]) for row in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen))
    assert seen[: len(keys)] == keys[: len(seen)]


def test_what_arrives_above_does_not_shift_the_next_page(company: Company, customer: int) -> None:
    fill(company, customer, 4)
    first = read(company, customer, page_size=5)
    expected = read(company, customer, page_size=5, before=first["next"])
    write_note(
        actor=company.actor("lead"),
        customer_id=customer,
        interaction_id=None,
        text="刚写的",
        mentions=[],
        now=NOW + timedelta(days=1),
    )
    assert read(company, customer, page_size=5, before=first["next"]) == expected


def test_kinds_people_and_days_narrow_it(company: Company, customer: int) -> None:
    fill(company, customer, 3)
    lead = company.users["lead"].pk
    write_note(actor=company.actor("lead"), customer_id=customer, interaction_id=None, text="x", mentions=[], now=NOW)
    kinds = {row["kind"] for row in read(company, customer, kind=["note", "change"])["items"]}
    assert kinds == {"note", "change"}
    assert [row["note"]["text"] for row in read(company, customer, person=lead)["items"]] == ["x"]
    late = {"from": (NOW + timedelta(minutes=19)).isoformat()}
    assert all(row["at"] >= "2026-03-02T09:19" for row in read(company, customer, **late)["items"])
    assert read(company, customer, channel="voice")["items"] == []


def test_changes_name_their_fields_and_readings_are_none(company: Company, customer: int) -> None:
    company.browser("lead").get(f"/api/customers/{customer}")
    company.browser("agent").patch(f"/api/customers/{customer}", {"name": "张大明"}, content_type="application/json")
    items = read(company, customer, kind="change")["items"]
    assert [row["change"]["action"] for row in items] == ["customer.changed", "customer.created"]
    assert {"field": "name", "before": "张小明", "after": "张大明"} in items[0]["change"]["fields"]


def test_a_broken_cursor_is_refused(company: Company, customer: int) -> None:
    for text in ("x", "!!", "bm9uc2Vuc2U", "MjAyNi0wMy0wMnxub3RlfA"):
        answer = company.browser("agent").get(f"/api/customers/{customer}/timeline", {"before": text})
        assert (answer.status_code, answer.json()["fields"]) == (400, {"before": "bad_cursor"}), text


def test_a_page_costs_as_many_statements_for_one_entry_as_for_many(company: Company, customer: int) -> None:
    def count() -> int:
        browser = company.browser("agent")
        with CaptureQueriesContext(connection) as statements:
            browser.get(f"/api/customers/{customer}/timeline", {"page_size": 100})
        return len(statements)

    fill(company, customer, 1)
    few = count()
    fill(company, customer, 9)
    assert count() == few
