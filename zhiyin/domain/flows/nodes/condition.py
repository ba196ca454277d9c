"""条件: go on by the first case that holds of the contact's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.comparisons import OPERATORS
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import Case, Condition
from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

FIELDS = (
    PanelField(
        "cases",
        FieldKind.CASES,
        ("分支", "Cases"),
        ("从上到下判断，走第一个成立的分支", "From the top: the first that holds is taken"),
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
