"""A canary's figures, folded from the events of its contacts one by one. Pure.

The live engine and a new one that reads the log go by the same fold, and what is folded can be kept and gone on with:
weeks need not be read again. Nothing here decides; ``trials.breach_of`` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.interactions import (
    InteractionEnded,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    SurveyAnswered,
    SurveyStarted,
)
from zhiyin.domain.metrics.facts import QueueVisit
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.trials import Arm, ArmFigures

CanaryEvent = QueueEntered | QueueLeft | SurveyStarted | SurveyAnswered | InteractionEnded


@dataclass(slots=True)
class Going:
    """A contact of an arm that is not over. ``queued_at`` None: it stands in ``queue``'s line no more.

    ``is_asked``: its customer is asked how the conversation was that came of this stay; ``scores_pct`` by question.
    """

    arm: Arm
    queue: int
    queued_at: datetime | None
    is_answered: bool = False
    is_asked: bool = False
    scores_pct: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Canary:
    """How both arms of a trial have fared since it began, and which of their contacts are not over."""

    trial: int
    began_at: datetime
    arms: dict[Arm, ArmFigures] = field(default_factory=lambda: {arm: ArmFigures() for arm in Arm})
    going: dict[str, Going] = field(default_factory=dict)

    def is_of(self, trial: int, began_at: datetime) -> bool:
        """Return whether it counts this trial; one that was begun anew counts from there."""
        return (self.trial, self.began_at) == (trial, began_at)

    def take(self, contact: str, event: CanaryEvent, at: datetime, *, target_s: Callable[[int], float]) -> bool:
        """Count what the event completes; True where a figure has changed. ``target_s``: of a queue's service level.

        A score belongs to the arm from whose line the judged conversation came, and counts as the contact ends, once:
        the mean of its answers, of which a question's last is its answer.
        """
        going = self.going.get(contact)
        match event:
            case QueueEntered() if event.trial == self.trial and event.arm:
                scores_pct = going.scores_pct if going is not None else {}
                self.going[contact] = Going(Arm(event.arm), event.queue, at, scores_pct=scores_pct)
            case QueueEntered() | InteractionEnded():
                return self._end(contact)
            case QueueLeft() if going is not None and going.queued_at is not None:
                visit = QueueVisit(contact, event.queue, going.queued_at, at, event.outcome)
                going.queued_at, going.is_answered = None, event.outcome is QueueEnd.ANSWERED
                self.arms[going.arm].add(visit, target_s=target_s(event.queue))
                return True
            case SurveyStarted() if going is not None:
                going.is_asked = going.is_answered and event.queue == going.queue
            case SurveyAnswered() if going is not None and going.is_asked:
                going.scores_pct[event.question] = 100 * event.score / event.most
        return False

    def _end(self, contact: str) -> bool:
        going = self.going.pop(contact, None)
        if going is None or not going.scores_pct:
            return False
        scores_pct = going.scores_pct.values()
        self.arms[going.arm].scores.add(sum(scores_pct) / len(scores_pct))
        return True

    def copy(self) -> Canary:
        """Return it as it stands, to be kept while this one goes on."""
        going = {contact: replace(one, scores_pct={**one.scores_pct}) for contact, one in self.going.items()}
        return Canary(self.trial, self.began_at, {arm: one.copy() for arm, one in self.arms.items()}, going)
