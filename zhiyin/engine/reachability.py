"""Who can be reached: telephones register and leave, desks open and close, voices cease."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.domain.calls import inputs
from zhiyin.engine.tenant import Tenant

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard


class Reachability:
    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._silent_legs: set[str] = set()

    def media_stopped(self, leg: str) -> None:
        """Nothing is heard of the leg's party any more."""
        self._silent_legs.add(leg)
        self._lost_if_desk_is_gone(leg)
        self._end_vanished_visitor(leg)

    def leg_over(self, leg: str) -> None:
        self._silent_legs.discard(leg)

    def registered(self, account: str, *, is_reachable: bool) -> None:
        """A SIP identity's telephone came or went; a new page knows nothing of the calls of the one before."""
        who = self._board.telephones.registered(account, is_reachable=is_reachable)
        if who is None or not is_reachable:
            return
        tenant = self._board.tenants.get(who[0])
        setting = tenant.company.agents.get(who[1]) if tenant else None
        if tenant is None or setting is None or setting.telephone != "browser":
            return
        for session in self._board.sessions.values():
            if session.tenant is not tenant:
                continue
            for monitor in session.call.monitors:
                if monitor.supervisor == who[1] and self._board.account_on(monitor.leg) not in (None, account):
                    self._board.run(self._board.hang_up_quietly(monitor.leg))  # a new page knows nothing of it
            if self._is_page_new(session, who[1], account):
                session.post(inputs.TelephoneBack(who[1]))

    def _is_page_new(self, session: InteractionSession, agent: int, account: str) -> bool:
        """Whether the agent's page knows nothing of the contact; else it only registered anew, and has the call."""
        leg = session.call.leg_of(agent)
        if leg is None:
            return False
        rung = self._board.account_on(leg)
        is_unknown = rung is None and session.live.unseen_since is not None  # taken over out of sight
        return rung != account and not is_unknown

    def reachable(self, tenant: int, agent: int, *, is_reachable: bool) -> None:
        """An agent's telephone can be rung, or no more."""
        known = self._board.tenants.get(tenant)
        if known is None:
            return
        known.desk.presences.telephone(agent, is_reachable=is_reachable, now=self._board.clock.now())
        known.board.agent_touched(agent)
        if not is_reachable:
            self._withdraw_offer(known, agent)
        self._board.settle(known)
        self._board.publish_soon()

    def _withdraw_offer(self, tenant: Tenant, agent: int) -> None:
        """A browser that is gone cannot answer what rings there: the caller must not wait for it."""
        setting = tenant.company.agents.get(agent)
        if setting is None or setting.telephone != "browser":
            return
        for session in self._board.sessions.values():
            if session.tenant is tenant and session.call.offer_to(agent) is not None:
                session.post(inputs.TelephoneLost(agent))

    def desk_connected(self, tenant: Tenant, agent: int, *, is_connected: bool) -> None:
        """A desk opened or closed; a leg that is silent already is lost with its desk."""
        tenant.desk.presences.desk(agent, is_connected=is_connected, now=self._board.clock.now())
        self._board.settle(tenant)
        if not is_connected:
            for leg in list(self._silent_legs):
                self._lost_if_desk_is_gone(leg)

    def _lost_if_desk_is_gone(self, leg: str) -> None:
        session = self._board.session_of(leg)
        if session is None:
            return
        desk = session.tenant.desk
        if any(m.leg == leg and not desk.presences.has_open_desk(m.supervisor) for m in session.call.monitors):
            self._board.run(self._board.hang_up_quietly(leg))
        agent = session.call.agent_on(leg)
        if agent is not None and not desk.presences.has_open_desk(agent):
            session.post(inputs.TelephoneLost(agent))

    def _end_vanished_visitor(self, leg: str) -> None:
        """A visitor's browser is gone without a word: nobody would be there when an agent answers."""
        session = self._board.session_of(leg)
        if session is not None and session.call.came_by == "guest" and session.call.customer_leg == leg:
            self._board.run(self._board.hang_up_quietly(leg))
