"""Caller scripts: read in two languages, run in virtual time by the code of calls, and told where they do not hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.flow_random import Seeded, random_flow
from tests.domain.test_flow_proof import flow_of, problems_of
from tests.engine.world import FLOW, company
from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.contracts.snapshots import HoursSetting
from zhiyin.domain.flow_scripts.run import Outcome, run_script
from zhiyin.domain.flow_scripts.script import BadScript, read_script, to_line
from zhiyin.domain.flows.graph import Flow, read_flow
from zhiyin.domain.spoken_values import WAYS

WORKDAYS = (*([(("09:00", "18:00"),)] * 5), (), ())
SETTINGS = company(hours=(HoursSetting(1, "工作时间", WORKDAYS),))


def run(text: str, flow: Flow | None = None) -> Outcome:
    scene = scene_of(SETTINGS, flow or read_flow(FLOW), customer_classes={"金卡": 3, "普通": 4})
    return run_script(read_script(text), scene)


@pytest.mark.parametrize(
    "text",
    [
        "expect say menu\npress 1\nexpect queue 售后\nexpect 售后",
        "按 1\n应 排队 售后\n不应 排队 销售",
        "at 2026-11-23 10:00\npress 2\nexpect 销售\nanswer\nexpect talking",
        "在 2026-11-22 10:00\n应 听到 closed\n应 结束 closed",
        "关门 工作时间\n应 结束 closed\n不应 到达 menu",
        "at 2026-11-23 12:30\nclosed 工作时间 12:00 13:30\nexpect end closed",
        "at 2026-11-23 13:30\nclosed 工作时间 12:00 13:30\nexpect node menu",
        "在 2026-11-22 23:00\n营业 工作时间 22:00 06:00\n应 到达 menu",
        "在 2026-11-22 06:00\n营业 工作时间 22:00 06:00\n应 结束 closed",
        "closed\nopen 工作时间\nexpect node menu",
        "unstaffed 售后\npress 1\nexpect end no_agents\nexpect say all_busy",
        "等\n应 听到 no_key\n等\n等\n应 听到 goodbye\n应 结束",
        "press 7\nexpect say wrong_key\npress 0\nexpect node menu\nexpect say menu",
        "press 1\nwait 1800\nexpect node busy\nexpect end no_agents",
        "press 1\nhangup\nexpect end",
    ],
)
def test_a_script_that_holds(text: str) -> None:
    outcome = run(text)
    assert outcome.is_passed, outcome


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("press 1\nexpect queue 销售", 2, "not_so"),
        ("expect 售后", 1, "not_so"),
        ("press 1\nnever queue 售后", 2, "so_it_was"),
        ("expect queue 没有", 1, "unknown_queue"),
        ("# 说明\n\nexpect node nowhere", 3, "unknown_node"),
        ("expect 没有的", 1, "unknown_name"),
        ("answer\nexpect talking", 1, "nobody_waits"),
        ("closed 没有\nexpect end", 1, "unknown_hours"),
        ("class 钻石\nexpect end", 1, "unknown_customer_class"),
        ("lookup menu found\nexpect end", 1, "unknown_outcome"),
    ],
)
def test_a_script_that_does_not_hold_names_its_line(text: str, line: int, why: str) -> None:
    outcome = run(text)
    assert outcome.failed_at is not None
    assert (outcome.failed_at.number, outcome.why) == (line, why)


def test_a_silent_caller_is_led_nowhere_by_an_expectation() -> None:
    """Else "expect queue" would hold in a flow that sends who presses nothing to a queue in the end."""
    edges = ["start next menu", "menu 1 q", "menu no_key q", "menu wrong_key q", "q closed q2", "q overflow q2"]
    flow = flow_of(
        ("menu", "menu", {"prompt": {"key": "menu"}, "keys": {"1": "a"}, "tries": 1}),
        ("q", "queue", {"queue": 1}),
        ("q2", "hang_up", {}),
        edges=edges,
    )
    assert not run("expect queue 售后", flow).is_passed
    assert run("wait\nexpect queue 售后", flow).is_passed


def test_a_text_is_heard_with_its_values_in_the_contacts_language() -> None:
    text = {"text_zh": "您的订单{{订单号}}已发货。", "text_en": "Your order {{订单号}} is on its way."}
    flow = flow_of(
        ("say", "say", text),
        ("turn", "language", {"language": "en"}),
        ("again", "say", text),
        ("bye", "hang_up", {}),
        ("sorry", "hang_up", {"prompt": {"key": "goodbye"}, "reason": "sorry"}),
        edges=[
            *("start next say", "say next turn", "turn next again", "again next bye"),
            *("say failed sorry", "again failed sorry"),
        ],
    )
    lines = ("value 订单号 A17", 'expect say "您的订单A17已发货。"', 'expect say "Your order A17 is on its way."')
    heard = "\n".join([*lines, "expect end flow"])
    assert run(heard, flow).is_passed, run(heard, flow)
    assert run("press 1\nexpect node again", flow).is_passed, "a key cuts it short"
    for failed in ("lookup say failed", "lookup say late"):
        assert run(f"{failed}\nwait\nexpect end sorry", flow).is_passed


def test_a_booking_is_tried_by_a_script() -> None:
    edges = ["start next book", *(f"book {exit_} bye" for exit_ in ("no_number", "too_many", "full", "none"))]
    flow = flow_of(("book", "booking", {"queue": 1}), ("bye", "hang_up", {}), edges=edges)
    given = "at 2026-11-23 10:00\ncaller 13800001234\n"
    assert run(given + "expect say booking_days\npress 1111\nexpect booking 售后\nnever callback 售后", flow).is_passed
    assert run("约满 售后\n主叫 13800001234\n应 听到 booking_full\n应 结束\n不应 预约 售后", flow).is_passed
    assert run("expect say callback_bad_number\nexpect end", flow).is_passed, "a caller without a number"


GROUPS = [{"exit": "gold", "name": "金卡", "customer_classes": [3]}]


@pytest.mark.parametrize(("text", "node"), [("class 金卡", "gold"), ("客户分级 普通", "rest"), ("vip", "rest")])
def test_a_callers_customer_class_is_told(text: str, node: str) -> None:
    flow = flow_of(
        ("which", "caller_class", {"groups": GROUPS}),
        ("gold", "hang_up", {}),
        ("rest", "hang_up", {}),
        edges=["start next which", "which gold gold", "which else rest"],
    )
    outcome = run(f"{text}\nexpect node {node}", flow)
    assert outcome.is_passed, outcome


def test_the_language_that_was_chosen_is_expected_and_spoken() -> None:
    """What was heard in virtual time was always Chinese before."""
    flow = flow_of(
        ("english", "language", {"language": "en"}),
        ("read", "play", {"parts": [{"way": "number", "text": "12"}]}),
        ("bye", "hang_up", {}),
        edges=["start next english", "english next read", "read next bye"],
    )
    outcome = run("expect end", flow)
    spoken = [trace.name for trace in outcome.traces if trace.what == "say"]
    assert run("应 语言 en\n不应 语言 zh", flow).is_passed
    assert spoken == list(WAYS["number"]("12", "en"))


def test_a_step_that_is_called_language_is_still_expected_by_its_name() -> None:
    flow = flow_of(("language", "hang_up", {}), edges=["start next language"])
    assert run("expect language", flow).is_passed


def test_who_calls_is_known_to_conditions_as_on_a_real_call() -> None:
    """A script's caller was known to no text and no condition before."""
    is_mobile = {
        "exit": "mobile",
        "name": "手机",
        "conditions": [{"value": "caller", "operator": "is", "constant": "139"}],
    }
    flow = flow_of(
        ("who", "condition", {"cases": [is_mobile]}),
        ("a", "hang_up", {}),
        ("b", "hang_up", {}),
        edges=["start next who", "who mobile a", "who else b"],
    )
    assert run("caller 139\nexpect node a", flow).is_passed
    assert run("caller 138\nexpect node b", flow).is_passed


