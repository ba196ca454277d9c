"""What a flow asks outside: how values get into a request and out of an answer, and what can never be made of them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.flows.answers import WrongAnswer, judge_payment, to_text, values_at, values_of_row
from zhiyin.domain.flows.filling import CannotFill, fill_body, fill_header, fill_path, is_too_deep, names_in, read_body
from zhiyin.domain.flows.nodes import BadNode, read_node
from zhiyin.domain.flows.requests import PAID, REFUSED, CustomerRequest, DatabaseRequest, HttpRequest
from zhiyin.domain.flows.steps import Ask, Context, Entered, Key, Leave, Memory, Said, Say, TimedOut, Told

anything = st.text(max_size=60)


def context(**values: str) -> Context:
    return Context(is_open=lambda _hours: True, values=values)


def rows(name: str, text: str, **pairs: str) -> list[dict[str, str]]:
    return [{name: each, text: said} for each, said in pairs.items()]


@given(value=anything)
def test_a_value_is_one_step_of_a_path_and_nothing_else(value: str) -> None:
    if value in (".", ".."):
        with pytest.raises(CannotFill):
            fill_path("/orders/{{order}}/lines", {"order": value})
        return
    try:
        path = fill_path("/orders/{{order}}/lines?of={{order}}", {"order": value})
    except UnicodeEncodeError:
        pytest.fail("a lone surrogate")
    parts = urlsplit(f"https://host{path}")
    _, orders, order, lines = parts.path.split("/")
    assert (parts.netloc, orders, unquote(order), lines) == ("host", "orders", value, "lines")
    assert unquote(parts.query) == f"of={value}"


@given(value=anything)
def test_a_value_is_one_string_of_a_body_and_nothing_else(value: str) -> None:
    document = read_body('{"order": "{{order}}", "by": {"name": "no. {{ order }}"}, "is": true}')
    filled = json.loads(json.dumps(fill_body(document, {"order": value})))
    assert filled == {"order": value, "by": {"name": f"no. {value}"}, "is": True}


@given(value=anything)
def test_a_header_never_holds_a_second_line(value: str) -> None:
    try:
        header = fill_header("Order {{order}}", {"order": value})
    except CannotFill:
        return
    assert header.isascii()
    assert header.isprintable()


@pytest.mark.parametrize(
    "path", ["orders", "//evil.example/", "/a/../b", "/./a", "/a b", "/a#b", "/a\\b", "/订单", "/a\r\nX: y"]
)
def test_a_path_leads_nowhere_else(path: str) -> None:
    with pytest.raises(CannotFill):
        fill_path(path, {})


def test_a_number_is_one_or_nothing_is_sent() -> None:
    document = read_body('{"amount": "{{amount|number}}"}')
    assert fill_body(document, {"amount": "12.50"}) == {"amount": 12.5}
    assert fill_body(document, {"amount": "7"}) == {"amount": 7}
    for bad in ("", "1e9", "0x1", "１", "NaN", '1, "a": 2'):
        with pytest.raises(CannotFill):
            fill_body(document, {"amount": bad})
    assert names_in("{{amount|number}} {{ 订单号 }} {{}}") == {"amount", "订单号"}


def test_a_deep_document_is_found_out_without_falling_into_it() -> None:
    deep: Any = "bottom"
    for _ in range(100_000):
        deep = [deep]
    assert is_too_deep(deep)
    with pytest.raises(CannotFill):
        read_body("[" * 5_000 + "]" * 5_000)


def test_an_answer_gives_short_texts_or_none_at_all() -> None:
    document = {"data": {"status": "shipped", "count": 3, "price": 12.0, "is_open": True, "none": None, "list": [1]}}
    places = {"状态": "/data/status", "n": "/data/count", "p": "/data/price", "o": "/data/is_open", "x": "/data/none"}
    assert values_at(document, places | {"y": "/data/nothing"}) == {
        "状态": "shipped", "n": "3", "p": "12", "o": "true", "x": "", "y": "",
    }  # fmt: skip
    for wrong in ({"v": "/data/list"}, {"v": "/data"}, {"v": "/other"}):
        with pytest.raises(WrongAnswer):
            values_at(document, wrong)
    with pytest.raises(WrongAnswer):
        to_text("x" * 201)
    assert to_text("a\x00b\n") == "ab"
    assert values_of_row({"status": "ok", "n": 1}, {"s": "status"}) == {"s": "ok"}
    with pytest.raises(WrongAnswer):
        values_of_row({"status": "ok"}, {"s": "state"})


def test_a_payment_is_made_refused_or_not_known_and_its_reference_is_no_card() -> None:
    def judge(document: object) -> tuple[str, str]:
        return judge_payment(
            document,
            status_pointer="/status",
            paid=("paid",),
            refused=("declined",),
            reference_pointer="/id",
            secrets=("4111111111111111", "123"),
        )

    assert judge({"status": "paid", "id": "T-99"}) == (PAID, "T-99")
    assert judge({"status": "declined"}) == (REFUSED, "")
    assert judge({"status": "paid", "id": "4111 1111-1111 1111"}) == (PAID, "")
    for unknown in ({"status": "maybe"}, {}, [], {"status": ["paid"]}):
        with pytest.raises(WrongAnswer):
            judge(unknown)


def test_a_customer_is_looked_up_by_the_callers_number_or_by_what_was_typed() -> None:
    node = read_node("customer", {"fields": rows("value", "field", 姓名="name", 合同="custom.contract")})
    memory, answer = node.step(Memory("n"), Entered(), context())
    assert answer == Ask(CustomerRequest({"姓名": "name", "合同": "custom.contract"}), 5)
    assert node.step(memory, Told("several"), context())[1] == Leave("several")
    assert node.step(memory, TimedOut(), context())[1] == Leave("failed")
    assert node.step(memory, Key("1"), context()) == (memory, None), "a key while it waits changes nothing"
    typed = read_node("customer", {"by": "custom.contract", "value": "{{合同号}}", "timeout_s": 3})
    assert typed.step(Memory("n"), Entered(), context(合同号="A-7"))[1] == Ask(
        CustomerRequest({}, "custom.contract", "A-7"), 3
    )
    assert typed.step(Memory("n"), Entered(), context())[1] == Leave("missing"), "nothing typed finds nobody"


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"fields": [{"value": "x", "field": "password"}]}, "fields"),
        ({"fields": [{"value": "1x", "field": "name"}]}, "fields"),
        ({"by": "custom.contract"}, "value"),
        ({"by": "name", "value": "x"}, "by"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"fields": ["name"]}, "fields"),
    ],
)
def test_a_look_up_that_cannot_be_is_refused_with_its_field(config: dict[str, Any], field: str) -> None:
    with pytest.raises(BadNode) as bad:
        read_node("customer", config)
    assert bad.value.field == field


def test_a_request_is_made_of_values_after_what_is_said_before() -> None:
    config = {
        "service": 3,
        "method": "POST",
        "path": "/orders/{{order}}",
        "headers": [{"header": "X-Caller", "text": "{{caller}}"}],
        "body": '{"order": "{{order}}", "pin": "{{pin}}"}',
        "values": rows("value", "place", 状态="/status"),
        "prompt": {"key": "moment"},
        "timeout_s": 4,
    }
    node = read_node("http", config)
    here = context(order="A/7", caller="+8613800138000")
    memory, said = node.step(Memory("n", secrets={"pin": "4711"}), Entered(), here)
    assert said == Say(("moment",))
    for event in (Said(), Key("5")):
        asking, answer = node.step(memory, event, here)
        assert answer == Ask(
            HttpRequest(
                3,
                "POST",
                "/orders/A%2F7",
                {"X-Caller": "+8613800138000"},
                '{"order": "A/7", "pin": "4711"}',
                {"状态": "/status"},
            ),
            4,
        )
        assert "4711" not in repr(answer)
        assert node.step(asking, Key("5"), here) == (asking, None)
    assert node.step(memory, Said(), context(order="..", caller=""))[1] == Leave("failed")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"path": "http://evil.example/"}, "path"),
        ({"path": "/../x"}, "path"),
        ({"body": "{order}"}, "body"),
        ({"body": '{"a": {{order}}}'}, "body"),
        ({"values": [{"value": "x", "place": "status"}]}, "values"),
        ({"headers": [{"header": "Host", "text": "x"}]}, "headers"),
        ({"headers": [{"header": "A b", "text": "x"}]}, "headers"),
        ({"method": "TRACE"}, "method"),
        ({"service": 0}, "service"),
        ({"timeout_s": 21}, "timeout_s"),
    ],
)
def test_a_request_that_cannot_be_is_refused_with_its_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(BadNode) as bad:
        read_node("http", {"service": 1, "path": "/x"} | changed)
    assert bad.value.field == field


def test_a_statements_parameters_are_texts_and_else_values_of_their_name() -> None:
    config = {
        "statement": "4/order",
        "parameters": rows("parameter", "text", number="N-{{order}}"),
        "values": rows("value", "column", 状态="status"),
    }
    memory, answer = read_node("query", config).step(Memory("n"), Entered(), context(order="7", number="no"))
    assert answer == Ask(DatabaseRequest("4/order", {"order": "7", "number": "N-7"}, {"状态": "status"}), 5)
    assert memory.typed
