"""Why a contact waited: each second has one cause, and none is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.agents import AgentState
from zhiyin.domain.routing.waits import OfferSpan, StateSpan, WaitCause, account_for

BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)
WANG, LI, CHEN = 1, 2, 3


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def test_a_wait_is_split_into_what_it_waited_for():
    spans = [
        StateSpan(WANG, AgentState.TALKING, at(-30), at(40)),
        StateSpan(WANG, AgentState.WRAP_UP, at(40), at(60)),
        StateSpan(WANG, AgentState.REST, at(60), at(75)),
        StateSpan(WANG, AgentState.READY, at(75), at(80)),
        StateSpan(WANG, AgentState.ALERTING, at(80)),
        StateSpan(CHEN, AgentState.READY, at(-30)),  # lacks the skill
    ]
    offers = [OfferSpan(WANG, at(80), at(90), "answered")]
    account = account_for(at(0), at(90), able={WANG, LI}, spans=spans, offers=offers)
    assert account.by_cause_s == {
        WaitCause.ALL_BUSY: 60.0,
        WaitCause.NOBODY_AT_WORK: 15.0,
        WaitCause.KEPT: 5.0,
        WaitCause.RINGING: 10.0,
    }
    assert account.busy_s == {AgentState.TALKING: 40.0, AgentState.WRAP_UP: 20.0}
    assert account.main_cause is WaitCause.ALL_BUSY


def test_nobody_there_and_nobody_able_are_two_things():
    away = [StateSpan(WANG, AgentState.LOGGED_OUT, at(-5))]
    assert account_for(at(0), at(9), able={WANG}, spans=away, offers=()).by_cause_s == {WaitCause.NOBODY_SIGNED_IN: 9.0}
    assert account_for(at(0), at(9), able=(), spans=away, offers=()).by_cause_s == {WaitCause.NOBODY_ABLE: 9.0}


def test_who_is_answered_in_the_same_instant_waited_for_nothing():
    account = account_for(at(0), at(0), able={WANG}, spans=(), offers=())
    assert (account.waited_s, account.by_cause_s, account.main_cause) == (0.0, {}, None)


seconds = st.integers(-20, 120)
lengths = st.one_of(st.none(), st.integers(1, 60))


@given(
    spans=st.lists(st.tuples(st.sampled_from((WANG, LI, CHEN)), st.sampled_from(AgentState), seconds, lengths)),
    offers=st.lists(st.tuples(st.sampled_from((WANG, LI)), seconds, lengths)),
    able=st.sets(st.sampled_from((WANG, LI, CHEN))),
    waited=st.integers(0, 100),
)
def test_the_causes_add_up_to_the_wait(spans, offers, able, waited):
    account = account_for(
        at(0),
        at(waited),
        able=able,
        spans=[StateSpan(who, state, at(s), None if n is None else at(s + n)) for who, state, s, n in spans],
        offers=[OfferSpan(who, at(s), None if n is None else at(s + n)) for who, s, n in offers],
    )
    assert sum(account.by_cause_s.values()) == waited
    assert all(took > 0 for took in account.by_cause_s.values())
