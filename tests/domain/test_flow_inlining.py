"""Sub-flows: what is published holds the nodes of all that it uses."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.test_flow_ways import CONFIGS, INPUTS
from zhiyin.contracts.expressions import judge
from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.graph import read_flow
from zhiyin.domain.flows.inlining import MAX_DEPTH, Published, Use, inline
from zhiyin.domain.flows.nodes import read_node
from zhiyin.domain.flows.step import Fault, Moved
from zhiyin.domain.flows.steps import Context, EndCall, JoinQueue, Key, Say

OPEN = Context(is_open=lambda _hours: True, judge=judge)


def graph(*nodes: tuple[str, str, dict[str, Any], dict[str, str]]) -> dict[str, Any]:
    start = {"id": "start", "kind": "start"}
    edges = [{"from": "start", "exit": "next", "to": nodes[0][0]}]
    edges += [{"from": name, "exit": exit_, "to": to} for name, _, _, ways in nodes for exit_, to in ways.items()]
    told = [{"id": name, "kind": kind, "config": config} for name, kind, config, _ in nodes]
    return {"format": 1, "start": "start", "nodes": [start, *told], "edges": edges}


IDENTIFY = graph(
    ("menu", "menu", CONFIGS["menu"], {"1": "ok", "2": "no", "no_key": "no", "wrong_key": "no"}),
    ("ok", "return", {"outcome": "done"}, {}),
    ("no", "return", {"outcome": "failed"}, {}),
    ("trouble", "on_error", {}, {"next": "sorry"}),
    ("sorry", "hang_up", {}, {}),
)


def hotline(flow: int = 7) -> dict[str, Any]:
    return graph(
        ("who", "sub_flow", {"flow": flow}, {"done": "q", "failed": "again"}),
        ("again", "sub_flow", {"flow": flow}, {"done": "q", "failed": "bye"}),
        ("q", "queue", {"queue": 1}, {"closed": "bye", "overflow": "bye"}),
        ("bye", "hang_up", {}, {}),
    )


def test_a_contact_goes_through_a_sub_flow_and_back() -> None:
    inlined = inline(hotline(), {7: Published(3, IDENTIFY)}.get)
    assert inlined.uses == (Use("who", 7, 3), Use("again", 7, 3))
    flow = read_flow(inlined.graph)
    assert flow.handler is None, "a sub-flow's own handler is left out"
    assert {name for name in flow.nodes if name.startswith("who/")} == {"who/start", "who/menu", "who/ok", "who/no"}
    memory, actions = interpreter.begin(flow, OPEN)
    assert actions[-1] == Say(("menu",))
    memory, actions = interpreter.step(flow, memory, Key("2"), OPEN)
    assert [action.node for action in actions if isinstance(action, Moved)] == [
        *("who/no", "again", "again/start", "again/menu"),
    ]
    _, actions = interpreter.step(flow, memory, Key("1"), OPEN)
    assert actions[-1] == JoinQueue(1)
    _, actions = interpreter.enter(flow, "again/menu", OPEN)
    assert actions[-1] == Say(("menu",)), "an engine that takes the call over enters the very node"


def test_a_sub_flow_called_by_a_number_of_its_own_ends_where_it_would_give_back() -> None:
    flow = read_flow(IDENTIFY)
    memory, _ = interpreter.begin(flow, OPEN)
    assert isinstance(interpreter.step(flow, memory, Key("1"), OPEN)[1][-1], EndCall)


def test_what_is_not_published_or_too_deep_is_told() -> None:
    assert [(p.code, p.node) for p in inline(hotline(), lambda _flow: None).problems] == [
        ("unknown_flow", "who"),
        ("unknown_flow", "again"),
    ]
    inner = IDENTIFY
    problems: list[str] = []
    for _ in range(MAX_DEPTH + 1):
        use = graph(
            ("in", "sub_flow", {"flow": 1}, {"done": "ok", "failed": "ok"}),
            ("ok", "return", {"outcome": "done"}, {}),
        )
        inlined = inline(use, lambda _flow, inner=inner: Published(1, inner))
        problems = [problem.code for problem in inlined.problems]
        inner = dict(inlined.graph)
    assert problems == ["too_deep"]


def test_a_way_back_that_leads_nowhere_is_a_fault_at_the_return() -> None:
    drawn = hotline()
    drawn["edges"] = [edge for edge in drawn["edges"] if (edge["from"], edge["exit"]) != ("who", "done")]
    flow = read_flow(inline(drawn, {7: Published(3, IDENTIFY)}.get).graph)
    memory, _ = interpreter.begin(flow, OPEN)
    assert interpreter.step(flow, memory, Key("1"), OPEN)[1][-1] == Fault("exit_open", "who/ok")


@st.composite
def sub_graphs(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(["menu", "collect", "condition", "loop", "play"]), min_size=1, max_size=5))
    names = [f"n{number}" for number in range(len(kinds))]
    targets = st.sampled_from([*names, "ok", "no"])
    nodes = [
        (name, kind, CONFIGS[kind], {exit_: draw(targets) for exit_ in read_node(kind, CONFIGS[kind]).exits})
        for name, kind in zip(names, kinds, strict=True)
    ]
    return graph(*nodes, ("ok", "return", {"outcome": "done"}, {}), ("no", "return", {"outcome": "failed"}, {}))


@given(sub_graphs(), st.lists(INPUTS, max_size=30))
@settings(max_examples=100)
def test_a_caller_meets_the_same_in_a_sub_flow_as_in_the_flow_itself(sub: dict[str, Any], inputs: list[Any]) -> None:
    """The same prompts and the same outcome, whether a flow is called by its number or used by another."""
    alone = read_flow(sub)
    using = graph(
        ("s", "sub_flow", {"flow": 1}, {"done": "d", "failed": "f"}),
        ("d", "hang_up", {}, {}),
        ("f", "hang_up", {}, {}),
    )
    used = read_flow(inline(using, lambda _flow: Published(1, sub)).graph)
    (mine, first), (theirs, second) = interpreter.begin(alone, OPEN), interpreter.begin(used, OPEN)
    for event in [None, *inputs]:
        if event is not None:
            mine, first = interpreter.step(alone, mine, event, OPEN)
            theirs, second = interpreter.step(used, theirs, event, OPEN)
        heard = [[action for action in actions if isinstance(action, Say)] for actions in (first, second)]
        assert heard[0] == heard[1]
        ends = [bool(actions) and isinstance(actions[-1], EndCall | Fault) for actions in (first, second)]
        assert ends[0] == ends[1]
        if ends[0]:
            return


def test_nodes_of_sub_flows_leave_as_they_say() -> None:
    node = read_node("return", {"outcome": "failed", "is_inlined": True})
    assert node.exits == ("failed",)
    assert read_node("return", {"outcome": "failed"}).exits == ()
    assert read_node("sub_flow", {"flow": 3}).exits == ("done", "failed")
