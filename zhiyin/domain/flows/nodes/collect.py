"""收号: ask for digits, check them, and keep them under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.digit_checks import CHECKS, TOLD_CHECKS
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.menu import SILENCE
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, Key, Leave, Memory, Said, Say, TimedOut, Wait
from zhiyin.domain.replacing import replace

WRONG_DIGITS_PROMPT = "wrong_digits"
NO_DIGITS_PROMPT = "no_digits"
MOST_DIGITS = 40
FIELDS = (
    PanelField("prompt", FieldKind.PROMPT, ("提示音", "Prompt")),
    PanelField("value", FieldKind.VALUE, ("存为", "Keep as"), ("之后用 {{名称}} 引用", "Later {{name}} stands for it")),
    PanelField("least", FieldKind.NUMBER, ("最少位数", "Digits at least"), least=1, most=MOST_DIGITS, default=1),
    PanelField("most", FieldKind.NUMBER, ("最多位数", "Digits at most"), least=1, most=MOST_DIGITS, default=20),
    PanelField(
        "end_key",
        FieldKind.CHOICE,
        ("结束键", "End key"),
        ("星号键（若不是结束键）清除已按的", "The star, where it is not the end key, clears what was pressed"),
        choices={"#": ("# 井号", "# hash"), "*": ("* 星号", "* star"), "none": ("没有", "None")},
        default="#",
    ),
    SILENCE,
    PanelField("between_s", FieldKind.NUMBER, ("两键之间", "Between two keys"), least=1, most=30, default=4, unit="s"),
    PanelField("tries", FieldKind.NUMBER, ("最多尝试次数", "Attempts"), least=1, most=10, default=3),
    PanelField(
        "check",
        FieldKind.CHOICE,
        ("检查", "Check"),
        choices={
            "any": ("不检查", "None"),
            "lengths": ("位数", "Lengths"),
            "luhn": ("银行卡校验位", "Card number's check digit"),
            "list": ("在清单里", "One of a list"),
            "date": ("日期（年月日八位）", "Date (YYYYMMDD)"),
        },
        default="any",
    ),
    PanelField(
        "told",
        FieldKind.TEXT,
        ("允许的位数或清单", "Allowed lengths, or the list"),
        ("用逗号分开，例如 11,18", "Parted by commas, as 11,18"),
        is_required=False,
        most=1000,
        shown_by="check",
        shown_for=tuple(sorted(TOLD_CHECKS)),
    ),
    PanelField(
        "is_masked",
        FieldKind.SWITCH,
        ("保密", "Secret"),
        (
            "卡号、密码：只在流程里使用，不入记录、日志和座席屏幕；此时暂停录音",
            "Card numbers, PINs: used in the flow alone; in no record, log or on any desk. No recording goes on here",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Collect:
    """Leaves by "collected"; after ``tries`` attempts by "none" where nothing was pressed in the last, else "wrong"."""

    prompt: str
    value: str
    least: int = 1
    most: int = 20
    end_key: str = "#"
    timeout_s: int = 6
    between_s: int = 4
    tries: int = 3
    check: str = "any"
    told: str = ""
    is_masked: bool = False
    exits: tuple[str, ...] = ("collected", "wrong", "none")

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, WRONG_DIGITS_PROMPT, NO_DIGITS_PROMPT)

    @property
    def keeps(self) -> frozenset[str]:
        return frozenset({self.value})

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if node.most < node.least:
            raise ValueError("most")
        if node.check in TOLD_CHECKS and not node.told:
            raise ValueError("told")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, Say((self.prompt,))
            case Said():
                return memory, Wait(self.timeout_s)
            case Key(key):
                return self._pressed(memory, key)
            case TimedOut() if memory.typed:
                return self._typed(memory)
            case TimedOut():
                return self._again(memory, NO_DIGITS_PROMPT, "none")
            case _:
                return memory, None

    def _pressed(self, memory: Memory, key: str) -> tuple[Memory, Answer]:
        if key == self.end_key:
            return self._typed(memory) if memory.typed else self._again(memory, NO_DIGITS_PROMPT, "none")
        if key == "*":
            return replace(memory, typed=""), Wait(self.timeout_s)
        if not key.isdecimal():
            return memory, Wait(self.between_s)
        memory = replace(memory, typed=memory.typed + key)
        if len(memory.typed) >= self.most:
            return self._typed(memory)
        return memory, Wait(self.between_s)

    def _typed(self, memory: Memory) -> tuple[Memory, Answer]:
        digits = memory.typed
        if len(digits) < self.least or not CHECKS[self.check](digits, self.told):
            return self._again(memory, WRONG_DIGITS_PROMPT, "wrong")
        memory = replace(memory, typed="")
        if self.is_masked:
            return memory, Leave("collected", secrets={self.value: digits})
        return memory, Leave("collected", values={self.value: digits})

    def _again(self, memory: Memory, prompt: str, exit_: str) -> tuple[Memory, Answer]:
        tries = memory.tries + 1
        if tries >= self.tries:
            return replace(memory, typed=""), Leave(exit_)
        return replace(memory, tries=tries, typed=""), Say((prompt, self.prompt))


def _takes(_node: Collect, key: str) -> bool:
    return key.isdecimal()


KIND = NodeKind(
    "collect",
    ("收号", "Collect digits"),
    Collect.read,
    FIELDS,
    exits={
        "collected": ("已输入", "Collected"),
        "wrong": ("多次输入有误", "Wrong input only"),
        "none": ("没有输入", "Nothing pressed"),
    },
    is_pause=True,
    is_private=lambda node: node.is_masked,
    takes_early=_takes,
    is_open=True,
    uses_key=lambda node, key: key.isdecimal() or key in ("*", node.end_key),
    chosen=frozenset({"collected"}),
    without=frozenset({"wrong", "none"}),
)
