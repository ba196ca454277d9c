"""A contact's history as a caller's script: calls of virtual time stand for those of the log, and are found again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.flow_random import Seeded, random_flow
from tests.domain.test_flow_proof import flow_of, problems_of
from tests.domain.test_flow_scripts import ACTS, SETTINGS, run
from tests.engine.world import FLOW
from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.domain.flow_scripts.caller import VirtualCaller
from zhiyin.domain.flow_scripts.recording import Recording, record
from zhiyin.domain.flow_scripts.run import Fails, Run
from zhiyin.domain.flow_scripts.script import read_acts
from zhiyin.domain.flow_scripts.trial import play_trial, to_script
from zhiyin.domain.flows.graph import Flow, read_flow
from zhiyin.domain.interactions import InteractionEvent

PLAIN = read_flow(FLOW)
AT = "at 2026-11-23 10:00"
Logged = list[tuple[datetime, InteractionEvent]]


class Logging(VirtualCaller):
    """A caller whose events are kept as the log keeps them."""

    logged: Logged

    def _note(self, event: Any) -> None:
        if not hasattr(self, "logged"):
            self.logged = []
        self.logged.append((self.now, event))
        super()._note(event)


class LoggingRun(Run):
    def calling(self) -> VirtualCaller:
        if self._caller is None:
            self._caller = Logging(self._scene, self._world)
            self._caller.ring()
        return self._caller


def log_of(*acts: str, flow: Flow = PLAIN) -> Logged:
    """What the log holds of a call in which this was done."""
    run_ = LoggingRun(scene_of(SETTINGS, flow))
    for line in read_acts("\n".join(acts)).lines:
        try:
            run_.do(line)
        except Fails:
            break
        run_.calling().listen()
    caller = run_.calling()
    assert isinstance(caller, Logging)
    return caller.logged


def recorded(*acts: str, flow: Flow = PLAIN) -> Recording:
    return record(log_of(AT, *acts, flow=flow), scene_of(SETTINGS, flow))


def lines_of(recording: Recording) -> list[str]:
    return [line.text.replace("按", "press") for line in recording.acts.lines]


def test_keys_a_wait_in_line_and_the_end_are_found_again() -> None:
    found = recorded("press 7", "press 1", "answer", "hangup")
    assert found.is_whole
    assert lines_of(found)[-3:] == ["press 1", "接听", "挂断"]
    left = recorded("press 1", "wait 30", "hangup")
    assert lines_of(left)[-2:] == ["等 30", "挂断"]


def test_digits_that_no_log_holds_are_made_up_and_lead_the_same_way() -> None:
    flow = flow_of(
        ("card", "collect", {"prompt": {"key": "menu"}, "value": "card", "least": 12, "most": 19, "check": "luhn"}),
        ("bye", "hang_up", {}),
        ("no", "hang_up", {}),
        edges=["start next card", "card collected bye", "card wrong no", "card none no"],
    )
    found = recorded("press 6222021234567890123#", "press 5500000000000004#", flow=flow)
    assert found.is_whole
    text = " ".join(lines_of(found))
    assert "4111111111111111" in text, "a made-up card"
    assert "5500000000000004" not in text


@given(st.integers(0, 2**30), st.lists(ACTS, max_size=5))
@settings(max_examples=25)
def test_what_is_recorded_of_any_call_can_be_kept_as_a_test_that_holds(seed: int, acts: list[str]) -> None:
    flow = random_flow(Seeded(seed), is_whole=True)
    if problems_of(flow):
        return
    scene = scene_of(SETTINGS, flow)
    found = record(log_of(AT, *acts, flow=flow), scene)
    trial = play_trial(found.acts, scene)
    outcome = run(to_script(found.acts, trial, scene, language="zh"), flow)
    assert trial.refused_at is None
    assert outcome.is_passed, outcome
