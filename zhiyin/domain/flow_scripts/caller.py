"""A call in virtual time: the telephone side, the routing desk and the clock of one caller, around ``calls.decide``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zhiyin.domain import booking_slots
from zhiyin.domain.calls import effects as e
from zhiyin.domain.calls.decide import decide
from zhiyin.domain.calls.inputs import (
    AgentsFound,
    Arrived,
    CallerHeard,
    CallerSpeaks,
    Chosen,
    Input,
    KeyPressed,
    LegAnswered,
    LegEnded,
    OutsideTold,
    PlaybackEnded,
    TimerFired,
)
from zhiyin.domain.calls.live import Live
from zhiyin.domain.calls.rules import Outside, Rules
from zhiyin.domain.flow_scripts.happenings import happenings_of
from zhiyin.domain.flow_scripts.scene import Scene
from zhiyin.domain.flows.requests import FOUND, LATE, SOUND, Request, SynthesisRequest
from zhiyin.domain.flows.steps import Context
from zhiyin.domain.interactions import DataAttached, Interaction, InteractionEvent, Phase
from zhiyin.domain.routing.classes import KnownCaller
from zhiyin.domain.routing.overflow import Outlook

CALLER_LEG, CALLER_REF = "caller", "number"
#: Agents that no company has: who answers where a script lets somebody.
SOMEBODY = -1
#: More happenings than this are no call.
MOST_HAPPENINGS = 2_000
#: How long an utterance takes, with its understanding; and what is said for sounds that are no words.
UTTERED_IN_S, NOISE = 1.5, "?"


@dataclass(frozen=True, slots=True)
class HoursTold:
    """A script says that hours (None: all) are open or closed, from minute ``since`` of the day to before ``until``."""

    is_open: bool
    hours: int | None = None
    since: int = 0
    until: int = 24 * 60

    def fits(self, hours: int, minute: int) -> bool:
        is_within = self.since <= minute < self.until
        if self.until < self.since:  # over midnight
            is_within = minute >= self.since or minute < self.until
        return is_within and self.hours in (None, hours)


@dataclass(slots=True)
class World:
    """How a script wants the world to be."""

    began_at: datetime
    are_hours_told: bool = False
    hours: list[HoursTold] = field(default_factory=list)
    unstaffed: set[int] = field(default_factory=set)
    full: set[int] = field(default_factory=set)
    booked: set[int] = field(default_factory=set)
    number: str = ""
    is_vip: bool = False
    customer_classes: set[int] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    #: by node: what its askings are told, in order; the last again and again
    answers: dict[str, list[tuple[str, Mapping[str, str]]]] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that happened: ``what`` is an aspect of script.py, ``name`` an id, a prompt's key, a reason.

    Of a node, ``through`` is the exit by which the one before was left; "" where it was entered anew.
    """

    at_s: float
    what: str
    name: str
    through: str = ""


class RunsWild(Exception):
    """The call does not come to rest."""


