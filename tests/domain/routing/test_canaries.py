"""A canary's fold agrees with a plain count of random histories; what was kept and gone on with is the whole replay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.interactions import (
    EndedBy,
    InteractionEnded,
    Medium,
    QueueEnd,
    QueueEntered,
    QueueLeft,
    SurveyAnswered,
    SurveyStarted,
)
from zhiyin.domain.metrics.definitions import QueueFigures
from zhiyin.domain.routing.canaries import Canary, CanaryEvent
from zhiyin.domain.routing.trials import REMEMBERED, Arm, ArmFigures, Scores

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TRIAL, OTHER_TRIAL = 5, 6
TARGET_S = 20.0
COUNTED = (QueueEnd.ANSWERED, QueueEnd.ABANDONED, QueueEnd.OVERFLOWED)


class Stay(NamedTuple):
    """In one line, for so long."""

    queue: int
    trial: int | None
    wait_s: int
    outcome: QueueEnd


class Story(NamedTuple):
    """One contact: its stays, what its customer gave (question, score), and whether it is over."""

    begins_s: int
    arm: Arm
    stays: list[Stay]
    answers: list[tuple[str, int]]
    is_over: bool


Told = tuple[str, CanaryEvent, datetime]

stays = st.builds(
    Stay,
    st.integers(1, 3),
    st.sampled_from([TRIAL, TRIAL, OTHER_TRIAL, None]),
    st.integers(0, 60),
    st.sampled_from(QueueEnd),
)
stories = st.builds(
    Story,
    st.integers(0, 600),
    st.sampled_from(Arm),
    st.lists(stays, min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from(["service", "price"]), st.integers(1, 5)), max_size=4),
    st.booleans(),
)


def told_of(contact: str, story: Story) -> Iterable[Told]:
    at = NINE + timedelta(seconds=story.begins_s)
    for number, stay in enumerate(story.stays):
        arm = story.arm.value if stay.trial is not None else ""
        yield contact, QueueEntered(stay.queue, trial=stay.trial, arm=arm, medium=Medium.VOICE), at
        if number == len(story.stays) - 1 and not story.is_over and not story.answers:
            return  # it still waits
        at += timedelta(seconds=stay.wait_s)
        yield contact, QueueLeft(stay.queue, stay.outcome), at
    if story.answers and story.stays[-1].outcome is QueueEnd.ANSWERED:
        at += timedelta(seconds=1)
        yield contact, SurveyStarted(2, 1, story.stays[-1].queue, agent=7, segment=1), at
    for question, score in story.answers:
        at += timedelta(seconds=1)
        yield contact, SurveyAnswered("rate", question, score, 5), at
    if story.is_over:
        yield contact, InteractionEnded(EndedBy.CUSTOMER, "hangup"), at + timedelta(seconds=1)


def in_order(all_stories: list[Story]) -> list[Told]:
    told = [one for number, story in enumerate(all_stories) for one in told_of(f"c{number}", story)]
    return sorted(told, key=lambda one: one[2])


def fold(canary: Canary, told: list[Told]) -> Canary:
    for contact, event, at in told:
        canary.take(contact, event, at, target_s=lambda _queue: TARGET_S)
    return canary


def plainly(all_stories: list[Story], arm: Arm) -> ArmFigures:
    """The same figures from the stories themselves."""
    mine = [story for story in all_stories if story.arm is arm]
    figures, waits = QueueFigures(), []
    for story in mine:
        at_s = story.begins_s
        for number, stay in enumerate(story.stays):
            is_waiting = number == len(story.stays) - 1 and not story.is_over and not story.answers
            at_s += stay.wait_s
            if is_waiting or stay.trial != TRIAL or stay.outcome not in COUNTED:
                continue
            waits.append((at_s, float(stay.wait_s)))
            figures.answered += stay.outcome is QueueEnd.ANSWERED
            figures.answered_in_target += stay.outcome is QueueEnd.ANSWERED and stay.wait_s <= TARGET_S
            figures.abandoned += stay.outcome is QueueEnd.ABANDONED
            figures.overflowed += stay.outcome is QueueEnd.OVERFLOWED
    judged = [
        dict(story.answers)
        for story in mine
        if story.is_over
        and story.answers
        and (story.stays[-1].trial, story.stays[-1].outcome) == (TRIAL, QueueEnd.ANSWERED)
    ]
    scores = Scores.of(100 * sum(given.values()) / len(given) / 5 for given in judged)
    return ArmFigures(figures, [wait_s for _, wait_s in waits][-REMEMBERED:], scores)


def counts_of(figures: ArmFigures) -> tuple[object, ...]:
    counted = figures.figures
    shown = (counted.answered, counted.answered_in_target, counted.abandoned, counted.overflowed)
    return (*shown, sorted(figures.waits_s), figures.scores)


@given(st.lists(stories, max_size=25))
def test_the_fold_counts_what_a_plain_count_does(all_stories: list[Story]) -> None:
    canary = fold(Canary(TRIAL, NINE), in_order(all_stories))
    for arm in Arm:
        assert counts_of(canary.arms[arm]) == counts_of(plainly(all_stories, arm))
    over = {f"c{number}" for number, story in enumerate(all_stories) if story.is_over}
    assert not over & canary.going.keys(), "of a contact that is over nothing is kept"


@given(st.lists(stories, max_size=25), st.integers(0, 200))
def test_what_was_kept_and_gone_on_with_is_the_whole_replay(all_stories: list[Story], kept_after: int) -> None:
    """As a new engine goes on from the checkpoint of the one before; the one before goes on meanwhile."""
    told = in_order(all_stories)
    live = fold(Canary(TRIAL, NINE), told[:kept_after])
    kept = live.copy()
    fold(live, told[kept_after:])
    gone_on = fold(msgspec.json.decode(msgspec.json.encode(kept), type=Canary), told[kept_after:])
    assert gone_on == live == fold(Canary(TRIAL, NINE), told)


def test_of_waits_the_newest_are_remembered() -> None:
    told = in_order(
        [
            Story(100 * number, Arm.DRAFT, [Stay(1, TRIAL, number % 60, QueueEnd.ANSWERED)], [], is_over=True)
            for number in range(300)
        ]
    )
    figures = fold(Canary(TRIAL, NINE), told).arms[Arm.DRAFT]
    assert figures.waits_s == [float(number % 60) for number in range(300)][-REMEMBERED:]
    assert figures.contacts == 300


def test_a_score_belongs_to_the_line_from_which_the_judged_conversation_came() -> None:
    """Who was handed on to a queue outside the trial judges that one."""
    elsewhere = [Stay(1, TRIAL, 3, QueueEnd.ANSWERED), Stay(2, None, 3, QueueEnd.ANSWERED)]
    canary = fold(Canary(TRIAL, NINE), in_order([Story(0, Arm.DRAFT, elsewhere, [("service", 1)], is_over=True)]))
    assert canary.arms[Arm.DRAFT].scores == Scores()
    assert canary.arms[Arm.DRAFT].contacts == 1
