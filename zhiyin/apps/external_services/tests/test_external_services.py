"""External services: what may be one, who sees what of it, how it is tried, and what reaches the engine."""

from __future__ import annotations

import copy
import io
import wave
from base64 import b64decode, b64encode
from typing import Any

import pytest
from django.conf import settings

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.external_services.models import ExternalService
from zhiyin.apps.external_services.tests.builders import HTTP_SERVICE
from zhiyin.apps.flows import services as flows
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import TryExternalService, TrySynthesis
from zhiyin.contracts.sealing import SERVICE_SECRET, SecretSealer

JSON = "application/json"
PATH = "/api/external-services"
DATABASE: dict[str, Any] = {
    "name": "ERP",
    "settings": {
        "kind": "database",
        "host": "erp.example.com",
        "database": "erp",
        "username": "reader",
        "statements": [{"code": "order", "name": "订单", "query": "SELECT 1 AS n WHERE 'x' = {{order}}"}],
    },
    "secret": "pw",
}
PAYMENT: dict[str, Any] = {
    "name": "支付",
    "settings": {
        "kind": "payment",
        "base_url": "https://pay.example",
        "body": '{"amount": "{{amount|number}}"}',
        "paid": ["paid"],
        "refused": ["declined"],
    },
}
SMS: dict[str, Any] = {
    "name": "短信",
    "settings": {"kind": "sms", "base_url": "https://sms.example", "body": '{"to": "{{to}}"}'},
}
MAIL: dict[str, Any] = {
    "name": "邮件",
    "settings": {"kind": "mail", "host": "smtp.example.com", "from_address": "a@example.com"},
}


SYNTHESIS: dict[str, Any] = {
    "name": "声音",
    "settings": {
        "kind": "synthesis",
        "base_url": "https://voice.example",
        "body": '{"input": "{{text}}"}',
        "languages": ["zh"],
    },
    "secret": "v0ice",
}


RECOGNITION: dict[str, Any] = {
    "name": "听写",
    "settings": {
        "kind": "recognition",
        "base_url": "https://ear.example",
        "fields": {"model": "whisper-1"},
        "languages": ["zh"],
    },
    "secret": "e4r",
}


