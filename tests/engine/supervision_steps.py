"""Random wishes of supervisors and random keys of telephones, for the random histories."""

from __future__ import annotations

import random

from tests.engine.world import World, company
from zhiyin.contracts import commands as c
from zhiyin.contracts.rights import FORCE_AGENTS, SUPERVISE_CALLS
from zhiyin.contracts.snapshots import AgentSetting, TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import MonitoringMode
from zhiyin.engine.ports import LegHeld, TransferRequested

LEADS = (5, 6)


def company_with_leads() -> TenantSettings:
    """Return the company with two leads who serve no queue."""
    rights = (SUPERVISE_CALLS, FORCE_AGENTS)
    leads = (AgentSetting(lead, f"班长{lead}", f"200{lead}", rights=rights) for lead in LEADS)
    return company(agents=(*company().agents, *leads))


async def supervise(world: World, dice: random.Random) -> None:
    """One wish of one lead, about whatever contact there is."""
    lead = dice.choice(LEADS)
    if world.state(lead) is AgentState.LOGGED_OUT:
        await world.open_desk(lead)
    talking = sorted(session.id for session in world.board.sessions.values() if session.call.segment)
    contacts = talking or sorted(world.board.sessions) or ["none"]
    contact, mode = dice.choice(contacts), dice.choice(list(MonitoringMode))
    state = dice.choice((AgentState.READY, AgentState.NOT_READY, AgentState.LOGGED_OUT))
    wishes: tuple[c.Command, ...] = (
        c.Monitor(lead, contact, mode),
        c.Monitor(lead, contact, mode),
        c.Monitor(lead, contact, mode),
        c.ChangeMonitoring(lead, contact, mode),
        c.StopMonitoring(lead, contact),
        c.TakeOver(lead, contact),
        c.ForceState(lead, dice.choice((1, 2, 3, 4)), state),
    )
    wish = c.Disconnect(lead, contact) if dice.random() < 0.05 else dice.choice(wishes)
    await world.ask(wish, actor=lead)


def press_key(world: World, dice: random.Random) -> None:
    """A key of some party's own telephone: hold, transfer, or a second call and the joining of the two."""
    legs = sorted(world.telephony.legs)
    if not legs:
        return
    talking = [s.call for s in world.board.sessions.values() if s.call.segment and s.call.segment.agent == 4]
    call = talking[0] if talking else None
    leg = call.segment.leg if call and call.segment.leg in legs and dice.random() < 0.8 else dice.choice(legs)
    dialled = dice.choice(("1001", "1002", "8004", "13700137000", "0019005550100"))
    match dice.choice(("hold", "release", "refer", "second call", "second call", "join")):
        case "hold":
            world.engine.take_fact(LegHeld(leg, is_held=True))
        case "release":
            world.engine.take_fact(LegHeld(leg, is_held=False))
        case "refer":
            world.engine.take_fact(TransferRequested(leg, dialled))
        case "join":
            line = call.consult.line if call and call.consult else None
            world.engine.take_fact(TransferRequested(leg, dialled, other_leg=line or dice.choice(legs)))
        case _ if "desk4" in world.telephony.registered:
            world.telephony.call(dialled, endpoint="desk4")
        case _:
            pass


def check_supervision(world: World) -> None:
    """Whoever monitors is in the state for it and nowhere else; a listener is heard by nobody."""
    for session in world.board.sessions.values():
        call = session.call
        for monitor in call.monitors:
            assert call.segment is not None, "somebody monitors a contact in which nobody talks"
            assert call.segment.agent == monitor.agent, "the monitored agent is not the contact's agent"
            agent = world.tenant.desk.agent(monitor.supervisor)
            assert (agent.state, agent.interaction) == (AgentState.MONITORING, call.id)
            if monitor.is_connected and monitor.mode is MonitoringMode.LISTEN and monitor.leg in world.telephony.legs:
                hearing = [leg for leg in world.telephony.legs if monitor.leg in world.telephony.hears(leg)]
                assert hearing == [], "a listener is heard"
    watching = [m.supervisor for s in world.board.sessions.values() for m in s.call.monitors]
    assert len(watching) == len(set(watching)), "a lead monitors two contacts"
    for agent in world.tenant.desk.agents.values():
        assert (agent.state is AgentState.MONITORING) == (agent.id in watching), "a lead is stuck in monitoring"
