"""Trial calls in virtual time: what each act leads to, and that a trial kept as a test says what happened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.flow_random import Seeded, random_flow
from tests.domain.test_flow_proof import flow_of, problems_of
from tests.domain.test_flow_scripts import ACTS, SETTINGS, WORLDS, run
from tests.engine.world import FLOW
from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.domain.flow_scripts.script import BadScript, read_acts
from zhiyin.domain.flow_scripts.trial import Rest, Trial, play_trial, to_script
from zhiyin.domain.flows.graph import Flow, read_flow

PLAIN = read_flow(FLOW)


def trial(*acts: str, flow: Flow = PLAIN) -> Trial:
    return play_trial(read_acts("\n".join(acts)), scene_of(SETTINGS, flow))


def kept(*acts: str, flow: Flow = PLAIN, language: str = "en") -> str:
    script = read_acts("\n".join(acts))
    scene = scene_of(SETTINGS, flow)
    return to_script(script, play_trial(script, scene), scene, language=language)


def test_a_call_that_nobody_answers_yet_has_been_heard_as_far_as_the_menu() -> None:
    begun = trial()
    assert (begun.rest, begun.node) == (Rest.FLOW, "menu")
    assert [trace.what for trace in begun.turns[0].traces][-1] == "say"
    assert [trace.through for trace in begun.turns[0].traces if trace.what == "node"] == ["", "next", "open"]


@pytest.mark.parametrize(
    ("acts", "rest"),
    [
        (("press 1",), Rest.LINE),
        (("press 1", "answer"), Rest.TALK),
        (("press 1", "answer", "hangup"), Rest.OVER),
        (("at 2026-11-22 10:00",), Rest.OVER),
        (("press 7",), Rest.FLOW),
    ],
)
def test_where_a_caller_stands_is_told(acts: tuple[str, ...], rest: Rest) -> None:
    assert trial(*acts).rest is rest


def test_an_act_that_cannot_be_done_is_named_and_what_went_before_stands() -> None:
    done = trial("press 1", "answer", "answer")
    assert done.refused_at is not None
    assert (done.refused_at.number, done.why, len(done.turns)) == (3, "nobody_waits", 3)
    unknown = trial("unstaffed 没有")
    assert (unknown.turns, unknown.why) == ((), "unknown_queue")


def test_a_trial_expects_nothing() -> None:
    with pytest.raises(BadScript) as refused:
        read_acts("press 1\nexpect end")
    assert [(slip.number, slip.code) for slip in refused.value.slips] == [(2, "no_act")]


def test_digits_of_a_masked_step_are_told_by_name_alone_and_the_others_in_the_clear() -> None:
    flow = flow_of(
        ("open", "collect", {"prompt": {"key": "menu"}, "value": "order", "least": 2, "most": 2}),
        ("pin", "collect", {"prompt": {"key": "menu"}, "value": "pin", "least": 4, "most": 4, "is_masked": True}),
        ("rest", "menu", {"prompt": {"key": "menu"}, "keys": {"1": "a"}}),
        edges=["start next open", "open collected pin", "pin collected rest"],
    )
    done = trial("press 12", "press 9753", flow=flow)
    assert dict(done.values) == {"order": "12"}
    assert done.secrets == ("pin",)
    assert "9753" not in str([done.values, [turn.traces for turn in done.turns]])


def test_a_trial_is_kept_in_the_readers_words_with_what_was_noticed_most() -> None:
    acts = ("at 2026-11-23 10:00", "press 7", "press 1", "answer", "hangup")
    assert kept(*acts, language="zh").splitlines() == [
        "在 2026-11-23 10:00",
        "应 听到 menu",
        "按 7",
        "应 听到 wrong_key",
        "应 听到 menu",
        "按 1",
        "应 排队 售后",
        "接听",
        "应 通话",
        "挂断",
        "应 结束 hangup",
    ]


def test_keys_of_a_number_are_kept_as_one_number() -> None:
    flow = flow_of(
        ("number", "collect", {"prompt": {"key": "menu"}, "value": "order", "least": 3, "most": 3}),
        ("bye", "hang_up", {}),
        edges=["start next number", "number collected bye"],
    )
    assert "press 123" in kept("press 1", "press 2", "press 3", flow=flow).splitlines()


@given(st.integers(0, 2**30), WORLDS, st.lists(ACTS, max_size=12), st.sampled_from(["zh", "en"]))
@settings(max_examples=60)
def test_what_is_kept_of_a_trial_holds(seed: int, given_: list[str], acts: list[str], language: str) -> None:
    flow = random_flow(Seeded(seed), is_whole=True)
    if problems_of(flow):
        return
    done = trial(*given_, *acts, flow=flow)
    able = acts if done.refused_at is None else acts[: done.refused_at.number - 1 - len(given_)]
    outcome = run(kept(*given_, *able, flow=flow, language=language), flow)
    assert outcome.is_passed, outcome
