"""The log becomes contacts, segments, recordings and agents' states, each event exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import services as customers
from zhiyin.apps.interactions import projector
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.models import AgentStateSpan, CustomerLink, Interaction, Recording, Segment
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.contracts.events import Event, RecordingReady, agent_stream, interaction_stream
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import (
    ConferenceStarted,
    ConsultAnswered,
    ConsultEnd,
    ConsultEnded,
    ConsultStarted,
    DialEnded,
    DialStarted,
    DigitsCollected,
    Direction,
    EndedBy,
    HoldEnded,
    HoldStarted,
    InteractionEnded,
    Offered,
    OfferEnd,
    OfferEnded,
    Parked,
    ParkEnd,
    ParkEnded,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    RecordingDelayed,
    RecordingEnded,
    RecordingStarted,
    RolesTurned,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
)

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AFTER_SALES, SALES = 1, 2


def project() -> int:
    return Projector([ContactProjection()], database_url="").catch_up()


def has_hidden() -> bool:
    return Projector([], database_url="").has_hidden()


def answered_call(agent: int, recording: str = "") -> list[tuple[float, Event]]:
    """A call that waits 12 s, talks 60 s of which 10 s on hold, and ends."""
    return [
        (1, DigitsCollected(node="menu", exit="1", key="1")),
        (2, QueueEntered(queue=AFTER_SALES)),
        (3, Offered(offer="o1", agent=agent, leg="l1", expires_at=NINE)),
        (14, OfferEnded(offer="o1", agent=agent, outcome=OfferEnd.ANSWERED)),
        (14, QueueLeft(queue=AFTER_SALES, outcome=QueueEnd.ANSWERED)),
        (14, SegmentStarted(segment=1, agent=agent, leg="l1")),
        *([(14.5, RecordingStarted(recording=recording, leg="c"))] if recording else []),
        (30, HoldStarted(agent=agent)),
        (40, HoldEnded(agent=agent)),
        (74, SegmentEnded(segment=1, agent=agent, outcome=SegmentEnd.CUSTOMER_LEFT)),
        *([(74, RecordingEnded(recording=recording))] if recording else []),
        (74, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
    ]


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


def test_a_recording_that_begins_late_is_told_from_then_on(company: Company) -> None:
    """What is heard in it, and marks on it, would else stand seconds beside each other."""
    call = answered_call(company.users["agent"].pk, recording="r1-late")
    call.insert(7, (18, RecordingDelayed(recording="r1-late", within_s=3.5)))
    interaction = log_contact(company.tenant, at=NINE, then=call)
    project()
    recording = Recording.objects.of(company.tenant).get(interaction_id=interaction)
    assert (recording.state, recording.started_at) == ("processing", NINE + timedelta(seconds=18))


def test_an_answered_call_is_right_to_the_second(company: Company) -> None:
    agent = company.users["agent"].pk
    interaction = log_contact(company.tenant, at=NINE, then=answered_call(agent, recording="r1-answered"))
    project()
    row = Interaction.objects.of(company.tenant).get(pk=interaction)
    assert (row.outcome, row.end_reason, row.ended_by, row.path) == ("answered", "hangup", "customer", ["1"])
    assert (row.wait_s, row.talk_s, row.hold_s) == (12.0, 50.0, 10.0)
    assert (row.queue_id, row.agent_id, row.is_recorded) == (AFTER_SALES, agent, True)
    assert row.answered_at == NINE + timedelta(seconds=14)
    assert row.state is None
    queue, talk = Segment.objects.of(company.tenant).filter(interaction_id=interaction).order_by("pk")
    assert (queue.kind, queue.outcome, queue.ended_at) == ("queue", "answered", NINE + timedelta(seconds=14))
    assert (talk.kind, talk.outcome, talk.hold_s, talk.queue_id) == ("talk", "customer_left", 10.0, AFTER_SALES)
    recording = Recording.objects.of(company.tenant).get(interaction_id=interaction)
    assert (recording.state, recording.agent_id, recording.queue_id) == ("processing", agent, AFTER_SALES)


def test_seconds_of_a_consulted_and_parked_call_add_up(company: Company) -> None:
    """Consulting is hold for the customer; the consulted agent's time and the stay on a slot are counted apart."""
    asking, consulted = company.users["agent"].pk, company.users["lead"].pk
    then: list[tuple[float, Event]] = [
        (0, QueueEntered(queue=AFTER_SALES)),
        (10, QueueLeft(queue=AFTER_SALES, outcome=QueueEnd.ANSWERED)),
        (10, SegmentStarted(segment=1, agent=asking, leg="l1")),
        (30, HoldStarted(agent=asking, by="consult")),
        (30, ConsultStarted(kind="agent", by_agent=asking, target=consulted)),
        (35, ConsultAnswered(leg="l2", agent=consulted)),
        (45, ConferenceStarted(by_agent=asking)),
        (50, SegmentEnded(segment=1, agent=asking, outcome=SegmentEnd.TRANSFERRED)),
        (50, ConsultEnded(outcome=ConsultEnd.COMPLETED, agent=consulted)),
        (50, SegmentStarted(segment=2, agent=consulted, leg="l2")),
        (70, SegmentEnded(segment=2, agent=consulted, outcome=SegmentEnd.PARKED)),
        (70, Parked(by_agent=consulted, slot=701)),
        (100, ParkEnded(slot=701, outcome=ParkEnd.CUSTOMER_LEFT)),
        (100, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
    ]
    whole = log_contact(company.tenant, at=NINE, then=then[:6])
    project()  # the state between two batches is kept with the row
    log_events(company.tenant, f"i:{whole}", [(NINE + timedelta(seconds=at_s), event) for at_s, event in then[6:]])
    project()
    row = Interaction.objects.of(company.tenant).get(pk=whole)
    assert (row.wait_s, row.talk_s, row.hold_s, row.parked_s, row.consult_s) == (10.0, 45.0, 15.0, 30.0, 15.0)
    assert row.ended_at is not None
    assert row.wait_s + row.talk_s + row.hold_s + row.parked_s == (row.ended_at - row.started_at).total_seconds()
    segments = Segment.objects.of(company.tenant).filter(interaction_id=whole).order_by("started_at", "pk")
    assert [(s.kind, s.agent_id, s.outcome) for s in segments] == [
        ("queue", None, "answered"),
        ("talk", asking, "transferred"),
        ("consult", consulted, "completed"),
        ("talk", consulted, "parked"),
        ("park", consulted, "customer_left"),
    ]


@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        ([(1, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup"))], "self_service"),
        (
            [
                (1, QueueEntered(queue=SALES)),
                (9, QueueLeft(queue=SALES, outcome=QueueEnd.ABANDONED)),
                (9, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup")),
            ],
            "abandoned",
        ),
        (
            [
                (1, QueueEntered(queue=SALES)),
                (2, QueueLeft(queue=SALES, outcome=QueueEnd.OVERFLOWED)),
                (5, InteractionEnded(by=EndedBy.SYSTEM, reason="no_agents")),
            ],
            "overflowed",
        ),
        ([(1, QueueEntered(queue=SALES))], ""),
    ],
    ids=["in the menu", "while waiting", "sent away", "still waiting"],
)
def test_how_an_unanswered_call_ended(company: Company, then: list[tuple[float, Event]], outcome: str) -> None:
    interaction = log_contact(company.tenant, at=NINE, then=then)
    project()
    assert Interaction.objects.of(company.tenant).get(pk=interaction).outcome == outcome


def test_an_outbound_call_that_nobody_answers_was_not_reached(company: Company) -> None:
    agent = company.users["agent"].pk
    then: list[tuple[float, Event]] = [
        (2, DialStarted(party="customer", leg="l2", agent=agent)),
        (32, DialEnded(party="customer", leg="l2", answered=False, cause="no_answer")),
        (32, InteractionEnded(by=EndedBy.CARRIER, reason="no_answer")),
    ]
    interaction = log_contact(company.tenant, at=NINE, direction=Direction.OUTBOUND, agent=agent, then=then)
    project()
    row = Interaction.objects.of(company.tenant).get(pk=interaction)
    assert (row.outcome, row.agent_id, row.direction) == ("not_reached", agent, "outbound")


def test_an_offer_left_ringing_counts_for_the_agent_who_left_it(company: Company) -> None:
    lead = company.users["lead"].pk
    then: list[tuple[float, Event]] = [
        (1, QueueEntered(queue=SALES)),
        (2, Offered(offer="o", agent=lead, leg="l", expires_at=NINE)),
        (22, OfferEnded(offer="o", agent=lead, outcome=OfferEnd.NO_ANSWER)),
    ]
    interaction = log_contact(company.tenant, at=NINE, then=then)
    project()
    offer = Segment.objects.of(company.tenant).get(interaction_id=interaction, kind="offer")
    assert (offer.agent_id, offer.outcome, offer.queue_id) == (lead, "no_answer", SALES)


def test_of_several_who_were_rung_at_once_nobody_missed_what_another_took(company: Company) -> None:
    lead, agent = company.users["lead"].pk, company.users["agent"].pk
    then: list[tuple[float, Event]] = [
        (1, QueueEntered(queue=SALES)),
        (2, Offered(offer="o1", agent=lead, leg="l1", expires_at=NINE)),
        (2, Offered(offer="o2", agent=agent, leg="l2", expires_at=NINE)),
        (9, OfferEnded(offer="o2", agent=agent, outcome=OfferEnd.ANSWERED)),
        (9, OfferEnded(offer="o1", agent=lead, outcome=OfferEnd.ELSEWHERE)),
        (9, QueueLeft(queue=SALES, outcome=QueueEnd.ANSWERED)),
        (9, SegmentStarted(segment=1, agent=agent, leg="l2")),
    ]
    interaction = log_contact(company.tenant, at=NINE, then=then)
    project()
    segments = Segment.objects.of(company.tenant).filter(interaction_id=interaction)
    assert sorted((segment.kind, segment.agent_id) for segment in segments if segment.kind != "queue") == [
        ("talk", agent)
    ]
    assert Interaction.objects.of(company.tenant).get(pk=interaction).agent_id == agent


def test_a_contact_folds_the_same_event_by_event_as_at_once(company: Company) -> None:
    agent = company.users["agent"].pk
    at_once = log_contact(company.tenant, at=NINE, then=answered_call(agent))
    project()
    piece_by_piece = log_contact(company.tenant, at=NINE)
    for after_s, event in answered_call(agent):
        log_events(company.tenant, f"i:{piece_by_piece}", [(NINE + timedelta(seconds=after_s), event)])
        assert project() >= 1
    whole, pieces = (
        {
            name: value
            for name, value in Interaction.objects.of(company.tenant).filter(pk=pk).values()[0].items()
            if name not in ("id", "customer_ref")
        }
        for pk in (at_once, piece_by_piece)
    )
    assert pieces == whole


def test_nothing_is_folded_twice(company: Company) -> None:
    log_contact(company.tenant, at=NINE, then=answered_call(company.users["agent"].pk))
    assert project() > 0
    assert project() == 0


def test_an_event_of_an_open_transaction_is_waited_for(company: Company, database: Database) -> None:
    """A transaction that began earlier and commits later must not be skipped by the cursor."""
    project()
    insert = (
        "INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, at, type, version, body) "
        "VALUES (%s, %s, 1, 1, '2026-03-01', now(), 'RecordingReady', 1, "
        """'{"recording": "x", "interaction": "y", "failed": true}')"""
    )
    with psycopg.connect(database.engine) as slow, psycopg.connect(database.engine) as quick:
        slow.execute(insert, (company.tenant.pk, f"d:slow-{company.tenant.pk}"))
        quick.execute(insert, (company.tenant.pk, f"d:quick-{company.tenant.pk}"))
        quick.commit()
        assert project() == 0
        assert has_hidden(), "the commit of the slow one notifies nobody of the quick one's event"
        slow.commit()
    assert not has_hidden()
    assert project() == 2


@dataclass
class Told:
    """A projection that keeps what it is told of one company."""

    name: str
    tenant: int
    names: list[str] = field(default_factory=list)

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        self.names += [type(logged.event).__name__ for logged in events if logged.tenant_id == self.tenant]


def test_numbers_of_transactions_that_gain_a_digit_are_read_in_order(
    company: Company, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were ordered as text: around 1,000, 10,000 and so on events were told twice, or never."""
    contact = log_contact(company.tenant, at=NINE, then=answered_call(company.users["agent"].pk))
    with psycopg.connect(database.owner, autocommit=True) as owner:
        events = owner.execute(
            "SELECT position, type FROM event_log WHERE tenant_id = %s AND stream = %s ORDER BY position",
            (company.tenant.pk, interaction_stream(contact)),
        ).fetchall()
        for number, (position, _) in zip(range(7, 7 + len(events)), events, strict=True):
            owner.execute(
                "UPDATE event_log SET txid = %s::text::xid8 WHERE tenant_id = %s AND position = %s",
                (number, company.tenant.pk, position),
            )
    told = Told(f"told-{company.tenant.pk}", company.tenant.pk)
    monkeypatch.setattr(projector, "BATCH", 3)
    reader = Projector([told], database_url="")
    for _ in events:
        reader._step(told)
    assert told.names == [name for _, name in events]


def test_a_contact_that_the_projection_has_not_reached_is_waited_for(company: Company) -> None:
    """A desk asks for its contact in the moment it begins; "not found" would be told to an agent in mid-call."""
    agent = company.users["agent"].pk
    contact = log_contact(company.tenant, at=timezone.now(), then=answered_call(agent))
    asked = threading.Event()

    def project_late() -> None:
        asked.wait(5)
        project()
        connection.close()

    worker = threading.Thread(target=project_late)
    worker.start()
    client = company.browser("agent")
    asked.set()
    assert client.get(f"/api/interactions/{contact}").json()["talk_s"] == 50
    worker.join()
    assert company.browser("agent").get("/api/interactions/none").status_code == 404


def test_agents_states_follow_each_other_without_gaps(company: Company) -> None:
    agent = company.users["agent"].pk
    interaction = log_contact(company.tenant, at=NINE, then=answered_call(agent))
    states = [
        (0.0, AgentStateChanged(agent, AgentState.NOT_READY, reason="signed_in")),
        (5.0, AgentStateChanged(agent, AgentState.READY)),
        (14.0, AgentStateChanged(agent, AgentState.TALKING, interaction=interaction)),
        (74.0, AgentStateChanged(agent, AgentState.WRAP_UP, interaction=interaction)),
        (94.0, AgentStateChanged(agent, AgentState.READY)),
        (99.0, AgentStateChanged(agent, AgentState.LOGGED_OUT)),
    ]
    for after_s, event in states:
        log_events(company.tenant, agent_stream(agent, NINE), [(NINE + timedelta(seconds=after_s), event)])
    project()
    spans = list(AgentStateSpan.objects.of(company.tenant).filter(agent_id=agent).order_by("started_at"))
    lengths = [(span.state, (span.ended_at - span.started_at).total_seconds()) for span in spans if span.ended_at]
    assert lengths == [("not_ready", 5), ("ready", 9), ("talking", 60), ("wrap_up", 20), ("ready", 5)]
    assert Interaction.objects.of(company.tenant).get(pk=interaction).wrap_up_s == 20.0


def test_a_new_months_first_event_does_not_cut_a_state_in_two(company: Company) -> None:
    agent = company.users["agent"].pk
    ready = AgentStateChanged(agent, AgentState.READY)
    april = NINE + timedelta(days=31)
    log_events(company.tenant, agent_stream(agent, NINE), [(NINE, ready)])
    log_events(company.tenant, agent_stream(agent, april), [(april, ready)])
    project()
    span = AgentStateSpan.objects.of(company.tenant).get(agent_id=agent)
    assert (span.started_at, span.ended_at) == (NINE, None)


def test_the_file_of_a_recording_changes_its_state(company: Company) -> None:
    agent = company.users["agent"].pk
    interaction = log_contact(company.tenant, at=NINE, then=answered_call(agent, recording="r2-ready"))
    project()
    ready = RecordingReady(recording="r2-ready", interaction=interaction, failed=False)
    log_events(company.tenant, "d:ready", [(NINE, ready)])
    project()
    assert Recording.objects.of(company.tenant).get(pk="r2-ready").state == "ready"


@pytest.mark.parametrize(
    ("owners", "is_linked"), [(0, False), (1, True), (2, False)], ids=["unknown", "one", "several"]
)
def test_a_caller_is_linked_where_one_customer_has_the_number(
    company: Company, database: Database, owners: int, is_linked: bool
) -> None:
    number = f"+86139{company.tenant.pk:08d}"
    _create_customers(company, database, number, owners)
    interaction = log_contact(company.tenant, at=NINE, number=number)
    project()
    assert CustomerLink.objects.of(company.tenant).filter(interaction_id=interaction).exists() is is_linked


def _create_customers(company: Company, database: Database, number: str, count: int) -> None:
    with connected_as(database.web), inside(company.tenant), transaction.atomic():
        for position in range(count):
            customers.create_customer(
                actor=company.system,
                fields={"name": f"客户{position}"},
                numbers=[customers.NumberChange(number=number)],
            )


def test_events_of_a_company_that_is_gone_are_passed_over(company: Company) -> None:
    company.tenant.pk += 1_000_000
    interaction = log_contact(company.tenant, at=NINE)
    project()
    assert not Interaction.objects.of(company.tenant).filter(pk=interaction).exists()


def test_a_row_that_cannot_be_read_holds_up_no_other(company: Company) -> None:
    """It ended the projector's thread, and with it every list and figure, in silence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body) "
            "VALUES (%s, 'i:broken', 1, 1, '2026-03-01', 1, %s, 'QueueEntered', 1, '{\"queue\": \"no number\"}')",
            [company.tenant.pk, NINE],
        )
    contact = log_contact(company.tenant, at=NINE, then=answered_call(company.users["agent"].pk))
    project()
    assert Interaction._base_manager.get(pk=contact).outcome == "answered"
    assert not Interaction._base_manager.filter(pk="broken").exists()


def test_a_call_between_colleagues_names_who_called_whom(company: Company) -> None:
    """Also where nobody answered, and where the caller leads it in the end."""
    caller, called = company.users["agent"].pk, company.users["lead"].pk
    rung: list[tuple[float, Event]] = [
        (2, Offered(offer="o", agent=called, leg="l", expires_at=NINE)),
        (9, OfferEnded(offer="o", agent=called, outcome=OfferEnd.REJECTED)),
        (9, InteractionEnded(by=EndedBy.COLLEAGUE, reason="refused")),
    ]
    talked: list[tuple[float, Event]] = [
        (2, SegmentStarted(segment=1, agent=called, leg="l")),
        (9, SegmentEnded(segment=1, agent=called, outcome=SegmentEnd.TURNED)),
        (9, RolesTurned(agent=caller, colleague=called, colleague_leg="l")),
        (9, SegmentStarted(segment=2, agent=caller, leg="c")),
        (19, SegmentEnded(segment=2, agent=caller, outcome=SegmentEnd.COLLEAGUE_LEFT)),
        (19, InteractionEnded(by=EndedBy.COLLEAGUE, reason="hangup")),
    ]
    logged = [
        log_contact(company.tenant, at=NINE, number=None, direction=Direction.INTERNAL, agent=caller, then=then)
        for then in (rung, talked)
    ]
    project()
    rows = [Interaction.objects.of(company.tenant).get(pk=pk) for pk in logged]
    assert [(row.caller_agent_id, row.agent_id) for row in rows] == [(caller, called)] * 2
    assert [row.outcome for row in rows] == ["not_reached", "answered"]
    assert rows[1].talk_s == 17.0
