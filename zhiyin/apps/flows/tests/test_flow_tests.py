"""Tests beside a flow, and flows as files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers.classes import ClassDraft, save_classes
from zhiyin.apps.customers.errors import ClassInUse
from zhiyin.apps.flows import services as flows
from zhiyin.apps.flows.templates import empty_flow, menu_flow
from zhiyin.apps.queues import services as queues
from zhiyin.contracts.flow_files import read_file, settings_of
from zhiyin.contracts.script_runs import run_scripts

JSON = "application/json"
HOURS = {"name": "工作时间", "weekly": [[["09:00", "18:00"]]] * 5 + [[], []]}


def hotline(company: Company) -> tuple[Any, dict[str, Any]]:
    """A company with two queues, opening hours and the hotline's flow."""
    client = company.browser("administrator")
    ids = [queues.create_queue(actor=company.system, fields={"name": name}).pk for name in ("售后", "销售")]
    hours = flows.create_hours(actor=company.system, fields=HOURS).pk
    graph = menu_flow(queues={"1": (ids[0], "售后"), "2": (ids[1], "销售")}, menu="menu", hours=hours)
    return client, client.post("/api/flows", {"name": "热线", "graph": graph}, content_type=JSON).json()


def add(client: Any, flow: int, name: str, *lines: str) -> dict[str, Any]:
    body = {"name": name, "script": "\n".join(lines)}
    answer = client.post(f"/api/flows/{flow}/tests", body, content_type=JSON)
    assert answer.status_code == 201, answer.json()
    made: dict[str, Any] = answer.json()
    return made


def test_a_test_is_run_when_it_is_kept_and_says_what_went_on_instead(company: Company) -> None:
    client, flow = hotline(company)
    good = add(client, flow["id"], "售后", "在 2026-11-23 10:00", "按 1", "应 排队 售后")
    assert good["run"]["is_passed"]
    bad = add(client, flow["id"], "错的", "press 2", "expect queue 售后")["run"]
    assert (bad["is_passed"], bad["line"], bad["text"], bad["why"]) == (False, 2, "expect queue 售后", "not_so")
    assert [one["what"] for one in bad["instead"]] == ["node", "node", "queue"]
    listed = client.get(f"/api/flows/{flow['id']}/tests").json()
    assert {one["name"]: one["run"]["is_passed"] for one in listed} == {"售后": True, "错的": False}
    tried = client.post(
        f"/api/flows/{flow['id']}/tests/try", {"script": "at 2026-11-22 10:00\nexpect end closed"}, content_type=JSON
    )
    assert tried.json()["is_passed"]
    assert client.delete(f"/api/flows/{flow['id']}/tests/{good['id']}").status_code == 204
    assert client.delete(f"/api/flows/{flow['id']}/tests/{good['id']}").status_code == 404


