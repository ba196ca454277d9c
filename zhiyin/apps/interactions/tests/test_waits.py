"""Why a contact waited, from the log and the agents' states at the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.contracts.events import Event, agent_stream
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import Offered, OfferEnd, OfferEnded, QueueEnd, QueueEntered, QueueLeft, WaitEstimated


def test_a_wait_is_told_by_what_it_waited_for(committed_company: Callable[[], Company], database: Database) -> None:
    company = committed_company()
    agent = company.users["agent"]
    with inside(company.tenant):
        queue = queues.create_queue(actor=company.actor("administrator"), fields={"name": "售后"}, members=[agent.pk])
    since = timezone.now() - timedelta(seconds=120)
    then: list[tuple[float, Event]] = [
        (1.0, QueueEntered(queue.pk)),
        (1.0, WaitEstimated(queue.pk, before=2, p50_s=40.0, p90_s=90.0, agents=1, plain_p50_s=40.0, plain_p90_s=90.0)),
        (61.0, Offered("o1", agent.pk, "leg", since + timedelta(seconds=81))),
        (81.0, OfferEnded("o1", agent.pk, OfferEnd.NO_ANSWER)),
        (91.0, QueueLeft(queue.pk, QueueEnd.ABANDONED)),
    ]
    with connected_as(database.engine):
        contact = log_contact(company.tenant, at=since, number="+8613812345678", then=then)
        states = ((-60, AgentState.TALKING), (61, AgentState.ALERTING), (81, AgentState.NOT_READY))
        changes = [(since + timedelta(seconds=at), AgentStateChanged(agent.pk, state)) for at, state in states]
        log_events(company.tenant, agent_stream(agent.pk, since), changes)
        Projector([ContactProjection()], database_url="").catch_up()
    (stay,) = company.browser("lead").get(f"/api/interactions/{contact}/waits").json()["items"]
    assert stay["parts"] == [
        {"cause": "all_busy", "seconds": 60.0},
        {"cause": "ringing", "seconds": 20.0},
        {"cause": "nobody_at_work", "seconds": 10.0},
    ]
    assert (stay["waited_s"], stay["outcome"], stay["able"], stay["queue_name"]) == (90.0, "abandoned", 1, "售后")
    assert stay["busy"] == [{"state": "talking", "seconds": 60.0}]
    assert stay["unanswered"] == [{"agent_name": agent.name, "outcome": "no_answer", "rang_s": 20.0}]
    assert (stay["promised_p50_s"], stay["promised_p90_s"], stay["before"]) == (40.0, 90.0, 2)
