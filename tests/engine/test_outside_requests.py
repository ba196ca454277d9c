"""Flows ask outside, in virtual time: the caller goes on by the right exit, whatever the other side does, and so does
everybody else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.engine.world import HOTLINE, PROMPTS, World, company, in_world
from zhiyin.contracts.external_services import (
    DatabaseSetting,
    ExternalServices,
    HttpServiceSetting,
    StatementSetting,
)
from zhiyin.contracts.snapshots import FlowSetting, PromptSetting, TenantSettings
from zhiyin.engine.outside_port import HttpAnswer, HttpCall, OutsideFailed
from zhiyin.engine.outside_requests import AT_ONCE, KEY_HEADER

#: which prompt is heard by which exit
SAID = ("found", "several", "missing", "failed")
SERVICES = ExternalServices(
    http=(
        HttpServiceSetting(3, "Orders", "https://orders.example/api/", {"X-Shop": "7"}, "Authorization", "Bearer s3"),
    ),
    databases=(DatabaseSetting(4, "ERP", "erp.example", 5432, "erp", "reader", "pw"),),
    statements=(StatementSetting("4/order", 4, "Order", "SELECT status FROM orders WHERE number = {{number}}"),),
)


def asking(kind: str, config: dict[str, Any], exits: tuple[str, ...]) -> TenantSettings:
    """A company whose hotline asks one thing, and says by which exit it went on."""
    flow = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "ask", "kind": kind, "config": config},
            *({"id": exit_, "kind": "hang_up", "config": {"prompt": {"key": exit_}}} for exit_ in exits),
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "ask"},
            *({"from": "ask", "exit": exit_, "to": exit_} for exit_ in exits),
        ],
    }
    setting = FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(flow)))
    prompts = tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in (*PROMPTS, *SAID))
    return company(flows=(setting,), prompts=prompts, external=SERVICES)


def by_http(**config: Any) -> TenantSettings:
    request = {
        "service": 3,
        "path": "/orders/{{caller}}",
        "values": [{"value": "状态", "place": "/status"}],
        "timeout_s": 5,
    } | config
    return asking("http", request, ("found", "missing", "failed"))


BY_NUMBER = asking("customer", {"fields": [{"value": "姓名", "field": "name"}]}, SAID)
BY_STATEMENT = asking(
    "query",
    {
        "statement": "4/order",
        "parameters": [{"parameter": "number", "text": "{{caller}}"}],
        "values": [{"value": "状态", "column": "status"}],
    },
    ("found", "missing", "failed"),
)


async def heard(world: World, number: str = "13800138000") -> str:
    """Call, and return by which exit the call went on."""
    leg = world.telephony.call(HOTLINE, caller=number)
    await world.until(lambda: leg in world.telephony.ended)
    return next(exit_ for exit_ in SAID if f"/zh/{exit_}" in world.telephony.ended[leg].heard)


def said(body: object, status: int = 200, media: str = "application/json") -> HttpAnswer:
    return HttpAnswer(status, media, msgspec.json.encode(body))


def test_a_customer_is_looked_up_by_the_callers_number() -> None:
    async def story(world: World) -> None:
        world.log.customers = [
            (1, {"number": "+8613800138000", "name": "李雷", "level": "vip"}),
            (1, {"number": "+8613800138001", "name": "韩梅梅"}),
            (1, {"number": "+8613800138001", "name": "韩家"}),
            (2, {"number": "+8613800138002", "name": "别人的客户"}),
        ]
        assert await heard(world) == "found"
        (attached,) = world.events("DataAttached")
        (values,) = [
            v for stream in world.log.personal.values() for ref, v in stream.items() if ref == attached.data_ref
        ]
        assert msgspec.json.decode(values) == {"姓名": "李雷"}, "what was not chosen is not read"
        assert await heard(world, "13800138001") == "several"
        assert await heard(world, "13800138002") == "missing"
        world.log.look_up_s = 30.0
        assert await heard(world) == "failed"
        ended = [(e.request, e.outcome, e.service) for e in world.events("RequestEnded")]
        assert ended == [("customer", o, None) for o in ("found", "several", "missing", "late")]

    in_world(story, BY_NUMBER)


def test_an_interface_is_asked_with_the_companys_secret_and_tells_values() -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: said({"status": "shipped"})
        assert await heard(world) == "found"
        (call,) = world.outside.asked
        assert isinstance(call, HttpCall)
        assert (call.method, call.url) == ("GET", "https://orders.example/api/orders/%2B8613800138000")
        assert call.headers["Authorization"] == "Bearer s3"
        assert call.headers["X-Shop"] == "7"
        assert "s3" not in repr(call)
        log = b"".join(bytes(envelope.body) for envelope in world.log.envelopes)
        assert b"s3" not in log
        assert b"shipped" not in log, "values are personal, and stand beside the log"

    in_world(story, by_http())


def failing(cause: str) -> HttpAnswer:
    raise OutsideFailed(cause)


@pytest.mark.parametrize(
    ("answer", "exit_", "cause"),
    [
        (lambda: said({"status": "x"}, 404), "missing", ""),
        (lambda: said({"status": "x"}, 500), "failed", "http_500"),
        (lambda: said({"status": "x"}, 302), "failed", "http_302"),
        (lambda: said({"status": {"is": "x"}}), "failed", "wrong_type"),
        (lambda: said({"other": "x"}), "failed", "wrong_type"),
        (lambda: said({"status": "x" * 300}), "failed", "too_long"),
        (lambda: said({"status": "x"}, media="text/html"), "failed", "not_json"),
        (lambda: HttpAnswer(200, "application/json", b"{"), "failed", "not_json"),
        (lambda: HttpAnswer(200, "application/json", b"[" * 30_000), "failed", "not_json"),
        (lambda: HttpAnswer(200, "application/json", b"\xff\xfe"), "failed", "not_json"),
        (lambda: failing("refused_address"), "failed", "refused_address"),
        (lambda: failing("tls"), "failed", "tls"),
        (lambda: 1 / 0, "failed", "broken"),
    ],
)  # fmt: skip
def test_whatever_comes_back_the_caller_goes_on(answer: Any, exit_: str, cause: str) -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: answer()
        assert await heard(world) == exit_
        (ended,) = world.events("RequestEnded")
        assert (ended.node, ended.request, ended.outcome, ended.cause) == ("ask", "http", exit_, cause)
        assert ended.service == 3, "of several interfaces the report says which is down"

    in_world(story, by_http())


def test_who_hangs_costs_one_caller_its_time_and_nobody_else_anything() -> None:
    async def story(world: World) -> None:
        world.outside.takes_s = 1000.0
        legs = [world.telephony.call(HOTLINE, caller=f"138001380{n:02}") for n in range(AT_ONCE + 10)]
        began = world.clock.now()
        await world.until(lambda: all(leg in world.telephony.ended for leg in legs))
        assert (world.clock.now() - began).total_seconds() < 8
        assert world.outside.most_at_once == AT_ONCE
        assert world.outside.at_once == 0
        assert {e.outcome for e in world.events("RequestEnded")} <= {"late", "failed"}
        assert all("/zh/failed" in world.telephony.ended[leg].heard for leg in legs)

    in_world(story, by_http())


def test_who_hangs_up_takes_the_request_along() -> None:
    async def story(world: World) -> None:
        world.outside.takes_s = 4.0
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: world.outside.at_once == 1)
        world.telephony.end(leg)
        await world.until(lambda: world.outside.at_once == 0, within_s=1)
        assert world.events("RequestEnded") == []

    in_world(story, by_http())


def test_a_new_engine_asks_anew_by_the_same_key_and_a_later_request_has_another() -> None:
    async def story(world: World) -> None:
        world.outside.answer = lambda _call: said({"status": "done"})
        world.outside.takes_s = 3.0
        leg = world.telephony.call(HOTLINE)
        await world.until(lambda: len(world.outside.asked) == 1)
        await world.kill()
        assert world.outside.at_once == 0
        await world.start()
        await world.until(lambda: leg in world.telephony.ended)
        first, again = world.outside.asked
        assert isinstance(first, HttpCall)
        assert isinstance(again, HttpCall)
        assert first.headers[KEY_HEADER] == again.headers[KEY_HEADER]
        assert len(world.events("RequestEnded")) == 1
        await heard(world)
        assert isinstance(other := world.outside.asked[-1], HttpCall)
        assert other.headers[KEY_HEADER] != again.headers[KEY_HEADER], "another contact's"

    in_world(story, by_http(method="POST"))


def test_one_row_of_a_database_is_told() -> None:
    async def story(world: World) -> None:
        world.outside.row = lambda _query, parameters: (
            {"status": 7} if parameters["number"] == "+8613800138000" else None
        )
        assert await heard(world) == "found"
        assert await heard(world, "13800138009") == "missing"
        world.outside.row = lambda _query, _parameters: {"state": 7}
        assert await heard(world) == "failed"
        assert world.events("RequestEnded")[-1].cause == "wrong_type"
        assert {e.service for e in world.events("RequestEnded")} == {4}

    in_world(story, BY_STATEMENT)


def test_a_service_that_is_no_more_fails_at_once() -> None:
    async def story(world: World) -> None:
        assert await heard(world) == "failed"
        assert world.events("RequestEnded")[-1].cause == "unknown_service"
        assert world.outside.asked == []

    in_world(story, msgspec.structs.replace(by_http(), external=ExternalServices()))
