"""What a lead does to a contact that waits for an agent (干预排队). Pure.

Each is a fact of its own beside what follows from it (the queue left and entered, the offer made or withdrawn), so
that the record says who did it. ``supervisor`` is that person; words stand by reference only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Requeued:
    """改派队列: it waits in ``queue`` from here; ``keeps_wait``: at the place of its first joining, not at the end."""

    supervisor: int
    from_queue: int
    queue: int
    keeps_wait: bool = True


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """调整优先级: its priority and class from here on, and what they were."""

    supervisor: int
    priority: int
    class_code: str
    priority_before: int = 0
    class_before: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """指派座席: it is kept for ``agent`` until then, and waits for the queue afterwards."""

    supervisor: int
    agent: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Pulled:
    """抢接: the supervisor's own telephone is rung for it at once. ``agent``: who was being rung till then."""

    supervisor: int
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class EndedWithMessage:
    """结束等待: the caller hears ``prompt`` ("": nothing) and is hung up. ``note_ref``: why."""

    supervisor: int
    prompt: str
    note_ref: str


InterventionEvent = Requeued | PriorityChanged | Assigned | Pulled | EndedWithMessage
