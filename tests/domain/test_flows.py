"""The flow language: reading, proving, stepping."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.world import FLOW, PROMPTS
from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.check import find_problems
from zhiyin.domain.flows.graph import BadFlow, Flow, read_flow
from zhiyin.domain.flows.nodes.panel import FieldKind
from zhiyin.domain.flows.step import Chose, Fault, Moved, StopSaying
from zhiyin.domain.flows.steps import Context, EndCall, JoinQueue, Key, LineLeft, Memory, Said, Say, TimedOut, Wait

OPEN = Context(is_open=lambda _hours: True)
CLOSED = Context(is_open=lambda _hours: False)


def problems_of(document: dict[str, Any]) -> set[str]:
    found = find_problems(
        read_flow(document), prompts=set(PROMPTS), known={FieldKind.QUEUE: {1, 2}, FieldKind.HOURS: {1}}
    )
    return {problem.code for problem in found}


def changed(**nodes: dict[str, Any]) -> dict[str, Any]:
    document = copy.deepcopy(FLOW)
    for node in document["nodes"]:
        node.update(nodes.get(node["id"], {}))
    return document


def test_the_demo_flow_has_no_hole() -> None:
    assert problems_of(FLOW) == set()


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({**FLOW, "edges": [e for e in FLOW["edges"] if e["exit"] != "2"]}, "exit_open"),
        (changed(q1={"config": {"queue": 9}}), "unknown_queue"),
        (changed(hours={"config": {"hours": 9}}), "unknown_hours"),
        (changed(closed={"config": {"prompt": {"key": "nowhere"}}}), "unknown_prompt"),
        (
            {**FLOW, "nodes": [*FLOW["nodes"], {"id": "x", "kind": "hang_up"}]},
            "unreachable",
        ),
        (
            {**FLOW, "edges": [e if e["from"] != "hours" else {**e, "to": "hours"} for e in FLOW["edges"]]},
            "silent_loop",
        ),
    ],
    ids=["open exit", "queue", "hours", "prompt", "unreachable", "silent loop"],
)
def test_each_hole_is_found_before_publishing(document: dict[str, Any], code: str) -> None:
    assert code in problems_of(document)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"format": 2},
        {"format": 1, "start": "a", "nodes": [], "edges": []},
        {"format": 1, "start": "a", "nodes": [{"id": "a", "kind": "magic"}], "edges": []},
        changed(menu={"config": {"prompt": {"key": "menu"}, "keys": {}}}),
        changed(menu={"config": {"prompt": {"key": "menu"}, "keys": {"x": "?"}}}),
        changed(q1={"config": {"queue": "one"}}),
        {**FLOW, "edges": [*FLOW["edges"], {"from": "menu", "exit": "1", "to": "q2"}]},
        {**FLOW, "edges": [*FLOW["edges"], {"from": "menu", "exit": "3", "to": "nowhere"}]},
    ],
)
def test_what_is_no_flow_is_refused_with_reasons(document: dict[str, Any]) -> None:
    with pytest.raises(BadFlow) as refused:
        read_flow(document)
    assert refused.value.problems


def test_a_key_stops_the_prompt_and_chooses() -> None:
    flow = read_flow(FLOW)
    memory, actions = interpreter.begin(flow, OPEN)
    assert actions[-1] == Say(("menu",))
    memory, actions = interpreter.step(flow, memory, Key("1"), OPEN)
    assert actions == (StopSaying(), Chose("menu", "1", "1"), Moved("q1", "queue", "1"), JoinQueue(1, 0))
    memory, actions = interpreter.step(flow, memory, LineLeft("overflow"), OPEN)
    assert actions == (Moved("busy", "hang_up", "overflow"), Say(("all_busy",)))
    _, actions = interpreter.step(flow, memory, Said(), OPEN)
    assert actions == (EndCall("no_agents"),)


def test_a_key_pressed_in_the_welcome_is_taken_by_the_menu_that_follows() -> None:
    document = changed()
    document["nodes"].append({"id": "welcome", "kind": "play", "config": {"prompt": {"key": "menu"}}})
    document["edges"] = [e for e in document["edges"] if (e["from"], e["exit"]) != ("hours", "open")]
    document["edges"] += [
        {"from": "hours", "exit": "open", "to": "welcome"},
        {"from": "welcome", "exit": "next", "to": "menu"},
    ]
    flow = read_flow(document)
    memory, _ = interpreter.begin(flow, OPEN)
    _, actions = interpreter.step(flow, memory, Key("1"), OPEN)
    assert actions[-1] == JoinQueue(1, 0)
    _, actions = interpreter.step(flow, memory, Key("9"), OPEN)
    assert actions == (StopSaying(), Moved("menu", "menu", "next"), Say(("menu",)))


def test_zero_repeats_the_menu() -> None:
    flow = read_flow(FLOW)
    memory, _ = interpreter.begin(flow, OPEN)
    _, actions = interpreter.step(flow, memory, Key("0"), OPEN)
    assert actions[-1] == Say(("menu",))


def test_silence_is_told_twice_and_then_ends() -> None:
    flow = read_flow(FLOW)
    memory, _ = interpreter.begin(flow, OPEN)
    said: list[object] = []
    for event in (Said(), TimedOut(), Said(), TimedOut(), Said(), TimedOut()):
        memory, actions = interpreter.step(flow, memory, event, OPEN)
        said += actions
    assert said == [
        Wait(6),
        Say(("no_key", "menu")),
        Wait(6),
        Say(("no_key", "menu")),
        Wait(6),
        Moved("bye", "hang_up", "no_key"),
        Say(("goodbye",)),
    ]


def test_closed_hours_say_so() -> None:
    _, actions = interpreter.begin(read_flow(FLOW), CLOSED)
    assert actions[-1] == Say(("closed",))


def test_an_exit_that_leads_nowhere_is_a_fault_not_a_trap() -> None:
    flow = read_flow({**FLOW, "edges": [e for e in FLOW["edges"] if e["exit"] != "2"]})
    memory, _ = interpreter.begin(flow, OPEN)
    _, actions = interpreter.step(flow, memory, Key("2"), OPEN)
    assert actions[-1] == Fault("exit_open", "menu")


def test_a_crash_enters_the_node_anew() -> None:
    _, actions = interpreter.enter(read_flow(FLOW), "menu", OPEN)
    assert actions == (Moved("menu", "menu"), Say(("menu",)))


INPUTS = st.one_of(
    st.sampled_from([Said(), TimedOut(), LineLeft("closed"), LineLeft("overflow")]),
    st.sampled_from("0123456789*#").map(Key),
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Any readable flow, holes and loops included."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 8)))]
    configs = {
        "hours": {"hours": 1},
        "play": {"prompt": {"key": "menu"}},
        "menu": {"prompt": {"key": "menu"}, "keys": {"1": "a", "2": "b"}},
        "queue": {"queue": 1},
        "hang_up": {},
    }
    nodes = [{"id": "start", "kind": "start"}]
    for name in names:
        kind = draw(st.sampled_from(sorted(configs)))
        nodes.append({"id": name, "kind": kind, "config": configs[kind]})
    exits = ["next", "open", "closed", "1", "2", "no_key", "wrong_key", "overflow"]
    edges = [
        {"from": node["id"], "exit": exit_, "to": draw(st.sampled_from(names))}
        for node in nodes
        for exit_ in exits
        if draw(st.booleans())
    ]
    return read_flow({"format": 1, "start": "start", "nodes": nodes, "edges": edges})


@given(flows(), st.lists(INPUTS, max_size=40), st.booleans())
@settings(max_examples=300)
def test_no_flow_ever_hangs_or_breaks(flow: Flow, inputs: list[Any], is_open: bool) -> None:
    """Whatever the flow and the caller do, each step ends, and leaves the caller in a wait, a line, or at an end."""
    context = OPEN if is_open else CLOSED
    memory, actions = interpreter.begin(flow, context)
    for event in inputs:
        if any(isinstance(action, Fault | EndCall | JoinQueue) for action in actions):
            break
        memory, actions = interpreter.step(flow, memory, event, context)
        assert len(actions) <= 2 * interpreter.MAX_HOPS + 2


@given(flows(), st.lists(INPUTS, max_size=40), st.booleans())
@settings(max_examples=300)
def test_a_flow_found_whole_never_faults(flow: Flow, inputs: list[Any], is_open: bool) -> None:
    if find_problems(flow, prompts=set(PROMPTS), known={FieldKind.QUEUE: {1}, FieldKind.HOURS: {1}}):
        return
    context = OPEN if is_open else CLOSED
    memory, actions = interpreter.begin(flow, context)
    for event in (*inputs,):
        assert not any(isinstance(action, Fault) for action in actions)
        if any(isinstance(action, EndCall) for action in actions):
            return
        if isinstance(event, LineLeft) and flow.kinds[memory.node] != "queue":
            continue
        memory, actions = interpreter.step(flow, memory, event, context)


def test_a_node_that_is_gone_is_a_fault() -> None:
    _, actions = interpreter.step(read_flow(FLOW), Memory("gone"), Said(), OPEN)
    assert actions == (Fault("unknown_node", "gone"),)
