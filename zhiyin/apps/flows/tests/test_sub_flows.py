"""Flows that use one another: what is published, who is told, what may not be removed."""

from __future__ import annotations

from typing import Any

import msgspec

from zhiyin.apps.conftest import Company
from zhiyin.apps.flows import queries
from zhiyin.contracts.snapshots import FlowSetting
from zhiyin.domain.flows.graph import read_flow

JSON = "application/json"


def graph(*nodes: tuple[str, str, dict[str, Any], dict[str, str]]) -> dict[str, Any]:
    start = {"id": "start", "kind": "start"}
    edges = [{"from": "start", "exit": "next", "to": nodes[0][0]}]
    edges += [{"from": name, "exit": exit_, "to": to} for name, _, _, ways in nodes for exit_, to in ways.items()]
    told = [{"id": name, "kind": kind, "config": config} for name, kind, config, _ in nodes]
    return {"format": 1, "start": "start", "nodes": [start, *told], "edges": edges}


def greeting(prompt: str) -> dict[str, Any]:
    return graph(
        ("say", "play", {"prompt": {"key": prompt}}, {"next": "back"}),
        ("back", "return", {"outcome": "done"}, {}),
    )


def using(flow: int) -> dict[str, Any]:
    return graph(
        ("greet", "sub_flow", {"flow": flow}, {"done": "bye", "failed": "bye"}),
        ("bye", "hang_up", {}, {}),
    )


class Editor:
    def __init__(self, company: Company) -> None:
        self.client = company.browser("administrator")

    def create(self, name: str, drawn: dict[str, Any]) -> int:
        made = self.client.post("/api/flows", {"name": name, "graph": drawn}, content_type=JSON)
        assert made.status_code == 201, made.json()
        return int(made.json()["id"])

    def read(self, flow: int) -> Any:
        return self.client.get(f"/api/flows/{flow}").json()

    def change(self, flow: int, drawn: dict[str, Any]) -> Any:
        body = {"graph": drawn, "draft_version": self.read(flow)["draft_version"]}
        return self.client.put(f"/api/flows/{flow}/draft", body, content_type=JSON).json()

    def publish(self, flow: int) -> Any:
        return self.client.post(f"/api/flows/{flow}/publish").json()


def company_queue(editor: Editor) -> int:
    made = editor.client.post("/api/queues", {"name": "售后"}, content_type=JSON)
    assert made.status_code == 201, made.json()
    return int(made.json()["id"])


def in_force(company: Company, flow: int) -> FlowSetting:
    published: tuple[FlowSetting, ...] = queries.engine_section(company.tenant)["flows"]
    return next(one for one in published if one.id == flow)


def test_a_published_flow_holds_its_sub_flow_and_is_told_of_a_newer_one(company: Company) -> None:
    editor = Editor(company)
    sub = editor.create("问候", greeting("welcome"))
    flow = editor.create("热线", using(sub))
    assert [p["code"] for p in editor.read(flow)["problems"]] == ["unknown_flow"], "not published yet"
    editor.publish(sub)
    assert editor.publish(flow)["problems"] == []
    running = read_flow(msgspec.json.decode(in_force(company, flow).graph))
    assert running.nodes["greet/say"].prompts == ("welcome",)
    for kept in (editor.read(flow)["draft"], editor.client.get(f"/api/flows/{flow}/versions").json()[0]["graph"]):
        assert [node["id"] for node in kept["nodes"]] == ["start", "greet", "bye"], "it stays as drawn"
    assert editor.read(sub)["used_by"] == [{"id": flow, "name": "热线"}]

    editor.change(sub, greeting("menu"))
    editor.publish(sub)
    (use,) = editor.read(flow)["sub_flows"]
    assert (use["node"], use["flow"], use["name"], use["version"], use["newest"]) == ("greet", sub, "问候", 1, 2)
    assert "menu" not in bytes(in_force(company, flow).graph).decode(), "it stays what it was"
    assert editor.publish(flow)["version"] == 2
    assert editor.publish(flow)["version"] == 2, "unchanged"
    assert read_flow(msgspec.json.decode(in_force(company, flow).graph)).nodes["greet/say"].prompts == ("menu",)


def test_what_a_sub_flow_lacks_is_told_of_the_step_that_uses_it(company: Company) -> None:
    editor = Editor(company)
    sub = editor.create("问候", greeting("welcome"))
    editor.publish(sub)
    open_ended = using(sub)
    open_ended["edges"] = [edge for edge in open_ended["edges"] if edge["exit"] != "done"]
    flow = editor.create("热线", open_ended)
    found = {(p["code"], p["node"], p["field"]) for p in editor.read(flow)["problems"]}
    assert ("exit_open", "greet", "done") in found
    assert {node for _, node, _ in found} <= {"start", "greet", "bye"}
    queue = company_queue(editor)
    helped = graph(
        ("greet", "sub_flow", {"flow": sub}, {"done": "q", "failed": "q"}),
        ("q", "queue", {"queue": queue}, {"closed": "bye", "overflow": "bye"}),
        ("bye", "hang_up", {"prompt": {"key": "goodbye"}}, {}),
    )
    detail = editor.read(editor.create("有人接", helped))
    assert (detail["problems"], detail["warnings"]) == ([], []), "what gives back does not end the call"


def test_no_flow_uses_itself_and_what_is_used_stays(company: Company) -> None:
    editor = Editor(company)
    first = editor.create("甲", greeting("welcome"))
    editor.publish(first)
    second = editor.create("乙", using(first))
    editor.publish(second)
    assert [p["code"] for p in editor.change(first, using(second))["problems"]] == ["uses_itself"]
    assert [p["code"] for p in editor.change(first, using(first))["problems"]] == ["uses_itself"]
    refused = editor.client.delete(f"/api/flows/{first}")
    assert (refused.status_code, refused.json()["facts"]["used_by"]) == (409, ["乙"])
    assert editor.client.delete(f"/api/flows/{second}").status_code == 204


def test_an_expression_that_cannot_be_read_stands_against_publishing(company: Company) -> None:
    case = {"exit": "a", "name": "大额", "match": "expression", "expression": "values.amount > 100"}
    drawn = graph(
        ("which", "condition", {"cases": [case]}, {"a": "bye", "else": "bye"}),
        ("bye", "hang_up", {}, {}),
    )
    editor = Editor(company)
    (problem, *_) = [p for p in editor.read(editor.create("热线", drawn))["problems"] if p["code"] == "bad_expression"]
    assert problem["node"] == "which"
    assert "no matching overload" in problem["detail"]
