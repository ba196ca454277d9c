"""The rules by which contacts and agents are brought together, as data. Pure; durations in seconds, points as written.

**Which agent** takes a contact is the queue's own rule (``AgentChoice``). **Which contact** a free agent takes is one
rule for the company (``ContactChoice``), because an agent serves several queues and their contacts must be comparable.
Every rule of the second kind grows with the wait alone once queue, class and channel are given: that is what lets the
router keep each such line in the order of arrival and compare only its first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhiyin.domain.routing.requirements import NOTHING, Requirement


class AgentChoice(StrEnum):
    """Of several agents who may take it. The lower ``tier`` always comes first; ties go to the longest idle."""

    LONGEST_IDLE = "longest_idle"  # 最长空闲
    LONGEST_SINCE_INBOUND = "longest_since_inbound"  # 距上次呼入最久: calls made do not count
    LEAST_OCCUPIED = "least_occupied"  # 最低占用率
    FEWEST_CONTACTS = "fewest_contacts"  # 接待最少
    MOST_SKILLED = "most_skilled"  # 技能最高 among the skills asked for
    LEAST_SKILLED = "least_skilled"  # 技能最低: keeps the best free for what needs them
    WEIGHTED = "weighted"  # 加权: talk minutes and contacts together
    ROUND_ROBIN = "round_robin"  # 轮询: who was chosen by this queue longest ago
    PERCENTAGE = "percentage"  # 按比例: who is furthest under his or her share of the queue's contacts
    RANDOM = "random"  # 随机, drawn when the agent becomes free
    RING_ALL = "ring_all"  # 全振: all of the first tier at once


class ContactChoice(StrEnum):
    """Of several contacts that wait for a free agent."""

    PRIORITY = "priority"  # 优先级老化: the class's points, growing with the wait, and the queue's weight
    SERVICE_OBJECTIVE = "service_objective"  # 服务目标: whose target is missed first
    LONGEST_WAITING = "longest_waiting"  # 先到先得


@dataclass(frozen=True, slots=True)
class ContactClass:
    """联络等级. ``points`` at arrival, ``per_minute`` more for each minute, ``at_most`` reached by waiting.

    ``target_s`` overrides the queue's own target, with a share ``target_pct`` of its own (0: none is aimed at). A class
    that begins above its bound stays where it began.
    """

    code: str = ""
    points: float = 0.0
    per_minute: float = 1.0
    at_most: float = 1_000.0
    target_s: float | None = None
    target_pct: float = 0.0


@dataclass(frozen=True, slots=True)
class Ring:
    """What is given up once a contact has waited ``after_s``; on top of the rings before."""

    after_s: float
    lower_by: int = 0
    drop: frozenset[str] = frozenset()
    add_queues: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """A queue's rules. ``rings`` in the order of ``after_s``.

    ``target_s`` is its service level's threshold, ``target_pct`` the share of contacts to be answered within it (0:
    none is aimed at).
    """

    id: int
    agent_choice: AgentChoice = AgentChoice.LONGEST_IDLE
    requirement: Requirement = NOTHING
    rings: tuple[Ring, ...] = ()
    weight: float = 0.0
    target_s: float = 20.0
    target_pct: float = 0.0
    ring_at_most: int = 10


@dataclass(frozen=True, slots=True)
class Membership:
    """An agent's membership of a queue.

    ``order``: in which order the agent serves its queues (1 first); ``delay_s``: only contacts that have waited so
    long; ``tier``: in which order the queue asks its agents (1 first); ``share``: for ``PERCENTAGE``.
    """

    queue: int
    order: int = 1
    delay_s: float = 0.0
    tier: int = 1
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """How much of an agent one contact of a channel takes.

    ``limit``: at once; ``effort``: of 100; ``interrupts``: channels whose contacts do not keep this one away, and
    whose effort then does not count.
    """

    limit: int = 1
    effort: int = 100
    interrupts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fairness:
    """公平派单: how much hard work one agent gets.

    ``hard_per_shift`` 0: no bound; the gap follows a hard contact. A hard contact waits for a rested agent no longer
    than ``waits_at_most_s``: fairness between agents never leaves a caller without one.
    """

    hard_per_shift: int = 0
    gap_s: float = 0.0
    waits_at_most_s: float = 60.0


VOICE = "voice"
DEFAULT_CHANNELS: Mapping[str, ChannelRule] = {
    VOICE: ChannelRule(limit=1, effort=100, interrupts=frozenset({"mail"})),
    "chat": ChannelRule(limit=4, effort=25, interrupts=frozenset({"mail"})),
    "mail": ChannelRule(limit=1, effort=50),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """One company's rules, whole: what a decision is made by is this and the moment. ``version`` names it in records.

    ``talk_weight`` and ``count_weight`` are those of ``AgentChoice.WEIGHTED``, for a minute and for a contact.
    ``reached``: the share of today's contacts served in time (0-1), by queue, or by the code of a class with a target
    of its own; what is not named has reached just what it aims at.
    """

    version: int = 1
    contact_choice: ContactChoice = ContactChoice.PRIORITY
    queues: Mapping[int, QueuePolicy] = field(default_factory=dict)
    classes: Mapping[str, ContactClass] = field(default_factory=dict)
    channels: Mapping[str, ChannelRule] = field(default_factory=lambda: dict(DEFAULT_CHANNELS))
    fairness: Fairness = Fairness()
    talk_weight: float = 0.4
    count_weight: float = 0.6
    reached: Mapping[int | str, float] = field(default_factory=dict)

    def queue(self, queue: int) -> QueuePolicy:
        """Return a queue's rules; one that is not known has the plain ones."""
        return self.queues.get(queue) or QueuePolicy(queue)

    def class_of(self, code: str) -> ContactClass:
        return self.classes.get(code) or ContactClass(code)
