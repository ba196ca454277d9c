"""Why this contact and not another: who else waited, and whom other rules would have had served."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.routing.histories import history
from zhiyin.domain.routing.claims import NOBODY_WAITED, PassedOver
from zhiyin.domain.routing.contacts import AgentProfile, Contact, Standing
from zhiyin.domain.routing.policy import ContactChoice, ContactClass, Membership, Policy, QueuePolicy
from zhiyin.domain.routing.router import Offer, Router

NOW = 1000.0
POLICY = Policy(
    queues={1: QueuePolicy(1, target_s=20), 2: QueuePolicy(2, target_s=300)},
    classes={"": ContactClass(per_minute=0), "gold": ContactClass("gold", points=50, per_minute=0)},
)


def freed(*contacts: Contact, policy: Policy = POLICY) -> Offer:
    """An agent of both queues becomes free while these wait."""
    router = Router(policy, explains=True)
    router.put_agent(AgentProfile(1, {}, (Membership(1), Membership(2))), NOW)
    for contact in contacts:
        router.arrive(contact, NOW)
    return router.open(1, Standing(idle_since=NOW), NOW)[0]


def test_an_offer_names_whom_other_rules_between_contacts_would_have_had_served() -> None:
    offer = freed(
        Contact("oldest", NOW - 90, 2), Contact("late", NOW - 30, 1), Contact("gold", NOW - 5, 2, class_code="gold")
    )
    assert offer.contact == "gold"
    assert offer.passed == PassedOver(
        2,
        (("oldest", 0.0, NOW - 90), ("late", 0.0, NOW - 30)),
        ((ContactChoice.SERVICE_OBJECTIVE, "late"), (ContactChoice.LONGEST_WAITING, "oldest")),
    )


def test_nobody_is_named_where_nobody_else_waited() -> None:
    assert freed(Contact("alone", NOW - 5, 1)).passed == NOBODY_WAITED


def test_who_refused_to_take_somebody_is_not_said_to_have_passed_it_over() -> None:
    refused = Contact("refused", NOW - 50, 1, refused_by=frozenset({1}))
    assert freed(refused, Contact("c", NOW - 5, 1)).passed == NOBODY_WAITED


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_explaining_changes_nothing_and_the_rule_in_force_puts_the_taken_one_first(seed: int) -> None:
    plain, explaining = Router(), Router(explains=True)
    is_first = True
    for said, floor, step in history(Random(seed), 60):
        if is_first:
            is_first = False
            plain.set_policy(floor.policy, floor.now)
            explaining.set_policy(floor.policy, floor.now)
        offers, explained = step(plain), step(explaining)
        assert [offer[:3] for offer in explained] == [offer[:3] for offer in offers], said
        for offer in explained:
            others = dict(offer.passed.by_other_rules)
            assert floor.policy.contact_choice not in others
            assert offer.contact not in {contact for contact, _, _ in offer.passed.next}
        floor.take(offers)
