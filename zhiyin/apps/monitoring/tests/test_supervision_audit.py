"""Each act of a supervisor stands in the audit once: who, whom, which call; whatever crashed in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.monitoring.supervision_audit import SupervisionAudit
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.contracts.events import Event, agent_stream
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import (
    Disconnected,
    MonitoringAnswered,
    MonitoringChanged,
    MonitoringEnd,
    MonitoringEnded,
    MonitoringMode,
    MonitoringStarted,
    TakenOver,
)
from zhiyin.domain.rests import Rest, RestRefusal, RestStage

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def project(projection: SupervisionAudit | None = None) -> int:
    return Projector([projection or SupervisionAudit()], database_url="").catch_up()


def entries(company: Company) -> list[Entry]:
    with inside(company.tenant):
        wanted = Entry.objects.of(company.tenant).filter(subject_kind__in=("interaction", "user"))
        return list(wanted.filter(action__regex=r"^(call\.|agent\.)").order_by("at", "pk"))


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


def monitored(company: Company) -> str:
    """A lead listens, whispers, takes over; another call is cut by the administrator. Returns the first contact."""
    lead, agent = company.users["lead"].pk, company.users["agent"].pk
    interaction = log_contact(
        company.tenant,
        at=NINE,
        then=[
            (10, MonitoringStarted(lead, agent, "leg-v1", MonitoringMode.LISTEN)),
            (12, MonitoringAnswered(lead, agent, MonitoringMode.LISTEN)),
            (20, MonitoringChanged(lead, agent, MonitoringMode.WHISPER)),
            (30, TakenOver(lead, agent)),
            (30, MonitoringEnded(lead, MonitoringEnd.TOOK_OVER)),
        ],
    )
    log_contact(company.tenant, at=NINE + timedelta(minutes=1), then=[(1, Disconnected(lead, agent))])
    return interaction


def test_each_act_names_who_whom_and_which_call(company: Company) -> None:
    interaction = monitored(company)
    project()
    found = entries(company)
    assert [entry.action for entry in found] == [
        "call.monitored",
        "call.monitoring_changed",
        "call.taken_over",
        "call.disconnected",
    ]
    first = found[0]
    assert (first.user_id, first.user_name) == (company.users["lead"].pk, company.users["lead"].name)
    assert (first.subject_kind, first.subject_id) == ("interaction", interaction)
    assert first.subject_name == company.users["agent"].name
    assert first.after == {"agent": company.users["agent"].pk, "mode": "listen"}
    assert first.at == NINE + timedelta(seconds=12)


def test_a_telephone_that_never_answered_listened_to_nothing(company: Company) -> None:
    lead, agent = company.users["lead"].pk, company.users["agent"].pk
    events: list[tuple[float, Event]] = [
        (10.0, MonitoringStarted(lead, agent, "leg-v1", MonitoringMode.LISTEN)),
        (40.0, MonitoringEnded(lead, MonitoringEnd.NOT_REACHED, "no_answer")),
    ]
    log_contact(company.tenant, at=NINE, then=events)
    project()
    assert entries(company) == []


def test_a_forced_state_is_audited_and_an_agents_own_choice_is_not(company: Company) -> None:
    lead, agent = company.users["lead"].pk, company.users["agent"].pk
    changes = [
        AgentStateChanged(agent, AgentState.READY, actor=agent),
        AgentStateChanged(agent, AgentState.NOT_READY, reason="forced", actor=lead),
        AgentStateChanged(agent, AgentState.TALKING, interaction="x"),
        AgentStateChanged(agent, AgentState.TALKING, interaction="x", actor=lead, next_state=AgentState.NOT_READY),
    ]
    stamped = [(NINE + timedelta(seconds=n), change) for n, change in enumerate(changes)]
    log_events(company.tenant, agent_stream(agent, NINE), stamped)
    project()
    now, afterwards = entries(company)
    assert (now.action, now.subject_id, now.user_id) == ("agent.forced", str(agent), lead)
    assert now.after == {"agent": agent, "state": "not_ready", "is_afterwards": False}
    assert afterwards.after == {"agent": agent, "state": "not_ready", "is_afterwards": True}


def test_what_a_lead_says_to_a_rest_is_audited_as_that(company: Company) -> None:
    lead, agent = company.users["lead"].pk, company.users["agent"].pk
    rest = Rest("tea", RestStage.WAITING, NINE, decided_by=lead)
    refused = replace(rest, stage=RestStage.REFUSED, refusal=RestRefusal.LATER)
    changes = [
        AgentStateChanged(agent, AgentState.READY, actor=lead, rest=rest, is_rest_answer=True),
        AgentStateChanged(agent, AgentState.REST, reason="tea", rest=replace(rest, stage=RestStage.TAKEN)),
        AgentStateChanged(agent, AgentState.READY, actor=lead, rest=refused, is_rest_answer=True),
    ]
    stamped = [(NINE + timedelta(seconds=n), change) for n, change in enumerate(changes)]
    log_events(company.tenant, agent_stream(agent, NINE), stamped)
    project()
    granted, no = entries(company)
    assert (granted.action, granted.after) == ("agent.rest_granted", {"agent": agent, "reason": "tea"})
    assert (no.action, no.after) == ("agent.rest_refused", {"agent": agent, "reason": "tea", "refusal": "later"})


class DiesAfterWriting(SupervisionAudit):
    """A worker that is killed when the rows are written and the cursor is not yet moved."""

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        super().fold(events)
        raise ConnectionError("killed")


def test_a_worker_killed_in_the_middle_writes_each_act_once(company: Company) -> None:
    monitored(company)
    with pytest.raises(ConnectionError):
        project(DiesAfterWriting())
    assert entries(company) == []
    project()
    project()
    assert len(entries(company)) == 4
