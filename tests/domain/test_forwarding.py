"""What comes back in is known by the number that it shows, and how often is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.security.forwarding import Passage, hops

RUNG, SHOWN = "+8613900139000", "+8657188886666"


def test_a_loop_counts_each_time_round() -> None:
    first = Passage("+8613800138000", frozenset({RUNG, SHOWN}))
    again = Passage(SHOWN, frozenset({RUNG, SHOWN}))
    assert [hops([first, *[again] * rounds]) for rounds in range(4)] == [0, 1, 2, 3]


@given(st.lists(st.builds(Passage, st.sampled_from(["", "a", "b"]), st.frozensets(st.sampled_from("xyz")))))
def test_strangers_and_hidden_numbers_never_count(passages: list[Passage]) -> None:
    assert hops(passages) == 0


def test_a_customer_who_calls_twice_has_not_come_back() -> None:
    customer = Passage("+8613800138000", frozenset({RUNG, SHOWN}))
    assert hops([customer, customer, customer]) == 0
