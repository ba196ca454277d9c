"""Blocked callers are not served, VIPs are known, and nobody dials a listed number by any way without the right."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from tests.engine.world import HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.rights import OVERRIDE_LISTS
from zhiyin.contracts.snapshots import ListedNumber, TenantSettings
from zhiyin.domain.agents import AgentState

CALLER = "+8613812345678"


def listing(code: str, until: datetime | None = None) -> TenantSettings:
    """Return a company with the caller on one list; agent 2 may override it."""
    settings = company()
    agents = tuple(
        msgspec.structs.replace(agent, rights=(OVERRIDE_LISTS,)) if agent.id == 2 else agent
        for agent in settings.agents
    )
    return msgspec.structs.replace(settings, listed=(ListedNumber(CALLER, code, until),), agents=agents)


def test_a_blocked_caller_is_refused_before_the_flow_and_the_record_says_why() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: world.events("InteractionEnded"))
        (ended,) = world.events("InteractionEnded")
        assert (ended.by.value, ended.reason) == ("system", "blocked")
        assert not world.events("NodeEntered")
        await world.until(lambda: world.board.session_of(leg) is None)
        assert CALLER not in repr(world.events())

    in_world(story, listing("block"))


def test_who_was_blocked_until_yesterday_is_served() -> None:
    async def story(world: World) -> None:
        world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: world.events("NodeEntered"))

    in_world(story, listing("block", until=datetime(2020, 1, 1, tzinfo=UTC)))


def test_a_vip_is_served_and_known_as_one() -> None:
    async def story(world: World) -> None:
        leg = world.telephony.call(HOTLINE, caller=CALLER)
        await world.until(lambda: world.events("NodeEntered"))
        (started,) = world.events("InteractionStarted")
        assert started.vip
        assert world.call_of(leg).vip
        other = world.telephony.call(HOTLINE, caller="+8613900001111")
        await world.until(lambda: world.board.session_of(other) and world.call_of(other).started_at)
        assert not world.call_of(other).vip

    in_world(story, listing("vip"))


def test_a_listed_number_is_refused_by_every_way_of_dialling_and_called_by_who_may() -> None:
    async def story(world: World) -> None:
        await world.ready(1, 2)
        for is_override in (False, True):
            reply = await world.ask(c.Dial(1, "138 1234 5678", is_override=is_override))
            assert reply.problem is not None
            assert (reply.problem.code, reply.problem.facts) == (
                "number_listed",
                {"list": "do_not_call", "may_override": "no"},
            )
        asked = await world.ask(c.Dial(2, CALLER))
        assert asked.problem is not None
        assert asked.problem.facts["may_override"] == "yes"
        await world.wish(c.Dial(2, CALLER, is_override=True))
        await world.until(lambda: world.state(2) is AgentState.TALKING)
        (started,) = world.events("InteractionStarted")
        assert (started.agent, started.overridden_list) == (2, "do_not_call")
        (session,) = [s for s in world.board.sessions.values() if s.call.agent == 2]
        assert await world.refused(c.Consult(2, session.id, "number", number=CALLER)) == "number_listed"

    in_world(story, listing("do_not_call"))


def test_a_telephone_of_ours_cannot_dial_a_listed_number_either() -> None:
    async def story(world: World) -> None:
        await world.wish(c.SignIn(4))
        world.telephony.call("13812345678", endpoint="desk4")
        await world.pass_s(2)
        assert not world.events("InteractionStarted")

    in_world(story, listing("block"))
