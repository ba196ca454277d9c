"""Nodes that choose a way, speak, and ask: shares, loops, classes of callers, languages, consent, spoken values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.contracts.expressions import judge
from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.graph import Flow, read_flow
from zhiyin.domain.flows.nodes import BadNode, read_node
from zhiyin.domain.flows.step import Consented, Fault, Kept, Moved, Spoken
from zhiyin.domain.flows.steps import (
    Context,
    EndCall,
    Entered,
    FlowInput,
    JoinQueue,
    Key,
    Leave,
    LineLeft,
    Memory,
    Said,
    Say,
    TimedOut,
    Wait,
)
from zhiyin.domain.interactions import Consent

OPEN = Context(is_open=lambda _hours: True)


def exit_of(kind: str, config: dict[str, Any], context: Context = OPEN, memory: Memory | None = None) -> str:
    _, answer = read_node(kind, config).step(memory or Memory("n"), Entered(), context)
    assert isinstance(answer, Leave)
    return answer.exit


SHARES = [
    {"exit": "a", "name": "旧", "share_pct": 70},
    {"exit": "b", "name": "新", "share_pct": 29},
    {"exit": "c", "name": "试", "share_pct": 1},
]


@pytest.mark.parametrize(
    ("drawn", "exit_"), [(0.0, "a"), (69.99, "a"), (70.0, "b"), (98.99, "b"), (99.0, "c"), (99.99, "c")]
)
def test_a_share_has_its_part_of_the_hundred(drawn: float, exit_: str) -> None:
    asked: list[str] = []

    def share(purpose: str) -> float:
        asked.append(purpose)
        return drawn

    assert exit_of("split", {"shares": SHARES}, Context(is_open=OPEN.is_open, share=share)) == exit_
    assert asked == ["n"], "each node draws for itself"


@pytest.mark.parametrize("shares", [SHARES[:2], SHARES[:1], [*SHARES, SHARES[0]], [{**SHARES[0], "share_pct": 101}]])
def test_shares_that_are_no_hundred_are_refused(shares: Any) -> None:
    with pytest.raises(BadNode):
        read_node("split", {"shares": shares})


def test_a_loop_goes_round_so_often_and_never_again() -> None:
    node, memory, ways = read_node("loop", {"most": 2}), Memory("n"), []
    for _ in range(5):
        memory, answer = node.step(memory.come_to("n"), Entered(), OPEN)
        assert isinstance(answer, Leave)
        ways.append(answer.exit)
    assert ways == ["again", "again", "done", "done", "done"]


@pytest.mark.parametrize(
    ("classes", "is_vip", "exit_"),
    [((), False, "else"), ((3,), False, "gold"), ((), True, "vip"), ((3,), True, "gold"), ((9,), False, "else")],
)
def test_a_caller_goes_with_the_first_group_that_fits(classes: tuple[int, ...], is_vip: bool, exit_: str) -> None:
    groups = [
        {"exit": "gold", "name": "金卡", "customer_classes": [3, 4]},
        {"exit": "vip", "name": "VIP", "customer_classes": [5], "is_for_vips": True},
    ]
    context = Context(is_open=OPEN.is_open, customer_classes=frozenset(classes), is_vip=is_vip)
    assert exit_of("caller_class", {"groups": groups}, context) == exit_


def flow_of(*nodes: tuple[str, str, dict[str, Any]], **edges: str) -> Flow:
    """Return a flow; edges as ``a_next="b"``."""
    told = [{"id": name, "kind": kind, "config": config} for name, kind, config in nodes]
    ways = [{"from": at.partition("_")[0], "exit": at.partition("_")[2], "to": to} for at, to in edges.items()]
    return read_flow({"format": 1, "start": nodes[0][0], "nodes": told, "edges": ways})


def test_the_language_is_kept_and_spoken_in_at_once() -> None:
    money = {"parts": [{"way": "prompt", "prompt": {"key": "bill"}}, {"way": "money", "text": "{{amount}}"}]}
    flow = flow_of(
        ("s", "start", {}),
        ("l", "language", {"language": "en"}),
        ("p", "play", money),
        s_next="l",
        l_next="p",
    )
    context = Context(is_open=OPEN.is_open, values={"amount": "2.50"})
    memory, actions = interpreter.begin(flow, context)
    english = Say(("bill", "number_2", "money_yuan", "and", "number_50", "money_fen"))
    assert actions[-3:] == (Spoken("l", "en"), Moved("p", "play", "next"), english)
    assert memory.language == "en"
    _, actions = interpreter.enter(flow, "p", context)
    assert actions[-1] == Say(("bill", "number_2", "money_yuan", "digit_5", "money_jiao"))


def test_what_has_nothing_to_say_is_passed() -> None:
    assert exit_of("play", {"parts": [{"way": "number", "text": "{{nowhere}}"}]}) == "next"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"parts": []},
        {"parts": [{"way": "song", "text": "1"}]},
        {"parts": [{"way": "money"}]},
        {"parts": [{"way": "prompt"}]},
        {"parts": "a"},
    ],
)
def test_a_play_of_nothing_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(BadNode):
        read_node("play", config)


CONSENT = {"prompt": {"key": "ask"}, "tries": 2}


@pytest.mark.parametrize(
    ("events", "exit_", "outcome"),
    [
        ([Key("1")], "yes", Consent.GIVEN),
        ([Said(), Key("2")], "no", Consent.REFUSED),
        ([Key("9"), Key("2")], "no", Consent.REFUSED),
        ([Said(), TimedOut(), Said(), TimedOut()], "none", Consent.NONE),
    ],
)
def test_consent_is_for_the_record(events: list[FlowInput], exit_: str, outcome: Consent) -> None:
    flow = flow_of(
        ("s", "start", {}),
        ("c", "consent", CONSENT),
        ("h", "hang_up", {}),
        s_next="c",
        **{f"c_{exit_}": "h"},
    )
    memory, actions = interpreter.begin(flow, OPEN)
    for event in events:
        memory, actions = interpreter.step(flow, memory, event, OPEN)
    assert Consented("c", outcome) in actions
    assert isinstance(actions[-1], EndCall)


CONFIGS: dict[str, dict[str, Any]] = {
    "menu": {"prompt": {"key": "menu"}, "keys": {"1": "a", "2": "b"}},
    "play": {"prompt": {"key": "menu"}, "parts": [{"way": "number", "text": "{{a}}"}]},
    "collect": {"prompt": {"key": "menu"}, "value": "a", "most": 4},
    "secret": {"prompt": {"key": "menu"}, "value": "pin", "most": 4, "is_masked": True},
    "condition": {
        "cases": [
            {"exit": "1", "name": "x", "match": "expression", "expression": "int(values.a) > 5"},
            {"exit": "c2", "name": "y", "conditions": [{"value": "b", "operator": "more", "constant": "{{a}}"}]},
        ]
    },
    "set": {"assignments": [{"value": "b", "how": "add", "text": "{{a}}", "other": "1"}]},
    "split": {"shares": SHARES},
    "loop": {"most": 3},
    "caller_class": {"groups": [{"exit": "g", "name": "g", "is_for_vips": True}]},
    "language": {"language": "en"},
    "consent": CONSENT,
    "on_error": {},
    "queue": {"queue": 1},
    "hang_up": {},
}
CONFIGS["condition"]["cases"][0]["exit"] = "c1"
INPUTS = st.one_of(
    st.sampled_from([Said(), TimedOut(), LineLeft("closed"), LineLeft("overflow")]),
    st.sampled_from("0123456789*#").map(Key),
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Any readable flow of these nodes, holes and loops included."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 8)))]
    kinds = {name: draw(st.sampled_from(sorted(CONFIGS))) for name in names}
    handlers = [name for name, kind in kinds.items() if kind == "on_error"]
    kinds |= dict.fromkeys(handlers[1:], "play")
    nodes: list[dict[str, Any]] = [{"id": "start", "kind": "start"}]
    nodes += [
        {"id": name, "kind": "collect" if kind == "secret" else kind, "config": CONFIGS[kind]}
        for name, kind in kinds.items()
    ]
    edges = []
    for node in nodes:
        exits = read_node(node["kind"], node.get("config", {})).exits
        edges += [
            {"from": node["id"], "exit": exit_, "to": draw(st.sampled_from(names))}
            for exit_ in exits
            if draw(st.integers(0, 9))
        ]
    return read_flow({"format": 1, "start": "start", "nodes": nodes, "edges": edges})


@given(flows(), st.lists(INPUTS, max_size=40), st.floats(0, 99.99))
@settings(max_examples=200)
def test_no_flow_hangs_and_no_secret_is_told(flow: Flow, inputs: list[Any], drawn: float) -> None:
    """Each step ends within its hops, in a wait, a line, or at an end; no secret is in what is recorded."""
    context = Context(is_open=OPEN.is_open, judge=judge, share=lambda _purpose: drawn)
    memory, actions = interpreter.begin(flow, context)
    for event in inputs:
        assert isinstance(actions[-1], Say | Wait | JoinQueue | EndCall | Fault) if actions else True
        assert len(actions) <= 4 * interpreter.MAX_HOPS + 2
        assert not any("pin" in action.values for action in actions if isinstance(action, Kept))
        if any(isinstance(action, Fault | EndCall | JoinQueue) for action in actions):
            break
        memory, actions = interpreter.step(flow, memory, event, context)
    assert all(count <= 3 for count in memory.passes.values())
