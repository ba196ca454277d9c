"""满意度邀评 on real calls: the agent hangs up, by desk or by telephone, and the customer who is there still judges."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.asterisk.test_routing_rules import queue_with
from tests.harness.api import Api
from tests.harness.contact import calling
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="module")
def survey_flow(product: Product, administrator: Api) -> Iterator[int]:
    """A flow that asks, made from the template and in force."""
    made = administrator.ask("POST", "/flows", {"name": "满意度", "template": "survey"})
    administrator.ask("POST", f"/flows/{made['id']}/publish")
    yield made["id"]
    administrator.ask("DELETE", f"/flows/{made['id']}")


@pytest.mark.parametrize(
    "way", [("desk", 4), pytest.param(("telephone", 1), marks=pytest.mark.extended)], ids=["desk", "telephone"]
)
async def test_who_was_served_judges_by_one_key(
    product: Product, agent: SipAgent, administrator: Api, survey_flow: int, way: tuple[str, int]
) -> None:
    by, score = way
    with queue_with(administrator, survey={"flow": survey_flow, "share_pct": 100}):
        async with calling(product) as (call, contact):
            call.press("1")
            telephone = await agent.answer()
            if by == "desk":
                await agent.desk.do("HangUp", interaction=contact.id)
            else:
                telephone.hang_up()
            await agent.desk.is_in("wrap_up")
            await contact.tells("SurveyStarted")
            call.press(str(score))
            answered = await contact.tells("SurveyAnswered")
            assert (answered.body["question"], answered.body["score"], answered.body["most"]) == (
                "服务满意度",
                score,
                5,
            )
            assert await call.ended() == 0, "thanked, and the line is let go"
        record = await contact.record(administrator)
        assert (record["outcome"], record["ended_by"], record["end_reason"]) == ("answered", "agent", "surveyed")
    answers = partial(administrator.items, "/surveys/answers", interaction=contact.id)
    await until(answers, what="the answer stands in the list")
    (row,) = answers()
    assert (row["score"], row["agent_name"], row["queue_name"]) == (score, "王丽", "售后")
