"""A share that passes a step moves deadlines and nothing else, and moves them for all who wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.calls.effects import JoinLine
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Slope, Standing, slope_of
from zhiyin.domain.routing.naive import NaiveRouter
from zhiyin.domain.routing.policy import ContactChoice, ContactClass, Membership, Policy, QueuePolicy
from zhiyin.domain.routing.router import Router
from zhiyin.engine.waiting_line import Waiting, WaitingLine

NOW = 1_000.0
AGENT = 1
QUEUES = (1, 2, 3)
BEGAN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
#: the class's target is that of queue 1: contacts of both stand alike until a share of one is another
POLICY = Policy(
    contact_choice=ContactChoice.SERVICE_OBJECTIVE,
    queues={one: QueuePolicy(one, target_s=20.0 * one, target_pct=80) for one in QUEUES},
    classes={"vip": ContactClass("vip", target_s=20, target_pct=90)},
)

contacts = st.lists(
    st.builds(
        lambda queue, code, waited_s, points: Contact("", NOW - waited_s, queue, class_code=code, points=float(points)),
        st.sampled_from(QUEUES),
        st.sampled_from(["", "vip"]),
        st.integers(0, 120),
        st.integers(0, 3),
    ),
    min_size=2,
    max_size=12,
)
shares = st.lists(
    st.dictionaries(st.sampled_from([*QUEUES, "vip"]), st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])), max_size=5
)


def named(many: list[Contact]) -> list[Contact]:
    return [replace(one, id=f"c{number}") for number, one in enumerate(many)]


def served(router: Router | NaiveRouter) -> Iterator[str]:
    """Let one agent of all queues serve everybody; return them in that order."""
    offers = router.open(AGENT, Standing(), NOW)
    while offers:
        (offer,) = offers
        yield offer.contact
        router.leave(offer.contact, NOW)
        offers = router.release(AGENT, "voice", NOW)


@given(contacts, shares, st.integers(0, 12))
def test_who_comes_next_is_as_if_the_shares_had_been_known_from_the_start(
    many: list[Contact], reached: list[Mapping[int | str, float]], early: int
) -> None:
    """Those who come before a share passes a step, and those after it."""
    router, naive = Router(POLICY), NaiveRouter(POLICY)
    waiting = named(many)
    profile = AgentProfile(AGENT, {}, tuple(Membership(queue) for queue in QUEUES))
    for side in (router, naive):
        side.put_agent(profile, NOW - 200)
        for contact in waiting[:early]:
            side.arrive(contact, contact.since)
        for share in reached:
            assert side.know_reached(share, NOW) == []
        for contact in waiting[early:]:
            side.arrive(contact, NOW)
    assert router.policy == naive.policy == replace(POLICY, reached=reached[-1] if reached else {})
    order = list(served(router))
    assert sorted(order) == sorted(contact.id for contact in waiting)
    assert order == list(served(naive))


@given(contacts, shares)
def test_the_places_told_are_as_if_all_had_been_weighed(
    many: list[Contact], reached: list[Mapping[int | str, float]]
) -> None:
    weighed, all_weighed = WaitingLine(), WaitingLine()
    by_id = {contact.id: contact for contact in named(many)}
    before: Mapping[int | str, float] = {}
    for line in (weighed, all_weighed):
        for contact in by_id.values():
            wish = JoinLine(contact.queue, class_code=contact.class_code)
            slope = slope_of(POLICY, POLICY.queue(contact.queue or 0), contact)
            line.join(contact.id, wish, BEGAN + timedelta(seconds=contact.since), slope)
    for share in reached:
        policy = replace(POLICY, reached=share)

        def slope_by(waiting: Waiting, policy: Policy = policy) -> Slope:
            return slope_of(policy, policy.queue(waiting.queue or 0), by_id[waiting.interaction])

        weighed.weigh_anew(slope_by, of={one for one in {*before, *share} if before.get(one) != share.get(one)})
        all_weighed.weigh_anew(slope_by)
        before = share
    now = BEGAN + timedelta(seconds=NOW)
    for contact in by_id:
        assert weighed.place(contact, now) == all_weighed.place(contact, now)
        assert weighed.get(contact) == all_weighed.get(contact)
