"""Today's figures, to the second, from calls that went through the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.monitoring import queries
from zhiyin.apps.monitoring.queries import Day
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.contracts.events import Event, agent_stream
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import (
    Direction,
    EndedBy,
    InteractionEnded,
    Offered,
    OfferEnd,
    OfferEnded,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
    WaitEstimated,
)
from zhiyin.domain.metrics.definitions import (
    answer_rate_pct,
    average_speed_of_answer_s,
    occupancy_pct,
    service_level_pct,
)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = Day(NINE - timedelta(hours=1), NINE + timedelta(hours=8))


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


@pytest.fixture
def queue(company: Company, as_engine: Database) -> int:
    with connected_as(as_engine.web), inside(company.tenant):
        return queues.create_queue(actor=company.system, fields={"name": "售后", "service_level_s": 20}).pk


def answered(queue: int, agent: int, *, wait_s: float, talk_s: float) -> list[tuple[float, Event]]:
    end = wait_s + talk_s
    return [
        (0, QueueEntered(queue=queue)),
        (wait_s, QueueLeft(queue=queue, outcome=QueueEnd.ANSWERED)),
        (wait_s, SegmentStarted(segment=1, agent=agent, leg="l")),
        (end, SegmentEnded(segment=1, agent=agent, outcome=SegmentEnd.CUSTOMER_LEFT)),
        (end, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
    ]


def abandoned(queue: int, *, wait_s: float) -> list[tuple[float, Event]]:
    return [
        (0, QueueEntered(queue=queue)),
        (wait_s, QueueLeft(queue=queue, outcome=QueueEnd.ABANDONED)),
        (wait_s, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
    ]


def test_a_queues_figures(company: Company, queue: int) -> None:
    agent = company.users["agent"].pk
    for then in (
        answered(queue, agent, wait_s=20, talk_s=60),
        answered(queue, agent, wait_s=21, talk_s=30),
        abandoned(queue, wait_s=30),
        abandoned(queue, wait_s=3),
        [(0, QueueEntered(queue=queue))],
    ):
        log_contact(company.tenant, at=NINE, then=then)
    Projector([ContactProjection()], database_url="").catch_up()
    facts = queries.read_facts(tenant=company.tenant, day=DAY)
    figures = queries.figures_by_queue(tenant=company.tenant, facts=facts)[queue]
    counts = (figures.offered, figures.answered, figures.answered_in_target, figures.abandoned, figures.short_abandoned)
    assert counts == (5, 2, 1, 2, 1)
    assert (figures.waiting, figures.talk_s) == (1, 90.0)
    assert (service_level_pct(figures), answer_rate_pct(figures)) == (25.0, 50.0)
    assert average_speed_of_answer_s(figures) == 20.5
    total = queries.sum_of([figures, figures])
    assert (total.offered, total.talk_s) == (10, 180.0)


def test_wrap_up_counts_for_the_contacts_queue(company: Company, queue: int) -> None:
    agent = company.users["agent"].pk
    contact = log_contact(company.tenant, at=NINE, then=answered(queue, agent, wait_s=5, talk_s=60))
    stream = agent_stream(agent, NINE)
    states = [
        (0, AgentStateChanged(agent, AgentState.READY)),
        (5, AgentStateChanged(agent, AgentState.TALKING, interaction=contact)),
        (65, AgentStateChanged(agent, AgentState.WRAP_UP, interaction=contact)),
        (95, AgentStateChanged(agent, AgentState.NOT_READY, reason="meal")),
        (125, AgentStateChanged(agent, AgentState.LOGGED_OUT)),
    ]
    log_events(company.tenant, stream, [(NINE + timedelta(seconds=after_s), event) for after_s, event in states])
    Projector([ContactProjection()], database_url="").catch_up()
    facts = queries.read_facts(tenant=company.tenant, day=DAY)
    assert queries.figures_by_queue(tenant=company.tenant, facts=facts)[queue].wrap_up_s == 30.0
    figures = queries.figures_by_agent(facts=facts, day=DAY)[agent]
    times = (figures.handled, figures.talk_s, figures.wrap_up_s, figures.ready_s, figures.not_ready_s)
    assert times == (1, 60.0, 30.0, 5.0, 30.0)
    assert figures.signed_in_s == 125.0
    assert occupancy_pct(figures) == pytest.approx(100 * 90 / 95)


def test_rest_is_counted_by_its_reason_and_what_was_longer_than_planned(company: Company) -> None:
    agent = company.users["agent"].pk

    def resting(reason: str, *, from_s: int, planned_s: int) -> AgentStateChanged:
        until = NINE + timedelta(seconds=from_s + planned_s)
        return AgentStateChanged(agent, AgentState.REST, reason=reason, until=until)

    states = [
        (0, resting("tea", from_s=0, planned_s=60)),
        (90, AgentStateChanged(agent, AgentState.READY)),
        (100, resting("tea", from_s=100, planned_s=60)),
        (130, resting("meal", from_s=130, planned_s=60)),
        (190, AgentStateChanged(agent, AgentState.LOGGED_OUT)),
    ]
    stream = agent_stream(agent, NINE)
    log_events(company.tenant, stream, [(NINE + timedelta(seconds=after_s), event) for after_s, event in states])
    Projector([ContactProjection()], database_url="").catch_up()
    figures = queries.figures_by_agent(facts=queries.read_facts(tenant=company.tenant, day=DAY), day=DAY)[agent]
    assert (figures.rest_s, figures.rests_s, figures.rests_overrun) == (180.0, {"tea": 120.0, "meal": 60.0}, 1)


def test_a_missed_offer_counts_for_its_agent(company: Company, queue: int) -> None:
    lead = company.users["lead"].pk
    then: list[tuple[float, Event]] = [
        (0, QueueEntered(queue=queue)),
        (1, Offered(offer="o", agent=lead, leg="l", expires_at=NINE)),
        (21, OfferEnded(offer="o", agent=lead, outcome=OfferEnd.NO_ANSWER)),
    ]
    log_contact(company.tenant, at=NINE, then=then)
    Projector([ContactProjection()], database_url="").catch_up()
    facts = queries.read_facts(tenant=company.tenant, day=DAY)
    assert queries.figures_by_agent(facts=facts, day=DAY)[lead].missed == 1


def test_a_state_that_began_yesterday_counts_from_midnight(company: Company) -> None:
    agent = company.users["agent"].pk
    began = DAY.since - timedelta(hours=3)
    log_events(company.tenant, agent_stream(agent, began), [(began, AgentStateChanged(agent, AgentState.READY))])
    Projector([ContactProjection()], database_url="").catch_up()
    day = Day(DAY.since, DAY.since + timedelta(minutes=10))
    facts = queries.read_facts(tenant=company.tenant, day=day)
    assert queries.figures_by_agent(facts=facts, day=day)[agent].ready_s == 600.0


@pytest.mark.parametrize(
    ("zone", "now", "since"),
    [
        ("Asia/Shanghai", datetime(2026, 3, 2, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2026, 3, 2, 16, 0, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
    ],
    ids=["a minute before midnight", "midnight", "the day the clocks change"],
)
def test_the_day_is_the_companys(zone: str, now: datetime, since: datetime) -> None:
    day = queries.company_day(Tenant(time_zone=zone), now)
    assert (day.since, day.until) == (since, now)


def test_the_page_shows_every_queue_even_without_a_call(company: Company, queue: int, as_engine: Database) -> None:
    with connected_as(as_engine.web):
        today = company.browser("administrator").get("/api/figures/today").json()
        agents = company.browser("administrator").get("/api/figures/agents").json()
    assert [(each["id"], each["offered"], each["service_level_pct"]) for each in today["queues"]] == [(queue, 0, None)]
    assert today["total"]["offered"] == 0
    assert agents["agents"] == []
    assert datetime.fromisoformat(today["until"]) <= timezone.now()


def test_a_call_between_colleagues_counts_for_nobody_but_as_internal_time(company: Company, queue: int) -> None:
    caller, called = company.users["agent"].pk, company.users["lead"].pk
    then = answered(queue, called, wait_s=5, talk_s=60)
    contact = log_contact(company.tenant, at=NINE, number=None, direction=Direction.INTERNAL, agent=caller, then=then)
    for agent in (caller, called):
        states = [
            (0, AgentStateChanged(agent, AgentState.READY)),
            (5, AgentStateChanged(agent, AgentState.TALKING, interaction=contact)),
            (65, AgentStateChanged(agent, AgentState.READY)),
            (75, AgentStateChanged(agent, AgentState.LOGGED_OUT)),
        ]
        stream = agent_stream(agent, NINE)
        log_events(company.tenant, stream, [(NINE + timedelta(seconds=after_s), event) for after_s, event in states])
    Projector([ContactProjection()], database_url="").catch_up()
    facts = queries.read_facts(tenant=company.tenant, day=DAY)
    assert queries.figures_by_queue(tenant=company.tenant, facts=facts)[queue].offered == 0
    for figures in queries.figures_by_agent(facts=facts, day=DAY).values():
        assert (figures.handled, figures.talk_s, figures.internal_s, figures.ready_s) == (0, 0.0, 60.0, 15.0)


def promised(queue: int, *, p50_s: float, p90_s: float) -> Event:
    return WaitEstimated(queue, before=0, p50_s=p50_s, p90_s=p90_s, agents=1, plain_p50_s=p50_s, plain_p90_s=p90_s)


def test_figures_by_day_agree_with_the_day_and_tell_how_promises_were_kept(
    company: Company, queue: int, as_engine: Database
) -> None:
    agent = company.users["agent"].pk
    kept, half, broken = promised(queue, p50_s=40, p90_s=90), promised(queue, p50_s=10, p90_s=30), (5.0, 8.0)
    first: list[tuple[float, Event]] = [*answered(queue, agent, wait_s=25, talk_s=60)]
    first[1:1] = [(1.0, kept), (2.0, half), (3.0, promised(queue, p50_s=broken[0], p90_s=broken[1]))]
    log_contact(company.tenant, at=NINE, then=first)
    lost = abandoned(queue, wait_s=30)
    lost.insert(1, (1.0, kept))  # nobody answered: it is not judged
    log_contact(company.tenant, at=NINE, then=lost)
    log_contact(company.tenant, at=NINE + timedelta(days=1), then=answered(queue, agent, wait_s=5, talk_s=10))
    Projector([ContactProjection()], database_url="").catch_up()

    with connected_as(as_engine.web), inside(company.tenant):
        client = company.browser("administrator")
        asked = {"from": "2026-03-02", "to": "2026-03-03"}
        later, day = client.get("/api/figures/days", asked).json()["items"]
        assert [each["day"] for each in (later, day)] == ["2026-03-03", "2026-03-02"]
        assert (day["offered"], day["answered"], day["abandoned"], day["talk_s"]) == (2, 1, 1, 60.0)
        assert (day["estimates"], round(day["kept_p50_pct"]), round(day["kept_p90_pct"])) == (3, 33, 67)
        assert (later["estimates"], later["kept_p90_pct"]) == (0, None)
        (worst,) = client.get("/api/figures/days", {**asked, "sort": "kept_p90_pct", "page_size": "1"}).json()["items"]
        assert worst["day"] == "2026-03-03", "what was not measured comes first or last, never in between"
        lines = client.get("/api/figures/days", {**asked, "format": "csv"}).content.decode("utf-8-sig").splitlines()
        assert (len(lines), lines[0].startswith("日期,技能组,人工请求量")) == (3, True)
        refused = client.get("/api/figures/days", {"from": "2026-01-01", "to": "2026-03-03"})
        assert (refused.status_code, refused.json()["code"]) == (400, "too_many_days")
    facts = queries.read_facts(tenant=company.tenant, day=DAY)
    whole = queries.figures_by_queue(tenant=company.tenant, facts=facts)[queue]
    assert (whole.estimates, whole.estimates_within_p50, whole.estimates_within_p90) == (3, 1, 2)


def test_the_statements_of_figures_by_day_do_not_grow_with_the_days(company: Company, queue: int) -> None:
    agent = company.users["agent"].pk

    def statements(days: int) -> int:
        last = (NINE + timedelta(days=days - 1)).date()
        with CaptureQueriesContext(connection) as caught:
            found = queries.figures_by_queue_and_day(
                tenant=company.tenant, first=NINE.date(), last=last, now=NINE + timedelta(days=40)
            )
        assert len(found) == days
        return len(caught)

    for day in range(5):
        at = NINE + timedelta(days=day)
        log_contact(company.tenant, at=at, then=answered(queue, agent, wait_s=5, talk_s=10))
    Projector([ContactProjection()], database_url="").catch_up()
    assert statements(5) == statements(1)
