"""A real trial call, told as one in virtual time is: acts, and what came of each; and what was given around it, so that
the same acts lead the same way in a test. Pure.

The story grows by entries, one a turn of the call, and is nothing but them: whoever has the entries has the story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhiyin.domain.calls import effects as e
from zhiyin.domain.calls.inputs import CallerHeard, Input, KeyPressed, LegEnded, OutsideTold, TimerFired
from zhiyin.domain.calls.live import Live
from zhiyin.domain.calls.trial_turns import OUT_OF_FLOW
from zhiyin.domain.calls.turn import Decision
from zhiyin.domain.flow_scripts.caller import NOISE, Trace
from zhiyin.domain.flow_scripts.happenings import happenings_of
from zhiyin.domain.flow_scripts.trial import RESTS, Rest
from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.requests import LATE, SOUND, SynthesisRequest
from zhiyin.domain.interactions import Interaction, NodeEntered, Phase, QueueEntered

#: A command of script.py and its arguments.
Step = tuple[str, ...]
#: A line takes so many arguments; more values than that are left out of what a test is given.
MOST_VALUES = 18
#: What stands for a key that nobody may keep.
MASK = "•"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one turn adds: ``act`` is what the caller did (empty: nothing), ``given`` what else decided the way."""

    act: Step = ()
    traces: tuple[Trace, ...] = ()
    given: tuple[Step, ...] = ()
    is_private: bool = False  # the act was typed where a step collects what nobody may keep


@dataclass(frozen=True, slots=True)
class Told:
    """One act and what came of it; ``act`` None: the call comes in."""

    act: Step | None
    traces: tuple[Trace, ...] = ()


@dataclass(slots=True)
class Spoken:
    """Which text a sound holds that was made for this call: sounds have names that nobody knows."""

    asked: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def follow(self, event: Input, effects: Sequence[e.Effect]) -> None:
        for effect in effects:
            if isinstance(effect, e.AskOutside) and isinstance(effect.request, SynthesisRequest):
                self.asked[effect.ask] = effect.request.text
        if isinstance(event, OutsideTold) and event.ask in self.asked and SOUND in event.values:
            self.texts[event.values[SOUND]] = self.asked[event.ask]


def entry_of(
    call: Interaction,
    live: Live,
    event: Input,
    decision: Decision,
    *,
    at_s: float,
    spoken: Spoken,
    kept: Callable[[str], Mapping[str, str]],
    flow: Flow,
) -> Entry | None:
    """Return what a turn adds to the story; None: nothing. ``call`` and ``live`` are as they were before it.

    ``at_s``: since the call came in; ``kept`` gives the values behind a reference.
    """
    spoken.follow(event, decision.effects)
    traces = [
        Trace(at_s, what, name, through)
        for happened in decision.events
        for what, name, through in happenings_of(happened, kept)
    ]
    for effect in decision.effects:
        if isinstance(effect, e.Say):
            traces += [Trace(at_s, "say", spoken.texts.get(prompt, prompt)) for prompt in effect.prompts]
    act = _act_of(call, live, event)
    given = (*_looked_up(live, event, spoken), *_unstaffed(decision))
    if not (act or traces or given):
        return None
    node, known = flow.nodes.get(call.node or ""), KINDS.get(call.node_kind)
    is_private = bool(act) and known is not None and node is not None and known.is_private(node)
    return Entry(act, tuple(traces), given, is_private)


def _act_of(call: Interaction, live: Live, event: Input) -> Step:
    if call.phase is not Phase.FLOW:
        return ()
    match event:
        case KeyPressed(leg=leg, key=key) if leg == call.customer_leg:
            return ("press", key)
        case CallerHeard(ear=ear, text=text, cause="") if ear == live.ear:
            return ("say", text or NOISE)
        case TimerFired(name="flow") if live.asked is None:
            return ("wait",)
        case LegEnded(leg=leg) if leg == call.customer_leg:
            return ("hangup",)
    return ()


def _looked_up(live: Live, event: Input, spoken: Spoken) -> Iterator[Step]:
    """Yield what a step was told that asked outside. That a text was said goes without saying."""
    asked = live.asked
    if asked is None:
        return
    if isinstance(event, TimerFired) and event.name == "flow":
        yield "lookup", asked.node, LATE
    elif isinstance(event, OutsideTold) and event.ask == asked.id and event.ask not in spoken.asked:
        values = [f"{name}={text}" for name, text in sorted(event.values.items())]
        yield "lookup", asked.node, event.outcome, *values[:MOST_VALUES]


def _unstaffed(decision: Decision) -> Iterator[Step]:
    """Yield the queues whose lines were closed to the caller, because nobody was there or by their hours."""
    queue: int | None = None
    for happened in decision.events:
        if isinstance(happened, QueueEntered):
            queue = happened.queue
        elif isinstance(happened, NodeEntered):
            if happened.through == "closed" and queue is not None:
                yield "unstaffed", str(queue)
            queue = None


def turns_of(entries: Sequence[Entry]) -> tuple[Told, ...]:
    """Return the call so far: what comes without an act of the caller belongs to the act before."""
    turns: list[Told] = []
    for at, entry in enumerate(entries):
        if entry.act or at == 0:
            turns.append(Told(entry.act or None, entry.traces))
        else:
            turns[-1] = Told(turns[-1].act, (*turns[-1].traces, *entry.traces))
    return tuple(turns)


def given_of(
    entries: Sequence[Entry], *, at: str, number: str, is_vip: bool, shares: Mapping[str, float]
) -> list[Step]:
    """Return what has to be given so that the acts lead the same way. ``at``: "2026-11-23 10:00", the company's time.

    What is looked up is told as often as it was asked, anything else once.
    """
    steps: list[Step] = [("at", *at.split(" "))]
    if number:
        steps.append(("caller", number))
    if is_vip:
        steps.append(("vip",))
    steps += [("share", node, str(int(share))) for node, share in shares.items()]
    told = [step for entry in entries for step in entry.given]
    return steps + [step for at_, step in enumerate(told) if step[0] == "lookup" or step not in told[:at_]]


def rest_of(call: Interaction, entries: Sequence[Entry]) -> Rest:
    """Return where the caller stands, or where one stood at its end who was not on trial."""
    if call.phase is not Phase.ENDED:
        return RESTS[call.phase]
    last = entries[-1].traces if entries else ()
    if not any(trace.what == "end" and trace.name == OUT_OF_FLOW for trace in last):
        return Rest.OVER
    rests = {"queue": Rest.LINE, "voicemail": Rest.MESSAGE, "transfer": Rest.TRANSFER}
    return next((rests[trace.what] for trace in reversed(last) if trace.what in rests), Rest.OVER)
