"""语言: from here on the contact hears this language, in its flow and in line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import ONWARD, NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

FIELDS = (
    PanelField(
        "language",
        FieldKind.CHOICE,
        ("语言", "Language"),
        (
            "之后的提示音、读数和排队播报都用它；缺少的提示音用另一种语言",
            "For all that is heard from here on, in line too; a prompt that lacks it is heard in the other",
        ),
        choices={"zh": ("中文", "Chinese"), "en": ("英文", "English")},
        default="zh",
    ),
)


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: str
    exits: tuple[str, ...] = ("next",)
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        return memory, Leave("next", language=self.language)


KIND = NodeKind("language", ("语言", "Language"), SetLanguage.read, FIELDS, exits=ONWARD)
