"""A naive judge of flows: it drives the interpreter into every state that a caller and the world can bring about.

It knows nothing of rings and shortest ways. Whatever a node asks of the world (open or closed, this share or that, does
an expression hold) is answered each way, at each asking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from zhiyin.domain.booking_slots import FULL, NO_NUMBER, TOO_MANY, FreeTimes
from zhiyin.domain.flows import requests
from zhiyin.domain.flows import step as interpreter
from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.nodes import KINDS, NodeKind
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.domain.flows.step import Chose, Fault, FlowAction, Kept, Moved, Rated, StopSaying
from zhiyin.domain.flows.steps import (
    Ask,
    Context,
    EndCall,
    Entered,
    FlowInput,
    Heard,
    Key,
    Leave,
    LineLeft,
    Listen,
    Memory,
    Said,
    Say,
    Speaks,
    TimedOut,
    Told,
    Wait,
)

MOST_STATES = 600
#: So many ways may the world's answers lead on within one instant.
MOST_WAYS = 5_000
HELD, TURNS = "held for ever", "turns in one instant"
_OUTCOMES = (requests.FOUND, requests.MISSING, requests.FAILED)
_SPENDS_TIME = (Say, Listen, Wait, Ask)
_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
_FREE = (
    *map(FreeTimes, ("closed", FULL, NO_NUMBER, TOO_MANY)),
    FreeTimes("", ((_NOON.date(), (_NOON,)),), UTC, _NOON.date()),
)

Moment = tuple[Memory, tuple[FlowAction, ...]]


class _Undecided(Exception):
    def __init__(self, ways: int) -> None:
        self.ways = ways


class _Turns(Exception):
    """A node was entered in the very state in which it had been in this instant."""


class TooLarge(Exception):
    """More states, or more ways within one instant, than the judge looks at."""


@dataclass
class _World:
    """What the world answers, in order; at its end each way on is tried. ``seen``: who was entered in this instant."""

    answers: tuple[int, ...] = ()
    read: int = 0
    seen: set[Any] = field(default_factory=set)

    def begin(self, answers: tuple[int, ...]) -> Context:
        self.answers, self.read, self.seen = answers, 0, set()
        return Context(
            is_open=lambda _hours: self.choose(2) == 1,
            judge=lambda _expression, _values: self.choose(2) == 1,
            share=lambda _purpose: (0.0, 34.0, 67.0, 99.9)[self.choose(4)],
            free_times=lambda _queue, _number: _FREE[self.choose(len(_FREE))],
        )

    def choose(self, ways: int) -> int:
        if self.read == len(self.answers):
            raise _Undecided(ways)
        self.read += 1
        return self.answers[self.read - 1]


class _Watched:
    """A node that tells when it is entered; one that goes on at once by what it finds finds anything."""

    def __init__(self, node: Any, kind: NodeKind, world: _World) -> None:
        self._node, self._world = node, world
        self._is_by_world = not (kind.is_pause or kind.is_end or kind.limited) and len(node.exits) > 1
        self._limited = kind.limited

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)

    def step(self, memory: Memory, event: FlowInput, context: Context) -> Any:
        if isinstance(event, Entered):
            state = _frozen(memory)
            if state in self._world.seen:
                raise _Turns
            self._world.seen.add(state)
            if self._is_by_world:
                exits = self._node.exits
                return memory, Leave(exits[self._world.choose(len(exits))])
            if self._limited and self._world.choose(2):  # its rounds may be over before
                return memory, Leave(next(exit_ for exit_ in self._node.exits if exit_ not in self._limited))
        return self._node.step(memory, event, context)


@dataclass(frozen=True)
class State:
    """Where a contact is, and what the flow waits for."""

    memory: Any
    waits_for: str


class Judge:
    """``traps``: what went wrong, in words; empty where no caller can be trapped."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.traps: set[str] = set()
        self._world = _World()
        self._watched = replace(
            flow,
            nodes={name: _Watched(node, KINDS[flow.kinds[name]], self._world) for name, node in flow.nodes.items()},
        )
        self._memories: dict[State, Memory] = {}
        self._todo: list[State] = []
        self._idle: dict[State, set[State]] = {}
        self._instant: dict[State, set[State]] = {}
        self._keys = _keys_of(flow)

    @property
    def states(self) -> int:
        return len(self._memories)

    def look(self) -> Judge:
        """Look at every state. Raises ``TooLarge``."""
        for root in (self.flow.start, self.flow.handler):
            if root is not None:
                for memory, actions in self._each_way(lambda context, at=root: self._enter(at, context)):
                    self._come_to(memory, actions, "say")
        while self._todo:
            self._leave(self._todo.pop())
        if _has_ring(self._idle):
            self.traps.add(HELD)
        if _has_ring(self._instant):
            self.traps.add(TURNS)
        return self

    def _enter(self, node: str, context: Context) -> Moment:
        memory, actions = interpreter.enter(self._watched, node, context)
        return replace(memory, is_handling=node == self.flow.handler), actions

    def _each_way(self, run: Callable[[Context], Moment]) -> Iterator[Moment]:
        tapes: list[tuple[int, ...]] = [()]
        tried = 0
        while tapes:
            tried += 1
            if tried > MOST_WAYS:
                raise TooLarge
            answers = tapes.pop()
            try:
                yield run(self._world.begin(answers))
            except _Undecided as undecided:
                tapes += [(*answers, way) for way in range(undecided.ways)]
            except _Turns:
                self.traps.add(TURNS)

    def _come_to(self, memory: Memory, actions: tuple[FlowAction, ...], waited_for: str) -> State | None:
        last = actions[-1] if actions else None
        if isinstance(last, Fault):
            self.traps.add(f"fault {last.code}")
            return None
        if isinstance(last, EndCall):
            return None
        state = State(_frozen(memory), _waits_for(last, waited_for))
        if state not in self._memories:
            self._memories[state] = memory
            self._todo.append(state)
            if self.states > MOST_STATES:
                raise TooLarge
        return state

    def _leave(self, state: State) -> None:
        memory = self._memories[state]
        self._idle[state], self._instant[state] = set(), set()
        for event in self._inputs(state, memory):
            for after, actions in self._each_way(
                lambda context, told=event: interpreter.step(self._watched, memory, told, context)
            ):
                target = self._come_to(after, actions, state.waits_for)
                if target is None or not actions:
                    continue  # it is over, or nothing came of it
                if not self._is_asked_for(memory, event, after, actions):
                    self._idle[state].add(target)
                is_at_once = isinstance(event, LineLeft) and not KINDS[self.flow.kinds[memory.node]].is_pause
                if is_at_once and not any(isinstance(one, _SPENDS_TIME) for one in actions):
                    self._instant[state].add(target)

    def _inputs(self, state: State, memory: Memory) -> Iterator[FlowInput]:
        if state.waits_for in ("say", "wait"):
            yield from self._spoken(memory.node)
        match state.waits_for:
            case "say":
                yield Said()
                yield from map(Key, self._keys)
            case "wait":
                yield TimedOut()
                yield from map(Key, self._keys)
            case "ask":
                yield TimedOut()
                yield from (Told(outcome) for outcome in {*_OUTCOMES, *self.flow.nodes[memory.node].exits})
            case "line":
                yield from map(LineLeft, self.flow.nodes[memory.node].exits)

    def _spoken(self, node: str) -> Iterator[FlowInput]:
        """Yield what a contact may say where the node listens, and that nobody understands it."""
        choices = getattr(self.flow.nodes[node], "choices", ())
        shortcut = self.flow.nodes[self.flow.shortcut] if self.flow.shortcut is not None else None
        phrases = [choice.phrases[0] for choice in choices] + list(getattr(shortcut, "phrases", ()))
        if phrases:
            yield from map(Heard, phrases)
            yield from (Speaks(), Heard("nonsense"), Heard(is_failed=True))

    def _is_asked_for(self, memory: Memory, event: FlowInput, after: Memory, actions: tuple[FlowAction, ...]) -> bool:
        """Return whether it is the caller's own doing: a choice, a wait in line, or keys that change nothing."""
        has_moved = any(isinstance(action, Moved) for action in actions)
        is_same = after.tries == memory.tries and len(after.typed) <= len(memory.typed)
        is_idle_key = isinstance(event, Key | Speaks) and not has_moved and is_same
        return is_idle_key or self._is_chosen(memory.node, actions) or self._is_wait(memory.node, event)

    def _is_chosen(self, node: str, actions: tuple[FlowAction, ...]) -> bool:
        """Return whether the caller's own choice led on."""
        for action in actions:
            if isinstance(action, Moved):
                if action.through == BY_SHORTCUT or action.through in KINDS[self.flow.kinds[node]].chosen_exits(
                    self.flow.nodes[node]
                ):
                    return True
                node = action.node
        return False

    def _is_wait(self, node: str, event: FlowInput) -> bool:
        """Return whether people had time to answer."""
        return isinstance(event, LineLeft) and event.exit in KINDS[self.flow.kinds[node]].waits


