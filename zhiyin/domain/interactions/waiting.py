"""What happens to a contact while it waits, offers apart: what it was promised, which steps of overflow it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.interactions.intervention_events import Assigned
from zhiyin.domain.replacing import replace


@dataclass(frozen=True, slots=True)
class WaitEstimated:
    """What the contact was promised at this moment: half of such waits end within ``p50_s``, nine of ten within
    ``p90_s``. ``plain_...``: the same before what was learnt from earlier promises. ``agents``: at work then."""

    queue: int
    before: int
    p50_s: float
    p90_s: float
    agents: int
    plain_p50_s: float
    plain_p90_s: float


@dataclass(frozen=True, slots=True)
class OverflowTaken:
    """A step of the queue's overflow chain was taken, counted from 0, and why it could be.

    ``condition`` and ``action``: ``domain.routing.overflow``; ``threshold``: what the condition asked for; ``target``:
    the queue that was added or moved to. ``waited_s``, ``before`` and ``p90_s`` are as they stood.
    """

    queue: int
    step: int
    condition: str
    threshold: int
    action: str
    target: int | None = None
    prompt: str | None = None
    waited_s: float = 0.0
    before: int = 0
    p90_s: float | None = None


@dataclass(frozen=True, slots=True)
class GivenEstimate:
    """A promise that still has to be kept."""

    estimate: WaitEstimated
    at: datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """A contact's stay in a queue so far. ``steps``: those of the chain that were taken; ``added``: queues asked too.

    ``left``: queues that it was moved on from without having been answered. ``since``: when the whole wait began.
    ``assigned``: for whom a lead keeps it.
    """

    since: datetime | None = None
    estimates: tuple[GivenEstimate, ...] = ()
    steps: frozenset[int] = frozenset()
    added: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    assigned: Assigned | None = None

    def entered(self, since: datetime) -> Stay:
        return Stay(since=since, left=self.left)

    def after(self, event: WaitEstimated | OverflowTaken, at: datetime) -> Stay:
        match event:
            case WaitEstimated():
                return replace(self, estimates=(*self.estimates, GivenEstimate(event, at)))
            case OverflowTaken(action="add_queue", target=target) if target is not None:
                return replace(self, steps=self.steps | {event.step}, added=(*self.added, target))
            case OverflowTaken(action="move"):
                return replace(self, steps=self.steps | {event.step}, left=(*self.left, event.queue))
            case OverflowTaken():
                return replace(self, steps=self.steps | {event.step})
