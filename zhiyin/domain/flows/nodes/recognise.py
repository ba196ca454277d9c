"""语音识别: say a prompt, hear what the contact says, leave by the choice it means. A key is as good as a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.filling import VALUE_NAME
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import MOST_ROWS, SpokenChoice, read_spoken_choice
from zhiyin.domain.flows.requests import FAILED
from zhiyin.domain.flows.steps import (
    Answer,
    Context,
    Entered,
    FlowInput,
    Heard,
    Key,
    Leave,
    Listen,
    Memory,
    Said,
    Say,
    Speaks,
    TimedOut,
    Wait,
)
from zhiyin.domain.replacing import replace
from zhiyin.domain.speech.phrases import choose

NOT_UNDERSTOOD_PROMPT = "not_understood"
NOTHING_HEARD_PROMPT = "nothing_heard"
#: Who speaks is heard out, and understood, within this: an utterance's longest, and the recogniser's time.
HEARD_OUT_S = 20
#: The contact may speak into the prompt, or the prompt is said to its end first.
DUPLEX, IN_TURNS = "duplex", "turns"
#: In a node's memory: nobody can understand what is said now.
_DEAF = "deaf"
#: A value keeps so much of what was said.
_MOST_KEPT = 200

FIELDS = (
    PanelField("prompt", FieldKind.PROMPT, ("提示音", "Prompt")),
    PanelField(
        "choices",
        FieldKind.ROWS,
        ("能听懂的话", "What is understood"),
        (
            "每行是一个出口：说出其中任何一个词，或按对应的键",
            "Each row is an exit: by any of its phrases, or by its key",
        ),
        least=1,
        most=MOST_ROWS,
        read_row=read_spoken_choice,
        columns=(
            PanelField("name", FieldKind.TEXT, ("名称", "Name"), most=40),
            PanelField("phrases", FieldKind.TEXT, ("词语", "Phrases"), ("用逗号分开", "Parted by commas"), most=200),
            PanelField("key", FieldKind.TEXT, ("按键", "Key"), is_required=False, most=1),
        ),
    ),
    PanelField(
        "listens",
        FieldKind.CHOICE,
        ("何时可以说话", "When to speak"),
        choices={
            DUPLEX: ("随时，提示音会停下", "At any time; the prompt stops"),
            IN_TURNS: ("提示音播完之后", "After the prompt"),
        },
        default=DUPLEX,
    ),
    PanelField("timeout_s", FieldKind.NUMBER, ("等待说话", "Wait for words"), least=1, most=60, default=6, unit="s"),
    PanelField("tries", FieldKind.NUMBER, ("最多尝试次数", "Attempts"), least=1, most=10, default=3),
    PanelField(
        "value",
        FieldKind.TEXT,
        ("原话存为", "Keep the words as"),
        ("之后用 {{名称}} 引用；留空则不存", "Later {{name}} stands for them; empty: not kept"),
        is_required=False,
        most=40,
    ),
)


@dataclass(frozen=True, slots=True)
class Recognise:
    """Leaves by a choice; after ``tries`` attempts by "no_input" or "no_match", whichever happened last; by "failed"
    where nobody can understand what is said."""

    prompt: str
    choices: tuple[SpokenChoice, ...]
    listens: str = DUPLEX
    timeout_s: int = 6
    tries: int = 3
    value: str = ""

    @property
    def exits(self) -> tuple[str, ...]:
        return (*(choice.exit for choice in self.choices), "no_input", "no_match", FAILED)

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, NOT_UNDERSTOOD_PROMPT, NOTHING_HEARD_PROMPT)

    @property
    def keeps(self) -> frozenset[str]:
        return frozenset({self.value} if self.value else ())

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if node.value and not VALUE_NAME.fullmatch(node.value):
            raise ValueError("value")
        keys = [choice.key for choice in node.choices if choice.key]
        if len(set(keys)) < len(keys) or {"no_input", "no_match", FAILED} & {c.exit for c in node.choices}:
            raise ValueError("choices")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        match event:
            case Entered() | Said():
                return memory, self._go_on(memory, event, context)
            case Key(key):
                return self._pressed(memory, key, context)
            case Speaks():
                return memory, Wait(HEARD_OUT_S)
            case Heard():
                return self._heard(memory, event, context)
            case TimedOut():
                return self._again(memory, NOTHING_HEARD_PROMPT, "no_input", context)
            case _:
                return memory, None

    def _begin(self, prompts: tuple[str, ...], context: Context) -> Answer:
        return Say(prompts) if self.listens == IN_TURNS else self._listen(prompts, context)

    def _listen(self, prompts: tuple[str, ...], context: Context) -> Listen:
        phrases = tuple(phrase for choice in self.choices for phrase in choice.phrases)
        return Listen(prompts, phrases, context.language, self.timeout_s)

    def _go_on(self, memory: Memory, event: Entered | Said, context: Context) -> Answer:
        if isinstance(event, Entered):
            return self._begin((self.prompt,), context)
        return Leave(FAILED) if memory.typed == _DEAF else self._listen((), context)

    def _pressed(self, memory: Memory, key: str, context: Context) -> tuple[Memory, Answer]:
        for choice in self.choices:
            if choice.key == key:
                return memory, Leave(choice.exit, key=key, values={self.value: choice.name} if self.value else {})
        return self._again(memory, NOT_UNDERSTOOD_PROMPT, "no_match", context)

    def _heard(self, memory: Memory, event: Heard, context: Context) -> tuple[Memory, Answer | None]:
        if event.is_failed:
            return (replace(memory, typed=_DEAF), None) if memory.is_saying else (memory, Leave(FAILED))
        chosen = choose(event.text, {choice.exit: choice.phrases for choice in self.choices})
        if chosen is None:
            return self._again(memory, NOT_UNDERSTOOD_PROMPT, "no_match", context)
        return memory, Leave(chosen, values={self.value: event.text[:_MOST_KEPT]} if self.value else {})

    def _again(self, memory: Memory, prompt: str, exit_: str, context: Context) -> tuple[Memory, Answer]:
        if memory.typed == _DEAF:
            return memory, Leave(FAILED)
        tries = memory.tries + 1
        if tries >= self.tries:
            return memory, Leave(exit_)
        return replace(memory, tries=tries), self._begin((prompt, self.prompt), context)


KIND = NodeKind(
    "recognise",
    ("语音识别", "Recognise speech"),
    Recognise.read,
    FIELDS,
    exits={
        "no_input": ("没有说话", "Nothing said"),
        "no_match": ("没有听懂", "Not understood"),
        FAILED: ("识别不可用", "Cannot listen"),
    },
    exits_by="choices",
    is_pause=True,
    is_chosen=True,
    takes_early=lambda node, key: any(choice.key == key for choice in node.choices),
    is_open=True,
    uses_key=lambda node, key: any(choice.key == key for choice in node.choices),
    without=frozenset({"no_input", "no_match", FAILED}),
)
