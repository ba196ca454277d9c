"""What an agent's SIP telephone asks by REFER: a blind transfer, or the joining of its two calls.

It is met as the same wish of a desk is, with the same checks; the telephone is told by NOTIFY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts import commands as c
from zhiyin.domain.calls import inputs
from zhiyin.domain.calls.parking_turns import SLOTS
from zhiyin.domain.replacing import replace
from zhiyin.engine import handovers
from zhiyin.engine.outbound import DialRefused
from zhiyin.engine.ports import CallArrived, TelephonyError, TransferOutcome, TransferRequested
from zhiyin.engine.refusals import Refused

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: What may be met another time; everything else is refused for good.
_UNAVAILABLE = frozenset({"agent_not_ready", "queue_unstaffed", "no_trunk", "too_many_calls", "not_answered"})


def take(board: Switchboard, fact: TransferRequested) -> None:
    """Meet the telephone's request; a refusal leaves the conversation as it is. Never raises."""
    board.run(_meet(board, fact))


async def _meet(board: Switchboard, fact: TransferRequested) -> None:
    session = board.session_of(fact.leg)
    agent = session.call.agent_on(fact.leg) if session is not None else None
    if session is None or agent is None:
        await _report(board, fact.leg, TransferOutcome.REFUSED)
        return
    try:
        problem = await session.ask(_wish_of(board, session, agent, fact))
    except Refused as refused:
        problem = refused.problem.code
    except DialRefused as refused:
        problem = refused.code
    if problem is not None:
        log.info("transfer_refused", interaction=session.id, agent=agent, code=problem)
        outcome = TransferOutcome.UNAVAILABLE if problem in _UNAVAILABLE else TransferOutcome.REFUSED
        await _report(board, fact.leg, outcome)


def _wish_of(board: Switchboard, session: InteractionSession, agent: int, fact: TransferRequested) -> inputs.Input:
    consulted = session.call.consult
    if fact.other_leg is not None:
        if consulted is None or consulted.line is None or board.session_of(fact.other_leg) is not session:
            raise Refused("not_consulting")
        return inputs.CompleteAsked(agent, telephone=fact.leg)
    kind, target = destination(session.tenant, fact.dialled)
    number = fact.dialled if kind == "number" else None
    asked = handovers.wish_of(board, c.Transfer(agent, session.id, kind, target, number), session)
    if not isinstance(asked, inputs.TransferAsked):
        raise Refused("unknown_transfer")
    return replace(asked, telephone=fact.leg)


def destination(tenant: Tenant, dialled: str) -> tuple[str, int | None]:
    """Return what a telephone means by these digits: an agent or a queue of the company's own, or a number.

    Raises ``Refused`` for a slot on which nothing is parked: it is no number of anybody outside.
    """
    inside = tenant.company.inside(dialled)
    if inside is not None:
        return inside
    if dialled.isdecimal() and int(dialled) in SLOTS:
        raise Refused("nothing_parked")
    return "number", None


def conversation_of(board: Switchboard, tenant: Tenant, agent: int, *, account: str) -> InteractionSession | None:
    """Return the contact in which this agent talks on this telephone."""
    for session in board.sessions.values():
        leg = session.call.leg_of(agent) if session.call.segment is not None else None
        is_party = session.call.consult is not None and session.call.consult.agent == agent
        if session.tenant is tenant and leg and not is_party:
            return session if board.account_on(leg) == account else None
    return None


def consult(board: Switchboard, session: InteractionSession, agent: int, fact: CallArrived) -> None:
    """The agent in this conversation dials a second party by a second call of the telephone. Never raises."""
    board.own_leg(fact.leg, session.id, account=fact.endpoint)
    board.run(_consult(board, session, agent, fact))


async def _consult(board: Switchboard, session: InteractionSession, agent: int, fact: CallArrived) -> None:
    problem: str | None = "fault"
    try:
        kind, target = destination(session.tenant, fact.dialled)
        number = fact.dialled if kind == "number" else None
        asked = handovers.wish_of(board, c.Consult(agent, session.id, kind, target, number), session)
        if isinstance(asked, inputs.ConsultAsked):
            problem = await session.ask(replace(asked, line=fact.leg))
    except Refused as refused:
        problem = refused.problem.code
    except DialRefused as refused:
        problem = refused.code
    if problem is not None:
        log.info("consult_refused", interaction=session.id, agent=agent, code=problem)
        await board.hang_up_quietly(fact.leg, "busy" if problem in _UNAVAILABLE else "refused")


async def _report(board: Switchboard, leg: str, outcome: TransferOutcome) -> None:
    try:
        await board.telephony.report_transfer(leg, outcome)
    except TelephonyError as error:
        log.info("transfer_report_failed", leg=leg, why=str(error))
