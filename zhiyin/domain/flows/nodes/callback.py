"""登记回呼: the caller hangs up and is called back by an agent of a queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import AgreeCallback, Answer, Context, Entered, FlowInput, Leave, LineLeft, Memory

FIELDS = (PanelField("queue", FieldKind.QUEUE, ("技能组", "Queue")),)


@dataclass(frozen=True, slots=True)
class CallbackNode:
    """Promises to call back the number that calls; leaves by "no_number" when there is none that may be called."""

    queue: int
    exits: tuple[str, ...] = ("no_number",)
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, AgreeCallback(self.queue)
            case LineLeft(exit=exit_):
                return memory, Leave(exit_)
            case _:
                return memory, None


KIND = NodeKind(
    "callback",
    ("登记回呼", "Callback"),
    CallbackNode.read,
    FIELDS,
    exits={"no_number": ("没有可回呼的号码", "No number to call back")},
    is_end=True,
    is_person=True,
)
