"""发短信或邮件: have a message sent after the call went on; nobody waits for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.asking import exits_with_words
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.steps import Answer, Context, FlowInput, Leave, Memory, OutgoingMessage

_MAIL = re.compile(r"[^@\s<>\",;]{1,64}@[^@\s<>\",;]{1,189}")
#: a mobile number of China, or an international one of elsewhere: no other can be written to
_NUMBER = re.compile(r"(?:\+86)?1[3-9]\d{9}|\+(?!86)\d{6,15}")

FIELDS = (
    PanelField("service", FieldKind.MESSAGE_SERVICE, ("外部服务", "External service")),
    PanelField(
        "to",
        FieldKind.TEMPLATE,
        ("收件人", "To"),
        (
            "手机号或邮箱；{{caller}} 是来电号码",
            "A mobile number or a mail address; {{caller}} is the caller's number",
        ),
        most=254,
    ),
    PanelField(
        "subject", FieldKind.TEMPLATE, ("主题", "Subject"), ("只用于邮件", "Of mail alone"), is_required=False, most=200
    ),
    PanelField("text", FieldKind.TEMPLATE, ("内容", "Text"), most=2000),
)


@dataclass(frozen=True, slots=True)
class MessageNode:
    """Leaves by "queued" at once, or by "no_address" where ``to`` is neither a mobile number nor a mail address."""

    service: int
    to: str
    text: str
    subject: str = ""
    exits: tuple[str, ...] = ("queued", "no_address")
    prompts: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        return names_in(self.to) | names_in(self.subject) | names_in(self.text)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:  # noqa: ARG002
        to = fill(self.to, context.values).strip()
        if not (_MAIL.fullmatch(to) or _NUMBER.fullmatch(to)):
            return memory, Leave("no_address")
        subject, text = fill(self.subject, context.values), fill(self.text, context.values)
        return memory, Leave("queued", message=OutgoingMessage(self.service, to, subject, text))


KIND = NodeKind(
    "message",
    ("发短信或邮件", "Send SMS or mail"),
    MessageNode.read,
    FIELDS,
    exits=exits_with_words(("queued", "no_address")),
)
