"""付款: ask for a card by keys and have a provider take an amount from it. The card's digits stand in the flow's memory
while this step lasts, and nowhere else; no recording goes on meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zhiyin.domain.flows.filling import fill, names_in
from zhiyin.domain.flows.nodes.asking import WITHIN, exits_with_words
from zhiyin.domain.flows.nodes.collect import NO_DIGITS_PROMPT, WRONG_DIGITS_PROMPT, Collect
from zhiyin.domain.flows.nodes.kind import NodeKind
from zhiyin.domain.flows.nodes.panel import FieldKind, PanelField, read_fields
from zhiyin.domain.flows.requests import FAILED, PaymentRequest
from zhiyin.domain.flows.steps import (
    Answer,
    Ask,
    Context,
    Entered,
    FlowInput,
    Leave,
    Memory,
    TimedOut,
    Told,
)
from zhiyin.domain.replacing import replace

#: the amount, in the company's currency
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
#: what is asked for, in this order, and the names of the secrets
_CARD, _EXPIRY, _CODE = "payment card", "payment expiry", "payment code"
_ASKED = "asked"

FIELDS = (
    PanelField("service", FieldKind.PAYMENT_SERVICE, ("外部服务", "External service")),
    PanelField(
        "amount",
        FieldKind.TEMPLATE,
        ("金额", "Amount"),
        ("例如 {{应付金额}}；不是大于零的金额走“失败”", "Such as {{due}}; what is no amount above zero fails"),
        most=60,
    ),
    PanelField("card_prompt", FieldKind.PROMPT, ("提示音：卡号", "Prompt: card number")),
    PanelField("expiry_prompt", FieldKind.PROMPT, ("提示音：有效期（月年四位）", "Prompt: expiry (MMYY)")),
    PanelField("code_prompt", FieldKind.PROMPT, ("提示音：安全码", "Prompt: security code")),
    PanelField("tries", FieldKind.NUMBER, ("最多尝试次数", "Attempts"), least=1, most=5, default=3),
    replace(WITHIN, default=15, most=20),
)


@dataclass(frozen=True, slots=True)
class PaymentNode:
    """Leaves by "paid" or "refused" as the provider says; by "failed" where it says neither, or no card was typed."""

    service: int
    amount: str
    card_prompt: str
    expiry_prompt: str
    code_prompt: str
    tries: int = 3
    timeout_s: int = 15
    exits: tuple[str, ...] = ("paid", "refused", "failed")

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.card_prompt, self.expiry_prompt, self.code_prompt, WRONG_DIGITS_PROMPT, NO_DIGITS_PROMPT)

    @property
    def keeps(self) -> frozenset[str]:
        return frozenset({"payment_reference"})

    @property
    def reads(self) -> frozenset[str]:
        return names_in(self.amount)

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> Self:
        return cls(**read_fields(FIELDS, config))

    def step(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        match event:
            case Entered() if self._amount(context) is None:
                return _without_card(memory), Leave(FAILED)
            case Entered():
                memory = _without_card(memory)
            case Told(outcome=outcome, values=values):
                return _without_card(memory), Leave(outcome, values=values)
            case TimedOut() if memory.typed == _ASKED:
                return _without_card(memory), Leave(FAILED)
            case _ if memory.typed == _ASKED:
                return memory, None
        return self._collect(memory, event, context)

    def _collect(self, memory: Memory, event: FlowInput, context: Context) -> tuple[Memory, Answer | None]:
        """Ask for what is missing, one after the other; with all of it, the provider."""
        for each in self._digits():
            if each.value in memory.secrets:
                continue
            memory, answer = each.step(memory, event, context)
            if not isinstance(answer, Leave):
                return memory, answer
            if each.value not in answer.secrets:
                return _without_card(memory), Leave(FAILED)
            memory = replace(memory, secrets={**memory.secrets, **answer.secrets}, typed="", tries=0)
            event = Entered()
        amount = self._amount(context)
        if amount is None:
            return _without_card(memory), Leave(FAILED)
        card, expiry, code = (memory.secrets[name] for name in (_CARD, _EXPIRY, _CODE))
        return replace(memory, typed=_ASKED), Ask(
            PaymentRequest(self.service, amount, card, expiry, code), self.timeout_s
        )

    def _digits(self) -> tuple[Collect, ...]:
        return (
            Collect(self.card_prompt, _CARD, least=12, most=19, check="luhn", tries=self.tries, is_masked=True),
            Collect(self.expiry_prompt, _EXPIRY, least=4, most=4, tries=self.tries, is_masked=True),
            Collect(self.code_prompt, _CODE, least=3, most=4, tries=self.tries, is_masked=True),
        )

    def _amount(self, context: Context) -> str | None:
        amount = fill(self.amount, context.values).strip()
        return amount if _AMOUNT.fullmatch(amount) and float(amount) > 0 else None


def _without_card(memory: Memory) -> Memory:
    kept = {name: each for name, each in memory.secrets.items() if name not in (_CARD, _EXPIRY, _CODE)}
    return replace(memory, secrets=kept, typed="", tries=0)


KIND = NodeKind(
    "payment",
    ("付款", "Take a payment"),
    PaymentNode.read,
    FIELDS,
    exits=exits_with_words(("paid", "refused", "failed")),
    is_private=lambda _node: True,
    without=frozenset({"refused", "failed"}),
)
