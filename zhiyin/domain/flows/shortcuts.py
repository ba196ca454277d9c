"""What leads on from any step: where a flow's shortcut may be taken, and how it listens at steps that do not. Pure.

A step that speaks to the contact, or asks it, is open to the flow's shortcut. What the step itself means by a key or a
word comes first, so does the menu that a prompt leads to. Where the shortcut has phrases the contact is listened to at
each open step but private ones; words that mean nothing change nothing there: the prompt goes on, and a wait too. Who
speaks when either is over is heard out before the flow goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.nodes.recognise import HEARD_OUT_S, Recognise
from zhiyin.domain.flows.nodes.shortcut import Shortcut
from zhiyin.domain.flows.steps import (
    AgreeBooking,
    AgreeCallback,
    Ask,
    DialOutside,
    EndCall,
    FlowInput,
    Heard,
    JoinQueue,
    Key,
    LeaveMessage,
    Listen,
    Memory,
    Said,
    Say,
    Speaks,
    TimedOut,
    Wait,
)
from zhiyin.domain.replacing import replace
from zhiyin.domain.speech.phrases import choose

#: What a step answers where the contact does not leave it by an exit.
Staying = Say | Listen | Wait | Ask | JoinQueue | LeaveMessage | AgreeCallback | AgreeBooking | DialOutside | EndCall
#: By what a contact comes to the shortcut from any step: no exit can be called so.
BY_SHORTCUT = "by-shortcut"


def is_open(flow: Flow, node: str) -> bool:
    """Return whether the shortcut may be taken at ``node`` by some word or key."""
    shortcut = _shortcut_of(flow)
    if shortcut is None or not KINDS[flow.kinds[node]].is_open:
        return False
    keys = any(choice.key and leads_on(flow, node, Key(choice.key)) for choice in shortcut.choices)
    return keys or any(leads_on(flow, node, Heard(phrase)) for phrase in shortcut.phrases)


def leads_on(flow: Flow, node: str, event: FlowInput) -> bool:
    """Return whether the shortcut is taken by this at ``node``, which is open."""
    shortcut = _shortcut_of(flow)
    if shortcut is None:
        return False
    match event:
        case Key(key):
            return any(choice.key == key for choice in shortcut.choices) and not _is_meant_here(flow, node, key)
        case Heard(text=text) if text and not _is_private(flow, node):
            chosen = choose(text, {**_own_phrases(flow, node), BY_SHORTCUT: shortcut.phrases})
            return chosen == BY_SHORTCUT
        case _:
            return False


def is_open_now(flow: Flow, memory: Memory) -> bool:
    """Return whether the contact stands where it may take the shortcut: not while something is asked outside."""
    if flow.shortcut is None:
        return False
    kind = KINDS[flow.kinds[memory.node]]
    return kind.is_open and not kind.is_asking(memory)


Heeded = tuple[Memory, FlowInput | None, Wait | None]


def hear_out(flow: Flow, memory: Memory, event: FlowInput) -> Heeded:
    """Return the memory after ``event`` at a step that does not listen itself, what the step is told of it (None:
    nothing), and what to wait for meanwhile."""
    if isinstance(flow.nodes[memory.node], Recognise):
        return memory, event, None
    match event:
        case Speaks():
            return replace(memory, is_speaking=True), None, None
        case Heard(is_failed=is_failed):
            held = _HELD.get(memory.held)
            memory = replace(memory, is_speaking=False, held="", is_deaf=memory.is_deaf or is_failed)
            return memory, held, None
        case Said() | TimedOut() if memory.is_speaking:
            return _put_off(memory, event)
        case Key():
            return replace(memory, held=""), event, None
        case _:
            return memory, event, None


def _put_off(memory: Memory, event: Said | TimedOut) -> Heeded:
    """Hear the contact out first; where it is not heard in time, the flow goes on all the same."""
    if memory.held:
        return replace(memory, is_speaking=False, held=""), _HELD[memory.held], None
    held = "said" if isinstance(event, Said) else "timed_out"
    return replace(memory, held=held, is_saying=False), None, Wait(HEARD_OUT_S)


_HELD: Mapping[str, FlowInput] = {"said": Said(), "timed_out": TimedOut()}


def listening(flow: Flow, memory: Memory, answer: Staying, language: str) -> Staying:
    """Return a step's answer so that the shortcut's phrases are heard meanwhile."""
    shortcut = _shortcut_of(flow)
    if shortcut is None or not shortcut.phrases or memory.is_deaf or not is_open_now(flow, memory):
        return answer
    if _is_private(flow, memory.node):
        return answer
    is_ear = isinstance(flow.nodes[memory.node], Recognise)  # it says itself when it listens
    match answer:
        case Listen():
            return replace(answer, phrases=(*answer.phrases, *shortcut.phrases))
        case Say(prompts=prompts) if not is_ear:
            return Listen(prompts, shortcut.phrases, language, 0.0)
        case Wait(timeout_s=timeout_s) if not is_ear:
            return Listen((), shortcut.phrases, language, timeout_s)
        case _:
            return answer


def _shortcut_of(flow: Flow) -> Shortcut | None:
    return cast("Shortcut", flow.nodes[flow.shortcut]) if flow.shortcut is not None else None


def _is_private(flow: Flow, node: str) -> bool:
    return KINDS[flow.kinds[node]].is_private(flow.nodes[node])


def _is_meant_here(flow: Flow, node: str, key: str) -> bool:
    """Return whether the step uses the key, or the step takes it that comes next when a key cuts this one short."""
    if KINDS[flow.kinds[node]].uses_key(flow.nodes[node], key):
        return True
    target = flow.next(node, "next")
    return target is not None and KINDS[flow.kinds[target]].takes_early(flow.nodes[target], key)


def _own_phrases(flow: Flow, node: str) -> Mapping[str, tuple[str, ...]]:
    own = flow.nodes[node]
    return {choice.exit: choice.phrases for choice in own.choices} if isinstance(own, Recognise) else {}
