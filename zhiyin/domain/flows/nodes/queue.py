"""转技能组: wait for an agent of a queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, JoinQueue, Leave, LineLeft, Memory

FIELDS = (
    PanelField("queue", FieldKind.QUEUE, ("技能组", "Queue")),
    PanelField(
        "priority",
        FieldKind.NUMBER,
        ("优先级", "Priority"),
        ("越大越先接听，0 为普通", "The larger, the sooner; 0 is the usual"),
        least=-100,
        most=100,
        default=0,
    ),
    PanelField(
        "class",
        FieldKind.CONTACT_CLASS,
        ("联络等级", "Contact class"),
        ("不选则按路由规则判定", "None: by the rules of the router"),
        is_required=False,
        attribute="class_code",
    ),
)


@dataclass(frozen=True, slots=True)
class QueueNode:
    """Leaves by "closed" outside of the queue's hours and when nobody of it is signed in, by "overflow" after the
    queue's longest wait."""

    queue: int
    priority: int = 0
    class_code: str = ""
    exits: tuple[str, ...] = ("closed", "overflow")
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, JoinQueue(self.queue, self.priority, self.class_code)
            case LineLeft(exit=exit_):
                return memory, Leave(exit_)
            case _:
                return memory, None


KIND = NodeKind(
    "queue",
    ("转技能组", "Queue"),
    QueueNode.read,
    FIELDS,
    exits={
        "closed": ("未开放或无人签入", "Closed, or nobody signed in"),
        "overflow": ("等待超过上限", "Waited too long"),
    },
    is_end=True,
    is_person=True,
    waits=frozenset({"overflow"}),
)
