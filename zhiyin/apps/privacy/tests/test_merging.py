"""Somebody asked to be forgotten, and meanwhile was merged with another record of the same person."""

from __future__ import annotations

import pytest

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import merging
from zhiyin.apps.customers import services as customers
from zhiyin.apps.privacy import services
from zhiyin.apps.privacy.errors import ErasureGoesOn
from zhiyin.apps.privacy.models import Erasure
from zhiyin.apps.privacy.tests.persons import NINE


@pytest.fixture
def pair(company: Company) -> tuple[int, int]:
    """Two records of one person; erasures need a second person's yes."""
    services.save_policy(actor=company.actor("administrator"), needs_approval=True)
    kept, merged = (
        customers.create_customer(actor=company.actor("lead"), fields={"name": name}).pk for name in ("甲", "乙")
    )
    return kept, merged


def ask(company: Company, customer: int, name: str) -> Erasure:
    actor = company.actor("lead")
    return services.order(actor=actor, customer_id=customer, confirmation=name, reason="信", now=NINE)


def open_erasures(company: Company) -> dict[int, str]:
    rows = Erasure.objects.of(company.tenant).exclude(state="refused")
    return dict(rows.values_list("customer_id", "state"))


def test_an_erasure_that_waits_follows_whom_the_customer_was_merged_with_and_back(
    company: Company, pair: tuple[int, int]
) -> None:
    kept, merged = pair
    ask(company, merged, "乙")
    made = merging.merge(actor=company.actor("lead"), kept_id=kept, merged_id=merged, chosen={}, now=NINE)
    assert open_erasures(company) == {kept: "waiting"}
    merging.undo(actor=company.actor("lead"), merge_id=made.pk, now=NINE)
    assert open_erasures(company) == {merged: "waiting"}


def test_where_both_wait_one_erasure_takes_both(company: Company, pair: tuple[int, int]) -> None:
    kept, merged = pair
    ask(company, kept, "甲")
    ask(company, merged, "乙")
    made = merging.merge(actor=company.actor("lead"), kept_id=kept, merged_id=merged, chosen={}, now=NINE)
    assert open_erasures(company) == {kept: "waiting"}
    merging.undo(actor=company.actor("lead"), merge_id=made.pk, now=NINE)
    assert open_erasures(company) == {kept: "waiting", merged: "waiting"}


def test_nobody_is_merged_while_being_erased(company: Company, pair: tuple[int, int]) -> None:
    kept, merged = pair
    made = ask(company, merged, "乙")
    services.decide(actor=company.actor("administrator"), erasure_id=made.pk, is_approved=True)
    with pytest.raises(ErasureGoesOn):
        merging.merge(actor=company.actor("lead"), kept_id=kept, merged_id=merged, chosen={}, now=NINE)
    assert open_erasures(company) == {merged: "running"}
