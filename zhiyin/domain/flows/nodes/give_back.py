"""返回: the end of a sub-flow, from which the contact goes on in the flow that uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.sub_flow import EXITS
from zhiyin.domain.flows.steps import Answer, Context, EndCall, FlowInput, Leave, Memory

FIELDS = (
    PanelField(
        "outcome",
        FieldKind.CHOICE,
        ("从哪个出口返回", "Back by the exit"),
        ("流程不是作为子流程使用时，在这里挂机", "Where the flow is no sub-flow, the call ends here"),
        choices=EXITS,
        default="done",
    ),
)


@dataclass(frozen=True, slots=True)
class GiveBack:
    outcome: str = "done"
    is_inlined: bool = False
    prompts: tuple[str, ...] = ()

    @property
    def exits(self) -> tuple[str, ...]:
        return (self.outcome,) if self.is_inlined else ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(is_inlined=config.get("is_inlined") is True, **read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        return memory, Leave(self.outcome) if self.is_inlined else EndCall()


KIND = NodeKind("return", ("返回", "Return"), GiveBack.read, FIELDS, is_end=True)
