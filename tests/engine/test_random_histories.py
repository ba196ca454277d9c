"""Random callers, agents, failures and crashes: whatever happens, nobody is stuck and the record is whole."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from tests.engine.supervision_steps import check_supervision, company_with_leads, press_key, supervise
from tests.engine.world import HOTLINE, World, in_world
from zhiyin.contracts import commands as c
from zhiyin.domain import agents
from zhiyin.domain.agents import Agent, AgentState, AgentStateChanged
from zhiyin.engine.adapters.simulator.legs import Behaviour

SEEDS = [pytest.param(seed, marks=[pytest.mark.extended] if seed % 3 else []) for seed in range(60)]
STEPS = 60


_STEPS = (
    *("call", "call", "press", "press", "leave", "ready", "ready", "rest", "out", "hold", "resume", "hang_up"),
    *("transfer", "dial", "complete", "reload", "lose", "away", "kill", "asterisk", "behave", "wait", "wait"),
    *("supervise", "supervise", "supervise", "key", "key"),
)


async def _random_step(world: World, dice: random.Random) -> None:  # noqa: C901, PLR0912 - one arm a step
    callers = [leg for leg in world.telephony.legs if leg.startswith("in-")]
    agent = dice.choice((1, 2, 3, 4))
    call = next(
        (s.call for s in world.board.sessions.values() if s.call.segment and s.call.segment.agent == agent), None
    )
    step = dice.choice(_STEPS)
    match step:
        case "call":
            world.telephony.call(HOTLINE, caller=dice.choice(("13800138000", "anonymous", "02162000000")))
        case "press" if callers:
            world.telephony.press(dice.choice(callers), dice.choice("120789"))
        case "leave" if callers:
            world.telephony.end(dice.choice(callers))
        case "ready":
            await world.open_desk(agent)
            await world.ask(c.SetReady(agent))
        case "rest":
            await world.ask(c.SetNotReady(agent, "rest"))
        case "out":
            await world.ask(c.SignOut(agent))
        case "hold" if call:
            await world.ask(c.Hold(agent, call.id))
        case "resume" if call:
            await world.ask(c.Resume(agent, call.id))
        case "hang_up" if call:
            await world.ask(c.HangUp(agent, call.id))
        case "transfer" if call:
            kind = dice.choice(("agent", "queue", "number"))
            target = dice.choice((1, 2, 3))
            await world.ask(c.Transfer(agent, call.id, kind, target=target, number="13900139000"))
        case "dial":
            await world.ask(c.Dial(agent, "13700137000"))
        case "complete":
            await world.ask(c.CompleteWrapUp(agent, "", then_ready=dice.random() < 0.8))
        case "reload" if world.state(agent) is not AgentState.LOGGED_OUT and agent != 4:
            identity = await world.wish(c.OpenTelephone(agent, f"tab{dice.random()}"))
            world.telephony.register(identity["username"])
        case "lose" if call and call.segment.leg:
            await world.ask(c.DeskConnected(agent, is_connected=False))
            world.telephony.lose_media(call.segment.leg)
        case "supervise":
            await supervise(world, dice)
        case "key":
            press_key(world, dice)
        case "away":
            world.log.is_away = not world.log.is_away
        case "kill" if not world.log.is_away:
            await world.kill()
            await world.pass_s(dice.choice((0.0, 0.5, 4.0)))
            await world.start()
        case "asterisk" if dice.random() < 0.3:
            world.telephony.connection.go_away()
            await world.pass_s(dice.choice((0.1, 2.0)))
            world.telephony.connection.come_back(is_restarted=dice.random() < 0.5)
        case "behave":
            outcomes = (Behaviour(), Behaviour(answer_s=None), Behaviour(answer_s=6.0), Behaviour(refuse_s=1.0))
            world.telephony.behaviours[dice.choice(("account", "trunk"))] = dice.choice(outcomes)
        case _:
            await world.pass_s(dice.choice((0.05, 1.0, 8.0, 31.0)))
    await world.pass_s(dice.choice((0.0, 0.01, 0.3)))
    _check_now(world)


def _check_now(world: World) -> None:
    check_supervision(world)
    talking = Counter(s.call.segment.agent for s in world.board.sessions.values() if s.call.segment)
    assert all(count == 1 for count in talking.values()), "an agent has two conversations"
    offered = Counter(offer.agent for s in world.board.sessions.values() for offer in s.call.offers)
    assert all(count == 1 for count in offered.values()), "an agent was offered two contacts"
    assert not set(talking) & set(offered), "an agent in conversation was offered another contact"


def check_record(world: World) -> None:
    """One start and one end a contact; states of an agent follow each other without a gap or an overlap."""
    started = Counter(e.stream for e in world.log.envelopes if e.type == "InteractionStarted")
    ended = Counter(e.stream for e in world.log.envelopes if e.type == "InteractionEnded")
    assert started == ended
    assert all(count == 1 for count in started.values())
    assert world.log.open == {}
    opened, closed = Counter(), Counter()
    for envelope in world.log.envelopes:
        match envelope.type:
            case "SegmentStarted":
                opened[envelope.stream] += 1
            case "SegmentEnded":
                closed[envelope.stream] += 1
    assert opened == closed
    people: dict[int, tuple[Agent, timedelta]] = {}
    for envelope in sorted(world.log.envelopes, key=lambda e: (e.epoch, e.number)):
        event = envelope.event()
        if isinstance(event, AgentStateChanged):
            before, _ = people.get(event.agent, (Agent(event.agent), timedelta()))
            assert before.since is None or envelope.at >= before.since
            people[event.agent] = (agents.apply(before, event, envelope.at), timedelta())


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_stuck_and_the_record_is_whole(seed: int) -> None:
    """After any history, once every caller has hung up, no leg, no open contact and no busy agent is left."""

    async def story(world: World) -> None:
        dice = random.Random(seed)
        for _ in range(STEPS):
            await _random_step(world, dice)
        world.log.is_away = False
        world.telephony.behaviours.clear()
        await world.pass_s(5)
        for leg in [leg for leg in world.telephony.legs if leg.startswith("in-")]:
            world.telephony.end(leg)
        await world.pass_s(120)
        for session in list(world.board.sessions.values()):
            world.telephony.end(session.call.customer_leg)
        await world.pass_s(200)
        assert world.board.sessions == {}
        assert world.telephony.legs == {}
        assert world.telephony.bridges == {}
        busy = [a.id for a in world.tenant.desk.agents.values() if a.state in agents.BUSY]
        assert busy == [], "an agent is stuck"
        assert len(world.tenant.desk.line) == 0
        await world.until(lambda: world.engine.health().log == "ok")
        check_record(world)

    settings = company_with_leads()
    if seed % 2:
        queues = [msgspec.structs.replace(queue, agent_choice="ring_all", ring_at_most=2) for queue in settings.queues]
        settings = msgspec.structs.replace(settings, queues=tuple(queues))
    in_world(story, settings)
