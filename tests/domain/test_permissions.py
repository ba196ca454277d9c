"""What a scope lets through, and how permissions compare."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.permissions import Access, Permissions, Reach, Scope

IDS = st.integers(1, 6)
OPTIONAL = st.none() | IDS
RIGHTS = st.sampled_from(["customers.read", "customers.write", "recordings.read", "admin"])
FIELDS = st.tuples(st.sampled_from(["customer", "follow_up"]), st.sampled_from(["numbers", "credit"]))
REACHES = st.builds(Reach, st.frozensets(IDS), st.frozensets(IDS), st.frozensets(IDS))
PERMISSIONS = st.builds(
    Permissions,
    st.dictionaries(RIGHTS, st.sampled_from(Scope)),
    st.dictionaries(FIELDS, st.sampled_from(Access)),
)


@given(reach=REACHES, owner=OPTIONAL, team=OPTIONAL, narrow=st.sampled_from(Scope), wide=st.sampled_from(Scope))
def test_a_wider_scope_lets_through_whatever_a_narrower_one_does(
    reach: Reach, owner: int | None, team: int | None, narrow: Scope, wide: Scope
) -> None:
    if wide.covers(narrow) and reach.includes(narrow, owner=owner, team=team):
        assert reach.includes(wide, owner=owner, team=team)


@given(reach=REACHES, owner=OPTIONAL, team=OPTIONAL)
def test_without_the_right_nothing_is_seen_and_with_all_everything(
    reach: Reach, owner: int | None, team: int | None
) -> None:
    assert not reach.includes(None, owner=owner, team=team)
    assert reach.includes(Scope.ALL, owner=owner, team=team)


@pytest.mark.parametrize(
    ("owner", "team", "least"),
    [
        (1, 99, Scope.OWN),
        (2, 10, Scope.TEAM),
        (2, 11, Scope.DEPARTMENT),
        (2, 99, Scope.ALL),
        (2, None, Scope.ALL),
        (None, None, Scope.ALL),
        (None, 10, Scope.TEAM),
    ],
    ids=["own, of another team", "team", "department", "elsewhere", "no team", "nobody's", "the team's, nobody's"],
)
def test_how_wide_a_scope_must_be_for_a_thing(owner: int | None, team: int | None, least: Scope) -> None:
    reach = Reach(frozenset({1}), frozenset({10}), frozenset({10, 11}))
    seen = [scope for scope in Scope if reach.includes(scope, owner=owner, team=team)]
    assert seen == [scope for scope in Scope if scope.covers(least)]


@given(one=PERMISSIONS, other=PERMISSIONS)
def test_narrowed_permissions_are_within_both(one: Permissions, other: Permissions) -> None:
    both = one.narrowed_to(other)
    assert both.is_within(one)
    assert both.is_within(other)
    if one.is_within(other):
        assert both.rights == one.rights


@given(one=PERMISSIONS, other=PERMISSIONS, third=PERMISSIONS)
def test_being_within_is_an_order(one: Permissions, other: Permissions, third: Permissions) -> None:
    assert one.is_within(one)
    if one.is_within(other) and other.is_within(third):
        assert one.is_within(third)


def test_a_field_that_is_not_named_may_be_written() -> None:
    permissions = Permissions(fields={("customer", "credit"): Access.HIDE})
    assert permissions.access("customer", "credit") is Access.HIDE
    assert permissions.access("customer", "name") is Access.WRITE
