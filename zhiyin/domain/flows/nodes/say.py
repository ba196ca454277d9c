"""朗读: say a text with the contact's values, made into sound at the call, in the contact's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.asking import exits_with_words
from zhiyin.domain.flows.nodes.kind import ONWARD, NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.requests import FAILED, FOUND, SOUND, SynthesisRequest
from zhiyin.domain.flows.steps import (
    Answer,
    Ask,
    Context,
    Entered,
    FlowInput,
    Key,
    Leave,
    Memory,
    Said,
    Say,
    TimedOut,
    Told,
    Wait,
)
from zhiyin.domain.replacing import replace

#: So long may a text be, and so long what is said of it with its values.
MOST_SIGNS = 500
MOST_SPOKEN_SIGNS = 1000
#: In a node's memory: the sound is being made, and a key has nothing to cut short.
_ASKED = "asked"
#: Nothing was heard of it; what follows is decided when it is known that somebody is there still.
_UNHEARD = "unheard"
GONE_WITHIN_S = 0.5
WITHIN = PanelField(
    "timeout_s",
    FieldKind.NUMBER,
    ("最长等待合成", "Wait for the sound"),
    ("到时仍没有声音，走“失败”出口", "Where there is no sound by then, it goes on by the exit “failed”"),
    least=1,
    most=20,
    default=5,
    unit="s",
)
FIELDS = (
    PanelField(
        "text_zh",
        FieldKind.TEMPLATE,
        ("中文内容", "In Chinese"),
        (
            "例如：您的订单{{订单号}}已发货。只填一种语言时，所有人都听到它",
            "Such as 您的订单{{order}}已发货。 With one language alone, everybody hears that",
        ),
        is_required=False,
        most=MOST_SIGNS,
    ),
    PanelField(
        "text_en",
        FieldKind.TEMPLATE,
        ("英文内容", "In English"),
        ("例如：Your order {{订单号}} is on its way.", "Such as: Your order {{order}} is on its way."),
        is_required=False,
        most=MOST_SIGNS,
    ),
    WITHIN,
)


@dataclass(frozen=True, slots=True)
class SayText:
    """Leaves by "next", a key cutting it short; by "failed" where no sound could be made in time, or be played."""

    text_zh: str = ""
    text_en: str = ""
    timeout_s: int = 5
    exits: tuple[str, ...] = ("next", FAILED)
    prompts: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        return names_in(self.text_zh) | names_in(self.text_en)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if not node.text_zh and not node.text_en:
            raise KeyError("text_zh")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        match event:
            case Entered():
                return self._entered(memory, context)
            case Told(outcome=outcome, values=values) if outcome == FOUND and SOUND in values:
                return replace(memory, typed=""), Say((values[SOUND],))
            case Told() | TimedOut():
                return memory, Leave(FAILED)
            case Said(is_heard=is_heard):
                return _said(memory, is_heard=is_heard)
            case Key(key) if not memory.typed:
                return memory, Leave("next", early_key=key)
            case _:
                return memory, None

    def _entered(self, memory: Memory, context: Context) -> tuple[Memory, Answer]:
        request = self._request(context)
        if request is None:
            return memory, Leave("next")
        return replace(memory, typed=_ASKED), Ask(request, self.timeout_s)

    def _request(self, context: Context) -> SynthesisRequest | None:
        """Return what is to be made into sound: None where all of it is values that are not known."""
        own, other = (self.text_zh, self.text_en) if context.language == "zh" else (self.text_en, self.text_zh)
        language = context.language if own else {"zh": "en"}.get(context.language, "zh")
        text = " ".join(fill(own or other, context.values).split())[:MOST_SPOKEN_SIGNS]
        return SynthesisRequest(text, language) if text else None


def _said(memory: Memory, *, is_heard: bool) -> tuple[Memory, Answer]:
    """Of somebody who has hung up it is told too that nothing was heard, a moment before the end."""
    if is_heard:
        return memory, Leave("next")
    return replace(memory, typed=_UNHEARD), Wait(GONE_WITHIN_S)


KIND = NodeKind(
    "say",
    ("朗读", "Say a text"),
    SayText.read,
    FIELDS,
    exits={**ONWARD, **exits_with_words((FAILED,))},
    is_open=True,
    is_asking=lambda memory: memory.typed == _ASKED,
)
