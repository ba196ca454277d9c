"""API keys: made once, held to their rights, addresses, time and pace, named in the audit, ended at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.integrations import key_access, keys
from zhiyin.apps.integrations.errors import TooManyCalls
from zhiyin.apps.integrations.models import ApiKey, KeyAllowance
from zhiyin.apps.tenancy.scope import enter_tenant

JSON = "application/json"
CUSTOMERS = ["customers.read", "customers.write"]


def make(company: Company, **fields: Any) -> dict[str, Any]:
    body = {"name": "ERP", "rights": CUSTOMERS} | fields
    answer = company.browser("administrator").post("/api/keys", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def client_of(made: dict[str, Any], **extra: Any) -> Client:
    return Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {made['key']}"}, **extra)


def test_a_key_works_and_is_named_in_the_audit(company: Company) -> None:
    made = make(company)
    answer = client_of(made).post("/api/customers", {"name": "张三"}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    entry = Entry.objects.of(company.tenant).get(action="customer.created")
    assert (entry.user_id, entry.user_name, entry.address) == (None, "API: ERP", "127.0.0.1")


def test_the_secret_is_shown_once_and_stored_nowhere(company: Company) -> None:
    made = make(company)
    secret = made["key"].removeprefix(made["prefix"] + "_")
    assert len(secret) >= 43
    browser = company.browser("administrator")
    seen = browser.get("/api/keys").content + browser.get(f"/api/keys/{made['id']}").content
    stored = repr(ApiKey.objects.of(company.tenant).values().get())
    audited = repr(list(Entry.objects.of(company.tenant).values("before", "after")))
    assert made["prefix"] in seen.decode()
    assert secret not in seen.decode() + stored + audited
    assert ApiKey.objects.of(company.tenant).get().digest not in seen.decode() + audited


def test_a_key_that_is_revoked_is_refused_from_its_next_call_on(company: Company) -> None:
    made = make(company)
    client = client_of(made)
    assert client.get("/api/customers").status_code == 200
    company.browser("administrator").post(f"/api/keys/{made['id']}/revoke")
    answer = client.get("/api/customers")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")
    enter_tenant(company.tenant.pk)
    actions = Entry.objects.of(company.tenant).filter(subject_kind="api_key").order_by("at", "pk")
    assert list(actions.values_list("action", flat=True)) == ["api_key.created", "api_key.revoked"]


def test_an_expired_key_is_refused_and_can_be_extended(company: Company) -> None:
    made = make(company, expires_at="2020-01-01T00:00:00Z")
    answer = client_of(made).get("/api/customers")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_expired")
    browser = company.browser("administrator")
    changed = browser.patch(f"/api/keys/{made['id']}", {"expires_at": None}, content_type=JSON)
    assert changed.json()["expires_at"] is None
    assert client_of(made).get("/api/customers").status_code == 200


@pytest.mark.parametrize(
    ("networks", "address", "is_allowed"),
    [
        (["192.0.2.0/24"], "192.0.2.9", True),
        (["192.0.2.0/24"], "192.0.3.9", False),
        (["192.0.2.7"], "192.0.2.7", True),
        (["192.0.2.7"], "::ffff:192.0.2.7", True),
        (["2001:db8::/32"], "2001:db8::1", True),
        (["2001:db8::/32"], "192.0.2.7", False),
        (["192.0.2.7"], "", False),
        (["192.0.2.7"], "nonsense", False),
        ([], "203.0.113.1", True),
    ],
)
def test_only_allowed_addresses_may_use_a_key(
    company: Company, networks: list[str], address: str, is_allowed: bool
) -> None:
    made = make(company, addresses=networks)
    answer = client_of(made).get("/api/customers", headers={"x-forwarded-for": f"203.0.113.5, {address}"})
    if address == "":
        answer = client_of(made, REMOTE_ADDR="").get("/api/customers")
    assert answer.status_code == (200 if is_allowed else 403)
    assert is_allowed or answer.json()["code"] == "address_not_allowed"


@pytest.mark.parametrize("token", ["", "zyk", "zyk___", "zyk_x_y_z", "zyk_1_abc", "zyk_²_a_b", "nonsense", "zyk_9_a_b"])
def test_nonsense_is_no_key(company: Company, token: str) -> None:
    answer = Client(headers={"authorization": f"Bearer {token}"}).get("/api/customers")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_key")


def test_a_key_with_one_wrong_letter_or_another_companys_number_is_none(
    company: Company, other_company: Company
) -> None:
    made = make(company)
    swapped = made["key"].replace(f"zyk_{company.tenant.pk}_", f"zyk_{other_company.tenant.pk}_")
    last = "A" if made["key"][-1] != "A" else "B"
    for text in (swapped, made["key"][:-1] + last):
        answer = Client(headers={"authorization": f"Bearer {text}"}).get("/api/customers")
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_key")


def test_a_key_counts_even_where_a_session_is_there_too(company: Company) -> None:
    """A page's session must not lend its rights to a weaker key."""
    made = make(company)
    browser = company.browser("administrator")
    answer = browser.get("/api/audit", headers={"authorization": f"Bearer {made['key']}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_key_sees_no_contacts_that_are_nobodys(company: Company) -> None:
    """A contact without an agent is not the key's own, though neither has a user."""
    made = make(company, rights=["desk"])
    assert client_of(made).get("/api/interactions").status_code == 403
    made = make(company, name="contacts", rights=["interactions.read"])
    assert client_of(made).get("/api/interactions/no-such-contact").status_code == 404


def test_nobody_gives_a_key_more_than_they_have(company: Company) -> None:
    body = {"name": "x", "rights": ["customers.read", "installation.own"]}
    answer = company.browser("administrator").post("/api/keys", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "rights_beyond_own")
    assert answer.json()["facts"] == {"rights": ["installation.own"]}


@pytest.mark.parametrize("address", ["10.0.0.300", "example.com", "10.0.0.0/40"])
def test_an_address_that_is_none_is_named(company: Company, address: str) -> None:
    body = {"name": "x", "rights": CUSTOMERS, "addresses": ["192.0.2.1", address]}
    answer = company.browser("administrator").post("/api/keys", body, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"addresses.1": "bad_address"})


def test_a_revoked_keys_name_is_free_again(company: Company) -> None:
    made = make(company)
    browser = company.browser("administrator")
    assert browser.post("/api/keys", {"name": "erp", "rights": CUSTOMERS}, content_type=JSON).status_code == 409
    browser.post(f"/api/keys/{made['id']}/revoke")
    make(company, name="erp")


def test_too_many_calls_are_refused_with_the_time_to_wait(company: Company) -> None:
    made = make(company, calls_per_minute=3)
    client = client_of(made)
    left = [client.get("/api/customers")["RateLimit-Remaining"] for _ in range(3)]
    answer = client.get("/api/customers")
    assert left == ["2", "1", "0"]
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer["Retry-After"]) <= 20


