"""条件: go on by the first case that holds of the contact's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.comparisons import ALONE, OPERATORS
from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import LONGEST_EXPRESSION, MOST_CONDITIONS, MOST_ROWS, Case, Condition, read_case
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

_OPERATORS = {
    "is": ("是", "is"),
    "is_not": ("不是", "is not"),
    "contains": ("包含", "contains"),
    "starts_with": ("开头是", "starts with"),
    "ends_with": ("结尾是", "ends with"),
    "one_of": ("是其中之一（逗号分开）", "is one of (commas between)"),
    "equal": ("数值等于 =", "equals, as a number ="),
    "more": ("大于 >", "is more than >"),
    "at_least": ("不小于 ≥", "is at least ≥"),
    "less": ("小于 <", "is less than <"),
    "at_most": ("不大于 ≤", "is at most ≤"),
    "is_set": ("有值", "is there"),
    "is_empty": ("没有值", "is not there"),
}
_CONDITIONS = (
    PanelField("value", FieldKind.VALUE, ("值", "Value")),
    PanelField("operator", FieldKind.CHOICE, ("比较", "Comparison"), choices=_OPERATORS, default="is"),
    PanelField(
        "constant",
        FieldKind.TEMPLATE,
        ("比较的内容", "Compared with"),
        is_required=False,
        most=200,
        shown_by="operator",
        shown_for=tuple(operator for operator in OPERATORS if operator not in ALONE),
    ),
)
FIELDS = (
    PanelField(
        "cases",
        FieldKind.ROWS,
        ("分支", "Cases"),
        ("从上到下判断，走第一个成立的分支", "From the top: the first that holds is taken"),
        least=1,
        most=MOST_ROWS,
        read_row=read_case,
        columns=(
            PanelField("name", FieldKind.TEXT, ("分支名称", "Name of the case"), most=40),
            PanelField(
                "match",
                FieldKind.CHOICE,
                ("何时成立", "Holds where"),
                choices={
                    "all": ("全部条件成立", "all conditions hold"),
                    "any": ("任一条件成立", "any condition holds"),
                    "expression": ("表达式（CEL）成立", "an expression (CEL) holds"),
                },
                default="all",
            ),
            PanelField(
                "conditions",
                FieldKind.ROWS,
                ("条件", "Conditions"),
                least=1,
                most=MOST_CONDITIONS,
                columns=_CONDITIONS,
                shown_by="match",
                shown_for=("all", "any"),
            ),
            PanelField(
                "expression",
                FieldKind.EXPRESSION,
                ("表达式", "Expression"),
                (
                    "values.名称 是一个值，都是文字，例如 int(values.amount) > 100；可能没有的先用 has(values.名称)",
                    "values.name is a value, a text: int(values.amount) > 100; has(values.name) asks if it is there",
                ),
                most=LONGEST_EXPRESSION,
                shown_by="match",
                shown_for=("expression",),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """Leaves by the exit of the first case that holds, else by "else". Raises ``ValueError`` at an expression that
    cannot be judged: the flow's handler of errors follows."""

    cases: tuple[Case, ...]
    prompts: tuple[str, ...] = ()

    @property
    def exits(self) -> tuple[str, ...]:
        return (*(case.exit for case in self.cases), "else")

    @property
    def expressions(self) -> tuple[str, ...]:
        """What must be judgeable before the flow is published."""
        return tuple(case.expression for case in self.cases if case.expression)

    @property
    def reads(self) -> frozenset[str]:
        conditions = [condition for case in self.cases for condition in case.conditions]
        return frozenset(one.value for one in conditions).union(*(names_in(one.constant) for one in conditions))

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if any(case.exit == "else" for case in node.cases):
            raise ValueError("cases")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        held = next((case.exit for case in self.cases if _holds(case, context)), "else")
        return memory, Leave(held)


def _holds(case: Case, context: Context) -> bool:
    if case.expression:
        return context.judge(case.expression, context.values)
    held = (_is_met(condition, context.values) for condition in case.conditions)
    return all(held) if case.needs_all else any(held)


def _is_met(condition: Condition, values: Mapping[str, str]) -> bool:
    compare = OPERATORS[condition.operator]
    return compare(values.get(condition.value, "").strip(), fill(condition.constant, values))


KIND = NodeKind(
    "condition",
    ("条件", "Condition"),
    ConditionNode.read,
    FIELDS,
    exits={"else": ("都不成立", "None of them")},
    exits_by="cases",
)
