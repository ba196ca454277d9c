"""Entry rules: made, ordered, tried, protected; and a share's results, by which it is switched off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.channels import services as channels
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.customers.classes import list_classes
from zhiyin.apps.entries import queries, results, services
from zhiyin.apps.entries.models import EntryRule
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.models import Flow, FlowVersion
from zhiyin.apps.flows.templates import empty_flow
from zhiyin.apps.interactions.contact_projection import ContactProjection
from zhiyin.apps.interactions.entry_contacts import entry_contacts, entry_result
from zhiyin.apps.interactions.models import Interaction
from zhiyin.apps.interactions.projector import Projector
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.surveys.projection import SurveyProjection
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.apps.tenancy.scope import inside
from zhiyin.apps.testing.contacts import log_events
from zhiyin.contracts.events import Event
from zhiyin.domain.flows.entry_results import ArmResult, Bounds, Breach, find_breach
from zhiyin.domain.interactions import (
    Direction,
    EndedBy,
    InteractionEnded,
    InteractionStarted,
    NodeEntered,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    RequestEnded,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
    SurveyAnswered,
)

JSON = "application/json"
HOTLINE = "4008001234"
NEVER: list[list[list[str]]] = [[] for _ in range(7)]


def a_flow(company: Company, name: str, *, is_published: bool = True) -> int:
    flow = flows.create_flow(actor=company.system, name=name, graph=empty_flow())
    if is_published:
        FlowVersion.objects.of(company.tenant).create(
            flow=flow, version=1, graph=flow.draft, published_at=timezone.now(), published_by="x"
        )
        Flow.objects.of(company.tenant).filter(pk=flow.pk).update(version=1)
    return flow.pk


def post(client: Client, path: str, body: object, *, method: str = "post") -> Any:
    return getattr(client, method)(f"/api/entry-rules{path}", body, content_type=JSON)


def a_rule(client: Client, flow: int, name: str = "新热线", **fields: object) -> int:
    answer = post(client, "", {"name": name, "flow_id": flow, **fields})
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_rules_are_made_ordered_changed_and_published_in_the_order_of_trying(company: Company) -> None:
    client, flow = company.browser("administrator"), a_flow(company, "新版")
    first = a_rule(client, flow, "甲", numbers=["400-800-1234"])
    second = a_rule(client, flow, "乙", share_pct=10)
    assert [row.name for row in queries.engine_section(company.tenant)["entry_rules"]] == ["甲", "乙"]
    assert post(client, "/order", {"rule_ids": [second, first]}, method="put").status_code == 204
    published = build_settings(tenant=company.tenant).entry_rules
    assert [(rule.id, rule.share_pct, rule.numbers) for rule in published] == [
        (second, 10.0, ()),
        (first, 100.0, (HOTLINE,)),
    ]
    assert [row["id"] for row in client.get("/api/entry-rules").json()["items"]] == [second, first]
    stale = post(client, "/order", {"rule_ids": [second]}, method="put")
    assert (stale.status_code, stale.json()["code"]) == (409, "order_outdated")
    assert post(client, f"/{second}", {"is_enabled": False}, method="patch").json()["is_enabled"] is False
    assert client.delete(f"/api/entry-rules/{first}").status_code == 204
    acts = Entry.objects.of(company.tenant).filter(subject_kind="entryrule").order_by("pk")
    assert [act.action.partition(".")[2] for act in acts] == ["created", "created", "ordered", "changed", "removed"]


def test_what_is_not_there_or_no_number_is_named(company: Company) -> None:
    client, flow = company.browser("administrator"), a_flow(company, "新版")
    for fields, named in (
        ({"flow_id": flow + 999}, {"flow_id": "unknown_reference"}),
        ({"hours_id": 999}, {"hours_id": "unknown_reference"}),
        ({"customer_classes": [999]}, {"customer_classes": "unknown_reference"}),
        ({"numbers": ["热线"]}, {"numbers": "bad_number"}),
    ):
        refused = post(client, "", {"name": "x", "flow_id": flow, **fields})
        assert (refused.status_code, refused.json()["fields"]) == (400, named)
    a_rule(client, flow, "甲")
    assert post(client, "", {"name": "甲", "flow_id": flow}).status_code == 409
    assert post(client, "", {"name": "乙", "flow_id": flow, "share_pct": 0}).status_code == 422


def test_what_a_rule_names_cannot_be_removed(company: Company) -> None:
    client, flow = company.browser("administrator"), a_flow(company, "新版")
    hours = flows.create_hours(actor=company.system, fields={"name": "全天", "weekly": NEVER}).pk
    client.put("/api/classes", {"classes": [{"name": "金卡", "conditions": []}]}, content_type=JSON)
    gold = list_classes(tenant=company.tenant)[0].pk
    a_rule(client, flow, hours_id=hours, customer_classes=[gold])
    assert client.delete(f"/api/flows/{flow}").status_code == 409
    assert client.delete(f"/api/hours/{hours}").status_code == 409
    refused = client.put("/api/classes", {"classes": []}, content_type=JSON)
    assert (refused.status_code, refused.json()["facts"]) == (409, {"names": "新热线"})


def test_results_begin_anew_only_where_something_changes_that_decides(company: Company) -> None:
    client, flow = company.browser("administrator"), a_flow(company, "新版")
    rule = a_rule(client, flow, share_pct=10)
    began = client.get(f"/api/entry-rules/{rule}").json()["counted_since"]
    noted = post(client, f"/{rule}", {"note": "x", "gave_up_points": None, "share_pct": 10}, method="patch").json()
    assert (noted["counted_since"], noted["gave_up_points"]) == (began, None)
    raised = post(client, f"/{rule}", {"share_pct": 50}, method="patch").json()
    assert raised["counted_since"] > began


def changes(client: Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/routing/history?kind=entryrule").json()["items"]
    return items


def put_back(client: Client, change: dict[str, Any]) -> Any:
    return client.post(f"/api/routing/history/{change['id']}/put-back")


def test_a_change_is_put_back_unless_somebody_changed_the_same_since(company: Company) -> None:
    client, flow, other = company.browser("administrator"), a_flow(company, "旧版"), a_flow(company, "新版")
    rule = a_rule(client, flow, numbers=[HOTLINE])
    post(client, f"/{rule}", {"flow_id": other, "share_pct": 20, "note": "试"}, method="patch")
    (first,) = changes(client)
    assert first["before"] == {"flow": "旧版", "share_pct": 100, "note": ""}, "names, and nothing that only follows"
    assert put_back(client, first).status_code == 204
    row = client.get(f"/api/entry-rules/{rule}").json()
    assert (row["flow_id"], row["share_pct"], row["note"], row["numbers"]) == (flow, 100, "", [HOTLINE])
    assert row["counted_since"] > first["at"], "results begin anew"
    refused = put_back(client, first)
    assert (refused.status_code, refused.json()["facts"]) == (409, {"changed": ["flow", "note", "share_pct"]})
    assert put_back(client, changes(client)[0]).status_code == 204, "putting back is a change too"
    assert client.get(f"/api/entry-rules/{rule}").json()["share_pct"] == 20


def test_the_order_of_rules_is_put_back(company: Company) -> None:
    client, flow = company.browser("administrator"), a_flow(company, "新版")
    ids = [a_rule(client, flow, name) for name in "甲乙丙"]
    post(client, "/order", {"rule_ids": ids[::-1]}, method="put")
    (change,) = changes(client)
    assert put_back(client, change).status_code == 204
    assert [row["id"] for row in client.get("/api/entry-rules").json()["items"]] == ids
    a_rule(client, flow, "丁")
    assert put_back(client, changes(client)[0]).json()["code"] == "changed_since"


def test_a_flow_that_is_gone_is_named_where_a_change_is_put_back(company: Company) -> None:
    client, flow, other = company.browser("administrator"), a_flow(company, "旧版"), a_flow(company, "新版")
    rule = a_rule(client, flow)
    post(client, f"/{rule}", {"flow_id": other}, method="patch")
    Flow.objects.of(company.tenant).filter(pk=flow).delete()
    refused = put_back(client, changes(client)[0])
    assert (refused.status_code, refused.json()["fields"]) == (400, {"flow_id": "unknown_reference"})


def test_a_tryout_tells_by_which_rule_a_call_comes_and_why_by_no_other(company: Company) -> None:
    client, own, new = company.browser("administrator"), a_flow(company, "旧"), a_flow(company, "新")
    channels.create_number(actor=company.system, fields={"number": HOTLINE, "flow_id": own})
    hours = flows.create_hours(actor=company.system, fields={"name": "从不", "weekly": NEVER}).pk
    a_rule(client, new, "停用", is_enabled=False)
    a_rule(client, a_flow(company, "草稿", is_published=False), "未发布")
    a_rule(client, new, "别的号码", numbers=["057188886666"])
    a_rule(client, new, "贵宾", is_vip_only=True)
    a_rule(client, new, "上班", hours_id=hours)
    a_rule(client, new, "灰度", share_pct=10)
    plain = post(client, "/try", {"number": HOTLINE}).json()
    assert (plain["rule_id"], plain["flow_name"]) == (None, "旧")
    outcomes = ["off", "unpublished", "number", "vip", "hours", "shares"]
    assert [one["outcome"] for one in plain["tried"]] == outcomes
    vip = post(client, "/try", {"number": HOTLINE, "is_vip": True}).json()
    assert (vip["rule_name"], vip["flow_name"], vip["tried"][-1]["outcome"]) == ("贵宾", "新", "takes")
    refused = post(client, "/try", {"number": "10086"})
    assert (refused.status_code, refused.json()["fields"]) == (400, {"number": "unknown_reference"})


@pytest.mark.parametrize(
    ("share", "rest", "found"),
    [
        (ArmResult(50, gave_up=11), ArmResult(50, gave_up=5), Breach("gave_up", 22.0, 10.0, 10, 50)),
        (ArmResult(50, gave_up=10), ArmResult(50, gave_up=5), None),
        (ArmResult(49, gave_up=40), ArmResult(500), None),
        (ArmResult(500, gave_up=400), ArmResult(49), None),
        (ArmResult(50, gave_up=50, faults=4), ArmResult(50), Breach("faults", 8.0, 0.0, 5, 50)),
        (ArmResult(50, gave_up=5), ArmResult(50, gave_up=40), None),
    ],
    ids=["more gave up", "at the bound", "few in the share", "few outside", "faults come first", "better"],
)
def test_a_bound_is_broken_by_points_with_enough_contacts_in_each_arm(
    share: ArmResult, rest: ArmResult, found: Breach | None
) -> None:
    assert find_breach(share, rest, Bounds(50, 10, 5)) == found
    assert find_breach(share, rest, Bounds(50, None, None)) is None


@pytest.fixture
def house(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    return committed_company()


def came(house: Company, number: int, *then: tuple[float, Event], rule: int | None, trial: int | None) -> None:
    at = timezone.now() - timedelta(minutes=9)
    started = InteractionStarted(
        Direction.INBOUND, "voice", "l", None, HOTLINE, "trunk:1", 1, 1, entry_rule=rule, entry_trial=trial
    )
    events: list[tuple[float, Event]] = [(0.0, started), (0.0, NodeEntered("a", "start")), *then]
    stream = f"i:{house.tenant.pk}-{rule}-{trial}-{number}"
    log_events(house.tenant, stream, [(at + timedelta(seconds=after_s), event) for after_s, event in events])


GAVE_UP: tuple[tuple[float, Event], ...] = (
    (4, RequestEnded("a", "http", "late")),
    (5, RequestEnded("b", "http", "found")),
    (8, InteractionEnded(EndedBy.CUSTOMER, "hangup")),
)
SERVED: tuple[tuple[float, Event], ...] = (
    (4, SurveyAnswered("s", "满意吗", 4, 5)),
    (6, QueueEntered(1)),
    (9, QueueLeft(1, QueueEnd.ANSWERED)),
    (9, SegmentStarted(1, 1, "a")),
    (20, SegmentEnded(1, 1, SegmentEnd.CUSTOMER_LEFT)),
    (20, InteractionEnded(EndedBy.CUSTOMER, "hangup")),
)
FAULT: tuple[tuple[float, Event], ...] = ((2, InteractionEnded(EndedBy.SYSTEM, "flow_fault")),)
CAUGHT: tuple[tuple[float, Event], ...] = (
    (2, NodeEntered("handler", "on_error", "error")),
    (2, InteractionEnded(EndedBy.SYSTEM, "flow")),
)
BLOCKED: tuple[tuple[float, Event], ...] = ((0, InteractionEnded(EndedBy.SYSTEM, "blocked")),)


def test_a_fault_that_the_flows_own_handler_caught_counts_among_the_faults(house: Company, as_engine: Database) -> None:
    with inside(house.tenant):
        for number, then in enumerate((CAUGHT, FAULT, SERVED, GAVE_UP)):
            came(house, number, *then, rule=9, trial=None)
    Projector([ContactProjection()], database_url="").catch_up()
    with inside(house.tenant):
        since = timezone.now() - timedelta(hours=1)
        contacts = entry_contacts(tenant=house.tenant, rule_id=9, since=since, is_in_share=True)
        result = entry_result(contacts)
        assert (result.contacts, result.faults) == (4, 2)


def test_both_arms_stand_beside_each_other_and_a_broken_bound_switches_the_rule_off_once(
    house: Company, as_engine: Database
) -> None:
    with connected_as(as_engine.web), inside(house.tenant):
        flow = a_flow(house, "新版")
        fields = {"name": "灰度", "flow_id": flow, "share_pct": 25, "least_contacts": 4}
        rule = services.create_rule(actor=house.system, fields=fields, now=timezone.now() - timedelta(hours=1)).pk
    with inside(house.tenant):
        for number, then in enumerate((GAVE_UP, GAVE_UP, SERVED, FAULT, BLOCKED)):
            came(house, number, *then, rule=rule, trial=None)
        for number, then in enumerate((SERVED, SERVED, SERVED, GAVE_UP)):
            came(house, number, *then, rule=None, trial=rule)
        came(house, 0, *GAVE_UP, rule=rule, trial=rule + 999)  # another rule's comparison has it
        came(house, 1, (0.1, NodeEntered("m", "menu")), rule=rule, trial=None)  # not over
    Projector([ContactProjection(), SurveyProjection()], database_url="").catch_up()
    with inside(house.tenant):
        kept = Interaction.objects.of(house.tenant).get(pk=f"{house.tenant.pk}-{rule}-None-0")
        assert (kept.flow_id, kept.flow_s, kept.failed_requests) == (1, 8.0, 1)
    with connected_as(as_engine.web):
        found = house.browser("administrator").get(f"/api/entry-rules/{rule}/results").json()
        assert found["share"] == {
            "contacts": 4,
            "gave_up_pct": 50.0,
            "reached_pct": 25.0,
            "fault_pct": 25.0,
            "failed_requests": 2,
            "flow_s": 6.0,
            "score_pct": 80.0,
        }
        assert (found["rest"]["contacts"], found["rest"]["gave_up_pct"], found["rest"]["flow_s"]) == (4, 25.0, 6.5)
        of_rule = house.browser("administrator").get(f"/api/interactions?entry_rule={rule}").json()
        assert of_rule["total"] == 6, "all that came to their flow by it: of another trial and unfinished too"
        assert house.browser("administrator").get(f"/api/interactions?entry_rule={rule + 1}").json()["total"] == 0
        with inside(house.tenant):
            assert results.judge_rule(tenant=house.tenant, rule_id=rule, now=timezone.now()) is True
            assert results.judge_rule(tenant=house.tenant, rule_id=rule, now=timezone.now()) is False
            row = EntryRule.objects.of(house.tenant).get(pk=rule)
            assert row.breach is not None
            assert (row.is_enabled, row.breach["reason"], row.breach["value"]) == (False, "faults", 25.0)
            assert build_settings(tenant=house.tenant).entry_rules[0].is_enabled is False
            told = Notification.objects.of(house.tenant).get()
            assert (told.user_id, told.code) == (house.users["administrator"].pk, "entry_rule_off_faults")
            assert Entry.objects.of(house.tenant).filter(action="entryrule.switched_off").count() == 1
            assert results.watched_rules(tenant=house.tenant) == []
        on = house.browser("administrator").patch(f"/api/entry-rules/{rule}", {"is_enabled": True}, content_type=JSON)
        assert (on.json()["breach"], on.json()["is_enabled"]) == (None, True)
