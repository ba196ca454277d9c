"""工作时间: is the company open now?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

FIELDS = (PanelField("hours", FieldKind.HOURS, ("工作时间", "Opening hours")),)


@dataclass(frozen=True, slots=True)
class HoursNode:
    hours: int
    exits: tuple[str, ...] = ("open", "closed")
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        return memory, Leave("open" if context.is_open(self.hours) else "closed")


KIND = NodeKind(
    "hours",
    ("工作时间", "Opening hours"),
    HoursNode.read,
    FIELDS,
    exits={"open": ("工作时间内", "Within the hours"), "closed": ("不在工作时间", "Outside the hours")},
)
