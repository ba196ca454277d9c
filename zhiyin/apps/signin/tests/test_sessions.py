"""Where a user is logged in: listed, ended, and told to the front."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from zhiyin.apps.accounts import login_sessions
from zhiyin.apps.accounts.models import LoginSession
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import PASSWORD, Company
from zhiyin.contracts.tickets import SESSION_ENDED_HEADER

JSON = "application/json"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def log_in(company: Company, username: str = "agent", device: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": device, "x-forwarded-for": "198.51.100.9"})
    body = {"company": company.tenant.code, "username": username, "password": PASSWORD}
    assert client.post("/api/session", body, content_type=JSON).status_code == 200
    return client


def keys_of(company: Company, username: str = "agent") -> list[str]:
    rows = LoginSession.objects.of(company.tenant).filter(user=company.users[username], ended_at__isnull=True)
    return list(rows.order_by("pk").values_list("key", flat=True))


def test_a_user_sees_where_he_is_logged_in(company: Company) -> None:
    here, _ = log_in(company), company.browser("agent")
    first, second = sorted(here.get("/api/me/sessions").json()["items"], key=lambda item: item["id"])
    assert (first["browser"], first["system"], first["address"]) == ("Firefox", "Windows", "198.51.100.9")
    assert (first["is_this"], second["is_this"], second["browser"]) == (True, False, "")
    assert company.browser("lead").get("/api/me/sessions").json()["items"][0]["is_this"]


def test_ending_one_elsewhere_tells_the_front(company: Company) -> None:
    here, elsewhere = log_in(company), log_in(company)
    _, key = keys_of(company)
    other = next(item for item in here.get("/api/me/sessions").json()["items"] if not item["is_this"])
    answer = here.delete(f"/api/me/sessions/{other['id']}")
    assert (answer.status_code, answer[SESSION_ENDED_HEADER]) == (204, key)
    assert elsewhere.get("/api/ticket").status_code == 401
    assert here.get("/api/ticket").status_code == 200
    assert here.delete(f"/api/me/sessions/{other['id']}").status_code == 404
    assert Entry.objects.of(company.tenant).filter(action="session.ended").count() == 1


def test_ending_all_others_leaves_this_one(company: Company) -> None:
    here, others = log_in(company), [log_in(company), log_in(company)]
    answer = here.post("/api/me/sessions/end-others")
    assert answer.json() == {"ended": 2}
    assert [client.get("/api/ticket").status_code for client in (here, *others)] == [200, 401, 401]
    assert here.post("/api/me/sessions/end-others").json() == {"ended": 0}


def test_a_colleagues_session_is_not_ones_own(company: Company) -> None:
    log_in(company, "lead")
    theirs = LoginSession.objects.of(company.tenant).get(user=company.users["lead"])
    assert log_in(company).delete(f"/api/me/sessions/{theirs.pk}").status_code == 404


def test_an_administrator_ends_a_users_sessions(company: Company) -> None:
    one, two = log_in(company), log_in(company)
    administrator, user = company.browser("administrator"), company.users["agent"].pk
    sessions = administrator.get(f"/api/users/{user}/sign-in").json()["sessions"]
    assert administrator.delete(f"/api/users/{user}/sessions/{sessions[1]['id']}").status_code == 204
    assert [client.get("/api/ticket").status_code for client in (one, two)] == [401, 200]
    assert administrator.delete(f"/api/users/{user}/sessions").json() == {"ended": 1}
    assert two.get("/api/ticket").status_code == 401


def test_a_password_change_ends_the_others_and_tells_the_front(company: Company) -> None:
    here, elsewhere = log_in(company), log_in(company)
    ended = keys_of(company)[1]
    answer = here.post("/api/session/password", {"old": PASSWORD, "new": "another good one"}, content_type=JSON)
    assert (answer.status_code, answer[SESSION_ENDED_HEADER]) == (204, ended)
    assert elsewhere.get("/api/ticket").status_code == 401
    assert len(here.get("/api/me/sessions").json()["items"]) == 1


def test_switching_a_user_off_or_removing_him_ends_all(company: Company) -> None:
    log_in(company)
    log_in(company, "lead")
    administrator = company.browser("administrator")
    off = administrator.patch(f"/api/users/{company.users['agent'].pk}", {"is_active": False}, content_type=JSON)
    removed = administrator.delete(f"/api/users/{company.users['lead'].pk}")
    assert SESSION_ENDED_HEADER in off.headers
    assert SESSION_ENDED_HEADER in removed.headers
    assert keys_of(company) == keys_of(company, "lead") == []


def test_an_administrators_new_password_ends_all(company: Company) -> None:
    client = log_in(company)
    address = f"/api/users/{company.users['agent'].pk}/password"
    answer = company.browser("administrator").post(address, {"password": "another good one"}, content_type=JSON)
    assert SESSION_ENDED_HEADER in answer.headers
    assert client.get("/api/ticket").status_code == 401


def test_logging_out_takes_the_session_off_the_list(company: Company) -> None:
    here, elsewhere = log_in(company), log_in(company)
    elsewhere.delete("/api/session")
    assert len(here.get("/api/me/sessions").json()["items"]) == 1


def test_when_it_was_seen_is_written_once_a_minute(company: Company) -> None:
    client = log_in(company)
    long_ago = timezone.now() - timedelta(minutes=5)
    row = LoginSession.objects.of(company.tenant).get(user=company.users["agent"])
    client.get("/api/session")
    assert LoginSession.objects.of(company.tenant).get(pk=row.pk).seen_at == row.seen_at
    LoginSession.objects.of(company.tenant).filter(pk=row.pk).update(seen_at=long_ago)
    client.get("/api/session", headers={"x-forwarded-for": "203.0.113.4"})
    seen = LoginSession.objects.of(company.tenant).get(pk=row.pk)
    assert seen.seen_at > long_ago
    assert seen.address == "203.0.113.4"


def test_what_is_over_for_long_is_forgotten(company: Company) -> None:
    log_in(company)
    now = timezone.now()
    assert login_sessions.forget_old_sessions(now=now) == 0
    assert login_sessions.forget_old_sessions(now=now + timedelta(days=31)) == 1
