"""按键菜单: say the choices, wait for a key, leave by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, Key, Leave, Memory, Said, Say, TimedOut, Wait
from zhiyin.domain.replacing import replace

WRONG_KEY_PROMPT = "wrong_key"
NO_KEY_PROMPT = "no_key"

SILENCE = PanelField(
    "timeout_s", FieldKind.NUMBER, ("等待按键", "Wait for a key"), least=1, most=60, default=6, unit="s"
)
FIELDS = (
    PanelField("prompt", FieldKind.PROMPT, ("提示音", "Prompt")),
    PanelField("keys", FieldKind.KEYS, ("按键", "Keys"), ("每个按键是一个出口", "Each key is an exit"), least=1),
    SILENCE,
    PanelField("tries", FieldKind.NUMBER, ("最多尝试次数", "Attempts"), least=1, most=10, default=3),
)


@dataclass(frozen=True, slots=True)
class Menu:
    """``keys`` maps a key to what it means (shown in reports). After ``tries`` failures it leaves by
    "no_key" or "wrong_key", whichever happened last."""

    prompt: str
    keys: Mapping[str, str]
    timeout_s: int = 6
    tries: int = 3

    @property
    def exits(self) -> tuple[str, ...]:
        return (*sorted(self.keys), "no_key", "wrong_key")

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, WRONG_KEY_PROMPT, NO_KEY_PROMPT)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, Say((self.prompt,))
            case Said():
                return memory, Wait(self.timeout_s)
            case Key(key) if key in self.keys:
                return memory, Leave(key, key=key)
            case Key():
                return self._again(memory, WRONG_KEY_PROMPT, "wrong_key")
            case TimedOut():
                return self._again(memory, NO_KEY_PROMPT, "no_key")
            case _:
                return memory, None

    def _again(self, memory: Memory, prompt: str, exit_: str) -> tuple[Memory, Answer]:
        tries = memory.tries + 1
        if tries >= self.tries:
            return memory, Leave(exit_)
        return replace(memory, tries=tries), Say((prompt, self.prompt))


KIND = NodeKind(
    "menu",
    ("按键菜单", "Menu"),
    Menu.read,
    FIELDS,
    exits={"no_key": ("没有按键", "No key pressed"), "wrong_key": ("多次按错", "Wrong keys only")},
    exits_by="keys",
    is_pause=True,
    takes_early=lambda node, key: key in node.exits,
    is_chosen=True,
    is_open=True,
    uses_key=lambda node, key: key in node.keys,
)
