"""What can happen when a customer is asked how the service was (满意度邀评)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SurveyStarted:
    """The agent has left the conversation ``segment`` of ``queue``; this flow goes on with the customer."""

    flow: int
    flow_version: int
    queue: int
    agent: int
    segment: int


@dataclass(frozen=True, slots=True)
class SurveyAnswered:
    """The customer gave ``score`` of 1 to ``most`` (the best) to ``question``, as its node names it.

    A question that is asked again, e.g. after an engine's end, is answered anew: the last answer counts.
    """

    node: str
    question: str
    score: int
    most: int


SurveyEvent = SurveyStarted | SurveyAnswered
