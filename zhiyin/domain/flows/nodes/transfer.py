"""转外线: call a number outside, and let the caller talk with whoever answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, DialOutside, Entered, FlowInput, Leave, LineLeft, Memory

#: Why nobody was reached; all else is ``FAILED``.
REASONS = ("busy", "no_answer", "refused")
FAILED = "failed"
FIELDS = (
    PanelField(
        "number",
        FieldKind.TEMPLATE,
        ("号码", "Number"),
        (
            "可以是 {{名称}}；外呼策略、黑名单和每日上限同样适用",
            "May be {{name}}; the rules, lists and daily limits for calling out hold here too",
        ),
        most=60,
    ),
    PanelField("ring_s", FieldKind.NUMBER, ("最长振铃", "Ring at most"), least=5, most=120, default=30, unit="s"),
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """The contact leaves the flow where the number answers; else it goes on by why it did not."""

    number: str
    ring_s: int = 30
    exits: tuple[str, ...] = (*REASONS, FAILED)
    prompts: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        return names_in(self.number)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        match event:
            case Entered():
                return memory, DialOutside(fill(self.number, context.values), self.ring_s)
            case LineLeft(exit=exit_):
                return memory, Leave(exit_)
            case _:
                return memory, None


KIND = NodeKind(
    "transfer",
    ("转外线", "Transfer outside"),
    Transfer.read,
    FIELDS,
    exits={
        "busy": ("忙", "Busy"),
        "no_answer": ("无人接听", "Nobody answers"),
        "refused": ("被拒绝", "Declined"),
        FAILED: ("不能拨打", "Cannot be called"),
    },
    is_pause=True,
    is_end=True,
    is_person=True,
)
