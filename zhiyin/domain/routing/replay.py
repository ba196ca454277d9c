"""A day played again by other rules in virtual time: the same arrivals, handling times and shifts. Pure.

What it says is a comparison of two plays, never of a play with what happened: offers are answered at once, handling
takes as long whoever has the contact, and nobody gives up who did not give up in fact (who did does so again, after as
long). Such a play errs, but in the same way by either rules.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing
from zhiyin.domain.routing.policy import VOICE, Policy
from zhiyin.domain.routing.router import Offer, Router


@dataclass(frozen=True, slots=True)
class Arrival:
    """A contact as it came. ``handling_s``: talk and after-call work; ``gave_up_s``: after which wait it did, if so."""

    contact: Contact
    handling_s: float
    gave_up_s: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent was there for contacts from one instant to another."""

    agent: int
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a contact: how long it waited, and whether anybody took it."""

    contact: str
    wait_s: float
    is_answered: bool


class _What(IntEnum):
    """What happens, in the order in which it does at one instant."""

    FINISHED = 0
    SHIFT_ENDED = 1
    SHIFT_BEGAN = 2
    ARRIVED = 3
    GAVE_UP = 4


@dataclass(slots=True)
class _Worker:
    """What a play knows of an agent."""

    shifts: int = 0  # that have begun and not ended
    is_busy: bool = False
    contacts: int = 0
    talk_s: float = 0.0
    last_inbound_at: float = 0.0

    def standing(self, now: float) -> Standing:
        return Standing(
            idle_since=now, last_inbound_at=self.last_inbound_at, contacts=self.contacts, talk_s=self.talk_s
        )


@dataclass(slots=True)
class _Play:
    router: Router
    arrivals: Mapping[str, Arrival]
    workers: dict[int, _Worker]
    agenda: list[tuple[float, int, int, str, int]] = field(default_factory=list)  # (at, what, number, contact, agent)
    played: dict[str, Played] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def plan(self, at: float, what: _What, *, contact: str = "", agent: int = 0) -> None:
        heapq.heappush(self.agenda, (at, what, next(self.numbers), contact, agent))

    def run(self) -> None:
        """Do what is to happen, one instant after another, rings and delays in between."""
        while self.agenda:
            due = self.router.next_due
            if due < self.agenda[0][0]:
                self.take(self.router.advance(due), due)
                continue
            at, what, _, contact, agent = heapq.heappop(self.agenda)
            self.take(self.happen(at, _What(what), contact, agent), at)

    def happen(self, at: float, what: _What, contact: str, agent: int) -> list[Offer]:
        match what:
            case _What.ARRIVED:
                return self.router.arrive(self.arrivals[contact].contact, at)
            case _What.GAVE_UP:
                return self.give_up(contact, at)
            case _What.FINISHED:
                return self.finish(agent, at)
            case _What.SHIFT_BEGAN:
                worker = self.workers[agent]
                worker.shifts += 1
                is_new = worker.shifts == 1 and not worker.is_busy
                return self.router.open(agent, worker.standing(at), at) if is_new else []
            case _What.SHIFT_ENDED:
                worker = self.workers[agent]
                worker.shifts -= 1
                is_gone = worker.shifts == 0 and not worker.is_busy
                return self.router.close(agent, at) if is_gone else []

    def give_up(self, contact: str, at: float) -> list[Offer]:
        if contact in self.played:
            return []
        arrival = self.arrivals[contact]
        self.played[contact] = Played(contact, at - arrival.contact.since, is_answered=False)
        return self.router.leave(contact, at)

    def finish(self, agent: int, at: float) -> list[Offer]:
        worker = self.workers[agent]
        worker.is_busy = False
        offers = self.router.pause(agent, at)
        offers += self.router.release(agent, VOICE, at)
        offers += self.router.open(agent, worker.standing(at), at) if worker.shifts else self.router.close(agent, at)
        return offers

    def take(self, offers: list[Offer], at: float) -> None:
        """Whoever is asked answers at once."""
        for offer in offers:
            arrival, agent = self.arrivals[offer.contact], offer.agents[0]
            worker = self.workers[agent]
            self.played[offer.contact] = Played(offer.contact, at - arrival.contact.since, is_answered=True)
            worker.is_busy, worker.last_inbound_at = True, at
            worker.contacts, worker.talk_s = worker.contacts + 1, worker.talk_s + arrival.handling_s
            self.router.leave(offer.contact, at)
            self.plan(at + arrival.handling_s, _What.FINISHED, agent=agent)


def replay(
    policy: Policy, profiles: Iterable[AgentProfile], arrivals: Iterable[Arrival], shifts: Iterable[Shift]
) -> dict[str, Played]:
    """Return what becomes of each contact by these rules; one that waits at the end is left out.

    All are calls; nobody is kept for an agent of its own.
    """
    known = {profile.id: profile for profile in profiles}
    plain = {one.contact.id: replace(one, contact=replace(one.contact, preferred=())) for one in arrivals}
    play = _Play(Router(policy), plain, {agent: _Worker() for agent in known})
    for profile in known.values():
        play.router.put_agent(profile, float("-inf"))
    for arrival in plain.values():
        since = arrival.contact.since
        play.plan(since, _What.ARRIVED, contact=arrival.contact.id)
        if arrival.gave_up_s is not None:
            play.plan(since + arrival.gave_up_s, _What.GAVE_UP, contact=arrival.contact.id)
    for shift in shifts:
        if shift.agent in known and shift.ended > shift.began:
            play.plan(shift.began, _What.SHIFT_BEGAN, agent=shift.agent)
            play.plan(shift.ended, _What.SHIFT_ENDED, agent=shift.agent)
    play.run()
    return play.played
