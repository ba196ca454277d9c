"""The router's rules as an administrator sets them, on real calls: classes, rings, preferred agents, the block list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.contact import Contact, calling
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, sip_agent
from tests.harness.sipp import SippCall
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

VIP_NUMBER, ORDINARY_NUMBER, BLOCKED_NUMBER, KNOWN_NUMBER = "13900139001", "13900139002", "13900139003", "13900139004"


@contextmanager
def queue_with(administrator: Api, **fields: Any) -> Iterator[dict[str, Any]]:
    """The queue that key 1 leads to, with these settings; afterwards as it was."""
    queue = administrator.items("/queues")[0]
    administrator.ask("PATCH", f"/queues/{queue['id']}", fields)
    try:
        yield queue
    finally:
        administrator.ask("PATCH", f"/queues/{queue['id']}", {name: queue[name] for name in fields})


@contextmanager
def listed(administrator: Api, code: str, number: str) -> Iterator[None]:
    entry = administrator.ask("POST", "/lists", {"list": code, "number": number, "reason": "test"})
    try:
        yield
    finally:
        administrator.ask("POST", f"/lists/{entry['id']}/end", {"reason": "test"})


@asynccontextmanager
async def waiting(product: Product, caller: str) -> AsyncIterator[tuple[SippCall, Contact]]:
    """A caller who chose the queue and stands in its line."""
    async with calling(product, caller=caller) as (call, contact):
        await contact.tells("NodeEntered")
        await call.hears_sound()
        call.press("1")
        await contact.tells("QueueEntered")
        yield call, contact


async def served(agent: SipAgent) -> None:
    """The agent answers what rings, hangs up, and is ready again."""
    (await agent.answer()).hang_up()
    await agent.desk.is_in("wrap_up")
    await agent.be_ready()


async def test_a_vip_overtakes_who_came_first(product: Product, agent: SipAgent, administrator: Api) -> None:
    await agent.desk.do("SetNotReady", reason="meeting")
    vip = {"code": "vip", "name": "VIP", "points": 50, "is_for_vips": True}
    administrator.ask("PUT", "/routing/classes", {"classes": [vip]})
    try:
        with listed(administrator, "vip", VIP_NUMBER):
            async with waiting(product, ORDINARY_NUMBER) as (_, first), waiting(product, VIP_NUMBER) as (_, second):
                entered = await second.tells("QueueEntered")
                assert entered.body["class_code"] == "vip"
                await agent.desk.do("SetReady")
                offered = await second.tells("Offered")
                why = offered.body["why"]
                assert (why["class"], why["contact_rule"]) == ("vip", "priority")
                assert why["points"] >= 50
                assert first.find("Offered") is None
                (await agent.answer()).hang_up()
                await agent.desk.is_in("wrap_up")
                await agent.desk.do("CompleteWrapUp", interaction=second.id)
                await first.tells("Offered")
                await served(agent)
    finally:
        administrator.ask("PUT", "/routing/classes", {"classes": []})


async def test_a_ring_gives_up_a_skill_after_its_time(product: Product, agent: SipAgent, administrator: Api) -> None:
    rings = [{"after_s": 3, "drop": ["icelandic"]}]
    with queue_with(administrator, skills={"icelandic": 8}, rings=rings):
        async with waiting(product, ORDINARY_NUMBER) as (_, contact):
            offered = await contact.tells("Offered")
            assert offered.body["why"]["waited_s"] >= 3
            await served(agent)


async def test_a_caller_is_kept_for_the_last_agent_so_long_as_the_queue_says(
    product: Product, agent: SipAgent, administrator: Api, lead: Api
) -> None:
    members = administrator.items("/queues")[0]["members"]
    other = next(user for user in administrator.items("/users") if user["username"] == "1002")
    preference = {"who": "last_agent", "wait_s": 4, "within_days": 1}
    with queue_with(administrator, members=[*{*members, other["id"]}], preference=preference):
        async with waiting(product, KNOWN_NUMBER) as (_, contact):
            await served(agent)
            await contact.record(lead)
        async with (
            sip_agent(product, administrator, "1002", extension="8007") as second,
            waiting(product, KNOWN_NUMBER) as (_, contact),
        ):
            offered = await contact.tells("Offered")
            assert offered.body["agent"] == agent.desk.me["id"]
            assert offered.body["why"]["rule"] == "preferred_agent"
            await agent.answer()
            async with waiting(product, KNOWN_NUMBER) as (_, again):
                offered = await again.tells("Offered")
                why = offered.body["why"]
                assert offered.body["agent"] == second.desk.me["id"]
                assert (why["preferred"], why["preferred_end"]) == ([agent.desk.me["id"]], "waited")
                assert why["waited_s"] >= 4
                await served(second)
    await agent.desk.is_in("wrap_up")
    await agent.be_ready()


async def test_who_is_on_the_block_list_is_not_answered(product: Product, agent: SipAgent, administrator: Api) -> None:
    with listed(administrator, "block", BLOCKED_NUMBER):
        async with calling(product, caller=BLOCKED_NUMBER) as (_, contact):
            ended = await contact.tells("InteractionEnded")
            assert ended.body["reason"] == "blocked"
            assert contact.find("QueueEntered") is None
    assert agent.desk.state == "ready"


async def test_who_lets_it_ring_is_left_alone_for_a_moment_and_then_not_asked(
    product: Product, agent: SipAgent, administrator: Api
) -> None:
    rule = {"offer_timeout_s": 5, "missed_limit": 2, "missed_pause_s": 2, "missed_back_after_s": 3}
    with queue_with(administrator, **rule):
        async with waiting(product, ORDINARY_NUMBER) as (_, contact):
            await agent.rings()
            await until(lambda: missed(agent) == ("not_ready", 1), what="the agent is paused", within_s=20)
            await agent.rings()
            await until(lambda: missed(agent) == ("not_ready", 2), what="the agent is not asked", within_s=20)
            assert agent.desk.me is not None
            assert (agent.desk.me["reason"], agent.desk.me["until"] is not None) == ("ring_no_answer", True)
            assert [
                event.body["outcome"] for event in [told for told in contact.events() if told.type == "OfferEnded"]
            ] == ["no_answer", "no_answer"]
            await served(agent)
            assert missed(agent)[1] == 0, "an answer ends the row"


def missed(agent: SipAgent) -> tuple[str, int]:
    me = agent.desk.me or {}
    return me.get("state", ""), me.get("missed", 0)
