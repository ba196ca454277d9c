"""A contact's history, told to people: names, masked numbers, and why each agent was chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import services as customers
from zhiyin.apps.external_services.services import create_service
from zhiyin.apps.interactions import services as interactions
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.contracts.attached_data import to_value
from zhiyin.contracts.events import Event
from zhiyin.domain.interactions import (
    ConsultStarted,
    DataAttached,
    DigitsCollected,
    Disconnected,
    EndedBy,
    InteractionEnded,
    MonitoringAnswered,
    MonitoringChanged,
    MonitoringEnd,
    MonitoringEnded,
    MonitoringMode,
    MonitoringStarted,
    Offered,
    OfferEnd,
    OfferEnded,
    Parked,
    QueueEntered,
    RequestEnded,
    SegmentStarted,
    SightLost,
    SightRegained,
    TransferStarted,
    UtteranceHeard,
)


@pytest.fixture
def house(committed_company: Callable[[], Company]) -> Company:
    """A company whose contacts the projector sees."""
    return committed_company()


def logged(database: Database, company: Company, then: Sequence[tuple[float, Event]]) -> str:
    """Write a contact into the log as the engine does and let the projector fold it."""
    with connected_as(database.engine):
        contact = log_contact(company.tenant, at=timezone.now(), number="+8613812345678", then=then)
        Projector([ContactProjection()], database_url="").catch_up()
    return contact


def history(company: Company, role: str, contact: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = company.browser(role).get(f"/api/interactions/{contact}/history").json()["items"]
    return entries


@pytest.mark.parametrize(
    ("header", "name"), [("en", "After-sales"), ("zh", "售后"), ("xx", "售后"), (None, "售后")], ids=str
)
def test_names_come_in_the_language_that_the_page_shows(
    database: Database, house: Company, header: str | None, name: str
) -> None:
    """An English page of a user who is remembered as Chinese showed Chinese queues and places in its timeline."""
    with inside(house.tenant):
        queue = queues.create_queue(actor=house.system, fields={"name": "售后", "name_en": "After-sales"})
    contact = logged(
        database, house, [(1, QueueEntered(queue=queue.pk)), (30, InteractionEnded(EndedBy.CUSTOMER, "hangup"))]
    )
    headers = {"X-Zhiyin-Language": header} if header is not None else {}
    answer = house.browser("administrator").get(f"/api/interactions/{contact}/history", headers=headers)
    told = {entry["type"]: entry for entry in answer.json()["items"]}
    assert told["QueueEntered"]["queue_name"] == name


def test_the_history_names_agents_queues_and_the_reason_of_an_offer(database: Database, house: Company) -> None:
    agent, lead = house.users["agent"], house.users["lead"]
    with inside(house.tenant):
        queue = queues.create_queue(actor=house.system, fields={"name": "售后", "name_en": "After-sales"})
    why: dict[str, object] = {
        "rule": "longest_idle",
        "version": 1,
        "waited_s": 1.5,
        "idle_s": 24.0,
        "able": 2,
        "unskilled": 0,
        "refused": 0,
        "next": [{"agent": lead.pk, "idle_s": 3.0}],
        "class": "gold",
        "contact_rule": "priority",
        "points": 12.5,
        "preferred": [lead.pk],
        "preferred_end": "waited",
        "what_if": {"most_skilled": lead.pk},
        "passed": 1,
        "passed_next": [{"contact": "c-9", "points": 3.0, "waited_s": 9.5}],
        "what_if_contacts": {"longest_waiting": "c-9"},
    }
    contact = logged(
        database,
        house,
        [
            (1, DigitsCollected("n3", "1", key="1")),
            (1, QueueEntered(queue=queue.pk)),
            (2, Offered(offer="o", agent=agent.pk, leg="l", expires_at=timezone.now(), why=why)),
            (22, OfferEnded(offer="o", agent=agent.pk, outcome=OfferEnd.NO_ANSWER, cause="no_answer")),
            (30, InteractionEnded(EndedBy.CUSTOMER, "hangup")),
        ],
    )
    told = {entry["type"]: entry for entry in history(house, "administrator", contact)}
    assert told["DigitsCollected"]["key"] == "1"
    assert told["QueueEntered"]["queue_name"] == "售后"
    assert told["Offered"]["agent_name"] == agent.name
    assert told["Offered"]["why"]["next"] == [{"agent": lead.pk, "agent_name": lead.name, "idle_s": 3.0}]
    reason = told["Offered"]["why"]
    assert (reason["class_name"], reason["contact_rule"], reason["points"]) == ("gold", "priority", 12.5)
    assert (reason["preferred_names"], reason["preferred_end"]) == ([lead.name], "waited")
    assert (reason["passed"], reason["passed_next"]) == (1, [{"contact": "c-9", "points": 3.0, "waited_s": 9.5}])
    assert reason["what_if_contacts"] == [{"rule": "longest_waiting", "contact": "c-9"}]
    assert reason["what_if"] == [{"rule": "most_skilled", "agent": lead.pk, "agent_name": lead.name}]
    assert (told["OfferEnded"]["outcome"], told["OfferEnded"]["why"]) == ("no_answer", None)
    assert (told["InteractionEnded"]["by"], told["InteractionEnded"]["cause"]) == ("customer", "hangup")


def test_from_when_to_when_nobody_saw_the_contact_and_how_exact_its_end_is_is_told(
    database: Database, house: Company
) -> None:
    seen = logged(
        database, house, [(60, SightLost()), (90, SightRegained()), (99, InteractionEnded(EndedBy.CUSTOMER, "hangup"))]
    )
    told = {entry["type"]: entry for entry in history(house, "administrator", seen)}
    assert {"SightLost", "SightRegained"} <= told.keys()
    assert told["InteractionEnded"]["within_s"] == 0
    unseen = logged(database, house, [(60, SightLost()), (99, InteractionEnded(EndedBy.AGENT, "hangup", 39.0))])
    told = {entry["type"]: entry for entry in history(house, "administrator", unseen)}
    assert told["InteractionEnded"]["within_s"] == 39


def test_what_a_caller_said_is_shown_found_and_gone_with_the_person(database: Database, house: Company) -> None:
    contact = logged(database, house, [(1, UtteranceHeard("ask", "w-1")), (2, InteractionEnded(EndedBy.CUSTOMER, "x"))])
    with connected_as(database.engine), inside(house.tenant), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, 'w-1', %s, 'words', %s)",
            [house.tenant.pk, f"i:{contact}", "我的洗衣机坏了_100%"],
        )
    (heard,) = [entry for entry in history(house, "administrator", contact) if entry["type"] == "UtteranceHeard"]
    assert heard["note"] == "我的洗衣机坏了_100%"

    def found(said: str) -> list[str]:
        page = house.browser("administrator").get("/api/interactions", {"said": said}).json()
        return [row["id"] for row in page["items"]]

    assert found("洗衣机") == found("_100%") == [contact]
    assert found("冰箱") == found("机_坏") == found("%%") == []
    with connected_as(database.engine), inside(house.tenant), connection.cursor() as cursor:
        cursor.execute("DELETE FROM event_personal WHERE subject = %s", [f"i:{contact}"])
    assert found("洗衣机") == []
    (heard,) = [entry for entry in history(house, "administrator", contact) if entry["type"] == "UtteranceHeard"]
    assert heard["note"] == ""


def test_what_is_masked_is_masked_in_words_data_and_search_alike(database: Database, house: Company) -> None:
    """Words kept as a value once stood in clear beside the same words masked, and were found by what was hidden."""
    agent, said = house.users["agent"], "打13912345678，订单20260302"
    talk = SegmentStarted(segment=1, agent=agent.pk, leg="l")
    kept: list[tuple[float, Event]] = [(1, UtteranceHeard("ask", "w-1")), (1, DataAttached("d-1", "flow")), (2, talk)]
    contact = logged(database, house, [*kept, (3, InteractionEnded(EndedBy.CUSTOMER, "hangup"))])
    with connected_as(database.engine), inside(house.tenant), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, %s, %s, %s, %s)",
            [
                (house.tenant.pk, "w-1", f"i:{contact}", "words", said),
                (house.tenant.pk, "d-1", f"i:{contact}", "data", to_value({"caller_said": said})),
            ],
        )

    def found(role: str, part: str) -> bool:
        page = house.browser(role).get("/api/interactions", {"said": part}).json()
        return [row["id"] for row in page["items"]] == [contact]

    for role, shown in (("agent", "打139****5678，订单20260302"), ("administrator", said)):
        told = {entry["type"]: entry for entry in history(house, role, contact)}
        assert told["UtteranceHeard"]["note"] == shown
        assert told["DataAttached"]["data"] == {"caller_said": shown}
        for path in ("", "/pop"):
            answer = house.browser(role).get(f"/api/interactions/{contact}{path}").json()
            assert answer["data"] == {"caller_said": shown}
    assert found("administrator", "13912345678")
    assert found("agent", "订单2026")
    assert found("agent", "5678"), "what is shown is found"
    assert not found("agent", "13912345678")
    assert not found("agent", "1234")


def test_a_look_up_names_the_service_that_was_asked(database: Database, house: Company) -> None:
    """One that was removed since is told by its number; the company's own records are no service."""
    with inside(house.tenant):
        fields = {"name": "订单系统", "settings": {"kind": "http", "base_url": "https://orders.example/"}}
        service = create_service(actor=house.system, fields=fields).pk
    asked = [RequestEnded("ask", "http", "late", "timeout", one) for one in (service, 10**9, None)]
    contact = logged(database, house, [(1, one) for one in asked])
    told = [each for each in history(house, "administrator", contact) if each["type"] == "RequestEnded"]
    assert [each["service_name"] for each in told] == ["订单系统", f"#{10**9}", ""]


