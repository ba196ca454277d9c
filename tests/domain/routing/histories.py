"""Random histories of a routing floor: contacts come and go, agents work and rest, rules change, time passes.

Small on purpose (few queues, skills, agents and instants), so that ties, refusals and races are the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing
from zhiyin.domain.routing.policy import (
    AgentChoice,
    ChannelRule,
    ContactChoice,
    ContactClass,
    Fairness,
    Membership,
    Policy,
    QueuePolicy,
    Ring,
)
from zhiyin.domain.routing.requirements import NOTHING, NeedsAny, NeedsSkill, Requirement, all_of
from zhiyin.domain.routing.router import Offer

SKILLS = ("cards", "english", "loans")
CHANNELS = ("voice", "chat", "mail")
CLASSES = ("", "gold", "vip")
STEPS_S = (0.0, 0.0, 0.5, 1.0, 1.0, 2.0, 5.0, 10.0)


class AnyRouter(Protocol):
    def put_agent(self, profile: AgentProfile, now: float) -> list[Offer]: ...
    def drop_agent(self, agent: int, now: float) -> list[Offer]: ...
    def open(self, agent: int, standing: Standing, now: float) -> list[Offer]: ...
    def pause(self, agent: int, now: float) -> list[Offer]: ...
    def close(self, agent: int, now: float) -> list[Offer]: ...
    def away(self, agent: int, now: float) -> list[Offer]: ...
    def occupy(self, agent: int, channel: str, now: float) -> list[Offer]: ...
    def release(self, agent: int, channel: str, now: float) -> list[Offer]: ...
    def arrive(self, contact: Contact, now: float) -> list[Offer]: ...
    def leave(self, contact: str, now: float) -> list[Offer]: ...
    def decline(self, contact: str, agent: int, refused_by: frozenset[int], now: float) -> list[Offer]: ...
    def advance(self, now: float) -> list[Offer]: ...
    def set_policy(self, policy: Policy, now: float) -> list[Offer]: ...


Step = Callable[[AnyRouter], list[Offer]]


@dataclass
class Floor:
    """What the history knows of the floor: what it did itself, and the offers that it was told of."""

    rng: Random
    policy: Policy
    now: float = 100.0
    agents: dict[int, AgentProfile] = field(default_factory=dict)
    waiting: dict[str, Contact] = field(default_factory=dict)
    offered: dict[str, tuple[Contact, tuple[int, ...]]] = field(default_factory=dict)
    served: dict[str, tuple[int, str]] = field(default_factory=dict)  # contact -> agent, channel
    made: int = 0
    #: agents with limits of their own, who are away and waited for; targets with a share
    is_wide: bool = True

    def take(self, offers: list[Offer]) -> None:
        for offer in offers:
            if offer.joins:
                contact, asked = self.offered[offer.contact]
                assert not set(asked) & set(offer.agents), f"{offer} asks somebody twice"
                self.offered[offer.contact] = (contact, asked + offer.agents)
            else:
                self.offered[offer.contact] = (self.waiting.pop(offer.contact), offer.agents)


def random_policy(rng: Random, *, is_wide: bool = True) -> Policy:
    queues = range(1, rng.randint(1, 3) + 1)
    policy = Policy(
        contact_choice=rng.choice(list(ContactChoice)),
        queues={queue: _random_queue(rng, queue, list(queues)) for queue in queues},
        classes={
            "gold": ContactClass("gold", points=5, per_minute=60, at_most=10),
            "vip": ContactClass("vip", points=20, per_minute=rng.choice((0, 30)), at_most=30, target_s=5),
        },
        channels={
            "voice": ChannelRule(1, 100, frozenset({"mail"})),
            "chat": ChannelRule(rng.randint(1, 3), 30),
            "mail": ChannelRule(1, 50),
        },
        fairness=Fairness(rng.choice((0, 1, 2)), rng.choice((0.0, 5.0)), rng.choice((3.0, 30.0))),
    )
    return _with_shares(rng, policy) if is_wide else policy


def _with_shares(rng: Random, policy: Policy) -> Policy:
    """Give queues and the class of a target of its own a share to reach, and what they have reached."""
    vip = replace(policy.classes["vip"], target_pct=rng.choice((0.0, 90.0)))
    queues = {one.id: replace(one, target_pct=rng.choice((0.0, 50.0, 80.0))) for one in policy.queues.values()}
    named: list[int | str] = [*queues, "vip"]
    reached = {one: rng.choice((0.0, 0.4, 0.8, 1.0)) for one in named if rng.random() < 0.7}
    return replace(policy, queues=queues, classes={**policy.classes, "vip": vip}, reached=reached)


def _random_queue(rng: Random, queue: int, queues: list[int]) -> QueuePolicy:
    rings = []
    after_s = 0.0
    for _ in range(rng.choice((0, 0, 1, 2))):
        after_s += rng.choice((1.0, 4.0))
        drop = frozenset({rng.choice(SKILLS)}) if rng.random() < 0.5 else frozenset[str]()
        added = (rng.choice(queues),) if rng.random() < 0.4 else ()
        rings.append(Ring(after_s, lower_by=rng.choice((0, 1, 3)), drop=drop, add_queues=added))
    return QueuePolicy(
        id=queue,
        agent_choice=rng.choice((*AgentChoice, AgentChoice.RING_ALL)),
        requirement=random_requirement(rng) if rng.random() < 0.3 else NOTHING,
        rings=tuple(rings),
        weight=rng.choice((0.0, 0.0, 3.0)),
        target_s=rng.choice((5.0, 20.0)),
        ring_at_most=rng.choice((1, 2, 10)),
    )


def random_requirement(rng: Random) -> Requirement:
    parts: list[Requirement] = [
        NeedsSkill(rng.choice(SKILLS), rng.randint(1, 5)) for _ in range(rng.choice((0, 1, 1, 2)))
    ]
    if rng.random() < 0.2:
        parts.append(NeedsAny(tuple(NeedsSkill(skill, rng.randint(1, 4)) for skill in rng.sample(SKILLS, 2))))
    return all_of(parts)


def history(rng: Random, steps: int, *, is_wide: bool = True) -> Iterator[tuple[str, Floor, Step]]:
    """Yield what happens, one step after another; tell ``Floor.take`` what came of each before asking for the next."""
    floor = Floor(rng, random_policy(rng, is_wide=is_wide), is_wide=is_wide)
    for agent in range(1, rng.randint(1, 7) + 1):
        profile = _random_profile(rng, agent, floor)
        floor.agents[agent] = profile
        yield f"agent {agent} is put in", floor, _step("put_agent", profile, floor.now)
    work = (_settle, _settle, _settle, _leave, _away, _finish, _finish, _rare)
    is_calm = rng.random() < 0.5  # agents wait for contacts; else contacts wait for agents
    moves = (*work, _arrive, _open, _open, _open) if is_calm else (*work, _arrive, _arrive, _arrive, _open, _open)
    for _ in range(steps):
        floor.now += rng.choice(STEPS_S)
        yield f"time passes until {floor.now}", floor, _step("advance", floor.now)
        said = rng.choice(moves)(floor)
        if said is not None:
            yield said


def _step(name: str, *arguments: object) -> Step:
    return lambda router: getattr(router, name)(*arguments)  # type: ignore[no-any-return] # of AnyRouter


Move = tuple[str, Floor, Step] | None


def _random_profile(rng: Random, agent: int, floor: Floor) -> AgentProfile:
    skills = {skill: rng.randint(1, 6) for skill in SKILLS if rng.random() < 0.6}
    queues = [queue for queue in floor.policy.queues if rng.random() < 0.8]
    memberships = tuple(
        Membership(
            queue,
            order=rng.choice((1, 1, 2)),
            delay_s=rng.choice((0.0, 0.0, 2.0)),
            tier=rng.choice((1, 1, 2)),
            share=rng.choice((0.0, 1.0, 2.0)),
        )
        for queue in queues
    )
    limits = {channel: rng.randint(0, 3) for channel in CHANNELS if floor.is_wide and rng.random() < 0.2}
    return AgentProfile(agent, skills, memberships, limits)


def _arrive(floor: Floor) -> Move:
    rng = floor.rng
    floor.made += 1
    preferred = (
        tuple(rng.sample(sorted(floor.agents), min(len(floor.agents), rng.randint(1, 2)))) if floor.agents else ()
    )
    is_own = bool(preferred) and rng.random() < 0.1
    contact = Contact(
        id=f"c{floor.made}",
        since=floor.now - rng.choice((0.0, 0.0, 0.0, 3.0)),
        queue=None if is_own else rng.choice(list(floor.policy.queues)),
        channel=rng.choice(("voice", "voice", "chat", "mail")),
        class_code=rng.choice(CLASSES),
        requirement=random_requirement(rng) if rng.random() < 0.5 else NOTHING,
        preferred=preferred if is_own or rng.random() < 0.3 else (),
        preferred_for_s=rng.choice((0.0, 2.0, 8.0)),
        is_hard=rng.random() < 0.25,
        points=rng.choice((0.0, 0.0, 4.0)),
        waits_for_away=floor.is_wide and rng.random() < 0.5,
    )
    floor.waiting[contact.id] = contact
    return f"{contact} arrives", floor, _step("arrive", contact, floor.now)


def _open(floor: Floor) -> Move:
    if not floor.agents:
        return None
    rng, agent = floor.rng, floor.rng.choice(sorted(floor.agents))
    standing = Standing(
        idle_since=floor.now - rng.choice((0.0, 1.0, 5.0)),
        last_inbound_at=floor.now - rng.choice((0.0, 2.0)),
        occupancy=rng.choice((0.1, 0.5)),
        contacts=rng.randint(0, 2),
        talk_s=rng.choice((0.0, 60.0, 120.0)),
        hard=rng.randint(0, 2),
        rested_at=floor.now + rng.choice((-1.0, -1.0, 3.0)),
    )
    return f"agent {agent} is free: {standing}", floor, _step("open", agent, standing, floor.now)


def _settle(floor: Floor) -> Move:
    """An offer is taken by one of those asked, or lost with its caller; or one of them declines."""
    if not floor.offered:
        return None
    rng, key = floor.rng, floor.rng.choice(sorted(floor.offered))
    contact, agents = floor.offered.pop(key)
    if rng.random() < 0.3:
        return _decline(floor, key, contact, agents)
    taker = rng.choice(agents) if rng.random() < 0.8 else None
    if taker is not None:
        floor.served[key] = (taker, contact.channel)
    now = floor.now

    def settle(router: AnyRouter) -> list[Offer]:
        offers = router.leave(key, now)
        for agent in agents:
            if agent != taker and agent in floor.agents:
                offers += router.release(agent, contact.channel, now)
        return offers

    return f"{key} is settled: {taker=}", floor, settle


def _decline(floor: Floor, key: str, contact: Contact, agents: tuple[int, ...]) -> Move:
    """Refused, so that this agent is not asked again, or only withdrawn."""
    rng, now = floor.rng, floor.now
    agent = rng.choice(agents)
    refused_by = contact.refused_by | {agent} if rng.random() < 0.7 else contact.refused_by
    contact = replace(contact, refused_by=refused_by)
    if len(agents) > 1:
        floor.offered[key] = (contact, tuple(one for one in agents if one != agent))
    else:
        floor.waiting[key] = contact

    def decline(router: AnyRouter) -> list[Offer]:
        offers = router.release(agent, contact.channel, now) if agent in floor.agents else []
        return offers + router.decline(key, agent, refused_by, now)

    return f"{agent} declines {key}: {refused_by=}", floor, decline


def _leave(floor: Floor) -> Move:
    if not floor.waiting:
        return None
    key = floor.rng.choice(sorted(floor.waiting))
    del floor.waiting[key]
    return f"{key} leaves", floor, _step("leave", key, floor.now)


def _away(floor: Floor) -> Move:
    if not floor.agents:
        return None
    ways = ("pause", "close", "away") if floor.is_wide else ("pause", "close")
    agent, what = floor.rng.choice(sorted(floor.agents)), floor.rng.choice(ways)
    return f"agent {agent}: {what}", floor, _step(what, agent, floor.now)


def _finish(floor: Floor) -> Move:
    if not floor.served:
        return None
    key = floor.rng.choice(sorted(floor.served))
    agent, channel = floor.served.pop(key)
    if agent not in floor.agents:
        return None
    return f"{key} is over", floor, _step("release", agent, channel, floor.now)


def _rare(floor: Floor) -> Move:
    rng = floor.rng
    match rng.randrange(6):
        case 0 if floor.is_wide and rng.random() < 0.7:
            named: list[int | str] = [*floor.policy.queues, *floor.policy.classes]
            reached = {one: rng.choice((0.0, 0.4, 0.8, 1.0)) for one in named if rng.random() < 0.7}
            floor.policy = replace(floor.policy, reached=reached)
            return f"shares reached: {reached}", floor, _step("know_reached", reached, floor.now)
        case 0:
            floor.policy = random_policy(rng, is_wide=floor.is_wide)
            return f"new rules: {floor.policy}", floor, _step("set_policy", floor.policy, floor.now)
        case 1 | 2 if floor.agents:
            agent = rng.choice(sorted(floor.agents))
            floor.agents[agent] = _random_profile(rng, agent, floor)
            return f"changed: {floor.agents[agent]}", floor, _step("put_agent", floor.agents[agent], floor.now)
        case 3 if floor.agents:
            agent = rng.choice(sorted(floor.agents))
            return f"agent {agent} calls out", floor, _step("occupy", agent, rng.choice(CHANNELS), floor.now)
        case 4 if len(floor.agents) > 1 and not floor.offered:
            agent = rng.choice(sorted(floor.agents))
            del floor.agents[agent]
            return f"agent {agent} is gone", floor, _step("drop_agent", agent, floor.now)
        case _:
            return None
