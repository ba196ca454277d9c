"""A phrase or a key leads on from any step: which steps are open to it, what comes first, who is heard out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.flow_random import Seeded, random_flow
from tests.domain.test_flow_proof import Node, flow_of, problems_of, told
from tests.domain.test_flow_scripts import SETTINGS
from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.domain.flow_scripts.run import run_script
from zhiyin.domain.flow_scripts.script import read_script
from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.check import find_warnings
from zhiyin.domain.flows.graph import BadFlow, Flow, read_flow
from zhiyin.domain.flows.inlining import Published, inline
from zhiyin.domain.flows.nodes import KINDS, BadNode, read_node
from zhiyin.domain.flows.nodes.recognise import HEARD_OUT_S
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT, is_open
from zhiyin.domain.flows.step import Chose, Moved, StopSaying
from zhiyin.domain.flows.steps import (
    Context,
    EndCall,
    FlowInput,
    Heard,
    Key,
    Listen,
    Memory,
    Said,
    Say,
    Speaks,
    TimedOut,
    Wait,
)

MENU = {"prompt": {"key": "menu"}, "keys": {"1": "a"}, "timeout_s": 6}
PLAY = {"prompt": {"key": "welcome"}}
COLLECT = {"prompt": {"key": "number"}, "value": "order"}
ANY = [
    {"exit": "agent", "name": "人工", "phrases": "人工，我要咨询", "key": "0"},
    {"exit": "bye", "name": "再见", "phrases": "再见", "key": ""},
]
CONTEXT = Context(is_open=lambda _hours: True)


def flow_with(*nodes: Node, edges: tuple[str, ...], rows: list[dict[str, Any]] = ANY) -> Flow:
    """A flow whose shortcut leads to nodes that end; each node's own exits too where none is said."""
    names = {name for name, _, _ in nodes}
    ends: list[Node] = [(row["exit"], "hang_up", {}) for row in rows if row["exit"] not in names]
    shortcut: Node = ("any", "shortcut", {"choices": rows})
    return flow_of(*nodes, shortcut, *ends, edges=[*edges, *(f"any {row['exit']} {row['exit']}" for row in rows)])


def menu_flow(rows: list[dict[str, Any]] = ANY, **menu: Any) -> Flow:
    edges = ("start next hi", "hi next menu", "menu 1 done", "menu no_key done", "menu wrong_key done")
    return flow_with(
        ("hi", "play", PLAY), ("menu", "menu", MENU | menu), ("done", "hang_up", {}), edges=edges, rows=rows
    )


def at_menu(flow: Flow) -> Memory:
    """The menu's prompt is over: the contact is waited for."""
    memory, _ = interpreter.begin(flow, CONTEXT)
    for _ in range(2):
        memory, _ = interpreter.step(flow, memory, Said(), CONTEXT)
    assert memory.node == "menu"
    return memory


def told_of(flow: Flow, memory: Memory, *events: FlowInput) -> tuple[Memory, list[Any]]:
    actions: list[Any] = []
    for event in events:
        memory, done = interpreter.step(flow, memory, event, CONTEXT)
        actions += done
    return memory, actions


def nodes_of(actions: list[Any]) -> list[tuple[str, str]]:
    return [(one.node, one.through) for one in actions if isinstance(one, Moved)]


@pytest.mark.parametrize("event", [Heard("你好，我要咨询一下"), Key("0")])
def test_a_phrase_or_a_key_leads_on_from_a_prompt_and_from_a_menu(event: FlowInput) -> None:
    flow = menu_flow()
    begun, first = interpreter.begin(flow, CONTEXT)
    assert first[-1] == Listen(("welcome",), ("人工", "我要咨询", "再见"), "zh", 0.0)
    for memory in (begun, at_menu(flow)):
        _, actions = told_of(flow, memory, event)
        assert nodes_of(actions) == [("any", BY_SHORTCUT), ("agent", "agent")]
        assert isinstance(actions[-1], EndCall)
        assert (StopSaying() in actions) == memory.is_saying
        chosen = [one for one in actions if isinstance(one, Chose)]
        assert chosen == ([Chose("any", "agent", "0")] if isinstance(event, Key) else [])


def test_what_a_step_means_by_a_key_or_a_word_comes_first() -> None:
    flow = menu_flow(keys={"0": "back", "1": "a"})
    shown = at_menu(read_flow(_with_edge(flow)))
    _, actions = told_of(read_flow(_with_edge(flow)), shown, Key("0"))
    assert nodes_of(actions) == [("done", "0")]
    begun, _ = interpreter.begin(read_flow(_with_edge(flow)), CONTEXT)
    _, actions = told_of(read_flow(_with_edge(flow)), begun, Key("0"))
    assert nodes_of(actions) == [("menu", "next"), ("done", "0")], "the menu after the prompt takes its key early"


