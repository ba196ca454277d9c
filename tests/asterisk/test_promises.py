"""What a caller who waits is promised and given, heard on real calls: the place and the wait, an overflow, a holiday,
another agent where one lets it ring, a prompt that was just replaced."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.harness.api import Api
from tests.harness.contact import Contact, calling
from tests.harness.product import Product
from tests.harness.prompts import hears_prompt
from tests.harness.sip_agent import SipAgent, sip_agent
from tests.harness.sipp import SippCall
from tests.harness.waiting import until
from zhiyin.domain.announcements import minutes_prompts
from zhiyin.domain.routing.estimates import ENOUGH

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOBODY_HAS = {"icelandic": 8}


@contextmanager
def queue_with(administrator: Api, name: str = "售后", **fields: Any) -> Iterator[dict[str, Any]]:
    """A queue with these settings; afterwards as it was."""
    (queue,) = (each for each in administrator.items("/queues") if each["name"] == name)
    administrator.ask("PATCH", f"/queues/{queue['id']}", fields)
    try:
        yield queue
    finally:
        administrator.ask("PATCH", f"/queues/{queue['id']}", {each: queue[each] for each in fields})


@asynccontextmanager
async def waiting(product: Product, caller: str) -> AsyncIterator[tuple[SippCall, Contact]]:
    """A caller who stands in the line of 售后."""
    async with calling(product, caller=caller) as (call, contact):
        await contact.tells("NodeEntered")
        await call.hears_sound()
        call.press("1")
        await contact.tells("QueueEntered")
        yield call, contact


@pytest.mark.extended
async def test_the_place_and_the_expected_wait_are_heard(product: Product, agent: SipAgent, administrator: Api) -> None:
    await agent.desk.do("SetNotReady", reason="meeting")
    async with AsyncExitStack() as line:
        for number in range(ENOUGH):
            await line.enter_async_context(waiting(product, f"1391111100{number}"))
        await agent.desk.do("SetReady")
        for _ in range(ENOUGH):
            (await agent.answer()).hang_up()
            await agent.desk.is_in("wrap_up")
            assert agent.desk.me is not None
            await agent.desk.do("CompleteWrapUp", interaction=agent.desk.me["interaction"])
            await until(lambda: agent.desk.state != "wrap_up", what="the agent is free for the next")
    await agent.desk.is_in("ready")  # what a contact costs is known now
    async with waiting(product, "13911110002") as (_, talking):
        telephone = await agent.answer()
        async with waiting(product, "13911110003") as (call, first):
            await hears_prompt(product, call, "next_in_line", within_s=30)
            promise = (await first.tells("WaitEstimated")).body
            for key in minutes_prompts(promise["p50_s"], promise["p90_s"]):
                await hears_prompt(product, call, key, within_s=30)
            async with waiting(product, "13911110004") as (later, second):
                await hears_prompt(product, later, "position_one", within_s=30)
                assert (await second.tells("WaitEstimated")).body["before"] == 1
        telephone.hang_up()
        await talking.tells("InteractionEnded")
    await agent.be_ready()


async def test_after_his_time_a_caller_moves_to_another_queue_with_his_wait(
    product: Product, agent: SipAgent, administrator: Api
) -> None:
    me = agent.desk.me["id"] if agent.desk.me else 0
    with queue_with(administrator, "销售", members=[me]) as sales:
        moves = {"condition": "waited_over", "threshold": 3, "action": "move", "queue": sales["id"]}
        with queue_with(administrator, skills=NOBODY_HAS, overflow=[moves]) as queue:
            async with waiting(product, "13911110005") as (_, contact):
                taken = (await contact.tells("OverflowTaken")).body
                assert (taken["queue"], taken["action"], taken["target"]) == (queue["id"], "move", sales["id"])
                telephone = await agent.answer()
                offered = (await contact.tells("Offered")).body
                assert offered["why"]["waited_s"] >= 3, "the wait so far counts there"
                telephone.hang_up()
                await contact.tells("InteractionEnded")
    await agent.be_ready()


@pytest.mark.extended
async def test_after_his_time_a_caller_is_asked_for_a_message(
    product: Product, agent: SipAgent, administrator: Api
) -> None:
    asks = {"condition": "waited_over", "threshold": 3, "action": "message"}
    await agent.desk.do("SetNotReady", reason="meeting")
    with queue_with(administrator, overflow=[asks], voicemail={"is_offered": False}):
        async with waiting(product, "13911110006") as (call, contact):
            await hears_prompt(product, call, "message_invite", within_s=30)
            began_at = (await contact.tells("RecordingStarted")).at
            await until(
                lambda: datetime.now(UTC) - began_at > timedelta(seconds=3), what="something is said", within_s=20
            )
            call.press("#")
            await hears_prompt(product, call, "message_saved", within_s=30)
            ended = await contact.tells("MessageEnded")
            assert ended.body["outcome"] == "left"
        await agent.desk.do("SetReady")
    telephone = await agent.answer()
    await agent.desk.do("HangUp", interaction=contact.id)
    await contact.tells("InteractionEnded")
    await until(telephone.ended.is_set, what="the agent's telephone is free")
    await agent.be_ready()


async def test_on_a_holiday_the_closed_message_is_heard_and_nobody_waits(product: Product, administrator: Api) -> None:
    (hours,) = administrator.items("/hours")
    today = datetime.now(UTC).date()
    around = {str(today + timedelta(days=days)): [] for days in (-1, 0, 1)}  # whatever the company's clock says
    administrator.ask("PATCH", f"/hours/{hours['id']}", {"dates": {**hours["dates"], **around}})
    try:
        async with calling(product, caller="13911110007") as (call, contact):
            await hears_prompt(product, call, "closed", within_s=30)
            ended = await contact.tells("InteractionEnded")
            assert ended.body["reason"] == "closed"
            assert contact.find("QueueEntered") is None
    finally:
        administrator.ask("PATCH", f"/hours/{hours['id']}", {"dates": hours["dates"]})


async def test_whoever_lets_it_ring_loses_the_caller_to_the_next_agent(
    product: Product, agent: SipAgent, administrator: Api
) -> None:
    members = next(each for each in administrator.items("/queues") if each["name"] == "售后")["members"]
    other = next(user for user in administrator.items("/users") if user["username"] == "1002")
    everybody = [*{*members, other["id"]}]
    with queue_with(administrator, members=everybody, offer_timeout_s=5):
        async with sip_agent(product, administrator, "1002", extension="8009") as second:
            await agent.desk.do("SetNotReady", reason="meeting")
            await agent.desk.is_in("not_ready")
            async with waiting(product, "13911110008") as (_, contact):
                # the second is asked first and lets it ring; the first is there by then
                ringing = await second.rings()
                await agent.desk.do("SetReady")
                ended = (await contact.tells("OfferEnded")).body
                assert (ended["agent"], ended["outcome"]) == (second.desk.me["id"], "no_answer")
                await until(ringing.ended.is_set, what="the telephone that was let ring is still")
                (await agent.answer()).hang_up()
                await contact.tells("InteractionEnded")
            await second.desk.is_in("not_ready")
    await agent.be_ready()


@pytest.mark.extended
async def test_a_replaced_prompt_is_heard_by_the_next_caller_and_the_old_one_after_putting_back(
    product: Product, administrator: Api
) -> None:
    first = _upload(administrator, "welcome", _tone(700))
    _upload(administrator, "welcome", _tone(1400))
    try:
        async with calling(product, caller="13911110009") as (call, _):
            await call.hears_tone(1400)
        administrator.ask("POST", f"/prompts/welcome/versions/{first}/put-back", {})
        async with calling(product, caller="13911110009") as (call, _):
            await call.hears_tone(700)
    finally:
        administrator.ask("DELETE", "/prompts/welcome")
    async with calling(product, caller="13911110009") as (call, _):
        await hears_prompt(product, call, "welcome")


def _tone(hz: float) -> bytes:
    at_s = np.arange(3 * 16_000) / 16_000
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((12_000 * np.sin(2 * np.pi * hz * at_s)).astype("<i2").tobytes())
    return target.getvalue()


def _upload(administrator: Api, key: str, wav: bytes) -> int:
    """Return the id of the version that is in force now."""
    made = administrator.send_file("/prompts", {"key": key, "language": "zh"}, name="hello.wav", content=wav)
    return int(next(each["id"] for each in made["versions"] if each["is_in_force"]))
