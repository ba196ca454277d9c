"""Values on a real call: digits are collected, judged, and read back as money; what is secret stands nowhere."""

from __future__ import annotations

import pytest

from tests.asterisk.test_bad_calls import flow_of
from tests.harness.api import Api
from tests.harness.contact import calling
from tests.harness.product import Product
from tests.harness.prompts import hears_prompt

pytestmark = pytest.mark.asyncio(loop_scope="session")

GRAPH = {
    "format": 1,
    "start": "start",
    "nodes": [
        {"id": "start", "kind": "start"},
        {"id": "order", "kind": "collect", "config": {"prompt": {"key": "number_8"}, "value": "amount", "most": 6}},
        {
            "id": "pin",
            "kind": "collect",
            "config": {"prompt": {"key": "number_9"}, "value": "pin", "least": 4, "most": 4, "is_masked": True},
        },
        {
            "id": "which",
            "kind": "condition",
            "config": {
                "cases": [
                    {"exit": "much", "name": "大额", "match": "expression", "expression": "int(values.amount) > 100"}
                ]
            },
        },
        {"id": "read", "kind": "play", "config": {"parts": [{"way": "money", "text": "{{amount}}"}]}},
        {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}, "reason": "read"}},
        {"id": "little", "kind": "hang_up", "config": {"reason": "little"}},
    ],
    "edges": [
        {"from": "start", "exit": "next", "to": "order"},
        *({"from": "order", "exit": exit_, "to": "little"} for exit_ in ("wrong", "none")),
        {"from": "order", "exit": "collected", "to": "pin"},
        *({"from": "pin", "exit": exit_, "to": "little"} for exit_ in ("wrong", "none")),
        {"from": "pin", "exit": "collected", "to": "which"},
        {"from": "which", "exit": "much", "to": "read"},
        {"from": "which", "exit": "else", "to": "little"},
        {"from": "read", "exit": "next", "to": "bye"},
    ],
}


async def test_digits_are_judged_and_read_back_and_a_secret_is_kept_nowhere(
    product: Product, administrator: Api
) -> None:
    with flow_of(administrator, GRAPH) as number:
        async with calling(product, to=number) as (call, contact):
            await hears_prompt(product, call, "number_8")
            for key in "128#":
                call.press(key)
            await hears_prompt(product, call, "number_9")
            for key in "7391":
                call.press(key)
            await hears_prompt(product, call, "money_yuan")
            await hears_prompt(product, call, "goodbye")
            assert await call.ended() == 0
        record = await contact.record(administrator)
    assert (record["outcome"], record["end_reason"]) == ("self_service", "read")
    history = administrator.read(f"/interactions/{contact.id}/history")["items"]
    assert [entry["data"] for entry in history if entry["type"] == "DataAttached"] == [{"amount": "128"}]
    assert "7391" not in str([event.body for event in contact.events()])
