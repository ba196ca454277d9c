"""Flows are edited in drafts, proven before they are in force, and never lost to a second editor."""

from __future__ import annotations

from typing import Any

import pytest

from zhiyin.apps.conftest import Company
from zhiyin.apps.flows.templates import empty_flow, menu_flow, queue_flow
from zhiyin.apps.queues import services as queues
from zhiyin.domain.flows.check import find_problems
from zhiyin.domain.flows.graph import read_flow
from zhiyin.domain.flows.nodes.panel import FieldKind

JSON = "application/json"
PROMPTS = {"welcome", "menu", "closed", "all_busy", "goodbye", "wrong_key", "no_key"}


@pytest.mark.parametrize(
    "graph",
    [
        empty_flow(),
        queue_flow(queue=1),
        queue_flow(queue=1, hours=1),
        menu_flow(queues={"1": (1, "售后"), "2": (2, "销售")}, menu="menu"),
        menu_flow(queues={"1": (1, "售后"), "2": (2, "销售")}, menu="menu", hours=1),
    ],
    ids=["empty", "queue", "queue with hours", "menu", "menu with hours"],
)
def test_the_flows_a_company_begins_with_have_no_holes(graph: dict[str, Any]) -> None:
    assert find_problems(read_flow(graph), prompts=PROMPTS, known={FieldKind.QUEUE: {1, 2}, FieldKind.HOURS: {1}}) == ()


def test_a_flow_with_holes_is_kept_as_a_draft_but_not_published(company: Company) -> None:
    client = company.browser("administrator")
    holey = queue_flow(queue=2**40)
    holey["edges"].pop()
    made = client.post("/api/flows", {"name": "热线", "graph": holey}, content_type=JSON)
    assert made.status_code == 201
    expected = {("exit_open", "queue"), ("unknown_queue", "queue")}
    assert {(p["code"], p["node"]) for p in made.json()["problems"]} == expected
    answer = client.post(f"/api/flows/{made.json()['id']}/publish")
    assert (answer.status_code, answer.json()["code"]) == (400, "flow_has_holes")
    assert {(p["code"], p["node"]) for p in answer.json()["facts"]["problems"]} == expected


@pytest.mark.parametrize(
    "graph",
    [
        {"format": 2, "start": "a", "nodes": [], "edges": []},
        {"format": 1, "start": "a", "nodes": [{"id": "", "kind": "x"}], "edges": []},
        {"format": 1, "nodes": [], "edges": []},
        [],
    ],
    ids=["future format", "node without id", "no start", "no object"],
)
def test_what_is_no_graph_is_refused(company: Company, graph: object) -> None:
    answer = company.browser("administrator").post("/api/flows", {"name": "x", "graph": graph}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_what_an_editor_adds_to_nodes_is_kept(company: Company) -> None:
    graph = empty_flow()
    graph["nodes"][0]["note"] = "开始"
    client = company.browser("administrator")
    made = client.post("/api/flows", {"name": "热线", "graph": graph}, content_type=JSON).json()
    assert made["draft"] == graph


def test_the_second_of_two_editors_is_told(company: Company) -> None:
    client = company.browser("administrator")
    flow = client.post("/api/flows", {"name": "热线"}, content_type=JSON).json()["id"]
    body = {"graph": empty_flow(), "draft_version": 1}
    assert client.put(f"/api/flows/{flow}/draft", body, content_type=JSON).json()["draft_version"] == 2
    answer = client.put(f"/api/flows/{flow}/draft", body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "outdated")


def test_publishing_an_unchanged_flow_again_makes_no_new_version(company: Company) -> None:
    client = company.browser("administrator")
    flow = client.post("/api/flows", {"name": "热线"}, content_type=JSON).json()["id"]
    for _ in range(2):
        assert client.post(f"/api/flows/{flow}/publish").json()["version"] == 1
    versions = client.get(f"/api/flows/{flow}/versions").json()
    assert [(version["version"], version["published_by"]) for version in versions] == [
        (1, company.users["administrator"].name)
    ]


def test_a_queue_that_was_removed_is_a_hole(company: Company) -> None:
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}).pk
    client = company.browser("administrator")
    flow = client.post(
        "/api/flows", {"name": "热线", "template": "queue", "choices": {"queue": queue}}, content_type=JSON
    ).json()
    assert flow["problems"] == []
    client.delete(f"/api/queues/{queue}")
    problems = client.get(f"/api/flows/{flow['id']}").json()["problems"]
    path = [("start", "next"), ("welcome", "next")]
    assert problems == [
        {
            "code": "unknown_queue",
            "node": "queue",
            "field": "queue",
            "detail": "",
            "path": [{"node": node, "exit": exit_} for node, exit_ in path],
        }
    ]


