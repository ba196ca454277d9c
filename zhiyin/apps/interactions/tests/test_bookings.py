"""The public page of booked callbacks: what anybody sees and may, and what nobody learns by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.channels import guests
from zhiyin.apps.channels.models import GuestCall
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.interactions.deferred_projection import DeferredProjection
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import CancelCallback, Command, RequestCallback
from zhiyin.contracts.frames import Problem
from zhiyin.domain.interactions import CallbackAgreed

JSON = "application/json"
NUMBER = "13812345678"


def queue_of(company: Company, **callback: object) -> int:
    fields = {"name": "售后", "name_en": "After-sales", "callback": {"is_public": True, **callback}}
    with inside(company.tenant):
        return queues.create_queue(actor=company.system, fields=fields).pk


def answering(command: Command) -> object:
    return {"interaction": command.request} if isinstance(command, RequestCallback) else None


def url(company: Company, *parts: str) -> str:
    return "/".join((f"/api/public/{company.tenant.code}/bookings", *parts))


def free_slots(client: Client, company: Company, queue: int) -> list[str]:
    days = client.get(url(company, "slots"), {"queue": queue}).json()["days"]
    return [slot["begins_at"] for day in days for slot in day["slots"] if slot["is_free"]]


def book(client: Client, company: Company, queue: int, at: str, number: str = NUMBER) -> Any:
    body = {"queue": queue, "number": number, "begins_at": at}
    return client.post(url(company), body, content_type=JSON)


def kept(company: Company, database: Database, booked: Command) -> None:
    """Let the callback be folded from the log, as the worker does."""
    assert isinstance(booked, RequestCallback)
    assert booked.due_at is not None
    assert booked.until is not None
    agreed = CallbackAgreed(booked.queue, f"{booked.request}-n", "booking", booked.due_at, booked.until)
    logged = LoggedEvent(company.tenant.pk, f"i:{booked.request}", timezone.now(), agreed)
    with connected_as(database.engine), transaction.atomic():
        DeferredProjection().fold([logged])


def test_anybody_books_a_free_hour_and_comes_back_by_the_link(
    committed_company: Callable[[], Company], database: Database
) -> None:
    company = committed_company()
    queue, client = queue_of(company), Client()
    with inside(company.tenant):
        queues.create_queue(actor=company.system, fields={"name": "内部", "callback": {}})
    assert [one["name_en"] for one in client.get(url(company)).json()["queues"]] == ["After-sales"]
    at = free_slots(client, company, queue)[0]
    with engine_that(answering) as heard:
        made = book(client, company, queue, at)
        assert made.status_code == 201, made.content
        token = made.json()["token"]
        asked = heard[0].command
        assert isinstance(asked, RequestCallback)
        assert (asked.asked_by, asked.due_at, asked.until) == (
            "booking",
            datetime.fromisoformat(at),
            datetime.fromisoformat(at) + timedelta(hours=1),
        )
        assert made.json()["number"] == "138****5678"
        assert client.get(url(company, token)).json()["state"] == "waiting", "before the log was folded"
        kept(company, database, asked)
        assert client.post(url(company, token, "cancel")).status_code == 204
        assert isinstance(heard[-1].command, CancelCallback)
    with inside(company.tenant):
        entries = Entry.objects.of(company.tenant).filter(subject_id=asked.request)
        actions = list(entries.values_list("action", flat=True))
    assert sorted(actions) == ["callback.cancelled", "callback.requested"]


def test_an_hour_takes_as_many_as_the_queue_says(committed_company: Callable[[], Company], database: Database) -> None:
    company = committed_company()
    queue, client = queue_of(company, bookings_per_hour=1), Client()
    at, other, *_ = free_slots(client, company, queue)
    with engine_that(answering) as heard:
        assert book(client, company, queue, at).status_code == 201
        kept(company, database, heard[0].command)
        refused = book(client, company, queue, at, "13912345678")
        assert (refused.status_code, refused.json()["code"]) == (409, "slot_gone")
        assert at not in free_slots(client, company, queue)
        assert book(client, company, queue, other, "13912345678").status_code == 201


@pytest.mark.parametrize("at", ["2020-01-01T10:00:00Z", "2099-01-01T10:00:00Z", "half past"])
def test_what_is_no_slot_is_not_booked(company: Company, at: str) -> None:
    queue, client = queue_of(company), Client()
    if at == "half past":
        first = datetime.fromisoformat(free_slots(client, company, queue)[0])
        at = (first + timedelta(minutes=30)).isoformat()
    refused = book(client, company, queue, at)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_gone")


def test_a_link_is_of_one_company_and_cannot_be_made_up(company: Company, other_company: Company) -> None:
    queue, client = queue_of(company), Client()
    with engine_that(answering):
        token = book(client, company, queue, free_slots(client, company, queue)[0]).json()["token"]
    assert client.get(url(other_company, token)).status_code == 404
    assert client.get(url(company, token[:-1] + ("A" if token[-1] != "A" else "B"))).status_code == 404
    assert client.post(url(company, "made-up", "cancel")).status_code == 404
    assert client.get(url(other_company, "slots"), {"queue": queue}).status_code == 404


def test_moving_books_the_new_hour_before_the_old_one_is_given_back(company: Company) -> None:
    queue, client = queue_of(company), Client()
    first, second, *_ = free_slots(client, company, queue)
    with engine_that(answering) as heard:
        token = book(client, company, queue, first).json()["token"]
        too_soon = client.post(url(company, token, "move"), {"begins_at": second}, content_type=JSON)
        assert (too_soon.status_code, too_soon.json()["code"]) == (409, "too_late_to_change"), "not folded yet"
        assert len(heard) == 1, "nothing was asked for it"


def _refusing(code: str, _command: Command) -> Problem:
    return Problem(code)


def test_nobody_learns_why_a_number_is_not_called(company: Company) -> None:
    queue, client = queue_of(company), Client()
    at = free_slots(client, company, queue)[0]
    for code, fields in (("number_listed", {}), ("bad_number", {"number": "bad_number"})):
        with engine_that(partial(_refusing, code)):
            refused = book(client, company, queue, at)
        assert (refused.status_code, refused.json()["code"]) == (400, "number_not_called")
        assert refused.json().get("fields", {}) == fields


def test_an_address_books_no_more_than_it_may_call(company: Company) -> None:
    queue, client = queue_of(company), Client()
    at = free_slots(client, company, queue)[0]
    now = timezone.now()
    GuestCall.objects.bulk_create(GuestCall(address="127.0.0.1", at=now) for _ in range(guests.MAX_CALLS))
    with engine_that(answering) as heard:
        refused = book(client, company, queue, at)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
    assert heard == []


def test_a_queue_without_a_calendar_is_booked_by_day(company: Company) -> None:
    queue, client = queue_of(company), Client()
    slots = free_slots(client, company, queue)
    assert len(slots) >= 9 * 13, "by day, where the queue has no calendar"
    assert datetime.fromisoformat(slots[0]).astimezone(UTC).minute == 0
