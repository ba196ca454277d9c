"""A canary of the router's rules on real calls: each goes by its arm's rules, and its decision record says which."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.asterisk.test_routing_rules import ORDINARY_NUMBER, served, waiting
from tests.harness.api import Api
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent
from tests.harness.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.extended]

#: by the draft the queue's agent helps out only after so long
DELAY_S = 3
#: half of the contacts are in either arm: all in one, one time in 32,000
AT_MOST = 16


@contextmanager
def canary(administrator: Api, changes: dict[str, Any]) -> Iterator[int]:
    """Half of the contacts go by the draft, whatever becomes of it; afterwards none."""
    fields = {"name": f"灰度{secrets.token_hex(3)}", "drop_pct": None, "score_drop_pct": None, "changes": changes}
    trial = administrator.ask("POST", "/rule-trials", fields)["id"]
    administrator.ask("POST", f"/rule-trials/{trial}/canary", {"share_pct": 50})
    try:
        yield trial
    finally:
        administrator.ask("POST", f"/rule-trials/{trial}/drop")


async def test_a_call_by_the_draft_and_one_beside_it_each_go_by_their_rules(
    product: Product, agent: SipAgent, administrator: Api
) -> None:
    assert agent.desk.me is not None
    slow = {"agent": agent.desk.me["id"], "delay_s": DELAY_S}
    changes = {"queues": [{"id": administrator.items("/queues")[0]["id"], "memberships": [slow]}]}
    decided: dict[str, list[dict[str, Any]]] = {"draft": [], "present": []}
    with canary(administrator, changes) as trial:
        for _ in range(AT_MOST):
            async with waiting(product, ORDINARY_NUMBER) as (_, contact):
                offered = await contact.tells("Offered")
                await served(agent)
            entered = contact.find("QueueEntered")
            assert entered is not None
            if entered.body["trial"] is None:
                continue  # the engine had not heard of the canary yet
            assert entered.body["trial"] == trial
            decided[entered.body["arm"]].append(offered.body["why"])
            if all(decided.values()):
                break
        for arm, records in decided.items():
            assert {(why["trial"], why["rules"]) for why in records} == {(trial, arm)}
        assert all(why["waited_s"] >= DELAY_S for why in decided["draft"])
        assert all(why["waited_s"] < DELAY_S for why in decided["present"])

        def told() -> dict[str, int]:
            report = administrator.read(f"/rule-trials/{trial}/report")["canary"]
            return {arm: report[arm]["contacts"] for arm in decided}

        await until(
            lambda: told() == {arm: len(found) for arm, found in decided.items()}, what="the report counts them"
        )
