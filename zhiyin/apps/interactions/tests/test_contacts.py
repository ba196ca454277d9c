"""What people see of contacts and add to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.interactions.log import read_contact
from zhiyin.apps.interactions.models import CustomerLink, WrapUp
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy import finding
from zhiyin.apps.testing.contacts import log_contact, project_contact
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import Command, Dial
from zhiyin.contracts.events import Event
from zhiyin.contracts.frames import Problem
from zhiyin.domain.interactions import Offered, QueueEntered, SegmentStarted

JSON = "application/json"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def offered_to(agent: int, queue: int = 1) -> list[tuple[float, Event]]:
    return [(1, QueueEntered(queue=queue)), (2, Offered(offer="o", agent=agent, leg="l", expires_at=NINE))]


def add(company: Company, name: str, number: str) -> int:
    changes = [customers.NumberChange(number=number)]
    return customers.create_customer(actor=company.system, fields={"name": name}, numbers=changes).pk


# --- screen pop -------------------------------------------------------------------------------------------------


def test_the_pop_is_there_before_any_projection(company: Company) -> None:
    customer = add(company, "张三", "13812345678")
    queue = queues.create_queue(actor=company.system, fields={"name": "售后", "name_en": "After-sales"}).pk
    agent = company.users["agent"].pk
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613812345678", then=offered_to(agent, queue))
    pop = company.browser("agent").get(f"/api/interactions/{contact}/pop").json()
    assert (pop["number"], pop["masked"], pop["place"]) == (None, "138****5678", "江苏 连云港")
    assert (pop["entry"], pop["queue"], pop["customer_id"]) == ("4008001234", "售后", None)
    assert [match["customer"]["id"] for match in pop["matches"]] == [customer]
    assert pop["matches"][0]["times_called"] == 0


def test_the_pop_knows_nobody_several_and_hidden_callers(company: Company) -> None:
    client = company.browser("lead")
    add(company, "父", "13812345678")
    add(company, "子", "13812345678")
    several = log_contact(company.tenant, at=timezone.now(), number="+8613812345678")
    unknown = log_contact(company.tenant, at=timezone.now(), number="+8613900000000")
    hidden = log_contact(company.tenant, at=timezone.now(), number=None)
    assert len(client.get(f"/api/interactions/{several}/pop").json()["matches"]) == 2
    assert client.get(f"/api/interactions/{unknown}/pop").json()["number"] == "+8613900000000"
    pop = client.get(f"/api/interactions/{hidden}/pop").json()
    assert (pop["number"], pop["masked"], pop["place"], pop["matches"]) == (None, "", "", [])


# --- whose contact it was -----------------------------------------------------------------------------------------


def test_a_contact_is_linked_and_linked_anew(company: Company) -> None:
    first, second = add(company, "父", "13812345678"), add(company, "子", "13812345678")
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613812345678")
    client = company.browser("agent")
    for customer in (first, first, second):
        answer = client.post(f"/api/interactions/{contact}/customer", {"customer_id": customer}, content_type=JSON)
        assert answer.json()["id"] == customer
    pop = client.get(f"/api/interactions/{contact}/pop").json()
    assert (pop["customer_id"], pop["matches"][0]["customer"]["id"]) == (second, second)
    assert _logged(company, "CustomerLinked") == 2  # the repeated link says nothing new


def test_an_unknown_caller_becomes_a_customer_with_the_number_nobody_typed(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613900000000")
    answer = company.browser("agent").post(
        f"/api/interactions/{contact}/customer", {"name": "新客户"}, content_type=JSON
    )
    assert [number["masked"] for number in answer.json()["numbers"]] == ["139****0000"]
    assert CustomerLink.objects.of(company.tenant).get(interaction_id=contact).customer_id == answer.json()["id"]


def test_another_companys_customer_is_not_linked(company: Company, other_company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now())
    answer = company.browser("agent").post(
        f"/api/interactions/{contact}/customer", {"customer_id": 2**40}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["fields"]) == (400, {"customer_id": "unknown_reference"})


# --- wrap-up --------------------------------------------------------------------------------------------------------


def test_a_wrap_up_is_drafted_in_the_call_and_completed_once(company: Company) -> None:
    agent = company.users["agent"].pk
    disposition = queues.create_disposition(actor=company.system, fields={"name": "咨询"}).pk
    talking: list[tuple[float, Event]] = [*offered_to(agent), (3, SegmentStarted(segment=1, agent=agent, leg="l"))]
    contact = log_contact(company.tenant, at=timezone.now(), then=talking)
    client, address = company.browser("agent"), f"/api/interactions/{contact}/wrap-up"
    assert client.get(address).json()["version"] == 0
    draft = {"disposition_id": None, "result": "", "note": "要发票", "version": 0}
    assert client.put(address, draft, content_type=JSON).json()["version"] == 1
    full = draft | {"disposition_id": disposition, "result": "resolved", "version": 1}
    done = client.post(f"{address}/complete", full, content_type=JSON).json()
    assert (done["version"], done["note"], done["completed_at"] is not None) == (2, "要发票", True)
    again = client.post(f"{address}/complete", full, content_type=JSON)
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert _logged(company, "WrapUpSaved") == 1


def test_two_tabs_do_not_overwrite_each_other(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), then=offered_to(company.users["agent"].pk))
    client, address = company.browser("agent"), f"/api/interactions/{contact}/wrap-up"
    client.put(address, {"note": "one", "version": 0}, content_type=JSON)
    answer = client.put(address, {"note": "two", "version": 0}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (409, "stale_version", {"version": 1})
    repeated = client.put(address, {"note": "one", "version": 0}, content_type=JSON)
    assert repeated.status_code == 200  # the answer was lost on its way, not the save


def test_only_who_had_part_in_a_contact_writes_its_wrap_up(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), then=offered_to(company.users["agent"].pk))
    answer = company.browser("lead").put(f"/api/interactions/{contact}/wrap-up", {"version": 0}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_contact")


def test_a_disposition_that_was_removed_cannot_be_chosen(company: Company) -> None:
    disposition = queues.create_disposition(actor=company.system, fields={"name": "旧"}).pk
    queues.remove_disposition(actor=company.system, disposition_id=disposition, now=timezone.now())
    contact = log_contact(company.tenant, at=timezone.now(), then=offered_to(company.users["agent"].pk))
    answer = company.browser("agent").put(
        f"/api/interactions/{contact}/wrap-up", {"disposition_id": disposition, "version": 0}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["fields"]) == (400, {"disposition_id": "unknown_reference"})


# --- calling out ----------------------------------------------------------------------------------------------------


def test_a_number_is_dialled_without_being_seen(company: Company) -> None:
    customer = add(company, "张三", "13812345678")
    client = company.browser("agent")
    number = client.get(f"/api/customers/{customer}").json()["numbers"][0]
    contact = log_contact(company.tenant, at=timezone.now(), number="+8613900000000")
    with engine_that(lambda _: {"interaction": "new"}) as heard:
        for body in ({"customer_number_id": number["id"]}, {"interaction_id": contact}, {"number": " 95588 "}):
            answer = client.post("/api/dial", body, content_type=JSON)
            assert (answer.status_code, answer.json()) == (200, {"interaction": "new"})
    agent = company.users["agent"].pk
    dialled = [Dial(agent=agent, number=text) for text in ("+8613812345678", "+8613900000000", "95588")]
    assert [request.command for request in heard] == dialled
    assert {(request.tenant, request.actor) for request in heard} == {(company.tenant.pk, agent)}
    assert all(request.deadline_at and request.deadline_at > timezone.now() - timedelta(minutes=1) for request in heard)
    assert Entry.objects.of(company.tenant).filter(action="call.dialled").count() == 3


def test_the_engines_refusal_is_told_in_its_own_words(company: Company) -> None:
    def refuse(_: Command) -> Problem:
        return Problem("forbidden_destination", {"number": "+1900"})

    with engine_that(refuse):
        answer = company.browser("agent").post("/api/dial", {"number": "+19005550123"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "forbidden_destination")
    assert answer.json()["facts"] == {"number": "+1900"}


def test_an_engine_that_is_away_is_told_as_such(company: Company) -> None:
    answer = company.browser("agent").post("/api/dial", {"number": "95588"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (503, "engine_away")


@pytest.mark.parametrize("body", [{}, {"number": "  "}], ids=["nothing", "blank"])
def test_without_a_number_nothing_is_dialled(company: Company, body: dict[str, str]) -> None:
    answer = company.browser("agent").post("/api/dial", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "no_number")


def test_a_hidden_caller_cannot_be_called_back(company: Company) -> None:
    contact = log_contact(company.tenant, at=timezone.now(), number=None)
    answer = company.browser("agent").post("/api/dial", {"interaction_id": contact}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "no_number")


# --- the log --------------------------------------------------------------------------------------------------------


def test_the_log_tells_a_contacts_present_state_and_its_agents(company: Company) -> None:
    agent = company.users["agent"].pk
    contact = log_contact(company.tenant, at=NINE, then=offered_to(agent, queue=5))
    found = read_contact(tenant=company.tenant, interaction_id=contact)
    assert found is not None
    state, agents = found
    assert (state.queue, state.offer and state.offer.agent, set(agents)) == (5, agent, {agent})
    assert read_contact(tenant=company.tenant, interaction_id="none") is None


def _logged(company: Company, name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event_log WHERE tenant_id = %s AND type = %s", [company.tenant.pk, name])
        (count,) = cursor.fetchone()
    return int(count)


@pytest.mark.parametrize(
    ("kind", "is_seen"),
    [
        ("own", True),
        ("others", False),
        ("a customer's", True),
        ("missed in my queue", True),
        ("missed elsewhere", False),
    ],
)
def test_agents_see_their_own_contacts_customers_and_the_missed_ones_of_their_queues(
    company: Company, kind: str, is_seen: bool
) -> None:
    me, other = company.users["agent"].pk, company.users["lead"].pk
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}, members=[me]).pk
    missed: dict[str, object] = {"direction": "inbound", "outcome": "abandoned", "agent_id": None}
    rows: dict[str, dict[str, object]] = {
        "own": {"agent_id": me},
        "others": {"agent_id": other},
        "a customer's": {"agent_id": other},
        "missed in my queue": missed | {"queue_id": queue},
        "missed elsewhere": missed | {"queue_id": queue + 1},
    }
    contact = f"c-{company.tenant.pk}"
    project_contact(company.tenant, contact, at=NINE, fields=rows[kind])
    if kind == "a customer's":
        customer = add(company, "张三", "13812345678")
        CustomerLink.objects.of(company.tenant).create(interaction_id=contact, customer_id=customer, at=NINE)
    status = company.browser("agent").get(f"/api/interactions/{contact}").status_code
    assert status == (200 if is_seen else 404)
    assert company.browser("administrator").get(f"/api/interactions/{contact}").status_code == 200
    listed = company.browser("agent").get("/api/interactions", {"missed": str(kind.startswith("missed"))}).json()
    assert (listed["total"] == 1) is (is_seen and kind != "a customer's")


@pytest.mark.parametrize(("wanted", "is_found"), [("resolved", True), ("follow_up", False), ("", True)])
def test_contacts_are_found_by_what_an_agent_said_came_of_them(company: Company, wanted: str, is_found: bool) -> None:
    contact = f"c-{company.tenant.pk}"
    project_contact(company.tenant, contact, at=NINE, fields={"agent_id": company.users["agent"].pk})
    WrapUp.objects.of(company.tenant).create(
        interaction_id=contact, user=company.users["agent"], result=WrapUp.Result.RESOLVED
    )
    listed = company.browser("lead").get("/api/interactions", {"result": wanted}).json()
    assert listed["total"] == int(is_found)


@pytest.mark.parametrize("few", [0, 1_000])
def test_an_agents_contacts_are_the_same_whether_they_are_few_or_many(
    company: Company, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few are named one by one; of many the newest are walked through, each asked whether it is one."""
    monkeypatch.setattr(finding, "FEW", few)
    me, other = company.users["agent"].pk, company.users["lead"].pk
    parts: list[dict[str, object]] = [
        {"agent_id": me},
        {"agent_id": other, "caller_agent_id": me, "direction": "internal"},
        {"agent_id": other},
    ]
    ids = [f"c{number}-{company.tenant.pk}" for number in range(3)]
    for number, fields in enumerate(parts):
        project_contact(company.tenant, ids[number], at=NINE + timedelta(minutes=number), fields=fields)
    for asked, role in (({"agent": str(me)}, "administrator"), ({}, "agent")):
        answer = company.browser(role).get("/api/interactions", asked).json()
        assert ([item["id"] for item in answer["items"]], answer["total"]) == ([ids[1], ids[0]], 2)