def make(company: Company, body: dict[str, Any]) -> dict[str, Any]:
    answer = company.browser("administrator").post(PATH, body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_services_of_every_kind_reach_the_engine_with_their_secrets_sealed(company: Company) -> None:
    made = {
        body["name"]: make(company, body)
        for body in (HTTP_SERVICE, DATABASE, PAYMENT, SMS, MAIL, SYNTHESIS, RECOGNITION)
    }
    assert made["订单系统"]["has_secret"]
    assert not made["支付"]["has_secret"]
    external = build_settings(tenant=company.tenant).external
    (http,) = external.http
    assert (http.base_url, http.secret_header) == ("https://orders.example/api", "X-Key")
    assert http.secret != "s3cret"
    sealer = SecretSealer(bytes.fromhex(settings.VAULT_KEY))
    assert sealer.open(http.secret, tenant=company.tenant.pk, purpose=SERVICE_SECRET) == "s3cret"
    (statement,) = external.statements
    assert statement.key == f"{made['ERP']['id']}/order"
    (voice,) = external.synthesis
    assert (voice.path, voice.languages) == ("/v1/audio/speech", ("zh",))
    assert sealer.open(voice.secret, tenant=company.tenant.pk, purpose=SERVICE_SECRET) == "v0ice"
    (ear,) = external.recognition
    assert (ear.protocol, ear.path, ear.fields) == ("form", "/v1/audio/transcriptions", {"model": "whisper-1"})
    assert sealer.open(ear.secret, tenant=company.tenant.pk, purpose=SERVICE_SECRET) == "e4r"
    assert (len(external.databases), len(external.payments), [m.kind for m in external.messages]) == (
        1,
        1,
        ["sms", "mail"],
    )
    kinds = company.browser("administrator").get("/api/flows/kinds").json()
    by_kind = {kind["kind"]: {field["name"]: field for field in kind["fields"]} for kind in kinds}
    assert [each["name"] for each in by_kind["http"]["service"]["choices"]] == ["订单系统"]
    assert [each["choice"] for each in by_kind["query"]["statement"]["choices"]] == [statement.key]
    assert [each["name"] for each in by_kind["message"]["service"]["choices"]] == ["短信", "邮件"]


def test_a_secret_is_never_shown_and_not_told_to_another_host(company: Company) -> None:
    made = make(company, HTTP_SERVICE)
    admin = company.browser("administrator")
    path = f"{PATH}/{made['id']}"
    sealed = ExternalService.objects.of(company.tenant).get().sealed_secret
    for answer in (admin.get(path), admin.get(PATH), admin.get(f"{PATH}?format=csv")):
        assert b"s3cret" not in answer.content
        assert sealed.encode() not in answer.content
    assert sealed not in str([*Entry.objects.of(company.tenant).values_list("before", "after")])
    same = {"settings": made["settings"] | {"headers": {"X-Shop": "7"}}}
    assert admin.patch(path, same, content_type=JSON).json()["has_secret"]
    moved = {"settings": made["settings"] | {"base_url": "https://evil.example"}}
    assert not admin.patch(path, moved, content_type=JSON).json()["has_secret"]


def with_statement(query: str) -> dict[str, Any]:
    return changed(DATABASE, statements=[{"code": "a", "name": "a", "query": query}])


def changed(body: dict[str, Any], /, **settings_: Any) -> dict[str, Any]:
    made = copy.deepcopy(body)
    made["settings"] |= settings_
    return made


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (changed(HTTP_SERVICE, base_url="http://orders.example"), "base_url", "needs_https"),
        (changed(HTTP_SERVICE, base_url="https://127.0.0.1/"), "base_url", "internal_address"),
        (changed(HTTP_SERVICE, base_url="https://169.254.169.254/"), "base_url", "internal_address"),
        (changed(HTTP_SERVICE, base_url="https://2130706433/"), "base_url", "internal_address"),
        (changed(HTTP_SERVICE, base_url="https://a:b@orders.example"), "base_url", "credentials_in_url"),
        (changed(HTTP_SERVICE, base_url="https://orders.example?x=1"), "base_url", "bad_url"),
        (changed(HTTP_SERVICE, headers={"Host": "x"}), "headers", "bad_header"),
        (changed(SYNTHESIS, body='{"input": "x"}'), "body", "no_text"),
        (changed(RECOGNITION, base_url="https://10.0.0.1"), "base_url", "internal_address"),
        (changed(RECOGNITION, text_pointer="text"), "text_pointer", "bad_pointer"),
        (changed(SYNTHESIS, base_url="http://voice.example"), "base_url", "needs_https"),
        (changed(DATABASE, host="10.0.0.1"), "host", "internal_address"),
        (changed(DATABASE, tls="disable"), "tls", "needs_tls"),
        (with_statement("DELETE FROM x"), "statements", "bad_query"),
        (with_statement("SELECT 1; DROP TABLE x"), "statements", "bad_query"),
        (changed(DATABASE, statements=DATABASE["settings"]["statements"] * 2), "statements", "code_twice"),
        (changed(PAYMENT, body='{"amount": {{amount}}}'), "body", "bad_body"),
        (changed(PAYMENT, status_pointer="status"), "status_pointer", "bad_pointer"),
        (changed(PAYMENT, path="/../x"), "path", "bad_path"),
        (changed(MAIL, security="none"), "security", "needs_tls"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_service_is_refused_with_its_field(
    company: Company, body: dict[str, Any], field: str, code: str
) -> None:
    answer = company.browser("administrator").post(PATH, body, content_type=JSON)
    assert answer.status_code == 400, answer.content
    assert answer.json()["fields"] == {f"settings.{field}": code}


def test_an_operator_lets_a_host_inside_be_asked_by_name(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({"10.0.0.1:5432"}))
    make(company, changed(DATABASE, host="10.0.0.1", port=5432, tls="disable"))


def test_a_service_that_a_flow_asks_stays(company: Company) -> None:
    made = make(company, HTTP_SERVICE)
    graph = {
        "format": 1,
        "start": "s",
        "nodes": [
            {"id": "s", "kind": "start"},
            {"id": "h", "kind": "http", "config": {"service": made["id"], "path": "/x"}},
            {"id": "e", "kind": "hang_up"},
        ],
        "edges": [
            {"from": "s", "exit": "next", "to": "h"},
            *({"from": "h", "exit": exit_, "to": "e"} for exit_ in ("found", "missing", "failed")),
        ],
    }
    flow = flows.create_flow(actor=company.system, name="查订单", graph=graph)
    admin = company.browser("administrator")
    assert admin.post(f"/api/flows/{flow.pk}/publish").status_code == 200
    refused = admin.delete(f"{PATH}/{made['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    off = admin.patch(f"{PATH}/{made['id']}", {"is_enabled": False}, content_type=JSON)
    assert off.status_code == 200
    problems = admin.get(f"/api/flows/{flow.pk}").json()["problems"]
    assert [(p["code"], p["field"]) for p in problems] == [("unknown_http_service", "service")]


def test_a_service_is_tried_by_the_engine_and_a_payment_never(company: Company) -> None:
    made, paying = make(company, HTTP_SERVICE), make(company, PAYMENT)
    admin = company.browser("administrator")
    with engine_that(lambda _command: {"outcome": "failed", "cause": "http_500"}) as heard:
        answer = admin.post(f"{PATH}/{made['id']}/try", {"path": "/ping"}, content_type=JSON)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["outcome"], answer.json()["cause"]) == ("failed", "http_500")
    (request,) = heard
    assert request.command == TryExternalService(service=made["id"], kind="http", path="/ping")
    assert admin.post(f"{PATH}/{paying['id']}/try", {}, content_type=JSON).json()["code"] == "not_tried"
    assert Entry.objects.of(company.tenant).filter(action="externalservice.tried").count() == 1


def test_a_voice_is_heard_before_it_is_used(company: Company) -> None:
    made, admin = make(company, SYNTHESIS), company.browser("administrator")
    path = f"{PATH}/{made['id']}/try"
    alaw = b64encode(b"\xd5" * 800).decode()
    with engine_that(lambda _command: {"outcome": "found", "cause": "", "sound": alaw}) as heard:
        answer = admin.post(path, {"text": "您好", "language": "zh"}, content_type=JSON).json()
    assert heard[0].command == TrySynthesis("您好", "zh", made["id"])
    with wave.open(io.BytesIO(b64decode(answer["sound"]))) as file:
        assert (file.getframerate(), file.getnframes()) == (8000, 800)
    assert admin.post(path, {"text": " "}, content_type=JSON).json()["code"] == "not_tried"
    assert "您好" not in str([*Entry.objects.of(company.tenant).values_list("before", "after")])


def test_only_administration_knows_of_services(company: Company) -> None:
    make(company, HTTP_SERVICE)
    assert company.browser("lead").get(PATH).status_code == 403
    assert company.browser("agent").get("/api/flow-messages").status_code == 403
