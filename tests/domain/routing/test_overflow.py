"""Overflow chains: when each step may be taken, when to look again, and the proof that a chain ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.routing.estimates import WaitEstimate
from zhiyin.domain.routing.overflow import (
    ACTION_WORDS,
    LOOK_EVERY_S,
    WITH_THRESHOLD,
    Action,
    AddQueue,
    ChainProblem,
    Condition,
    EndWith,
    LeaveByFlow,
    MoveTo,
    Outlook,
    OverflowStep,
    PlayPrompt,
    PromiseCallback,
    TakeMessage,
    UnknownAction,
    find_problems,
    holds,
    look_after_s,
    read_action,
)

SALES, SERVICE, NIGHT = 1, 2, 3
THERE = Outlook(before=3, estimate=WaitEstimate(60, 120, 3, 2, 60, 120), signed_in=4, at_work=2, ready=1)
LEAVE = LeaveByFlow()


@pytest.mark.parametrize(
    ("condition", "threshold", "outlook", "is_held"),
    [
        (Condition.WAITED_OVER, 30, THERE, True),
        (Condition.WAITED_OVER, 31, THERE, False),
        (Condition.LINE_REACHED, 3, THERE, True),
        (Condition.LINE_REACHED, 4, THERE, False),
        (Condition.EXPECTED_OVER, 119, THERE, True),
        (Condition.EXPECTED_OVER, 120, THERE, False),
        (Condition.EXPECTED_OVER, 0, Outlook(), False),
        (Condition.NOBODY_SIGNED_IN, 0, THERE, False),
        (Condition.NOBODY_SIGNED_IN, 0, Outlook(), True),
        (Condition.NOBODY_AT_WORK, 0, Outlook(signed_in=2), True),
        (Condition.NOBODY_READY, 0, Outlook(signed_in=2, at_work=2), True),
        (Condition.NOBODY_READY, 0, THERE, False),
        (Condition.CLOSED, 0, THERE, False),
    ],
)
def test_when_a_step_may_be_taken(condition: Condition, threshold: int, outlook: Outlook, is_held: bool) -> None:
    step = OverflowStep(condition, LEAVE, threshold)
    assert holds(step, outlook, waited_s=30.0, is_open=True) is is_held


def test_a_closed_calendar_is_a_condition() -> None:
    assert holds(OverflowStep(Condition.CLOSED, LEAVE), THERE, waited_s=0, is_open=False)


def test_time_alone_is_waited_for_exactly_and_all_else_is_looked_at_in_turn() -> None:
    after_30, after_60 = (OverflowStep(Condition.WAITED_OVER, LEAVE, s) for s in (30, 60))
    assert look_after_s((after_60, after_30), (), waited_s=10) == 20
    assert look_after_s((after_60, after_30), (1,), waited_s=30) == 30
    assert look_after_s((OverflowStep(Condition.NOBODY_READY, LEAVE), after_60), (), waited_s=0) == LOOK_EVERY_S
    assert look_after_s((after_30,), (0,), waited_s=40) is None


def problems(queue: int, *steps: OverflowStep, **others: tuple[OverflowStep, ...]) -> tuple[ChainProblem, ...]:
    chains = {SALES: (), SERVICE: (), NIGHT: ()} | {int(name[1:]): chain for name, chain in others.items()}
    return find_problems(queue, steps, max_wait_s=600, others=chains, prompts={"all_busy"})


def after(threshold: int, action: Action) -> OverflowStep:
    return OverflowStep(Condition.WAITED_OVER, action, threshold)


def test_what_is_wrong_with_a_chain_is_named_by_its_step() -> None:
    good = (after(30, AddQueue(SERVICE)), after(60, PlayPrompt("all_busy")), after(90, MoveTo(NIGHT)))
    assert problems(SALES, *good) == ()
    assert problems(SALES, after(600, LEAVE)) == (ChainProblem(0, "never_reached"),)
    assert problems(SALES, after(30, LEAVE), after(30, AddQueue(SERVICE))) == (ChainProblem(1, "never_reached"),)
    assert problems(SALES, after(30, MoveTo(SALES))) == (ChainProblem(0, "own_queue"),)
    assert problems(SALES, after(30, AddQueue(9))) == (ChainProblem(0, "unknown_queue"),)
    assert problems(SALES, after(30, EndWith("gone"))) == (ChainProblem(0, "unknown_prompt"),)


def test_a_chain_that_comes_back_by_others_is_a_loop() -> None:
    back = (after(30, MoveTo(SALES)),)
    assert problems(SALES, after(30, MoveTo(SERVICE)), q2=back) == (ChainProblem(0, "moves_in_circle"),)
    assert problems(SALES, after(30, MoveTo(SERVICE)), q2=(after(9, MoveTo(NIGHT)),), q3=back) == (
        ChainProblem(0, "moves_in_circle"),
    )
    assert problems(SALES, after(30, AddQueue(SERVICE)), q2=back) == (), "an added queue's own chain is not followed"


actions = st.one_of(
    st.builds(AddQueue, st.sampled_from((SALES, SERVICE, NIGHT))),
    st.builds(MoveTo, st.sampled_from((SALES, SERVICE, NIGHT))),
    st.just(LEAVE),
)
chains = st.lists(st.builds(OverflowStep, st.sampled_from(Condition), actions, st.integers(1, 90)), max_size=3)


@given(chains, chains, chains)
def test_where_every_queue_was_proved_no_caller_goes_in_a_circle(
    first: list[OverflowStep], second: list[OverflowStep], third: list[OverflowStep]
) -> None:
    published: dict[int, tuple[OverflowStep, ...]] = {SALES: (), SERVICE: (), NIGHT: ()}
    for queue, chain in ((SALES, first), (SERVICE, second), (NIGHT, third)):
        if not find_problems(queue, tuple(chain), max_wait_s=600, others=published, prompts=()):
            published[queue] = tuple(chain)
    for start in published:
        reached, todo = set(), [start]
        while todo:
            for step in published[todo.pop()]:
                if isinstance(step.action, MoveTo) and step.action.queue not in reached:
                    reached.add(step.action.queue)
                    todo.append(step.action.queue)
        assert start not in reached


def test_actions_are_read_by_their_words() -> None:
    for action in (AddQueue(1), MoveTo(1), PlayPrompt("a"), EndWith("a"), LEAVE, TakeMessage(), PromiseCallback()):
        assert read_action(ACTION_WORDS[type(action)], queue=1, prompt="a") == action
    for word in ("move", "end", "sing"):
        with pytest.raises(UnknownAction):
            read_action(word, queue=None, prompt="")
    assert Condition.NOBODY_READY not in WITH_THRESHOLD
