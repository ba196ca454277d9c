"""A new engine takes over: what the log says, what Asterisk has, and how the two are made to agree."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from zhiyin.contracts.events import Envelope, OutsideLegEnded, UnknownEvent
from zhiyin.domain import agents, interactions
from zhiyin.domain.agents import Agent, AgentState, AgentStateChanged
from zhiyin.domain.calls import inputs
from zhiyin.domain.calls.turn import supervisor_leg
from zhiyin.domain.interactions import Interaction, InteractionEvent, Phase
from zhiyin.domain.replacing import replace
from zhiyin.engine import companies, late_ends
from zhiyin.engine.interaction_session import InteractionSession
from zhiyin.engine.log_port import DayCheckpoint, LogAway, LogStore, OpenStream
from zhiyin.engine.ports import CallArrived, Inventory, LegId, LegSeen, TelephonyError
from zhiyin.engine.switchboard import Switchboard
from zhiyin.engine.telephone_effects import interaction_of_bridge
from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: Between so many events of the past the calls of the present have their turn.
COUNTED_AT_A_TIME = 50
RETRY_S = 0.5

T = TypeVar("T")


async def until_log_answers(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the log until it answers: an engine that gave up here would only begin again, later.

    ``ask`` must be repeatable.
    """
    while True:
        try:
            return await ask()
        except LogAway as error:
            log.warning("log_away", why=str(error))
            await asyncio.sleep(RETRY_S)


async def restore_agents(store: LogStore, board: Switchboard) -> None:
    """Bring every agent into the state of its newest event.

    Also one who was removed from the company and is signed in still: its contact, or the after-call work, goes on.
    """
    for tenant_id, checkpoint in await until_log_answers(store.checkpoints):
        tenant, event = board.tenants.get(tenant_id), _read(checkpoint.envelope)
        if tenant is None or not isinstance(event, AgentStateChanged):
            continue
        if checkpoint.agent in tenant.company.agents or event.state is not AgentState.LOGGED_OUT:
            tenant.desk.restore(event, checkpoint.envelope.at)
    for tenant_id, envelope in await until_log_answers(store.choices):
        event = _read(envelope)
        if tenant_id in board.tenants and isinstance(event, AgentStateChanged):
            board.tenants[tenant_id].desk.restore_choice(event)


async def restore_spending(store: LogStore, board: Switchboard) -> None:
    """Know again today's minutes to numbers outside: without them the daily caps would not hold."""
    for tenant in board.tenants.values():
        since = tenant.company.day_began_at(board.clock.now())
        ask = partial(store.events_since, tenant.id, since, types=(OutsideLegEnded.__name__,))
        for envelope in await until_log_answers(ask):
            event = _read(envelope)
            if isinstance(event, OutsideLegEnded):
                day = tenant.company.day_began_at(envelope.at).date()
                tenant.spending.add(event.destination, event.connected_s, day=day)


async def restore_figures(store: LogStore, tenant: Tenant, *, now: datetime, before_epoch: int) -> None:
    """Count today's events of earlier engines, with the functions that count them live; calls go on meanwhile.

    What the last checkpoint of the day holds is not read again.

    Figures are sums, so it does not matter what was counted first. Raises ``LogAway``; then nothing was counted.
    """
    since = tenant.company.day_began_at(now)
    saved = await store.saved_day(tenant.id)
    if saved is not None and saved.day_began_at == since:
        beyond = await store.events_beyond(tenant.id, saved, before_epoch=before_epoch)
        await _Past(tenant, saved).count(beyond)
    else:
        await _count_day(store, tenant, since, before_epoch)
    tenant.board.past_counted()
    tenant.desk.know_standings(now)


async def _count_day(store: LogStore, tenant: Tenant, since: datetime, before_epoch: int) -> None:
    """Count page by page. Once a page is counted the next is waited for: none may be counted twice."""
    past, after = _Past(tenant), None
    while True:
        try:
            page, beyond = await store.past_page(tenant.id, since, before_epoch=before_epoch, after=after)
        except LogAway:
            if after is None:
                raise
            await asyncio.sleep(RETRY_S)
            continue
        await past.count(page)
        if beyond is None:
            return
        after = beyond


