"""查客户: look a customer up in the company's records, and keep what was chosen of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from zhiyin.domain.flows.customer_fields import BY_NUMBER, OWN_PREFIX, is_customer_field
from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.asking import BEFORE, WITHIN, ask_once, exits_with_words, known_values, prompts_of
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import MOST_ROWS, read_pair
from zhiyin.domain.flows.requests import CustomerRequest
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Memory

FIELDS = (
    PanelField("by", FieldKind.CUSTOMER_KEY, ("按什么查找", "Find by")),
    PanelField(
        "value",
        FieldKind.TEMPLATE,
        ("查找值", "Value"),
        ("例如 {{号码}}；留空按来电号码查找", "Such as {{number}}; empty: the caller's own number"),
        is_required=False,
        most=200,
    ),
    PanelField(
        "fields",
        FieldKind.ROWS,
        ("读取的字段", "Fields to read"),
        ("只读取这里选中的字段", "Nothing else is read"),
        is_required=False,
        most=MOST_ROWS,
        read_row=read_pair("value", "field"),
        columns=(
            PanelField("field", FieldKind.CUSTOMER_FIELD, ("客户字段", "Field")),
            PanelField("value", FieldKind.VALUE, ("存为", "Keep as")),
        ),
    ),
    BEFORE,
    WITHIN,
)


@dataclass(frozen=True, slots=True)
class LookUp:
    """Leaves by "found", "several" or "missing"; "failed" where the records could not be asked in time."""

    by: str = BY_NUMBER
    value: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    prompt: str | None = None
    timeout_s: int = 5
    exits: tuple[str, ...] = ("found", "several", "missing", "failed")

    @property
    def prompts(self) -> tuple[str, ...]:
        return prompts_of(self.prompt)

    @property
    def keeps(self) -> frozenset[str]:
        return frozenset(self.fields)

    @property
    def reads(self) -> frozenset[str]:
        return names_in(self.value)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        read = read_fields(FIELDS, {"by": BY_NUMBER, **config})
        read["fields"] = dict(read["fields"])
        if read["by"] != BY_NUMBER and (not read["by"].startswith(OWN_PREFIX) or not read["value"]):
            raise ValueError("value" if read["by"].startswith(OWN_PREFIX) else "by")
        if not all(is_customer_field(code) for code in read["fields"].values()):
            raise ValueError("fields")
        return cls(**read)

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        def make() -> CustomerRequest | None:
            value = fill(self.value, known_values(memory, context)).strip()
            return CustomerRequest(self.fields, self.by, value) if value or not self.value else None

        return ask_once(memory, event, make, prompt=self.prompt, timeout_s=self.timeout_s)


KIND = NodeKind(
    "customer",
    ("查客户", "Look up customer"),
    LookUp.read,
    FIELDS,
    exits=exits_with_words(("found", "several", "missing", "failed")),
    without=frozenset({"several", "missing", "failed"}),
)
