"""What a flow keeps, what it asks outside, and where it goes on when a step fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.check import find_problems
from zhiyin.domain.flows.graph import BadFlow, Flow, read_flow
from zhiyin.domain.flows.nodes.hang_up import HangUp
from zhiyin.domain.flows.nodes.on_error import OnError
from zhiyin.domain.flows.requests import FOUND, LATE, CustomerRequest
from zhiyin.domain.flows.step import Fault, Kept, Moved
from zhiyin.domain.flows.steps import Answer, Ask, Context, EndCall, Entered, FlowInput, Leave, Memory, TimedOut, Told

OPEN = Context(is_open=lambda _hours: True)


@dataclass(frozen=True)
class Teller:
    """Leaves at once with what it was made with."""

    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    exits: tuple[str, ...] = ("next",)
    prompts: tuple[str, ...] = ()

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        return memory, Leave("next", values=self.values, secrets=self.secrets)


@dataclass(frozen=True)
class Asker:
    """Asks who calls; leaves by the outcome."""

    exits: tuple[str, ...] = ("found", "late")
    prompts: tuple[str, ...] = ()

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        match event:
            case Entered():
                return memory, Ask(CustomerRequest({"name": "name"}), 3)
            case Told(outcome=outcome, values=values):
                return memory, Leave(outcome, values=values)
            case TimedOut():
                return memory, Leave(LATE)
            case _:
                return memory, None


@dataclass
class Listener:
    """Notes what a node may see, and stays."""

    seen: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)
    exits: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        self.seen.append((dict(context.values), dict(memory.secrets)))
        return memory, None


def flow_of(nodes: dict[str, Any], edges: dict[tuple[str, str], str], *, handler: str | None = None) -> Flow:
    kinds = {name: "on_error" if isinstance(node, OnError) else "start" for name, node in nodes.items()}
    return Flow(start="a", nodes=nodes, kinds=kinds, edges=edges, handler=handler)


def test_values_are_kept_and_seen_and_secrets_are_seen_alone() -> None:
    listener = Listener()
    flow = flow_of(
        {"a": Teller({"order": "17"}, {"pin": "9999"}), "b": Teller({"order": "18"}), "c": listener},
        {("a", "next"): "b", ("b", "next"): "c"},
    )
    context = Context(is_open=lambda _hours: True, values={"order": "16", "city": "上海"})
    memory, actions = interpreter.begin(flow, context)
    assert listener.seen == [({"order": "18", "city": "上海"}, {"pin": "9999"})]
    assert [action for action in actions if isinstance(action, Kept)] == [
        Kept("a", {"order": "17"}),
        Kept("b", {"order": "18"}),
    ]
    assert "9999" not in str(actions)
    interpreter.step(flow, memory, TimedOut(), context)
    assert listener.seen[-1] == listener.seen[0], "they are still there at the next input"


def test_what_was_asked_outside_leads_on_by_its_outcome() -> None:
    listener = Listener()
    flow = flow_of({"a": Asker(), "b": listener, "c": HangUp()}, {("a", "found"): "b", ("a", "late"): "c"})
    memory, actions = interpreter.begin(flow, OPEN)
    assert actions[-1] == Ask(CustomerRequest({"name": "name"}), 3)
    told, _ = interpreter.step(flow, memory, Told(FOUND, {"name": "李"}), OPEN)
    assert (told.node, listener.seen[-1][0]) == ("b", {"name": "李"})
    late, actions = interpreter.step(flow, memory, TimedOut(), OPEN)
    assert late.node == "c"
    assert isinstance(actions[-1], EndCall)


def test_a_step_that_fails_leads_to_the_handler_once() -> None:
    listener = Listener()
    flow = flow_of({"a": Teller(), "e": OnError(), "b": listener}, {("e", "next"): "b"}, handler="e")
    memory, actions = interpreter.begin(flow, OPEN)
    assert memory.node == "b"
    assert actions[-2:] == (Moved("e", "on_error", "error"), Moved("b", "start", "next"))
    assert listener.seen[-1][0] == {"error": "exit_open"}
    lost = flow_of({"a": Teller(), "e": OnError()}, {}, handler="e")
    assert interpreter.begin(lost, OPEN)[1][-1] == Fault("exit_open", "e"), "the second failure ends it"
    assert interpreter.begin(flow_of({"a": Teller()}, {}), OPEN)[1][-1] == Fault("exit_open", "a")


def test_a_flow_has_one_handler_at_most_and_it_counts_as_reached() -> None:
    nodes = [
        {"id": "start", "kind": "start"},
        {"id": "bye", "kind": "hang_up"},
        {"id": "e", "kind": "on_error"},
    ]
    edges = [{"from": "start", "exit": "next", "to": "bye"}, {"from": "e", "exit": "next", "to": "bye"}]
    document = {"format": 1, "start": "start", "nodes": nodes, "edges": edges}
    assert find_problems(read_flow(document), prompts=(), known={}) == ()
    nodes.append({"id": "e2", "kind": "on_error"})
    with pytest.raises(BadFlow) as bad:
        read_flow(document)
    assert [(problem.code, problem.node) for problem in bad.value.problems] == [("second_handler", "e2")]