class _Past:
    """Counts events in their order; what ``saved`` holds already only says how the contacts stood then."""

    def __init__(self, tenant: Tenant, saved: DayCheckpoint | None = None) -> None:
        self._tenant, self._saved = tenant, saved
        self._calls: dict[str, Interaction] = {}
        self._people = tenant.board.add_past(saved) if saved is not None else {}

    async def count(self, envelopes: list[Envelope]) -> None:
        for number, envelope in enumerate(envelopes):
            if number % COUNTED_AT_A_TIME == 0:
                await asyncio.sleep(0)
            event = _read(envelope)
            if isinstance(event, AgentStateChanged):
                agent = self._people.get(event.agent, Agent(event.agent))
                self._tenant.board.agent_event(agent, event, envelope.at)
                self._tenant.desk.standings.agent_event(agent, event, envelope.at)
                self._people[event.agent] = agents.apply(agent, event, envelope.at)
            elif isinstance(event, InteractionEvent):
                self._interaction(envelope, event)

    def _interaction(self, envelope: Envelope, event: InteractionEvent) -> None:
        stream = envelope.stream
        call = self._calls.get(stream) or Interaction(stream.removeprefix("i:"))
        if self._saved is None or not self._saved.holds(envelope):
            self._tenant.board.interaction_event(call, event, envelope.at)
        call = interactions.apply(call, event, envelope.at)
        if call.phase is Phase.ENDED:
            self._calls.pop(stream, None)  # a day has a hundred thousand of them
        else:
            self._calls[stream] = call


async def adopt_calls(store: LogStore, board: Switchboard, inventory: Inventory) -> tuple[int, int]:
    """Continue every open contact whose legs live, close the others, reap legs and bridges that nobody owns.

    Returns how many contacts were adopted and how many legs reaped.
    """
    adopted = 0
    streams = await until_log_answers(store.open_streams)
    sessions = [session for stream in streams if (session := _session_of(stream, board)) is not None]
    hidden = {session.id: legs for session in sessions if (legs := _hidden_legs(session.call, inventory))}
    in_sight = [session.call for session in sessions if session.id not in hidden]
    late = await late_ends.find(board, in_sight, inventory.legs)
    for session in sessions:
        if session.id in hidden:
            _adopt_unseen(session, board, hidden[session.id])
            adopted += 1
            continue
        mine = _legs_of(session.call) & set(inventory.legs)
        up = frozenset(leg for leg in mine if inventory.legs[leg].is_up)
        for leg in mine:
            board.own_leg(leg, session.id, account=inventory.legs[leg].endpoint)
        board.add_session(session)
        board.meter.resume(session)
        end = late.get(session.id, late_ends.UNKNOWN)
        session.post(inputs.Resumed(frozenset(mine), up, end.at, end.within_s))
        adopted += bool(mine)
    board.trial_calls.adopt(inventory)
    for tenant in board.tenants.values():
        tenant.desk.settle(set(board.sessions), board.clock.now())
        companies.dismiss_removed_agents(board, tenant)  # who was removed while no engine was there
        board.settle(tenant)
    return adopted, await reap(board, inventory)


def _adopt_unseen(session: InteractionSession, board: Switchboard, hidden: frozenset[LegId]) -> None:
    """Keep a contact as its events left it until its Asterisk, out of sight now, can say what became of it."""
    for leg in _legs_of(session.call):
        board.own_leg(leg, session.id)
    since = session.call.unseen_since or board.clock.now()
    session.live = replace(session.live, unseen_since=since)  # before anything is told of it
    board.add_session(session)
    board.meter.resume(session)
    session.post(inputs.LegsUnseen(hidden))


def _hidden_legs(call: Interaction, inventory: Inventory) -> frozenset[LegId]:
    """Return the contact's legs where its customer, or all of them, cannot be seen and may live all the same.

    They are on one node, but for a telephone's own second line, by which its agent consults.
    """
    used = _legs_in_use(call)
    if inventory.may_hide(call.customer_leg):
        return used
    if not inventory.unseen or not _legs_of(call).isdisjoint(inventory.legs):
        return frozenset()
    if any(inventory.may_hide(leg) for leg in used):
        return used
    did_all_ring = all(leg.startswith(f"{call.id}-") for leg in used)  # no name says where they are
    return used if inventory.hides_others and did_all_ring else frozenset()


