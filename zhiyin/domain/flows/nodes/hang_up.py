"""挂机: say a last word, if any, and end the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, EndCall, Entered, FlowInput, Key, Memory, Said, Say

FIELDS = (
    PanelField(
        "prompt",
        FieldKind.PROMPT,
        ("最后一句", "Last word"),
        ("不选则直接挂机", "None: hang up at once"),
        is_required=False,
    ),
)


@dataclass(frozen=True, slots=True)
class HangUp:
    prompt: str | None = None
    reason: str = "flow"
    exits: tuple[str, ...] = ()

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,) if self.prompt else ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        reason = config.get("reason", "flow")
        if not isinstance(reason, str):
            raise ValueError("reason")
        return cls(reason=reason, **read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered() if self.prompt:
                return memory, Say((self.prompt,))
            case Entered() | Said() | Key():
                return memory, EndCall(self.reason)  # a key cuts the last word short; nothing would follow it
            case _:
                return memory, None


KIND = NodeKind("hang_up", ("挂机", "Hang up"), HangUp.read, FIELDS, is_pause=True, is_end=True)
