"""What a kind of node is: its words, how it is read, what its panel asks, and what a proof must know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from zhiyin.domain.flows.nodes.panel import PanelField
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Memory


class Node(Protocol):
    """One node's behaviour. ``exits`` are the exits it may leave by, ``prompts`` all that it may say.

    Where it has them: ``keeps`` and ``reads`` are the names of values that it keeps and asks for, ``expressions`` what
    it has judged.
    """

    @property
    def exits(self) -> tuple[str, ...]: ...

    @property
    def prompts(self) -> tuple[str, ...]: ...

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        """Answer ``event``; None means: nothing changes, stay."""
        ...


class BadNode(Exception):
    """A node's configuration is not of its kind's form; ``field`` names what is wrong."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


#: The one way on.
ONWARD: Mapping[str, tuple[str, str]] = {"next": ("下一步", "Next")}


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of node: its ``code`` in a flow's document, what it is called (Chinese, English), how it is read, and what
    its panel asks.

    ``exits``: those every such node has, with their words; ``exits_by`` names a field whose keys, or rows (by their
    ``exit`` and ``name``), are exits besides, told first. ``takes_early(node, key)``: it takes a key that cut short
    what was said before it.

    What the proof must know: ``is_pause``: the contact stands still here (it is spoken to, or asked) before it goes on
    by any exit, so that a loop through it does not turn without end in one instant. ``is_end``: the contact may leave
    the flow here for good. ``is_person``: it comes to people here, now or later (a line, a message, a callback).
    ``chosen``: the exits that the caller chooses by an act (a key, a number typed); ``is_chosen``: those that
    ``exits_by`` names are such too; by all others a caller who does nothing may be led again and again. ``limited``:
    exits taken ``limit_of(node)`` times and then no more. ``may_pass(node)``: a pause that may have nothing to say, and
    is then passed at once. ``waits``: exits taken only after a wait in which people may have
    answered. ``without``: the exits by which a node is left without having kept its values.
    ``is_private(node)``: what is said and typed here is part of no conversation's recording.

    ``is_open``: the flow's shortcut may be taken here, but by a key that means something here itself
    (``uses_key(node, key)``), and not while something is asked outside (``is_asking(memory)``).
    """

    code: str
    words: tuple[str, str]
    read: Callable[[Mapping[str, Any]], Node]
    fields: tuple[PanelField, ...] = ()
    exits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    exits_by: str = ""
    is_pause: bool = False
    is_end: bool = False
    is_private: Callable[[Any], bool] = lambda _node: False
    is_open: bool = False
    uses_key: Callable[[Any, str], bool] = lambda _node, _key: False
    is_asking: Callable[[Memory], bool] = lambda _memory: False
    takes_early: Callable[[Any, str], bool] = lambda _node, _key: False
    is_person: bool = False
    chosen: frozenset[str] = frozenset()
    is_chosen: bool = False
    limited: frozenset[str] = frozenset()
    limit_of: Callable[[Any], int] = lambda _node: 0
    may_pass: Callable[[Any], bool] = lambda _node: False
    waits: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def stands_still(self, node: Node) -> bool:
        """Return whether time passes at the node, whatever happens."""
        return self.is_pause and not self.may_pass(node)

    def chosen_exits(self, node: Node) -> frozenset[str]:
        """Return the exits by which the caller's own choice leads."""
        return self.chosen | (frozenset(node.exits) - self.exits.keys() if self.is_chosen else frozenset())


def values_kept(node: Node) -> frozenset[str]:
    """Return the names of the values that a node may keep."""
    return getattr(node, "keeps", frozenset())


def values_read(node: Node) -> frozenset[str]:
    """Return the names of the values that a node asks for, those in expressions apart."""
    return getattr(node, "reads", frozenset())


def language_of(node: Node) -> str:
    """Return the language that the node turns to, "" for none."""
    return getattr(node, "language", "")


def expressions_of(node: Node) -> tuple[str, ...]:
    return getattr(node, "expressions", ())
