"""评价: ask the customer for a score by one key; a low score leaves by an exit of its own."""

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
    Rating,
    Said,
    Say,
    TimedOut,
    Wait,
)
from zhiyin.domain.replacing import replace

MOST_SCORE = 10
FIELDS = (
    PanelField("question", FieldKind.TEXT, ("评价项", "Question"), ("报表里的名称", "As reports call it"), most=60),
    PanelField("prompt", FieldKind.PROMPT, ("提示音", "Prompt")),
    PanelField(
        "scores",
        FieldKind.SCORES,
        ("按键对应的得分", "Score of each key"),
        ("1 分最低", "1 is the lowest"),
        least=2,
        most=MOST_SCORE,
    ),
    PanelField(
        "low_at",
        FieldKind.NUMBER,
        ("低分不高于", "A low score is at most"),
        ("低分走单独的出口", "Low scores leave by an exit of their own"),
        most=MOST_SCORE,
        default=2,
    ),
    SILENCE,
    PanelField("tries", FieldKind.NUMBER, ("最多尝试次数", "Attempts"), least=1, most=10, default=2),
)


@dataclass(frozen=True, slots=True)
class RateNode:
    """``scores`` maps a key to its score, 1 the worst. Leaves by "rated", by "low" at ``low_at`` or less, and by "none"
    when there was no valid key in ``tries`` attempts."""

    question: str
    prompt: str
    scores: Mapping[str, int]
    low_at: int = 2
    timeout_s: int = 6
    tries: int = 2
    exits: tuple[str, ...] = ("rated", "low", "none")

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, WRONG_KEY_PROMPT, NO_KEY_PROMPT)

    @property
    def most(self) -> int:
        return max(self.scores.values())

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, Say((self.prompt,))
            case Said():
                return memory, Wait(self.timeout_s)
            case Key(key) if key in self.scores:
                score = self.scores[key]
                exit_ = "low" if score <= self.low_at else "rated"
                return memory, Leave(exit_, rating=Rating(self.question, score, self.most))
            case Key():
                return self._again(memory, WRONG_KEY_PROMPT)
            case TimedOut():
                return self._again(memory, NO_KEY_PROMPT)
            case _:
                return memory, None

    def _again(self, memory: Memory, prompt: str) -> tuple[Memory, Answer]:
        tries = memory.tries + 1
        if tries >= self.tries:
            return memory, Leave("none")
        return replace(memory, tries=tries), Say((prompt, self.prompt))


KIND = NodeKind(
    "rate",
    ("评价", "Ask for a score"),
    RateNode.read,
    FIELDS,
    exits={"rated": ("已评价", "Score given"), "low": ("低分", "Low score"), "none": ("没有评价", "No score")},
    is_pause=True,
    is_open=True,
    uses_key=lambda node, key: key in node.scores,
    chosen=frozenset({"rated", "low"}),
)
