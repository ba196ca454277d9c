"""放音: say prompts and values, then go on; a key stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.kind import ONWARD, NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import MOST_ROWS, PROMPT_WAY, Part, read_part
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, Key, Leave, Memory, Said, Say
from zhiyin.domain.spoken_values import WAYS

_WAYS = {
    PROMPT_WAY: ("提示音", "A prompt"),
    "number": ("读数字", "A number"),
    "money": ("读金额", "Money"),
    "date": ("读日期", "A date"),
    "time": ("读时间", "A time"),
    "telephone": ("读电话号码", "A telephone number"),
    "digits": ("逐位读", "Digit by digit"),
}
FIELDS = (
    PanelField("prompt", FieldKind.PROMPT, ("提示音", "Prompt"), is_required=False),
    PanelField(
        "parts",
        FieldKind.ROWS,
        ("接着说", "And then"),
        (
            "更多提示音，或读出一个值，例如 {{amount}}",
            "More prompts, or a value that is said, as {{amount}}",
        ),
        is_required=False,
        most=MOST_ROWS,
        read_row=read_part,
        columns=(
            PanelField("way", FieldKind.CHOICE, ("说什么", "What"), choices=_WAYS, default=PROMPT_WAY),
            PanelField(
                "prompt",
                FieldKind.PROMPT,
                ("提示音", "Prompt"),
                shown_by="way",
                shown_for=(PROMPT_WAY,),
            ),
            PanelField(
                "text",
                FieldKind.TEMPLATE,
                ("内容", "Text"),
                most=200,
                shown_by="way",
                shown_for=tuple(WAYS),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Play:
    """Says a prompt, and then prompts and values in the contact's language. What a value lacks is left unsaid."""

    prompt: str | None = None
    parts: tuple[Part, ...] = ()
    exits: tuple[str, ...] = ("next",)

    @property
    def prompts(self) -> tuple[str, ...]:
        first = (self.prompt,) if self.prompt else ()
        return (*first, *(part.prompt for part in self.parts if part.prompt))

    @property
    def reads(self) -> frozenset[str]:
        return frozenset[str]().union(*(names_in(part.text) for part in self.parts))

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if not node.prompt and not node.parts:
            raise KeyError("prompt")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        match event:
            case Entered():
                said = self._said(context)
                return memory, Say(said) if said else Leave("next")
            case Said():
                return memory, Leave("next")
            case Key(key):
                return memory, Leave("next", early_key=key)
            case _:
                return memory, None

    def _said(self, context: Context) -> tuple[str, ...]:
        """Return all that is heard, as parts of the prompt library."""
        said = [self.prompt] if self.prompt else []
        for part in self.parts:
            values = fill(part.text, context.values)
            said += [part.prompt] if part.prompt else WAYS[part.way](values, context.language)
        return tuple(said)


def _may_be_silent(node: Play) -> bool:
    """Return whether there may be nothing to say: values alone, and none of them known."""
    return not node.prompts


KIND = NodeKind(
    "play",
    ("放音", "Play a prompt"),
    Play.read,
    FIELDS,
    exits=ONWARD,
    is_pause=True,
    may_pass=_may_be_silent,
    is_open=True,
)
