"""Every figure's definition (口径), as versioned functions of facts. Durations in seconds, shares in per cent.

A contact belongs to the interval in which it entered the queue. Names follow docs/glossary.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import QueueEnd
from zhiyin.domain.metrics.facts import AgentSpan, ConsultedStay, Conversation, JudgedEstimate, QueueVisit

VERSION = 3
#: A caller who gives up sooner is a short abandon (短放弃): shown apart, counted as lost all the same.
SHORT_ABANDON_S = 5.0


def plus_s(total_s: float, more_s: float) -> float:
    """Add durations, each of whole microseconds: rounded, so that a sum is the same in whatever order it was made."""
    return round(total_s + more_s, 6)


@dataclass(slots=True)
class QueueFigures:
    """Sums of one queue over one interval; mutable, so that a board can add to it. Shares are derived."""

    answered: int = 0
    answered_in_target: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    overflowed: int = 0
    wait_answered_s: float = 0.0
    wait_abandoned_s: float = 0.0
    talk_s: float = 0.0
    hold_s: float = 0.0
    conversations: int = 0
    wrap_up_s: float = 0.0
    wrap_ups: int = 0
    estimates: int = 0  # given to contacts that were answered since
    estimates_within_p50: int = 0
    estimates_within_p90: int = 0
    moved: int = 0  # a lead put it into another line, which answers for it; counts for neither side here
    waiting: int = 0  # entered in the interval and not left yet

    @property
    def offered(self) -> int:
        """人工请求量: contacts that asked for this queue's agents; equals answered + lost + still waiting."""
        return self.answered + self.abandoned + self.overflowed + self.waiting

    @property
    def lost(self) -> int:
        """呼损量: asked for an agent and was not connected."""
        return self.abandoned + self.overflowed

    def add(self, other: QueueFigures) -> None:
        """Add another part of the same interval; who waits now is counted elsewhere."""
        for one in fields(self):
            ours, theirs = getattr(self, one.name), getattr(other, one.name)
            if one.name.endswith("_s"):
                setattr(self, one.name, plus_s(ours, theirs))
            elif one.name != "waiting":
                setattr(self, one.name, ours + theirs)

    def add_visit(self, visit: QueueVisit, *, target_s: float) -> None:
        match visit.outcome:
            case QueueEnd.ANSWERED:
                self.answered += 1
                self.wait_answered_s = plus_s(self.wait_answered_s, visit.wait_s)
                self.answered_in_target += visit.wait_s <= target_s
            case QueueEnd.ABANDONED:
                self.abandoned += 1
                self.wait_abandoned_s = plus_s(self.wait_abandoned_s, visit.wait_s)
                self.short_abandoned += visit.wait_s < SHORT_ABANDON_S
            case QueueEnd.TRANSFERRED:
                self.moved += 1
            case _:
                self.overflowed += 1

    def add_estimate(self, judged: JudgedEstimate) -> None:
        self.estimates += 1
        self.estimates_within_p50 += judged.is_within_p50
        self.estimates_within_p90 += judged.is_within_p90

    def add_estimates(self, given: int, within_p50: int, within_p90: int) -> None:
        """Add promises that were judged before."""
        self.estimates += given
        self.estimates_within_p50 += within_p50
        self.estimates_within_p90 += within_p90

    def add_conversation(self, conversation: Conversation) -> None:
        self.conversations += 1
        self.talk_s = plus_s(self.talk_s, conversation.talk_s)
        self.hold_s = plus_s(self.hold_s, conversation.hold_s)

    def add_wrap_up(self, span: AgentSpan) -> None:
        self.wrap_ups += 1
        self.wrap_up_s = plus_s(self.wrap_up_s, span.duration_s)


def answer_rate_pct(figures: QueueFigures) -> float | None:
    """呼入人工接通率: answered / (answered + lost). None before the first contact is over."""
    over = figures.answered + figures.lost
    return 100.0 * figures.answered / over if over else None


def service_level_pct(figures: QueueFigures) -> float | None:
    """服务水平: answered within the target / (answered + lost); the variant that forgives no abandon."""
    over = figures.answered + figures.lost
    return 100.0 * figures.answered_in_target / over if over else None


def kept_p90_pct(figures: QueueFigures) -> float | None:
    """预估命中率: of the waits promised, how many ended within P90; a good promise keeps 85 to 95 per cent."""
    return 100.0 * figures.estimates_within_p90 / figures.estimates if figures.estimates else None


