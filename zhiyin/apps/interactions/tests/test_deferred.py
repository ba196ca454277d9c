"""Callbacks and voice messages: one row each from the log, seen and managed by whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.reach import NumberChange
from zhiyin.apps.interactions import erasing
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.deferred_projection import DeferredProjection
from zhiyin.apps.interactions.models import Interaction, Segment
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import CancelCallback, Command, ReassignCallback, RequestCallback
from zhiyin.contracts.events import Event
from zhiyin.contracts.frames import Problem
from zhiyin.domain.interactions import (
    CallbackAgreed,
    CallbackEnd,
    CallbackEnded,
    CallbackPostponed,
    Direction,
    EndedBy,
    InteractionEnded,
    InteractionStarted,
    Medium,
    MessageEnd,
    MessageEnded,
    MessageInvited,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    RecordingEnded,
    RecordingStarted,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
    TransferStarted,
)

JSON = "application/json"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class World:
    """A company, asked as ``web``, and its log, folded as the worker folds it."""

    company: Company
    database: Database

    def make_queue(self, *members: str) -> int:
        people = [self.company.users[name].pk for name in members]
        with inside(self.company.tenant):
            fields = {"name": f"售后{len(members)}"}
            return queues.create_queue(actor=self.company.system, fields=fields, members=people).pk

    def fold(self, contact: str, events: list[tuple[float, Event]]) -> None:
        tenant = self.company.tenant.pk
        logged = [LoggedEvent(tenant, f"i:{contact}", NINE + timedelta(seconds=s), event) for s, event in events]
        with connected_as(self.database.engine), transaction.atomic():
            ContactProjection().fold(logged)
            DeferredProjection().fold(logged)

    def _begun(self) -> str:
        with inside(self.company.tenant):
            contact = log_contact(self.company.tenant, at=NINE, number="+8613812345678")
        started = InteractionStarted(Direction.INBOUND, "voice", "leg", f"{contact}:1", "4008001234", "trunk:1")
        self.fold(contact, [(0, started)])
        return contact

    def called_back(self, queue: int, *then: tuple[float, Event]) -> str:
        contact = self._begun()
        agreed = CallbackAgreed(queue, f"{contact}:1", "caller", NINE, NINE + timedelta(hours=8))
        self.fold(contact, [(60, agreed), (60, QueueEntered(queue, medium=Medium.CALLBACK)), *then])
        return contact

    def message(self, queue: int, *then: tuple[float, Event]) -> str:
        contact = self._begun()
        recording = f"{contact}-m0"
        self.fold(contact, [(10, MessageInvited(queue)), (14, RecordingStarted(recording, "leg"))])
        left: list[tuple[float, Event]] = [
            (34, RecordingEnded(recording)),
            (34, MessageEnded(recording, MessageEnd.LEFT, 20.0)),
            (34, QueueEntered(queue, -10, medium=Medium.VOICEMAIL)),
        ]
        self.fold(contact, [*left, *then])
        return contact

    def logged(self, contact: str, then: list[tuple[float, Event]], *, notes: dict[str, str]) -> None:
        """Let the log itself know what became of a contact, and what was written: the lists read notes there."""
        tenant = self.company.tenant
        with inside(tenant):
            log_events(tenant, f"i:{contact}", [(NINE + timedelta(seconds=s), event) for s, event in then])
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, %s, %s, 'text', %s)",
                    [(tenant.pk, f"{contact}:{ref}", f"i:{contact}", text) for ref, text in notes.items()],
                )

    def noted_callback(self, queue: int, note: str) -> str:
        """An agent promised to call back, and wrote down what for."""
        agent, contact = self.company.users["agent"].pk, self.called_back(queue)
        promised = CallbackAgreed(
            *(queue, f"{contact}:1", "agent", NINE, NINE + timedelta(hours=8)), by_agent=agent, note_ref=f"{contact}:n"
        )
        talk, over = SegmentStarted(1, agent, "leg"), SegmentEnded(1, agent, SegmentEnd.DEFERRED)
        self.logged(contact, [(20, talk), (60, over), (60, promised)], notes={"n": note})
        return contact

    def listed(self, role: str = "administrator", query: str = "") -> list[dict[str, object]]:
        answer = self.browser(role).get(f"/api/callbacks{query}")
        assert answer.status_code == 200, answer.content
        return list(answer.json()["items"])

    def browser(self, role: str) -> Client:
        return self.company.browser(role)

    def audited(self) -> list[str]:
        with inside(self.company.tenant):
            rows = Entry.objects.of(self.company.tenant).filter(subject_kind="callback")
            return sorted(rows.values_list("action", flat=True))


@pytest.fixture
def world(database: Database, committed_company: Callable[[], Company]) -> World:
    return World(committed_company(), database)


def test_a_callback_is_a_row_from_the_asking_to_the_end(world: World) -> None:
    queue, agent = world.make_queue("agent"), world.company.users["agent"].pk
    contact = world.called_back(queue)
    (row,) = world.listed()
    assert (row["id"], row["kind"], row["state"], row["asked_by"]) == (contact, "callback", "waiting", "caller")
    assert row["placed_at"] == "2026-03-02T09:00:00Z", "the place is the caller's own"
    until = NINE + timedelta(minutes=20)
    tried: list[tuple[float, Event]] = [
        (100, QueueLeft(queue, QueueEnd.ANSWERED)),
        (100, SegmentStarted(1, agent, "leg")),
        (130, SegmentEnded(1, agent, SegmentEnd.NOT_REACHED)),
        (130, CallbackPostponed(1, "busy", until)),
    ]
    world.fold(contact, tried)
    (row,) = world.listed()
    assert (row["state"], row["attempts"], row["cause"]) == ("waiting", 1, "busy")
    assert row["due_at"] == "2026-03-02T09:20:00Z"
    world.fold(contact, [(1200, SegmentStarted(2, agent, "leg"))])
    assert world.listed(query="?state=open")[0]["state"] == "working"
    ended = InteractionEnded(EndedBy.CUSTOMER, "hangup")
    world.fold(contact, [(1300, CallbackEnded(CallbackEnd.DONE)), (1300, ended)])
    (row,) = world.listed()
    assert (row["state"], row["agent"], row["due_at"]) == ("done", agent, None)
    assert world.listed(query="?state=open") == []


def test_a_message_is_a_row_and_heard_by_whoever_works_on_it(world: World) -> None:
    queue, agent = world.make_queue("agent"), world.company.users["agent"].pk
    contact = world.message(queue, (50, QueueLeft(queue, QueueEnd.ANSWERED)), (50, SegmentStarted(1, agent, "leg")))
    (row,) = world.listed(query="?kind=voicemail")
    assert (row["state"], row["duration_s"], row["recording_id"]) == ("working", 20.0, f"{contact}-m0")
    assert row["masked"] == "138****5678"
    recordings = world.browser("agent").get("/api/recordings").json()["items"]
    assert [each["id"] for each in recordings] == [f"{contact}-m0"], "the agent may hear it"
    world.fold(contact, [(90, InteractionEnded(EndedBy.AGENT, "message_handled"))])
    assert world.listed()[0]["state"] == "done"


def test_what_waits_without_its_caller_is_no_wait(world: World) -> None:
    queue, agent = world.make_queue("agent"), world.company.users["agent"].pk
    taken = (5000, QueueLeft(queue, QueueEnd.ANSWERED)), (5000, SegmentStarted(1, agent, "l"))
    contact = world.message(queue, *taken)
    with inside(world.company.tenant):
        row = Interaction.objects.of(world.company.tenant).get(pk=contact)
        kinds = Segment.objects.of(world.company.tenant).filter(interaction_id=contact).values_list("kind", flat=True)
        assert (row.channel, row.wait_s, sorted(kinds)) == ("voicemail", 0, ["message", "talk"])


def test_agents_see_what_their_queues_have_and_leads_manage_it(world: World) -> None:
    mine, others = world.make_queue("agent"), world.make_queue()
    seen, hidden = world.called_back(mine), world.called_back(others)
    assert [row["id"] for row in world.listed("agent")] == [seen]
    assert {row["id"] for row in world.listed()} == {seen, hidden}
    asked: list[Command] = []

    def engine(command: Command) -> object:
        asked.append(command)
        return None

    with engine_that(engine):
        refused = world.browser("agent").post(f"/api/callbacks/{seen}/cancel")
        assert refused.status_code == 403
        browser = world.browser("administrator")
        assert browser.post(f"/api/callbacks/{seen}/cancel").status_code == 204
        moved = browser.post(f"/api/callbacks/{hidden}/reassign", {"queue": mine}, content_type=JSON)
        assert moved.status_code == 204
        assert browser.post("/api/callbacks/no-such-contact/cancel").status_code == 404
    actor = world.company.users["administrator"].pk
    assert asked == [CancelCallback(seen, actor), ReassignCallback(hidden, mine, None, actor)]
    assert world.audited() == ["callback.cancelled", "callback.reassigned"]


def test_what_the_engine_refuses_is_neither_done_nor_audited(world: World) -> None:
    contact = world.called_back(world.make_queue("agent"))
    with engine_that(lambda _: Problem("being_worked")):
        answer = world.browser("administrator").post(f"/api/callbacks/{contact}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "being_worked")
    assert world.audited() == []


def test_an_agent_asks_for_a_callback_of_a_contact_whose_number_is_hidden(world: World) -> None:
    queue = world.make_queue("agent")
    contact = world.called_back(queue)
    asked: list[RequestCallback] = []

    def engine(command: Command) -> object:
        assert isinstance(command, RequestCallback)
        asked.append(command)
        return {"interaction": command.request}

    with engine_that(engine):
        browser = world.browser("agent")
        made = browser.post("/api/callbacks", {"queue": queue, "interaction_id": contact}, content_type=JSON)
        nobody = browser.post("/api/callbacks", {"queue": queue}, content_type=JSON)
    assert made.status_code == 201, made.content
    assert (asked[0].number, asked[0].asked_by) == ("+8613812345678", "agent")
    assert (nobody.status_code, nobody.json()["code"]) == (400, "no_number")


def test_a_page_costs_the_same_for_few_and_many(world: World) -> None:
    queue = world.make_queue("agent")
    world.noted_callback(queue, "要发票")

    def count() -> int:
        browser = world.browser("administrator")
        with CaptureQueriesContext(connection) as statements:
            assert browser.get("/api/callbacks?page_size=100").json()["items"]
        return len(statements)

    few = count()
    for _ in range(5):
        world.message(queue)
        world.noted_callback(queue, "要发票")
    assert count() == few


def test_the_note_of_a_callback_stands_in_the_list_and_in_its_file_until_it_is_erased(world: World) -> None:
    """It stood on the desk of who worked it alone: neither a lead nor the next agent saw what was promised."""
    queue, agent = world.make_queue("agent"), world.company.users["agent"]
    written = "客户想退货，" + "已答应周五前回复。" * 20
    contact, plain = world.noted_callback(queue, written), world.called_back(queue)
    for role in ("administrator", "agent"):
        rows = {row["id"]: row for row in world.listed(role)}
        assert (rows[contact]["note"], rows[contact]["note_by"]) == (written, agent.name)
        assert (rows[plain]["note"], rows[plain]["note_by"]) == ("", "")
    file = world.browser("administrator").get("/api/callbacks?format=csv").content.decode("utf-8-sig")
    assert written in file
    assert "转接备注" in file or "Note" in file
    with connected_as(world.database.engine), connection.cursor() as cursor:
        cursor.execute("DELETE FROM event_personal WHERE subject = %s", [f"i:{contact}"])
    assert {(row["note"], row["note_by"]) for row in world.listed()} == {("", "")}


def test_the_note_of_an_earlier_handover_goes_with_what_became_a_message_and_the_last_one_counts(world: World) -> None:
    queue, agent, lead = world.make_queue("agent"), *(world.company.users[name] for name in ("agent", "lead"))
    contact = world.message(queue)
    talk = SegmentStarted(1, agent.pk, "leg")
    handed = TransferStarted("queue", agent.pk, queue, note_ref=f"{contact}:first")
    world.logged(contact, [(4, talk), (6, handed), (10, MessageInvited(queue))], notes={"first": "订单 A-17"})
    (row,) = world.listed(query="?kind=voicemail")
    assert (row["note"], row["note_by"]) == ("订单 A-17", agent.name)
    again = TransferStarted("queue", lead.pk, queue, note_ref=f"{contact}:second")
    world.logged(contact, [(90, again)], notes={"second": "只谈退款"})
    (row,) = world.listed(query="?kind=voicemail")
    assert (row["note"], row["note_by"]) == ("只谈退款", lead.name)


@pytest.mark.parametrize("query", ["?state=nonsense", "?kind=fax", "?sort=number"])
def test_what_a_list_does_not_know_is_named(world: World, query: str) -> None:
    assert world.browser("administrator").get(f"/api/callbacks{query}").status_code in (400, 422)


def test_a_booking_names_what_is_wrong_with_its_window(world: World) -> None:
    queue = world.make_queue("agent")
    past, ahead = (NINE.isoformat(), (timezone.now() + timedelta(days=1)).isoformat())
    windows = {"due_at": {"due_at": past}, "until": {"due_at": ahead, "until": past}}
    for field, window in windows.items():
        body = {"queue": queue, "number": "13812345678", **window}
        answer = world.browser("agent").post("/api/callbacks", body, content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_window")
        assert list(answer.json()["fields"]) == [field]


def test_a_person_is_handed_the_callbacks_and_an_erasure_takes_their_number(world: World) -> None:
    queue = world.make_queue("agent")
    with inside(world.company.tenant):
        fields, numbers = {"name": "甲"}, [NumberChange(number="13812345678")]
        customer = customers.create_customer(actor=world.company.system, fields=fields, numbers=numbers).pk
    contact = world.called_back(queue)
    assert world.listed()[0]["number"] == "+8613812345678"
    tenant = world.company.tenant
    with connected_as(world.database.engine), inside(tenant):
        (handed,) = erasing.export_customer(tenant=tenant, customer_id=customer)["callbacks"]
        assert (handed["id"], handed["kind"], handed["asked_at"]) == (contact, "callback", NINE + timedelta(seconds=60))
        assert erasing.forget_customer(tenant=tenant, customer_id=customer) == 1
    (row,) = world.listed()
    assert (row["id"], row["number"], row["masked"]) == (contact, None, "")


def test_a_callback_that_waits_is_cancelled_with_the_erasure_and_one_being_made_is_in_its_way(world: World) -> None:
    queue, company = world.make_queue("agent"), world.company
    with inside(company.tenant):
        person = customers.create_customer(
            actor=company.system, fields={"name": "张三"}, numbers=[NumberChange(number="13812345678")]
        )
    waiting = world.called_back(queue)
    erasure = {"confirmation": "张三", "reason": "asked for it"}
    url = f"/api/customers/{person.pk}/erasure"
    with engine_that(lambda _command: Problem("being_worked")):
        refused = world.browser("administrator").post(url, erasure, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "contact_is_open"), refused.content
    with engine_that(lambda _command: None) as heard:
        ordered = world.browser("administrator").post(url, erasure, content_type=JSON)
    assert ordered.status_code == 201, ordered.content
    assert [one.command for one in heard] == [CancelCallback(waiting, company.users["administrator"].pk)]
