"""放音: say a prompt, then go on; a key stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import ONWARD, NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, Key, Leave, Memory, Said, Say

FIELDS = (PanelField("prompt", FieldKind.PROMPT, ("提示音", "Prompt")),)


@dataclass(frozen=True, slots=True)
class Play:
    prompt: str
    exits: tuple[str, ...] = ("next",)

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, Say((self.prompt,))
            case Said():
                return memory, Leave("next")
            case Key(key):
                return memory, Leave("next", early_key=key)
            case _:
                return memory, None


KIND = NodeKind("play", ("放音", "Play a prompt"), Play.read, FIELDS, exits=ONWARD, is_pause=True)
