"""What supervisors ask: the right is checked again here, then the call or the desk is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.contracts import commands as c
from zhiyin.contracts.rights import RIGHT_FOR, is_within
from zhiyin.contracts.snapshots import AgentSetting
from zhiyin.domain.agents import REASON_FORCED, AgentState
from zhiyin.domain.calls import inputs
from zhiyin.engine.refusals import Refused

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

_CallWish = c.Monitor | c.ChangeMonitoring | c.StopMonitoring | c.TakeOver | c.Disconnect
_StateWish = c.ForceState | c.AnswerRest
Wish = _CallWish | _StateWish


async def meet(board: Switchboard, tenant: Tenant, wish: Wish, *, actor: int | None) -> None:
    """Meet a supervisor's wish. Returns once it is durable. Raises ``Refused`` and ``DeskRefused``."""
    supervisor = tenant.company.agents.get(wish.agent)
    if supervisor is None or actor != wish.agent or RIGHT_FOR[type(wish)] not in supervisor.rights:
        raise Refused("forbidden")
    if isinstance(wish, _StateWish):
        _check_reach(tenant, supervisor, wish, {wish.target})
        await _lead_state(board, tenant, wish)
        return
    session = board.sessions.get(wish.interaction)
    if session is None or session.tenant is not tenant:
        raise Refused("call_ended")
    if not isinstance(wish, c.StopMonitoring):
        _check_reach(tenant, supervisor, wish, _concerned(tenant, session))
    if isinstance(wish, c.Monitor | c.TakeOver):
        _check_can_listen(board, tenant, wish.agent)
    problem = await session.ask(_input_of(wish, session))
    if problem == "already_monitored":
        others = [m.supervisor for m in session.call.monitors if m.supervisor != wish.agent]
        names = [tenant.company.agents[other].name for other in others if other in tenant.company.agents]
        raise Refused(problem, by=", ".join(names))
    if problem is not None:
        raise Refused(problem)


def _check_reach(tenant: Tenant, supervisor: AgentSetting, wish: Wish, concerned: set[int]) -> None:
    """Raise ``Refused`` unless the right reaches one of those whom the wish concerns."""
    right = RIGHT_FOR[type(wish)]
    known = [setting for agent in concerned if (setting := tenant.company.agents.get(agent)) is not None]
    teams = [setting.team for setting in known] or [None]
    if not any(is_within(supervisor.reach, right, team) for team in teams):
        raise Refused("forbidden")


def _concerned(tenant: Tenant, session: InteractionSession) -> set[int]:
    """Return the agent of a contact; of one without, who may get it: the members of its queue."""
    call = session.call
    agent = call.segment.agent if call.segment else (call.last_agent or call.agent)
    if agent is not None:
        return {agent}
    queue = tenant.company.queue_settings.get(call.queue or call.last_queue or 0)
    return set(queue.members) if queue else set()


def _check_can_listen(board: Switchboard, tenant: Tenant, supervisor: int) -> None:
    if not tenant.desk.agent(supervisor).is_signed_in:
        raise Refused("not_signed_in")
    if board.telephones.account_of(tenant, supervisor) is None:
        raise Refused("no_telephone")


def _input_of(wish: _CallWish, session: InteractionSession) -> inputs.SupervisionWish:
    match wish:
        case c.Monitor(agent=agent, mode=mode):
            return inputs.MonitorAsked(agent, mode)
        case c.ChangeMonitoring(agent=agent, mode=mode):
            if all(monitor.supervisor != agent for monitor in session.call.monitors):
                raise Refused("not_monitoring")
            return inputs.MonitorAsked(agent, mode)
        case c.StopMonitoring(agent=agent):
            return inputs.StopMonitoringAsked(agent)
        case c.TakeOver(agent=agent):
            return inputs.TakeOverAsked(agent)
        case c.Disconnect(agent=agent):
            return inputs.DisconnectAsked(agent)


async def _lead_state(board: Switchboard, tenant: Tenant, wish: _StateWish) -> None:
    now = board.clock.now()
    if wish.target not in tenant.company.agents:
        raise Refused("not_an_agent")
    if isinstance(wish, c.ForceState):
        _force(tenant, wish, now)
    else:
        tenant.desk.rests.answer(wish.target, refusal=wish.refusal, actor=wish.agent, now=now)
    durable = board.settle(tenant)
    if durable is not None:
        await durable


def _force(tenant: Tenant, wish: c.ForceState, now: datetime) -> None:
    desk, target = tenant.desk, wish.target
    match wish.state:
        case AgentState.READY:
            desk.set_ready(target, actor=wish.agent, now=now)
        case AgentState.NOT_READY:
            desk.set_not_ready(target, REASON_FORCED, actor=wish.agent, now=now)
        case AgentState.LOGGED_OUT:
            desk.sign_out(target, actor=wish.agent, now=now)
        case _:
            raise Refused("unknown_state")
