"""Connectors against a small EspoCRM over real HTTP: what is told, what is taken over, and what if it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from zhiyin.apps import outgoing
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers import services as customer_services
from zhiyin.apps.integrations import erasing
from zhiyin.apps.integrations.connectors.work import connectors_with_due, work_due
from zhiyin.apps.integrations.models import Connector, ConnectorLink, ConnectorTask
from zhiyin.apps.integrations.outbox import PublicEvents
from zhiyin.apps.integrations.tests.espocrm_server import KEY, EspoServer, espocrm
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.tenancy.roles import working_as_web
from zhiyin.apps.tenancy.scope import enter_tenant, inside
from zhiyin.apps.testing.contacts import log_contact, log_events
from zhiyin.apps.testing.receiver import Said
from zhiyin.contracts.events import WrapUpSaved
from zhiyin.domain.interactions import EndedBy, InteractionEnded

JSON = "application/json"
NUMBER = "+8613812345678"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def crm(monkeypatch: pytest.MonkeyPatch) -> Iterator[EspoServer]:
    with espocrm() as server:
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({server.receiver.host}))
        yield server


def connect(company: Company, crm: EspoServer, **fields: Any) -> dict[str, Any]:
    body = {"name": "CRM", "kind": "espocrm", "url": crm.url, "secret": KEY} | fields
    answer = company.browser("administrator").post("/api/connectors", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def pulling(company: Company, crm: EspoServer, **fields: Any) -> dict[str, Any]:
    return connect(company, crm, pushes_contacts=False, pulls_customers=True, **fields)


def work(company: Company, made: dict[str, Any], at: datetime | None = None) -> None:
    """Do all that is due, as the worker's jobs one after another."""
    moment = at or timezone.now() + timedelta(seconds=1)
    jobs = 1
    while work_due(tenant=company.tenant, connector_id=made["id"], clock=lambda: moment):
        jobs += 1
        assert jobs < 100, "it never ends"


def names(company: Company) -> list[str]:
    rows = customers.visible_customers(company.actor("administrator"))
    return sorted(rows.values_list("name", flat=True))


def task_of(company: Company, **wanted: Any) -> ConnectorTask:
    row: ConnectorTask = ConnectorTask.objects.of(company.tenant).get(**wanted)
    return row


def test_customers_come_over_page_by_page_and_later_only_what_changed(company: Company, crm: EspoServer) -> None:
    for n in range(70):
        crm.add_contact(f"+86138000{n:05d}", name=f"客户{n}", changed_at=f"2026-03-01 08:{n // 60:02d}:{n % 60:02d}")
    made = pulling(company, crm)
    now = timezone.now() + timedelta(seconds=1)
    work(company, made, now)
    assert len(names(company)) == 70
    task = task_of(company)
    assert (task.state, task.counts) == ("done", {"made": 70, "changed": 0, "refused": 0})
    crm.rows["Contact"][3].update(name="改名", modifiedAt="2026-03-01 09:00:00")
    work(company, made, now + timedelta(minutes=16))
    assert "改名" in names(company)
    assert "客户3" not in names(company)
    assert ConnectorTask.objects.of(company.tenant).order_by("-pk")[0].counts["changed"] == 1
    shown = company.browser("administrator").get(f"/api/connectors/{made['id']}").json()
    assert (shown["failing_since"], shown["last_fault"]) == (None, "")
    assert shown["succeeded_at"] is not None


def test_more_customers_of_one_instant_than_a_page_holds_all_come(company: Company, crm: EspoServer) -> None:
    for n in range(60):
        crm.add_contact(f"+86138000{n:05d}", name=f"客户{n}")
    made = pulling(company, crm)
    work(company, made)
    assert len(names(company)) == 60


def test_a_customer_that_changes_while_pages_are_read_pushes_none_out_of_sight(
    company: Company, crm: EspoServer
) -> None:
    for n in range(60):
        crm.add_contact(f"+86138000{n:05d}", name=f"客户{n}", changed_at=f"2026-03-01 08:{n // 60:02d}:{n % 60:02d}")

    def change_the_first() -> None:
        crm.on_list = lambda: None
        for row in crm.rows["Contact"][:5]:
            row["modifiedAt"] = "2026-03-01 10:00:00"

    crm.on_list = change_the_first
    work(company, pulling(company, crm))
    assert len(names(company)) == 60


