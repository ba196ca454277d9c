"""Messages that flows ordered: sent at least once by one key, given up in time, and gone with their person."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from zhiyin.apps.conftest import Company
from zhiyin.apps.external_services.messages import WAITS, FlowMessages, send_due
from zhiyin.apps.external_services.models import FlowMessage
from zhiyin.apps.external_services.tests.builders import make_messages
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.testing.receiver import Receiver, Said, receiving
from zhiyin.domain.interactions import MessageOrdered


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as found:
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({found.host}))
        yield found


def sms(receiver: Receiver, **more: Any) -> dict[str, Any]:
    body = '{"phone": "{{to}}", "words": "{{text}}"}'
    given = {"kind": "sms", "base_url": receiver.url, "body": body, "headers": {}, "secret_header": "X-Key"}
    return {"name": "短信", "settings": given | more, "secret": "s3cret", "is_enabled": True}


def send(company: Company, after: timedelta = timedelta(seconds=1)) -> FlowMessage:
    moment = timezone.now() + after
    send_due(tenant=company.tenant, clock=lambda: moment)
    return FlowMessage.objects.of(company.tenant).get()


def test_a_text_message_is_handed_to_its_provider(company: Company, receiver: Receiver) -> None:
    (ordered,) = make_messages(company, sms(receiver), "+8613800138000")
    row = send(company)
    assert (row.state, row.tries, row.due_at) == ("sent", 1, None)
    (asked,) = receiver.asked
    assert asked.json() == {"phone": "13800138000", "words": "您的订单已发货"}
    assert (asked.headers["x-key"], asked.headers["idempotency-key"]) == ("s3cret", ordered.ref)
    send(company)
    assert len(receiver.asked) == 1, "once is enough"


def test_what_fails_is_tried_by_the_same_key_and_given_up(company: Company, receiver: Receiver) -> None:
    make_messages(company, sms(receiver), "13800138000")
    receiver.answer = lambda _asked: Said(503)
    after = timedelta(seconds=1)
    for n, wait in enumerate(WAITS, start=1):
        row = send(company, after)
        assert (row.state, row.tries, row.cause) == ("waiting", n, "http_503")
        after += wait + timedelta(seconds=1)
    assert send(company, after).state == "failed"
    assert len({asked.headers["idempotency-key"] for asked in receiver.asked}) == 1


@pytest.mark.parametrize(
    ("to", "answer", "cause"),
    [
        ("a@example.com", Said(), "bad_address"),
        ("13800138000", Said(400), "http_400"),
        ("13800138000", Said(200, b'{"code": "ISV.LIMIT"}'), "refused"),
        ("13800138000", Said(200, b"[" * 3000), "refused"),
        ("13800138000", Said(200, b"not json"), "refused"),
    ],
)
def test_what_would_fail_again_is_not_tried_again(
    company: Company, receiver: Receiver, to: str, answer: Said, cause: str
) -> None:
    make_messages(company, sms(receiver, ok_pointer="/code", ok_values=["OK"]), to)
    receiver.answer = lambda _asked: answer
    row = send(company)
    assert (row.state, row.cause) == ("failed", cause)


def test_who_is_forgotten_before_is_not_written_to(company: Company, receiver: Receiver) -> None:
    make_messages(company, sms(receiver), "")
    assert send(company).state == "erased"
    assert receiver.asked == []


class _Mailbox(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP to take a message."""

    taken: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go\r\n")
                said = b""
                while not said.endswith(b"\r\n.\r\n"):
                    said += self.rfile.readline()
                self.taken.append(said.decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mailbox() -> Iterator[tuple[int, list[str]]]:
    taken: list[str] = []
    handler = type("Mailbox", (_Mailbox,), {"taken": taken})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.server_address[1], taken
        server.shutdown()


def test_a_mail_is_sent_by_the_server_that_was_named(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with mailbox() as (port, taken):
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({f"127.0.0.1:{port}"}))
        given = {"kind": "mail", "host": "127.0.0.1", "port": port, "security": "none"}
        given |= {"username": "", "from_address": "service@example.com", "from_name": "知音"}
        make_messages(company, {"name": "邮件", "settings": given, "is_enabled": True}, "li@example.com")
        assert send(company).state == "sent"
    (mail,) = taken
    assert "To: li@example.com" in mail
    assert "<service@example.com>" in mail


def test_the_log_orders_each_message_once(company: Company) -> None:
    ordered = LoggedEvent(company.tenant.pk, "i:contact-1", timezone.now(), MessageOrdered("sms", 4, "ref-1"))
    for _ in range(2):
        FlowMessages().fold([ordered])
    row = FlowMessage.objects.of(company.tenant).get()
    assert (row.ref, row.service_id, row.node, row.state) == ("ref-1", 4, "sms", "waiting")
    listed = company.browser("administrator").get("/api/flow-messages?search=contact-1").json()
    assert [(each["state"], each["service_name"]) for each in listed["items"]] == [("waiting", "")]
