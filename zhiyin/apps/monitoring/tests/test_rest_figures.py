"""Rests by day, agent and reason over HTTP: counted from the log, within reach, filtered, sorted and exported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhiyin.apps.accounts.models import Department, Team, User
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.queues.models import Reason
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_events
from zhiyin.contracts.events import agent_stream
from zhiyin.domain.agents import AgentState, AgentStateChanged

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAYS = {"from": "2026-03-02", "to": "2026-03-03"}


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    """A company whose agent and lead are of one team, the administrator of none; 茶歇 is a reason to rest."""
    found = committed_company()
    with connected_as(as_engine.web), inside(found.tenant):
        department = Department(tenant=found.tenant, name="茶歇部")
        department.save()
        team = Team(tenant=found.tenant, name="茶歇组", department=department, lead=found.users["lead"])
        team.save()
        User.objects.of(found.tenant).filter(pk__in=[found.users["agent"].pk, found.users["lead"].pk]).update(team=team)
        Reason.objects.of(found.tenant).filter(code="tea").delete()
        Reason(tenant=found.tenant, code="tea", name="茶歇", name_en="Tea", is_rest=True).save()
    return found


def rested(company: Company, who: str, at: datetime, *rests: tuple[str, float, float]) -> None:
    """One rest after another, each (reason, planned seconds, seconds); then the agent signs out."""
    agent = company.users[who].pk
    events = []
    for reason, planned_s, lasted_s in rests:
        until = at + timedelta(seconds=planned_s)
        events += [(at, AgentStateChanged(agent, AgentState.REST, reason, until=until))]
        at += timedelta(seconds=lasted_s)
        events += [(at, AgentStateChanged(agent, AgentState.READY))]
        at += timedelta(seconds=60)
    events += [(at, AgentStateChanged(agent, AgentState.LOGGED_OUT))]
    with inside(company.tenant):
        log_events(company.tenant, agent_stream(agent, at), events)
    Projector([ContactProjection()], database_url="").catch_up()


def asked(company: Company, who: str = "administrator", **query: str | int) -> list[dict[str, Any]]:
    answer = company.browser(who).get("/api/figures/rests", {**DAYS, **query})
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_rests_are_counted_by_day_agent_and_reason(company: Company, as_engine: Database) -> None:
    rested(company, "agent", NINE, ("tea", 600, 500), ("tea", 600, 900), ("gone", 60, 60))
    rested(company, "agent", NINE + timedelta(days=1), ("tea", 600, 100))
    rested(company, "agent", NINE + timedelta(days=3), ("tea", 600, 100))
    with connected_as(as_engine.web):
        later, gone, tea = asked(company, sort="-day", agent=company.users["agent"].pk)
    assert (later["day"], later["rests"]) == ("2026-03-03", 1)
    names = ("day", "reason_name", "reason_name_en", "team_name")
    assert [tea[name] for name in names] == ["2026-03-02", "茶歇", "Tea", "茶歇组"]
    figures = ("rests", "rest_s", "rests_overrun", "overrun_s", "longest_s")
    assert [tea[name] for name in figures] == [2, 1400.0, 1, 300.0, 900.0]
    assert [gone[name] for name in figures] == [1, 60.0, 0, 0.0, 60.0]
    assert gone["reason_name"] == "gone", "a reason that is no more is told by its code"


def choices(company: Company, who: str = "administrator", **query: str) -> dict[str, Any]:
    answer = company.browser(who).get("/api/figures/rests/choices", {**DAYS, **query})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_rests_are_narrowed_to_who_rested_then_removed_agents_and_reasons_too(
    company: Company, as_engine: Database
) -> None:
    """The page offered those alone who are agents today: a removed one's rests could be seen and not chosen."""
    rested(company, "agent", NINE, ("tea", 600, 500), ("gone", 60, 60))
    agent = company.users["agent"]
    with connected_as(as_engine.web):
        with inside(company.tenant):
            User.objects.of(company.tenant).filter(pk=agent.pk).update(removed_at=NINE + timedelta(days=1))
        found = choices(company)
        assert {"id": agent.pk, "name": agent.name} in found["agents"]
        assert [(reason["code"], reason["name"]) for reason in found["reasons"]] == [("gone", "gone"), ("tea", "茶歇")]
        assert [row["reason"] for row in asked(company, agent=agent.pk, sort="reason_name")] == ["gone", "tea"]
        assert choices(company, **{"from": "2026-03-04", "to": "2026-03-04"}) == {"agents": [], "reasons": []}


