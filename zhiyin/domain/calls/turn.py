"""One turn: the state of a call, one input, and what comes of it. The helpers that more than one kind of turn needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain import interactions
from zhiyin.domain.agents import REASON_ELSEWHERE, AgentState
from zhiyin.domain.calls.effects import (
    AgentNow,
    Effect,
    FreeAgent,
    HangUp,
    Join,
    LeaveLine,
    Part,
    RemoveTap,
    Say,
    StartMusic,
    StartRecording,
    StartTimer,
    StopListening,
    StopMusic,
    StopRecording,
    StopSaying,
    StopTimer,
)
from zhiyin.domain.calls.live import Live
from zhiyin.domain.calls.rules import Rules
from zhiyin.domain.interactions import (
    CallbackEnd,
    CallbackEnded,
    Consent,
    ConsultEnd,
    ConsultEnded,
    DialEnded,
    Direction,
    EndedBy,
    Interaction,
    InteractionEnded,
    InteractionEvent,
    LegId,
    Monitor,
    MonitoringEnd,
    MonitoringEnded,
    OfferEnd,
    OfferEnded,
    OpenOffer,
    ParkEnd,
    ParkEnded,
    Phase,
    QueueEnd,
    QueueLeft,
    RecordingEnded,
    RecordingStarted,
    SegmentEnd,
    SegmentEnded,
    SegmentStarted,
)
from zhiyin.domain.missed_offers import PLAIN_MISSED, MissedRule
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.queues import QueueRule
from zhiyin.domain.wrap_up import NO_WRAP_UP, WrapUpRule

#: How long a lost agent may take to come back before the customer is given to somebody else.
AGENT_BACK_S = 30
#: How long an agent's own telephone may ring on a call the agent asked for.
OWN_RING_S = 30
#: How long an outside number may ring.
NUMBER_RING_S = 60

#: How long last words may take before the leg is hung up all the same.
LAST_WORDS_S = 30

_SEGMENT_ENDS = {
    EndedBy.CUSTOMER: SegmentEnd.CUSTOMER_LEFT,
    EndedBy.COLLEAGUE: SegmentEnd.COLLEAGUE_LEFT,
    EndedBy.SUPERVISOR: SegmentEnd.DISCONNECTED,
}
#: Who ends a contact from the customer's side of it.
_CALLERS = (EndedBy.CUSTOMER, EndedBy.COLLEAGUE)

TIMERS = (
    *("flow", "announce", "max_wait", "overflow", "offer", "agent_back", "dial", "consult", "park"),
    *("message", "silence", "dialogue", "callback", "callback_expires", "reminder"),
)
STOP_ALL_TIMERS = tuple(StopTimer(name) for name in TIMERS)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one input. ``problem`` says why a person's wish was refused; then nothing else happened."""

    call: Interaction
    live: Live
    events: tuple[InteractionEvent, ...]
    effects: tuple[Effect, ...]
    problem: str | None = None


