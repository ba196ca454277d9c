"""同意录音: tell the caller, and ask by a key whether the conversation may be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.menu import NO_KEY_PROMPT, SILENCE, WRONG_KEY_PROMPT
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import (
    Answer,
    Context,
    Entered,
    FlowInput,
    Key,
    Leave,
    Memory,
    Said,
    Say,
    TimedOut,
    Wait,
)
from zhiyin.domain.interactions.service_events import Consent
from zhiyin.domain.replacing import replace

_KEYS = {key: (key, key) for key in "1234567890*#"}
FIELDS = (
    PanelField(
        "prompt",
        FieldKind.PROMPT,
        ("提示音", "Prompt"),
        ("说明录音的用途，以及按哪个键同意", "What is recorded and why, and which key agrees"),
    ),
    PanelField("yes_key", FieldKind.CHOICE, ("同意按", "Key to agree"), choices=_KEYS, default="1"),
    PanelField("no_key", FieldKind.CHOICE, ("不同意按", "Key to refuse"), choices=_KEYS, default="2"),
    SILENCE,
    PanelField("tries", FieldKind.NUMBER, ("最多尝试次数", "Attempts"), least=1, most=10, default=2),
)


@dataclass(frozen=True, slots=True)
class ConsentNode:
    """Leaves by "yes", "no", or after ``tries`` attempts by "none". Only who agreed is recorded from then on."""

    prompt: str
    yes_key: str = "1"
    no_key: str = "2"
    timeout_s: int = 6
    tries: int = 2
    exits: tuple[str, ...] = ("yes", "no", "none")

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, WRONG_KEY_PROMPT, NO_KEY_PROMPT)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if node.yes_key == node.no_key:
            raise ValueError("no_key")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, Say((self.prompt,))
            case Said():
                return memory, Wait(self.timeout_s)
            case Key(key) if key in (self.yes_key, self.no_key):
                is_given = key == self.yes_key
                consent = Consent.GIVEN if is_given else Consent.REFUSED
                return memory, Leave("yes" if is_given else "no", consent=consent)
            case Key():
                return self._again(memory, WRONG_KEY_PROMPT)
            case TimedOut():
                return self._again(memory, NO_KEY_PROMPT)
            case _:
                return memory, None

    def _again(self, memory: Memory, prompt: str) -> tuple[Memory, Answer]:
        tries = memory.tries + 1
        if tries >= self.tries:
            return memory, Leave("none", consent=Consent.NONE)
        return replace(memory, tries=tries), Say((prompt, self.prompt))


KIND = NodeKind(
    "consent",
    ("同意录音", "Consent to recording"),
    ConsentNode.read,
    FIELDS,
    exits={"yes": ("同意", "Agrees"), "no": ("不同意", "Refuses"), "none": ("没有回答", "No answer")},
    is_pause=True,
    chosen=frozenset({"yes", "no"}),
)
