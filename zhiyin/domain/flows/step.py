"""The interpreter: one input moves a contact through its flow until it must wait. Pure.

A flow that goes wrong never traps a caller: after an exit that leads nowhere or unknown hours the contact goes on at
the flow's handler of errors; without one, at the second failure, and after too many hops it comes back as ``Fault``,
and the call is ended with an apology.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhiyin.domain.flows import shortcuts
from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.steps import (
    AgreeBooking,
    AgreeCallback,
    Answer,
    Ask,
    Context,
    DialOutside,
    EndCall,
    Entered,
    FlowInput,
    Heard,
    JoinQueue,
    Key,
    Leave,
    LeaveMessage,
    Listen,
    Memory,
    OutgoingMessage,
    Rating,
    Said,
    Say,
    Speaks,
    TimedOut,
    Wait,
)
from zhiyin.domain.interactions.service_events import Consent
from zhiyin.domain.replacing import replace

MAX_HOPS = 64
#: The value that tells a handler of errors what went wrong.
ERROR_VALUE = "error"


@dataclass(frozen=True, slots=True)
class Moved:
    """The contact came to a node, by an exit of the one before it: for the record."""

    node: str
    kind: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Values to be kept with the contact."""

    node: str
    values: Mapping[str, str]


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
class Spoken:
    """The contact hears this language from here on: for the record."""

    node: str
    language: str


@dataclass(frozen=True, slots=True)
class Consented:
    """The contact said whether it may be recorded: for the record."""

    node: str
    outcome: Consent


@dataclass(frozen=True, slots=True)
class Sent:
    """A message is to be sent."""

    node: str
    message: OutgoingMessage


@dataclass(frozen=True, slots=True)
class StopSaying:
    """Stop what is being said."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The flow cannot go on: ``code`` as in check.py, at ``node``."""

    code: str
    node: str


#: What the contact leaves the flow by.
FlowExit = JoinQueue | LeaveMessage | AgreeCallback | AgreeBooking | DialOutside | EndCall | Fault
FlowAction = (
    Moved | Chose | Rated | Kept | Sent | Spoken | Consented | StopSaying | Say | Listen | Wait | Ask | FlowExit
)


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

    A key stops what is being said, at every node, and so does a contact that speaks where one listens. An end of
    speech that was already stopped changes nothing. The flow's shortcut leads on from any step that is open to it.
    """
    if memory.node not in flow.nodes:
        return memory, (Fault("unknown_node", memory.node),)
    is_over = isinstance(event, Said) and not memory.is_saying
    if is_over or (isinstance(event, TimedOut) and memory.is_saying):
        return memory, ()
    if not shortcuts.is_open_now(flow, memory):
        return _tell(flow, memory, event, context)
    if shortcuts.leads_on(flow, memory.node, event):
        return _take_shortcut(flow, memory, event, context)
    memory, told, waits = shortcuts.hear_out(flow, memory, event)
    if told is None:
        return memory, () if waits is None else (waits,)
    return _tell(flow, memory, told, context)


def _tell(flow: Flow, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, tuple[FlowAction, ...]]:
    """Tell the node where the contact stands."""
    if isinstance(event, Heard) and event.is_failed:  # what is being said goes on
        return _run(flow, memory, event, context)
    is_cut = memory.is_saying and isinstance(event, Key | Speaks | Heard)
    stopped: tuple[FlowAction, ...] = (StopSaying(),) if is_cut else ()
    memory, actions = _run(flow, replace(memory, is_saying=False), event, context)
    return memory, (*stopped, *actions)


def _take_shortcut(
    flow: Flow, memory: Memory, event: FlowInput, context: Context
) -> tuple[Memory, tuple[FlowAction, ...]]:
    """Go on at the flow's shortcut, wherever the contact stands, and from there by what it said or pressed."""
    if flow.shortcut is None:
        return memory, ()
    stopped: tuple[FlowAction, ...] = (StopSaying(),) if memory.is_saying else ()
    came = Moved(flow.shortcut, flow.kinds[flow.shortcut], shortcuts.BY_SHORTCUT)
    memory, actions = _run(flow, memory.come_to(flow.shortcut), event, context)
    return memory, (*stopped, came, *actions)


def _run(flow: Flow, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, tuple[FlowAction, ...]]:
    """Go from node to node until one must wait; where one fails, go on at the flow's handler of errors, once."""
    actions: list[FlowAction] = []
    for _ in range(MAX_HOPS):
        memory, answer = _answer(flow, memory, event, context)
        if isinstance(answer, Leave):
            actions += _records(memory.node, answer)
            target = flow.next(memory.node, answer.exit)
            if target is not None:
                memory, event = _move(flow, memory, answer, target)
                actions.append(Moved(target, flow.kinds[target], answer.exit))
                continue
            answer = Fault("exit_open", memory.node)
        if isinstance(answer, Fault) and flow.handler is not None and not memory.is_handling:
            values = {**memory.values, ERROR_VALUE: answer.code}
            memory, event = replace(memory.come_to(flow.handler), is_handling=True, values=values), Entered()
            actions.append(Moved(flow.handler, flow.kinds[flow.handler], ERROR_VALUE))
            continue
        if answer is None:
            return memory, tuple(actions)
        if not isinstance(answer, Fault | Leave):
            answer = shortcuts.listening(flow, memory, answer, memory.language or context.language)
        return replace(memory, is_saying=_is_said(answer)), (*actions, answer)
    return memory, (*actions, Fault("silent_loop", memory.node))


def _is_said(answer: Answer | Fault) -> bool:
    return isinstance(answer, Say) or (isinstance(answer, Listen) and bool(answer.prompts))


def _answer(flow: Flow, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | Fault | None]:
    if memory.values or memory.language:
        values = {**context.values, **memory.values}
        context = replace(context, values=values, language=memory.language or context.language)
    try:
        return flow.nodes[memory.node].step(memory, event, context)
    except KeyError:
        return memory, Fault("unknown_hours", memory.node)
    except ValueError:
        return memory, Fault("not_judged", memory.node)


def _records(node: str, left: Leave) -> Iterator[FlowAction]:
    """What is kept of how a node was left."""
    if left.key is not None:
        yield Chose(node, left.exit, left.key)
    if left.rating is not None:
        yield Rated(node, left.rating)
    if left.values:
        yield Kept(node, left.values)
    if left.message is not None:
        yield Sent(node, left.message)
    if left.language:
        yield Spoken(node, left.language)
    if left.consent is not None:
        yield Consented(node, left.consent)


def _move(flow: Flow, memory: Memory, left: Leave, target: str) -> tuple[Memory, FlowInput]:
    """Come to the next node; one that asks for keys takes the key that cut a prompt short."""
    memory = replace(memory.come_to(target), language=left.language or memory.language)
    if left.values or left.secrets:
        values, secrets = {**memory.values, **left.values}, {**memory.secrets, **left.secrets}
        memory = replace(memory, values=values, secrets=secrets)
    if left.early_key is not None and KINDS[flow.kinds[target]].takes_early(flow.nodes[target], left.early_key):
        return memory, Key(left.early_key)
    return memory, Entered()
