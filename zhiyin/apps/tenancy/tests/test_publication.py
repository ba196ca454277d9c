"""What administration changes reaches the engine in the same transaction, whole, and is audited."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company, Database
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.templates import empty_flow, menu_flow
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.publication import build_settings, publish_if_outdated, publish_settings
from zhiyin.contracts.sealing import TELEPHONE_SECRET, TRUNK_SECRET, SecretSealer
from zhiyin.contracts.snapshots import TenantSettings

JSON = "application/json"
SEALER = SecretSealer(bytes.fromhex(settings.VAULT_KEY))
ALWAYS = [[["00:00", "24:00"]]] * 7


def published(company: Company) -> TenantSettings:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, body::text FROM engine_settings WHERE tenant_id = %s", [company.tenant.pk])
        version, body = cursor.fetchone()
    settings = msgspec.json.decode(body, type=TenantSettings)
    assert settings.version == version
    return settings


def post(client: Client, address: str, **body: object) -> int:
    answer = client.post(address, body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_a_centre_set_up_through_the_api_is_what_the_engine_reads(company: Company) -> None:
    client = company.browser("administrator")
    agent = company.users["agent"].pk
    hours = post(client, "/api/hours", name="全天", weekly=ALWAYS, dates={"2026-10-01": []})
    queue = post(client, "/api/queues", name="售后", name_en="After-sales", members=[agent], skills={"en": 3})
    flow = post(client, "/api/flows", name="热线", template="queue", choices={"queue": queue, "hours": hours})
    assert client.post(f"/api/flows/{flow}/publish").status_code == 200
    post(client, "/api/numbers", number="400-800-1234", name="热线", flow_id=flow)
    trunk = post(
        client, "/api/trunks", name="运营商", host="sip.example.com", transport="tcp", secret="s", username="u"
    )
    post(client, "/api/telephones", extension="8001", agent_id=agent)
    post(client, "/api/reasons", code="meal", name="就餐", is_rest=True)
    policy = {"allowed_prefixes": ["+86"], "max_concurrent": 5, "max_per_hour_per_agent": 9, "trunks": [trunk]}
    assert client.put("/api/outbound", policy, content_type=JSON).status_code == 200
    client.patch(f"/api/users/{agent}", {"telephone": "sip", "skills": {"en": 5}}, content_type=JSON)

    settings = published(company)
    assert (settings.tenant, settings.code, settings.time_zone) == (
        company.tenant.pk,
        company.tenant.code,
        "Asia/Shanghai",
    )
    assert [(number.number, number.flow) for number in settings.numbers] == [("4008001234", flow)]
    assert [(each.id, each.version) for each in settings.flows] == [(flow, 1)]
    assert msgspec.json.decode(bytes(settings.flows[0].graph))["start"] == "start"
    assert settings.hours[0].weekly[0] == (("00:00", "24:00"),)
    assert settings.hours[0].dates == {"2026-10-01": ()}
    (published_queue,) = settings.queues
    assert (published_queue.id, published_queue.members, published_queue.skills) == (queue, (agent,), {"en": 3})
    agents = {each.id: each for each in settings.agents}
    assert agents.keys() == {user.pk for user in company.users.values()}
    account = f"{company.tenant.code}-8001"
    assert (agents[agent].telephone, agents[agent].sip_account, agents[agent].skills) == ("sip", account, {"en": 5})
    ((name, telephone_agent, sealed),) = [(each.name, each.agent, each.secret) for each in settings.sip_accounts]
    opened = SEALER.open(sealed, tenant=company.tenant.pk, purpose=TELEPHONE_SECRET)
    assert (name, telephone_agent, len(opened)) == (account, agent, 20)
    ((host, transport, sealed),) = [(each.host, each.transport, each.secret) for each in settings.trunks]
    opened = SEALER.open(sealed, tenant=company.tenant.pk, purpose=TRUNK_SECRET)
    assert (host, transport, opened) == ("sip.example.com", "tcp", "s")
    assert (settings.outbound.max_concurrent, settings.outbound.trunks) == (5, (trunk,))
    assert [(reason.code, reason.is_rest) for reason in settings.reasons] == [("meal", True)]
    files = {prompt.key: prompt.files for prompt in settings.prompts}
    assert files["welcome"]["zh"].endswith("/prompts/standard/zh/welcome")


def test_users_who_were_switched_off_or_removed_are_no_agents(company: Company) -> None:
    client = company.browser("administrator")
    client.patch(f"/api/users/{company.users['agent'].pk}", {"is_active": False}, content_type=JSON)
    client.delete(f"/api/users/{company.users['lead'].pk}")
    assert [agent.username for agent in published(company).agents] == ["administrator"]


def test_each_publication_is_a_higher_version(company: Company) -> None:
    assert publish_settings(tenant=company.tenant) + 1 == publish_settings(tenant=company.tenant)


def test_nothing_is_published_again_that_stands_already(company: Company) -> None:
    publish_settings(tenant=company.tenant)
    version = published(company).version
    assert not publish_if_outdated(tenant=company.tenant)
    queues.create_queue(actor=company.system, fields={"name": "新"})
    assert published(company).version == version + 1


def test_a_refused_change_is_not_published_and_not_audited(company: Company) -> None:
    publish_settings(tenant=company.tenant)
    before, entries = published(company), Entry.objects.of(company.tenant).count()
    answer = company.browser("administrator").post(
        "/api/queues", {"name": "售后", "members": [2**40]}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["fields"]) == (400, {"members": "unknown_reference"})
    assert (published(company), Entry.objects.of(company.tenant).count()) == (before, entries)


def test_the_engine_is_told_when_the_change_is_committed(
    database: Database, committed_company: Callable[[], Company]
) -> None:
    with psycopg.connect(database.engine, autocommit=True) as listener:
        listener.execute("LISTEN zhiyin_settings")
        company = committed_company()
        company.browser("administrator").post("/api/queues", {"name": "售后"}, content_type=JSON)
        notice = next(listener.notifies(timeout=10, stop_after=1))
    assert notice.payload == str(company.tenant.pk)


@pytest.mark.parametrize("kind", ["queues", "hours", "flows"])
def test_what_a_flow_in_force_needs_cannot_be_taken_away(company: Company, kind: str) -> None:
    client = company.browser("administrator")
    hours = post(client, "/api/hours", name="全天", weekly=ALWAYS)
    queue = post(client, "/api/queues", name="售后")
    flow = post(client, "/api/flows", name="热线", template="queue", choices={"queue": queue, "hours": hours})
    client.post(f"/api/flows/{flow}/publish")
    post(client, "/api/numbers", number="4008001234", flow_id=flow)
    addresses = {"queues": f"/api/queues/{queue}", "hours": f"/api/hours/{hours}", "flows": f"/api/flows/{flow}"}
    answer = client.delete(addresses[kind])
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert answer.json()["facts"]["used_by"] == ["4008001234" if kind == "flows" else "热线"]


def test_the_settings_of_a_company_with_nothing_are_readable(company: Company) -> None:
    settings = build_settings(tenant=company.tenant)
    assert (settings.numbers, settings.queues, settings.outbound.allowed_prefixes) == ((), (), ("+86",))


def test_a_published_version_is_kept_when_the_draft_goes_on(company: Company) -> None:
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}).pk
    graph = menu_flow(queues={"1": (queue, "售后")}, menu="menu")
    flow = flows.create_flow(actor=company.system, name="热线", graph=graph)
    flows.publish_flow(actor=company.system, flow_id=flow.pk, now=timezone.now())
    flows.save_draft(
        actor=company.system, flow_id=flow.pk, name=None, graph=empty_flow(), draft_version=1, now=timezone.now()
    )
    assert len(msgspec.json.decode(bytes(published(company).flows[0].graph))["nodes"]) > 2
    flows.publish_flow(actor=company.system, flow_id=flow.pk, now=timezone.now())
    assert (published(company).flows[0].version, flows.get_flow(tenant=company.tenant, flow_id=flow.pk).version) == (
        2,
        2,
    )
