"""The second factor: set up, asked for, used once, lost, required."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from zhiyin.apps.accounts import throttle
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import PASSWORD, Company
from zhiyin.apps.integrations import keys
from zhiyin.apps.signin import codes
from zhiyin.apps.signin.models import RecoveryCode, SecondFactor

JSON = "application/json"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def post(client: Client, path: str, **body: object) -> Any:
    return client.post(f"/api{path}", body, content_type=JSON)


def log_in(company: Company, client: Client | None = None, password: str = PASSWORD) -> tuple[Client, Any]:
    client = client or Client()
    return client, post(client, "/session", company=company.tenant.code, username="agent", password=password)


def set_up(company: Company) -> tuple[str, list[str]]:
    """Switch two-factor on for the agent; return the secret, whose present code was not used yet, and the codes."""
    browser = company.browser("agent")
    secret = post(browser, "/me/second-factor", password=PASSWORD).json()["secret"]
    before = codes.code_at(secret, now=timezone.now() - timedelta(seconds=codes.STEP_S))
    answer = post(browser, "/me/second-factor/confirm", code=before)
    assert answer.status_code == 200, answer.content
    return secret, answer.json()["codes"]


def code_now(secret: str) -> str:
    return codes.code_at(secret, now=timezone.now())


@pytest.mark.parametrize("late", [-1, 0, 1], ids=["behind", "on time", "ahead"])
def test_a_code_counts_a_step_around_its_own(late: int) -> None:
    secret = codes.new_secret()
    shown = codes.code_at(secret, now=NINE + timedelta(seconds=late * codes.STEP_S))
    step = codes.matching_step(secret, shown, now=NINE, after=0)
    assert step == int(NINE.timestamp()) // codes.STEP_S + late
    assert codes.matching_step(secret, shown, now=NINE, after=step) is None
    assert codes.matching_step(secret, shown, now=NINE + timedelta(seconds=90), after=0) is None


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, cut to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    shown = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {at: codes.code_at(secret, now=datetime.fromtimestamp(at, UTC)) for at in shown} == shown


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert codes.matching_step(codes.new_secret(), code, now=NINE, after=0) is None


def test_setting_up_asks_for_the_password_and_a_first_code(company: Company) -> None:
    browser = company.browser("agent")
    refused = post(browser, "/me/second-factor", password="guess")
    assert (refused.status_code, refused.json()["fields"]) == (400, {"password": "wrong_password"})
    setup = post(browser, "/me/second-factor", password=PASSWORD).json()
    assert setup["address"].startswith("otpauth://totp/")
    assert f"secret={setup['secret']}" in setup["address"]
    assert post(browser, "/me/second-factor/confirm", code="000000").json()["code"] == "wrong_code"
    assert browser.get("/api/me/second-factor").json()["since"] is None
    answer = post(browser, "/me/second-factor/confirm", code=code_now(setup["secret"]))
    assert len(set(answer.json()["codes"])) == codes.RECOVERY_CODES
    state = browser.get("/api/me/second-factor").json()
    assert (state["since"] is not None, state["recovery_codes_left"]) == (True, 10)


def test_neither_secret_nor_recovery_code_stands_in_the_database(company: Company) -> None:
    secret, recovery = set_up(company)
    row = SecondFactor.objects.of(company.tenant).get()
    assert secret not in row.sealed_secret
    digests = " ".join(RecoveryCode.objects.of(company.tenant).values_list("digest", flat=True))
    assert not any(code in digests or code.replace("-", "") in digests for code in recovery)
    assert secret not in str(list(Entry.objects.of(company.tenant).values_list("after", "before")))


def test_the_password_alone_opens_nothing(company: Company) -> None:
    secret, _ = set_up(company)
    client, answer = log_in(company)
    assert (answer.json()["user"], answer.json()["step"]) == (None, "code")
    assert client.get("/api/ticket").status_code == 401
    assert client.get("/api/session").json()["step"] == "code"
    entered = post(client, "/session/code", code=code_now(secret))
    assert (entered.json()["user"]["username"], entered.json()["step"]) == ("agent", None)
    assert client.get("/api/ticket").status_code == 200
    entry = Entry.objects.of(company.tenant).filter(action="login").latest("pk")
    assert entry.after == {"way": "app"}


def test_a_code_is_taken_once(company: Company) -> None:
    secret, _ = set_up(company)
    code = code_now(secret)
    first, _ = log_in(company)
    assert post(first, "/session/code", code=code).status_code == 200
    second, _ = log_in(company)
    replayed = post(second, "/session/code", code=code)
    assert (replayed.status_code, replayed.json()["fields"]) == (400, {"code": "wrong_code"})
    assert second.get("/api/session").json()["user"] is None


def test_a_recovery_code_lets_in_once_however_it_is_typed(company: Company) -> None:
    _, recovery = set_up(company)
    client, _ = log_in(company)
    assert post(client, "/session/code", code=f" {recovery[3].upper().replace('-', ' ')}").status_code == 200
    assert client.get("/api/me/second-factor").json()["recovery_codes_left"] == 9
    again, _ = log_in(company)
    assert post(again, "/session/code", code=recovery[3]).json()["code"] == "wrong_code"


def test_guessing_codes_is_stopped_and_a_right_password_does_not_clear_the_count(company: Company) -> None:
    secret, _ = set_up(company)
    for _ in range(throttle.MAX_PER_USER):
        client, answer = log_in(company)
        assert answer.json()["step"] == "code"
        assert post(client, "/session/code", code="000000").status_code == 400
    client, _ = log_in(company)
    stopped = post(client, "/session/code", code=code_now(secret))
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_attempts")
    assert Entry.objects.of(company.tenant).filter(action="login.failed", after={"way": "second_factor"}).count() == 5


def test_guessing_the_password_of_an_open_page_is_stopped(company: Company) -> None:
    browser = company.browser("agent")
    for _ in range(throttle.MAX_PER_USER):
        assert post(browser, "/me/second-factor", password="guess").status_code == 400
    assert post(browser, "/me/second-factor", password=PASSWORD).status_code == 429


@pytest.mark.parametrize("path", ["/session/code", "/session/second-factor/confirm", "/session/second-factor"])
def test_a_step_without_a_password_before_it_is_refused(company: Company, path: str) -> None:
    answer = post(Client(), path, code="123456")
    assert (answer.status_code, answer.json()["code"]) == (401, "login_over")


def test_the_password_counts_for_ten_minutes(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, _ = set_up(company)
    client, _ = log_in(company)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("zhiyin.apps.accounts.sessions.timezone.now", lambda: later)
    assert post(client, "/session/code", code=codes.code_at(secret, now=later)).json()["code"] == "login_over"


def test_a_password_changed_meanwhile_ends_the_way_in(company: Company) -> None:
    secret, _ = set_up(company)
    client, _ = log_in(company)
    user = company.users["agent"].pk
    post(company.browser("administrator"), f"/users/{user}/password", password="another good one")
    assert post(client, "/session/code", code=code_now(secret)).status_code == 401


def test_new_recovery_codes_replace_the_old(company: Company) -> None:
    secret, old = set_up(company)
    client, _ = log_in(company)
    post(client, "/session/code", code=code_now(secret))
    fresh = post(client, "/me/second-factor/recovery-codes", password=PASSWORD).json()["codes"]
    assert not set(fresh) & set(old)
    other, _ = log_in(company)
    assert post(other, "/session/code", code=old[0]).status_code == 400
    assert post(other, "/session/code", code=fresh[0]).status_code == 200


def test_switching_off_asks_for_the_password(company: Company) -> None:
    set_up(company)
    browser = company.browser("agent")
    assert post(browser, "/me/second-factor/off", password="guess").status_code == 400
    assert post(browser, "/me/second-factor/off", password=PASSWORD).status_code == 204
    assert log_in(company)[1].json()["step"] is None
    assert post(browser, "/me/second-factor/off", password=PASSWORD).json()["code"] == "second_factor_is_off"


def require(company: Company, *roles: str) -> Any:
    browser = company.browser("administrator")
    return browser.put("/api/sign-in/policy", {"second_factor_roles": roles}, content_type=JSON)


def test_who_must_have_one_sets_it_up_before_anything_else(company: Company) -> None:
    assert require(company, "agent").json()["second_factor_roles"] == ["agent"]
    client, answer = log_in(company)
    assert (answer.json()["user"], answer.json()["step"]) == (None, "set_up")
    assert client.get("/api/customers").status_code == 401
    secret = post(client, "/session/second-factor").json()["secret"]
    entered = post(client, "/session/second-factor/confirm", code=code_now(secret)).json()
    assert (entered["session"]["user"]["username"], len(entered["codes"])) == ("agent", 10)
    assert client.get("/api/ticket").status_code == 200
    off = post(client, "/me/second-factor/off", password=PASSWORD)
    assert (off.status_code, off.json()["code"]) == (409, "second_factor_required")


def test_the_way_to_set_up_is_no_way_around_the_code(company: Company) -> None:
    """Who has a second factor cannot set up another one with the password alone."""
    set_up(company)
    require(company, "agent")
    client, _ = log_in(company)
    assert post(client, "/session/second-factor").json()["code"] == "login_over"


def test_other_roles_and_api_keys_need_none(company: Company) -> None:
    require(company, "administrator")
    assert log_in(company)[1].json()["step"] is None
    _, text = keys.create_key(actor=company.actor("administrator"), fields={"name": "K", "rights": ["admin"]})
    assert Client(headers={"authorization": f"Bearer {text}"}).get("/api/users").status_code == 200


def test_an_unknown_role_is_named(company: Company) -> None:
    answer = require(company, "agent", "boss")
    assert (answer.status_code, answer.json()["fields"]) == (400, {"second_factor_roles": "unknown_role"})


def test_an_administrator_resets_what_was_lost(company: Company) -> None:
    set_up(company)
    administrator, user = company.browser("administrator"), company.users["agent"].pk
    assert administrator.get(f"/api/users/{user}/sign-in").json()["second_factor"]["since"] is not None
    assert post(administrator, f"/users/{user}/second-factor/reset").status_code == 204
    assert log_in(company)[1].json()["step"] is None
    assert Entry.objects.of(company.tenant).filter(action="second_factor.reset", subject_id=str(user)).count() == 1
    assert post(administrator, f"/users/{user}/second-factor/reset").status_code == 409


def test_a_secret_sealed_with_another_key_lets_nobody_in(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, _ = set_up(company)
    monkeypatch.setattr(settings, "VAULT_KEY", "00" * 32)
    client, _ = log_in(company)
    assert post(client, "/session/code", code=code_now(secret)).json()["code"] == "wrong_code"
