"""Logging in and out, and what stands against guessing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from zhiyin.apps.accounts import services, throttle
from zhiyin.apps.accounts.models import LoginFailure, User
from zhiyin.apps.accounts.services import UserChange
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import PASSWORD, Company, Database, logged_in
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import CloseTelephone
from zhiyin.contracts.tickets import read_ticket

JSON = "application/json"


def log_in(client: Client, company: Company, username: str = "agent", password: str = PASSWORD) -> Any:
    body = {"company": company.tenant.code, "username": username, "password": password}
    return client.post("/api/session", body, content_type=JSON)


def test_a_user_logs_in_and_is_known(company: Company) -> None:
    client = Client()
    assert client.get("/api/session").json()["user"] is None
    answer = log_in(client, company)
    user = answer.json()["user"]
    assert (user["username"], user["role"], user["agent"]["id"]) == ("agent", "agent", user["id"])
    assert user["rights"] == [
        "announcements.read",
        "callbacks.read",
        "customers.read",
        "customers.write",
        "desk",
        "followups.read",
        "forum.write",
        "interactions.read",
        "recordings.read",
    ]
    assert client.get("/api/session").json() == answer.json()


def test_the_user_name_is_found_whatever_its_case(company: Company) -> None:
    assert log_in(Client(), company, username="AGENT").status_code == 200


def test_the_cookie_is_kept_from_scripts(company: Company) -> None:
    cookie = log_in(Client(), company).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    ("company_code", "username", "password"),
    [(None, "agent", "wrong"), (None, "nobody", PASSWORD), ("no-such-company", "agent", PASSWORD)],
    ids=["password", "user", "company"],
)
def test_what_was_wrong_is_not_told(company: Company, company_code: str | None, username: str, password: str) -> None:
    body = {"company": company_code or company.tenant.code, "username": username, "password": password}
    answer = Client().post("/api/session", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_login")
    assert answer.json()["title"] == "Company, user name or password is wrong."
    assert LoginFailure.objects.filter(username=username).count() == 1


def test_a_user_of_another_company_is_not_found_in_this_one(company: Company, other_company: Company) -> None:
    User.objects.of(company.tenant).filter(username="agent").update(username="only-here")
    body = {"company": other_company.tenant.code, "username": "only-here", "password": PASSWORD}
    assert Client().post("/api/session", body, content_type=JSON).status_code == 401


def test_guessing_one_user_is_stopped_and_the_wait_is_told(company: Company) -> None:
    for _ in range(throttle.MAX_PER_USER):
        assert log_in(Client(), company, password="guess").status_code == 401
    answer = log_in(Client(), company)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 0 < answer.json()["facts"]["wait_s"] <= throttle.WINDOW.total_seconds()
    assert answer["Retry-After"] == str(answer.json()["facts"]["wait_s"])
    assert log_in(Client(), company, username="lead").status_code == 200


def test_guessing_many_users_from_one_address_is_stopped(company: Company) -> None:
    now = timezone.now()
    for number in range(throttle.MAX_PER_ADDRESS):
        throttle.count_failure(company="x", username=f"u{number}", address="203.0.113.5", now=now)
    body = {"company": company.tenant.code, "username": "agent", "password": PASSWORD}
    assert (
        Client(headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.5"})
        .post("/api/session", body, content_type=JSON)
        .status_code
        == 429
    )
    assert Client().post("/api/session", body, content_type=JSON).status_code == 200


def test_after_the_wait_a_user_may_try_again(company: Company) -> None:
    now = timezone.now()
    for _ in range(throttle.MAX_PER_USER):
        throttle.count_failure(company=company.tenant.code, username="agent", address="", now=now - throttle.WINDOW)
    assert log_in(Client(), company).status_code == 200


def test_failures_that_no_longer_count_are_forgotten(rolled_back: Database) -> None:
    now = timezone.now()
    throttle.count_failure(company="x", username="y", address="z", now=now - throttle.WINDOW - timedelta(seconds=1))
    throttle.count_failure(company="x", username="y", address="z", now=now)
    assert throttle.forget_old_failures(now=now) >= 1
    assert LoginFailure.objects.filter(company="x").count() == 1


def test_logins_are_audited(company: Company) -> None:
    log_in(Client(), company, password="wrong")
    log_in(Client(), company)
    actions = Entry.objects.of(company.tenant).filter(action__startswith="login").order_by("pk")
    assert [entry.action for entry in actions] == ["login.failed", "login"]


def test_logging_out_ends_the_session_and_takes_the_telephone_back(company: Company) -> None:
    client = Client()
    log_in(client, company)
    with engine_that(lambda _: None) as heard:
        assert client.delete("/api/session").status_code == 204
    assert [request.command for request in heard] == [CloseTelephone(company.users["agent"].pk, holder="")]
    assert client.get("/api/ticket").status_code == 401


def test_one_can_log_out_while_the_engine_is_away(company: Company) -> None:
    client = company.browser("agent")
    assert client.delete("/api/session").status_code == 204
    assert client.get("/api/ticket").status_code == 401


@pytest.mark.parametrize("change", [{"is_active": False}, {"removed_at": timezone.now()}], ids=["off", "removed"])
def test_a_user_who_was_switched_off_is_out_at_once(company: Company, change: dict[str, object]) -> None:
    client = company.browser("agent")
    assert client.get("/api/ticket").status_code == 200
    User.objects.of(company.tenant).filter(username="agent").update(**change)
    assert client.get("/api/ticket").status_code == 401


def test_a_new_password_ends_the_users_other_sessions(company: Company) -> None:
    here, elsewhere = company.browser("agent"), company.browser("agent")
    body = {"old": PASSWORD, "new": "another good one"}
    assert here.post("/api/session/password", body, content_type=JSON).status_code == 204
    assert here.get("/api/ticket").status_code == 200
    assert elsewhere.get("/api/ticket").status_code == 401


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("wrong", "another good one", "wrong_password"), (PASSWORD, "short", "weak_password")],
    ids=["old one wrong", "too short"],
)
def test_a_password_is_not_changed_lightly(company: Company, old: str, new: str, code: str) -> None:
    answer = company.browser("agent").post("/api/session/password", {"old": old, "new": new}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_ticket_says_what_its_bearer_may(company: Company) -> None:
    text = company.browser("lead").get("/api/ticket").json()["ticket"]
    ticket = read_ticket(text, bytes.fromhex(settings.TICKET_KEY), now=timezone.now())
    lead = company.users["lead"]
    assert (ticket.tenant, ticket.user, ticket.agent, ticket.role) == (company.tenant.pk, lead.pk, lead.pk, "lead")
    assert "numbers.clear" in ticket.rights
    assert "admin" not in ticket.rights


def test_language_and_theme_are_remembered(company: Company) -> None:
    client = company.browser("agent")
    answer = client.put("/api/session/preferences", {"language": "en", "theme": "dark"}, content_type=JSON)
    assert (answer.json()["user"]["language"], answer.json()["user"]["theme"]) == ("en", "dark")


def test_the_last_administrator_stays(company: Company) -> None:
    client = company.browser("administrator")
    address = f"/api/users/{company.users['administrator'].pk}"
    for answer in (
        client.delete(address),
        client.patch(address, {"role": "agent"}, content_type=JSON),
        client.patch(address, {"is_active": False}, content_type=JSON),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    change = UserChange({"username": "second", "name": "二", "role": "administrator"})
    second = services.create_user(actor=company.system, password="long enough 1", change=change)
    assert logged_in(second).delete(address).status_code == 204


def test_a_removed_users_name_is_free_again(company: Company) -> None:
    client = company.browser("administrator")
    body = {"username": "Agent", "name": "新人", "password": "long enough 1"}
    taken = client.post("/api/users", body, content_type=JSON)
    assert (taken.status_code, taken.json()["code"], taken.json()["fields"]) == (409, "taken", {"username": "taken"})
    client.delete(f"/api/users/{company.users['agent'].pk}")
    assert client.post("/api/users", body, content_type=JSON).status_code == 201


def test_a_changed_user_is_audited_with_before_and_after_but_no_password(company: Company) -> None:
    client = company.browser("administrator")
    user = company.users["agent"].pk
    client.patch(f"/api/users/{user}", {"role": "lead"}, content_type=JSON)
    client.post(f"/api/users/{user}/password", {"password": "long enough 1"}, content_type=JSON)
    entries = list(Entry.objects.of(company.tenant).filter(subject_id=str(user)).order_by("-pk")[:2])
    assert (entries[1].before, entries[1].after) == ({"role": "agent"}, {"role": "lead"})
    assert "long enough" not in str([(entry.before, entry.after) for entry in entries])
