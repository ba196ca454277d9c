"""A contact as a test of the flow it went through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.flows.tests.test_flow_tests import JSON, add
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.contracts.events import Event
from zhiyin.domain.interactions import EndedBy, InteractionEnded, NodeEntered, QueueEntered

STEPS = [
    {"id": "start", "kind": "start"},
    {"id": "menu", "kind": "menu", "config": {"prompt": {"key": "menu"}, "keys": {"1": "a", "2": "b"}}},
    {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
]
WAYS = ["start next menu", "menu 1 q", "menu 2 bye", "menu no_key bye", "menu wrong_key bye", "q closed bye"]


def published(company: Company, queue: int) -> int:
    edges = [dict(zip(("from", "exit", "to"), way.split(), strict=True)) for way in [*WAYS, "q overflow bye"]]
    graph = {"format": 1, "start": "start", "nodes": [*STEPS, {"id": "q", "kind": "queue", "config": {"queue": queue}}]}
    client = company.browser("administrator")
    made = client.post("/api/flows", {"name": "热线", "graph": {**graph, "edges": edges}}, content_type=JSON).json()
    assert client.post(f"/api/flows/{made['id']}/publish").status_code == 200
    number: int = made["id"]
    return number


def called(database: Database, company: Company, flow: tuple[int, int] | None, *then: tuple[float, Event]) -> str:
    with connected_as(database.engine):
        contact = log_contact(company.tenant, at=timezone.now(), flow=flow, then=then)
        Projector([ContactProjection()], database_url="").catch_up()
    return contact


def script_of(company: Company, contact: str, role: str = "administrator") -> Any:
    return company.browser(role).get(f"/api/interactions/{contact}/flow-script?language=en")


def test_a_contact_becomes_a_test_of_its_flow_that_holds(
    database: Database, committed_company: Callable[[], Company]
) -> None:
    house = committed_company()
    with inside(house.tenant):
        queue = queues.create_queue(actor=house.system, fields={"name": "售后"}).pk
    flow = published(house, queue)
    contact = called(
        database,
        house,
        (flow, 1),
        (0, NodeEntered("start", "start")),
        (0, NodeEntered("menu", "menu", "next")),
        (9, NodeEntered("q", "queue", "1")),
        (9, QueueEntered(queue=queue)),
        (39, InteractionEnded(EndedBy.CUSTOMER, "hangup")),
    )
    told = script_of(house, contact).json()
    assert (told["flow_id"], told["is_whole"]) == (flow, True)
    acts = [line for line in told["script"].splitlines() if not line.startswith(("at ", "expect "))]
    assert acts == ["press 1", "wait 30", "hangup"]
    assert "expect queue 售后" in told["script"].splitlines()
    assert add(house.browser("administrator"), flow, "来电", *told["script"].splitlines())["run"]["is_passed"]
    assert script_of(house, contact, "agent").status_code == 403


def test_a_contact_that_met_no_flow_is_refused_with_a_word(
    database: Database, committed_company: Callable[[], Company]
) -> None:
    house = committed_company()
    refused = script_of(house, called(database, house, None))
    assert (refused.status_code, refused.json()["code"]) == (400, "not_in_a_flow")
