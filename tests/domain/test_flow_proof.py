"""The proof before publishing: each trap is found, with the caller's shortest way into it, and no other is claimed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.domain.flow_oracle import TooLarge, judge
from tests.domain.flow_random import FILLED, Seeded, flows, random_document, random_flow
from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.check import find_problems, find_warnings
from zhiyin.domain.flows.graph import Flow, FlowProblem, read_flow
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.nodes.panel import FieldKind
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.domain.flows.step import MAX_HOPS, Fault
from zhiyin.domain.flows.steps import Context

Node = tuple[str, str, dict[str, Any]]
KEYS = {"prompt": {"key": "menu"}, "keys": {"1": "a"}}


class _Everything:
    """Knows whatever is asked for."""

    def __contains__(self, _what: object) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 1


def flow_of(*nodes: Node, edges: Iterable[str]) -> Flow:
    """Build a flow of (id, kind, config) and "from exit to" lines."""
    return read_flow(
        {
            "format": 1,
            "start": "start",
            "nodes": [
                {"id": "start", "kind": "start"},
                *({"id": name, "kind": kind, "config": config} for name, kind, config in nodes),
            ],
            "edges": [dict(zip(("from", "exit", "to"), edge.split(), strict=True)) for edge in edges],
        }
    )


def problems_of(flow: Flow) -> tuple[FlowProblem, ...]:
    anything = _Everything()
    return find_problems(flow, prompts=anything, known=dict.fromkeys(FieldKind, anything))  # type: ignore[arg-type]


def told(problems: Iterable[FlowProblem]) -> list[tuple[str, str | None, str]]:
    """Return code, node, and the way in words: "start next, menu no_key"."""
    return [(one.code, one.node, ", ".join(" ".join(step) for step in one.path)) for one in problems]


def test_a_menu_that_sends_who_presses_nothing_back_to_itself_holds_him_for_ever() -> None:
    flow = flow_of(
        ("menu", "menu", KEYS),
        ("bye", "hang_up", {}),
        edges=["start next menu", "menu 1 bye", "menu no_key menu", "menu wrong_key bye"],
    )
    assert told(problems_of(flow)) == [("endless_loop", "menu", "start next, menu no_key")]


def test_a_key_that_says_the_menu_again_is_the_callers_own_wish() -> None:
    flow = flow_of(
        ("menu", "menu", {**KEYS, "keys": {"1": "a", "0": "again"}}),
        ("bye", "hang_up", {}),
        edges=["start next menu", "menu 0 menu", "menu 1 bye", "menu no_key bye", "menu wrong_key bye"],
    )
    assert problems_of(flow) == ()


def test_a_loop_is_told_by_the_shortest_way_into_it_and_once_around() -> None:
    flow = flow_of(
        ("hours", "hours", {"hours": 1}),
        ("a", "play", {"prompt": {"key": "menu"}}),
        ("b", "play", {"prompt": {"key": "menu"}}),
        ("bye", "hang_up", {}),
        edges=["start next hours", "hours open bye", "hours closed a", "a next b", "b next a"],
    )
    assert told(problems_of(flow)) == [
        ("endless_loop", "a", "start next, hours closed, a next, b next"),
        ("no_way_out", "a", "start next, hours closed"),
        ("no_way_out", "b", "start next, hours closed, a next"),
    ]


def test_a_closed_line_that_leads_back_to_itself_turns_in_one_instant() -> None:
    flow = flow_of(
        ("q1", "queue", {"queue": 1}),
        ("q2", "queue", {"queue": 2}),
        ("bye", "hang_up", {}),
        edges=["start next q1", "q1 closed q2", "q1 overflow bye", "q2 closed q1", "q2 overflow bye"],
    )
    assert told(problems_of(flow)) == [("silent_loop", "q1", "start next, q1 closed, q2 closed")]


def test_who_waits_again_and_again_is_told_of_but_not_trapped() -> None:
    flow = flow_of(
        ("q", "queue", {"queue": 1}),
        ("sorry", "play", {"prompt": {"key": "menu"}}),
        ("bye", "hang_up", {"prompt": {"key": "bye"}}),
        edges=["start next q", "q closed bye", "q overflow sorry", "sorry next q"],
    )
    assert problems_of(flow) == ()
    assert told(warnings_of(flow)) == [("waits_for_ever", "q", "start next, q overflow, sorry next")]


def test_more_steps_in_one_instant_than_the_interpreter_takes_are_refused() -> None:
    def chain(length: int) -> Flow:
        names = [f"h{number}" for number in range(length)]
        edges = [f"{a} {exit_} {b}" for a, b in pairwise([*names, "bye"]) for exit_ in ("open", "closed")]
        nodes = [(name, "hours", {"hours": 1}) for name in names]
        return flow_of(*nodes, ("bye", "hang_up", {}), edges=[f"start next {names[0]}", *edges])

    longest = MAX_HOPS - 3  # with the start
    assert problems_of(chain(longest)) == ()
    assert told(problems_of(chain(longest + 1))) == [("too_many_steps", "start", "")]
    is_open = Context(is_open=lambda _hours: True)
    assert not isinstance(interpreter.begin(chain(longest), is_open)[1][-1], Fault)
    assert isinstance(interpreter.begin(chain(longest + 2), is_open)[1][-1], Fault)


def warnings_of(flow: Flow, **how: Any) -> tuple[FlowProblem, ...]:
    return find_warnings(flow, **{"voices": {}, "languages": (), "person_within": None, **how})


def test_calls_that_end_before_a_person_was_offered_are_told_of() -> None:
    flow = flow_of(
        ("menu", "menu", KEYS),
        ("q", "queue", {"queue": 1}),
        ("bye", "hang_up", {"prompt": {"key": "bye"}}),
        edges=["start next menu", "menu 1 q", "menu no_key q", "menu wrong_key bye", "q closed bye", "q overflow bye"],
    )
    assert told(warnings_of(flow, person_within=1)) == [("no_person", "bye", "start next, menu wrong_key")]
    assert told(warnings_of(flow, person_within=0)) == [
        ("no_person", "bye", "start next, menu wrong_key"),
        ("person_far", "menu", "start next"),
    ]
    assert warnings_of(flow) == (), "nobody minds"


def test_a_flow_that_leads_to_nobody_is_an_announcement() -> None:
    flow = flow_of(("bye", "hang_up", {}), edges=["start next bye"])
    assert warnings_of(flow, person_within=1) == ()


@pytest.mark.parametrize(
    ("closed", "code"),
    [("q", "closed_as_open"), ("silent", "closed_in_silence"), ("word", None), ("message", None)],
)
def test_a_closed_company_says_so(closed: str, code: str | None) -> None:
    flow = flow_of(
        ("hours", "hours", {"hours": 1}),
        ("q", "queue", {"queue": 1}),
        ("message", "voicemail", {"queue": 1}),
        ("silent", "hang_up", {}),
        ("word", "hang_up", {"prompt": {"key": "bye"}}),
        edges=[
            "start next hours",
            "hours open q",
            f"hours closed {closed}",
            "q closed word",
            "q overflow message",
            "message full word",
        ],
    )
    assert [one.code for one in warnings_of(flow) if one.node == "hours"] == ([code] if code else [])


def test_a_prompt_that_lacks_a_language_is_told_of() -> None:
    flow = flow_of(("bye", "hang_up", {"prompt": {"key": "bye"}}), edges=["start next bye"])
    lacking = warnings_of(flow, voices={"bye": {"zh"}}, languages=("zh", "en"))
    assert lacking == (FlowProblem("missing_language", "bye", "bye", detail="en", path=(("start", "next"),)),)
    assert warnings_of(flow, voices={"bye": {"zh", "en"}}, languages=("zh", "en")) == ()


def test_a_customer_class_that_was_removed_is_told() -> None:
    """The rows of a step were never asked what they name."""
    groups = [{"exit": "gold", "name": "金卡", "customer_classes": [3, 4]}]
    flow = flow_of(
        ("which", "caller_class", {"groups": groups}),
        ("bye", "hang_up", {}),
        edges=["start next which", "which gold bye", "which else bye"],
    )

    def found(*classes: int) -> list[tuple[str, str | None, str]]:
        return told(find_problems(flow, prompts=(), known={FieldKind.CUSTOMER_CLASSES: set(classes)}))

    assert found(3, 4, 5) == []
    assert found(3) == [("unknown_customer_classes", "which", "start next")]


def test_every_kind_of_field_can_be_filled_in() -> None:
    assert set(FILLED) == set(FieldKind), "teach flow_random.py"
    seen = {node["kind"] for seed in range(200) for node in random_document(Seeded(seed))["nodes"]}
    assert seen == set(KINDS)


def agrees(flow: Flow) -> bool:
    """Compare proof and judge; return whether the flow holds a trap."""
    problems = problems_of(flow)
    try:
        verdict = judge(flow)
    except TooLarge:
        return False
    if not problems:
        assert not verdict.traps, "the proof said yes to a flow that traps"
    structural = {one.code for one in problems} - {"unreachable"}
    if structural and "exit_open" not in structural:
        assert verdict.traps, f"the proof said no to a flow that cannot trap: {told(problems)}"
    return bool(verdict.traps)


@given(flows(is_whole=True))
@settings(max_examples=120)
def test_the_proof_and_the_naive_judge_agree_on_whole_flows(flow: Flow) -> None:
    agrees(flow)


@given(flows())
@settings(max_examples=60)
def test_the_proof_and_the_naive_judge_agree_on_flows_with_holes(flow: Flow) -> None:
    agrees(flow)


@given(flows(is_whole=True))
@settings(max_examples=60)
def test_each_path_told_can_be_walked(flow: Flow) -> None:
    problems = [one for one in (*problems_of(flow), *warnings_of(flow, person_within=2)) if one.path]
    assume(problems)
    for one in problems:
        assert one.path[0][0] in (flow.start, flow.handler)
        for (node, exit_), (target, _) in pairwise(one.path):
            assert (flow.shortcut if exit_ == BY_SHORTCUT else flow.next(node, exit_)) == target


@pytest.mark.extended
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("block", range(10))
def test_a_hundred_thousand_random_flows(block: int) -> None:
    """In blocks of ten thousand, six minutes of a processor each: what is done of them is known."""
    seeds = range(block * 10_000, (block + 1) * 10_000)
    trapped = sum(agrees(random_flow(Seeded(seed), is_whole=seed % 4 > 0)) for seed in seeds)
    assert 1_000 < trapped < 9_500, "both kinds were seen"
