"""A contact's history as a caller's script: the flow is called in virtual time until it goes the contact's way.

The log holds no digits, so what was typed where a step collects them is not known: made-up ones are tried. What was
pressed in a menu, which way each step was left, and how long the caller waited is known. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise

from zhiyin.domain.flow_scripts.scene import Scene
from zhiyin.domain.flow_scripts.script import LONGEST_WAIT_S, Script, read_acts, to_line
from zhiyin.domain.flow_scripts.trial import Rest, Trial, play_trial
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.domain.flows.steps import Context, Entered, Leave, Memory
from zhiyin.domain.interactions import (
    InteractionEnded,
    InteractionEvent,
    InteractionStarted,
    NodeEntered,
    QueueEntered,
    SegmentStarted,
)

#: So many acts is a script that somebody still reads.
MOST_ACTS = 60
#: What an asking may come to: the exit by which its step is left says it.
_OUTCOMES = frozenset({"found", "missing", "failed"})
#: Digits that are tried where it is not known what was typed: short ones first, then a card's with its check digit.
_MADE_UP = ("1", "12", "123", "1234", "12345", "123456", "13900000000", "4111111111111111", "20300101")


@dataclass(frozen=True, slots=True)
class Recording:
    """``is_whole``: the acts go the contact's whole way through the flow; else as far as it could be told."""

    acts: Script
    is_whole: bool


def record(events: Sequence[tuple[datetime, InteractionEvent]], scene: Scene) -> Recording:
    """Return the acts that lead through the flow as the contact went."""
    walked = [event for _, event in events if isinstance(event, NodeEntered)]
    lines = list(_given(events, walked, scene))
    wanted = [event.node for event in walked]
    has_talked = any(isinstance(event, SegmentStarted) for _, event in events)
    while True:
        trial = _play(lines, scene)
        been = _path(trial)
        if trial.rest is Rest.OVER or trial.refused_at is not None or len(lines) >= MOST_ACTS:
            break
        act = _next_act(lines, trial, walked[len(been) :], wanted, scene)
        if act is None:
            break
        lines.append(act)
    been = _path(trial)
    is_whole = been == wanted
    if is_whole and trial.rest is Rest.LINE:
        lines.append(to_line("answer") if has_talked else to_line("wait", str(_waited_s(events))))
        trial = _play(lines, scene)
    if is_whole and trial.rest is not Rest.OVER and _is_left(events):
        lines.append(to_line("hangup"))
    return Recording(read_acts("\n".join(lines)), is_whole)


def _given(
    events: Sequence[tuple[datetime, InteractionEvent]], walked: Sequence[NodeEntered], scene: Scene
) -> Iterator[str]:
    began_at, first = events[0]
    yield to_line("at", *scene.local(began_at).strftime("%Y-%m-%d %H:%M").split(" "))
    if isinstance(first, InteractionStarted) and first.vip:
        yield to_line("vip")
    for before, after in pairwise(walked):
        if before.kind == "split":
            share = _share_of(before.node, after.through, scene)
            if share is not None:
                yield to_line("share", before.node, str(share))
        elif after.through in _OUTCOMES:
            yield to_line("lookup", before.node, after.through)
        elif before.kind == "queue" and after.through == "closed":
            queue = getattr(scene.flow.nodes.get(before.node), "queue", None)
            yield from (to_line("unstaffed", name) for name, one in scene.queue_names.items() if one == queue)


def _share_of(node: str, exit_: str, scene: Scene) -> int | None:
    """Return a share that leads out of a split by this exit."""
    split = scene.flow.nodes.get(node)
    for share in range(100):
        context = Context(is_open=lambda _hours: True, share=partial(_always, share))
        _, answer = (None, None) if split is None else split.step(Memory(node), Entered(), context)
        if isinstance(answer, Leave) and answer.exit == exit_:
            return share
    return None


def _always(share: int, _purpose: str) -> float:
    return float(share)


def _next_act(
    lines: Sequence[str], trial: Trial, ahead: Sequence[NodeEntered], wanted: Sequence[str], scene: Scene
) -> str | None:
    """Return the act after which the call is further on its way; None where none is known, or it has arrived."""
    if not ahead:
        return None
    been = len(wanted) - len(ahead)
    through = ahead[0].through
    for act in (*_choosing(scene, trial.node, through), *_candidates(trial, through)):
        path = _path(_play([*lines, act], scene))
        if len(path) > been and path == list(wanted[: len(path)]):
            return act
    quiet = to_line("wait")  # nothing came of any: time may pass, as often as the flow asks again
    if lines and lines[-3:] == [quiet] * 3:
        return None
    return quiet if _path(_play([*lines, quiet], scene)) == list(wanted[:been]) else None


def _candidates(trial: Trial, through: str) -> Iterator[str]:
    if trial.rest is Rest.FLOW:
        if len(through) == 1 and through in "0123456789*#":
            yield to_line("press", through)
        if through == "wrong_key":
            yield to_line("press", "9")
        yield to_line("wait")
        for digits in _MADE_UP:
            yield to_line("press", digits)
            yield to_line("press", f"{digits}#")
        yield from (to_line("press", key) for key in "234567890*")
    yield to_line("wait", "600")


def _choosing(scene: Scene, node: str, through: str) -> Iterator[str]:
    """Yield what is said or pressed at ``node`` for a choice of its own, or for any of the flow's shortcut."""
    is_cut = through == BY_SHORTCUT
    asked = scene.flow.nodes.get((scene.flow.shortcut or "") if is_cut else node)
    for choice in getattr(asked, "choices", ()):
        if is_cut or choice.exit == through:
            if choice.key:
                yield to_line("press", choice.key)
            yield from (to_line("say", phrase) for phrase in choice.phrases[:1])


def _play(lines: Sequence[str], scene: Scene) -> Trial:
    return play_trial(read_acts("\n".join(lines)), scene)


def _path(trial: Trial) -> list[str]:
    return [trace.name for turn in trial.turns for trace in turn.traces if trace.what == "node"]


def _waited_s(events: Sequence[tuple[datetime, InteractionEvent]]) -> int:
    """Return how long the last wait in line was, in whole seconds."""
    entered = [at for at, event in events if isinstance(event, QueueEntered)]
    waited = (events[-1][0] - entered[-1]).total_seconds() if entered else 1
    return max(1, min(LONGEST_WAIT_S, round(waited)))


def _is_left(events: Sequence[tuple[datetime, InteractionEvent]]) -> bool:
    return isinstance(events[-1][1], InteractionEnded) or any(isinstance(one, InteractionEnded) for _, one in events)
