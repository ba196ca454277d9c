"""Random histories of calls with several parties: second parties, three at a time, parking, crashes in between.

Whatever happens: nobody is in two calls, no customer hears silence, no agent is stuck, the record is whole.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.engine.supervision_steps import check_supervision, company_with_leads, press_key, supervise
from tests.engine.test_random_histories import check_record
from tests.engine.world import HOTLINE, World, in_world
from zhiyin.contracts import commands as c
from zhiyin.domain import agents
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import Interaction, Phase
from zhiyin.engine.adapters.simulator.legs import Behaviour

SEEDS = [pytest.param(seed, marks=[pytest.mark.extended] if seed % 3 else []) for seed in range(60)]
STEPS = 60
#: In these a customer hears a prompt now and then, or is not there yet.
_MAY_BE_SILENT = frozenset({Phase.FLOW, Phase.DIALLING, Phase.ENDED})

_WITH_CUSTOMER = ("consult", "consult", "consult", "consult", "park", "attach", "transfer", "hold", "resume", "hang_up")
_WITH_SECOND_PARTY = ("complete", "conference", "conference", "swap", "swap", "swap", "end", "hang_up", "party_leaves")
_ANY_TIME = (
    *("call", "press", "ready", "ready", "done", "wait", "wait", "dial", "fetch", "fetch", "slot"),
    *("leave", "reject", "reload", "lose", "kill", "kill", "slow", "behave"),
    *("key", "key", "key", "key", "supervise", "supervise"),
)


async def _random_step(world: World, dice: random.Random) -> None:
    calls = [session.call for session in world.board.sessions.values()]
    if not any(call.segment or call.parked for call in calls):
        await _begin_a_conversation(world, dice)
        return
    talking = [agent for agent in (1, 2, 3, 4) if any(call.leg_of(agent) is not None for call in calls)]
    agent = dice.choice(talking) if talking and dice.random() < 0.8 else dice.choice((1, 2, 3, 4))
    call = next((call for call in calls if call.leg_of(agent) is not None), None)
    if call is not None and dice.random() < 0.6:
        await _step_of_agent(
            world, dice, agent, call, dice.choice(_WITH_SECOND_PARTY if call.consult else _WITH_CUSTOMER)
        )
    else:
        await _step_of_others(world, dice, agent, dice.choice(_ANY_TIME))
    await world.pass_s(dice.choice((0.0, 0.01, 0.3, 1.5)))
    _check_now(world)


async def _begin_a_conversation(world: World, dice: random.Random) -> None:
    world.telephony.behaviours.clear()
    for agent in (1, 2, 3, 4):
        await world.ask(c.CompleteWrapUp(agent, ""))
        await world.open_desk(agent)
        await world.ask(c.SetReady(agent))
    leg = world.telephony.call(HOTLINE)
    await world.pass_s(1)
    world.telephony.press(leg, dice.choice("12"))
    await world.pass_s(3)


async def _step_of_agent(world: World, dice: random.Random, agent: int, call: Interaction, step: str) -> None:  # noqa: C901, PLR0912 - one arm a step
    kind, target = dice.choice(("agent", "queue", "number")), dice.choice((1, 2, 3))
    match step:
        case "consult":
            await world.ask(c.Consult(agent, call.id, kind, target=target, number="13900139000", note="备注"))
        case "complete":
            await world.ask(c.CompleteTransfer(agent, call.id, note=dice.choice((None, "请跟进"))))
        case "conference":
            await world.ask(c.Conference(agent, call.id))
        case "swap":
            await world.ask(c.SwapParties(agent, call.id))
        case "end":
            await world.ask(c.EndConsult(agent, call.id))
        case "hang_up":
            await world.ask(c.HangUp(agent, call.id))
        case "park":
            await world.ask(c.Park(agent, call.id))
        case "attach":
            await world.ask(c.AttachData(agent, call.id, {"order": str(dice.randrange(99))}))
        case "transfer":
            await world.ask(c.Transfer(agent, call.id, kind, target=target, number="13900139000"))
        case "hold":
            await world.ask(c.Hold(agent, call.id))
        case "resume":
            await world.ask(c.Resume(agent, call.id))
        case "party_leaves" if call.consult and call.consult.leg:
            world.telephony.end(call.consult.leg, dice.choice(("hangup", "lost")))
        case _:
            pass


async def _step_of_others(world: World, dice: random.Random, agent: int, step: str) -> None:  # noqa: C901, PLR0912 - one arm a step
    callers = [leg for leg in world.telephony.legs if leg.startswith("in-")]
    match step:
        case "call" if len(callers) < 3:
            world.telephony.call(HOTLINE)
        case "press" if callers:
            world.telephony.press(dice.choice(callers), dice.choice("12"))
        case "leave" if callers:
            world.telephony.end(dice.choice(callers))
        case "ready":
            await world.open_desk(agent)
            await world.ask(c.SetReady(agent))
        case "done":
            await world.ask(c.CompleteWrapUp(agent, ""))
        case "fetch":
            await world.ask(c.Unpark(agent, slot=dice.choice((701, 702))))
        case "slot" if "desk4" in world.telephony.registered:
            world.telephony.call(dice.choice(("701", "702")), endpoint="desk4")
        case "dial":
            await world.ask(c.Dial(agent, "13700137000"))
        case "key":
            press_key(world, dice)
        case "supervise":
            await supervise(world, dice)
        case "reject":
            offer = next((s.call.offer for s in world.board.sessions.values() if s.call.offer), None)
            if offer is not None:
                await world.ask(c.RejectOffer(offer.agent, offer.offer))
        case "reload" if world.state(agent) is not AgentState.LOGGED_OUT and agent != 4:
            identity = await world.wish(c.OpenTelephone(agent, f"tab{dice.random()}"))
            world.telephony.register(identity["username"])
        case "lose":
            await world.ask(c.DeskConnected(agent, is_connected=False))
            legs = [session.call.leg_of(agent) for session in world.board.sessions.values()]
            for leg in filter(None, legs):
                world.telephony.lose_media(leg)
        case "kill":
            await world.kill()
            await world.pass_s(dice.choice((0.0, 0.5, 4.0)))
            await world.start()
        case "slow":  # so that a kill also falls between a decision, its commit and its effects
            world.log.write_s = dice.choice((0.0, 0.1, 0.4))
        case "behave":
            outcomes = (Behaviour(), Behaviour(), Behaviour(answer_s=None), Behaviour(refuse_s=1.0))
            world.telephony.behaviours[dice.choice(("account", "trunk"))] = dice.choice(outcomes)
        case "wait":
            await world.pass_s(dice.choice((2.0, 8.0, 31.0, 125.0)))
            _check_nobody_hears_silence(world)
        case _:
            pass


def _people_of(call: Interaction) -> set[int]:
    fetching = call.dialling.agent if call.dialling and call.parked else None
    people = {
        call.segment.agent if call.segment else None,
        call.offer.agent if call.offer else None,
        call.consult.agent if call.consult else None,
        fetching,
    }
    return {person for person in people if person is not None}


def _check_now(world: World) -> None:
    check_supervision(world)
    calls = [session.call for session in world.board.sessions.values() if session.call.phase is not Phase.ENDED]
    involved = Counter(person for call in calls for person in _people_of(call))
    assert all(count == 1 for count in involved.values()), "an agent is in two calls"
    slots = Counter(call.parked.slot for call in calls if call.parked)
    assert all(count == 1 for count in slots.values()), "two calls on one slot"


def _check_nobody_hears_silence(world: World) -> None:
    """A customer hears a person, music, ringing or a prompt; so does a second party."""
    for session in world.board.sessions.values():
        call = session.call
        if call.phase in _MAY_BE_SILENT:
            continue
        parties = [call.customer_leg, call.consult.leg if call.consult else ""]
        for party in parties:
            leg = world.telephony.legs.get(party)
            if leg is None or not leg.is_up:
                continue
            hears_something = leg.has_music or leg.has_ringback or leg.playback or world.telephony.hears(party)
            assert hears_something, f"{party} hears nothing in {call}"
        if call.phase in (Phase.HELD, Phase.PARKED):
            assert not world.telephony.hears(call.customer_leg), f"the held customer hears somebody in {call}"


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_stuck_or_hears_silence(seed: int) -> None:
    async def story(world: World) -> None:
        dice = random.Random(seed)
        await world.ready(1, 2, 3, 4)
        for _ in range(STEPS):
            await _random_step(world, dice)
        world.telephony.behaviours.clear()
        world.log.write_s = 0.0
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
        stuck = [agent.id for agent in world.tenant.desk.agents.values() if agent.state in agents.BUSY]
        assert stuck == [], "an agent is stuck"
        assert len(world.tenant.desk.line) == 0
        check_record(world)
        _check_consults(world)

    in_world(story, company_with_leads())


def _check_consults(world: World) -> None:
    """Each consulting and each stay on a slot that began has one end."""
    kinds = Counter((envelope.stream, envelope.type) for envelope in world.log.envelopes)
    for (stream, kind), count in kinds.items():
        ends = {"ConsultStarted": "ConsultEnded", "Parked": "ParkEnded"}.get(kind)
        if ends is not None:
            assert kinds[stream, ends] == count, f"{kind} without its end in {stream}"