def _with_edge(flow: Flow) -> dict[str, Any]:
    """The flow of ``menu_flow`` as a document, with a way for the menu's own key."""
    assert "0" in flow.nodes["menu"].exits
    return {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "hi", "kind": "play", "config": PLAY},
            {"id": "menu", "kind": "menu", "config": MENU | {"keys": {"0": "back", "1": "a"}}},
            {"id": "any", "kind": "shortcut", "config": {"choices": ANY}},
            {"id": "done", "kind": "hang_up"},
        ],
        "edges": [
            *({"from": one, "exit": "next", "to": to} for one, to in (("start", "hi"), ("hi", "menu"))),
            *({"from": "menu", "exit": exit_, "to": "done"} for exit_ in ("0", "1", "no_key", "wrong_key")),
            *({"from": "any", "exit": row["exit"], "to": "done"} for row in ANY),
        ],
    }


def test_where_a_step_listens_itself_the_longest_phrase_counts_and_of_two_alike_its_own() -> None:
    own = [
        {"exit": "sales", "name": "销售", "phrases": "咨询,销售", "key": ""},
        {"exit": "person", "name": "人", "phrases": "人工", "key": ""},
    ]
    flow = flow_with(
        ("ask", "recognise", {"prompt": {"key": "menu"}, "choices": own}),
        ("done", "hang_up", {}),
        edges=(
            "start next ask",
            *(f"ask {exit_} done" for exit_ in ("sales", "person", "no_input", "no_match", "failed")),
        ),
    )
    memory, first = interpreter.begin(flow, CONTEXT)
    assert isinstance(first[-1], Listen)
    assert first[-1].phrases == ("咨询", "销售", "人工", "人工", "我要咨询", "再见")
    for words, way in (("咨询", "sales"), ("我要咨询", BY_SHORTCUT), ("转人工", "person"), ("再见", BY_SHORTCUT)):
        _, actions = told_of(flow, memory, Heard(words))
        assert nodes_of(actions)[0][1] == way, words


def test_words_that_mean_nothing_change_nothing_where_a_step_does_not_listen_itself() -> None:
    flow = menu_flow()
    begun, _ = interpreter.begin(flow, CONTEXT)
    memory, actions = told_of(flow, begun, Speaks(), Heard("今天天气很好"))
    assert (actions, memory) == ([], begun), "the prompt goes on"
    waiting = at_menu(flow)
    memory, actions = told_of(flow, waiting, Speaks(), Heard(""))
    assert (actions, memory) == ([], waiting), "and so does the wait"


@pytest.mark.parametrize("over", [Said(), TimedOut()])
def test_who_speaks_when_a_prompt_or_a_wait_ends_is_heard_out(over: FlowInput) -> None:
    flow = menu_flow()
    start = interpreter.begin(flow, CONTEXT)[0] if isinstance(over, Said) else at_menu(flow)
    held, actions = told_of(flow, start, Speaks(), over)
    assert actions == [Wait(HEARD_OUT_S)]
    assert nodes_of(told_of(flow, held, Heard("转人工"))[1])[0] == ("any", BY_SHORTCUT)
    for then in (Heard("啊"), Heard(is_failed=True), TimedOut()):
        plain = told_of(flow, start, over)[1]
        after = told_of(flow, held, then)[1]
        if not isinstance(then, Heard) or not then.is_failed:
            assert after == plain, "it goes on as if nothing had been said"
        else:
            assert nodes_of(after) == nodes_of(plain)
    assert told_of(flow, held, Key("1"))[0].node == "done", "a key need not wait"


def test_where_nobody_understands_the_flow_goes_on_and_listens_no_more() -> None:
    flow = menu_flow()
    memory, _ = interpreter.begin(flow, CONTEXT)
    memory, actions = told_of(flow, memory, Heard(is_failed=True))
    assert actions == [], "the prompt goes on"
    memory, actions = told_of(flow, memory, Said())
    assert actions[-1] == Say(("menu",))
    assert nodes_of(told_of(flow, memory, Key("0"))[1])[0] == ("any", BY_SHORTCUT), "keys are as good as before"


def test_secrets_are_not_listened_to_and_digits_are_the_steps_own() -> None:
    edges = ("start next ask", *(f"ask {exit_} done" for exit_ in ("collected", "wrong", "none")))
    for is_masked in (True, False):
        config = COLLECT | {"is_masked": is_masked}
        flow = flow_with(("ask", "collect", config), ("done", "hang_up", {}), edges=edges)
        memory, actions = interpreter.begin(flow, CONTEXT)
        assert isinstance(actions[-1], Say if is_masked else Listen)
        assert nodes_of(told_of(flow, memory, Key("0"))[1]) == []
        moved = nodes_of(told_of(flow, memory, Heard("人工"))[1])
        assert moved == ([] if is_masked else [("any", BY_SHORTCUT), ("agent", "agent")])
        unreachable = [one.node for one in problems_of(flow) if one.code == "unreachable"]
        assert unreachable == (["any", "agent", "bye"] if is_masked else [])