def test_the_list_is_filtered_sorted_and_exported(company: Company, as_engine: Database) -> None:
    rested(company, "agent", NINE, ("tea", 600, 700), ("meal", 600, 500))
    rested(company, "administrator", NINE, ("tea", 60, 660))
    with connected_as(as_engine.web):
        worst = asked(company, sort="-overrun_s")
        assert [each["overrun_s"] for each in worst] == [600.0, 100.0, 0.0]
        assert [each["overrun_s"] for each in asked(company, sort="-overrun_s", page=2, page_size=1)] == [100.0]
        agent, team = worst[1]["agent"], worst[1]["team"]
        assert {each["reason"] for each in asked(company, agent=agent)} == {"tea", "meal"}
        assert {each["agent"] for each in asked(company, team=team)} == {agent}
        assert len(asked(company, reason="tea")) == 2
        assert {each["agent"] for each in asked(company, search=worst[0]["agent_name"])} == {worst[0]["agent"]}
        client = company.browser("administrator")
        exported = client.get("/api/figures/rests", {**DAYS, "reason": "meal", "format": "csv"})
        lines = exported.content.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[0].startswith("日期,座席,班组,小休原因,次数")) == (2, True)


def test_a_lead_sees_its_team_and_an_agent_nothing(company: Company, as_engine: Database) -> None:
    rested(company, "agent", NINE, ("tea", 600, 700))
    rested(company, "administrator", NINE, ("tea", 600, 700))
    with connected_as(as_engine.web):
        assert [each["agent"] for each in asked(company, "lead")] == [company.users["agent"].pk]
        assert company.browser("agent").get("/api/figures/rests", DAYS).status_code == 403


@pytest.mark.parametrize("path", ["/api/figures/rests", "/api/figures/days"])
def test_the_days_asked_for_are_a_month_at_most_and_may_lie_at_the_calendars_end(
    company: Company, as_engine: Database, path: str
) -> None:
    """``to=9999-12-31`` and ``to=0001-01-01`` were errors of the server: they lie at the ends of time."""
    with connected_as(as_engine.web):
        client = company.browser("administrator")
        for wrong in ({"from": "2026-01-01", "to": "2026-03-03"}, {"from": "2026-03-03", "to": "2026-03-02"}):
            refused = client.get(path, wrong)
            assert (refused.status_code, refused.json()["code"]) == (400, "too_many_days")
        for last in ("9999-12-31", "0001-01-01"):
            assert client.get(path, {"to": last}).json()["items"] == []
        assert client.get(path).status_code == 200


def test_a_rest_that_goes_on_counts_until_now(company: Company, as_engine: Database) -> None:
    agent = company.users["agent"].pk
    event = AgentStateChanged(agent, AgentState.REST, "tea", until=NINE + timedelta(minutes=5))
    log_events(company.tenant, agent_stream(agent, NINE), [(NINE, event)])
    Projector([ContactProjection()], database_url="").catch_up()
    with connected_as(as_engine.web):
        (row,) = asked(company)
    assert (row["rests"], row["rests_overrun"]) == (1, 1)
    assert row["overrun_s"] == pytest.approx(row["rest_s"] - 300)


def test_the_statements_do_not_grow_with_the_rests(company: Company, as_engine: Database) -> None:
    def statements(rows: int) -> int:
        with connected_as(as_engine.web), CaptureQueriesContext(connection) as caught:
            assert len(asked(company)) == rows
        return len(caught)

    rested(company, "agent", NINE, ("tea", 600, 700))
    one = statements(1)
    rested(company, "lead", NINE, ("tea", 600, 700), ("meal", 60, 60))
    rested(company, "administrator", NINE, ("tea", 600, 700))
    assert statements(4) == one