def test_reading_goes_on_where_it_stopped(company: Company, crm: EspoServer) -> None:
    for n in range(60):
        crm.add_contact(f"+86138000{n:05d}", name=f"客户{n}", changed_at=f"2026-03-01 08:00:{n:02d}")
    made = pulling(company, crm)
    crm.on_list = lambda: crm.instead.append(Said(500, b"")) if len(crm.paths("GET")) == 1 else None
    now = timezone.now() + timedelta(seconds=1)
    work(company, made, now)
    assert len(names(company)) == 50
    task = task_of(company)
    assert (task.state, task.tries[-1]["fault"], task.tries[-1]["status"]) == ("waiting", "server_error", 500)
    assert connectors_with_due(now=now) == []
    work(company, made, now + timedelta(minutes=1))
    assert len(names(company)) == 60
    assert task_of(company).counts["made"] == 60


def test_a_customer_is_known_again_by_its_id_when_its_number_changes(company: Company, crm: EspoServer) -> None:
    row = crm.add_contact("138 1234 5678")
    made = pulling(company, crm)
    now = timezone.now() + timedelta(seconds=1)
    work(company, made, now)
    row.update(phoneNumber="+8613900000001", modifiedAt="2026-03-01 09:00:00")
    work(company, made, now + timedelta(hours=1))
    (customer,) = customers.visible_customers(company.actor("administrator"))
    stored = customers.numbers_of(tenant=company.tenant, customer_ids=[customer.pk])[customer.pk]
    assert [each.number for each in stored] == [NUMBER, "+8613900000001"]
    assert customer.company == "远山科技"


def test_a_customer_that_is_here_already_is_not_made_twice(company: Company, crm: EspoServer) -> None:
    actor = company.actor("administrator")
    mine = customer_services.create_customer(
        actor=actor, fields={"name": "旧名"}, numbers=[customer_services.NumberChange(number=NUMBER)]
    )
    crm.add_contact("13812345678")
    crm.add_contact(NUMBER, name="张三", changed_at="2026-03-01 08:30:00")  # twice over there
    work(company, pulling(company, crm))
    assert names(company) == ["张三"]
    assert set(ConnectorLink.objects.of(company.tenant).values_list("customer_id", flat=True)) == {mine.pk}


def test_one_that_is_refused_holds_up_no_other_and_is_named_by_its_id(company: Company, crm: EspoServer) -> None:
    bad = crm.add_contact("")
    crm.add_contact(NUMBER)
    work(company, pulling(company, crm))
    task = task_of(company)
    assert task.counts == {"made": 1, "changed": 0, "refused": 1}
    assert task.problems == [{"remote_id": bad["id"], "code": "nothing_to_find_by", "fields": {"number": "missing"}}]


def test_a_wrong_key_switches_off_tells_its_maker_and_nothing_is_lost(company: Company, crm: EspoServer) -> None:
    crm.add_contact(NUMBER)
    made = pulling(company, crm, secret="mistyped")
    work(company, made)
    row = Connector.objects.of(company.tenant).get()
    assert (row.is_enabled, row.disabled_why, row.last_fault) == (False, "refused", "wrong_key")
    told = Notification.objects.of(company.tenant).get(code="connector_disabled")
    assert told.user_id == company.users["administrator"].pk
    assert task_of(company).state == "waiting"
    browser = company.browser("administrator")
    answer = browser.patch(
        f"/api/connectors/{made['id']}", {"secret": KEY, "is_enabled": True}, content_type=JSON
    ).json()
    assert (answer["disabled_why"], answer["failing_since"]) == ("", None)
    work(company, made)
    assert names(company) == ["张三"]


def test_a_system_that_asks_for_time_is_left_alone_so_long(company: Company, crm: EspoServer) -> None:
    crm.add_contact(NUMBER)
    made = pulling(company, crm)
    now = timezone.now() + timedelta(seconds=1)
    for _ in range(15):  # more than a failing task is tried
        crm.instead = [Said(429, b"", {"Retry-After": "600"})]
        work(company, made, now)
        asked = len(crm.receiver.asked)
        work(company, made, now + timedelta(seconds=599))
        assert len(crm.receiver.asked) == asked
        assert connectors_with_due(now=now + timedelta(seconds=599)) == []
        now += timedelta(seconds=600)
    assert (company.tenant.pk, made["id"]) in connectors_with_due(now=now)
    work(company, made, now)
    assert names(company) == ["张三"]


