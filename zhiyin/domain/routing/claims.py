"""Which contact an agent serves next, and why this one and not another: by the rule in force and by the others. Pure.

Reads the counters only and changes nothing: the router carries out what is found here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.contacts import Contact, slope_of
from zhiyin.domain.routing.counters import Lane, Waiting
from zhiyin.domain.routing.policy import ContactChoice, Policy
from zhiyin.domain.routing.staff import Agent

#: Of how many lanes at most is looked, and at how many contacts of each: an explanation costs little.
LANES, OF_EACH = 50, 3
#: How many of those passed over an offer names.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A contact that an agent might have taken. ``order``: in which order the agent serves its queue, 1 first."""

    contact: Contact
    order: int
    points: float

    @property
    def key(self) -> tuple[int, float, float, str]:
        return self.order, -self.points, self.contact.since, self.contact.id


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Contacts that waited on when another was taken: how many as far as looked, and the next of them.

    ``next``: (contact, points by the rule in force, since). ``by_other_rules``: whom each other rule between contacts
    would have had served.
    """

    count: int = 0
    next: tuple[tuple[str, float, float], ...] = ()
    by_other_rules: tuple[tuple[ContactChoice, str], ...] = ()


NOBODY_WAITED = PassedOver()


def largest_claim(
    agent: Agent, now: float, *, is_rested: bool, heeds_refusals: bool = False
) -> tuple[Waiting, int] | None:
    """Return who waits with the largest claim on this agent, and in which queue's line.

    Few contacts were refused by anybody: they are heeded only once the one that was found turns out to be such.
    """
    best: Lane | None = None
    best_order, best_points, best_queue = 0, 0.0, 0
    but_for = agent.profile.id if heeds_refusals else None
    for channel, views in agent.views.items():
        if channel not in agent.room:
            continue
        for view in views:
            order = view.order
            if best is not None and order > best_order:
                break
            patience_s = view.rested_s if is_rested else view.tired_s
            if patience_s is None:
                continue
            for lane in view.counter.lanes:
                since = lane.since if but_for is None else lane.first(but_for)[0]
                if now < since + patience_s:
                    continue
                points = lane.base + lane.per_s * (now - since)
                if points > lane.top:  # noqa: PLR1730 - a call of min costs as much as the rest
                    points = lane.top
                if (
                    best is None
                    or points > best_points
                    or order < best_order
                    or (points == best_points and lane.first(but_for) < best.first(but_for))
                ):
                    best, best_order, best_points, best_queue = lane, order, points, view.queue
    if best is None:
        return None
    waiting = best.first(but_for)[2]
    if agent.profile.id in waiting.refused_by:
        return largest_claim(agent, now, is_rested=is_rested, heeds_refusals=True)
    return waiting, best_queue


def passed_over(policy: Policy, agent: Agent, chosen: str, now: float, *, is_rested: bool) -> PassedOver:
    """Return who else waited for the agent as ``chosen`` was taken. Nothing where too much waited to be looked at."""
    if sum(len(view.counter.lanes) for views in agent.views.values() for view in views) > LANES:
        return NOBODY_WAITED
    claims = sorted(_claims(policy, agent, now, is_rested=is_rested), key=lambda claim: claim.key)
    others: dict[str, Claim] = {}
    for claim in claims:
        if claim.contact.id != chosen:
            others.setdefault(claim.contact.id, claim)
    if not others:
        return NOBODY_WAITED
    named = itertools.islice(others.values(), NAMED)
    return PassedOver(
        len(others),
        tuple((claim.contact.id, round(claim.points, 1), claim.contact.since) for claim in named),
        tuple(
            (choice, _first(replace(policy, contact_choice=choice), claims, now))
            for choice in ContactChoice
            if choice is not policy.contact_choice
        ),
    )


def _claims(policy: Policy, agent: Agent, now: float, *, is_rested: bool) -> Iterator[Claim]:
    """Go through the first contacts of each lane that the agent may take now."""
    for channel, views in agent.views.items():
        if channel not in agent.room:
            continue
        for view in views:
            patience_s = view.rested_s if is_rested else view.tired_s
            if patience_s is None:
                continue
            for lane in view.counter.lanes:
                mine = (place for place in lane.places if agent.profile.id not in place[2].refused_by)
                for since, _, waiting in itertools.islice(mine, OF_EACH):
                    if now >= since + patience_s:
                        contact = waiting.contact
                        yield Claim(contact, view.order, points_of(policy, contact, now))


def points_of(policy: Policy, contact: Contact, now: float) -> float:
    """Return the contact's claim by the rule between contacts."""
    return slope_of(policy, policy.queue(contact.queue or 0), contact).at(now - contact.since)


def _first(policy: Policy, claims: Sequence[Claim], now: float) -> str:
    """Return whom the agent would serve by these rules."""
    anew = (replace(claim, points=points_of(policy, claim.contact, now)) for claim in claims)
    return min(anew, key=lambda claim: claim.key).contact.id
