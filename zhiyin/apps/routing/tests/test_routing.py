"""Classes, policy, matrix and history: live for the engine at once, and put back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers.classes import ClassDraft, save_classes
from zhiyin.apps.queues import services as queues
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import Command, EndTestContacts, PutTestContacts
from zhiyin.contracts.rehearsals import ContactTestRow
from zhiyin.contracts.snapshots import (
    ChannelSetting,
    ContactClassSetting,
    MemberSetting,
    NoRestTimeSetting,
    PreferenceSetting,
    RestQuotaSetting,
    RestsSetting,
)

JSON = "application/json"
PLAIN = {"order": 1, "delay_s": 0, "tier": 1, "share": 1}


def a_class(code: str, **fields: object) -> dict[str, object]:
    return {"code": code, "name": code.upper(), **fields}


def put_classes(client: Client, *classes: dict[str, object]) -> Any:
    return client.put("/api/routing/classes", {"classes": list(classes)}, content_type=JSON)


def history(client: Client, kind: str, subject: object = "") -> list[dict[str, Any]]:
    answer = client.get("/api/routing/history", {"kind": kind, "subject": str(subject)})
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def put_back(client: Client, change: int) -> Any:
    return client.post(f"/api/routing/history/{change}/put-back", content_type=JSON)


def test_classes_reach_the_engine_in_their_order(company: Company) -> None:
    (gold,) = save_classes(actor=company.system, drafts=[ClassDraft(None, "金卡", "Gold", "blue", [])])
    client = company.browser("administrator")
    answer = put_classes(
        client,
        a_class("vip", points=50, is_for_vips=True, target_s=10),
        a_class("gold", customer_classes=[gold.pk], is_hard=True),
        a_class("ordinary", per_minute=0.5),
    )
    assert answer.status_code == 200, answer.content
    assert build_settings(tenant=company.tenant).routing.classes == (
        ContactClassSetting("vip", 50.0, 1.0, 1000.0, 10, is_for_vips=True, target_pct=80),
        ContactClassSetting("gold", 0.0, 1.0, 1000.0, None, is_hard=True, customer_classes=(gold.pk,)),
        ContactClassSetting("ordinary", 0.0, 0.5, 1000.0),
    )
    assert [one["code"] for one in client.get("/api/routing/classes").json()["classes"]] == ["vip", "gold", "ordinary"]


def test_a_customer_class_stays_while_a_contact_class_is_for_it(company: Company) -> None:
    """Without it the contact class would have no condition left, and be for everybody."""
    kept, gold = ClassDraft(None, "普通", "", "grey", []), ClassDraft(None, "金卡", "", "orange", [])
    ordinary, named = save_classes(actor=company.system, drafts=[kept, gold])
    client = company.browser("administrator")
    assert put_classes(client, a_class("gold", customer_classes=[named.pk])).status_code == 200
    stored = {one["id"]: one for one in client.get("/api/classes").json()["items"]}
    only = {"classes": [stored[ordinary.pk]]}
    refused = client.put("/api/classes", only, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "class_in_use")
    assert refused.json()["facts"] == {"names": "GOLD"}
    assert {one["id"] for one in client.get("/api/classes").json()["items"]} == stored.keys()
    put_classes(client, a_class("gold", is_for_vips=True))
    assert client.put("/api/classes", only, content_type=JSON).status_code == 200


@pytest.mark.parametrize(
    ("second", "field"),
    [(a_class("vip"), "classes.1.code"), (a_class("b", customer_classes=[10**9]), "classes.1.customer_classes")],
    ids=["code twice", "unknown customer class"],
)
def test_a_class_that_cannot_be_is_named(company: Company, second: dict[str, object], field: str) -> None:
    answer = put_classes(company.browser("administrator"), a_class("vip"), second)
    assert (answer.status_code, [*answer.json()["fields"]]) == (400, [field])


def test_the_policy_is_live_at_once(company: Company) -> None:
    client = company.browser("administrator")
    assert client.get("/api/routing/policy").json()["contact_choice"] == "priority"
    body = {"contact_choice": "service_objective", "hard_per_shift": 3, "is_inbound_only": True}
    assert client.patch("/api/routing/policy", body, content_type=JSON).status_code == 200
    routing = build_settings(tenant=company.tenant).routing
    assert (routing.contact_choice, routing.hard_per_shift, routing.is_inbound_only) == ("service_objective", 3, True)


def test_capacity_is_live_at_once_and_put_back(company: Company) -> None:
    """What is said of one channel leaves the others as they are; limits of single agents stand in the matrix."""
    client, agent = company.browser("administrator"), company.users["agent"].pk
    plain = client.get("/api/routing/policy").json()["channels"]
    assert [(one["channel"], one["limit"], one["effort"]) for one in plain] == [
        ("voice", 1, 100),
        ("chat", 4, 25),
        ("mail", 1, 50),
    ]
    chat = {"channel": "chat", "limit": 2, "effort": 40, "interrupts": ["mail"]}
    assert client.patch("/api/routing/policy", {"channels": [chat]}, content_type=JSON).status_code == 200
    limits = {"changes": [{"user": agent, "limits": {"chat": 1, "mail": 0}}]}
    assert client.post("/api/routing/matrix", limits, content_type=JSON).json() == {"changed": 1}
    settings = build_settings(tenant=company.tenant)
    assert ChannelSetting("chat", 2, 40, ("mail",)) in settings.routing.channels
    assert [one.channel_limits for one in settings.agents if one.id == agent] == [{"chat": 1, "mail": 0}]
    assert put_back(client, history(client, "routingpolicy")[0]["id"]).status_code == 204
    assert put_back(client, history(client, "skill_matrix")[0]["id"]).status_code == 204
    assert client.get("/api/routing/policy").json()["channels"] == plain
    (row,) = [row for row in client.get("/api/routing/matrix").json()["items"] if row["id"] == agent]
    assert row["limits"] == {}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("policy", {"channels": [{"channel": "voice", "limit": 2, "effort": 50}]}),
        ("policy", {"channels": [{"channel": "chat", "limit": 2, "effort": 50, "interrupts": ["chat"]}]}),
        ("policy", {"channels": [{"channel": "chat", "limit": 2, "effort": 50}] * 2}),
        ("matrix", {"changes": [{"user": 1, "limits": {"voice": 2}}]}),
    ],
    ids=["two calls", "itself", "named twice", "two calls of one agent"],
)
def test_capacity_that_cannot_be_is_refused(company: Company, path: str, body: dict[str, object]) -> None:
    client = company.browser("administrator")
    ask = client.patch if path == "policy" else client.post
    answer = ask(f"/api/routing/{path}", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_test_contacts_are_put_into_a_line_and_told_with_who_has_them(company: Company) -> None:
    client, agent = company.browser("administrator"), company.users["agent"]
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}, members=[agent.pk])
    row = ContactTestRow("test-1", queue.pk, "chat", timezone.now(), agent.pk, timezone.now())

    def answer(command: Command) -> object:
        return None if isinstance(command, EndTestContacts) else [row]

    with engine_that(answer) as heard:
        body = {"queue": queue.pk, "channel": "chat", "count": 3, "lasts_s": 60}
        put = client.post("/api/routing/test-contacts", body, content_type=JSON)
        listed = client.get("/api/routing/test-contacts")
        ended = client.delete("/api/routing/test-contacts")
        unknown = client.post("/api/routing/test-contacts", {**body, "queue": 10**6}, content_type=JSON)
    assert (put.status_code, ended.status_code, unknown.status_code) == (201, 204, 404), put.content
    assert [(one["agent_name"], one["channel"]) for one in listed.json()["items"]] == [(agent.name, "chat")]
    assert heard[0].command == PutTestContacts(queue.pk, "chat", 3, 60)
    (entry,) = Entry.objects.of(company.tenant).filter(action="test_contacts.put")
    assert entry.after == {"channel": "chat", "count": 3, "lasts_s": 60}


def test_a_queues_memberships_and_preference_reach_the_engine(company: Company) -> None:
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    client = company.browser("administrator")
    body = {
        "name": "售后",
        "members": [agent, lead],
        "memberships": [{"agent": lead, "order": 2, "delay_s": 30, "tier": 2}],
        "weight": 7,
        "preference": {"who": "last_agent", "wait_s": 15},
        "agent_choice": "least_occupied",
    }
    made = client.post("/api/queues", body, content_type=JSON)
    assert made.status_code == 201, made.content
    (queue,) = build_settings(tenant=company.tenant).queues
    assert queue.memberships == (MemberSetting(lead, 2, 30, 2, 1),)
    assert (queue.weight, queue.preference) == (7, PreferenceSetting("last_agent", 15, 30))
    assert made.json()["memberships"] == [{"agent": lead, "order": 2, "delay_s": 30, "tier": 2, "share": 1}]
    stranger = {"memberships": [{"agent": company.users["administrator"].pk, "tier": 2}]}
    refused = client.patch(f"/api/queues/{queue.id}", stranger, content_type=JSON)
    assert (refused.status_code, refused.json()["fields"]) == (400, {"memberships": "unknown_reference"})
    client.patch(f"/api/queues/{queue.id}", {"members": [agent]}, content_type=JSON)
    assert client.get(f"/api/queues/{queue.id}").json()["memberships"] == []


def test_a_user_who_stays_in_a_queue_serves_it_as_before(company: Company) -> None:
    agent = company.users["agent"].pk
    first = queues.create_queue(
        actor=company.system, fields={"name": "A"}, members=[agent], memberships=[{"agent": agent, "tier": 3}]
    )
    second = queues.create_queue(actor=company.system, fields={"name": "B"})
    body = {"queues": [first.pk, second.pk]}
    company.browser("administrator").patch(f"/api/users/{agent}", body, content_type=JSON)
    tiers = {queue.id: queue.memberships for queue in build_settings(tenant=company.tenant).queues}
    assert tiers == {first.pk: (MemberSetting(agent, tier=3),), second.pk: ()}


def test_the_matrix_changes_many_at_once_and_is_put_back_as_one(company: Company) -> None:
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}, members=[lead]).pk
    client = company.browser("administrator")
    change = [
        {"user": agent, "skills": {"english": 7}, "queues": {queue: {"tier": 2}}},
        {"user": lead, "skills": {"english": 3}, "queues": {queue: None}},
    ]
    answer = client.post("/api/routing/matrix", {"changes": change}, content_type=JSON)
    assert (answer.status_code, answer.json()) == (200, {"changed": 2}), answer.content
    rows = {row["id"]: row for row in client.get("/api/routing/matrix").json()["items"]}
    assert (rows[agent]["skills"], rows[agent]["queues"]) == ({"english": 7}, {str(queue): {**PLAIN, "tier": 2}})
    assert (rows[lead]["skills"], rows[lead]["queues"]) == ({"english": 3}, {})
    assert client.get("/api/routing/matrix/skills").json()["items"] == ["english"]
    (entry,) = history(client, "skill_matrix")
    assert put_back(client, entry["id"]).status_code == 204
    rows = {row["id"]: row for row in client.get("/api/routing/matrix").json()["items"]}
    assert (rows[agent]["skills"], rows[agent]["queues"]) == ({}, {})
    assert (rows[lead]["skills"], rows[lead]["queues"]) == ({}, {str(queue): PLAIN})


def test_the_matrix_is_filtered_by_team_and_queue(company: Company) -> None:
    agent = company.users["agent"].pk
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}, members=[agent]).pk
    client = company.browser("administrator")
    assert [row["id"] for row in client.get(f"/api/routing/matrix?queue={queue}").json()["items"]] == [agent]
    assert client.get("/api/routing/matrix?team=0&queue=999999").json()["items"] == []


@pytest.mark.parametrize("unknown", [{"user": 10**9}, {"queues": {"999999999": PLAIN}}], ids=["user", "queue"])
def test_a_matrix_change_of_nobody_or_to_nowhere_changes_nothing(company: Company, unknown: dict[str, object]) -> None:
    agent = company.users["agent"].pk
    changes = [{"user": agent, "skills": {"english": 5}}, {"user": company.users["lead"].pk, **unknown}]
    client = company.browser("administrator")
    answer = client.post("/api/routing/matrix", {"changes": changes}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_reference")
    assert client.get("/api/routing/matrix/skills").json()["items"] == []


def test_a_change_of_a_queue_is_put_back_unless_it_was_changed_since(company: Company) -> None:
    agent, lead = company.users["agent"].pk, company.users["lead"].pk
    client = company.browser("administrator")
    queue = queues.create_queue(
        actor=company.system,
        fields={"name": "售后"},
        members=[agent, lead],
        memberships=[{"agent": lead, "tier": 2}],
    ).pk
    client.patch(f"/api/queues/{queue}", {"members": [agent], "weight": 9}, content_type=JSON)
    client.patch(f"/api/queues/{queue}", {"weight": 12}, content_type=JSON)
    later, earlier = history(client, "queue", queue)
    refused = put_back(client, earlier["id"])
    assert (refused.status_code, refused.json()["code"], refused.json()["facts"]) == (
        409,
        "changed_since",
        {"changed": ["weight"]},
    )
    assert put_back(client, later["id"]).status_code == 204
    assert put_back(client, earlier["id"]).status_code == 204
    now = client.get(f"/api/queues/{queue}").json()
    assert (now["members"], now["weight"]) == ([agent, lead], 0)
    assert now["memberships"] == [{"agent": lead, **PLAIN, "tier": 2}]
    assert Entry.objects.of(company.tenant).filter(action="queue.changed").count() == 4, "putting back is a change"


def test_classes_and_policy_are_put_back(company: Company) -> None:
    client = company.browser("administrator")
    put_classes(client, a_class("vip", points=50))
    put_classes(client)
    client.patch("/api/routing/policy", {"hard_gap_s": 60}, content_type=JSON)
    assert put_back(client, history(client, "contact_classes")[0]["id"]).status_code == 204
    assert put_back(client, history(client, "routingpolicy")[0]["id"]).status_code == 204
    assert [one["points"] for one in client.get("/api/routing/classes").json()["classes"]] == [50]
    assert client.get("/api/routing/policy").json()["hard_gap_s"] == 0


RESTS = {
    "approval": "list",
    "minutes_per_day": 45,
    "no_rest_times": [{"since": "11:00", "until": "13:00", "weekdays": [0, 1]}],
}


def test_the_rule_of_rests_reaches_the_engine_and_is_put_back(company: Company) -> None:
    client = company.browser("administrator")
    assert client.get("/api/rests/policy").json() == {
        "approval": "none",
        "minutes_per_day": None,
        "no_rest_times": [],
        "quotas": [],
    }
    queue = queues.create_queue(actor=company.system, fields={"name": "q"})
    quota = {"queue": queue.pk, "at_most": 2, "share_pct": 20}
    answer = client.patch("/api/rests/policy", RESTS | {"quotas": [quota]}, content_type=JSON)
    assert answer.status_code == 200, answer.content
    assert build_settings(tenant=company.tenant).rests == RestsSetting(
        "list",
        45,
        (NoRestTimeSetting("11:00", "13:00", (0, 1)),),
        (RestQuotaSetting(queue=queue.pk, at_most=2, share_pct=20),),
    )
    assert client.patch("/api/rests/policy", {"minutes_per_day": None}, content_type=JSON).status_code == 200
    assert client.get("/api/rests/policy").json()["minutes_per_day"] is None
    assert put_back(client, history(client, "restpolicy")[0]["id"]).status_code == 204
    assert client.get("/api/rests/policy").json()["minutes_per_day"] == 45


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"quotas": [{"queue": 9_999, "at_most": 1}]}, 400, "quotas.0.queue"),
        ({"quotas": [{"team": 9_999, "at_most": 1}]}, 400, "quotas.0.team"),
        ({"quotas": [{"at_most": 0}]}, 422, "quotas.0.at_most"),
        ({"quotas": [{}]}, 422, "quotas.0"),
        ({"no_rest_times": [{"since": "13:00", "until": "11:00"}]}, 422, "no_rest_times.0"),
        ({"no_rest_times": [{"since": "25:00", "until": "26:00"}]}, 422, "no_rest_times.0.since"),
        ({"minutes_per_day": 0}, 422, "minutes_per_day"),
    ],
)
def test_a_rule_of_rests_that_cannot_be_names_its_field(
    company: Company, body: dict[str, object], status: int, field: str
) -> None:
    answer = company.browser("administrator").patch("/api/rests/policy", body, content_type=JSON)
    assert answer.status_code == status, answer.content
    assert field in answer.json()["fields"]


def test_how_a_queue_ends_its_contacts_reaches_the_engine(company: Company) -> None:
    client = company.browser("administrator")
    body = {
        "name": "q",
        "wrap_up_mode": "mandatory",
        "wrap_up_extensions": 2,
        "wrap_up_extension_s": 30,
        "missed_limit": 3,
        "missed_pause_s": 10,
        "missed_back_after_s": 300,
    }
    answer = client.post("/api/queues", body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    setting = build_settings(tenant=company.tenant).queues[-1]
    assert {name: getattr(setting, name) for name in body} == body
    outbound = {"allowed_prefixes": ["+86"], "max_concurrent": 5, "max_per_hour_per_agent": 9, "wrap_up_mode": "none"}
    assert client.put("/api/outbound", outbound, content_type=JSON).status_code == 200
    del outbound["wrap_up_mode"]
    assert client.put("/api/outbound", outbound, content_type=JSON).status_code == 200
    assert build_settings(tenant=company.tenant).outbound.wrap_up_mode == "none", "left out, it stays"


def test_only_administrators_see_and_change_the_rules(company: Company, other_company: Company) -> None:
    for path in ("classes", "policy", "matrix", "matrix/skills", "history?kind=queue"):
        assert company.browser("agent").get(f"/api/routing/{path}").status_code == 403
    assert company.browser("agent").get("/api/rests/policy").status_code == 403
    client = company.browser("administrator")
    put_classes(client, a_class("vip"))
    (entry,) = history(client, "contact_classes")
    assert put_back(other_company.browser("administrator"), entry["id"]).status_code == 404


def test_a_calendar_is_put_back_unless_it_was_changed_since(company: Company) -> None:
    client = company.browser("administrator")
    weekly = [[["09:00", "18:00"]]] * 5 + [[], []]
    made = client.post("/api/hours", {"name": "客服", "weekly": weekly}, content_type=JSON).json()
    address = f"/api/hours/{made['id']}"

    def change(**fields: object) -> dict[str, Any]:
        assert client.patch(address, fields, content_type=JSON).status_code == 200
        return history(client, "hours", made["id"])[0]

    holiday = change(dates={"2026-10-01": []}, names={"2026-10-01": "国庆"})
    assert (holiday["before"]["dates"], holiday["after"]["dates"]) == ({}, {"2026-10-01": []})
    longer = change(weekly=[[["08:00", "20:00"]]] * 7)
    later = change(weekly=[[]] * 7)
    assert put_back(client, longer["id"]).json()["code"] == "changed_since"
    assert put_back(client, later["id"]).status_code == 204
    assert put_back(client, longer["id"]).status_code == 204
    assert put_back(client, holiday["id"]).status_code == 204, "what it changed is as it left it"
    hours = client.get(address).json()
    assert (hours["weekly"], hours["dates"], hours["names"]) == (weekly, {}, {})
