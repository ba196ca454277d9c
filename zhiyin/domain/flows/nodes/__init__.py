"""The kinds of node a flow is drawn from: one module each, listed here. A node is data and pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from zhiyin.domain.flows.nodes import deferred, hang_up, hours, menu, play, queue, rate, start
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Memory


class Node(Protocol):
    """One node's behaviour. ``exits`` are the exits it may leave by."""

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


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Node]] = {
    "start": start.Start.read,
    "hours": hours.HoursNode.read,
    "play": play.Play.read,
    "menu": menu.Menu.read,
    "queue": queue.QueueNode.read,
    "voicemail": deferred.VoicemailNode.read,
    "callback": deferred.CallbackNode.read,
    "rate": rate.RateNode.read,
    "hang_up": hang_up.HangUp.read,
}


def read_node(kind: str, config: Mapping[str, Any]) -> Node:
    """Return the node of a kind. Raises ``BadNode`` for an unknown kind or a wrong configuration."""
    read = KINDS.get(kind)
    if read is None:
        raise BadNode("kind", "unknown_kind")
    try:
        return read(config)
    except (KeyError, TypeError, ValueError) as error:
        raise BadNode(str(error.args[0]) if error.args else "config", "bad_value") from error
