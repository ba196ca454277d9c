"""Calling out: may this agent call this number now, and by which trunk? Then the call begins."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.rights import OVERRIDE_LISTS
from zhiyin.contracts.snapshots import TrunkSetting
from zhiyin.domain.calls.inputs import DialAsked
from zhiyin.domain.dialing.destinations import is_emergency, why_forbidden
from zhiyin.domain.dialing.lists import ListCode, why_not_called
from zhiyin.domain.dialing.spending import Destination, destination_of
from zhiyin.domain.interactions import Direction, Interaction, Phase
from zhiyin.domain.security.forwarding import MAX_HOPS, Passage, hops

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)


class DialRefused(Exception):
    """The call may not be made; ``code`` says why, ``facts`` fill the sentence."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def dial(
    board: Switchboard,
    tenant: Tenant,
    agent: int,
    typed: str,
    *,
    agent_leg: str | None = None,
    codec: str = "alaw",
    is_override: bool = False,
) -> tuple[InteractionSession, DialAsked]:
    """Make ready a call of ``agent`` to ``typed``: it begins when its session is given what is returned with it.

    Raises ``DialRefused``; then nothing has happened. ``agent_leg``: the agent dialled on a SIP telephone and waits
    on that leg. ``is_override``: call it though it is blocked or not to be called.
    """
    number, overridden = check_number(board, tenant, agent, typed, is_override=is_override)
    if tenant.desk.is_occupied(agent):
        raise DialRefused("busy")
    if agent_leg is None and board.telephones.account_of(tenant, agent) is None:
        raise DialRefused("no_telephone")
    trunks = choose_trunks(tenant)
    count_dialled(board, tenant, agent)
    session = board.new_session(tenant, leg=None, direction=Direction.OUTBOUND)
    tenant.desk.hold(agent, session.id)  # from here, not from the session's first turn: nobody else may take it
    board.own_leg(f"{session.id}-c", session.id)
    if agent_leg is not None:
        board.own_leg(agent_leg, session.id, account=board.telephones.account_of(tenant, agent))
    number_ref = session.know(f"{session.id}-n", number)
    entry = trunks[0].caller_number or tenant.company.settings.outbound.caller_number
    return session, DialAsked(
        agent, number_ref, entry, tuple(trunk.id for trunk in trunks), codec, agent_leg, overridden
    )


def count_dialled(board: Switchboard, tenant: Tenant, agent: int) -> None:
    """One more number was called out by this agent."""
    tenant.dialled.setdefault(agent, deque()).append(board.clock.now())


def check_number(
    board: Switchboard, tenant: Tenant, agent: int, typed: str, *, is_override: bool = False
) -> tuple[str, ListCode | None]:
    """Return the canonical number, if policy, lists and caps allow it, and the list that was overridden for it.

    Raises ``DialRefused``.
    """
    settings = tenant.company.settings
    try:
        number = normalise_number(typed, settings.region)
    except BadNumber as error:
        raise DialRefused("bad_number") from error
    if tenant.company.inside(typed.strip()) is not None:
        raise DialRefused("colleague")
    check_destination(tenant, number)
    if is_emergency(number):
        return number, None
    if settings.routing.is_inbound_only:
        raise DialRefused("inbound_only")
    now = board.clock.now()
    overridden = check_lists(tenant, agent, number, now, is_override=is_override)
    check_caps(tenant, number, now)
    recent = tenant.dialled.setdefault(agent, deque())
    while recent and recent[0] < now - timedelta(hours=1):
        recent.popleft()
    if len(recent) >= settings.outbound.max_per_hour_per_agent:
        raise DialRefused("too_many_calls", limit=str(settings.outbound.max_per_hour_per_agent))
    check_capacity(board, tenant)
    return number, overridden


def check_destination(tenant: Tenant, number: str) -> None:
    """Raises ``DialRefused`` where the policy has no such destination."""
    region = tenant.company.settings.region
    problem = why_forbidden(as_destination(number, region), tenant.company.destinations)
    if problem is not None:
        raise DialRefused(problem)


