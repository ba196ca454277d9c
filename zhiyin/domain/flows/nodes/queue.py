"""转技能组: wait for an agent of a queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.values import code, whole_number
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, JoinQueue, Leave, LineLeft, Memory


@dataclass(frozen=True, slots=True)
class QueueNode:
    """Leaves by "closed" when nobody of the queue is signed in, by "overflow" after the queue's longest wait."""

    queue: int
    priority: int = 0
    class_code: str = ""
    exits: tuple[str, ...] = ("closed", "overflow")
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(
            queue=whole_number(config, "queue", least=1, most=2**53),
            priority=whole_number(config, "priority", least=-100, most=100, default=0),
            class_code=code(config, "class"),
        )

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, JoinQueue(self.queue, self.priority, self.class_code)
            case LineLeft(exit=exit_):
                return memory, Leave(exit_)
            case _:
                return memory, None
