"""One company's waits as they are promised: what each line has taught so far, and how it looks for one contact now.

Synchronous. Told every event of the engine's own calls; what a killed engine had learnt of its lines is learnt anew,
and until then the day's handling times, which are read from the log, are gone by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime

from zhiyin.domain.agents import SIGNED_IN, AgentState
from zhiyin.domain.interactions import (
    Interaction,
    InteractionEvent,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    WaitEstimated,
)
from zhiyin.domain.metrics.definitions import QueueFigures, average_handling_time_s
from zhiyin.domain.routing.estimates import PLAIN, Handling, Rank, WaitEstimate, WaitEstimator
from zhiyin.domain.routing.overflow import Outlook
from zhiyin.domain.routing.queues import QueueRule
from zhiyin.engine.company import Company
from zhiyin.engine.headcounts import AT_WORK
from zhiyin.engine.routing_desk import RoutingDesk


class Promises:
    def __init__(self, company: Company, desk: RoutingDesk, figures: Callable[[int], QueueFigures | None]) -> None:
        self._company = company
        self._desk = desk
        self._figures = figures
        self._estimators: dict[int, WaitEstimator] = defaultdict(WaitEstimator)

    def company_changed(self, company: Company) -> None:
        self._company = company
        for queue in self._estimators.keys() - company.queues.keys():
            del self._estimators[queue]

    def outlook(self, call: Interaction, queue: int, now: datetime) -> Outlook:
        """Return how it looks for the contact in the queue's line, in which it stands or which it is about to join."""
        slope = self._desk.slope(queue, call.class_code, call.priority)
        before = self._desk.line.would_be(call.id, queue, slope, call.stay.since or now, now)
        return self._outlook(queue, before, _rank(call))

    def of_newcomer(self, queue: int) -> WaitEstimate | None:
        """Return what a caller who came now would be promised; None too where an agent is free."""
        if self._desk.ready_in(queue):
            return None
        return self._outlook(queue, len(self._desk.line.of_queue(queue)), PLAIN).estimate

    def of_made_up(self, company: Company, queue: int, *, priority: int, class_code: str, now: datetime) -> Outlook:
        """Return how it would look for a caller of this rank who came now, by these settings."""
        slope = self._desk.slope(queue, class_code, priority)
        before = self._desk.line.would_be("", queue, slope, now, now)
        return self._outlook(queue, before, (priority, class_code), company)

    def _outlook(self, queue: int, before: int, rank: Rank, company: Company | None = None) -> Outlook:
        """``company``: by these settings instead of those in force, on whose members the desk keeps count."""
        rule = company.queues.get(queue) if company is not None else None
        at_work = self._count(queue, AT_WORK, rule)
        estimator = self._estimators.get(queue) or WaitEstimator()
        estimate = estimator.estimate(before, agents=at_work, handling=self._handling(queue), rank=rank)
        return Outlook(
            before=before,
            estimate=estimate,
            signed_in=self._count(queue, SIGNED_IN, rule),
            at_work=at_work,
            ready=self._desk.ready_in(queue) if rule is None else self._ready_of(rule.members),
        )

    def _count(self, queue: int, states: frozenset[AgentState], rule: QueueRule | None) -> int:
        if rule is None:
            return self._desk.headcounts.count(queue, states)
        return sum(self._desk.agent(agent).state in states for agent in rule.members)

    def _ready_of(self, members: Collection[int]) -> int:
        return sum(self._desk.is_ready(agent) for agent in members)

    def _handling(self, queue: int) -> Handling | None:
        figures = self._figures(queue)
        mean_s = average_handling_time_s(figures) if figures is not None else None
        return None if mean_s is None or figures is None else Handling(mean_s, figures.conversations)

    # --- what happened ----------------------------------------------------------------------------------------------

    def follow(self, before: Interaction, event: InteractionEvent, at: datetime) -> None:
        """Learn from an event; ``before`` is the contact as it was. The line is as it was before the event too."""
        match event:
            case QueueEntered(queue=queue):
                has_free = self._desk.ready_in(queue) > 0
                self._estimators[queue].joined(at.timestamp(), has_free=has_free)
            case QueueLeft(queue=queue, outcome=outcome):
                estimator = self._estimators[queue]
                others = sum(
                    waiting.interaction != before.id and not waiting.is_offered
                    for waiting in self._desk.line.of_queue(queue)
                )
                if outcome is not QueueEnd.ANSWERED:
                    estimator.left(still_waiting=others)
                    return
                self._judge(estimator, before, at)
                agents = self._outlook(queue, 0, PLAIN).at_work
                estimator.answered(at.timestamp(), agents=agents, still_waiting=others)
            case _:
                pass

    @staticmethod
    def _judge(estimator: WaitEstimator, call: Interaction, at: datetime) -> None:
        for given in call.stay.estimates:
            estimator.judge(_estimate(given.estimate), (at - given.at).total_seconds(), rank=_rank(call))


def _rank(call: Interaction) -> Rank:
    return call.priority, call.class_code


def _estimate(given: WaitEstimated) -> WaitEstimate:
    return WaitEstimate(
        p50_s=given.p50_s,
        p90_s=given.p90_s,
        before=given.before,
        agents=given.agents,
        plain_p50_s=given.plain_p50_s,
        plain_p90_s=given.plain_p90_s,
    )