def test_a_change_of_the_name_asks_the_other_system_nothing_and_switching_on_does(
    company: Company, crm: EspoServer
) -> None:
    made = pulling(company, crm)
    now = timezone.now() + timedelta(seconds=1)
    work(company, made, now)
    asked = len(crm.receiver.asked)
    browser = company.browser("administrator")
    path = f"/api/connectors/{made['id']}"
    whole = {name: made[name] for name in ("url", "pushes_contacts", "pulls_customers", "pull_every_min", "is_enabled")}
    browser.patch(path, whole | {"name": "改名"}, content_type=JSON)
    work(company, made, now)
    assert len(crm.receiver.asked) == asked, "it was pulled for a new name"
    browser.patch(path, {"is_enabled": False}, content_type=JSON)
    browser.patch(path, {"is_enabled": True}, content_type=JSON)
    work(company, made, now)
    assert len(crm.receiver.asked) > asked


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"list": [{"id": 7}]}', b'{"list": [{"id": "a", "modifiedAt": "x"}]}']
)
def test_an_answer_that_is_not_understood_is_a_failure_in_words(company: Company, crm: EspoServer, body: bytes) -> None:
    crm.instead = [Said(200, body)]
    work(company, pulling(company, crm))
    assert task_of(company).tries[-1]["fault"] in ("not_json", "not_understood")
    assert Connector.objects.of(company.tenant).get().failing_since is not None


def test_a_key_is_sealed_hidden_and_never_sent_to_another_address(company: Company, crm: EspoServer) -> None:
    made = connect(company, crm)
    browser = company.browser("administrator")
    stored = Connector.objects.of(company.tenant).get().sealed_secret
    audited = repr(list(Entry.objects.of(company.tenant).values("before", "after")))
    for told in (stored, audited, browser.get("/api/connectors").content.decode()):
        assert KEY not in told
    answer = browser.patch(f"/api/connectors/{made['id']}", {"url": "https://evil.example/"}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"secret": "secret_needed"})


def test_the_test_button_says_in_a_word_what_is_wrong(company: Company, crm: EspoServer) -> None:
    row = crm.add_contact("13812345678")
    made = connect(company, crm)
    browser = company.browser("administrator")

    def tried(number: str = "") -> dict[str, Any]:
        answer = browser.post(f"/api/connectors/{made['id']}/test", {"number": number}, content_type=JSON)
        told: dict[str, Any] = answer.json()
        return told

    assert tried("138 1234 5678") == {"fault": "", "status": None, "remote_id": row["id"]}
    assert tried("139 1234 5678")["remote_id"] is None
    crm.instead = [Said(403, b"")]
    assert tried()["fault"] == "no_access"
    assert tried("nonsense")["fields"] == {"number": "bad_number"}


def test_an_address_inside_is_refused(company: Company, crm: EspoServer) -> None:
    body = {"name": "x", "kind": "espocrm", "url": "https://10.0.0.5/", "secret": "x"}
    answer = company.browser("administrator").post("/api/connectors", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"url": "internal_address"})


def test_only_who_may_see_whole_numbers_connects_another_system(company: Company, crm: EspoServer) -> None:
    company.grant("agent", "integrations.manage")
    body = {"name": "x", "kind": "espocrm", "url": crm.url, "secret": "x"}
    answer = company.browser("agent").post("/api/connectors", body, content_type=JSON)
    assert answer.json()["code"] == "rights_beyond_own"


def test_erasing_a_customer_forgets_who_it_is_over_there(company: Company, crm: EspoServer) -> None:
    crm.add_contact(NUMBER)
    work(company, pulling(company, crm))
    (customer,) = customers.visible_customers(company.actor("administrator"))
    told = erasing.export_customer(tenant=company.tenant, customer_id=customer.pk)
    assert told["known_in"] == [{"connector__name": "CRM", "remote_id": "c0000"}]
    assert erasing.forget_customer(tenant=company.tenant, customer_id=customer.pk) == 1
    assert not ConnectorLink.objects.of(company.tenant).exists()


