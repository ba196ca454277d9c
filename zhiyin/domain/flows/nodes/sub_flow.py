"""子流程: go through another published flow, and come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

EXITS = {"done": ("完成", "Done"), "failed": ("未完成", "Not done")}
FIELDS = (
    PanelField(
        "flow",
        FieldKind.FLOW,
        ("流程", "Flow"),
        (
            "用它发布时的版本；它的“返回”步骤决定从哪个出口回来",
            "As published when this flow is; its steps “Return” say by which exit it comes back",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class SubFlow:
    """As drawn it has the exits of the flow it uses; once inlined (inlining.py) it leads into that flow's nodes."""

    flow: int
    is_inlined: bool = False
    prompts: tuple[str, ...] = ()

    @property
    def exits(self) -> tuple[str, ...]:
        return ("enter",) if self.is_inlined else tuple(EXITS)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(is_inlined=config.get("is_inlined") is True, **read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        return memory, Leave("enter")


KIND = NodeKind("sub_flow", ("子流程", "Sub-flow"), SubFlow.read, FIELDS, exits=EXITS)