def test_a_caller_speaks_where_the_flow_listens() -> None:
    choices = [{"exit": "sales", "name": "销售", "phrases": "销售,买", "key": "2"}]
    for listens in ("duplex", "turns"):
        ask = {"prompt": {"key": "menu"}, "choices": choices, "listens": listens, "tries": 2, "value": "原话"}
        flow = flow_of(
            ("ask", "recognise", ask),
            ("q", "queue", {"queue": 2}),
            ("bye", "hang_up", {"prompt": {"key": "goodbye"}}),
            edges=[
                *("start next ask", "ask sales q", "q closed bye", "q overflow bye"),
                *("ask no_input bye", "ask no_match bye", "ask failed bye"),
            ],
        )
        listen = "wait 3\n" if listens == "turns" else ""
        for script in (
            f"{listen}says 我想买东西\nexpect queue 销售\nexpect value 原话 我想买东西",
            f"{listen}说 今天天气很好\n应 听到 not_understood\n等 4\n说 销售\n应 排队 销售",
            f"{listen}说 ?\n应 听到 not_understood",
            "press 2\nexpect queue 销售",
            "wait\nexpect say nothing_heard\nwait\nexpect node bye",
        ):
            assert run(script, flow).is_passed, (listens, script, run(script, flow))
    assert run("says 您好\nexpect queue 销售").why == "nobody_listens"


