"""What callers do: they hang up in every state, press wrong keys or none, dial what is not there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.asterisk_adapter.telephone import Telephone
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import Contact, calling, contacts
from tests.harness.product import Product
from tests.harness.prompts import hears_prompt
from tests.harness.real_scripts import flow_in_force
from tests.harness.sip_agent import SipAgent
from tests.harness.sipp import SippCall
from tests.harness.waiting import until
from zhiyin.apps.flows.templates import menu_flow

pytestmark = pytest.mark.asyncio(loop_scope="session")

State = Callable[[SippCall, Contact, SipAgent], Awaitable[None]]


async def in_the_menu(call: SippCall, contact: Contact, agent: SipAgent) -> None:
    await contact.tells("NodeEntered")
    await call.hears_sound()


async def in_the_queue(call: SippCall, contact: Contact, agent: SipAgent) -> None:
    await agent.desk.do("SetNotReady", reason="meeting")
    call.press("1")
    await contact.tells("QueueEntered")


async def while_it_rings(call: SippCall, contact: Contact, agent: SipAgent) -> None:
    call.press("1")
    await agent.rings()
    await agent.desk.is_in("alerting")


async def while_talking(call: SippCall, contact: Contact, agent: SipAgent) -> None:
    call.press("1")
    await agent.answer()
    await call.hears_tone(AGENT_TONE_HZ)


async def on_hold(call: SippCall, contact: Contact, agent: SipAgent) -> None:
    await while_talking(call, contact, agent)
    await agent.desk.do("Hold", interaction=contact.id)
    await contact.tells("HoldStarted")


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (in_the_menu, ("self_service", "ready")),
        (in_the_queue, ("abandoned", "not_ready")),
        (while_it_rings, ("abandoned", "ready")),
        (while_talking, ("answered", "wrap_up")),
        (on_hold, ("answered", "wrap_up")),
    ],
)
async def test_the_caller_hangs_up(
    product: Product, agent: SipAgent, lead: Api, state: State, end: tuple[str, str]
) -> None:
    """Whatever the state, the record says how it ended and the agent is free for what comes next."""
    outcome, then = end
    async with calling(product) as (call, contact):
        await state(call, contact, agent)
        await call.hang_up()
    record = await contact.record(lead)
    assert (record["outcome"], record["ended_by"], record["end_reason"]) == (outcome, "customer", "hangup")
    assert (record["hold_s"] > 0) == (state is on_hold)
    await agent.desk.is_in(then)
    assert contact.events()[-1].type == "InteractionEnded"
    await until(lambda: all(call.ended.is_set() for call in agent.telephone.calls.values()), what="no leg is left")


@pytest.fixture
def impatient_number(administrator: Api) -> Iterator[str]:
    """A number with the hotline's menu that waits one second and asks twice."""
    queues = {queue["name"]: queue["id"] for queue in administrator.items("/queues")}
    graph = menu_flow(queues={"1": (queues["售后"], "售后")}, menu="number_0")
    (menu,) = (node for node in graph["nodes"] if node["kind"] == "menu")
    menu["config"] |= {"timeout_s": 1, "tries": 2}
    with flow_of(administrator, graph) as number:
        yield number


@pytest.mark.extended
async def test_wrong_keys_are_told_and_end_the_call_politely(
    product: Product, lead: Api, impatient_number: str
) -> None:
    async with calling(product, to=impatient_number) as (call, contact):
        await hears_prompt(product, call, "number_0")
        call.press("7")
        await hears_prompt(product, call, "wrong_key")
        call.press("9")
        await hears_prompt(product, call, "goodbye")
        assert await call.ended() == 0
    record = await contact.record(lead)
    assert (record["outcome"], record["ended_by"], record["end_reason"]) == ("self_service", "system", "wrong_key")


async def test_a_caller_who_presses_no_key_is_asked_again_and_then_helped(
    product: Product, agent: SipAgent, impatient_number: str
) -> None:
    """An old telephone has no keys that sound: its caller comes to a human all the same."""
    async with calling(product, to=impatient_number) as (call, contact):
        await hears_prompt(product, call, "no_key")
        await agent.answer()
        await call.hears_tone(AGENT_TONE_HZ)
    assert await contact.tells("InteractionEnded")


async def test_an_unknown_number_is_refused_and_leaves_no_contact(product: Product) -> None:
    before = contacts(product)
    async with Telephone(product.sip_port, user="13800138000") as telephone:
        call = await telephone.call("4008000000")
        await until(call.ended.is_set, what="the call is refused")
        assert call.status == 404
    assert contacts(product) == before


async def test_a_flow_with_holes_is_not_published_and_each_is_named(administrator: Api) -> None:
    """The flow in force stays as it was."""
    flow = administrator.ask("POST", "/flows", {"name": "有洞的流程", "graph": holed(administrator)})
    try:
        with pytest.raises(AssertionError, match=r"400 .*flow_has_holes.*menu.*wrong_key"):
            administrator.ask("POST", f"/flows/{flow['id']}/publish")
        assert administrator.read(f"/flows/{flow['id']}")["version"] == 0
    finally:
        administrator.ask("DELETE", f"/flows/{flow['id']}")


async def test_a_prompt_whose_file_is_lost_does_not_lose_the_caller(
    product: Product, administrator: Api, lead: Api
) -> None:
    """A hole that only shows when the call is there: the flow goes on without the words."""
    administrator.ask("POST", "/prompts/lost_words/speak", {"texts": {"zh": "今天天气很好。", "en": "Fine weather."}})
    graph = {
        "format": 1,
        "start": "start",
        "nodes": [
            {"id": "start", "kind": "start"},
            {"id": "words", "kind": "play", "config": {"prompt": {"key": "lost_words"}}},
            {"id": "end", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
        ],
        "edges": [{"from": "start", "exit": "next", "to": "words"}, {"from": "words", "exit": "next", "to": "end"}],
    }
    with flow_of(administrator, graph) as number:
        lost = [file for file in (product.data / "prompts").rglob("*") if "lost_words" in file.name]
        assert lost
        for file in lost:
            file.unlink()
        async with calling(product, to=number) as (call, contact):
            await hears_prompt(product, call, "goodbye")
            assert await call.ended() == 0
    record = await contact.record(lead)
    assert (record["outcome"], record["ended_by"]) == ("self_service", "system")
    administrator.ask("DELETE", "/prompts/lost_words")


def holed(administrator: Api) -> dict[str, Any]:
    """A menu whose wrong key leads nowhere."""
    queues = {queue["name"]: queue["id"] for queue in administrator.items("/queues")}
    graph = menu_flow(queues={"1": (queues["售后"], "售后")}, menu="menu")
    graph["edges"] = [edge for edge in graph["edges"] if edge["exit"] != "wrong_key"]
    return graph


@contextmanager
def flow_of(administrator: Api, graph: dict[str, Any]) -> Iterator[str]:
    """A number with a flow of its own, taken back afterwards."""
    with flow_in_force(administrator, {"name": "测试流程", "graph": graph}) as (_, number):
        yield number
