"""What the nodes that ask outside have in common: how long they wait, what is heard, how values are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from zhiyin.domain.flows.filling import CannotFill
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField
from zhiyin.domain.flows.requests import FAILED, MISSING, Request
from zhiyin.domain.flows.steps import (
    Answer,
    Ask,
    Context,
    Entered,
    FlowInput,
    Key,
    Leave,
    Memory,
    Said,
    Say,
    TimedOut,
    Told,
)
from zhiyin.domain.replacing import replace

_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,49}")
_OWN_HEADERS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "content-type", "accept-encoding", "expect", "te"}
    | {"upgrade", "trailer", "idempotency-key"}
)
#: In a node's memory: it has asked, and waits.
_ASKED = "asked"

WITHIN = PanelField(
    "timeout_s",
    FieldKind.NUMBER,
    ("最长等待", "Wait for at most"),
    ("超过这个时间走“失败”出口", "Then it goes on by the exit “failed”"),
    least=1,
    most=20,
    default=5,
    unit="s",
)
BEFORE = PanelField(
    "prompt",
    FieldKind.PROMPT,
    ("先播放", "Say before"),
    ("例如“正在查询，请稍候”", "Such as “One moment, please”"),
    is_required=False,
)


def is_header_name(name: str) -> bool:
    """Whether a flow may set this header: not one that the sending itself is made of."""
    return _HEADER.fullmatch(name) is not None and name.lower() not in _OWN_HEADERS


def known_values(memory: Memory, context: Context) -> Mapping[str, str]:
    """Return what texts of a request may name: the contact's values, and the secrets of its flow."""
    return {**context.values, **memory.secrets}


def ask_once(
    memory: Memory,
    event: FlowInput,
    make: Callable[[], Request | None],
    *,
    prompt: str | None,
    timeout_s: float,
) -> tuple[Memory, Answer | None]:
    """Say the prompt, ask what ``make`` returns, and leave by the outcome, "failed" where it comes too late.

    ``make`` may raise ``CannotFill``; None is for "missing": nothing to ask with. A key cuts the prompt short alone.
    """
    match event:
        case Entered() if prompt:
            return memory, Say((prompt,))
        case Entered() | Said():
            return _asked(memory, make, timeout_s)
        case Key() if not memory.typed:
            return _asked(memory, make, timeout_s)
        case Told(outcome=outcome, values=values):
            return memory, Leave(outcome, values=values)
        case TimedOut():
            return memory, Leave(FAILED)
        case _:
            return memory, None


def _asked(memory: Memory, make: Callable[[], Request | None], timeout_s: float) -> tuple[Memory, Answer]:
    try:
        request = make()
    except CannotFill:
        return memory, Leave(FAILED)
    if request is None:
        return memory, Leave(MISSING)
    return replace(memory, typed=_ASKED), Ask(request, timeout_s)


def prompts_of(prompt: str | None) -> tuple[str, ...]:
    return (prompt,) if prompt else ()


def exits_with_words(codes: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    return {code: _EXITS[code] for code in codes}


_EXITS: Mapping[str, tuple[str, str]] = {
    "found": ("找到", "Found"),
    "several": ("找到多个", "Several found"),
    "missing": ("未找到", "Not found"),
    "failed": ("失败", "Failed"),
    "queued": ("已提交", "Queued"),
    "no_address": ("没有可用地址", "No address"),
    "paid": ("支付成功", "Paid"),
    "refused": ("支付被拒", "Refused"),
}
