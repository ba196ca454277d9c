"""Rests: the quotas are never exceeded, nobody starves in the list, and each wish stands where the rule says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.rests import (
    NoRest,
    NoRestTime,
    Places,
    Rest,
    RestApproval,
    RestQuota,
    RestRule,
    RestStage,
    ask,
    choose_granted,
    waiting_list,
)

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)  # a Monday
AGENTS = range(1, 8)
EVERYBODY = frozenset(AGENTS)


def rest(stage: RestStage, *, after_s: int = 0, planned_s: int = 900) -> Rest:
    return Rest("tea", stage, NINE + timedelta(seconds=after_s), planned_s=planned_s)


quotas = st.lists(
    st.builds(
        RestQuota,
        st.frozensets(st.sampled_from(AGENTS), min_size=1),
        st.one_of(st.none(), st.integers(1, 3)),
        st.one_of(st.none(), st.integers(1, 60)),
    ),
    max_size=3,
)


@given(quotas, st.lists(st.tuples(st.sampled_from(("ask", "back", "out")), st.sampled_from(AGENTS)), max_size=60))
def test_a_grant_never_exceeds_a_quota_and_nobody_starves(
    held: list[RestQuota], history: list[tuple[str, int]]
) -> None:
    rests: dict[int, Rest] = {}
    signed_in = set(AGENTS)

    def grant() -> None:
        for agent in choose_granted(held, rests, signed_in=signed_in):
            rests[agent] = replace(rests[agent], stage=RestStage.TAKEN)
            for quota in held:
                if agent in quota.agents:
                    resting = [one for one in rests if rests[one].has_place and one in quota.agents]
                    assert len(resting) <= quota.limit(signed_in), "a grant exceeded a quota"

    for number, (what, agent) in enumerate(history):
        if what == "ask" and agent in signed_in and agent not in rests:
            rests[agent] = rest(RestStage.WAITING, after_s=number)
        elif what == "back" and agent in rests and rests[agent].has_place:
            del rests[agent]
        elif what == "out" and agent not in rests:
            signed_in ^= {agent}
        grant()
    for _ in AGENTS:
        first = waiting_list(rests)[:1]
        for agent in [one for one in rests if rests[one].has_place]:
            del rests[agent]
        grant()
        assert not first or rests[first[0]].has_place, "the first to ask still waits, though everybody came back"
    assert not waiting_list(rests)


def test_who_waits_for_two_quotas_is_not_overtaken_in_either() -> None:
    """Later ones took the free place of the one quota each time, so that never both were free at once."""
    held = [RestQuota(frozenset({1, 2}), 1), RestQuota(frozenset({2, 3}), 1)]
    rests = {
        1: rest(RestStage.TAKEN),
        2: rest(RestStage.WAITING, after_s=1),
        3: rest(RestStage.WAITING, after_s=2),
    }
    assert choose_granted(held, rests, signed_in=EVERYBODY) == []
    del rests[1]
    assert choose_granted(held, rests, signed_in=EVERYBODY) == [2]


def test_who_is_away_holds_up_nobody() -> None:
    rests = {1: rest(RestStage.WAITING), 2: rest(RestStage.WAITING, after_s=1)}
    assert choose_granted([RestQuota(EVERYBODY, 1)], rests, signed_in=EVERYBODY, absent={1}) == [2]


@pytest.mark.parametrize(
    ("at_most", "share_pct", "limit"),
    [(2, None, 2), (None, 30, 2), (None, 10, 1), (1, 50, 1), (None, None, 7)],
    ids=["number", "share, rounded down", "a share under one is one", "the smaller of both", "nothing said"],
)
def test_a_quota_counts_by_number_and_by_share(at_most: int | None, share_pct: int | None, limit: int) -> None:
    assert RestQuota(EVERYBODY, at_most, share_pct).limit(EVERYBODY) == limit


def stage_of(rule: RestRule, rests: dict[int, Rest] | None = None, *, used_s: float = 0, local: datetime = NINE) -> str:
    wished = rest(RestStage.ASKED)
    try:
        return ask(rule, 1, wished, used_s=used_s, local=local, rests=rests or {}, signed_in=EVERYBODY).value
    except NoRest as refused:
        return refused.code


ONE = (RestQuota(EVERYBODY, 1),)
TAKEN = {2: rest(RestStage.TAKEN)}


@pytest.mark.parametrize(
    ("rule", "rests", "stage"),
    [
        (RestRule(), TAKEN, "granted"),
        (RestRule(quotas=ONE), {}, "granted"),
        (RestRule(quotas=ONE), TAKEN, "rest_quota_full"),
        (RestRule(RestApproval.LIST, quotas=ONE), TAKEN, "waiting"),
        (RestRule(RestApproval.LIST, quotas=ONE), {2: rest(RestStage.WAITING, after_s=-1)}, "waiting"),
        (RestRule(RestApproval.LEAD, quotas=ONE), {}, "asked"),
    ],
    ids=["no rule", "room", "full", "full, with a list", "behind who waits", "a lead decides"],
)
def test_where_a_wish_stands_at_first(rule: RestRule, rests: dict[int, Rest], stage: str) -> None:
    assert stage_of(rule, rests) == stage


def test_the_minutes_of_a_day_bound_what_is_planned() -> None:
    rule = RestRule(minutes_per_day=30)
    assert stage_of(rule, used_s=900) == "granted"
    assert stage_of(rule, used_s=901) == "rest_minutes_used"


@pytest.mark.parametrize(
    ("local", "until"),
    [
        (NINE, None),
        (NINE.replace(hour=11), "13:00"),
        (NINE.replace(hour=12, minute=59), "13:00"),
        (NINE.replace(hour=13), None),
        (NINE.replace(hour=11) + timedelta(days=5), None),
    ],
    ids=["before", "from the first minute", "to the last", "after", "on a Saturday"],
)
def test_times_without_rests(local: datetime, until: str | None) -> None:
    rule = RestRule(no_rest_times=(NoRestTime("11:00", "13:00", frozenset(range(5))),))
    assert rule.blocked_until(local) == until
    assert stage_of(rule, local=local) == ("granted" if until is None else "rest_blocked")


def test_an_agent_is_told_the_places_left_and_the_place_in_the_list() -> None:
    held = (RestQuota(frozenset({1, 2, 3}), 2), RestQuota(frozenset({4, 5}), 1))
    rests = {
        2: rest(RestStage.TAKEN),
        4: rest(RestStage.TAKEN),
        5: rest(RestStage.WAITING, after_s=1),
    }
    places = Places(held, rests, signed_in=EVERYBODY)
    assert places.free_for(1) == 1
    assert places.free_for(4) == 0
    assert places.free_for(7) is None
    assert places.in_list(5) == 1
    assert places.in_list(4) is None


stages = st.dictionaries(st.sampled_from(AGENTS), st.tuples(st.sampled_from(RestStage), st.integers(0, 9)))


@given(quotas, stages, st.sets(st.sampled_from(AGENTS)))
def test_places_are_told_as_they_would_be_granted(
    held: list[RestQuota], had: dict[int, tuple[RestStage, int]], signed_in: set[int]
) -> None:
    rests = {agent: rest(stage, after_s=after_s) for agent, (stage, after_s) in had.items()}
    places = Places(held, rests, signed_in=signed_in)
    for agent in AGENTS:
        free, waiting = places.free_for(agent), waiting_list(rests)
        if agent not in rests:
            wished = {**rests, agent: rest(RestStage.WAITING, after_s=10)}
            assert (free is None or free > 0) == (agent in choose_granted(held, wished, signed_in=signed_in))
        if agent not in waiting:
            assert places.in_list(agent) is None
            continue
        before = waiting[: waiting.index(agent)]
        rivals = [one for one in before if any({one, agent} <= quota.agents for quota in held)]
        assert places.in_list(agent) == 1 + len(rivals)
