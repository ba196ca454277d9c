"""Targets with a share: how far a deadline moves, and of which figures the share reached is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.metrics.definitions import QueueFigures
from zhiyin.domain.routing.objectives import deadline_s, reached_by, reached_share
from zhiyin.domain.routing.policy import ContactChoice, ContactClass, Policy, QueuePolicy

AIMS = QueuePolicy(1, target_s=20, target_pct=80)


@pytest.mark.parametrize(
    ("reached", "due_s"),
    [(None, 20), (0.8, 20), (0.4, 10), (0.0, 0), (1.0, 25)],
    ids=["nothing known", "just reached", "half of it", "none", "more than aimed at"],
)
def test_the_deadline_moves_with_the_share_reached(reached: float | None, due_s: float) -> None:
    known = {} if reached is None else {1: reached}
    assert deadline_s(AIMS, ContactClass(), known) == pytest.approx(due_s)


def test_a_class_has_a_target_of_its_own_and_its_own_share() -> None:
    vip = ContactClass("vip", target_s=10, target_pct=90)
    assert deadline_s(AIMS, vip, {1: 0.0, "vip": 0.45}) == pytest.approx(5)
    assert deadline_s(AIMS, ContactClass("gold"), {1: 0.4, "gold": 0.1}) == pytest.approx(10), "of the queue's"


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 100))
def test_a_deadline_is_never_moved_by_more_than_the_target(in_time: int, late: int, target_pct: int) -> None:
    share = reached_share(in_time, in_time + late, target_pct)
    due_s = deadline_s(QueuePolicy(1, target_s=20, target_pct=target_pct), ContactClass(), {1: share})
    assert 0 <= due_s <= 40


def test_the_first_contacts_of_a_day_do_not_turn_the_order_over() -> None:
    assert reached_share(0, 0, 80) == 0.8
    assert reached_share(0, 1, 80) == 0.75
    assert reached_share(80, 100, 80) == 0.8
    assert reached_share(0, 1000, 80) == 0.0


def test_the_share_reached_is_that_of_the_days_figures() -> None:
    figures = QueueFigures(answered=50, answered_in_target=20, abandoned=30)
    policy = Policy(
        contact_choice=ContactChoice.SERVICE_OBJECTIVE,
        queues={1: AIMS, 2: QueuePolicy(2)},
        classes={"vip": ContactClass("vip", target_s=10, target_pct=90), "gold": ContactClass("gold")},
    )
    reached = reached_by(policy, {1: figures, 2: figures}, {"vip": figures, "gold": figures})
    assert reached == {1: 0.35, "vip": 0.4}, "who gave up counts as late; whoever aims at no share is left out"
    assert reached_by(Policy(queues={1: AIMS}), {1: figures}, {}) == {}, "under other rules it counts for nothing"