def check_capacity(board: Switchboard, tenant: Tenant) -> None:
    """Raises ``DialRefused`` where as many calls go out as may at once."""
    limit = tenant.company.settings.outbound.max_concurrent
    live = sum(
        session.tenant is tenant and session.call.phase is not Phase.ENDED and _is_outside(session.call)
        for session in board.sessions.values()
    )
    if live >= limit:
        raise DialRefused("too_many_calls", limit=str(limit))


def check_lists(tenant: Tenant, agent: int, number: str, now: datetime, *, is_override: bool) -> ListCode | None:
    """Return the list for whose sake the number is not called by others. Raises ``DialRefused``."""
    listed = why_not_called(tenant.company.lists_of(number, now))
    if listed is None:
        return None
    setting = tenant.company.agents.get(agent)
    may_override = setting is not None and OVERRIDE_LISTS in setting.rights
    if is_override and may_override:
        return listed
    raise DialRefused("number_listed", list=listed.value, may_override="yes" if may_override else "no")


def check_caps(tenant: Tenant, number: str, now: datetime) -> None:
    """Raises ``DialRefused`` where the day's minutes to such destinations are spent."""
    kind, company = destination(number, tenant), tenant.company
    if tenant.spending.is_spent(kind, company.daily_caps, now=now, day=company.day_began_at(now).date()):
        log.warning("daily_minutes_spent", tenant=tenant.id, destination=kind.value)
        raise DialRefused("daily_minutes_spent", destination=kind.value)


def check_hops(board: Switchboard, session: InteractionSession) -> None:
    """Raises ``DialRefused`` where the contact has come back in from outside too often to be sent out once more."""
    others = [s for s in board.sessions.values() if s.tenant is session.tenant and s is not session]
    outside = [s for s in others if _is_outside(s.call) and s.call.phase is not Phase.ENDED]
    began_at = session.call.started_at
    earlier = [s for s in outside if s.call.started_at and began_at and s.call.started_at <= began_at]
    ordered = sorted(earlier, key=lambda s: s.call.started_at or began_at or datetime.min)  # noqa: DTZ901 - never used
    if hops([_passage(each) for each in (*ordered, session)]) >= MAX_HOPS:
        log.warning("forwarded_too_often", tenant=session.tenant.id, interaction=session.id)
        raise DialRefused("forwarded_too_often")


def _passage(session: InteractionSession) -> Passage:
    call = session.call
    is_outbound = call.direction is Direction.OUTBOUND
    refs = (
        call.transfer.number_ref if call.transfer else None,
        call.consult.number_ref if call.consult else None,
        call.customer_ref if is_outbound else None,
        call.callback.number_ref if call.callback else None,
    )
    rung_and_shown = {call.entry or "", *(session.personal.get(ref or "", "") for ref in refs)}
    canonical = {_canonical(number, session.tenant.company.settings.region) for number in rung_and_shown}
    caller = "" if is_outbound else session.personal.get(call.customer_ref or "", "")
    return Passage(caller, frozenset(canonical - {""}))


def _canonical(number: str, region: str) -> str:
    try:
        return normalise_number(number, region) if number else ""
    except BadNumber:
        return ""


def destination(number: str, tenant: Tenant) -> Destination:
    """Return what kind of destination a canonical number is to this company."""
    region = tenant.company.settings.region
    return destination_of(as_destination(number, region), home="+86" if region == "CN" else "+")


def _is_outside(call: Interaction) -> bool:
    """Return whether the contact occupies a way out."""
    asks_outside = call.consult is not None and call.consult.kind == "number"
    if call.is_deferred:
        return bool(call.customer_leg) or asks_outside
    return call.direction is Direction.OUTBOUND or call.outside_leg is not None or asks_outside


def choose_trunks(tenant: Tenant) -> list[TrunkSetting]:
    """Return the enabled trunks in the policy's order, at least one. Raises ``DialRefused``."""
    company = tenant.company
    order = company.settings.outbound.trunks or tuple(company.trunks)
    trunks = [company.trunks[trunk] for trunk in order if trunk in company.trunks and company.trunks[trunk].is_enabled]
    if not trunks:
        raise DialRefused("no_trunk")
    return trunks


def as_destination(number: str, region: str) -> str:
    """Return the number as the policy's prefixes see it: a national-only number belongs to its own country."""
    if number.startswith("+") or is_emergency(number):
        return number
    return f"{'+86' if region == 'CN' else '+'}{number}"
