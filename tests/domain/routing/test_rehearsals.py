"""A rehearsal of the router: it says what the router would do, and the router does not notice."""

from __future__ import annotations

import pickle
from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.domain.routing.histories import Floor, history
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing
from zhiyin.domain.routing.overflow import Condition, EndWith, LeaveByFlow, Outlook, OverflowStep, PlayPrompt
from zhiyin.domain.routing.policy import AgentChoice, Membership, Policy, QueuePolicy, Ring
from zhiyin.domain.routing.rehearsals import reach_of, rings_of, steps_of
from zhiyin.domain.routing.requirements import levels_of
from zhiyin.domain.routing.router import Router


def played(seed: int, steps: int = 40) -> tuple[Router, Floor]:
    """A router that has lived through a random history."""
    router, last = None, None
    for _, floor, step in history(Random(seed), steps):
        if router is None:
            router = Router(floor.policy)
        step(router)
        last = floor
    assert router is not None
    assert last is not None
    return router, last


@given(seed=st.integers(0, 2**32))
@example(seed=5578)  # one of its preferred agents came back after it had begun to wait for the other
def test_a_rehearsal_changes_nothing_and_says_what_then_happens(seed: int) -> None:
    router, floor = played(seed)
    router.advance(floor.now)
    before = pickle.dumps(router)
    queue = next(iter(router.policy.queues), 1)
    made_up = Contact("?", floor.now, queue)
    said = router.rehearse(router.policy, floor.agents.values(), floor.now).arrive(made_up, floor.now)
    assert pickle.dumps(router) == before
    if router.policy.queue(queue).agent_choice is not AgentChoice.RANDOM:  # its draws count how often one was opened
        done = router.arrive(made_up, floor.now)
        assert [offer.agents for offer in said if offer.contact == "?"] == [
            offer.agents for offer in done if offer.contact == "?"
        ]


ENGLISH = levels_of({"english": 7})
POLICY = Policy(queues={1: QueuePolicy(1, rings=(Ring(30, lower_by=4), Ring(60, add_queues=(2,))))})


def agent(id_: int, level: int, queue: int = 1, delay_s: float = 0.0) -> AgentProfile:
    return AgentProfile(id_, {"english": level}, (Membership(queue, delay_s=delay_s),))


@pytest.mark.parametrize(
    ("profile", "after_s", "lacks"),
    [
        (agent(1, 8), 0.0, 0),
        (agent(2, 5), 30.0, 1),
        (agent(3, 1), None, 1),
        (agent(4, 9, queue=2), 60.0, 0),
        (agent(5, 9, delay_s=45), 45.0, 0),
        (agent(6, 9, queue=3), None, 0),
    ],
    ids=["able", "in the first ring", "never", "another queue's", "with a delay", "not asked"],
)
def test_when_each_agent_would_be_asked(profile: AgentProfile, after_s: float | None, lacks: int) -> None:
    reach = reach_of(POLICY, Contact("?", 0.0, 1, requirement=ENGLISH), profile, is_rested=True)
    assert (reach.after_s, len(reach.lacks)) == (after_s, lacks)


def test_each_ring_says_who_may_take_it() -> None:
    profiles = [agent(1, 8), agent(2, 5), agent(4, 9, queue=2)]
    rings = rings_of(POLICY, Contact("?", 0.0, 1, requirement=ENGLISH), profiles)
    assert [(ring.stage.after_s, ring.able) for ring in rings] == [(0.0, (1,)), (30, (1, 2)), (60, (1, 2, 4))]


def test_other_rules_are_tried_beside_the_present_ones() -> None:
    router = Router(Policy(queues={1: QueuePolicy(1)}))
    profiles = [agent(1, 5), agent(2, 9)]
    for number, profile in enumerate(profiles):
        router.put_agent(profile, 0.0)
        router.open(profile.id, Standing(idle_since=float(number)), 10.0)
    skilled = replace(router.policy, queues={1: QueuePolicy(1, AgentChoice.MOST_SKILLED)})
    contact = Contact("?", 20.0, 1)
    asked = {
        rules.queue(1).agent_choice: router.rehearse(rules, profiles, 20.0).arrive(contact, 20.0)[0].agents
        for rules in (router.policy, skilled)
    }
    assert asked == {AgentChoice.LONGEST_IDLE: (1,), AgentChoice.MOST_SKILLED: (2,)}


def test_a_step_behind_one_that_takes_the_caller_away_is_not_reached() -> None:
    chain = (
        OverflowStep(Condition.WAITED_OVER, PlayPrompt("sorry"), 20),
        OverflowStep(Condition.NOBODY_READY, PlayPrompt("busy")),
        OverflowStep(Condition.WAITED_OVER, EndWith("closed"), 60),
        OverflowStep(Condition.WAITED_OVER, LeaveByFlow(), 90),
        OverflowStep(Condition.LINE_REACHED, LeaveByFlow(), 5),
    )
    told = [(at_s, is_reached) for _, at_s, is_reached in steps_of(chain, Outlook(ready=0), is_open=True)]
    assert told == [(20.0, True), (0.0, True), (60.0, True), (90.0, False), (None, True)]