class VirtualCaller:
    """One caller. ``traces`` is all that happened so far."""

    def __init__(self, scene: Scene, world: World) -> None:
        self.scene, self.world = scene, world
        self.now = world.began_at
        self.call = Interaction("call")
        self.live = Live()
        self.values = dict(world.values)
        self.traces: list[Trace] = []
        self._timers: dict[str, datetime] = {}
        self._playback: tuple[str, datetime] | None = None
        self._asking: tuple[datetime, OutsideTold] | None = None
        self._kept: dict[str, Mapping[str, str]] = {}
        self._happenings = 0

    # --- what a script does -----------------------------------------------------------------------------------

    def ring(self) -> None:
        self._take(
            Arrived(
                leg=CALLER_LEG,
                caller_ref=CALLER_REF if self.world.number else None,
                entry="",
                came_by="script",
                codec="alaw",
                flow=self.scene.flow_id,
                flow_version=self.scene.version,
                is_vip=self.world.is_vip,
                caller=KnownCaller(customer_classes=tuple(sorted(self.world.customer_classes))),
            )
        )

    def press(self, keys: str) -> None:
        for key in keys:
            if not self.is_over:
                self._take(KeyPressed(CALLER_LEG, key))

    def say(self, words: str) -> bool:
        """Say something, where the flow listens; return whether it did. Each is understood as it is said."""
        ear = self.live.ear
        if self.is_over or ear is None:
            return False
        self._take(CallerSpeaks(ear))
        self.pass_s(UTTERED_IN_S)
        self._take(CallerHeard(ear, "" if words == NOISE else words))
        return True

    def hang_up(self) -> None:
        if not self.is_over:
            self._take(LegEnded(CALLER_LEG, "hangup"))

    def answer(self) -> bool:
        """Let somebody of the queue take the call; return whether anybody could."""
        if self.call.phase is not Phase.WAITING:
            return False
        self._take(AgentsFound((Chosen(SOMEBODY),)))
        offer = self.call.offer_to(SOMEBODY)
        if offer is not None:
            self._take(LegAnswered(offer.leg))
        return self.call.segment is not None

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + timedelta(seconds=seconds)
        while (due := self._next_due()) is not None and due <= end and not self.is_over:
            self._happen(due)
        self.now = max(self.now, end)

    def listen(self) -> None:
        """Let what is said be heard, and what is asked outside be answered; no longer."""
        while not self.is_over and (self._playback is not None or self._asking is not None):
            due = self._next_due(with_timers=self._asking is not None)
            if due is None:
                return
            self._happen(due)

    def wait_out(self) -> None:
        """Do nothing until the flow stops waiting for keys, and hear what it says then."""
        self.listen()
        if not self.is_over and (due := self._next_due()) is not None:
            self._happen(due)
            self.listen()

    @property
    def is_over(self) -> bool:
        return self.call.phase is Phase.ENDED and self._playback is None

    # --- the clock --------------------------------------------------------------------------------------------

    def _next_due(self, *, with_timers: bool = True) -> datetime | None:
        dues = list(self._timers.values()) if with_timers else []
        dues += [self._playback[1]] if self._playback else []
        dues += [self._asking[0]] if self._asking else []
        return min(dues, default=None)

    def _happen(self, due: datetime) -> None:
        self._happenings += 1
        if self._happenings > MOST_HAPPENINGS:
            raise RunsWild
        self.now = max(self.now, due)
        if self._asking is not None and self._asking[0] <= due:
            told, self._asking = self._asking[1], None
            self._take(told)
        elif self._playback is not None and self._playback[1] <= due:
            playback, self._playback = self._playback[0], None
            self._take(PlaybackEnded(playback))
        else:
            name = min(self._timers, key=self._timers.__getitem__)
            del self._timers[name]
            self._take(TimerFired(name))

    # --- one turn ---------------------------------------------------------------------------------------------

    def _take(self, event: Input) -> None:
        decision = decide(self.call, self.live, event, self._rules(), self.now)
        self.call, self.live = decision.call, decision.live
        for happened in decision.events:
            self._note(happened)
        for effect in decision.effects:
            self._carry_out(effect)
        if self.call.phase is Phase.ENDED:
            self._timers.clear()

    def _carry_out(self, effect: e.Effect) -> None:
        match effect:
            case e.Say(prompts=prompts, playback=playback):
                for prompt in prompts:
                    self._trace("say", prompt)
                lasts_s = sum(self.scene.seconds_of(prompt) for prompt in prompts)
                self._playback = playback, self.now + timedelta(seconds=lasts_s)
            case e.StopSaying(playback=playback) if self._playback is not None and self._playback[0] == playback:
                self._playback = None
            case e.StartTimer(name=name, after_s=after_s):
                self._timers[name] = self.now + timedelta(seconds=after_s)
            case e.StopTimer(name=name):
                self._timers.pop(name, None)
                self._asking = None if name == "flow" else self._asking
            case e.AskOutside(ask=ask, request=request):
                self._ask(ask, request)

    def _ask(self, ask: str, request: Request) -> None:
        answers = self.world.answers.get(self.call.node or "", [])
        if not answers and isinstance(request, SynthesisRequest):  # a text is said unless a script says otherwise
            self._asking = self.now, OutsideTold(ask, FOUND, {SOUND: request.text})
            return
        outcome, values = (answers.pop(0) if len(answers) > 1 else answers[0]) if answers else ("failed", {})
        if outcome != LATE:
            self._asking = self.now, OutsideTold(ask, outcome, values)

    def _note(self, event: InteractionEvent) -> None:
        if isinstance(event, DataAttached):
            self.values |= self._kept.get(event.data_ref, {})
        for what, name, through in happenings_of(event, lambda ref: self._kept.get(ref, {})):
            self._trace(what, name, through)

    def _trace(self, what: str, name: str, through: str = "") -> None:
        at_s = round((self.now - self.world.began_at).total_seconds(), 1)
        self.traces.append(Trace(at_s, what, name, through))

    def _keep(self, values: Mapping[str, str]) -> str:
        ref = f"v{len(self._kept)}"
        self._kept[ref] = dict(values)
        return ref

    # --- what a decision may look up --------------------------------------------------------------------------

    def _is_open(self, hours: int) -> bool:
        """What the script says last counts; what it says nothing of is as the calendar is, at a moment it told."""
        is_known_open = self.scene.is_open(hours, self.now)
        local = self.scene.local(self.now)
        for told in reversed(self.world.hours):
            if told.fits(hours, local.hour * 60 + local.minute):
                return told.is_open
        return is_known_open if self.world.are_hours_told else True

    def _free_times(self, queue: int, number: str) -> booking_slots.FreeTimes:
        """Nothing is booked yet but where the script says that all is."""
        rule, local = self.scene.queues.get(queue), self.scene.local(self.now)
        zone = local.tzinfo
        if not (number or self.world.number):
            return booking_slots.FreeTimes(booking_slots.NO_NUMBER)
        if rule is None or zone is None or self._is_told_closed(rule.hours):
            return booking_slots.FreeTimes(booking_slots.CLOSED)
        if queue in self.world.booked:
            return booking_slots.FreeTimes(booking_slots.FULL)
        hours = rule.hours
        opens = booking_slots.opens_by(booking_slots.DAYTIME, zone)
        if hours is not None:
            opens = lambda at: self.scene.is_open(hours, at)  # noqa: E731 - one of two ways to ask
        return booking_slots.free_times(opens, zone, self.now, taken=(), per_hour=1)

    def _is_told_closed(self, hours: int | None) -> bool:
        """Return whether a script says that these very hours are closed, all day."""
        return any(told == HoursTold(is_open=False, hours=hours) for told in self.world.hours if told.hours is not None)

    def _rules(self) -> Rules:
        world, scene = self.world, self.scene
        return Rules(
            flow=scene.flow,
            context=Context(
                is_open=self._is_open,
                values=self.values | {"caller": world.number, "called": "", "contact": self.call.id},
                judge=scene.judge,
                share=lambda purpose: world.shares.get(purpose, world.shares.get(self.call.node or "", 0.0)),
                is_vip=world.is_vip,
                customer_classes=frozenset(world.customer_classes),
                language=self.call.language or scene.language,
                local_now=scene.local(self.now),
                free_times=self._free_times,
            ),
            queue=scene.queues.get,
            is_staffed=lambda queue: queue not in world.unstaffed,
            is_ready=lambda _agent: True,
            is_occupied=lambda _agent: False,
            may_fetch=lambda _agent: True,
            free_slot=lambda: 1,
            outlook=lambda queue: Outlook(signed_in=0 if queue in world.unstaffed else 1, at_work=1),
            classes=scene.classes,
            outside=Outside(
                keep=lambda digits: digits or None,
                keep_values=self._keep,
                keep_words=lambda words: words,
                digits=lambda ref: world.number if ref == CALLER_REF else ref or "",
            ),
            messages_in=lambda queue: 10**6 if queue in world.full else 0,
        )