def is_unseen(session: InteractionSession, inventory: Inventory) -> bool:
    """Whether nothing can be concluded from the contact's legs not being here."""
    legs = session.live.legs
    if session.live.unseen_since is not None and inventory.unseen:
        return True
    return any(inventory.may_hide(leg) for leg in legs)


def end_all_legs(board: Switchboard, *, ago_s: float = 0.0) -> None:
    """Asterisk is a new process since ``ago_s`` seconds: every leg that was known is lost, the customer's first."""
    board.meter.all_ended()
    at = board.clock.now() - timedelta(seconds=ago_s)
    for session in board.every_session:
        customer = session.call.customer_leg
        for leg in sorted(session.live.legs, key=lambda leg: (leg == customer, leg)):
            session.post(inputs.LegEnded(leg, "lost", at))


async def reap(board: Switchboard, inventory: Inventory) -> int:
    """Take down what nobody owns: its other half has gone, and it would stay up for ever."""
    reaped = 0
    for leg, seen in inventory.legs.items():
        if (session := board.session_of(leg)) is not None:
            if board.account_on(leg) is None:  # it was out of sight when its contact was taken over
                board.own_leg(leg, session.id, account=seen.endpoint)
            continue
        if leg in board.test_legs:
            continue
        if seen.dialled and not seen.is_up:
            board.take_fact(_arrival(seen, board))  # a caller who came while no engine was there
            continue
        try:
            await board.telephony.hang_up(leg)
            reaped += 1
        except TelephonyError as error:
            log.info("reap_failed", leg=leg, why=str(error))
    for bridge in inventory.bridges:
        if interaction_of_bridge(bridge) not in board.sessions:
            try:
                await board.telephony.remove_bridge(bridge)
            except TelephonyError as error:
                log.info("bridge_stays", bridge=bridge, why=str(error))
    return reaped


def _arrival(seen: LegSeen, board: Switchboard) -> CallArrived:
    is_agents = board.telephones.agent_by_account(seen.endpoint) is not None
    context = "telephone" if is_agents else "inbound"
    return CallArrived(seen.leg, context, seen.endpoint, "alaw", seen.dialled, seen.caller, has_data=seen.has_data)


def _session_of(stream: OpenStream, board: Switchboard) -> InteractionSession | None:
    """Return the contact as its events left it; None where its company is gone or it never began."""
    tenant = board.tenants.get(stream.tenant)
    if tenant is None:
        return None
    call = Interaction(stream.stream.removeprefix("i:"))
    for envelope in stream.envelopes:
        event = _read(envelope)
        if isinstance(event, InteractionEvent):
            call = interactions.apply(call, event, envelope.at)
    if call.started_at is None:
        return None
    session = InteractionSession(call, tenant=tenant, switchboard=board)
    session.restore(call, stream.personal, began=stream.envelopes[0].began, told_at=stream.envelopes[-1].at)
    tenant.board.show(call, session.personal)
    return session


def _legs_in_use(call: Interaction) -> frozenset[LegId]:
    """Return the legs of those who are connected or rung."""
    consult, dials = call.consult, (call.dialling, call.consult.dialling if call.consult else None)
    found = {
        call.customer_leg,
        call.agent_leg,
        call.outside_leg,
        call.segment.leg if call.segment else None,
        *((consult.leg, consult.line) if consult else ()),
        *(dial.leg for dial in dials if dial),
        *(offer.leg for offer in call.offers),
        *(monitor.leg for monitor in call.monitors),
    }
    return frozenset(leg for leg in found if leg)


def _legs_of(call: Interaction) -> set[str]:
    """Return every leg that the contact can have: the customer's, and all that were made for it."""
    made = {f"{call.id}-{number}" for number in range(1, call.legs + 1)}
    made |= {supervisor_leg(call.id, number) for number in range(1, call.monitorings + 1)}
    of_consult = (call.consult.leg, call.consult.line) if call.consult else ()
    others = (call.agent_leg, call.segment.leg if call.segment else "", *of_consult)
    return {call.customer_leg, *made, *(leg for leg in others if leg)}


def _read(envelope: Envelope) -> object:
    try:
        return envelope.event()
    except UnknownEvent as error:
        log.error("event_unknown", stream=envelope.stream, seq=envelope.seq, why=str(error))
        return None
