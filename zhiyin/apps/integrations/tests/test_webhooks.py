"""Webhooks: what is told, to whom, signed how, how often, and never to an address inside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from zhiyin.apps import outgoing
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.services import NumberChange
from zhiyin.apps.integrations import deliveries
from zhiyin.apps.integrations.models import Delivery, Event, Webhook
from zhiyin.apps.integrations.outbox import PublicEvents
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.tenancy.scope import enter_tenant, inside
from zhiyin.apps.testing.contacts import log_contact
from zhiyin.apps.testing.receiver import Receiver, Said, receiving
from zhiyin.domain.interactions import EndedBy, InteractionEnded

JSON = "application/json"
NUMBER = "+8613812345678"
MASKED = "138****5678"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as found:
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({found.host}))
        yield found


def make(company: Company, url: str, **fields: Any) -> dict[str, Any]:
    body = {"name": "CRM", "url": url, "events": ["customer.created"], "rights": ["customers.read"]} | fields
    answer = company.browser("administrator").post("/api/webhooks", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def create_customer(company: Company, name: str = "张三") -> int:
    actor = company.actor("administrator")
    return customers.create_customer(actor=actor, fields={"name": name}, numbers=[NumberChange(number=NUMBER)]).pk


def deliver(company: Company, made: dict[str, Any], at: datetime | None = None) -> bool:
    moment = at or timezone.now() + timedelta(seconds=1)
    return deliveries.deliver_due(tenant=company.tenant, webhook_id=made["id"], clock=lambda: moment)


def test_a_new_customer_is_told_signed_and_masked(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url + "/hook")
    customer = create_customer(company)
    deliver(company, made)
    (asked,) = receiver.asked
    message = asked.json()
    assert (asked.method, asked.path) == ("POST", "/hook")
    assert (message["type"], message["version"]) == ("customer.created", 1)
    assert message["subject"] == {"kind": "customer", "id": customer}
    assert message["data"]["customer"]["name"] == "张三"
    assert MASKED in asked.body.decode()
    assert "13812345678" not in asked.body.decode()
    assert asked.headers["webhook-id"] == message["id"]
    assert is_signed(asked.headers, asked.body, made["secret"])
    row = Delivery.objects.of(company.tenant).get()
    assert (row.state, row.last_status, len(row.tries)) == ("delivered", 200, 1)


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Checked as the Standard Webhooks specification says, without our own code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_numbers_are_told_in_clear_only_with_the_right(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url, rights=["customers.read", "numbers.clear"])
    create_customer(company)
    deliver(company, made)
    assert NUMBER in receiver.asked[0].body.decode()


def test_only_events_that_were_asked_for_are_told(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url, events=["customer.changed"])
    customer = create_customer(company)
    customers.update_customer(
        actor=company.actor("administrator"), customer_id=customer, fields={"name": "李四"}, numbers=None
    )
    deliver(company, made)
    (asked,) = receiver.asked
    assert asked.json()["data"]["fields"] == ["name"]


def test_nobody_listens_nothing_is_written(company: Company) -> None:
    create_customer(company)
    assert not Event.objects.of(company.tenant).exists()


def test_what_fails_is_tried_again_with_growing_waits_and_the_same_bytes(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    create_customer(company)
    receiver.answer = lambda _asked: Said(500, b"no")
    now = timezone.now() + timedelta(seconds=1)
    waits = []
    for _ in range(11):
        deliver(company, made, now)
        row = Delivery.objects.of(company.tenant).get()
        if row.due_at is None:
            break
        waits.append((row.due_at - now).total_seconds())
        deliver(company, made, now)  # not due yet: nothing is sent
        now = row.due_at
    assert waits == sorted(waits)
    assert 24 * 3600 < sum(waits) < 36 * 3600
    assert len(receiver.asked) == len(waits) + 1
    assert len({asked.body for asked in receiver.asked}) == 1
    assert (row.state, row.answer) == ("failed", "no")


def test_a_receiver_that_asks_for_time_gets_it(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    create_customer(company)
    receiver.answer = lambda _asked: Said(429, b"", {"Retry-After": "600"})
    now = timezone.now() + timedelta(seconds=1)
    deliver(company, made, now)
    row = Delivery.objects.of(company.tenant).get()
    assert row.due_at == now + timedelta(seconds=600)


def test_messages_keep_their_order_and_one_failure_does_not_hold_up_the_rest(
    company: Company, receiver: Receiver
) -> None:
    made = make(company, receiver.url)
    ids = [create_customer(company, f"C{n}") for n in range(4)]
    receiver.answer = lambda asked: Said(500 if asked.json()["subject"]["id"] == ids[1] else 200)
    deliver(company, made)
    assert [asked.json()["subject"]["id"] for asked in receiver.asked] == ids
    states = Delivery.objects.of(company.tenant).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["delivered", "waiting", "delivered", "delivered"]


def test_an_address_that_is_away_is_not_asked_for_every_message(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    for n in range(5):
        create_customer(company, f"C{n}")
    receiver.answer = lambda _asked: Said(503)
    deliver(company, made)
    assert len(receiver.asked) == 2


def test_a_receiver_that_is_gone_is_switched_off_and_somebody_is_told(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    create_customer(company)
    create_customer(company, "李四")
    receiver.answer = lambda _asked: Said(410)
    deliver(company, made)
    webhook = Webhook.objects.of(company.tenant).get()
    assert (webhook.is_enabled, webhook.disabled_why) == (False, "gone")
    told = Notification.objects.of(company.tenant).get(code="webhook_disabled")
    assert told.user_id == company.users["administrator"].pk
    assert set(Delivery.objects.of(company.tenant).values_list("state", flat=True)) == {"dropped"}


def test_five_days_of_failure_switch_a_webhook_off_and_it_can_begin_anew(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    create_customer(company)
    receiver.answer = lambda _asked: Said(500)
    now = timezone.now() + timedelta(seconds=1)
    deliver(company, made, now)
    create_customer(company, "李四")
    deliver(company, made, now + timedelta(days=5))
    webhook = Webhook.objects.of(company.tenant).get()
    assert (webhook.is_enabled, webhook.disabled_why) == (False, "failing")
    changed = company.browser("administrator").patch(
        f"/api/webhooks/{made['id']}", {"is_enabled": True}, content_type=JSON
    )
    assert (changed.json()["disabled_why"], changed.json()["failing_since"]) == ("", None)


def test_a_redirect_is_not_followed(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url + "/a")
    create_customer(company)
    receiver.answer = lambda _asked: Said(302, b"", {"Location": f"{receiver.url}/b"})
    deliver(company, made)
    assert [asked.path for asked in receiver.asked] == ["/a"]
    assert Delivery.objects.of(company.tenant).get().state == "waiting"


def test_an_answer_is_kept_only_so_far_and_as_text(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    create_customer(company)
    receiver.answer = lambda _asked: Said(200, b"\x00\xff" + b"x" * 100_000)
    deliver(company, made)
    row = Delivery.objects.of(company.tenant).get()
    assert len(row.answer) == outgoing.MAX_ANSWER_BYTES
    assert row.answer.startswith("\ufffd\ufffdx")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "needs_https"),
        ("https://127.0.0.1/", "internal_address"),
        ("https://10.0.0.5:8443/x", "internal_address"),
        ("https://169.254.169.254/latest/meta-data/", "internal_address"),
        ("https://[::1]/", "internal_address"),
        ("https://[::ffff:10.0.0.1]/", "internal_address"),
        ("https://2130706433/", "internal_address"),
        ("https://0x7f.1/", "internal_address"),
        ("https://user:secret@example.com/", "credentials_in_url"),
        ("https://example.com/#x", "bad_url"),
        ("https://exa mple.com/", "bad_url"),
        ("https://example.com:99999/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("gopher://example.com/", "bad_url"),
        ("https:///x", "bad_url"),
    ],
)
def test_an_address_inside_or_broken_is_refused_by_name(company: Company, url: str, code: str) -> None:
    body = {"name": "x", "url": url, "events": ["customer.created"], "rights": ["customers.read"]}
    answer = company.browser("administrator").post("/api/webhooks", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"url": code})


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:169.254.169.254"], ["64:ff9b::a9fe:a9fe"], ["fe80::1%eth0"], []],
)
def test_a_name_that_leads_inside_is_not_asked(addresses: list[str]) -> None:
    with pytest.raises(outgoing.NoAnswer) as refused:
        outgoing.post("https://example.com/", body=b"", headers={}, resolve=lambda _host, _port: addresses)
    assert refused.value.code == ("refused_address" if addresses else "unresolved")


def test_the_connection_goes_to_the_address_that_was_looked_at(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers otherwise the second time it is asked (rebinding) leads nowhere: it is asked once."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({f"crm.example:{receiver.port}"}))
    answer = outgoing.post(f"http://crm.example:{receiver.port}/x", body=b"hi", headers={}, resolve=resolve)
    assert answer.status == 200
    assert asked == ["crm.example"]
    assert receiver.asked[0].headers["host"] == f"crm.example:{receiver.port}"


def test_events_need_their_right(company: Company) -> None:
    body = {"name": "x", "url": "https://example.com/", "events": ["contact.ended"], "rights": []}
    answer = company.browser("administrator").post("/api/webhooks", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "rights_missing")
    body = {"name": "x", "url": "https://example.com/", "events": ["world.ended"], "rights": []}
    answer = company.browser("administrator").post("/api/webhooks", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_event")


def test_the_secret_is_shown_once_and_can_be_changed_without_losing_a_message(
    company: Company, receiver: Receiver
) -> None:
    made = make(company, receiver.url)
    browser = company.browser("administrator")
    assert made["secret"] not in browser.get("/api/webhooks").content.decode()
    changed = browser.post(f"/api/webhooks/{made['id']}/secret").json()
    assert changed["secret"] != made["secret"]
    create_customer(company)
    deliver(company, made)
    create_customer(company)
    deliver(company, made, timezone.now() + timedelta(days=2))
    first, second = receiver.asked
    assert is_signed(first.headers, first.body, made["secret"])
    assert is_signed(first.headers, first.body, changed["secret"])
    assert not is_signed(second.headers, second.body, made["secret"])
    assert is_signed(second.headers, second.body, changed["secret"])
    audited = repr(list(Entry.objects.of(company.tenant).values("before", "after")))
    assert made["secret"] not in audited
    assert "s1." not in audited


def test_the_test_button_says_what_came_back(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    browser = company.browser("administrator")
    receiver.answer = lambda _asked: Said(204, b"")
    told = browser.post(f"/api/webhooks/{made['id']}/test").json()
    assert (told["is_taken"], told["status"], told["error"]) == (True, 204, "")
    assert receiver.asked[0].json()["type"] == "test"
    browser.patch(f"/api/webhooks/{made['id']}", {"url": "https://127.0.0.1.invalid/"}, content_type=JSON)
    told = browser.post(f"/api/webhooks/{made['id']}/test").json()
    assert (told["is_taken"], told["status"], told["error"]) == (False, None, "unresolved")


def test_the_log_is_searched_and_a_message_sent_again_with_its_id(company: Company, receiver: Receiver) -> None:
    made = make(company, receiver.url)
    customer = create_customer(company)
    create_customer(company, "李四")
    deliver(company, made)
    browser = company.browser("administrator")
    found = browser.get(f"/api/webhooks/deliveries?search={customer}").json()
    assert [row["subject_id"] for row in found["items"]] == [str(customer)]
    row = found["items"][0]
    detail = browser.get(f"/api/webhooks/deliveries/{row['id']}").json()
    assert json.loads(detail["body"])["id"] == row["event_id"]
    assert detail["tries"][0]["status"] == 200
    assert browser.post(f"/api/webhooks/deliveries/{row['id']}/resend").json()["state"] == "waiting"
    deliver(company, made)
    assert receiver.asked[-1].body == receiver.asked[0].body
    assert browser.get("/api/webhooks/deliveries?state=failed").json()["total"] == 0
    assert browser.get("/api/webhooks/deliveries?format=csv").content.decode("utf-8-sig").count("customer.created") == 2


def test_contacts_are_told_from_the_log_once_each(
    as_engine: Database, committed_company: Callable[[], Company], receiver: Receiver
) -> None:
    company = committed_company()
    began_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    with connected_as(as_engine.web), inside(company.tenant):
        made = make(company, receiver.url, events=["contact.started", "contact.ended"], rights=["figures.read"])
    with connected_as(as_engine.web), inside(company.tenant):
        contact = log_contact(
            company.tenant,
            at=began_at,
            number=NUMBER,
            then=[(9, InteractionEnded(by=EndedBy.CUSTOMER, reason="hangup"))],
        )
    for _ in range(2):
        Projector([ContactProjection(), PublicEvents()], database_url="").catch_up()
    deliver(company, made)
    deliver(company, made)
    messages = [asked.json() for asked in receiver.asked if asked.json()["subject"]["id"] == contact]
    assert [message["type"] for message in messages] == ["contact.started", "contact.ended"]
    assert messages[1]["data"]["contact"]["masked"] == MASKED
    assert messages[1]["data"]["contact"]["number"] is None
    assert "13812345678" not in repr(messages)
    assert messages[1]["timestamp"] == "2026-03-02T09:00:09+00:00"


def test_another_company_hears_nothing(company: Company, other_company: Company, receiver: Receiver) -> None:
    enter_tenant(other_company.tenant.pk)
    made = make(other_company, receiver.url)
    enter_tenant(company.tenant.pk)
    create_customer(company)
    enter_tenant(other_company.tenant.pk)
    deliver(other_company, made)
    assert receiver.asked == []