def test_what_is_better_seen_to_is_told_and_hinders_nothing(company: Company) -> None:
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}).pk
    client = company.browser("administrator")
    graph = queue_flow(queue=queue)
    graph["nodes"][1:1] = [{"id": "bye", "kind": "hang_up", "config": {}}]
    graph["edges"] = [{**edge, "to": "bye"} if edge["exit"] == "closed" else edge for edge in graph["edges"]]
    flow = client.post("/api/flows", {"name": "热线", "graph": graph}, content_type=JSON).json()
    assert [(one["code"], one["node"]) for one in flow["warnings"]] == [("closed_in_silence", "queue")]
    assert client.post(f"/api/flows/{flow['id']}/publish").json()["version"] == 1


def test_a_step_may_name_a_class_that_the_company_has_and_no_other(company: Company) -> None:
    queue = queues.create_queue(actor=company.system, fields={"name": "售后"}).pk
    client = company.browser("administrator")
    flow = client.post(
        "/api/flows", {"name": "热线", "template": "queue", "choices": {"queue": queue}}, content_type=JSON
    ).json()
    graph = flow["draft"]
    next(node for node in graph["nodes"] if node["id"] == "queue")["config"]["class"] = "gold"
    body = {"graph": graph, "draft_version": flow["draft_version"]}
    saved = client.put(f"/api/flows/{flow['id']}/draft", body, content_type=JSON).json()
    assert [(one["code"], one["node"], one["field"]) for one in saved["problems"]] == [
        ("unknown_class", "queue", "class")
    ]
    assert client.post(f"/api/flows/{flow['id']}/publish").status_code == 400
    client.put("/api/routing/classes", {"classes": [{"code": "gold", "name": "金卡"}]}, content_type=JSON)
    assert client.get(f"/api/flows/{flow['id']}").json()["problems"] == []
    assert client.post(f"/api/flows/{flow['id']}/publish").json()["version"] == 1


@pytest.mark.parametrize(
    ("weekly", "dates", "status"),
    [
        ([[["09:00", "12:00"], ["13:00", "18:00"]]] * 7, {}, 201),
        ([[["00:00", "24:00"]]] * 7, {"2026-10-01": []}, 201),
        ([[["18:00", "09:00"]]] * 7, {}, 400),
        ([[["09:00", "12:00"], ["11:00", "18:00"]]] * 7, {}, 400),
        ([[]] * 7, {"2026-10-01": [["10:00", "10:00"]]}, 400),
        ([[]] * 6, {}, 422),
        ([[["9:00", "18:00"]]] * 7, {}, 422),
        ([[]] * 7, {"2026-13-01": []}, 422),
    ],
    ids=["lunch break", "holiday", "backwards", "overlap", "empty span", "six days", "no leading zero", "no month 13"],
)
def test_opening_hours_make_sense(company: Company, weekly: object, dates: object, status: int) -> None:
    body = {"name": "工作时间", "weekly": weekly, "dates": dates}
    assert company.browser("administrator").post("/api/hours", body, content_type=JSON).status_code == status


def test_a_template_is_drawn_with_the_companys_own_and_what_is_not_there_is_named(company: Company) -> None:
    queue = queues.create_queue(actor=company.system, fields={"name": "报修"}).pk
    client = company.browser("administrator")
    told = {each["code"]: each for each in client.get("/api/flows/templates").json()}
    assert [(slot["slot"], slot["kind"], slot["is_required"]) for slot in told["queue"]["slots"]] == [
        ("queue", "queue", True),
        ("hours", "hours", False),
    ]

    def refused(**body: object) -> tuple[str, dict[str, str]]:
        answer = client.post("/api/flows", {"name": "物业", **body}, content_type=JSON)
        assert answer.status_code == 400
        return answer.json()["code"], answer.json()["fields"]

    assert refused(template="nothing") == ("bad_template", {"template": "unknown_reference"})
    assert refused(template="queue") == ("bad_template", {"choices.queue": "missing"})
    assert refused(template="queue", choices={"queue": 2**40}) == (
        "bad_template",
        {"choices.queue": "unknown_reference"},
    )
    unknown = {"queue": queue, "room": 1}
    assert refused(template="queue", choices=unknown)[1] == {"choices.room": "unknown_reference"}
    made = client.post(
        "/api/flows", {"name": "直达", "template": "queue", "choices": {"queue": queue}}, content_type=JSON
    ).json()
    assert made["problems"] == []
    assert queue in [node["config"].get("queue") for node in made["draft"]["nodes"]]
