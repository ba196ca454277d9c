"""Where a step of a call stands in each flow that the call runs through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.flows.places import Place, UsedFlows

#: 1 uses 2 at a and 3 at b; 2 uses 3 at c; a later version of 1 uses a later one of 3
USED = UsedFlows({(1, 1): {"a": (2, 1), "b": (3, 1)}, (2, 1): {"c": (3, 1)}, (1, 2): {"b": (3, 2)}})


def test_a_step_is_named_by_each_flow_as_that_flow_names_it() -> None:
    at = Place(1, 1, "a/c/x")
    assert USED.place_in(1, at) == at
    assert USED.place_in(2, at) == Place(2, 1, "c/x", is_used=True)
    assert USED.place_in(3, at) == Place(3, 1, "x", is_used=True)
    assert USED.place_in(3, Place(1, 2, "b/x")) == Place(3, 2, "x", is_used=True)


def test_the_step_that_uses_a_flow_is_no_step_of_that_flow() -> None:
    assert USED.place_in(2, Place(1, 1, "a")) is None
    assert USED.place_in(3, Place(1, 1, "start")) is None
    assert USED.place_in(3, Place(2, 7, "c/x")) is None, "a version that nobody knows"


def test_all_ways_into_a_flow_and_all_that_a_flow_uses() -> None:
    assert USED.ways_into(3) == {(1, 1, "b"), (1, 1, "a/c"), (2, 1, "c"), (1, 2, "b")}
    assert USED.users_of(3) == {1, 2}
    assert USED.users_of(1) == frozenset()
    assert USED.used_by(frozenset({1})) == {2, 3}
    assert USED.used_by(frozenset({3})) == frozenset()


@st.composite
def companies(draw: st.DrawFn) -> UsedFlows:
    """Flows of which each uses only later ones: no circle can be published."""
    count = draw(st.integers(2, 6))
    return UsedFlows(
        {
            (flow, 1): {f"s{flow}{used}": (used, 1) for used in draw(st.sets(st.integers(flow + 1, count), max_size=3))}
            for flow in range(1, count)
        }
    )


@given(companies(), st.integers(1, 6))
def test_a_step_below_a_way_into_a_flow_is_a_step_of_that_flow(used: UsedFlows, flow: int) -> None:
    for user, version, step in used.ways_into(flow):
        assert used.place_in(flow, Place(user, version, f"{step}/x")) == Place(flow, 1, "x", is_used=True)
        assert flow in used.used_by(frozenset({user}))
