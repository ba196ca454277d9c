"""The kinds of node a flow is drawn from: one module each, listed here. A node is data and pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from zhiyin.domain.flows.nodes import deferred, hang_up, hours, menu, play, queue, rate, start
from zhiyin.domain.flows.nodes.panel import PanelField
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


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of node: what it is called (Chinese, English), how it is read, and what its panel asks.

    ``exits``: those every such node has; None: they depend on its configuration.
    """

    words: tuple[str, str]
    read: Callable[[Mapping[str, Any]], Node]
    fields: tuple[PanelField, ...] = ()
    exits: tuple[str, ...] | None = ()


KINDS: Mapping[str, NodeKind] = {
    "start": NodeKind(("开始", "Start"), start.Start.read, exits=("next",)),
    "hours": NodeKind(("工作时间", "Opening hours"), hours.HoursNode.read, hours.FIELDS, ("open", "closed")),
    "play": NodeKind(("放音", "Play a prompt"), play.Play.read, play.FIELDS, ("next",)),
    "menu": NodeKind(("按键菜单", "Menu"), menu.Menu.read, menu.FIELDS, None),
    "queue": NodeKind(("转技能组", "Queue"), queue.QueueNode.read, queue.FIELDS, ("closed", "overflow")),
    "voicemail": NodeKind(("语音留言", "Voicemail"), deferred.VoicemailNode.read, deferred.FIELDS, ("full",)),
    "callback": NodeKind(("登记回呼", "Callback"), deferred.CallbackNode.read, deferred.FIELDS, ("no_number",)),
    "rate": NodeKind(("评价", "Ask for a score"), rate.RateNode.read, rate.FIELDS, ("rated", "low", "none")),
    "hang_up": NodeKind(("挂机", "Hang up"), hang_up.HangUp.read, hang_up.FIELDS),
}


def read_node(kind: str, config: Mapping[str, Any]) -> Node:
    """Return the node of a kind. Raises ``BadNode`` for an unknown kind or a wrong configuration."""
    known = KINDS.get(kind)
    if known is None:
        raise BadNode("kind", "unknown_kind")
    try:
        return known.read(config)
    except (KeyError, TypeError, ValueError) as error:
        raise BadNode(str(error.args[0]) if error.args else "config", "bad_value") from error
