"""循环: go round so many times at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory
from zhiyin.domain.replacing import replace

FIELDS = (
    PanelField(
        "most",
        FieldKind.NUMBER,
        ("最多循环次数", "Rounds at most"),
        (
            "整个来电合计；之后总是走“次数已到”",
            "In the whole contact; from then on it always leaves by “No more rounds”",
        ),
        least=1,
        most=20,
        default=3,
    ),
)


@dataclass(frozen=True, slots=True)
class Loop:
    """Leaves by "again" ``most`` times in a contact, then by "done": whatever stands around it, it ends."""

    most: int
    exits: tuple[str, ...] = ("again", "done")
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        passes = memory.passes.get(memory.node, 0)
        if passes >= self.most:
            return memory, Leave("done")
        return replace(memory, passes={**memory.passes, memory.node: passes + 1}), Leave("again")


KIND = NodeKind(
    "loop",
    ("循环", "Loop with a limit"),
    Loop.read,
    FIELDS,
    exits={"again": ("再来一次", "Once more"), "done": ("次数已到", "No more rounds")},
    limited=frozenset({"again"}),
    limit_of=lambda node: node.most,
)
