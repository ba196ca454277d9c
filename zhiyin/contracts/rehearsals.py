"""What a rehearsal of the router answers (试一试): a made-up caller, decided at this moment and given to nobody."""

from __future__ import annotations

from datetime import datetime

import msgspec


class RehearsalRing(msgspec.Struct, frozen=True):
    """What is asked once the caller has waited ``after_s``: which queues' agents, with what, and how many may take it.

    ``able``: whoever serves these queues and has the skills; ``ready``: those of them who are ready now.
    """

    after_s: float
    queues: tuple[int, ...]
    skills: dict[str, int]
    able: int
    ready: int


class RehearsalAgent(msgspec.Struct, frozen=True):
    """How it stands with one agent of the queues asked.

    ``verdict``: "chosen", "next" (could, comes later), "later" (ready, asked after ``after_s``), "unskilled" (lacks
    ``missing`` for good), "unrested" (no hard contact now), "full" (no room beside what it has: ``load``), or what
    keeps the agent away: "busy", "not_ready", "rest", "signed_out", "lost", "no_telephone".
    """

    agent: int
    verdict: str
    after_s: float | None = None
    missing: dict[str, int] = {}
    load: dict[str, int] = {}


class RehearsalStep(msgspec.Struct, frozen=True):
    """A step of the overflow chain. ``at_s``: after which wait it would be taken, as things stand; None: not by time.

    ``is_reached``: no step before it takes the caller away sooner.
    """

    condition: str
    threshold: int
    action: str
    queue: int | None
    prompt: str
    at_s: float | None
    is_reached: bool


class RehearsalOutcome(msgspec.Struct, frozen=True):
    """The decision by one set of rules. ``offered_to`` empty: the caller waits. ``rule`` as in decision records."""

    queue: int
    class_code: str
    priority: int
    is_open: bool
    opens_at: datetime | None
    offered_to: tuple[int, ...]
    rule: str
    contact_rule: str
    points: float
    what_if: dict[str, int]
    preferred: tuple[int, ...]
    preferred_for_s: float
    before: int
    p50_s: float | None
    p90_s: float | None
    max_wait_s: int
    rings: tuple[RehearsalRing, ...] = ()
    agents: tuple[RehearsalAgent, ...] = ()
    steps: tuple[RehearsalStep, ...] = ()


class Rehearsal(msgspec.Struct, frozen=True):
    """``changed``: the same caller by the changed settings, where some were given."""

    at: datetime
    is_vip: bool
    is_blocked: bool
    is_known: bool
    present: RehearsalOutcome
    changed: RehearsalOutcome | None = None


class ContactTestRow(msgspec.Struct, frozen=True):
    """A contact of the test channel. ``agent``: who has it, since ``taken_at``; None: it waits."""

    id: str
    queue: int
    channel: str
    since: datetime
    agent: int | None = None
    taken_at: datetime | None = None
