"""A call arrives: whose is it, and which flow or trunk does it belong to? Everything else is its session's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.calls import inputs
from zhiyin.engine import outbound
from zhiyin.engine.company import FlowKey
from zhiyin.engine.ports import CallArrived

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)


def take(board: Switchboard, fact: CallArrived) -> None:
    """Begin the call, or refuse it. Never raises."""
    if board.session_of(fact.leg) is not None:
        return  # the take-over found the call in the inventory before its arrival was told
    if fact.context == "telephone":
        _from_agent(board, fact)
        return
    tenant, came_by, dialled = _who_is_called(board, fact)
    flow = tenant.company.flow_of(dialled) if tenant is not None else None
    if tenant is None or flow is None or board.is_draining:
        word = "congestion" if board.is_draining else "unknown_number"
        log.info("call_refused", leg=fact.leg, word=word, endpoint=fact.endpoint)
        board.run(board.hang_up_quietly(fact.leg, word))
        return
    _begin_inbound(board, tenant, fact, flow=flow, dialled=dialled, came_by=came_by)


def _who_is_called(board: Switchboard, fact: CallArrived) -> tuple[Tenant | None, str, str]:
    """Return the company that is called, the way the call came by, and the number in canonical form."""
    guest = board.telephones.guest(fact.endpoint)
    if guest is not None:
        if not board.telephones.use_guest(fact.endpoint):
            return None, "guest", ""
        board.guest_legs[fact.leg] = fact.endpoint
        return board.tenants.get(guest.tenant), "guest", guest.entry
    tenant_id = board.telephones.tenant_of_trunk(fact.endpoint)
    if tenant_id is not None:
        tenant = board.tenants.get(tenant_id)
        return tenant, fact.endpoint.replace("-", ":", 1), _canonical(fact.dialled, tenant)
    for tenant in board.tenants.values() if fact.endpoint == "anonymous" else ():
        dialled = _canonical(fact.dialled, tenant)
        if tenant.company.settings.is_direct_sip_on and tenant.company.flow_of(dialled) is not None:
            return tenant, "direct", dialled
    return None, "direct", fact.dialled


def _begin_inbound(
    board: Switchboard, tenant: Tenant, fact: CallArrived, flow: FlowKey, dialled: str, came_by: str
) -> None:
    session = board.new_session(tenant, leg=fact.leg, flow=flow)
    caller = _canonical(fact.caller, tenant) if came_by != "guest" else ""
    caller_ref = session.know(board.new_id(), caller) if caller else None
    session.post(inputs.Arrived(fact.leg, caller_ref, dialled, came_by, fact.codec, *flow))


def _from_agent(board: Switchboard, fact: CallArrived) -> None:
    """A SIP telephone of an agent dialled: the company's own number, or one outside."""
    who = board.telephones.agent_by_account(fact.endpoint)
    tenant = board.tenants.get(who[0]) if who else None
    if who is None or tenant is None:
        board.run(board.hang_up_quietly(fact.leg, "refused"))
        return
    dialled = _canonical(fact.dialled, tenant)
    flow = tenant.company.flow_of(dialled)
    if flow is not None:
        _begin_inbound(board, tenant, fact, flow=flow, dialled=dialled, came_by=f"telephone:{fact.endpoint}")
        return
    try:
        outbound.dial(board, tenant, who[1], fact.dialled, agent_leg=fact.leg, codec=fact.codec)
    except outbound.DialRefused as refused:
        log.info("dial_refused", agent=who[1], code=refused.code)
        board.run(board.hang_up_quietly(fact.leg, "refused"))


def _canonical(number: str, tenant: Tenant | None) -> str:
    """Return the canonical form, or nothing for an anonymous or odd caller."""
    region = tenant.company.settings.region if tenant else "CN"
    try:
        return normalise_number(number, region)
    except BadNumber:
        return ""
