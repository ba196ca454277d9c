"""A day played again: by the same rules the same, by others what they make of the same arrivals."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.domain.routing.contacts import AgentProfile, Contact
from zhiyin.domain.routing.policy import ContactClass, Membership, Policy, QueuePolicy, Ring
from zhiyin.domain.routing.replay import Arrival, Played, Shift, replay

PLAIN = Policy(
    queues={1: QueuePolicy(1), 2: QueuePolicy(2)},
    classes={code: ContactClass(code, per_minute=0) for code in ("", "gold")},
)
ONE = AgentProfile(1, {}, (Membership(1),))


def call(name: str, at: float, *, queue: int = 1, class_code: str = "", handling_s: float = 60.0) -> Arrival:
    return Arrival(Contact(name, at, queue, class_code=class_code), handling_s)


def test_callers_are_served_one_after_another_and_in_shifts_alone() -> None:
    day = [call("a", 0), call("b", 10), call("c", 400)]
    played = replay(PLAIN, [ONE], day, [Shift(1, 5, 130), Shift(1, 500, 600)])
    assert played == {"a": Played("a", 5, True), "b": Played("b", 55, True), "c": Played("c", 100, True)}


def test_who_gave_up_gives_up_again_after_as_long_unless_somebody_comes_first() -> None:
    day = [call("a", 0), replace(call("b", 0), gave_up_s=30.0), replace(call("c", 50), gave_up_s=20.0)]
    played = replay(PLAIN, [ONE], day, [Shift(1, 0, 1000)])
    assert played == {"a": Played("a", 0, True), "b": Played("b", 30, False), "c": Played("c", 10, True)}


def test_a_ring_that_opens_sooner_is_seen_in_the_wait() -> None:
    helper = AgentProfile(2, {}, (Membership(2),))

    def waits(after_s: float) -> float:
        rules = replace(PLAIN, queues={1: QueuePolicy(1, rings=(Ring(after_s, add_queues=(2,)),)), 2: QueuePolicy(2)})
        return replay(rules, [helper], [call("a", 0)], [Shift(2, 0, 1000)])["a"].wait_s

    assert (waits(45), waits(15)) == (45, 15)


def test_points_of_a_class_are_seen_in_who_comes_first() -> None:
    day = [call("first", 0), call("plain", 1), call("gold", 2, class_code="gold")]
    rules = replace(PLAIN, classes={**PLAIN.classes, "gold": ContactClass("gold", points=9, per_minute=0)})
    shifts = [Shift(1, 0, 1000)]
    before, after = replay(PLAIN, [ONE], day, shifts), replay(rules, [ONE], day, shifts)
    assert (before["plain"].wait_s, after["gold"].wait_s) == (59, 58)
    assert after["plain"].wait_s > before["plain"].wait_s


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_everybody_is_served_once_or_gives_up_and_a_replay_is_the_same(seed: int) -> None:
    rng = Random(seed)
    profiles = [AgentProfile(agent, {}, (Membership(1 + agent % 2), Membership(2))) for agent in range(1, 4)]
    day = [
        replace(
            call(f"c{n}", rng.uniform(0, 500), queue=rng.choice((1, 2)), handling_s=rng.uniform(5, 90)),
            gave_up_s=rng.choice((None, None, 20.0)),
        )
        for n in range(40)
    ]
    shifts = [Shift(agent, rng.uniform(0, 100), 9000) for agent in (1, 2, 3)]
    played = replay(PLAIN, profiles, day, shifts)
    assert played == replay(PLAIN, profiles, day, shifts)
    assert played.keys() == {arrival.contact.id for arrival in day}
    for arrival in day:
        one = played[arrival.contact.id]
        assert one.wait_s >= 0
        assert one.is_answered or one.wait_s == pytest.approx(20.0)
