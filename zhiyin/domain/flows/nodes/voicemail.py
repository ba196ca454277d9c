"""语音留言: the caller leaves a message for a queue; an agent sees to it later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, Entered, FlowInput, Leave, LeaveMessage, LineLeft, Memory

FIELDS = (PanelField("queue", FieldKind.QUEUE, ("技能组", "Queue")),)


@dataclass(frozen=True, slots=True)
class VoicemailNode:
    """Leaves by "full" when too many messages wait already; else the call ends with the message."""

    queue: int
    exits: tuple[str, ...] = ("full",)
    prompts: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        match event:
            case Entered():
                return memory, LeaveMessage(self.queue)
            case LineLeft(exit=exit_):
                return memory, Leave(exit_)
            case _:
                return memory, None


KIND = NodeKind(
    "voicemail",
    ("语音留言", "Voicemail"),
    VoicemailNode.read,
    FIELDS,
    exits={"full": ("留言已满", "Mailbox full")},
    is_end=True,
    is_person=True,
)