def test_what_is_no_script_is_refused_line_by_line_and_a_name_stands_once(company: Company) -> None:
    client, flow = hotline(company)
    url = f"/api/flows/{flow['id']}/tests"
    refused = client.post(url, {"name": "x", "script": "dance\nexpect end"}, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_script")
    assert refused.json()["facts"]["slips"] == [{"line": 1, "code": "unknown_word", "text": "dance"}]
    add(client, flow["id"], "x", "expect say welcome")
    assert client.post(url, {"name": "X", "script": "expect end"}, content_type=JSON).status_code == 409


def test_publishing_is_refused_while_a_test_fails_where_the_flow_says_so(company: Company) -> None:
    client, flow = hotline(company)
    url = f"/api/flows/{flow['id']}"
    test = add(client, flow["id"], "错的", "press 2", "expect queue 售后")
    rules = {"needs_tests": True, "person_within": None}
    assert client.put(f"{url}/rules", rules, content_type=JSON).status_code == 204
    assert client.get(url).json()["warnings"] == []
    refused = client.post(f"{url}/publish")
    assert (refused.status_code, refused.json()["code"]) == (400, "flow_tests_fail")
    assert refused.json()["facts"]["tests"] == ["错的"]
    mended = {"name": "对的", "script": "press 2\nexpect queue 销售"}
    assert client.put(f"{url}/tests/{test['id']}", mended, content_type=JSON).json()["run"]["is_passed"]
    assert client.post(f"{url}/publish").json()["version"] == 1


def test_a_flow_goes_through_a_file_and_back_by_names(company: Company) -> None:
    client, flow = hotline(company)
    add(client, flow["id"], "售后", "在 2026-11-23 10:00", "按 1", "应 排队 售后")
    add(client, flow["id"], "周日", "在 2026-11-22 10:00", "应 结束 closed")
    text = client.get(f"/api/flows/{flow['id']}/file").content.decode()
    assert client.get(f"/api/flows/{flow['id']}/file").content.decode() == text
    document = json.loads(text)
    named = {node["config"].get("queue") for node in document["graph"]["nodes"]} - {None}
    assert named == {"售后", "销售"}
    alone, graph, _ = settings_of(read_file(document))
    scripts = [(one["name"], "\n".join(one["script"])) for one in document["tests"]]
    assert all(outcome.is_passed for outcome in run_scripts(alone, graph, scripts)), "without any company"

    again = client.post("/api/flows/import", {"file": document}, content_type=JSON)
    assert (again.status_code, again.json()["missing"]) == (200, [])
    assert again.json()["flow"]["id"] == flow["id"], "the flow of that name"
    assert client.get(f"/api/flows/{flow['id']}").json()["problems"] == []
    strange = json.loads(text.replace("销售", "批发").replace("热线", "另一条"))
    answer = client.post("/api/flows/import", {"file": strange}, content_type=JSON).json()
    assert answer["missing"] == [{"what": "queues", "name": "批发"}]
    assert answer["flow"]["id"] != flow["id"]
    detail = client.get(f"/api/flows/{answer['flow']['id']}").json()
    assert {one["code"] for one in detail["problems"]} == {"unknown_queue"}


def told_apart(company: Company, *names: str) -> tuple[Any, dict[str, Any], dict[str, int]]:
    """A published flow that tells customers of the first class apart; returns it with the classes' ids."""
    client = company.browser("administrator")
    drafts = [ClassDraft(None, name, "", "#888888", []) for name in names]
    rows = save_classes(actor=company.actor("administrator"), drafts=drafts)
    classes = {row.name: row.pk for row in rows}
    group = {"exit": "first", "name": "一", "customer_classes": [classes[names[0]]]}
    graph = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "who", "kind": "caller_class", "config": {"groups": [group]}},
            {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
            {"id": "away", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "who"},
            {"from": "who", "exit": "first", "to": "bye"},
            {"from": "who", "exit": "else", "to": "away"},
        ],
    }
    flow = client.post("/api/flows", {"name": "分级", "graph": graph}, content_type=JSON).json()
    assert client.post(f"/api/flows/{flow['id']}/publish").json()["version"] == 1
    return client, flow, classes


def test_a_customer_class_is_told_by_its_name_in_scripts_and_files(company: Company) -> None:
    """In a file stood the id, which means another class in another company."""
    client, flow, classes = told_apart(company, "金卡", "普通")
    assert add(client, flow["id"], "金卡", "客户分级 金卡", "应 到达 bye")["run"]["is_passed"]
    assert add(client, flow["id"], "普通", "class 普通", "expect node away")["run"]["is_passed"]
    document = json.loads(client.get(f"/api/flows/{flow['id']}/file").content)
    (who,) = (node for node in document["graph"]["nodes"] if node["kind"] == "caller_class")
    assert who["config"]["groups"][0]["customer_classes"] == ["金卡"]
    alone, graph, there = settings_of(read_file(document))
    scripts = [(one["name"], "\n".join(one["script"])) for one in document["tests"]]
    assert all(outcome.is_passed for outcome in run_scripts(alone, graph, scripts, customer_classes=there))
    assert client.post("/api/flows/import", {"file": document}, content_type=JSON).json()["missing"] == []
    draft = client.get(f"/api/flows/{flow['id']}").json()["draft"]
    (who,) = (node for node in draft["nodes"] if node["kind"] == "caller_class")
    assert who["config"]["groups"][0]["customer_classes"] == [classes["金卡"]]


def test_a_customer_class_stays_while_a_flow_in_force_tells_it_apart(company: Company) -> None:
    """It went without a word, and the flow led everybody to "else"."""
    client, flow, classes = told_apart(company, "金卡", "普通")
    actor = company.actor("administrator")
    kept = [ClassDraft(classes["普通"], "普通", "", "#888888", [])]
    with pytest.raises(ClassInUse) as refused:
        save_classes(actor=actor, drafts=kept)
    assert refused.value.facts == {"names": "分级"}
    url = f"/api/flows/{flow['id']}"
    client.put(f"{url}/draft", {"graph": empty_flow(), "draft_version": flow["draft_version"]}, content_type=JSON)
    assert client.post(f"{url}/publish").json()["version"] == 2
    save_classes(actor=actor, drafts=kept)
    old = client.post("/api/flows", {"name": "旧的", "graph": flow["draft"]}, content_type=JSON).json()
    assert [(one["code"], one["node"]) for one in old["problems"]] == [("unknown_customer_classes", "who")]


@pytest.mark.parametrize("file", [{}, {"zhiyin_flow": 2}, {"zhiyin_flow": 1, "graph": {"format": 9}}, {"a": []}])
def test_what_is_no_flows_file_is_refused(company: Company, file: dict[str, Any]) -> None:
    answer = company.browser("administrator").post("/api/flows/import", {"file": file}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_flow_file")
