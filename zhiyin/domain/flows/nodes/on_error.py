"""出错处理: where a contact goes on when another step of the flow cannot. A flow has one at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import ONWARD, NodeKind
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory


@dataclass(frozen=True, slots=True)
class OnError:
    exits: tuple[str, ...] = ("next",)
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:  # noqa: ARG003 - nothing to configure
        return cls()

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        return memory, Leave("next")


KIND = NodeKind("on_error", ("出错处理", "When a step fails"), OnError.read, exits=ONWARD)
