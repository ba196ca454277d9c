"""Numbers, trunks, telephones, and the line for a guest's one call."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps as django_apps
from django.conf import settings
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.channels import guests, services
from zhiyin.apps.channels.models import GuestCall, Trunk
from zhiyin.apps.conftest import Company
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.templates import empty_flow
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts import commands
from zhiyin.contracts.commands import Command, OpenGuestLine
from zhiyin.contracts.frames import Problem, TelephoneIdentity
from zhiyin.contracts.sealing import TELEPHONE_SECRET, TRUNK_SECRET, SecretSealer

JSON = "application/json"
HOTLINE = "4008001234"
SEALER = SecretSealer(bytes.fromhex(settings.VAULT_KEY))
IDENTITY = TelephoneIdentity(username="g1", password="p", domain="zhiyin.invalid", call=HOTLINE)


@pytest.fixture
def hotline(company: Company) -> Company:
    flow = flows.create_flow(actor=company.system, name="热线", graph=empty_flow())
    services.create_number(actor=company.system, fields={"number": HOTLINE, "name": "热线", "flow_id": flow.pk})
    return company


def give_identity(_: Command) -> TelephoneIdentity:
    return IDENTITY


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("400-800-1234", "4008001234"), ("0571 8888 6666", "+8657188886666"), ("+1 415 555 2671", "+14155552671")],
)
def test_a_number_is_kept_in_its_one_form(company: Company, typed: str, kept: str) -> None:
    flow = flows.create_flow(actor=company.system, name="x", graph=empty_flow())
    body = {"number": typed, "flow_id": flow.pk}
    answer = company.browser("administrator").post("/api/numbers", body, content_type=JSON)
    assert (answer.status_code, answer.json()["number"]) == (201, kept)


def test_a_number_belongs_to_one_company_of_the_installation(hotline: Company, other_company: Company) -> None:
    enter_tenant(other_company.tenant.pk)
    flow = flows.create_flow(actor=other_company.system, name="x", graph=empty_flow())
    body = {"number": HOTLINE, "flow_id": flow.pk}
    answer = other_company.browser("administrator").post("/api/numbers", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (409, "taken", {"number": "taken"})


@pytest.mark.parametrize(
    ("change", "field"),
    [({"number": "abc"}, "number"), ({"flow_id": 2**40}, "flow_id")],
    ids=["no number", "no flow"],
)
def test_what_is_wrong_with_a_number_is_named(company: Company, change: dict[str, object], field: str) -> None:
    flow = flows.create_flow(actor=company.system, name="x", graph=empty_flow())
    body = {"number": HOTLINE, "flow_id": flow.pk} | change
    answer = company.browser("administrator").post("/api/numbers", body, content_type=JSON)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_trunks_secret_is_kept_but_never_shown(company: Company) -> None:
    client = company.browser("administrator")
    body = {"name": "运营商", "host": "192.0.2.1", "username": "u", "secret": "top-secret", "does_register": True}
    made = client.post("/api/trunks", body, content_type=JSON).json()
    assert (made["has_secret"], "secret" in made) == (True, False)
    client.patch(f"/api/trunks/{made['id']}", {"name": "新名"}, content_type=JSON)
    sealed = services.get_trunk(tenant=company.tenant, trunk_id=made["id"]).sealed_secret
    assert "top-secret" not in sealed
    assert SEALER.open(sealed, tenant=company.tenant.pk, purpose=TRUNK_SECRET) == "top-secret"
    shown = str(list(Entry.objects.of(company.tenant).values_list("before", "after")))
    assert "top-secret" not in shown


def test_secrets_of_an_earlier_version_are_sealed_where_they_stand(company: Company) -> None:
    trunk = services.create_trunk(actor=company.system, fields={"name": "T", "host": "192.0.2.1"})
    Trunk.objects.of(company.tenant).filter(pk=trunk.pk).update(sealed_secret="was-clear")
    import_module("zhiyin.apps.channels.migrations.0002_sealed_secrets").seal(django_apps, None)
    trunk.refresh_from_db(from_queryset=Trunk.objects.of(company.tenant))
    assert SEALER.open(trunk.sealed_secret, tenant=company.tenant.pk, purpose=TRUNK_SECRET) == "was-clear"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"host": "host\nevil"}, 422),
        ({"host": "a;b"}, 422),
        ({"secret": "with space"}, 422),
        ({"port": 0}, 422),
        ({"does_register": True, "username": ""}, 409),
    ],
    ids=["line break", "separator", "space in secret", "port", "registers without a name"],
)
def test_what_would_break_a_trunks_configuration_is_refused(
    company: Company, change: dict[str, object], status: int
) -> None:
    body = {"name": "T", "host": "192.0.2.1", "username": "u"} | change
    assert company.browser("administrator").post("/api/trunks", body, content_type=JSON).status_code == status


def test_a_trunk_is_tested_by_the_engine_itself(company: Company) -> None:
    trunk = services.create_trunk(actor=company.system, fields={"name": "T", "host": "192.0.2.1"}).pk
    client = company.browser("administrator")
    with engine_that(lambda _: {"state": "ok", "detail": "200 OK", "rtt_ms": 12.5}) as heard:
        answer = client.post(f"/api/trunks/{trunk}/test")
    assert answer.json() == {"state": "ok", "detail": "200 OK", "rtt_ms": 12.5}
    assert [request.command for request in heard] == [commands.TestTrunk(trunk)]
    assert client.post(f"/api/trunks/{trunk}/test").json()["code"] == "engine_away"


def test_a_removed_trunk_is_no_longer_tried(company: Company) -> None:
    trunk = services.create_trunk(actor=company.system, fields={"name": "T", "host": "192.0.2.1"}).pk
    services.save_policy(actor=company.system, fields={"allowed_prefixes": ["+86"], "trunks": [trunk]})
    assert company.browser("administrator").delete(f"/api/trunks/{trunk}").status_code == 204
    assert services.get_policy(tenant=company.tenant).trunks == []


def test_a_telephones_secret_is_shown_once_and_renewed(company: Company) -> None:
    client = company.browser("administrator")
    made = client.post("/api/telephones", {"extension": "8001", "label": "前台"}, content_type=JSON).json()
    assert (made["account"], made["extension"]) == (f"{company.tenant.code}-8001", "8001")
    assert "secret" not in client.get(f"/api/telephones/{made['id']}").json()
    renewed = client.post(f"/api/telephones/{made['id']}/secret").json()["secret"]
    assert renewed != made["secret"]
    sealed = services.get_telephone(tenant=company.tenant, telephone_id=made["id"]).sealed_secret
    assert SEALER.open(sealed, tenant=company.tenant.pk, purpose=TELEPHONE_SECRET) == renewed
    assert not set(renewed) & set("0OoIl1")
    assert (made["server"], made["port"], made["tls_port"]) == ("", 5060, None)
    assert renewed not in str(list(Entry.objects.of(company.tenant).values_list("after", flat=True)))


def test_an_agent_has_one_telephone_and_it_can_be_taken_away(company: Company) -> None:
    client, agent = company.browser("administrator"), company.users["agent"].pk
    first = client.post("/api/telephones", {"extension": "8001", "agent_id": agent}, content_type=JSON).json()
    answer = client.post("/api/telephones", {"extension": "8002", "agent_id": agent}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (409, {"agent_id": "taken"})
    kept = client.patch(f"/api/telephones/{first['id']}", {"label": "新"}, content_type=JSON).json()
    assert kept["agent_id"] == agent
    freed = client.patch(f"/api/telephones/{first['id']}", {"agent_id": None}, content_type=JSON).json()
    assert freed["agent_id"] is None


# --- guests ---------------------------------------------------------------------------------------------------------


def call(company: Company, entry: str = HOTLINE, address: str = "203.0.113.9") -> tuple[int, dict[str, object]]:
    client = Client(headers={"X-Forwarded-For": address})
    answer = client.post(f"/api/public/{company.tenant.code}/call", {"entry": entry}, content_type=JSON)
    return answer.status_code, answer.json()


def test_a_guest_sees_what_can_be_called_and_gets_a_line_for_it(hotline: Company) -> None:
    page = Client().get(f"/api/public/{hotline.tenant.code}").json()
    assert page["entries"] == [{"number": HOTLINE, "name": "热线"}]
    with engine_that(give_identity) as heard:
        status, identity = call(hotline)
    assert (status, identity["username"], identity["call"]) == (200, "g1", HOTLINE)
    assert [request.command for request in heard] == [OpenGuestLine(HOTLINE, "203.0.113.9")]


def test_a_guest_reaches_nothing_but_the_companys_numbers(hotline: Company) -> None:
    with engine_that(give_identity) as heard:
        assert call(hotline, entry="+8613812345678")[0] == 404
    assert heard == []


def test_one_address_does_not_call_without_end(hotline: Company) -> None:
    with engine_that(give_identity):
        for _ in range(guests.MAX_CALLS):
            assert call(hotline)[0] == 200
        status, refused = call(hotline)
        assert (status, refused["code"]) == (429, "too_many_calls")
        assert call(hotline, address="203.0.113.10")[0] == 200
        GuestCall.objects.update(at=timezone.now() - guests.WINDOW - timedelta(seconds=1))
        assert call(hotline)[0] == 200


def test_the_engines_own_limit_is_told(hotline: Company) -> None:
    with engine_that(lambda _: Problem("too_many_calls")):
        status, refused = call(hotline)
    assert (status, refused["code"]) == (409, "too_many_calls")


def test_a_company_that_wants_no_guests_has_none(hotline: Company) -> None:
    hotline.browser("administrator").put("/api/company", {"is_guest_calling_on": False}, content_type=JSON)
    assert Client().get(f"/api/public/{hotline.tenant.code}").json()["entries"] == []
    assert call(hotline)[1]["code"] == "guest_calling_off"


def test_a_company_that_does_not_exist_is_not_found(hotline: Company) -> None:
    assert Client().get("/api/public/no-such-company").status_code == 404
