"""Several contacts of one agent: a company's rules of capacity at work, seen with contacts of the test channel."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from tests.engine.test_waiting import caller
from tests.engine.world import AFTER_SALES, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import BoardUpdate
from zhiyin.contracts.rehearsals import Rehearsal
from zhiyin.contracts.snapshots import ChannelSetting, RoutingSetting, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.engine import companies


def settings(*channels: ChannelSetting, own: dict[str, int] | None = None) -> TenantSettings:
    """One queue's agents 1 and 2; agent 1 may have limits of its own."""
    plain = company()
    agents = tuple(replace(one, channel_limits=own or {}) if one.id == 1 else one for one in plain.agents)
    return replace(plain, routing=RoutingSetting(channels=channels), agents=agents)


async def put(world: World, channel: str, count: int, lasts_s: int = 600) -> list[str]:
    rows = await world.wish(c.PutTestContacts(AFTER_SALES, channel, count, lasts_s))
    return [row["id"] for row in rows]


async def taken(world: World) -> dict[str, int | None]:
    return {row["id"]: row["agent"] for row in await world.wish(c.ListTestContacts())}


def beside(world: World, agent: int) -> dict[str, int]:
    (row,) = [row for row in world.tenant.board.board().agents if row.id == agent]
    return row.test_contacts


async def talk(world: World, *agents: int) -> str:
    leg = await caller(world)
    await world.until(lambda: any(world.state(agent) is AgentState.ALERTING for agent in agents))
    offered = world.events("Offered")[-1]
    await world.until(lambda: offered.leg in world.telephony.legs)
    world.telephony.pick_up(offered.leg)
    await world.until(lambda: world.state(offered.agent) is AgentState.TALKING)
    return leg


def test_an_agent_has_as_many_as_the_rules_and_its_own_limit_say() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2)
        await put(world, "chat", 8)
        assert (beside(world, 1), beside(world, 2)) == ({"chat": 2}, {"chat": 4}), "two by its own limit, four by all's"
        assert list((await taken(world)).values()).count(None) == 2
        await put(world, "mail", 2)
        assert beside(world, 1) == {"chat": 2, "mail": 1}, "two chats leave room for a letter, four do not"
        told = msgspec.convert(await world.wish(c.TryRouting(AFTER_SALES)), Rehearsal).present
        verdicts = {one.agent: (one.verdict, one.load) for one in told.agents}
        assert verdicts[1] == ("full", {"chat": 2, "mail": 1}), "who writes is not called away"
        assert verdicts[2] == ("full", {"chat": 4})

    in_world(story, settings(own={"chat": 2}))


def test_a_call_comes_on_top_of_what_it_may_interrupt_and_a_chat_beside_a_call_where_there_is_room() -> None:
    """Not only the router: the desk lets an agent who talks be found for what fits beside a call."""
    light = (ChannelSetting("voice", 1, 60, interrupts=("mail", "chat")), ChannelSetting("chat", 2, 20))

    async def story(world: World) -> None:
        await world.ready(1)
        await put(world, "chat", 1)
        leg = await talk(world, 1)
        await put(world, "chat", 1)
        assert beside(world, 1) == {"chat": 2}, "a second chat while it talks"
        waiting = await put(world, "chat", 1)
        other = await caller(world, number="13800138001")
        await world.pass_s(5)
        assert not world.call_of(other).offers, "one call at a time"
        world.telephony.end(other)
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        (first, *_), _ = await taken(world), await world.wish(c.EndTestContacts("test-1"))
        assert first == "test-1"
        assert (await taken(world))[waiting[0]] is None, "nobody is given anything in after-call work"
        await world.wish(c.CompleteWrapUp(1, world.tenant.desk.agent(1).interaction or ""))
        assert (await taken(world))[waiting[0]] == 1

    in_world(story, settings(*light))


def test_with_the_plain_rules_nothing_comes_beside_a_call() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        leg = await talk(world, 1)
        (chat,) = await put(world, "chat", 1)
        assert await taken(world) == {chat: None}
        world.telephony.end(leg)
        await world.until(lambda: world.state(1) is AgentState.WRAP_UP)
        await world.wish(c.CompleteWrapUp(1, world.tenant.desk.agent(1).interaction or ""))
        assert await taken(world) == {chat: 1}
        other = await caller(world, number="13800138001")
        await world.pass_s(5)
        assert not world.call_of(other).offers, "who writes is not called away"
        await world.wish(c.EndTestContacts())
        await world.until(lambda: world.call_of(other).offers)

    in_world(story, settings())


def test_who_signs_out_gives_its_test_contacts_back_and_each_is_over_in_its_time() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        (chat,) = await put(world, "chat", 1, lasts_s=60)
        await world.wish(c.SetNotReady(1, "meeting"))
        assert await taken(world) == {chat: 1}, "who is not ready keeps what it has"
        await world.wish(c.SignOut(1))
        assert await taken(world) == {chat: None}
        await world.ready(2)
        assert await taken(world) == {chat: 2}
        await world.pass_s(61)
        assert await taken(world) == {}
        assert beside(world, 2) == {}

    in_world(story, settings())


def test_what_cannot_be_put_is_refused() -> None:
    async def story(world: World) -> None:
        put_in = c.PutTestContacts
        assert await world.refused(put_in(99, "chat", 1, 60)) == "unknown_queue"
        assert await world.refused(put_in(AFTER_SALES, "voice", 1, 60)) == "unknown_channel"
        assert await world.refused(put_in(AFTER_SALES, "chat", 51, 60)) == "too_many_tests"
        assert not world.events("QueueEntered"), "nothing of it stands in the log"

    in_world(story, settings())


def test_changed_rules_hold_for_who_is_on_a_call() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        await talk(world, 1)
        (chat,) = await put(world, "chat", 1)
        assert await taken(world) == {chat: None}
        changed: Any = settings(ChannelSetting("voice", 1, 50), ChannelSetting("chat", 4, 25))
        companies.put(world.board, replace(changed, version=2))
        assert await taken(world) == {chat: 1}
        companies.put(world.board, replace(settings(), version=3))
        assert beside(world, 1) == {"chat": 1}
        assert await taken(world) == {chat: 1}, "what it has stays"

    in_world(story, settings())


def test_the_board_shows_no_test_contact_any_more_when_its_time_is_over() -> None:
    """Nothing was sent then: whoever looked on saw it for ever (seed 919058855 of the simulation)."""

    async def story(world: World) -> None:
        await world.ready(1)
        shown = beside_as_sent(world, 1)
        await put(world, "mail", 1, lasts_s=60)
        await world.until(lambda: shown[-1:] == [{"mail": 1}])
        await world.until(lambda: shown[-1:] == [{}], within_s=61)

    in_world(story)


def test_the_board_follows_test_contacts_that_an_agent_takes_and_gives_back() -> None:
    async def story(world: World) -> None:
        shown = beside_as_sent(world, 1)
        await put(world, "mail", 1)
        await world.ready(1)
        await world.until(lambda: shown[-1:] == [{"mail": 1}])
        await world.wish(c.SignOut(1))
        await world.until(lambda: shown[-1:] == [{}])

    in_world(story)


def beside_as_sent(world: World, agent: int) -> list[dict[str, int]]:
    """Return what whoever looks on is told of the agent's test contacts, as it is told."""
    shown: list[dict[str, int]] = []

    def take(update: BoardUpdate) -> None:
        shown.extend(row.test_contacts for row in update.agents if row.id == agent)

    world.board.on_board = take
    return shown
