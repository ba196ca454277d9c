"""Who waits and who may take: the router's two sides, as values. Pure.

Instants are seconds on one clock that never goes back (the caller's); ids break ties, so that a replay gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.objectives import deadline_s
from zhiyin.domain.routing.policy import VOICE, AgentChoice, ContactChoice, Membership, Policy, QueuePolicy
from zhiyin.domain.routing.requirements import NOTHING, Requirement, all_of, relax, skills_named

FOR_EVER = float("inf")


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact in line. ``since``: when it began to wait, kept through offers and restarts.

    ``preferred``: these agents alone for the first ``preferred_for_s`` seconds, in this order (上次座席优先); for ever
    where the contact is meant for them and stands in no queue. It waits for who is at work; ``waits_for_away``: for who
    is not ready, too. ``refused_by``: not asked again. ``points``: on top of those of its class, where the flow gave it
    some.
    """

    id: str
    since: float
    queue: int | None
    channel: str = VOICE
    class_code: str = ""
    requirement: Requirement = NOTHING
    preferred: tuple[int, ...] = ()
    preferred_for_s: float = 0.0
    refused_by: frozenset[int] = frozenset()
    is_hard: bool = False
    points: float = 0.0
    also: tuple[int, ...] = ()  # queues whose agents are asked as well, from the first moment
    waits_for_away: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the choice between agents looks at, as of the moment the agent last became free.

    ``idle_since``, ``last_inbound_at``: instants; ``occupancy``: share of the time signed in spent on contacts (0-1);
    ``contacts`` and ``talk_s`` today; ``hard``: hard contacts of this shift, ``rested_at``: when the gap after the
    last of them ends.
    """

    idle_since: float = 0.0
    last_inbound_at: float = 0.0
    occupancy: float = 0.0
    contacts: int = 0
    talk_s: float = 0.0
    hard: int = 0
    rested_at: float = 0.0


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """What an agent can and where: changes when an administrator changes it. ``limits``: its own, by channel."""

    id: int
    skills: Mapping[str, int] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a contact asks once it has waited ``after_s``: which queues' agents, with what."""

    after_s: float
    queues: tuple[int, ...]
    requirement: Requirement
    is_hard: bool


@dataclass(frozen=True, slots=True)
class Slope:
    """How a contact's claim grows: ``base + per_s * waited``, at most ``top``. The larger claim comes first."""

    base: float
    per_s: float
    top: float

    def at(self, waited_s: float) -> float:
        return min(self.base + self.per_s * waited_s, self.top)


def slope_of(policy: Policy, queue: QueuePolicy, contact: Contact) -> Slope:
    """Return how the contact's claim in the queue grows, by the company's rule."""
    contact_class = policy.class_of(contact.class_code)
    match policy.contact_choice:
        case ContactChoice.PRIORITY:
            points = contact_class.points + contact.points
            top = max(points, contact_class.at_most)
            return Slope(points + queue.weight, contact_class.per_minute / 60, top + queue.weight)
        case ContactChoice.SERVICE_OBJECTIVE:
            return Slope(-deadline_s(queue, contact_class, policy.reached), 1.0, FOR_EVER)
        case ContactChoice.LONGEST_WAITING:
            return Slope(0.0, 1.0, FOR_EVER)


def lane_key(policy: Policy, contact: Contact) -> object:
    """Return what makes the claims of two contacts of one queue grow alike, whatever shares are reached by then."""
    if policy.contact_choice is not ContactChoice.SERVICE_OBJECTIVE:
        return slope_of(policy, policy.queue(contact.queue or 0), contact)
    has_target = policy.class_of(contact.class_code).target_s is not None
    return contact.class_code if has_target else None


def stages_of(policy: Policy, contact: Contact) -> tuple[Stage, ...]:
    """Return what the contact asks as it waits, the first at once. () for one that stands in no queue."""
    if contact.queue is None:
        return ()
    queue = policy.queue(contact.queue)
    wanted = all_of((queue.requirement, contact.requirement))
    also = tuple(other for other in contact.also if other != queue.id)
    stages = [Stage(0.0, (queue.id, *also), wanted, contact.is_hard)]
    for ring in queue.rings:
        before = stages[-1]
        added = tuple(other for other in ring.add_queues if other not in before.queues)
        wanted = relax(before.requirement, lower_by=ring.lower_by, drop=ring.drop)
        stages.append(Stage(ring.after_s, before.queues + added, wanted, before.is_hard))
    if contact.is_hard:
        gives_up_s = policy.fairness.waits_at_most_s
        rested = [stage for stage in stages if stage.after_s < gives_up_s]
        later = [stage for stage in stages if stage.after_s > gives_up_s]
        at = next(stage for stage in reversed(stages) if stage.after_s <= gives_up_s)
        given_up = [replace(s, after_s=max(s.after_s, gives_up_s), is_hard=False) for s in (at, *later)]
        stages = [*rested, *given_up]
    return tuple(stages)


def is_rested(policy: Policy, standing: Standing, now: float) -> bool:
    """Return whether a hard contact may be given to the agent now."""
    budget = policy.fairness.hard_per_shift
    return now >= standing.rested_at and (budget == 0 or standing.hard < budget)


@dataclass(slots=True)
class Turns:
    """How often and when last a queue chose an agent: what ``PERCENTAGE`` and ``ROUND_ROBIN`` go by."""

    taken: int = 0
    last: int = 0


def rank_of(  # noqa: PLR0911 - one rule a line
    policy: Policy,
    queue: QueuePolicy,
    *,
    requirement: Requirement,
    profile: AgentProfile,
    standing: Standing,
    membership: Membership,
    turns: Turns,
    draw: float,
) -> float:
    """Return the agent's rank under the queue's rule; the lowest is chosen. ``draw``: a number in [0, 1) for chance."""
    match queue.agent_choice:
        case AgentChoice.LONGEST_IDLE | AgentChoice.RING_ALL:
            return standing.idle_since
        case AgentChoice.LONGEST_SINCE_INBOUND:
            return standing.last_inbound_at
        case AgentChoice.LEAST_OCCUPIED:
            return standing.occupancy
        case AgentChoice.FEWEST_CONTACTS:
            return standing.contacts
        case AgentChoice.MOST_SKILLED:
            return -_skill(requirement, profile)
        case AgentChoice.LEAST_SKILLED:
            return _skill(requirement, profile)
        case AgentChoice.WEIGHTED:
            return policy.talk_weight * standing.talk_s / 60 + policy.count_weight * standing.contacts
        case AgentChoice.ROUND_ROBIN:
            return turns.last
        case AgentChoice.PERCENTAGE:
            return turns.taken / membership.share if membership.share > 0 else FOR_EVER
        case AgentChoice.RANDOM:
            return draw


def draw_of(agent: int, times: int) -> float:
    """Return a number in [0, 1) that looks drawn and is the same in every replay (Knuth's multiplicative hashing)."""
    mixed = (agent * 2_654_435_761 + times * 40_503 + 0x9E37_79B9) & 0xFFFF_FFFF
    mixed ^= mixed >> 15
    return (mixed * 2_246_822_519 & 0xFFFF_FFFF) / 2**32


def _skill(requirement: Requirement, profile: AgentProfile) -> int:
    """The agent's levels in what is asked for; in all skills where nothing is."""
    named = skills_named(requirement) or profile.skills.keys()
    return sum(profile.skills.get(skill, 0) for skill in named)