def kept_p50_pct(figures: QueueFigures) -> float | None:
    """预估中位命中率: how many ended within P50; near 50 per cent."""
    return 100.0 * figures.estimates_within_p50 / figures.estimates if figures.estimates else None


def average_speed_of_answer_s(figures: QueueFigures) -> float | None:
    """应答时长: mean wait of the answered, from entering the queue to the connection."""
    return figures.wait_answered_s / figures.answered if figures.answered else None


def average_wait_before_abandoning_s(figures: QueueFigures) -> float | None:
    """放弃前等待时长."""
    return figures.wait_abandoned_s / figures.abandoned if figures.abandoned else None


def average_handling_time_s(figures: QueueFigures) -> float | None:
    """平均处理时长: (talk + hold + wrap-up) / conversations."""
    if not figures.conversations:
        return None
    return (figures.talk_s + figures.hold_s + figures.wrap_up_s) / figures.conversations


def tally(
    visits: Iterable[QueueVisit],
    conversations: Iterable[Conversation],
    wrap_ups: Iterable[tuple[int, AgentSpan]],
    *,
    targets_s: dict[int, float],
) -> dict[int, QueueFigures]:
    """Return each queue's figures from an interval's facts; ``wrap_ups`` pairs a queue with a wrap-up span."""
    figures: dict[int, QueueFigures] = {}

    def of(queue: int) -> QueueFigures:
        return figures.setdefault(queue, QueueFigures())

    for visit in visits:
        of(visit.queue).add_visit(visit, target_s=targets_s.get(visit.queue, 20.0))
    for conversation in conversations:
        if conversation.queue is not None:
            of(conversation.queue).add_conversation(conversation)
    for queue, span in wrap_ups:
        of(queue).add_wrap_up(span)
    return figures


_CONNECTED = frozenset({AgentState.TALKING, AgentState.HOLD, AgentState.CONSULTING})


@dataclass(slots=True)
class AgentFigures:
    """Sums of one agent over one interval."""

    handled: int = 0
    missed: int = 0
    talk_s: float = 0.0
    hold_s: float = 0.0
    consult_s: float = 0.0  # as the second party of another agent's contact
    wrap_up_s: float = 0.0
    ready_s: float = 0.0
    not_ready_s: float = 0.0
    rest_s: float = 0.0
    rests_s: dict[str, float] = field(default_factory=dict)  # rest by its reason
    rests_overrun: int = 0  # longer than planned
    monitoring_s: float = 0.0
    internal_s: float = 0.0  # connected with a colleague; no contact
    signed_in_s: float = 0.0

    def add_span(self, span: AgentSpan, *, is_internal: bool = False) -> None:
        self.signed_in_s = plus_s(self.signed_in_s, span.duration_s)
        if is_internal and span.state in _CONNECTED:
            self.internal_s = plus_s(self.internal_s, span.duration_s)
        match span.state:
            case AgentState.WRAP_UP:
                self.wrap_up_s = plus_s(self.wrap_up_s, span.duration_s)
            case AgentState.READY:
                self.ready_s = plus_s(self.ready_s, span.duration_s)
            case AgentState.NOT_READY:
                self.not_ready_s = plus_s(self.not_ready_s, span.duration_s)
            case AgentState.REST:
                self.rest_s = plus_s(self.rest_s, span.duration_s)
                reason = span.reason or ""
                self.rests_s[reason] = plus_s(self.rests_s.get(reason, 0.0), span.duration_s)
                self.rests_overrun += span.is_overrun
            case AgentState.MONITORING:
                self.monitoring_s = plus_s(self.monitoring_s, span.duration_s)
            case _:
                pass

    def add_conversation(self, conversation: Conversation) -> None:
        self.handled += 1
        self.talk_s = plus_s(self.talk_s, conversation.talk_s)
        self.hold_s = plus_s(self.hold_s, conversation.hold_s)

    def add_consult(self, stay: ConsultedStay) -> None:
        self.consult_s = plus_s(self.consult_s, stay.duration_s)


def occupancy_pct(figures: AgentFigures) -> float | None:
    """通话占用率: (talk + hold + consulted + wrap-up) / (the same + ready)."""
    busy_s = figures.talk_s + figures.hold_s + figures.consult_s + figures.wrap_up_s
    whole_s = busy_s + figures.ready_s
    return 100.0 * busy_s / whole_s if whole_s else None
