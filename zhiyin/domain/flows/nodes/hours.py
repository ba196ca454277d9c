"""工作时间: is the company open now?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.values import whole_number
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory


@dataclass(frozen=True, slots=True)
class HoursNode:
    hours: int
    exits: tuple[str, ...] = ("open", "closed")
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(hours=whole_number(config, "hours", least=1, most=2**53))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        return memory, Leave("open" if context.is_open(self.hours) else "closed")
