"""Whose desk is open and whose telephone can be reached; who is lost without them, and signed out. Belongs to the
routing desk. Synchronous, as the desk is.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.agents import AgentState

if TYPE_CHECKING:
    from zhiyin.engine.routing_desk import RoutingDesk

#: A desk that is gone this long while its agent waits for work is a lost connection.
LOST_AFTER_S = 20
#: A page that is back may take this long until its telephone is.
TELEPHONE_BACK_S = 10
#: And this long: the agent is signed out.
SIGN_OUT_AFTER_S = 900
#: Somebody who is to be signed out still works: look again after this long.
_LOOK_AGAIN_S = 60


class Presences:
    def __init__(self, desk: RoutingDesk) -> None:
        self._desk = desk
        self._reachable: set[int] = set()
        self._desks_open: set[int] = set()

    def desk(self, agent: int, *, is_connected: bool, now: datetime) -> None:
        """A desk opened or the last one closed; a browser's telephone goes with it, a SIP telephone does not."""
        if is_connected:
            self._desks_open.add(agent)
            self._desk.timer("lost", agent, None)
            self._desk.timer("sign_out", agent, None)
            self._come_back(agent, now)
            return
        self._desks_open.discard(agent)
        if self._desk.agent(agent).is_signed_in:
            self._desk.timer("lost", agent, LOST_AFTER_S)

    def telephone(self, agent: int, *, is_reachable: bool, now: datetime) -> None:
        if is_reachable:
            self._reachable.add(agent)
            self._desk.touch(agent)
            self._come_back(agent, now)
            self._desk.matching.settle(now)
            return
        self._reachable.discard(agent)
        self._desk.touch(agent)

    def _come_back(self, agent: int, now: datetime) -> None:
        """A lost agent is back with desk and telephone; one whose telephone stays away is told so after a while."""
        if (
            self._desk.agent(agent).state is not AgentState.LOST
            or self._desk.is_reserved(agent)
            or agent not in self._desks_open
        ):
            return
        if agent in self._reachable:
            self._desk.to_chosen(agent, now)
        else:
            self._desk.timer("back", agent, TELEPHONE_BACK_S)

    def has_open_desk(self, agent: int) -> bool:
        return agent in self._desks_open

    def is_reachable(self, agent: int) -> bool:
        return agent in self._reachable

    def time_is_over(self, name: str, agent: int, now: datetime) -> None:
        """One of the timers "back", "lost" and "sign_out" fired."""
        state = self._desk.agent(agent)
        match name:
            case "back" if state.state is AgentState.LOST and agent in self._desks_open:
                if not self._desk.is_reserved(agent):
                    self._desk.to_chosen(agent, now)
            case "lost" if agent not in self._desks_open and state.is_signed_in:
                setting = self._desk.company.agents.get(agent)
                if not self._desk.is_occupied(agent) and (setting is None or setting.telephone == "browser"):
                    self._desk.become(agent, AgentState.LOST, now)
                    self._desk.close_unstaffed_lines(agent)
                self._desk.timer("sign_out", agent, SIGN_OUT_AFTER_S)
            case "sign_out" if agent not in self._desks_open and state.is_signed_in:
                if self._desk.is_occupied(agent) and not self._desk.wrap_ups.is_mandatory(agent):
                    self._desk.timer("sign_out", agent, _LOOK_AGAIN_S)
                    return
                self._desk.chosen.pop(agent, None)
                self._desk.become(agent, AgentState.LOGGED_OUT, now)
            case _:
                pass
