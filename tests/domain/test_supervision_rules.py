"""Supervision as pure decisions: whatever is wished and whatever happens, in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import effects, inputs
from zhiyin.domain.calls.decide import decide
from zhiyin.domain.calls.live import Live
from zhiyin.domain.calls.rules import Rules
from zhiyin.domain.calls.supervision_turns import MAX_MONITORS
from zhiyin.domain.flows.steps import Context
from zhiyin.domain.interactions import (
    EndedBy,
    Interaction,
    InteractionEvent,
    MonitoringEnded,
    MonitoringMode,
    MonitoringStarted,
    Phase,
    apply,
)
from zhiyin.domain.interactions.events import Direction, InteractionStarted, SegmentStarted
from zhiyin.domain.routing.overflow import Outlook
from zhiyin.domain.routing.queues import QueueRule

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGENT, LEADS = 1, (5, 6, 7, 8, 9)
CUSTOMER, TELEPHONE = "c", "x-1"


class Play:
    """A call that talks, and the desk as far as supervision asks for it."""

    def __init__(self) -> None:
        self.now = NINE
        self.call = Interaction("x")
        for event in (
            InteractionStarted(Direction.INBOUND, "voice", CUSTOMER, None, "4008001234", "direct"),
            SegmentStarted(1, AGENT, TELEPHONE),
        ):
            self.call = apply(self.call, event, NINE)
        self.live = Live(legs=frozenset({CUSTOMER, TELEPHONE}))
        self.states: dict[int, AgentState] = {AGENT: AgentState.TALKING}
        self.events: list[InteractionEvent] = []

    def take(self, event: inputs.Input) -> str | None:
        self.now += timedelta(seconds=1)
        rules = Rules(
            flow=None,
            context=Context(is_open=lambda _hours: True),
            queue=lambda queue: QueueRule(id=queue, members=frozenset({AGENT})),
            is_staffed=lambda _queue: True,
            is_ready=lambda agent: agent not in self.states,
            is_occupied=lambda agent: agent in self.states,
            may_fetch=lambda agent: agent not in self.states,
            free_slot=lambda: 701,
            outlook=lambda _queue: Outlook(),
        )
        decision = decide(self.call, self.live, event, rules, self.now)
        for event_ in decision.events:
            self.call = apply(self.call, event_, self.now)
        assert self.call == decision.call, "the events rebuild the state that was decided"
        self.live = decision.live
        self.events += decision.events
        for effect in decision.effects:
            match effect:
                case effects.AgentNow(agent=agent, state=state):
                    self.states[agent] = state
                case effects.FreeAgent(agent=agent):
                    self.states.pop(agent, None)
                case _:
                    pass
        assert decision.problem is None or not decision.events, "a refused wish does nothing"
        return decision.problem

    def check(self) -> None:
        call = self.call
        assert len(call.monitors) <= MAX_MONITORS + 1
        assert sum(m.mode is not MonitoringMode.LISTEN for m in call.monitors) <= 1, "two supervisors are heard"
        watching = {m.supervisor for m in call.monitors}
        assert len(watching) == len(call.monitors), "one supervisor stands there twice"
        assert {a for a, state in self.states.items() if state is AgentState.MONITORING} == watching
        if call.monitors:
            assert call.segment is not None
            assert {m.agent for m in call.monitors} == {call.segment.agent}


modes = st.sampled_from(MonitoringMode)
leads = st.sampled_from(LEADS)
legs = st.sampled_from((CUSTOMER, TELEPHONE, *(f"x-v{number}" for number in range(1, 6)), "x-2", "x-3"))
steps = st.one_of(
    st.builds(inputs.MonitorAsked, leads, modes),
    st.builds(inputs.MonitorAsked, leads, modes),
    st.builds(inputs.StopMonitoringAsked, leads),
    st.builds(inputs.TakeOverAsked, leads),
    st.builds(inputs.LegAnswered, legs),
    st.builds(inputs.LegAnswered, legs),
    st.builds(inputs.LegEnded, legs, st.sampled_from(("hangup", "lost", "no_answer"))),
    st.builds(inputs.TelephoneHeld, legs, st.booleans()),
    st.builds(inputs.HoldAsked, st.just(AGENT)),
    st.builds(inputs.ResumeAsked, st.just(AGENT)),
    st.builds(inputs.TelephoneLost, st.just(AGENT)),
    st.builds(inputs.TelephoneBack, st.just(AGENT)),
    st.builds(inputs.TimerFired, st.sampled_from(("agent_back", "dial", "offer"))),
    st.builds(inputs.TransferAsked, st.just(AGENT), st.just("queue"), st.just(1)),
    st.builds(inputs.Resumed, st.frozensets(legs), st.frozensets(legs)),
)


@settings(max_examples=300)
@given(st.lists(steps, max_size=25))
def test_whatever_happens_supervision_stays_whole(story: list[inputs.Input]) -> None:
    """Each supervisor is there once and in the state for it, one at most is heard, and each beginning has one end."""
    play = Play()
    for event in story:
        play.take(event)
        play.check()
    if play.call.phase is not Phase.ENDED:
        play.take(inputs.DisconnectAsked(LEADS[0]))
        assert play.call.ended_by is EndedBy.SUPERVISOR
    play.check()
    begun = sum(isinstance(event, MonitoringStarted) for event in play.events)
    assert begun == sum(isinstance(event, MonitoringEnded) for event in play.events)


@given(modes, st.booleans())
def test_a_supervisors_hang_up_never_touches_the_conversation(mode: MonitoringMode, is_held: bool) -> None:
    play = Play()
    if mode is MonitoringMode.TAKE_OVER:
        mode = MonitoringMode.BARGE
    if is_held:
        play.take(inputs.HoldAsked(AGENT))
    before = (play.call.phase, play.call.segment)
    play.take(inputs.MonitorAsked(LEADS[0], mode))
    play.take(inputs.LegAnswered("x-v1"))
    play.take(inputs.LegEnded("x-v1", "hangup"))
    assert (play.call.phase, play.call.segment) == before
    assert LEADS[0] not in play.states


def test_a_new_engine_lets_go_once_of_who_listened_when_another_took_over() -> None:
    """The take-over's telephone answered while no engine led, and the listener's was gone: it was let go twice."""
    play = Play()
    play.take(inputs.MonitorAsked(5, MonitoringMode.LISTEN))
    play.take(inputs.MonitorAsked(6, MonitoringMode.LISTEN))
    play.take(inputs.TakeOverAsked(5))
    legs = frozenset({CUSTOMER, "x-v1"})
    play.take(inputs.Resumed(legs, legs))
    play.check()
    ended = [event.supervisor for event in play.events if isinstance(event, MonitoringEnded)]
    assert sorted(ended) == [5, 6]
