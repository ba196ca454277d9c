"""客户分级: who calls, by the VIP list and the classes of the caller's customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.nodes.rows import MOST_ROWS, CallerGroup, read_caller_group
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory

FIELDS = (
    PanelField(
        "groups",
        FieldKind.ROWS,
        ("客户分组", "Groups of callers"),
        ("从上到下，走第一个符合的分组", "From the top: the first that fits is taken"),
        least=1,
        most=MOST_ROWS,
        read_row=read_caller_group,
        columns=(
            PanelField("name", FieldKind.TEXT, ("名称", "Name"), most=40),
            PanelField(
                "customer_classes",
                FieldKind.CUSTOMER_CLASSES,
                ("客户分级", "Customer classes"),
                is_required=False,
            ),
            PanelField("is_for_vips", FieldKind.SWITCH, ("VIP 名单上的号码", "Numbers on the VIP list")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class CallerClass:
    """Leaves by the first group that the caller is of, else by "else", as for callers whom nobody knows."""

    groups: tuple[CallerGroup, ...]
    prompts: tuple[str, ...] = ()

    @property
    def exits(self) -> tuple[str, ...]:
        return (*(group.exit for group in self.groups), "else")

    @property
    def customer_classes(self) -> frozenset[int]:
        return frozenset[int]().union(*(group.customer_classes for group in self.groups))

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        node = cls(**read_fields(FIELDS, config))
        if any(group.exit == "else" for group in node.groups):
            raise ValueError("groups")
        return node

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        fitting = (group.exit for group in self.groups if _is_of(group, context))
        return memory, Leave(next(fitting, "else"))


def _is_of(group: CallerGroup, context: Context) -> bool:
    return (group.is_for_vips and context.is_vip) or not group.customer_classes.isdisjoint(context.customer_classes)


KIND = NodeKind(
    "caller_class",
    ("客户分级", "Caller class"),
    CallerClass.read,
    FIELDS,
    exits={"else": ("其他来电", "Everybody else")},
    exits_by="groups",
)