def test_a_transfer_names_its_target(database: Database, house: Company) -> None:
    agent, lead = house.users["agent"], house.users["lead"]
    talk = SegmentStarted(segment=1, agent=agent.pk, leg="l")
    transfer = TransferStarted(kind="agent", by_agent=agent.pk, target=lead.pk)
    contact = logged(database, house, [(3, talk), (5, transfer)])
    entry = history(house, "agent", contact)[-1]
    assert (entry["agent_name"], entry["target_name"]) == (agent.name, lead.name)


def test_notes_and_attached_data_are_told_from_the_side_table(database: Database, house: Company) -> None:
    agent, lead = house.users["agent"], house.users["lead"]
    ask = ConsultStarted(kind="agent", by_agent=agent.pk, target=lead.pk, note_ref="n-1")
    contact = logged(
        database,
        house,
        [
            (3, SegmentStarted(segment=1, agent=agent.pk, leg="l")),
            (4, DataAttached(data_ref="d-1", by="agent", agent=agent.pk)),
            (5, ask),
            (6, Parked(by_agent=agent.pk, slot=701)),
        ],
    )
    with connected_as(database.engine), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO event_personal (tenant_id, ref, subject, kind, value) VALUES (%s, %s, %s, %s, %s)",
            [
                (house.tenant.pk, "n-1", f"i:{contact}", "text", "客户想退货"),
                (house.tenant.pk, "d-1", f"i:{contact}", "data", '{"订单": "A-17"}'),
            ],
        )
    told = {entry["type"]: entry for entry in history(house, "agent", contact)}
    assert told["ConsultStarted"]["note"] == "客户想退货"
    assert (told["ConsultStarted"]["party"], told["ConsultStarted"]["target_name"]) == ("agent", lead.name)
    assert told["DataAttached"]["data"] == {"订单": "A-17"}
    assert told["Parked"]["slot"] == 701
    assert house.browser("agent").get(f"/api/interactions/{contact}").json()["data"] == {"订单": "A-17"}


