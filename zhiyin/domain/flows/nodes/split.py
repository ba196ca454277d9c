"""分流: send so many per cent of the contacts each way; a contact always goes the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import ALL_PCT, MOST_ROWS, Share, read_share
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

FIELDS = (
    PanelField(
        "shares",
        FieldKind.ROWS,
        ("份额", "Shares"),
        ("合计 100%", "100 per cent together"),
        least=2,
        most=MOST_ROWS,
        read_row=read_share,
        columns=(
            PanelField("name", FieldKind.TEXT, ("名称", "Name"), most=40),
            PanelField("share_pct", FieldKind.NUMBER, ("份额（%）", "Share (%)"), most=ALL_PCT, default=50),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Split:
    shares: tuple[Share, ...]
    prompts: tuple[str, ...] = ()

    @property
    def exits(self) -> tuple[str, ...]:
        return tuple(share.exit for share in self.shares)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if sum(share.share_pct for share in node.shares) != ALL_PCT:
            raise ValueError("shares")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        drawn = context.share(memory.node)
        bounds = accumulate(share.share_pct for share in self.shares)
        return memory, Leave(next(exit_ for exit_, bound in zip(self.exits, bounds, strict=True) if drawn < bound))


KIND = NodeKind("split", ("分流", "Split by percentage"), Split.read, FIELDS, exits_by="shares")