def judge(flow: Flow) -> Judge:
    """Look at every state of a flow. Raises ``TooLarge``."""
    return Judge(flow).look()


def _frozen(memory: Memory) -> Any:
    maps = (memory.passes, memory.values, memory.secrets)
    plain = replace(memory, passes={}, values={}, secrets={})
    return (repr(plain), *(tuple(sorted(one.items())) for one in maps))


def _waits_for(last: FlowAction | None, before: str) -> str:
    match last:
        case Say() | Listen(prompts=(_, *_)):
            return "say"
        case Listen():
            return "wait"
        case Wait():
            return "wait"
        case Ask():
            return "ask"
        case None | Moved() | Chose() | Kept() | Rated() | StopSaying():
            return before
        case _:
            return "line"


def _keys_of(flow: Flow) -> list[str]:
    """Return the keys that mean anything anywhere, and two that mean nothing in most places."""
    meant = {exit_ for node in flow.nodes.values() for exit_ in node.exits if exit_ in set("0123456789*#")}
    meant |= {key for node in flow.nodes.values() for key in getattr(node, "scores", {})}
    meant |= {choice.key for node in flow.nodes.values() for choice in getattr(node, "choices", ())} - {""}
    typed = {"1", "8"} if "collect" in flow.kinds.values() else set()  # 18: a check digit that fits
    typed |= {"1", "2"} if "consent" in flow.kinds.values() else set()
    typed |= {"1", "*"} if "booking" in flow.kinds.values() else set()
    return sorted({*meant, *typed, "#", "7"})


def _has_ring(edges: dict[State, set[State]]) -> bool:
    """Take away what leads nowhere until nothing more can be taken: what is left turns."""
    back: dict[State, list[State]] = {}
    left = {state: len(targets) for state, targets in edges.items()}
    for state, targets in edges.items():
        for target in targets:
            back.setdefault(target, []).append(state)
    everything = {*edges, *back}
    todo = [state for state in everything if left.get(state, 0) == 0]
    gone = 0
    while todo:
        gone += 1
        for before in back.get(todo.pop(), ()):
            left[before] -= 1
            if left[before] == 0:
                todo.append(before)
    return gone < len(everything)