def test_an_agent_does_not_read_the_history_of_others_contacts(database: Database, house: Company) -> None:
    lead = house.users["lead"]
    contact = logged(database, house, [(3, SegmentStarted(segment=1, agent=lead.pk, leg="l"))])
    assert house.browser("agent").get(f"/api/interactions/{contact}/history").status_code == 404
    assert history(house, "lead", contact)[-1]["type"] == "SegmentStarted"


def test_an_agent_does_not_learn_from_the_history_who_listened(database: Database, house: Company) -> None:
    agent, lead = house.users["agent"].pk, house.users["lead"].pk
    contact = logged(
        database,
        house,
        [
            (3, SegmentStarted(segment=1, agent=agent, leg="l")),
            (4, MonitoringStarted(lead, agent, "v", MonitoringMode.LISTEN)),
            (5, MonitoringAnswered(lead, agent, MonitoringMode.LISTEN)),
            (6, MonitoringChanged(lead, agent, MonitoringMode.WHISPER)),
            (7, MonitoringEnded(lead, MonitoringEnd.STOPPED)),
            (8, Disconnected(lead, agent)),
        ],
    )
    told = [entry["type"] for entry in history(house, "agent", contact)]
    assert told[-2:] == ["SegmentStarted", "Disconnected"]
    heard = {entry["type"]: entry for entry in history(house, "lead", contact)}
    assert heard["MonitoringChanged"]["mode"] == "whisper"
    assert heard["MonitoringAnswered"]["supervisor_name"] == house.users["lead"].name
    assert heard["MonitoringAnswered"]["agent_name"] == house.users["agent"].name


def test_another_companys_history_is_not_found(company: Company, other_company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613812345678")
    assert other_company.browser("lead").get(f"/api/interactions/{contact}/history").status_code == 404


def test_the_last_contact_of_each_customer_is_told(company: Company) -> None:
    changes = [customers.NumberChange(number="13812345678")]
    often = customers.create_customer(actor=company.system, fields={"name": "张三"}, numbers=changes).pk
    never = customers.create_customer(actor=company.system, fields={"name": "李四"}).pk
    now = timezone.now()
    for hours in (48, 1):
        at = now - timedelta(hours=hours)
        contact = log_contact(company.tenant, at=at, number="+8613812345678")
        interactions.link_customer(actor=company.system, interaction_id=contact, customer_id=often, fields={}, now=at)
    answer = company.browser("agent").get(f"/api/customers/last-contacts?customer={often}&customer={never}").json()
    last = now - timedelta(hours=1)
    assert [(item["customer"], item["at"]) for item in answer["items"]] == [
        (often, last.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    ]


def test_a_new_customers_note_is_kept(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613900000000")
    body = {"name": "新客户", "note": "周末联系"}
    answer = company.browser("agent").post(
        f"/api/interactions/{contact}/customer", body, content_type="application/json"
    )
    assert answer.json()["note"] == "周末联系"