def test_the_allowance_fills_up_again_and_never_beyond_its_size(company: Company) -> None:
    made = make(company, calls_per_minute=2)
    key = keys.get_key(tenant=company.tenant, key_id=made["id"])
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert [key_access.take_call(key=key, now=noon) for _ in range(2)] == [1, 0]
    with pytest.raises(TooManyCalls) as refusal:
        key_access.take_call(key=key, now=noon + timedelta(seconds=10))
    assert refusal.value.facts == {"wait_s": 20}
    assert key_access.take_call(key=key, now=noon + timedelta(seconds=30)) == 0
    assert key_access.take_call(key=key, now=noon + timedelta(hours=5)) == 1
    # the clock of another machine is behind: nothing is won by it
    assert key_access.take_call(key=key, now=noon) == 0
    with pytest.raises(TooManyCalls):
        key_access.take_call(key=key, now=noon + timedelta(hours=5))


def test_when_and_from_where_it_was_used_last_is_noted_once_a_minute(company: Company) -> None:
    made = make(company)
    client_of(made).get("/api/customers", headers={"x-forwarded-for": "192.0.2.9"})
    row = ApiKey.objects.of(company.tenant).get()
    assert row.last_address == "192.0.2.9"
    assert row.last_used_at is not None
    client_of(made).get("/api/customers", headers={"x-forwarded-for": "192.0.2.9"})
    assert ApiKey.objects.of(company.tenant).get().last_used_at == row.last_used_at
    earlier = timezone.now() - timedelta(minutes=2)
    ApiKey.objects.of(company.tenant).update(last_used_at=earlier)
    client_of(made).get("/api/customers", headers={"x-forwarded-for": "192.0.2.9"})
    assert ApiKey.objects.of(company.tenant).get().last_used_at != earlier


def test_refused_calls_cost_the_keys_owner_nothing(company: Company) -> None:
    """Whoever guesses at a key's secret cannot use up its calls."""
    made = make(company)
    Client(headers={"authorization": f"Bearer {made['prefix']}_guess"}).get("/api/customers")
    enter_tenant(company.tenant.pk)
    assert not KeyAllowance.objects.of(company.tenant).exists()
