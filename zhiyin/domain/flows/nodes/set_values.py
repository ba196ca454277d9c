"""赋值: keep values with the contact, made of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from zhiyin.domain.flows.comparisons import to_number
from zhiyin.domain.flows.nodes.kind import ONWARD, NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import ARITHMETIC, Assignment
from zhiyin.domain.flows.filling import LONGEST_VALUE, fill, names_in
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 18
_OPERATIONS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else _LARGEST,
}
FIELDS = (
    PanelField(
        "assignments",
        FieldKind.ASSIGNMENTS,
        ("赋值", "Values"),
        (
            "{{名称}} 代表一个值；按顺序进行，算不出来的留空",
            "{{name}} stands for a value; one after the other, and empty where it cannot be worked out",
        ),
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
    if assignment.how in ("today", "time"):
        if context.local_now is None:
            return ""
        return f"{context.local_now:%Y-%m-%d}" if assignment.how == "today" else f"{context.local_now:%H:%M}"
    text = fill(assignment.text, values)
    if assignment.how in ARITHMETIC:
        return _calculate(assignment.how, to_number(text), to_number(fill(assignment.other, values)))
    match assignment.how:
        case "part":
            return text[assignment.first - 1 : assignment.first - 1 + assignment.length]
        case "last":
            return text[-assignment.length :]
        case "digits":
            return "".join(sign for sign in text if sign in "0123456789")
        case _:
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
