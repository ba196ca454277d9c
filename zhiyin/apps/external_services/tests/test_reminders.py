"""Reminders of booked callbacks on their way out: the link works, and a mail finds its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.external_services.messages import send_due
from zhiyin.apps.external_services.models import FlowMessage
from zhiyin.apps.external_services.tests.builders import make_messages
from zhiyin.apps.external_services.tests.test_messages import mailbox, sms
from zhiyin.apps.interactions import bookings
from zhiyin.apps.interactions.deferred_projection import DeferredProjection
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.receiver import Receiver, receiving
from zhiyin.domain.booking_reminders import REMINDER, TOKEN
from zhiyin.domain.interactions import CallbackAgreed, CallbackEnd, CallbackEnded

NUMBER = "+8613812345678"
TEXT = f"明天 09:00 https://cc.example.com/call-us/c/booking/{TOKEN}"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as found:
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({found.host}))
        yield found


class Booked:
    """A booking of tomorrow, whose reminder is ordered."""

    def __init__(self, company: Company, database: Database, service: dict[str, Any]) -> None:
        self.company, self.database = company, database
        fields = {"name": "售后", "callback": {"is_public": True}}
        with inside(company.tenant):
            self.queue = queues.create_queue(actor=company.system, fields=fields).pk
            (self.row,) = make_messages(company, service, NUMBER, node=REMINDER, text=TEXT)
        self.at = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
        ref = f"{self.row.interaction_id}:1"
        self.fold(CallbackAgreed(self.queue, ref, "booking", self.at, self.at + timedelta(hours=1)))

    def fold(self, event: Any) -> None:
        logged = LoggedEvent(self.company.tenant.pk, f"i:{self.row.interaction_id}", timezone.now(), event)
        with connected_as(self.database.engine), transaction.atomic():
            DeferredProjection().fold([logged])

    def sent(self) -> FlowMessage:
        moment = timezone.now() + timedelta(seconds=1)
        with inside(self.company.tenant):
            send_due(tenant=self.company.tenant, clock=lambda: moment)
            return FlowMessage.objects.of(self.company.tenant).get()


def test_the_link_of_a_text_message_opens_the_very_booking(
    committed_company: Callable[[], Company], database: Database, receiver: Receiver
) -> None:
    booked = Booked(committed_company(), database, sms(receiver))
    assert booked.sent().state == "sent"
    words = receiver.asked[0].json()["words"]
    found = re.search(r"/booking/(\S+)$", words)
    assert found is not None, words
    with inside(booked.company.tenant):
        booking = bookings.find(tenant=booked.company.tenant, token=unquote(found[1]))
    assert (booking.begins_at, booking.queue.id, booking.state) == (booked.at, booked.queue, "waiting")


def test_who_cancelled_meanwhile_is_not_reminded(
    committed_company: Callable[[], Company], database: Database, receiver: Receiver
) -> None:
    booked = Booked(committed_company(), database, sms(receiver))
    booked.fold(CallbackEnded(CallbackEnd.CANCELLED))
    row = booked.sent()
    assert (row.state, row.cause) == ("failed", "booking_over")
    assert receiver.asked == []


def test_a_mail_goes_to_the_address_of_the_one_customer_with_the_number(
    committed_company: Callable[[], Company], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailbox() as (port, taken):
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({f"127.0.0.1:{port}"}))
        given = {"kind": "mail", "host": "127.0.0.1", "port": port, "security": "none"}
        given |= {"username": "", "from_address": "service@example.com", "from_name": "知音"}
        company = committed_company()
        booked = Booked(company, database, {"name": "邮件", "settings": given, "is_enabled": True})
        nobody = booked.sent()
        assert (nobody.state, nobody.cause) == ("failed", "no_address")
        with inside(company.tenant):
            body = {"name": "李", "numbers": [{"number": NUMBER}], "emails": ["li@example.com"]}
            made = company.browser("administrator").post("/api/customers", body, content_type="application/json")
            assert made.status_code == 201, made.content
            FlowMessage.objects.of(company.tenant).update(state="waiting", due_at=timezone.now())
        assert booked.sent().state == "sent"
    (mail,) = taken
    assert "To: li@example.com" in mail
