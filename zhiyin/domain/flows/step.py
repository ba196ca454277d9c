"""The interpreter: one input moves a contact through its flow until it must wait. Pure.

A flow that goes wrong never traps a caller: an exit that leads nowhere, unknown hours or too many hops
come back as ``Fault``, and the call is ended with an apology.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.steps import (
    AgreeCallback,
    Context,
    EndCall,
    Entered,
    FlowInput,
    JoinQueue,
    Key,
    Leave,
    LeaveMessage,
    Memory,
    Rating,
    Said,
    Say,
    TimedOut,
    Wait,
)

MAX_HOPS = 64


@dataclass(frozen=True, slots=True)
class Moved:
    """The contact came to a node: for the record."""

    node: str
    kind: str


@dataclass(frozen=True, slots=True)
class Chose:
    """A key chose an exit: for the record."""

    node: str
    exit: str
    key: str


@dataclass(frozen=True, slots=True)
class Rated:
    """The contact gave a score: for the record."""

    node: str
    rating: Rating


@dataclass(frozen=True, slots=True)
class StopSaying:
    """Stop what is being said."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The flow cannot go on: ``code`` as in check.py, at ``node``."""

    code: str
    node: str


#: What the contact leaves the flow by.
FlowExit = JoinQueue | LeaveMessage | AgreeCallback | EndCall | Fault
FlowAction = Moved | Chose | Rated | StopSaying | Say | Wait | FlowExit


def begin(flow: Flow, context: Context) -> tuple[Memory, tuple[FlowAction, ...]]:
    """Let a contact enter the flow at its start."""
    return enter(flow, flow.start, context)


def enter(flow: Flow, node: str, context: Context) -> tuple[Memory, tuple[FlowAction, ...]]:
    """Let a contact come (again) to ``node``, as after a crash."""
    if node not in flow.nodes:
        return Memory(node), (Fault("unknown_node", node),)
    memory, actions = _run(flow, Memory(node), Entered(), context)
    return memory, (Moved(node, flow.kinds[node]), *actions)


def step(flow: Flow, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, tuple[FlowAction, ...]]:
    """Return the memory after ``event`` and what must be done, in order.

    A key stops what is being said, at every node. An end of speech that was already stopped changes nothing.
    """
    if memory.node not in flow.nodes:
        return memory, (Fault("unknown_node", memory.node),)
    if isinstance(event, Said) and not memory.is_saying:
        return memory, ()
    if isinstance(event, TimedOut) and memory.is_saying:
        return memory, ()
    stopped: tuple[FlowAction, ...] = (StopSaying(),) if isinstance(event, Key) and memory.is_saying else ()
    memory, actions = _run(flow, replace(memory, is_saying=False), event, context)
    return memory, (*stopped, *actions)


def _run(flow: Flow, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, tuple[FlowAction, ...]]:
    actions: list[FlowAction] = []
    for _ in range(MAX_HOPS):
        try:
            memory, answer = flow.nodes[memory.node].step(memory, event, context)
        except KeyError:
            return memory, (*actions, Fault("unknown_hours", memory.node))
        match answer:
            case None:
                return memory, tuple(actions)
            case Leave(exit=exit_, key=key, early_key=early_key, rating=rating):
                if key is not None:
                    actions.append(Chose(memory.node, exit_, key))
                if rating is not None:
                    actions.append(Rated(memory.node, rating))
                target = flow.next(memory.node, exit_)
                if target is None:
                    return memory, (*actions, Fault("exit_open", memory.node))
                memory, event = Memory(target), Entered()
                if early_key is not None and flow.kinds[target] == "menu" and early_key in flow.nodes[target].exits:
                    event = Key(early_key)
                actions.append(Moved(target, flow.kinds[target]))
            case Say():
                return replace(memory, is_saying=True), (*actions, answer)
            case _:
                return memory, (*actions, answer)
    return memory, (*actions, Fault("silent_loop", memory.node))
