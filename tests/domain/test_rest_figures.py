"""Figures of rests: by day, agent and reason; an interrupted rest is one, and nothing depends on the order of stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.agents import AgentState
from zhiyin.domain.metrics.definitions import AgentFigures
from zhiyin.domain.metrics.facts import AgentSpan
from zhiyin.domain.metrics.rests import RestFigures, RestGroup, tally_rests

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
MONDAY = date(2026, 11, 2)


def stay(
    from_s: float,
    to_s: float,
    *,
    until_s: float | None = None,
    agent: int = 1,
    reason: str | None = "tea",
    state: AgentState = AgentState.REST,
) -> AgentSpan:
    def at(after_s: float) -> datetime:
        return NINE + timedelta(seconds=after_s)

    return AgentSpan(agent, state, reason, None, at(from_s), at(to_s), None if until_s is None else at(until_s))


@pytest.mark.parametrize(
    ("stays", "figures"),
    [
        ([stay(0, 60)], RestFigures(1, 60, 0, 0, 60)),
        ([stay(0, 60, until_s=60)], RestFigures(1, 60, 0, 0, 60)),
        ([stay(0, 61, until_s=60)], RestFigures(1, 61, 1, 1, 61)),
        ([stay(0, 50, until_s=40), stay(100, 130, until_s=200)], RestFigures(2, 80, 1, 10, 50)),
        ([stay(0, 50, until_s=70), stay(60, 90, until_s=70)], RestFigures(1, 80, 1, 20, 80)),
        ([stay(0, 50, until_s=55), stay(60, 90, until_s=55)], RestFigures(1, 80, 1, 30, 80)),
        ([stay(0, 30, until_s=20), stay(40, 50, until_s=20)], RestFigures(1, 40, 1, 20, 40)),
        ([stay(0, 30), stay(40, 50)], RestFigures(2, 40, 0, 0, 30)),
    ],
    ids=[
        "nobody says how long",
        "exactly as planned",
        "a second longer",
        "two rests",
        "interrupted, then overrun",
        "the planned end lies in the interruption",
        "interrupted while overrun",
        "two that nobody planned",
    ],
)
def test_figures_of_one_group(stays: Sequence[AgentSpan], figures: RestFigures) -> None:
    assert tally_rests(stays, zone=UTC) == {RestGroup(MONDAY, 1, "tea"): figures}


def test_groups_are_apart_and_what_is_no_rest_is_left_out() -> None:
    found = tally_rests(
        [
            stay(0, 10),
            stay(10, 20, reason="meal"),
            stay(0, 10, agent=2),
            stay(20, 90, reason="meeting", state=AgentState.NOT_READY),
            stay(90, 95, reason=None),
        ],
        zone=UTC,
    )
    assert found.keys() == {(MONDAY, 1, "tea"), (MONDAY, 1, "meal"), (MONDAY, 2, "tea"), (MONDAY, 1, "")}


def test_a_rest_belongs_whole_to_the_day_on_which_it_began() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    midnight_s = 7 * 3600  # 09:00 UTC is 17:00 there
    over = stay(midnight_s - 60, midnight_s + 120, until_s=midnight_s)
    after = stay(midnight_s, midnight_s + 30, until_s=midnight_s + 60)
    found = tally_rests([over, after], zone=zone)
    assert found[RestGroup(MONDAY, 1, "tea")] == RestFigures(1, 180, 1, 120, 180)
    assert found[RestGroup(MONDAY + timedelta(days=1), 1, "tea")].rests == 1


@st.composite
def agents_days(draw: st.DrawFn) -> list[AgentSpan]:
    """Stays of some agents, one after another, as the log has them."""
    found = []
    for agent in range(1, 4):
        at_s = 0.0
        for _ in range(draw(st.integers(0, 8))):
            begins_s = at_s + draw(st.integers(0, 3_600))
            at_s = begins_s + draw(st.integers(1, 40_000))
            planned_s = draw(st.one_of(st.none(), st.integers(0, 40_000)))
            until_s = None if planned_s is None else begins_s + planned_s
            reason = draw(st.sampled_from(["tea", "meal", None]))
            state = draw(st.sampled_from([AgentState.REST, AgentState.READY]))
            found.append(stay(begins_s, at_s, until_s=until_s, agent=agent, reason=reason, state=state))
    return found


@given(st.data())
def test_the_groups_add_up_to_the_agents_figures_in_any_order(data: st.DataObject) -> None:
    stays = data.draw(agents_days())
    found = tally_rests(stays, zone=UTC)
    assert tally_rests(data.draw(st.permutations(stays)), zone=UTC) == found
    for agent in range(1, 4):
        whole = AgentFigures()
        for each in stays:
            if each.agent == agent:
                whole.add_span(each)
        own = [figures for group, figures in found.items() if group.agent == agent]
        assert sum(figures.rest_s for figures in own) == pytest.approx(whole.rest_s)
        assert all(0 <= figures.overrun_s <= figures.rest_s for figures in own)
        assert all(figures.longest_s <= figures.rest_s <= figures.rests * figures.longest_s + 1e-6 for figures in own)
