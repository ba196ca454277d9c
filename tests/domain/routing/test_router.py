"""The router says what the plain rules say, whatever happens, and keeps its promises."""

from __future__ import annotations

from random import Random

import pytest

from tests.domain.routing.histories import history
from zhiyin.domain.routing.naive import NaiveRouter
from zhiyin.domain.routing.router import Router


def agree(seed: int, steps: int = 60, *, is_wide: bool = True) -> None:
    router, naive = Router(), NaiveRouter()
    told: list[str] = []
    is_first = True
    for said, floor, step in history(Random(seed), steps, is_wide=is_wide):
        if is_first:
            is_first = False
            router.set_policy(floor.policy, floor.now)
            naive.set_policy(floor.policy, floor.now)
            told.append(f"{floor.policy}")
        offers, expected = step(router), step(naive)
        told.append(f"{floor.now}: {said} -> {expected}")
        if [offer[:4] for offer in offers] != [offer[:4] for offer in expected]:
            pytest.fail(f"seed {seed}: the router says {offers} after\n" + "\n".join(told))
        floor.take(offers)


@pytest.mark.parametrize("block", range(6))
def test_the_router_offers_what_looking_at_everybody_would_offer(block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        agree(seed)


@pytest.mark.extended
@pytest.mark.parametrize("block", range(10))
def test_a_hundred_thousand_histories_agree(block: int) -> None:
    """About a minute of a processor each."""
    for seed in range(1_000_000 + block * 10_000, 1_000_000 + (block + 1) * 10_000):
        agree(seed, is_wide=seed % 3 > 0)


@pytest.mark.parametrize(
    "seed", [1601, 10596], ids=["a ring and a rest at one instant", "a rest that was planned before"]
)
def test_histories_that_once_found_a_difference(seed: int) -> None:
    agree(seed, is_wide=False)
