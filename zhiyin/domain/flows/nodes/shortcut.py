"""随时跳转: phrases and keys that lead on from any step that speaks to the contact or asks it. A flow has one at most.

Nothing leads here but the contact's own words or key (shortcuts.py); what a step itself means by them comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import MOST_ROWS, SpokenChoice, read_shortcut
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, Heard, Key, Leave, Memory
from zhiyin.domain.speech.phrases import choose

FIELDS = (
    PanelField(
        "choices",
        FieldKind.ROWS,
        ("说什么或按什么", "Said or pressed"),
        (
            "例如“人工，我要咨询”或 0。步骤自己用到的词和键优先；写了词语，来电者在每一步都会被听取（保密的步骤除外）",
            "Such as “operator” or 0. A step's own come first. With phrases, every step listens but secret ones",
        ),
        least=1,
        most=MOST_ROWS,
        read_row=read_shortcut,
        columns=(
            PanelField("name", FieldKind.TEXT, ("名称", "Name"), most=40),
            PanelField(
                "phrases",
                FieldKind.TEXT,
                ("词语", "Phrases"),
                ("用逗号分开；留空则只能按键", "Parted by commas; empty: by its key alone"),
                is_required=False,
                most=200,
            ),
            PanelField("key", FieldKind.TEXT, ("按键", "Key"), is_required=False, most=1),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Leaves by the choice that was said or pressed. Each key, and each exit, is of one choice."""

    choices: tuple[SpokenChoice, ...]
    prompts: tuple[str, ...] = ()

    @property
    def exits(self) -> tuple[str, ...]:
        return tuple(choice.exit for choice in self.choices)

    @property
    def phrases(self) -> tuple[str, ...]:
        return tuple(phrase for choice in self.choices for phrase in choice.phrases)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        keys = [choice.key for choice in node.choices if choice.key]
        if len(set(keys)) < len(keys):
            raise ValueError("choices")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():  # led here by a drawn way, or entered anew: no choice was made, so that the first counts
                return memory, Leave(self.exits[0])
            case Key(key):
                chosen = next((choice.exit for choice in self.choices if choice.key == key), None)
                return memory, Leave(chosen, key=key) if chosen is not None else None
            case Heard(text=text):
                chosen = choose(text, {choice.exit: choice.phrases for choice in self.choices})
                return memory, Leave(chosen) if chosen is not None else None
            case _:
                return memory, None


KIND = NodeKind("shortcut", ("随时跳转", "Shortcut"), Shortcut.read, FIELDS, exits_by="choices")
