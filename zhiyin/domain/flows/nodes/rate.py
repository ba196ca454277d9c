"""评价: ask the customer for a score by one key; a low score leaves by an exit of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from zhiyin.domain.flows.nodes.menu import KEYS, NO_KEY_PROMPT, WRONG_KEY_PROMPT
from zhiyin.domain.flows.nodes.values import prompt_key, whole_number
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

MOST_SCORE = 10
LONGEST_QUESTION = 60


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
        question = config.get("question")
        if not isinstance(question, str) or not question.strip() or len(question) > LONGEST_QUESTION:
            raise ValueError("question")
        scores = config.get("scores")
        if not isinstance(scores, Mapping) or len(scores) < 2 or not set(scores) <= KEYS:
            raise ValueError("scores")
        read = {str(key): whole_number(scores, key, least=1, most=MOST_SCORE) for key in scores}
        return cls(
            question=question.strip(),
            prompt=prompt_key(config),
            scores=read,
            low_at=whole_number(config, "low_at", least=0, most=MOST_SCORE, default=2),
            timeout_s=whole_number(config, "timeout_s", least=1, most=60, default=6),
            tries=whole_number(config, "tries", least=1, most=10, default=2),
        )

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
