"""A draft that is really called reaches nobody, whatever its flow and whatever its caller does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.flow_random import Seeded, random_flow
from tests.domain.test_flow_scripts import SETTINGS, WORLDS
from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.domain.calls import effects as e
from zhiyin.domain.calls.inputs import Input
from zhiyin.domain.calls.trial_turns import decide_trial, is_kept_back
from zhiyin.domain.flow_scripts.caller import RunsWild, VirtualCaller
from zhiyin.domain.flow_scripts.run import Run
from zhiyin.domain.flow_scripts.script import read_acts
from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.requests import CustomerRequest, DatabaseRequest, HttpRequest, PaymentRequest, Request
from zhiyin.domain.interactions import Phase

#: what would be noticed by somebody who does not try the flow
REACHES_OTHERS = (
    *(e.DeskMessage.__args__),
    *(e.RingAgent, e.RingNumber, e.Join, e.Tap, e.SendDigits, e.AcceptTransfer),
    *(e.StartRecording, e.GivePlace, e.LookUpSurveys),
)


class Trier(VirtualCaller):
    """Calls in virtual time, decided as a trial is."""

    def _take(self, event: Input) -> None:
        decision = decide_trial(self.call, self.live, event, self._rules(), self.now)
        assert not [effect for effect in decision.effects if isinstance(effect, REACHES_OTHERS)]
        assert decision.call.phase in (Phase.FLOW, Phase.ENDED)
        assert decision.live.legs <= {self.call.customer_leg or "caller", "caller"}
        self.call, self.live = decision.call, decision.live
        for happened in decision.events:
            self._note(happened)
        for effect in decision.effects:
            self._carry_out(effect)
        if self.call.phase is Phase.ENDED:
            self._timers.clear()


def steps_of(caller: VirtualCaller, acts: list[str]) -> list[str]:
    """Let the caller do something, and return the steps that it came to."""
    try:
        caller.ring()
        caller.listen()
        for act in acts:
            caller.wait_out() if act == "" else caller.press(act)
            caller.listen()
    except RunsWild:
        pass
    return [trace.name for trace in caller.traces if trace.what == "node"]


def called(kind: type[VirtualCaller], flow: Flow, world: list[str], acts: list[str]) -> list[str]:
    scene = scene_of(SETTINGS, flow)
    run = Run(scene)
    for line in read_acts("\n".join(world)).lines:
        run.do(line)
    return steps_of(kind(scene, run._world), acts)


@given(st.integers(0, 2**30), WORLDS, st.lists(st.sampled_from(["1", "2", "*", "718#", ""]), max_size=10))
@settings(max_examples=40)
def test_a_trial_goes_a_real_callers_way_and_reaches_nobody(seed: int, world: list[str], acts: list[str]) -> None:
    flow = random_flow(Seeded(seed), is_whole=True)
    real, trial = called(VirtualCaller, flow, world, acts), called(Trier, flow, world, acts)
    assert trial == real[: len(trial)]


@pytest.mark.parametrize(
    ("request_", "may_change", "is_back"),
    [
        (CustomerRequest(), False, False),
        (DatabaseRequest("1/a"), False, False),
        (HttpRequest(1, "GET", "/"), False, False),
        (HttpRequest(1, "POST", "/"), False, True),
        (HttpRequest(1, "DELETE", "/"), True, False),
        (PaymentRequest(1, "1", "2", "3", "4"), True, True),
    ],
)
def test_what_is_kept_back(request_: Request, *, may_change: bool, is_back: bool) -> None:
    assert is_kept_back(request_, may_change=may_change) is is_back
