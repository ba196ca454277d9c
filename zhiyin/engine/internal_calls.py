"""Calling a colleague, or a queue of the company's own: may it be now? Then the call begins (内部通话)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.domain.calls.inputs import ColleagueDialAsked
from zhiyin.domain.interactions import Direction
from zhiyin.engine.outbound import DialRefused

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant


def dial(
    board: Switchboard,
    tenant: Tenant,
    agent: int,
    kind: str,
    target: int | None,
    *,
    agent_leg: str | None = None,
    codec: str = "alaw",
) -> tuple[InteractionSession, ColleagueDialAsked]:
    """Make ready a call of ``agent`` to a colleague or a queue, as ``outbound.dial`` does to a number.

    Raises ``DialRefused``; then nothing has happened.
    """
    account = board.telephones.account_of(tenant, agent)
    if tenant.desk.is_occupied(agent):
        raise DialRefused("busy")
    if agent_leg is None and account is None:
        raise DialRefused("no_telephone")
    checked = _check_agent(tenant, agent, target) if kind == "agent" else _check_queue(tenant, kind, target)
    session = board.new_session(tenant, leg=None, direction=Direction.INTERNAL)
    tenant.desk.hold(agent, session.id)  # from here, not from the session's first turn: nobody else may take it
    board.own_leg(agent_leg or f"{session.id}-c", session.id, account=account)
    return session, ColleagueDialAsked(agent, kind, checked, codec, agent_leg)


def _check_agent(tenant: Tenant, agent: int, target: int | None) -> int:
    if target is None or target not in tenant.company.agents:
        raise DialRefused("not_an_agent")
    if target == agent:
        raise DialRefused("transfer_to_self")
    if not tenant.desk.may_fetch(target):
        is_here = tenant.desk.agent(target).is_signed_in and tenant.desk.presences.is_reachable(target)
        raise DialRefused("colleague_busy" if is_here else "colleague_away")
    return target


def _check_queue(tenant: Tenant, kind: str, target: int | None) -> int:
    if kind != "queue" or target is None or target not in tenant.company.queues:
        raise DialRefused("unknown_queue")
    if not tenant.desk.is_staffed(target):
        raise DialRefused("queue_unstaffed")
    return target