def test_what_went_on_instead_is_told() -> None:
    outcome = run("press 1\nexpect queue 销售")
    assert [(trace.what, trace.name) for trace in outcome.instead] == [("node", "q1"), ("queue", "1")]


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("", [(1, "expects_nothing")]),
        ("press 1", [(1, "expects_nothing")]),
        ("dance\nexpect end", [(1, "unknown_word")]),
        ("press x\nexpect end", [(1, "bad_keys")]),
        ("at noon today\nexpect end", [(1, "bad_moment")]),
        ("wait long\nexpect end\nwait 0", [(1, "bad_number"), (3, "bad_number")]),
        ('expect say "open', [(1, "open_quotes")]),
        ("press 1\nat 2026-11-23 10:00\nexpect end", [(2, "given_too_late")]),
        ("expect the worst", [(1, "unknown_expectation")]),
        ("press 1 2\nexpect end", [(1, "wrong_arguments")]),
        ("closed 工作时间 12:00\nopen 工作时间 9 18\nexpect end", [(1, "wrong_arguments"), (2, "bad_time")]),
        ("closed 工作时间 12:00 12:00\nexpect end", [(1, "bad_time")]),
    ],
)
def test_what_is_no_script_is_refused_with_the_lines(text: str, slips: list[tuple[int, str]]) -> None:
    with pytest.raises(BadScript) as refused:
        read_script(text)
    assert [(slip.number, slip.code) for slip in refused.value.slips] == slips


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1))
def test_any_name_can_be_written_and_read_again(name: str) -> None:
    for language in ("zh", "en"):
        (line,) = read_script(to_line("expect", name, aspect="say", language=language)).lines
        assert (line.command, line.aspect, line.arguments) == ("expect", "say", (name,))


ACTS = st.sampled_from(["press 1", "press 2", "press *", "press 718#", "wait", "wait 3", "wait 60", "answer"])
WORLDS = st.lists(st.sampled_from(["closed", "unstaffed 售后", "full 售后", "vip", "caller 13900000001"]), unique=True)


@given(st.integers(0, 2**30), WORLDS, st.lists(ACTS, max_size=12))
@settings(max_examples=40)
def test_random_callers_always_come_to_rest(seed: int, given_: list[str], acts: list[str]) -> None:
    """Where the proof found no hole, every script runs to its end, and no call ends by a fault."""
    flow = random_flow(Seeded(seed), is_whole=True)
    outcome = run("\n".join([*given_, *acts, "wait 4000", "never say nothing_says_this"]), flow)
    if not problems_of(flow):
        assert outcome.why in ("", "nobody_waits"), outcome
        assert not any(trace.what == "end" and trace.name == "flow_fault" for trace in outcome.traces)
