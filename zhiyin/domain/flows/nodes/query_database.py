"""查数据库: one row of a statement that the company keeps, read only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.asking import BEFORE, WITHIN, ask_once, exits_with_words, known_values, prompts_of
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import MOST_ROWS, read_pair
from zhiyin.domain.flows.requests import DatabaseRequest
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Memory

FIELDS = (
    PanelField("statement", FieldKind.STATEMENT, ("查询语句", "Statement")),
    PanelField(
        "parameters",
        FieldKind.ROWS,
        ("参数", "Parameters"),
        ("没有列出的参数取同名的值", "A parameter that is not listed is the value of the same name"),
        is_required=False,
        most=MOST_ROWS,
        read_row=read_pair("parameter", "text"),
        columns=(
            PanelField("parameter", FieldKind.VALUE, ("参数", "Parameter")),
            PanelField("text", FieldKind.TEMPLATE, ("内容", "Text"), most=200),
        ),
    ),
    PanelField(
        "values",
        FieldKind.ROWS,
        ("读取的值", "Values to keep"),
        ("取结果第一行的列", "Columns of the first row of the result"),
        is_required=False,
        most=MOST_ROWS,
        read_row=read_pair("value", "column"),
        columns=(
            PanelField("column", FieldKind.TEXT, ("列名", "Column"), most=63),
            PanelField("value", FieldKind.VALUE, ("存为", "Keep as")),
        ),
    ),
    BEFORE,
    WITHIN,
)


@dataclass(frozen=True, slots=True)
class QueryNode:
    """Leaves by "found" with the first row, by "missing" without one, else by "failed"."""

    statement: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    prompt: str | None = None
    timeout_s: int = 5
    exits: tuple[str, ...] = ("found", "missing", "failed")

    @property
    def prompts(self) -> tuple[str, ...]:
        return prompts_of(self.prompt)

    @property
    def keeps(self) -> frozenset[str]:
        return frozenset(self.values)

    @property
    def reads(self) -> frozenset[str]:
        return names_in(" ".join(self.parameters.values()))

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        read = read_fields(FIELDS, config)
        read["parameters"], read["values"] = dict(read["parameters"]), dict(read["values"])
        return cls(**read)

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        def make() -> DatabaseRequest:
            values = known_values(memory, context)
            parameters = {name: fill(text, values) for name, text in self.parameters.items()}
            return DatabaseRequest(self.statement, {**values, **parameters}, self.values)

        return ask_once(memory, event, make, prompt=self.prompt, timeout_s=self.timeout_s)


KIND = NodeKind(
    "query",
    ("查数据库", "Query database"),
    QueryNode.read,
    FIELDS,
    exits=exits_with_words(("found", "missing", "failed")),
    without=frozenset({"missing", "failed"}),
)
