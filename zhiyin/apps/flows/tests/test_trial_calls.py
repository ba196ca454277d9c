"""Real calls of drafts by HTTP: which draft the engine is given and by whom, and what the page is told."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import msgspec

from zhiyin.apps.audit import queries as audit
from zhiyin.apps.conftest import Company
from zhiyin.apps.flows.tests.test_flow_tests import JSON, add, hotline
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import Command, OpenTrialCall, TellTrialCall
from zhiyin.contracts.frames import Problem, TelephoneIdentity
from zhiyin.contracts.trial_calls import TrialCallOpened, TrialCallTold, TrialTrace, TrialTurn

TELEPHONE = TelephoneIdentity(
    "t1-abc", "secret", "zhiyin.invalid", call="0000", expires_at=datetime(2026, 11, 23, tzinfo=UTC)
)


def open_(client: Any, flow: int, *, status: int = 201, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/flows/{flow}/trial-calls", body, content_type=JSON)
    assert answer.status_code == status, answer.json()
    told: dict[str, Any] = answer.json()
    return told


def opening(_command: Command) -> object:
    return TrialCallOpened("x1", TELEPHONE)


def test_the_graph_on_the_page_is_what_is_called_by_who_asks_and_the_audit_knows(company: Company) -> None:
    client, flow = hotline(company)
    graph = copy.deepcopy(flow["draft"])
    graph["nodes"][-1]["config"] = {"reason": "changed"}
    with engine_that(opening) as heard:
        told = open_(client, flow["id"], graph=graph, number="138 0013 8000", may_change=True)
    (request,) = heard
    asked = request.command
    assert isinstance(asked, OpenTrialCall)
    assert msgspec.json.decode(asked.graph)["nodes"][-1]["config"] == {"reason": "changed"}
    me = company.users["administrator"].pk
    assert (asked.user, asked.flow, asked.number, asked.may_change) == (me, flow["id"], "+8613800138000", True)
    assert (told["trial"], told["telephone"]["username"], told["telephone"]["call"]) == ("x1", "t1-abc", "0000")
    entries = audit.changes_of(tenant=company.tenant, kind="flow", subject=str(flow["id"]), acts=("trial_called",))
    assert [entry.after for entry in entries] == [{"may_change": True}]


def test_what_cannot_be_called_is_refused_before_the_engine_is_asked(company: Company, other_company: Company) -> None:
    client, flow = hotline(company)
    graph = copy.deepcopy(flow["draft"])
    graph["nodes"].append({"id": "half", "kind": "queue", "config": {}})
    with engine_that(opening) as heard:
        assert open_(client, flow["id"], graph=graph, status=400)["code"] == "flow_cannot_be_tried"
        assert open_(client, flow["id"], number="hello", status=400)["fields"] == {"number": "bad_number"}
        open_(other_company.browser("administrator"), flow["id"], status=404)
        open_(company.browser("agent"), flow["id"], status=403)
    assert heard == []
    assert open_(client, flow["id"], status=503)["code"] == "engine_away"
    with engine_that(lambda _: Problem("too_many_calls")):
        assert open_(client, flow["id"], status=409)["code"] == "too_many_trial_calls"


def test_what_came_of_a_call_is_told_and_can_be_kept_as_a_test(company: Company) -> None:
    client, flow = hotline(company)
    told = TrialCallTold(
        flow=flow["id"],
        state="over",
        turns=(
            TrialTurn(None, (TrialTrace(0, "node", "start"), TrialTrace(0, "say", "menu"))),
            TrialTurn(("press", "1"), (TrialTrace(3, "queue", "售后"), TrialTrace(3, "end", "out_of_flow"))),
        ),
        rest="line",
        node="q",
        values={"订单": "12"},
        secrets=("密码",),
        lasted_s=4.2,
        given=(("at", "2026-11-23", "10:00"), ("caller", "+8613800138000"), ("lookup", "x", "found", "名=张 三")),
    )
    path = f"/api/flows/{flow['id']}/trial-calls/x1"
    with engine_that(lambda _: told) as heard:
        page = client.get(path).json()
        english = client.get(f"{path}?language=en").json()
    assert heard[0].command == TellTrialCall(company.users["administrator"].pk, "x1")
    assert page["acts"] == ["在 2026-11-23 10:00", "主叫 +8613800138000", '查询 x found "名=张 三"', "按 1"]
    assert english["acts"][-1] == "press 1"
    assert [turn["act"] for turn in page["turns"]] == [None, "按 1"]
    assert page["values"] == [{"name": "订单", "text": "12"}, {"name": "密码", "text": None}]
    assert (page["state"], page["rest"], page["lasted_s"]) == ("over", "line", 4.2)
    acts = [act for act in page["acts"] if not act.startswith("查询")]
    script = client.post(f"/api/flows/{flow['id']}/trial", {"acts": acts}, content_type=JSON).json()["script"]
    assert add(client, flow["id"], "售后", *script.splitlines())["run"]["is_passed"]


def test_keys_of_one_number_are_one_line(company: Company) -> None:
    client, flow = hotline(company)
    turns = [TrialTurn(None, ()), *(TrialTurn(("press", key), ()) for key in "12")]
    turns.append(TrialTurn(("press", "3"), (TrialTrace(3, "value", "订单"),)))
    turns += [TrialTurn(("press", "4"), ()), TrialTurn(("say", "查 订单"), ())]
    with engine_that(lambda _: TrialCallTold(flow["id"], "live", tuple(turns))):
        told = client.get(f"/api/flows/{flow['id']}/trial-calls/x1").json()
    assert told["acts"] == ["按 123", "按 4", '说 "查 订单"']


def test_a_call_of_another_flow_or_forgotten_is_not_found(company: Company) -> None:
    client, flow = hotline(company)
    path = f"/api/flows/{flow['id']}/trial-calls/x1"
    with engine_that(lambda _: TrialCallTold(flow["id"] + 1, "open")):
        assert client.get(path).status_code == 404
    with engine_that(lambda _: Problem("unknown_trial_call")):
        assert client.get(path).status_code == 404
