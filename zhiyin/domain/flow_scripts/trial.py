"""A trial call in virtual time: acts one after the other, and what came of each. A trial can be kept as a script.

Between two acts the caller listens: what is being said is heard, what is asked outside is answered. Only an act lets
further time pass. A trial is played from its beginning at each act, which costs less than keeping it would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from zhiyin.domain.flow_scripts.caller import RunsWild, Trace, VirtualCaller
from zhiyin.domain.flow_scripts.run import Fails, Run
from zhiyin.domain.flow_scripts.scene import Scene
from zhiyin.domain.flow_scripts.script import GIVEN, Line, Script, to_line
from zhiyin.domain.interactions import Phase


class Rest(StrEnum):
    """Where a caller stands who does nothing just now."""

    FLOW = "flow"  # the flow waits for keys
    LINE = "line"
    TALK = "talk"
    MESSAGE = "message"
    TRANSFER = "transfer"  # another telephone is being rung
    OVER = "over"


RESTS: Mapping[Phase, Rest] = {
    Phase.FLOW: Rest.FLOW,
    Phase.WAITING: Rest.LINE,
    Phase.OFFERED: Rest.LINE,
    Phase.TALKING: Rest.TALK,
    Phase.HELD: Rest.TALK,
    Phase.PARKED: Rest.TALK,
    Phase.MESSAGE: Rest.MESSAGE,
    Phase.DIALLING: Rest.TRANSFER,
    Phase.TRANSFERRING: Rest.TRANSFER,
    Phase.POSTPONED: Rest.OVER,
    Phase.ENDED: Rest.OVER,
}
#: What a caller notices of an act, the weightiest first: a test expects the first of these that is there.
_NOTICED = ("end", "talking", "voicemail", "callback", "queue", "say", "node")


@dataclass(frozen=True, slots=True)
class Turn:
    """An act and what came of it. ``line`` None: the call comes in."""

    line: Line | None
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """``refused_at`` is the act that could not be done, and ``why``. ``secrets`` are names of what a masked step
    collected: their words are told to nobody."""

    turns: tuple[Turn, ...] = ()
    rest: Rest = Rest.FLOW
    node: str = ""
    is_listening: bool = False  # what the caller says is heard
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    lasted_s: float = 0.0
    refused_at: Line | None = None
    why: str = ""


def play_trial(acts: Script, scene: Scene) -> Trial:
    """Return the call as far as the acts lead it. Never raises for any acts that can be read."""
    run = Run(scene)
    turns: list[Turn] = []
    lines = [line for line in acts.lines if line.command not in GIVEN]
    try:
        for given in acts.lines:
            if given.command in GIVEN:
                at: Line | None = given
                run.do(given)
        for at in (None, *lines):
            turns.append(_turn(run, at))
    except Fails as fails:
        return _trial(run, turns, refused_at=at, why=fails.why)
    except RunsWild:
        return _trial(run, turns, refused_at=at, why="runs_wild")
    return _trial(run, turns)


def _turn(run: Run, line: Line | None) -> Turn:
    before = len(run.calling().traces) if line is not None else 0
    if line is not None:
        run.do(line)
    caller = run.calling()
    caller.listen()
    return Turn(line, tuple(caller.traces[before:]))


def _trial(run: Run, turns: Sequence[Turn], *, refused_at: Line | None = None, why: str = "") -> Trial:
    if not turns and why != "runs_wild":
        return Trial(refused_at=refused_at, why=why)
    caller: VirtualCaller = run.calling()
    memory = caller.live.memory
    return Trial(
        turns=tuple(turns),
        rest=RESTS[caller.call.phase],
        node=caller.call.node or "",
        is_listening=caller.live.ear is not None,
        values=dict(caller.values),
        secrets=tuple(sorted(memory.secrets)) if memory is not None else (),
        lasted_s=round((caller.now - caller.world.began_at).total_seconds(), 1),
        refused_at=refused_at,
        why=why,
    )


def to_script(acts: Script, trial: Trial, scene: Scene, *, language: str) -> str:
    """Return the trial as a test: its acts in the words of a language, and after each what came of it.

    Of each act what is noticed most is expected: that the call ended, or waits for a queue, or what was heard first and
    last. Who wants less or more of it changes the lines.
    """
    queues = {str(queue): name for name, queue in scene.queue_names.items()}
    lines = [to_line(line.command, *line.arguments, language=language) for line in acts.lines if line.command in GIVEN]
    pressed = ""
    for at, turn in enumerate(trial.turns):
        line = turn.line
        if line is not None and line.command == "press" and _is_part(turn, trial.turns[at + 1 : at + 2]):
            pressed += line.arguments[0]
            continue
        if line is not None:
            arguments = (pressed + line.arguments[0],) if line.command == "press" else line.arguments
            lines.append(to_line(line.command, *arguments, language=language))
        pressed = ""
        for noticed in _noticed(turn):
            name = queues.get(noticed.name, noticed.name) if noticed.what in _QUEUED else noticed.name
            arguments = (name,) if name else ()
            lines.append(to_line("expect", *arguments, aspect=noticed.what, language=language))
    return "\n".join(lines)


_QUEUED = frozenset({"queue", "voicemail", "callback"})


def _is_part(turn: Turn, following: Sequence[Turn]) -> bool:
    """Return whether nothing came of these keys, and more were pressed: they are the beginning of a number."""
    return (
        not turn.traces and bool(following) and following[0].line is not None and following[0].line.command == "press"
    )


def _noticed(turn: Turn) -> tuple[Trace, ...]:
    for what in _NOTICED:
        found = [trace for trace in turn.traces if trace.what == what]
        if found:
            is_between = what == "say" and found[0].name != found[-1].name
            return (found[0], found[-1]) if is_between else (found[-1],)
    return ()
