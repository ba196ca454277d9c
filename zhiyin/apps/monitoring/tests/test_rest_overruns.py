"""The bell tells the lead of a team when one of its agents rests longer than planned: once, and only what is news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from zhiyin.apps.accounts.models import Department, Team, User
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.monitoring.rest_overruns import RestOverruns
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_events
from zhiyin.contracts.events import agent_stream
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.rests import Rest, RestStage


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    found = committed_company()
    with connected_as(as_engine.web), inside(found.tenant):
        department = Department(tenant=found.tenant, name="小休部")
        department.save()
        team = Team(tenant=found.tenant, name="小休组", department=department, lead=found.users["lead"])
        team.save()
        User.objects.of(found.tenant).filter(pk__in=[found.users["agent"].pk, found.users["lead"].pk]).update(team=team)
    return found


def overrun(company: Company, who: str, at: datetime, *, times: int = 1) -> None:
    agent = company.users[who].pk
    rest = Rest("rest", RestStage.TAKEN, at, 600, at + timedelta(minutes=10), is_overrun=True)
    events = [(at, AgentStateChanged(agent, AgentState.REST, "rest", rest=rest))] * times
    with inside(company.tenant):
        log_events(company.tenant, agent_stream(agent, at), events)


def told(company: Company) -> list[Notification]:
    Projector([RestOverruns()], database_url="").catch_up()
    with inside(company.tenant):
        return list(Notification.objects.of(company.tenant).filter(code="rest_overrun").order_by("pk"))


def test_the_lead_of_the_team_is_told_once_of_each_overrun(company: Company) -> None:
    overrun(company, "agent", timezone.now() - timedelta(minutes=2), times=2)
    (row,) = told(company)
    assert row.user_id == company.users["lead"].pk
    assert (row.facts["minutes"], row.facts["name"] != "") == (10, True)
    assert len(told(company)) == 1
    overrun(company, "agent", timezone.now())
    assert len(told(company)) == 2


def test_nobody_is_told_of_ones_own_of_one_without_a_lead_or_of_yesterday(company: Company) -> None:
    overrun(company, "lead", timezone.now())
    overrun(company, "administrator", timezone.now())
    overrun(company, "agent", timezone.now() - timedelta(days=1))
    assert told(company) == []
