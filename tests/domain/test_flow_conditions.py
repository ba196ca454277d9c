"""Nodes that work with values: conditions, setting, collecting digits; and the expressions that they judge."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.contracts.expressions import BadExpression, check_expression, judge
from zhiyin.domain.flows.comparisons import OPERATORS
from zhiyin.domain.flows.digit_checks import is_luhn
from zhiyin.domain.flows.nodes import BadNode, read_node
from zhiyin.domain.flows.nodes.collect import Collect
from zhiyin.domain.flows.steps import Context, Entered, FlowInput, Key, Leave, Memory, Said, Say, TimedOut, Wait


def context_of(values: Mapping[str, str], **more: Any) -> Context:
    return Context(is_open=lambda _hours: True, values=values, judge=judge, **more)


def left_by(kind: str, config: dict[str, Any], values: Mapping[str, str], **more: Any) -> Leave:
    """Return how a node that asks nobody is left."""
    _, answer = read_node(kind, config).step(Memory("n"), Entered(), context_of(values, **more))
    assert isinstance(answer, Leave)
    return answer


def case(exit_: str, *conditions: tuple[str, ...], **more: Any) -> dict[str, Any]:
    rows = [dict(zip(("value", "operator", "constant"), one, strict=False)) for one in conditions]
    return {"exit": exit_, "name": exit_, "conditions": rows, **more}


@pytest.mark.parametrize(
    ("operator", "value", "constant", "holds"),
    [
        ("is", " 17", "17", True),
        ("is", "", "", True),
        ("is_not", "a", "b", True),
        ("contains", "上海市", "上海", True),
        ("starts_with", "SF100", "SF", True),
        ("ends_with", "100", "1", False),
        ("one_of", "宁波", "杭州，宁波、温州", True),
        ("one_of", "宁", "杭州，宁波", False),
        ("equal", "1,200.0", "1200", True),
        ("more", "10", "9", True),
        ("more", "9", "10", False),
        ("at_least", "10", "10", True),
        ("at_most", "-1", "0", True),
        ("less", "abc", "5", False),
        ("more", "1e99", "5", False),
        ("is_set", "0", "", True),
        ("is_empty", "  ", "", True),
    ],
)
def test_what_an_operator_means(operator: str, value: str, constant: str, holds: bool) -> None:
    config = {"cases": [case("a", ("v", operator, constant))]}
    assert left_by("condition", config, {"v": value}).exit == ("a" if holds else "else")


def test_the_first_case_that_holds_is_taken() -> None:
    config = {
        "cases": [
            case("both", ("level", "is", "gold"), ("amount", "more", "{{limit}}"), match="all"),
            case("either", ("level", "is", "gold"), ("amount", "more", "{{limit}}"), match="any"),
            {
                "exit": "said",
                "name": "写的",
                "match": "expression",
                "expression": 'has(values.city) && values.city.startsWith("宁")',
            },
        ]
    }
    gold, rich = {"level": "gold"}, {"amount": "101", "limit": "100"}
    assert left_by("condition", config, gold | rich).exit == "both"
    assert left_by("condition", config, rich).exit == "either"
    assert left_by("condition", config, {"city": "宁波"}).exit == "said"
    assert left_by("condition", config, {}).exit == "else"
    assert read_node("condition", config).exits == ("both", "either", "said", "else")


@pytest.mark.parametrize(
    "cases",
    [
        [],
        None,
        "a",
        [{}],
        [case("a")],
        [case("else", ("v", "is", "1"))],
        [case("a", ("v", "is", "1")), case("a", ("v", "is", "2"))],
        [case("a", ("v", "resembles", "1"))],
        [case("a", ("", "is", "1"))],
        [case("a", ("1v", "is", "1"))],
        [case("a", ("v", "more", ""))],
        [case("a", ("v", "is", "{{broken"))],
        [{**case("a", ("v", "is", "1")), "name": ""}],
        [{**case("A b", ("v", "is", "1"))}],
        [{**case("a", ("v", "is", "1")), "match": "some"}],
        [case("a", *(("v", "is", "1"),) * 11)],
        [{"exit": "a", "name": "a", "match": "expression", "expression": "x" * 501}],
        [{"exit": "a", "name": "a", "match": "expression"}],
        [case(f"a{number}", ("v", "is", "1")) for number in range(21)],
    ],
)
def test_cases_that_are_none_are_refused(cases: Any) -> None:
    with pytest.raises(BadNode) as refused:
        read_node("condition", {"cases": cases})
    assert refused.value.field == "cases"


@pytest.mark.parametrize(
    ("assignment", "becomes"),
    [
        ({"text": "订单{{ order }}/{{missing}}"}, "订单A17/"),
        ({"text": "{{sly}}"}, "{{order}}"),
        ({"how": "part", "text": "{{phone}}", "first": 4, "length": 4}, "1234"),
        ({"how": "last", "text": "{{phone}}", "length": 4}, "5678"),
        ({"how": "digits", "text": "浙A-12 3"}, "123"),
        ({"how": "add", "text": "{{amount}}", "other": "0.5"}, "13"),
        ({"how": "subtract", "text": "1", "other": "{{amount}}"}, "-11.5"),
        ({"how": "multiply", "text": "{{amount}}", "other": "{{amount}}"}, "156.25"),
        ({"how": "divide", "text": "1", "other": "3"}, "0.33"),
        ({"how": "divide", "text": "1", "other": "0"}, ""),
        ({"how": "multiply", "text": "9" * 18, "other": "9" * 18}, ""),
        ({"how": "add", "text": "{{order}}", "other": "1"}, ""),
        ({"how": "subtract", "text": "1", "other": "1"}, "0"),
        ({"how": "today"}, "2026-11-23"),
        ({"how": "time"}, "05:09"),
        ({"text": "{{long}}{{long}}"}, "x" * 200),
    ],
)
def test_what_a_value_becomes(assignment: dict[str, Any], becomes: str) -> None:
    values = {"order": "A17", "phone": "13812345678", "amount": "12.5", "sly": "{{order}}", "long": "x" * 150}
    values["phone"] = "13812345678"[:3] + "1234" + "5678"
    left = left_by(
        "set",
        {"assignments": [{"value": "v", **assignment}]},
        values,
        local_now=datetime(2026, 11, 23, 5, 9, tzinfo=UTC),
    )
    assert (left.exit, left.values) == ("next", {"v": becomes})


def test_a_value_may_be_made_of_one_set_just_before() -> None:
    rows = [{"value": "a", "text": "1"}, {"value": "b", "how": "add", "text": "{{a}}", "other": "1"}]
    assert left_by("set", {"assignments": rows}, {}).values == {"a": "1", "b": "2"}


COLLECT = {"prompt": {"key": "enter"}, "value": "order", "least": 3, "most": 6, "tries": 2}


def collect(config: dict[str, Any], *events: FlowInput) -> tuple[Memory, list[Any]]:
    node = read_node("collect", COLLECT | config)
    memory, said = Memory("n"), []
    for event in (Entered(), *events):
        memory, answer = node.step(memory, event, context_of({}))
        said.append(answer)
    return memory, said


def keys(digits: str) -> list[FlowInput]:
    return [Key(digit) for digit in digits]


def test_digits_end_by_the_end_key_by_their_number_or_by_silence() -> None:
    assert collect({}, Said(), *keys("1234#"))[1][-1] == Leave("collected", values={"order": "1234"})
    assert collect({}, *keys("123456"))[1][-1] == Leave("collected", values={"order": "123456"})
    assert collect({}, *keys("123"), TimedOut())[1][-1] == Leave("collected", values={"order": "123"})
    assert collect({}, Said(), Key("1"))[1] == [Say(("enter",)), Wait(6), Wait(4)]


def test_wrong_and_missing_digits_are_asked_anew_and_then_told_apart() -> None:
    assert collect({}, *keys("12#"))[1][-1] == Say(("wrong_digits", "enter"))
    assert collect({}, Said(), TimedOut())[1][-1] == Say(("no_digits", "enter"))
    assert collect({}, *keys("12#12"), TimedOut())[1][-1] == Leave("wrong")
    assert collect({}, Said(), *keys("12#"), Said(), TimedOut())[1][-1] == Leave("none")
    assert collect({}, *keys("99*123#"))[1][-1] == Leave("collected", values={"order": "123"}), "the star clears"
    assert collect({"end_key": "none"}, *keys("12#3"), TimedOut())[1][-1] == Leave("collected", values={"order": "123"})


@pytest.mark.parametrize(
    ("config", "digits", "is_fit"),
    [
        ({"check": "lengths", "told": "3，5"}, "12345#", True),
        ({"check": "lengths", "told": "3，5"}, "1234#", False),
        ({"check": "luhn"}, "79927398713#", True),
        ({"check": "luhn"}, "79927398710#", False),
        ({"check": "list", "told": "100,200\n300"}, "300#", True),
        ({"check": "list", "told": "100,200"}, "20#", False),
        ({"check": "date"}, "20240229#", True),
        ({"check": "date"}, "20230229#", False),
    ],
)
def test_digits_are_checked(config: dict[str, Any], digits: str, is_fit: bool) -> None:
    answer = collect({"most": 20, "least": 1} | config, *keys(digits))[1][-1]
    assert isinstance(answer, Leave) is is_fit


def test_secret_digits_are_no_values() -> None:
    memory, said = collect({"is_masked": True}, *keys("1234#"))
    assert said[-1] == Leave("collected", secrets={"order": "1234"})
    assert memory.typed == "", "what was typed is forgotten with the node"


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"value": ""}, "value"),
        ({"value": "a b"}, "value"),
        ({"least": 7}, "most"),
        ({"end_key": "5"}, "end_key"),
        ({"check": "list"}, "told"),
        ({"is_masked": "yes"}, "is_masked"),
        ({"most": 41}, "most"),
    ],
)
def test_a_collection_that_is_none_is_refused(config: dict[str, Any], field: str) -> None:
    with pytest.raises(BadNode) as refused:
        read_node("collect", COLLECT | config)
    assert refused.value.field == field


@given(st.text("0123456789", min_size=2, max_size=30))
def test_one_digit_more_makes_any_row_a_luhn_row_and_no_second_one_does(digits: str) -> None:
    assert sum(is_luhn(digits + last) for last in "0123456789") == 1


@given(st.lists(st.sampled_from([Said(), TimedOut(), *keys("0123456789*#")]), max_size=60))
def test_a_collection_always_ends_within_its_attempts(events: list[FlowInput]) -> None:
    """Whatever is pressed: never more digits than asked for, never more questions than attempts."""
    node = read_node("collect", COLLECT)
    assert isinstance(node, Collect)
    memory, answer = node.step(Memory("n"), Entered(), context_of({}))
    questions = 1
    for event in events:
        memory, answer = node.step(memory, event, context_of({}))
        assert len(memory.typed) < node.most
        if isinstance(answer, Leave):
            assert node.least <= len(answer.values.get("order", "123")) <= node.most
            return
        questions += isinstance(answer, Say)
    assert questions <= node.tries


@given(st.dictionaries(st.sampled_from("abc"), st.text(max_size=200)), st.sampled_from(sorted(OPERATORS)), st.text())
def test_no_value_breaks_a_comparison(values: dict[str, str], operator: str, constant: str) -> None:
    assert OPERATORS[operator](values.get("a", ""), constant) in (True, False)


@pytest.mark.parametrize(
    "hostile",
    [
        "[1,2].map(a, [1,2].map(b, a + b)).size() > 0",
        '["x"].map(s, s + s + s + s)[0].size() > 1',
        "values.exists(name, true)",
        'values.a.matches("(a?){1000}")',
        "matches(values.a, values.b)",
        "(" * 400 + "true" + ")" * 90,
        "unknown == 1",
        "values.a",
        "values.a == 12",
        "'x' +",
        "",
        "\0",
        "true // " + "x" * 500,
    ],
)
def test_an_expression_that_asks_too_much_is_refused_before_it_runs(hostile: str) -> None:
    with pytest.raises(BadExpression):
        check_expression(hostile)


@pytest.mark.parametrize("expression", ["int(values.a) > 0", "1 / 0 == 1", 'values.nowhere == "x"', "dyn(1)"])
def test_what_cannot_be_said_of_these_values_is_told_so(expression: str) -> None:
    with pytest.raises(BadExpression):
        judge(expression, {"a": "x"})


@pytest.mark.parametrize(
    "expression",
    [
        " || ".join(['(values.a + values.a).contains("b" + values.a)'] * 10),
        " && ".join(["values.a == values.a"] * 20),
        ("!" * 450) + "true",
    ],
)
def test_no_expression_takes_long(expression: str) -> None:
    began_s = time.perf_counter()
    with suppress(BadExpression):
        judge(expression, {"a": "a" * 199 + "b"})
    assert time.perf_counter() - began_s < 1


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader_of_expressions(text: str) -> None:
    with suppress(BadExpression):
        assert judge(text, {"a": text}) in (True, False)