class Turn:
    """Collects a decision. ``record`` applies each event at once, so later steps see the new state."""

    def __init__(self, call: Interaction, live: Live, rules: Rules, now: datetime) -> None:
        self.call = call
        self.live = live
        self.rules = rules
        self.now = now
        self.events: list[InteractionEvent] = []
        self.effects: list[Effect] = []
        self.problem: str | None = None
        self.within_s = 0.0  # how exact ``now`` is
        self.lines_left = 0  # how often a line gave the contact back to its flow
        self._hung_up: set[LegId] = set()

    def record(self, event: InteractionEvent) -> None:
        self.events.append(event)
        self.call = interactions.apply(self.call, event, self.now)

    def do(self, *effects: Effect) -> None:
        self.effects += effects

    def decision(self) -> Decision:
        return Decision(self.call, self.live, tuple(self.events), tuple(self.effects), self.problem)

    # --- legs ---------------------------------------------------------------------------------------------------

    def next_leg(self) -> LegId:
        """Return the id of the next leg of ours: derived from the call, so that a repeat makes no second one."""
        return f"{self.call.id}-{self.call.legs + 1}"

    def know_leg(self, leg: LegId) -> None:
        self.live = replace(self.live, legs=self.live.legs | {leg})

    def forget_leg(self, leg: LegId) -> None:
        words_to = None if leg == self.live.last_words_to else self.live.last_words_to
        self.live = replace(
            self.live, legs=self.live.legs - {leg}, music=self.live.music - {leg}, last_words_to=words_to
        )

    def hang_up(self, leg: LegId, word: str = "hangup") -> None:
        """Ask for the leg's end, if it still lives; its ``LegEnded`` follows."""
        if leg in self.live.legs and leg not in self._hung_up:
            self._hung_up.add(leg)
            self.do(HangUp(leg, word))

    # --- what the parties hear ----------------------------------------------------------------------------------

    def say(self, leg: LegId, prompts: tuple[str, ...], says: str) -> str:
        """Say prompts instead of whatever is heard now; return the playback's id."""
        self.be_quiet()
        self.live = replace(self.live, playbacks=self.live.playbacks + 1)
        playback = f"{self.call.id}-p{int(self.now.timestamp() * 1000):x}-{self.live.playbacks}"
        self.live = replace(self.live, playback=playback, says=says)
        if prompts:
            self.do(Say(leg, prompts, playback))
        return playback

    def be_quiet(self) -> None:
        """Stop what is being said, and the customer's music."""
        self.stop_saying()
        self.stop_music(self.call.customer_leg)

    def forget_playback(self) -> None:
        """What was being said is over."""
        self.live = replace(self.live, playback=None, says="")

    def stop_saying(self) -> None:
        if self.live.playback is not None:
            self.do(StopSaying(self.live.playback))
            self.forget_playback()

    def play_music(self) -> None:
        """Let the customer hear the hold music."""
        self.start_music(self.call.customer_leg)

    def play_music_apart(self, leg: LegId) -> None:
        """Let a party hear music alone, out of the bridge."""
        if leg not in self.live.music:
            self.do(Part(leg))
            self.start_music(leg)

    def start_music(self, leg: LegId) -> None:
        if leg not in self.live.music:
            self.do(StartMusic(leg))
            self.live = replace(self.live, music=self.live.music | {leg})

    def stop_music(self, leg: LegId) -> None:
        if leg in self.live.music:
            self.do(StopMusic(leg))
            self.live = replace(self.live, music=self.live.music - {leg})

    def stop_listening(self) -> None:
        if self.live.ear is not None:
            self.do(StopListening(self.live.ear))
            self.live = replace(self.live, ear=None)

    # --- ways that several turns end by -------------------------------------------------------------------------

    def start_segment(self, agent: int, leg: LegId) -> None:
        """Connect agent and customer, and record where policy says so."""
        self.be_quiet()
        self.record(SegmentStarted(self.call.segments + 1, agent, leg))
        self.do(*STOP_ALL_TIMERS)
        self.do(AgentNow(agent, AgentState.TALKING), Join((self.call.customer_leg, leg)))
        if self.call.colleague is not None:
            self.do(AgentNow(self.call.colleague, AgentState.TALKING))
        self.record_conversation()

    def record_conversation(self) -> None:
        """Begin to record, where policy says so."""
        if self.call.recording is None and self.is_recorded():
            recording = f"{self.call.id}-r{self.call.segments}"
            self.record(RecordingStarted(recording, self.call.customer_leg))
            self.do(StartRecording(recording, self.call.customer_leg))

    @property
    def caller(self) -> EndedBy:
        """Who it is that ends the contact, where the customer's leg ends."""
        return EndedBy.CUSTOMER if self.call.colleague is None else EndedBy.COLLEAGUE

    def take_back(self, call: Interaction, live: Live) -> None:
        """Forget what was decided: what it was a step to is refused."""
        self.call, self.live = call, live
        self.events.clear()
        self.effects.clear()
        self._hung_up.clear()

    def end_segment(self, outcome: SegmentEnd) -> None:
        """Close the open segment; its agent goes into after-call work."""
        segment = self.call.segment
        if segment is None:
            return
        self._end_monitorings()
        self.record(SegmentEnded(segment.segment, segment.agent, outcome))
        rule = self.wrap_up_rule()
        self.do(FreeAgent(segment.agent, rule.limit_s, rule=rule))
        self.hang_up(segment.leg)

    def end_monitoring(self, monitor: Monitor, outcome: MonitoringEnd, cause: str | None = None) -> None:
        """A supervisor is no longer beside the conversation."""
        self.record(MonitoringEnded(monitor.supervisor, outcome, cause))
        self.do(RemoveTap(monitor.leg), FreeAgent(monitor.supervisor, 0))
        self.hang_up(monitor.leg)

    def _end_monitorings(self) -> None:
        for monitor in self.call.monitors:
            self.end_monitoring(monitor, MonitoringEnd.SEGMENT_OVER)

    def leave_queue(self, outcome: QueueEnd) -> None:
        """The contact stands in this line no more; what it was asked in it is not asked any more."""
        if self.call.queued_at is not None and self.call.queue is not None:
            self.record(QueueLeft(self.call.queue, outcome))
        self.do(LeaveLine(), StopTimer("announce"), StopTimer("max_wait"), StopTimer("overflow"))
        if self.live.dialogue is not None:
            self.do(StopTimer("dialogue"))
            self.live = replace(self.live, dialogue=None)

    def end_offer(self, offer: OpenOffer, outcome: OfferEnd, cause: str | None = None) -> None:
        """Close an open offer and stop the agent's telephone from ringing; the agent's state is not touched."""
        self.record(OfferEnded(offer.offer, offer.agent, outcome, cause))
        self.time_offers()
        if outcome is not OfferEnd.ANSWERED:
            self.hang_up(offer.leg, "cancelled")

    def time_offers(self, *, at_least_s: float = 0.0) -> None:
        """Wait until the first of the open offers has rung long enough."""
        if not self.call.offers:
            self.do(StopTimer("offer"))
            return
        expires_at = min(offer.expires_at for offer in self.call.offers)
        self.do(StartTimer("offer", max(at_least_s, (expires_at - self.now).total_seconds())))

    def take_offer(self, leg: LegId) -> int:
        """Whose telephone this is took the contact, and is returned; whoever was rung besides is free again."""
        taken = self.call.offer_on(leg)
        if taken is None:
            return 0
        self.end_offer(taken, OfferEnd.ANSWERED)
        others = self.call.offers
        for other in others:
            self.end_offer(other, OfferEnd.ELSEWHERE)
        if others:
            self.do(LeaveLine(), *(FreeAgent(other.agent, 0, REASON_ELSEWHERE) for other in others))
        return taken.agent

    def drop_offers(self, outcome: OfferEnd) -> None:
        """Nobody is to take it any more: every telephone stops, and their agents are free."""
        for offer in self.call.offers:
            self.end_offer(offer, outcome)
            self.do(FreeAgent(offer.agent, 0))

    def end(self, by: EndedBy, reason: str) -> None:
        """End the contact: close all that is open, hang up every leg but one that still hears last words."""
        if self.call.phase is Phase.ENDED:
            return
        self._end_monitorings()
        self.drop_offers(OfferEnd.CUSTOMER_GONE if by in _CALLERS else OfferEnd.WITHDRAWN)
        self._let_second_party_go(by)
        self._leave_slot(by)
        if self.call.queued_at is not None:
            self.leave_queue(QueueEnd.ABANDONED if by in _CALLERS else QueueEnd.FAILED)
        else:
            self.do(LeaveLine())
        self.end_segment(_SEGMENT_ENDS.get(by, SegmentEnd.AGENT_LEFT))
        if self.call.colleague is not None:
            self.do(FreeAgent(self.call.colleague, 0))
        if self.call.recording is not None:
            if self.live.last_words_to == self.call.customer_leg:
                self.do(StopRecording(self.call.customer_leg))  # else it ends with the leg, just below
            self.record(RecordingEnded(self.call.recording))
        self._end_callback()
        self.record(InteractionEnded(by, reason, self.within_s))
        self.stop_listening()
        self.do(*STOP_ALL_TIMERS)
        if self.live.last_words_to is None:
            self.stop_saying()
        else:
            self.do(StartTimer("last_words", LAST_WORDS_S))
        for leg in sorted(self.live.legs):
            if leg != self.live.last_words_to:
                self.hang_up(leg)

    def _end_callback(self) -> None:
        """One that nobody ended by a word of its own is done where an agent talked with the customer."""
        callback = self.call.callback
        if callback is None:
            return
        if self.call.rings_customer and self.call.dialling is not None:
            self.record(DialEnded("customer", self.call.dialling.leg, answered=False, cause="cancelled"))
        if callback.outcome is None:
            is_done = bool(self.call.customer_leg) and self.call.segments > 0
            self.record(CallbackEnded(CallbackEnd.DONE if is_done else CallbackEnd.FAILED))

    def _let_second_party_go(self, by: EndedBy) -> None:
        consult = self.call.consult
        if consult is None:
            return
        if consult.dialling is not None:
            self.record(DialEnded("consulted", consult.dialling.leg, answered=False, cause="cancelled"))
        outcome = ConsultEnd.CUSTOMER_LEFT if by in _CALLERS else ConsultEnd.CANCELLED
        self.record(ConsultEnded(outcome, consult.agent))
        if consult.agent is not None:
            self.do(FreeAgent(consult.agent, 0))

    def _leave_slot(self, by: EndedBy) -> None:
        if self.call.parked is None:
            return
        dialling = self.call.dialling
        if dialling is not None and dialling.agent is not None:
            self.record(DialEnded("agent", dialling.leg, answered=False, cause="cancelled"))
            self.do(FreeAgent(dialling.agent, 0))
        outcome = ParkEnd.CUSTOMER_LEFT if by in _CALLERS else ParkEnd.FAILED
        self.record(ParkEnded(self.call.parked.slot, outcome))

    def say_last_words(self, leg: LegId, *prompts: str) -> None:
        """Say something last to a leg and hang it up afterwards."""
        if leg not in self.live.legs:
            return
        self.live = replace(self.live, last_words_to=leg)
        self.say(leg, prompts, "last_words")

    def wrap_up_rule(self) -> WrapUpRule:
        rule = self._queue_rule()
        if rule is None and self.call.direction is Direction.INTERNAL:
            return NO_WRAP_UP
        return rule.wrap_up if rule else self.rules.outbound.wrap_up

    def missed_rule(self) -> MissedRule:
        """Return what follows when an agent lets this contact ring out: its queue's rule, or the plain one."""
        queue = self.call.queue if self.call.queue is not None else self.call.last_queue
        rule = self.rules.queue(queue) if queue is not None else None
        return rule.missed if rule else PLAIN_MISSED

    def is_recorded(self) -> bool:
        """Return whether policy and the caller's consent let the conversation be recorded."""
        if self.call.consent not in (None, Consent.GIVEN):  # the caller was asked, and did not agree
            return False
        rule = self._queue_rule()
        if self.call.direction is Direction.INTERNAL:  # colleagues are recorded only where the company says so
            return self.rules.outbound.is_internal_recorded
        return rule.is_recorded if rule else self.rules.outbound.is_recorded

    def _queue_rule(self) -> QueueRule | None:
        return self.rules.queue(self.call.last_queue) if self.call.last_queue is not None else None


def supervisor_leg(interaction: str, number: int) -> LegId:
    """Return the id of the contact's ``number``-th supervisor's leg: derived, so that a repeat makes no second one."""
    return f"{interaction}-v{number}"
