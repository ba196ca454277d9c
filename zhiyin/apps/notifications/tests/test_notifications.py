"""Who is told what, once; muted, quiet or loud; and that it is nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.notifications import services
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import Nudge

JSON = "application/json"
#: 23:30 in Shanghai
LATE = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


def tell(company: Company, *roles: str, category: Category = Category.MENTION, **more: object) -> int:
    return notify(
        tenant=company.tenant,
        user_ids=[company.users[role].pk for role in roles],
        category=category,
        code="mentioned",
        facts={"by": "王芳"},
        link="/customers/1",
        **more,  # type: ignore[arg-type]
    )


def test_only_those_told_see_it(company: Company) -> None:
    assert tell(company, "agent", "lead") == 2
    listed = company.browser("agent").get("/api/notifications").json()
    assert [(row["code"], row["facts"], row["link"]) for row in listed["items"]] == [
        ("mentioned", {"by": "王芳"}, "/customers/1")
    ]
    assert company.browser("administrator").get("/api/notifications").json()["total"] == 0


def test_the_same_key_tells_once(company: Company) -> None:
    assert tell(company, "agent", key="reminder:7") == 1
    assert tell(company, "agent", "lead", key="reminder:7") == 1
    assert Notification.objects.of(company.tenant).count() == 2


def test_what_came_since_draws_attention_and_what_was_read_does_not_count(company: Company) -> None:
    browser = company.browser("agent")
    tell(company, "agent")
    first = browser.get("/api/notifications/unread").json()
    assert (first["total"], first["by_category"], first["fresh"]) == (1, {"mention": 1}, [])
    tell(company, "agent", category=Category.TASK)
    then = browser.get(f"/api/notifications/unread?after={first['newest_id']}").json()
    assert [row["category"] for row in then["fresh"]] == ["task"]
    body = {"up_to": first["newest_id"]}
    assert browser.post("/api/notifications/read", body, content_type=JSON).json() == {"count": 1}
    assert browser.get("/api/notifications/unread").json()["by_category"] == {"task": 1}


def test_nobody_marks_anothers_as_read(company: Company) -> None:
    tell(company, "agent")
    row = Notification.objects.of(company.tenant).get()
    answer = company.browser("lead").post("/api/notifications/read", {"ids": [row.pk]}, content_type=JSON)
    assert answer.json() == {"count": 0}
    row.refresh_from_db()
    assert row.read_at is None


def test_a_muted_category_stands_in_the_list_and_does_not_count(company: Company) -> None:
    browser = company.browser("agent")
    assert browser.put("/api/notifications/preferences", {"muted": ["task"]}, content_type=JSON).status_code == 200
    tell(company, "agent", category=Category.TASK)
    tell(company, "agent")
    assert browser.get("/api/notifications/unread?after=0").json()["by_category"] == {"mention": 1}
    assert browser.get("/api/notifications").json()["total"] == 2


@pytest.mark.parametrize(("later_h", "draws"), [(0, 0), (12, 1)], ids=["at night", "by day"])
def test_in_quiet_hours_it_counts_without_drawing_attention(company: Company, later_h: int, draws: int) -> None:
    """The hours are those of the company's clock."""
    services.save_preference(
        actor=company.actor("agent"),
        muted=[],
        quiet_from=time(22),
        quiet_until=time(7),
        has_sound=True,
        on_desktop=False,
    )
    tell(company, "agent", now=LATE + timedelta(hours=later_h))
    answer = company.browser("agent").get("/api/notifications/unread?after=0").json()
    assert (answer["total"], len(answer["fresh"])) == (1, draws)


def test_quiet_hours_without_an_end_are_refused(company: Company) -> None:
    answer = company.browser("agent").put("/api/notifications/preferences", {"quiet_from": "22:00"}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"quiet_until": "half_quiet_hours"})


def test_telling_many_takes_as_many_statements_as_telling_one(company: Company) -> None:
    with CaptureQueriesContext(connection) as one:
        tell(company, "agent", key="a")
    with CaptureQueriesContext(connection) as three:
        tell(company, "agent", "lead", "administrator", key="b")
    assert len(one) == len(three)


def test_the_past_and_an_erased_customer_are_forgotten(company: Company) -> None:
    tell(company, "agent", customer_id=5)
    tell(company, "agent", now=LATE - timedelta(days=200))
    assert services.forget_old(tenant=company.tenant, now=LATE) == 1
    assert services.forget_customer(tenant=company.tenant, customer_id=5) == 1


def test_the_hint_leaves_once_what_it_tells_of_is_committed(
    as_engine: Database, committed_company: Callable[[], Company]
) -> None:
    """Also from a job; an engine that is away takes nothing back."""
    company = committed_company()
    agent = company.users["agent"].pk
    with engine_that(lambda _: None) as heard:
        with inside(company.tenant):
            tell(company, "agent")
            assert heard == []
        assert [request.command for request in heard] == [Nudge(users=(agent,), topic="notifications")]
    with connected_as(as_engine.web), inside(company.tenant):
        tell(company, "agent")
    with connected_as(as_engine.web), inside(company.tenant):
        assert Notification.objects.of(company.tenant).count() == 2
