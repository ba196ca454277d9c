"""What may enter by one way is shared out among nodes: never more than there is, and nobody is kept out for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.admission_nodes import REST_LOOKS, NodeShare, share_among

NODES = ("a", "b", "c", "d", "e")
WHOLES = st.integers(0, 60)
DEMAND = st.dictionaries(st.sampled_from(NODES), st.integers(0, 40) | st.just(1000))
UP = st.sets(st.sampled_from(NODES), min_size=1)


@dataclass
class Doors:
    """Nodes that count down what they were told, and an engine that tells them anew at each look."""

    shares: dict[str, NodeShare] = field(default_factory=dict)

    def look(self, demand: Mapping[str, int], *, whole: int, nodes: Iterable[str]) -> dict[str, int]:
        """Return who entered by each node since the last look, and tell the nodes of now."""
        came = {node: min(demand.get(node, 0), share.told) for node, share in self.shares.items()}
        self.shares = share_among(self.shares, came, nodes, whole=whole)
        return came

    @property
    def told(self) -> dict[str, int]:
        return {node: share.told for node, share in self.shares.items()}


@given(st.lists(st.tuples(DEMAND, WHOLES, UP), max_size=30))
def test_together_the_nodes_that_let_in_are_told_the_whole(looks: list[tuple[dict[str, int], int, set[str]]]) -> None:
    """Never more, never less; a node that is away or being emptied is told nothing."""
    doors = Doors()
    for demand, whole, up in looks:
        doors.look(demand, whole=whole, nodes=up)
        assert sum(doors.told.values()) == whole
        assert doors.told.keys() == up
        assert all(told >= 0 for told in doors.told.values())


@given(st.lists(st.tuples(DEMAND, WHOLES), max_size=20))
def test_one_node_is_told_the_whole(looks: list[tuple[dict[str, int], int]]) -> None:
    doors = Doors()
    for demand, whole in looks:
        doors.look(demand, whole=whole, nodes=["a"])
        assert doors.told == {"a": whole}


@given(
    st.lists(st.tuples(DEMAND, WHOLES, UP), max_size=20), st.lists(DEMAND, min_size=20, max_size=20), st.integers(1, 30)
)
def test_nobody_is_kept_out_for_ever(
    past: list[tuple[dict[str, int], int, set[str]]], others: list[dict[str, int]], whole: int
) -> None:
    """Whatever was before and whatever the others want: who always wants gets something within a bounded time."""
    doors = Doors()
    for demand, room, up in past:
        doors.look(demand, whole=room, nodes=up)
    got = [doors.look({**demand, "a": 1000}, whole=whole, nodes=NODES).get("a") for demand in others]
    assert any(got[1 : REST_LOOKS + len(NODES) + 2])


@given(st.lists(st.tuples(DEMAND, WHOLES, UP), max_size=20), st.integers(1, 60), st.sampled_from(range(2, 6)))
def test_what_the_others_do_not_use_moves_to_who_does(
    past: list[tuple[dict[str, int], int, set[str]]], whole: int, count: int
) -> None:
    """Callers by one node alone get nearly all: the others are tried with a call each, now and then."""
    doors, nodes = Doors(), NODES[:count]
    for demand, room, up in past:
        doors.look(demand, whole=room, nodes=up)
    for _ in range(REST_LOOKS + count + 6):
        doors.look({"a": 1000}, whole=whole, nodes=nodes)
    looks = 5 * (REST_LOOKS + count)
    got = sum(doors.look({"a": 1000}, whole=whole, nodes=nodes)["a"] for _ in range(looks))
    assert got >= (0.9 if whole >= 2 * count else 0.5) * whole * looks


@given(st.integers(2, 60), st.sampled_from(range(2, 6)))
def test_where_all_are_flooded_none_gets_much_less(whole: int, count: int) -> None:
    doors, nodes = Doors(), NODES[:count]
    entered = dict.fromkeys(nodes, 0)
    for _ in range(60):
        for node, came in doors.look(dict.fromkeys(nodes, 1000), whole=whole, nodes=nodes).items():
            entered[node] += came
    assert sum(entered.values()) == 59 * whole
    assert min(entered.values()) >= 59 * (whole // count) - count
    assert max(entered.values()) <= 2 * min(entered.values()) + 2


@given(st.lists(st.integers(0, 12), min_size=2, max_size=5), st.integers(1, 3))
def test_where_there_is_room_for_all_soon_none_is_refused(wants: list[int], more: int) -> None:
    """Each node keeps a little more than came by it, once that is known."""
    doors, nodes = Doors(), NODES[: len(wants)]
    demand = dict(zip(nodes, wants, strict=True))
    whole = sum(wants) + more * len(wants)
    for _ in range(REST_LOOKS):
        doors.look(demand, whole=whole, nodes=nodes)
    for _ in range(20):
        assert doors.look(demand, whole=whole, nodes=nodes) == demand


@pytest.mark.parametrize(
    ("before", "came", "told"),
    [
        pytest.param({}, {}, {"a": 5, "b": 5}, id="at first the same"),
        pytest.param({"a": 5, "b": 5}, {"a": 5, "b": 2}, {"a": 7, "b": 3}, id="half of what is unused moves on"),
        pytest.param({"a": 7, "b": 3}, {"a": 2, "b": 3}, {"a": 4, "b": 6}, id="and comes back"),
        pytest.param({"a": 5, "b": 5}, {}, {"a": 5, "b": 5}, id="nobody came"),
    ],
)
def test_by_example(before: dict[str, int], came: dict[str, int], told: dict[str, int]) -> None:
    shares = {node: NodeShare(count) for node, count in before.items()}
    found = share_among(shares, came, ["a", "b"], whole=10)
    assert {node: share.told for node, share in found.items()} == told


def test_without_a_node_nothing_is_told() -> None:
    assert share_among({"a": NodeShare(3)}, {"a": 3}, [], whole=4) == {}