@pytest.fixture
def centre(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    """A company whose contacts come from the log, as in the worker."""
    return committed_company()


def wrap_up(company: Company) -> str:
    """Log a contact that was ended and wrapped up."""
    with inside(company.tenant):
        contact = log_contact(
            company.tenant, at=NINE, number=NUMBER, then=[(90, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup"))]
        )
    save_wrap_up(company, contact)
    return contact


def save_wrap_up(company: Company, contact: str) -> None:
    event = WrapUpSaved(interaction=contact, agent=company.users["agent"].pk, disposition=None)
    with inside(company.tenant):
        log_events(company.tenant, f"d:{contact}", [(NINE + timedelta(seconds=120), event)])
    Projector([ContactProjection(), PublicEvents()], database_url="").catch_up()


def connected(company: Company, crm: EspoServer, database: Database) -> dict[str, Any]:
    with connected_as(database.web), inside(company.tenant):
        return connect(company, crm)


def push(company: Company, made: dict[str, Any], at: datetime | None = None) -> None:
    with working_as_web():
        work(company, made, at)


def test_a_wrapped_up_contact_is_told_once_beside_its_customer(
    centre: Company, as_engine: Database, crm: EspoServer
) -> None:
    row = crm.add_contact("13812345678")
    made = connected(centre, crm, as_engine)
    contact = wrap_up(centre)
    push(centre, made)
    (call,) = crm.calls
    assert (call["direction"], call["status"], call["contactsIds"]) == ("Inbound", "Not Held", [row["id"]])
    assert (call["dateStart"], call["dateEnd"]) == ("2026-03-02 09:00:00", "2026-03-02 09:01:30")
    assert contact in call["description"]
    assert task_of(centre).remote_id == call["id"]
    save_wrap_up(centre, contact)  # a second agent's
    push(centre, made)
    assert len(crm.calls) == 1
    assert crm.paths("PUT") == [f"/api/v1/Call/{call['id']}"]


def test_a_lost_answer_makes_no_second_record(
    centre: Company, as_engine: Database, crm: EspoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "ANSWER_WITHIN_S", 0.5)
    made = connected(centre, crm, as_engine)
    wrap_up(centre)
    crm.loses_answers = 1
    now = timezone.now() + timedelta(seconds=1)
    push(centre, made, now)
    task = task_of(centre)
    assert (task.state, task.tries[-1]["fault"], len(crm.calls)) == ("waiting", "late", 1)
    push(centre, made, now + timedelta(minutes=1))
    assert (task_of(centre).state, len(crm.calls)) == ("done", 1)


def test_a_record_that_is_not_taken_is_given_up_and_the_next_is_told(
    centre: Company, as_engine: Database, crm: EspoServer
) -> None:
    made = connected(centre, crm, as_engine)
    bad, good = wrap_up(centre), wrap_up(centre)
    crm.instead = [Said(200, b'{"list": []}'), Said(200, b'{"list": []}'), Said(400, b"the number +8613812345678")]
    push(centre, made)
    assert task_of(centre, contact_id=bad).state == "failed"
    assert task_of(centre, contact_id=good).state == "done"
    assert NUMBER not in repr(list(ConnectorTask.objects.of(centre.tenant).values()))
    failed = task_of(centre, contact_id=bad)
    with connected_as(as_engine.web), inside(centre.tenant):
        centre.browser("administrator").post(f"/api/connectors/tasks/{failed.pk}/again")
    push(centre, made)
    assert len(crm.calls) == 2


def test_a_connector_that_was_switched_off_by_hand_gathers_nothing(
    centre: Company, as_engine: Database, crm: EspoServer
) -> None:
    with connected_as(as_engine.web), inside(centre.tenant):
        connect(centre, crm, is_enabled=False)
    wrap_up(centre)
    assert not ConnectorTask.objects.of(centre.tenant).exists()


def test_another_company_is_told_nothing(company: Company, other_company: Company, crm: EspoServer) -> None:
    enter_tenant(other_company.tenant.pk)
    made = pulling(other_company, crm)
    crm.add_contact(NUMBER)
    work(company, made)
    assert crm.receiver.asked == []
