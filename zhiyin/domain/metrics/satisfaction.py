"""满意度: what customers' answers come to. Shares in per cent; names follow docs/glossary.md."""

from __future__ import annotations

from dataclasses import dataclass

#: Whoever gives so much of the best score or more is satisfied: 4 and 5 of 5 (the usual "top two boxes"), 8 of 10.
SATISFIED_FROM = 0.8
#: Whoever gives so much or less, or the least there is, is dissatisfied: 1 and 2 of 5, 4 of 10.
DISSATISFIED_TO = 0.4


@dataclass(slots=True)
class Satisfaction:
    """Sums over one group. ``asked`` and ``responded`` count contacts, the others answers."""

    asked: int = 0
    responded: int = 0
    answers: int = 0
    satisfied: int = 0
    dissatisfied: int = 0
    #: sum of score / best score
    shares: float = 0.0

    def add(self, score: int, most: int, times: int = 1) -> None:
        """Count an answer of 1 to ``most`` so many ``times``."""
        share = score / most
        self.answers += times
        self.satisfied += times * (share >= SATISFIED_FROM)
        self.dissatisfied += times * (share <= DISSATISFIED_TO or score == 1)
        self.shares = round(self.shares + times * share, 9)  # the same in whatever order answers come

    def include(self, other: Satisfaction) -> None:
        """Count another group's contacts and answers too."""
        self.asked += other.asked
        self.responded += other.responded
        self.answers += other.answers
        self.satisfied += other.satisfied
        self.dissatisfied += other.dissatisfied
        self.shares = round(self.shares + other.shares, 9)


def response_rate_pct(of: Satisfaction) -> float | None:
    """参评率: contacts with an answer / contacts asked. None before the first was asked."""
    return 100.0 * of.responded / of.asked if of.asked else None


def satisfied_pct(of: Satisfaction) -> float | None:
    """满意率: answers of at least 80 % of the best score / answers."""
    return 100.0 * of.satisfied / of.answers if of.answers else None


def dissatisfied_pct(of: Satisfaction) -> float | None:
    """不满意率: answers of at most 40 % of the best score, or of the least there is / answers."""
    return 100.0 * of.dissatisfied / of.answers if of.answers else None


def average_score_pct(of: Satisfaction) -> float | None:
    """平均得分: mean of score / best score."""
    return 100.0 * of.shares / of.answers if of.answers else None
