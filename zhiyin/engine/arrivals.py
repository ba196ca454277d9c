"""A call arrives: whose is it, and which flow or trunk does it belong to? Everything else is its session's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts.attached_data import MAX_KEYS, fitting, to_value
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.admission_shares import vip_key
from zhiyin.domain.calls import inputs
from zhiyin.domain.dialing.lists import ListCode
from zhiyin.domain.security.bans import Offence
from zhiyin.engine import internal_calls, outbound, telephone_transfers
from zhiyin.engine.ports import DATA_HEADER, CallArrived, TelephonyError

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: What a telephone is told as busy: another time it may be.
_BUSY = frozenset({"busy", "colleague_busy", "colleague_away", "queue_unstaffed"})


def take(board: Switchboard, fact: CallArrived) -> None:
    """Begin the call, or refuse it. Never raises."""
    if board.session_of(fact.leg) is not None:
        return  # the take-over found the call in the inventory before its arrival was told
    if fact.context == "telephone":
        _from_agent(board, fact)
        return
    key = vip_key(fact.dialled)
    is_vip = any(key in tenant.company.vip_keys for tenant in board.tenants.values())
    board.arrivals.entered(fact.endpoint, is_vip=is_vip, node=board.node_of(fact.leg))
    guest = board.telephones.guest(fact.endpoint)
    if guest is not None and guest.trial:
        if board.is_draining or not board.trial_calls.take(fact, guest):
            _refuse(board, fact, "congestion")
        return
    tenant, came_by, dialled = _who_is_called(board, fact)
    if board.is_draining:
        _refuse(board, fact, "congestion")
    elif tenant is None or not _begin_inbound(board, tenant, fact, dialled=dialled, came_by=came_by):
        board.suspect(Offence.UNKNOWN_NUMBER, fact.source)
        _refuse(board, fact, "unknown_number")


def _refuse(board: Switchboard, fact: CallArrived, word: str) -> None:
    log.info("call_refused", leg=fact.leg, word=word, endpoint=fact.endpoint)
    board.run(board.hang_up_quietly(fact.leg, word))


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


def _begin_inbound(board: Switchboard, tenant: Tenant, fact: CallArrived, *, dialled: str, came_by: str) -> bool:
    """Begin the flow of the number; False where the company has no such number."""
    flow = tenant.company.flow_of(dialled)
    if flow is None:
        return False
    session = board.new_session(tenant, leg=fact.leg, flow=flow)
    caller = _canonical(fact.caller, tenant) if came_by != "guest" else ""
    caller_ref = session.know(board.new_id(), caller) if caller else None
    board.arrivals.came(session.id)
    lists = tenant.company.lists_of(caller, board.clock.now())
    is_blocked = ListCode.BLOCK in lists and not came_by.startswith("telephone:")
    session.post(
        inputs.Arrived(
            fact.leg,
            caller_ref,
            dialled,
            came_by,
            fact.codec,
            *flow,
            is_vip=ListCode.VIP in lists,
            is_blocked=is_blocked,
        )
    )
    if fact.has_data and came_by.startswith("trunk:"):
        board.run(_attach_data(board, session, fact.leg))
    return True


async def _attach_data(board: Switchboard, session: InteractionSession, leg: str) -> None:
    """Attach what the carrier gives along in headers. Only a trunk is believed; whoever else dials could say anything.

    Without it the call goes on all the same: it waits for nothing here.
    """
    try:
        headers = await board.telephony.read_headers(leg, prefix=DATA_HEADER, at_most=MAX_KEYS)
    except TelephonyError as error:
        log.info("data_unread", leg=leg, why=str(error))
        return
    data = fitting(headers)
    if len(data) < len(headers):
        log.info("data_left_out", leg=leg, keys=len(headers) - len(data))
    if data and not session.is_over:
        session.post(inputs.DataGiven(session.know(board.new_id(), to_value(data), kind="data"), by="carrier"))


def _from_agent(board: Switchboard, fact: CallArrived) -> None:
    """A SIP telephone of an agent dialled: the company's own number, or one outside."""
    who = board.telephones.agent_by_account(fact.endpoint)
    tenant = board.tenants.get(who[0]) if who else None
    if who is None or tenant is None:
        _refuse(board, fact, "refused")
        return
    parked = board.parked_on(tenant, int(fact.dialled)) if fact.dialled.isdecimal() else None
    if parked is not None:
        board.run(_fetch(board, parked, who[1], fact))
        return
    talking = telephone_transfers.conversation_of(board, tenant, who[1], account=fact.endpoint)
    if talking is not None:
        telephone_transfers.consult(board, talking, who[1], fact)
        return
    dialled = _canonical(fact.dialled, tenant)
    if _begin_inbound(board, tenant, fact, dialled=dialled, came_by=f"telephone:{fact.endpoint}"):
        return
    inside = tenant.company.inside(fact.dialled)
    session: InteractionSession
    asked: inputs.Input
    try:
        if inside is not None:
            session, asked = internal_calls.dial(board, tenant, who[1], *inside, agent_leg=fact.leg, codec=fact.codec)
        else:
            session, asked = outbound.dial(board, tenant, who[1], fact.dialled, agent_leg=fact.leg, codec=fact.codec)
    except outbound.DialRefused as refused:
        log.info("dial_refused", agent=who[1], code=refused.code)
        _refuse(board, fact, "busy" if refused.code in _BUSY else "refused")
        return
    session.post(asked)


async def _fetch(board: Switchboard, parked: InteractionSession, agent: int, fact: CallArrived) -> None:
    """A SIP telephone dialled the slot of a parked contact."""
    board.own_leg(fact.leg, parked.id, account=fact.endpoint)
    if parked.is_over or await parked.ask(inputs.UnparkAsked(agent, fact.leg)) is not None:
        _refuse(board, fact, "busy")


def _canonical(number: str, tenant: Tenant | None) -> str:
    """Return the canonical form, or nothing for an anonymous or odd caller."""
    region = tenant.company.settings.region if tenant else "CN"
    try:
        return normalise_number(number, region)
    except BadNumber:
        return ""
