"""Trial calls of drafts by HTTP: of what the page shows, saved or not; nothing of them is kept."""

from __future__ import annotations

import copy
from typing import Any

from zhiyin.apps.conftest import Company
from zhiyin.apps.flows.models import Flow
from zhiyin.apps.flows.tests.test_flow_tests import JSON, add, hotline


def try_(client: Any, flow: int, *acts: str, status: int = 200, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/api/flows/{flow}/trial", {"acts": acts, **more}, content_type=JSON)
    assert answer.status_code == status, answer.json()
    told: dict[str, Any] = answer.json()
    return told


def test_a_draft_is_called_and_the_trial_kept_as_a_test(company: Company) -> None:
    client, flow = hotline(company)
    told = try_(client, flow["id"], "在 2026-11-23 10:00", "按 2")
    assert (told["rest"], told["refused"]) == ("line", None)
    assert [turn["act"] for turn in told["turns"]] == [None, "按 2"]
    last = told["turns"][-1]["traces"]
    assert [(one["what"], one["name"]) for one in last if one["what"] == "queue"] == [("queue", "销售")]
    assert [one["through"] for one in last if one["what"] == "node"] == ["2"]
    assert add(client, flow["id"], "销售", *told["script"].splitlines())["run"]["is_passed"]


def test_what_is_called_is_the_graph_on_the_page_and_the_draft_stays(company: Company) -> None:
    client, flow = hotline(company)
    graph = copy.deepcopy(flow["draft"])
    (queue,) = [edge for edge in graph["edges"] if edge["exit"] == "1"]
    (other,) = [edge for edge in graph["edges"] if edge["exit"] == "2"]
    queue["to"], other["to"] = other["to"], queue["to"]
    changed = try_(client, flow["id"], "press 1", graph=graph, language="en")
    assert changed["script"].splitlines()[-1] == "expect queue 销售"
    assert try_(client, flow["id"], "press 1", language="en")["script"].splitlines()[-1] == "expect queue 售后"
    assert Flow.objects.of(company.tenant).get(pk=flow["id"]).draft == flow["draft"]


def test_a_graph_that_cannot_be_called_says_which_steps_are_not_whole(company: Company) -> None:
    client, flow = hotline(company)
    graph = copy.deepcopy(flow["draft"])
    graph["nodes"].append({"id": "half", "kind": "queue", "config": {}})
    refused = try_(client, flow["id"], graph=graph, status=400)
    assert (refused["code"], refused["facts"]["nodes"]) == ("flow_cannot_be_tried", "half")


def test_acts_that_say_nothing_are_refused_by_line_and_what_cannot_be_done_is_told(company: Company) -> None:
    client, flow = hotline(company)
    refused = try_(client, flow["id"], "press 1", "dance", status=400)
    assert refused["facts"]["slips"] == [{"line": 2, "code": "unknown_word", "text": "dance"}]
    told = try_(client, flow["id"], "answer")
    assert told["refused"] == {"line": 1, "text": "answer", "why": "nobody_waits"}
    assert len(told["turns"]) == 1, "the call itself stands"


def test_another_companys_flow_cannot_be_called(company: Company, other_company: Company) -> None:
    _, flow = hotline(company)
    try_(other_company.browser("administrator"), flow["id"], status=404)
