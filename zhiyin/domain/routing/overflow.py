"""What a queue does when a caller would wait too long: a chain of steps, each a condition and an action. Pure; seconds.

The steps are looked at in their order, at arrival and again as time passes; each is taken at most once in a stay.
Below every chain lies the queue's longest wait, after which the flow goes on or the caller hears that all are busy:
so a chain always ends, if it does not lead round in a circle (``find_problems``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhiyin.domain.routing.estimates import WaitEstimate


class Condition(StrEnum):
    WAITED_OVER = "waited_over"  # 等待超过: ``threshold`` seconds in this queue
    LINE_REACHED = "line_reached"  # 排队人数达到: so many wait before it
    EXPECTED_OVER = "expected_over"  # 预计等待超过: P90 over ``threshold`` seconds
    NOBODY_SIGNED_IN = "nobody_signed_in"  # 无人签入
    NOBODY_AT_WORK = "nobody_at_work"  # 无人工作: all who are signed in are not ready or resting
    NOBODY_READY = "nobody_ready"  # 无人空闲
    CLOSED = "closed"  # 非工作时间, by the queue's calendar


#: Those that ask for a number.
WITH_THRESHOLD = frozenset({Condition.WAITED_OVER, Condition.LINE_REACHED, Condition.EXPECTED_OVER})


@dataclass(frozen=True, slots=True)
class AddQueue:
    """Ask another queue's agents too; the place is kept."""

    queue: int


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Wait in another queue instead, by its rules; the wait so far counts there."""

    queue: int


@dataclass(frozen=True, slots=True)
class PlayPrompt:
    prompt: str


@dataclass(frozen=True, slots=True)
class EndWith:
    """Say a prompt and hang up."""

    prompt: str


@dataclass(frozen=True, slots=True)
class LeaveByFlow:
    """Go on by the exit "overflow" of the flow's queue node."""


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Ask for a voice message, which waits in this queue instead of the caller; a full mailbox is passed over."""


@dataclass(frozen=True, slots=True)
class PromiseCallback:
    """Promise to call the caller's number back: the place is kept. Passed over where that number may not be called."""


Action = AddQueue | MoveTo | PlayPrompt | EndWith | LeaveByFlow | TakeMessage | PromiseCallback
#: Each action's word in settings and records.
ACTION_WORDS: Mapping[type[Action], str] = {
    AddQueue: "add_queue",
    MoveTo: "move",
    PlayPrompt: "play",
    EndWith: "end",
    LeaveByFlow: "leave",
    TakeMessage: "message",
    PromiseCallback: "callback",
}


_NEEDING_NOTHING: Mapping[str, Action] = {
    "leave": LeaveByFlow(),
    "message": TakeMessage(),
    "callback": PromiseCallback(),
}


class UnknownAction(Exception):
    """The settings name an action that this program does not know."""


def read_action(word: str, *, queue: int | None, prompt: str) -> Action:
    """Return the action of its word in the settings. Raises ``UnknownAction``, also where what it needs is missing."""
    match word:
        case "add_queue" if queue is not None:
            return AddQueue(queue)
        case "move" if queue is not None:
            return MoveTo(queue)
        case "play" if prompt:
            return PlayPrompt(prompt)
        case "end" if prompt:
            return EndWith(prompt)
        case "leave" | "message" | "callback":
            return _NEEDING_NOTHING[word]
        case _:
            raise UnknownAction(word)


@dataclass(frozen=True, slots=True)
class OverflowStep:
    condition: Condition
    action: Action
    threshold: int = 0

    @property
    def is_last_word(self) -> bool:
        """Whether the contact leaves the queue by it, whatever else holds."""
        return isinstance(self.action, MoveTo | EndWith | LeaveByFlow)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How it looks for one contact in a queue's line: who is before it, what is expected, and who is there."""

    before: int = 0
    estimate: WaitEstimate | None = None
    signed_in: int = 0
    at_work: int = 0
    ready: int = 0


def holds(  # noqa: PLR0911 - one line a condition
    step: OverflowStep, outlook: Outlook, *, waited_s: float, is_open: bool
) -> bool:
    """Return whether the step may be taken."""
    match step.condition:
        case Condition.WAITED_OVER:
            return waited_s >= step.threshold
        case Condition.LINE_REACHED:
            return outlook.before >= step.threshold
        case Condition.EXPECTED_OVER:
            return outlook.estimate is not None and outlook.estimate.p90_s > step.threshold
        case Condition.NOBODY_SIGNED_IN:
            return outlook.signed_in == 0
        case Condition.NOBODY_AT_WORK:
            return outlook.at_work == 0
        case Condition.NOBODY_READY:
            return outlook.ready == 0
        case Condition.CLOSED:
            return not is_open


#: How often is looked whether a condition holds by now that time alone does not bring about.
LOOK_EVERY_S = 5.0


def look_after_s(chain: tuple[OverflowStep, ...], taken: Collection[int], *, waited_s: float) -> float | None:
    """Return when to look at the chain again; None: nothing is left of it."""
    left = [step for number, step in enumerate(chain) if number not in taken]
    if any(step.condition is not Condition.WAITED_OVER for step in left):
        return LOOK_EVERY_S
    return max(0.1, min(step.threshold for step in left) - waited_s) if left else None


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """``step`` counts from 0.

    ``code``: "unknown_queue", "own_queue", "unknown_prompt", "never_reached", "moves_in_circle".
    """

    step: int
    code: str


def find_problems(
    queue: int,
    chain: tuple[OverflowStep, ...],
    *,
    max_wait_s: int,
    others: Mapping[int, tuple[OverflowStep, ...]],
    prompts: Collection[str],
) -> tuple[ChainProblem, ...]:
    """Return what is wrong with a queue's chain, measured against those of the company's ``others``. () proves that it
    ends: it leads to queues that there are, comes back to none, and all it says can be heard."""
    problems: list[ChainProblem] = []
    for number, step in enumerate(chain):
        if _is_never_reached(step, chain[:number], max_wait_s):
            problems.append(ChainProblem(number, "never_reached"))
        match step.action:
            case AddQueue(queue=target) | MoveTo(queue=target) if target == queue:
                problems.append(ChainProblem(number, "own_queue"))
            case AddQueue(queue=target) | MoveTo(queue=target) if target not in others:
                problems.append(ChainProblem(number, "unknown_queue"))
            case MoveTo(queue=target) if queue in _moved_on_from(target, others):
                problems.append(ChainProblem(number, "moves_in_circle"))
            case PlayPrompt(prompt=prompt) | EndWith(prompt=prompt) if prompt not in prompts:
                problems.append(ChainProblem(number, "unknown_prompt"))
            case _:
                pass
    return tuple(problems)


def _is_never_reached(step: OverflowStep, before: tuple[OverflowStep, ...], max_wait_s: int) -> bool:
    if step.condition is Condition.WAITED_OVER and step.threshold >= max_wait_s:
        return True
    return any(b.is_last_word and b.condition is step.condition and b.threshold <= step.threshold for b in before)


def _moved_on_from(start: int, chains: Mapping[int, tuple[OverflowStep, ...]]) -> set[int]:
    """Return every queue that a contact of ``start`` may be moved to, from one to the next."""
    seen: set[int] = set()
    todo = [start]
    while todo:
        for target in _targets(chains.get(todo.pop(), ())):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _targets(chain: tuple[OverflowStep, ...]) -> Iterator[int]:
    return (step.action.queue for step in chain if isinstance(step.action, MoveTo))
