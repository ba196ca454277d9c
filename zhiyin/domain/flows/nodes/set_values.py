"""赋值: keep values with the contact, made of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from zhiyin.domain.flows.comparisons import to_number
from zhiyin.domain.flows.filling import LONGEST_VALUE, fill, names_in
from zhiyin.domain.flows.nodes.kind import ONWARD, NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import ARITHMETIC, MOST_ROWS, Assignment, read_assignment
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 18
_OPERATIONS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else _LARGEST,
}
_WAYS = {
    "text": ("文字", "A text"),
    "part": ("文字的一段", "A part of a text"),
    "last": ("文字的最后几位", "The end of a text"),
    "digits": ("文字里的数字", "The digits of a text"),
    "add": ("相加", "Sum"),
    "subtract": ("相减", "Difference"),
    "multiply": ("相乘", "Product"),
    "divide": ("相除", "Quotient"),
    "today": ("今天的日期", "Today's date"),
    "time": ("现在的时间", "The time now"),
}
_COLUMNS = (
    PanelField("value", FieldKind.VALUE, ("存为", "Keep as")),
    PanelField("how", FieldKind.CHOICE, ("取什么", "What"), choices=_WAYS, default="text"),
    PanelField(
        "text",
        FieldKind.TEMPLATE,
        ("内容", "Text"),
        is_required=False,
        most=LONGEST_VALUE,
        shown_by="how",
        shown_for=("text", "part", "last", "digits", *sorted(ARITHMETIC)),
    ),
    PanelField(
        "other",
        FieldKind.TEMPLATE,
        ("第二个数", "Second number"),
        most=LONGEST_VALUE,
        shown_by="how",
        shown_for=tuple(sorted(ARITHMETIC)),
    ),
    PanelField(
        "first",
        FieldKind.NUMBER,
        ("从第几个字起", "From character"),
        least=1,
        most=LONGEST_VALUE,
        default=1,
        shown_by="how",
        shown_for=("part",),
    ),
    PanelField(
        "length",
        FieldKind.NUMBER,
        ("字数", "Characters"),
        least=1,
        most=LONGEST_VALUE,
        default=4,
        shown_by="how",
        shown_for=("part", "last"),
    ),
)
FIELDS = (
    PanelField(
        "assignments",
        FieldKind.ROWS,
        ("赋值", "Values"),
        (
            "{{名称}} 代表一个值；按顺序进行，算不出来的留空",
            "{{name}} stands for a value; one after the other, and empty where it cannot be worked out",
        ),
        least=1,
        most=MOST_ROWS,
        read_row=read_assignment,
        columns=_COLUMNS,
    ),
)


@dataclass(frozen=True, slots=True)
class SetValues:
    assignments: tuple[Assignment, ...]
    exits: tuple[str, ...] = ("next",)
    prompts: tuple[str, ...] = ()

    @property
    def keeps(self) -> frozenset[str]:
        return frozenset(assignment.value for assignment in self.assignments)

    @property
    def reads(self) -> frozenset[str]:
        return frozenset[str]().union(*(names_in(one.text) | names_in(one.other) for one in self.assignments))

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        values = dict(context.values)
        for assignment in self.assignments:
            values[assignment.value] = _work_out(assignment, values, context)[:LONGEST_VALUE]
        return memory, Leave("next", values={name: values[name] for name in sorted(self.keeps)})


def _work_out(assignment: Assignment, values: Mapping[str, str], context: Context) -> str:
    text = fill(assignment.text, values)
    match assignment.how:
        case "today" | "time" as which:
            return format(context.local_now, "%Y-%m-%d" if which == "today" else "%H:%M") if context.local_now else ""
        case "part":
            text = text[assignment.first - 1 : assignment.first - 1 + assignment.length]
        case "last":
            text = text[-assignment.length :]
        case "digits":
            text = "".join(sign for sign in text if sign in "0123456789")
        case how if how in ARITHMETIC:
            text = _calculate(how, to_number(text), to_number(fill(assignment.other, values)))
    return text


def _calculate(how: str, a: Decimal | None, b: Decimal | None) -> str:
    """Return the outcome to two decimals without noughts at their end; "" for what is no number, or out of bounds."""
    if a is None or b is None or abs(a) >= _LARGEST or abs(b) >= _LARGEST:
        return ""
    outcome = _OPERATIONS[how](a, b)
    if abs(outcome) >= _LARGEST:
        return ""
    rounded = f"{outcome.quantize(_CENT, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return "0" if rounded in ("-0", "") else rounded


KIND = NodeKind("set", ("赋值", "Set values"), SetValues.read, FIELDS, exits=ONWARD)
