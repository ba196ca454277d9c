"""A draft that is asked beside the router changes nothing, and answers as the router would by the draft's rules."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.routing.histories import Floor, history, random_policy
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing
from zhiyin.domain.routing.policy import AgentChoice, ContactChoice, Membership, Policy, QueuePolicy, Ring
from zhiyin.domain.routing.router import Offer, Router
from zhiyin.domain.routing.shadow import BURST, Shadow, ShadowAnswer

NOW = 1000.0


def shadow_of(policy: Policy, floor: Floor) -> Shadow:
    return Shadow(policy, {agent: profile.memberships for agent, profile in floor.agents.items()})


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_a_shadow_never_changes_a_decision(seed: int) -> None:
    plain, watched = Router(), Router(explains=True)
    other = random_policy(Random(seed + 1))
    is_first = True
    for said, floor, step in history(Random(seed), 60):
        if is_first:
            is_first = False
            plain.set_policy(floor.policy, floor.now)
            watched.set_policy(floor.policy, floor.now)
        watched.shadow = shadow_of(other, floor)
        offers = step(plain)
        assert [offer[:3] for offer in step(watched)] == [offer[:3] for offer in offers], said
        floor.take(offers)


@given(st.integers(0, 2**32))
@settings(max_examples=80)
def test_a_draft_that_changes_nothing_decides_the_same(seed: int) -> None:
    router = Router()
    is_first = True
    for said, floor, step in history(Random(seed), 60):
        if is_first:
            is_first = False
            router.set_policy(floor.policy, floor.now)
        router.shadow = shadow_of(floor.policy, floor)
        offers = step(router)
        for offer in offers:
            if offer.shadow is not None:
                assert (offer.shadow.agent, offer.shadow.contact) == (offer.agents[0], offer.contact), said
        floor.take(offers)


def asked(draft: Policy, *, waited_s: float = 0.0, present: Policy | None = None) -> Offer:
    """A contact comes to two free agents, the second better and idle for less."""
    router = Router(present or Policy(queues={1: QueuePolicy(1)}))
    served = (Membership(1),)
    for number, level in ((1, 2), (2, 5)):
        router.put_agent(AgentProfile(number, {"cards": level}, served), NOW)
        router.open(number, Standing(idle_since=NOW - 100 + number), NOW)
    router.shadow = Shadow(draft, {1: served, 2: served})
    (offer,) = router.arrive(Contact("c", NOW - waited_s, 1), NOW)
    return offer


def test_a_draft_says_whom_it_would_have_asked() -> None:
    draft = Policy(queues={1: QueuePolicy(1, AgentChoice.MOST_SKILLED)})
    assert asked(draft).shadow == ShadowAnswer(2, "c")


def test_a_draft_says_that_it_would_have_waited() -> None:
    draft = Policy(queues={1: QueuePolicy(1)})
    offer = asked(draft)
    assert offer.shadow == ShadowAnswer(1, "c")
    late = Router(Policy(queues={1: QueuePolicy(1)}))
    late.put_agent(AgentProfile(1, {}, (Membership(1),)), NOW)
    late.open(1, Standing(idle_since=NOW), NOW)
    late.shadow = Shadow(draft, {1: (Membership(1, delay_s=30.0),)})
    (offer,) = late.arrive(Contact("c", NOW - 10, 1), NOW)
    assert offer.shadow == ShadowAnswer(None, "c", later_s=20.0)


def test_a_draft_says_how_much_sooner_it_would_have_asked() -> None:
    slow = QueuePolicy(1, rings=(Ring(30.0, add_queues=(2,)),))
    router = Router(Policy(queues={1: slow}))
    router.put_agent(AgentProfile(7, {}, (Membership(2),)), NOW)
    router.open(7, Standing(idle_since=NOW - 60), NOW)
    fast = Policy(queues={1: replace(slow, rings=(Ring(10.0, add_queues=(2,)),))})
    router.shadow = Shadow(fast, {7: (Membership(2),)})
    assert router.arrive(Contact("c", NOW, 1), NOW) == []
    (offer,) = router.advance(NOW + 30)
    assert (offer.agents, offer.shadow) == ((7,), ShadowAnswer(7, "c", sooner_s=20.0))


def test_a_draft_says_whom_the_agent_would_have_served() -> None:
    router = Router(Policy(contact_choice=ContactChoice.LONGEST_WAITING))
    served = (Membership(1), Membership(2))
    router.put_agent(AgentProfile(1, {}, served), NOW)
    router.arrive(Contact("first", NOW - 20, 1), NOW)
    router.arrive(Contact("urgent", NOW - 5, 2, points=50), NOW)
    router.shadow = Shadow(Policy(), {1: served})
    (offer,) = router.open(1, Standing(idle_since=NOW), NOW)
    assert (offer.contact, offer.shadow) == ("first", ShadowAnswer(1, "urgent"))


def test_above_its_rate_only_a_sample_is_asked() -> None:
    shadow = Shadow(Policy(), {})
    assert sum(shadow.may_ask(NOW) for _ in range(1000)) == BURST
    assert sum(shadow.may_ask(NOW + 1) for _ in range(1000)) == 20