def test_without_phrases_nobody_listens() -> None:
    flow = menu_flow([{"exit": "agent", "name": "人工", "phrases": "", "key": "0"}])
    assert interpreter.begin(flow, CONTEXT)[1][-1] == Say(("welcome",))


def test_a_flow_has_one_shortcut_and_that_of_a_sub_flow_is_left_out() -> None:
    rows = {"choices": ANY}
    with pytest.raises(BadFlow, match="second_shortcut"):
        flow_of(("a", "shortcut", rows), ("b", "shortcut", rows), edges=[])
    inner = _with_edge(menu_flow(keys={"0": "back", "1": "a"}))
    outer = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "sub", "kind": "sub_flow", "config": {"flow": 7}},
            {"id": "any", "kind": "shortcut", "config": {"choices": ANY[:1]}},
            {"id": "agent", "kind": "hang_up"},
        ],
        "edges": [
            {"from": "start", "exit": "next", "to": "sub"},
            {"from": "any", "exit": "agent", "to": "agent"},
        ],
    }
    flow = read_flow(inline(outer, lambda _flow: Published(1, inner)).graph)
    assert flow.shortcut == "any"
    memory, _ = interpreter.begin(flow, CONTEXT)
    assert memory.node == "sub/hi"
    assert nodes_of(told_of(flow, memory, Heard("人工"))[1]) == [("any", BY_SHORTCUT), ("agent", "agent")]


@pytest.mark.parametrize(
    "rows",
    [
        [{"exit": "a", "name": "a", "phrases": "", "key": ""}],
        [{"exit": "a", "name": "a", "phrases": "，、", "key": ""}],
        [{"exit": "a", "name": "a", "phrases": "x", "key": "12"}],
        [{"exit": "a", "name": "a", "key": "1"}, {"exit": "b", "name": "b", "key": "1"}],
        [],
    ],
)
def test_a_choice_has_a_phrase_or_a_key_of_its_own(rows: list[dict[str, str]]) -> None:
    with pytest.raises(BadNode) as refused:
        read_node("shortcut", {"choices": rows})
    assert refused.value.field == "choices"


def test_the_proof_goes_by_the_shortcut_as_callers_do() -> None:
    flow = menu_flow([ANY[0]])
    open_end = flow_of(
        ("menu", "menu", MENU),
        ("any", "shortcut", {"choices": [ANY[0]]}),
        ("again", "play", PLAY),
        ("done", "hang_up", {}),
        edges=["start next menu", "menu 1 done", "menu no_key done", "menu wrong_key done", "any agent again"],
    )
    assert problems_of(flow) == ()
    to_any = f"start next, menu {BY_SHORTCUT}"
    assert told(problems_of(open_end)) == [
        ("exit_open", "again", f"{to_any}, any agent, again next"),
        ("no_way_out", "any", to_any),
        ("no_way_out", "again", f"{to_any}, any agent"),
    ]


def test_a_value_that_the_shortcut_goes_past_may_be_missing() -> None:
    flow = flow_with(
        ("ask", "collect", COLLECT),
        ("agent", "say", {"text_zh": "{{order}}"}),
        ("done", "hang_up", {}),
        rows=[ANY[0]],
        edges=(
            *("start next ask", "ask collected agent", "ask wrong done", "ask none done"),
            *("agent next done", "agent failed done"),
        ),
    )
    warned = find_warnings(flow, voices={}, languages=(), person_within=None)
    assert ("value_unset", "agent", f"start next, ask {BY_SHORTCUT}, any agent") in told(warned)


SCRIPTS = [
    "说 我要咨询\n应 到达 agent",
    "says 再见\nexpect node bye\nexpect end",
    "press 0\nexpect node agent",
    "wait 3\npress 0\nexpect node agent",
    "说 ?\n说 什么\npress 1\n应 到达 done",
    "wait\nwait\nsays 人工\nexpect node agent",
]


@pytest.mark.parametrize("text", SCRIPTS)
def test_callers_scripts_say_and_press_shortcuts(text: str) -> None:
    outcome = run_script(read_script(text), scene_of(SETTINGS, menu_flow()))
    assert outcome.is_passed, outcome


@given(
    st.integers(0, 10**6), st.lists(st.sampled_from([Key("*"), Heard("y0"), Heard("y1"), Speaks(), Said(), TimedOut()]))
)
@settings(max_examples=200)
def test_a_shortcut_leads_on_from_every_open_step_and_from_no_other(seed: int, events: list[FlowInput]) -> None:
    """Whatever happened before: the interpreter goes by the shortcut where the proof says that it may."""
    flow = random_flow(Seeded(seed), is_whole=True)
    memory, _ = interpreter.begin(flow, CONTEXT)
    for event in events:
        node = memory.node
        memory, actions = interpreter.step(flow, memory, event, CONTEXT)
        if (flow.shortcut or "", BY_SHORTCUT) in nodes_of(list(actions)):
            assert KINDS[flow.kinds[node]].is_open
            assert is_open(flow, node)
