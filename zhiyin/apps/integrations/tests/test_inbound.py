"""Inbound hooks: believed only with the secret, done once, mapped, limited, logged."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.integrations.models import InboundCall
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.domain.security.webhooks import sign

JSON = "application/json"
MAPPING = [
    {"pointer": "/buyer/name", "field": "name"},
    {"pointer": "/buyer/phones/0", "field": "number"},
    {"pointer": "/buyer/mail", "field": "email"},
    {"pointer": "/remark", "field": "note"},
]
ORDER = {"buyer": {"name": "张三", "phones": ["138 1234 5678"], "mail": "z3@example.com"}, "remark": "VIP"}


def make(company: Company, **fields: Any) -> dict[str, Any]:
    body = {"name": "ERP", "mapping": MAPPING} | fields
    answer = company.browser("administrator").post("/api/inbound", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def send(
    hook: dict[str, Any],
    document: object,
    *,
    message_id: str = "m1",
    secret: str = "",
    age_s: int = 0,
    body: bytes = b"",
) -> Any:
    content = body or json.dumps(document, ensure_ascii=False).encode()
    at = timezone.now() - timedelta(seconds=age_s)
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign(secret=secret or hook["secret"], message_id=message_id, at=at, body=content),
    }
    return Client(enforce_csrf_checks=True).post(hook["path"], content, content_type=JSON, headers=headers)


def test_a_signed_message_makes_a_customer_and_the_next_one_changes_it(company: Company) -> None:
    hook = make(company)
    first = send(hook, ORDER)
    assert first.status_code == 200, first.content
    assert first.json()["is_new"] is True
    customer = first.json()["customer"]
    again = send(hook, ORDER | {"remark": "搬家了"}, message_id="m2").json()
    assert (again["customer"], again["is_new"]) == (customer, False)
    shown = company.browser("administrator").get(f"/api/customers/{customer}").json()
    assert (shown["name"], shown["note"], shown["emails"]) == ("张三", "搬家了", ["z3@example.com"])
    assert shown["numbers"][0]["number"] == "+8613812345678"
    assert Entry.objects.of(company.tenant).get(action="customer.created").user_name == "Inbound: ERP"


def test_a_customer_is_found_by_mail_where_there_is_no_number(company: Company) -> None:
    hook = make(company)
    customer = send(hook, ORDER).json()["customer"]
    found = send(hook, {"buyer": {"mail": "Z3@example.com", "name": "张三丰"}}, message_id="m2").json()
    assert (found["customer"], found["is_new"]) == (customer, False)


def test_the_same_message_is_done_once(company: Company) -> None:
    hook = make(company)
    answers = [send(hook, ORDER).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    actions = list(Entry.objects.of(company.tenant).filter(subject_kind="customer").values_list("action", flat=True))
    assert actions == ["customer.created"]


def test_what_was_refused_can_be_sent_again_once_it_is_right(company: Company) -> None:
    hook = make(company)
    refused = send(hook, {"buyer": {"name": "x"}})
    assert (refused.status_code, refused.json()["code"]) == (422, "nothing_to_find_by")
    assert send(hook, ORDER).json()["is_new"] is True


@pytest.mark.parametrize("age_s", [301, -301], ids=["too old", "from the future"])
def test_a_replayed_message_is_not_believed(company: Company, age_s: int) -> None:
    answer = send(make(company), ORDER, age_s=age_s)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_another_secret_is_not_believed_and_takes_no_ids(company: Company) -> None:
    hook = make(company)
    answer = send(hook, ORDER, secret="whsec_" + "QUFB" * 11)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    enter_tenant(company.tenant.pk)
    assert [call.message_id for call in InboundCall.objects.of(company.tenant)] == [None]
    assert send(hook, ORDER).status_code == 200


def test_a_token_serves_systems_that_cannot_sign(company: Company) -> None:
    hook = make(company, check_by="token")
    client = Client(enforce_csrf_checks=True)
    body = json.dumps(ORDER)

    def post(token: str) -> Any:
        return client.post(hook["path"], body, content_type=JSON, headers={"x-zhiyin-token": token})

    assert post("whsec_wrong").json()["code"] == "bad_token"
    first, again = post(hook["secret"]).json(), post(hook["secret"]).json()
    assert first == again


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b"NaN", b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"[" * 100_000, b"null", b"[]", b'"x"'],
    ids=["cut", "no UTF-8", "NaN", "NUL", "half a pair", "deep", "null", "list", "text"],
)
def test_a_hostile_body_is_refused_and_logged(company: Company, body: bytes) -> None:
    hook = make(company)
    answer = send(hook, None, body=body)
    assert answer.status_code == 422, answer.content
    enter_tenant(company.tenant.pk)
    assert InboundCall.objects.of(company.tenant).get().problem == answer.json()["code"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "x" * 500}, "name"),
        ({"name": {"a": 1}}, "name"),
        ({"phones": ["no number"]}, "number"),
        ({"phones": [["1"]]}, "number"),
        ({"mail": 1.5}, "email"),
    ],
)
def test_a_wrong_field_is_named(company: Company, change: dict[str, Any], field: str) -> None:
    answer = send(make(company), {"buyer": ORDER["buyer"] | change})  # type: ignore[operator]
    assert answer.status_code in (400, 422), answer.content
    assert field in answer.json()["fields"]


def test_a_body_that_is_too_large_is_refused(company: Company) -> None:
    answer = send(make(company), None, body=b'"' + b"x" * 300_000 + b'"')
    assert (answer.status_code, answer.json()["code"]) == (400, "too_large")


def test_too_many_messages_are_refused(company: Company) -> None:
    hook = make(company, calls_per_minute=2)
    codes = [send(hook, ORDER, message_id=f"m{n}").status_code for n in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize(
    "path",
    ["nonsense", "1-x", "-", "99999999999999999999-x", "1-%00", "²-x"],
    ids=["word", "id", "dash", "big", "nul", "²"],
)
def test_an_address_that_is_none_is_not_found(company: Company, path: str) -> None:
    answer = Client().post(f"/api/inbound/{path}", "{}", content_type=JSON)
    assert answer.status_code in (400, 404)


def test_a_hook_that_is_off_or_anothers_is_not_there(company: Company, other_company: Company) -> None:
    hook = make(company)
    company.browser("administrator").patch(f"/api/inbound/{hook['id']}", {"is_enabled": False}, content_type=JSON)
    assert send(hook, ORDER).status_code == 404
    swapped = hook | {"path": hook["path"].replace(f"/{company.tenant.pk}-", f"/{other_company.tenant.pk}-")}
    assert send(swapped, ORDER).status_code == 404


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ([{"pointer": "name", "field": "number"}], "bad_mapping"),
        ([{"pointer": "/n", "field": "owner_id"}], "bad_mapping"),
        ([{"pointer": "/n", "field": "number"}, {"pointer": "/m", "field": "number"}], "bad_mapping"),
        ([{"pointer": "/n", "field": "name"}], "nothing_to_find_by"),
    ],
    ids=["no pointer", "no field of ours", "twice", "nothing to find by"],
)
def test_a_mapping_that_cannot_work_is_refused(company: Company, mapping: list[dict[str, str]], code: str) -> None:
    answer = company.browser("administrator").post("/api/inbound", {"name": "x", "mapping": mapping}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_log_says_what_came_and_what_became_of_it(company: Company) -> None:
    hook = make(company)
    send(hook, ORDER)
    send(hook, {"buyer": {}}, message_id="m2")
    items = company.browser("administrator").get(f"/api/inbound/{hook['id']}/calls").json()["items"]
    assert [row["problem"] for row in items] == ["nothing_to_find_by", ""]
    assert items[1]["outcome"]["is_new"] is True
    assert "张三" not in repr(items)
    assert customers.match_number(tenant=company.tenant, number="+8613812345678")


def test_a_new_secret_is_shown_once_and_ends_the_old_one(company: Company) -> None:
    hook = make(company)
    answer = company.browser("administrator").post(f"/api/inbound/{hook['id']}/secret")
    changed = answer.json()
    assert (answer.status_code, changed["path"]) == (200, hook["path"])
    assert changed["secret"].startswith("whsec_")
    assert send(hook, ORDER).status_code == 401
    assert send(changed, ORDER).status_code == 200
    entry = Entry.objects.of(company.tenant).get(action="inbound.secret_changed")
    assert hook["secret"] not in str((entry.before, entry.after))
