"""The one door: ``decide`` gives each input to the turn that knows what to do in the call's phase. Pure."""

from __future__ import annotations

from datetime import datetime

from zhiyin.domain.calls import (
    consult_party_turns,
    consult_return_turns,
    consult_stages,
    consult_turns,
    deferred_line,
    deferred_wishes,
    flow_turns,
    internal_turns,
    intervention_turns,
    leg_turns,
    line_choices,
    message_turns,
    outbound_turns,
    overflow_turns,
    parking_turns,
    queue_turns,
    recording_turns,
    reminder_turns,
    resume_turns,
    sight_turns,
    supervision_turns,
    survey_turns,
    talk_turns,
)
from zhiyin.domain.calls.inputs import (
    NOT_ASKED,
    AgentsFound,
    Arrived,
    CallbackAsked,
    CallerHeard,
    CallerSpeaks,
    ColleagueDialAsked,
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    DataGiven,
    DeferredWish,
    DialAsked,
    DigitsAsked,
    EndConsultAsked,
    HangUpAsked,
    HoldAsked,
    Input,
    Intervention,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegsUnseen,
    LineClosed,
    OutsideTold,
    ParkAsked,
    PlaybackEnded,
    RecordingBegunLate,
    RecordingRefused,
    RejectAsked,
    ResumeAsked,
    Resumed,
    Speech,
    SupervisionWish,
    SurveysTold,
    SwapAsked,
    TelephoneBack,
    TelephoneHeld,
    TelephoneLost,
    TimerFired,
    TransferAsked,
    UnparkAsked,
    Wish,
)
from zhiyin.domain.calls.live import Live
from zhiyin.domain.calls.rules import Rules
from zhiyin.domain.calls.turn import Decision, Turn
from zhiyin.domain.flows.steps import Key, Said, TimedOut
from zhiyin.domain.interactions import (
    ConsultEnd,
    EndedBy,
    Interaction,
    OfferEnd,
    Phase,
)
from zhiyin.domain.replacing import replace

#: What is told of the contact itself, and is nobody's wish.
Happening = (
    KeyPressed
    | PlaybackEnded
    | TimerFired
    | RecordingBegunLate
    | RecordingRefused
    | Speech
    | OutsideTold
    | CallerSpeaks
    | CallerHeard
    | SurveysTold
)


def decide(call: Interaction, live: Live, event: Input, rules: Rules, now: datetime) -> Decision:
    """Return what happened and what must be done. Never raises for any input in any phase."""
    turn = Turn(call, live, rules, now)
    turn.within_s = _exact_to_s(live, event, now)
    if call.phase is Phase.ENDED:
        _after_the_end(turn, event)
    elif sight_turns.is_held_back(turn, event):
        sight_turns.hold_back(turn, event)
    else:
        _take(turn, event)
        supervision_turns.follow(turn, call)
        survey_turns.look_up(turn)
    return turn.decision()


def _exact_to_s(live: Live, event: Input, now: datetime) -> float:
    """Return how exact the instant is by which it is dated what follows, in seconds."""
    if isinstance(event, LegEnded | Resumed):
        return event.within_s
    return (now - live.unseen_since).total_seconds() if live.unseen_since is not None else 0.0


def _take(turn: Turn, event: Input) -> None:
    match event:
        case Arrived() | DialAsked() | ColleagueDialAsked() | CallbackAsked() | Resumed():
            _began(turn, event)
        case LegAnswered() | LegEnded() | LegsUnseen() | TelephoneHeld() | TelephoneLost() | TelephoneBack():
            _of_a_leg(turn, event)
        case _ if isinstance(event, Happening):
            _happened(turn, event)
        case AgentsFound() | LineClosed():
            _from_the_desk(turn, event)
        case _ if sight_turns.must_wait(turn, event):
            turn.problem = "out_of_sight"
        case _ if isinstance(event, DeferredWish):
            deferred_wishes.wished(turn, event)
        case _ if isinstance(event, Intervention):
            intervention_turns.wished(turn, event)
        case _ if turn.call.lacks_customer and isinstance(event, deferred_wishes.NEED_CUSTOMER):
            deferred_wishes.without_customer(turn, event)
        case _ if isinstance(event, SupervisionWish):
            supervision_turns.wished(turn, event)
        case _ if isinstance(event, internal_turns.LEADING) and event.agent == turn.call.colleague:
            internal_turns.lead_and(turn, event.agent, lambda: _wished(turn, event))
        case _:
            _wished(turn, event)


def _began(turn: Turn, event: Arrived | DialAsked | ColleagueDialAsked | CallbackAsked | Resumed) -> None:
    match event:
        case Arrived():
            flow_turns.arrive(turn, event)
        case DialAsked():
            outbound_turns.dial(turn, event)
        case ColleagueDialAsked():
            internal_turns.dial(turn, event)
        case CallbackAsked():
            deferred_line.begin(turn, event)
        case Resumed():
            resume_turns.resume(turn, event)


def _of_a_leg(
    turn: Turn, event: LegAnswered | LegEnded | LegsUnseen | TelephoneHeld | TelephoneLost | TelephoneBack
) -> None:
    match event:
        case LegsUnseen():
            sight_turns.lose_sight(turn, event)
        case LegAnswered(leg=leg):
            leg_turns.answered(turn, leg)
        case LegEnded(leg=leg, word=word) if word == NOT_ASKED:
            leg_turns.not_asked(turn, leg)
        case LegEnded(leg=leg, word=word):
            leg_turns.ended(turn, leg, word)
        case TelephoneHeld(leg=leg, is_held=is_held):
            leg_turns.held(turn, leg, is_held=is_held)
        case TelephoneLost(agent=agent):
            leg_turns.telephone_lost(turn, agent)
        case TelephoneBack(agent=agent):
            leg_turns.telephone_back(turn, agent)


def _happened(turn: Turn, event: Happening) -> None:  # noqa: C901, PLR0912 - one arm a fact
    match event:
        case SurveysTold():
            survey_turns.told(turn, event)
        case OutsideTold():
            flow_turns.told(turn, event)
        case CallerSpeaks() | CallerHeard():
            flow_turns.spoken(turn, event)
        case KeyPressed(leg=leg, key=key) if leg == turn.call.customer_leg:
            if turn.call.phase is Phase.FLOW:
                flow_turns.advance(turn, Key(key))
            elif turn.call.phase is Phase.MESSAGE:
                message_turns.key(turn, key)
            elif line_choices.key(turn, key):
                pass
            elif turn.live.says == "wait":
                turn.stop_saying()
                queue_turns.wait_on(turn)
        case PlaybackEnded(playback=playback, is_heard=is_heard) if playback == turn.live.playback:
            _said(turn, is_heard=is_heard)
        case TimerFired(name=name):
            _timer(turn, name)
        case RecordingBegunLate() | RecordingRefused() if event.recording == turn.call.recording:
            recording_turns.told(turn, event)
        case Speech() if turn.call.phase is Phase.MESSAGE:
            message_turns.speech(turn, event)
        case _:
            pass


def _said(turn: Turn, *, is_heard: bool) -> None:
    says = turn.live.says
    turn.forget_playback()
    if says == "flow":
        flow_turns.advance(turn, Said(is_heard))
    elif says == "wait" and turn.call.phase in (Phase.WAITING, Phase.OFFERED):
        queue_turns.wait_on(turn)
    elif says == "message":
        message_turns.invited(turn)
    elif says == "dialogue":
        line_choices.said(turn)
    elif says == "last_words" and turn.live.last_words_to is not None:
        turn.hang_up(turn.live.last_words_to)


def _timer(turn: Turn, name: str) -> None:
    if name in _LINE_TIMERS:
        _line_timer(turn, name)
        return
    match name:
        case "flow" if turn.call.phase is Phase.FLOW:
            flow_turns.advance(turn, TimedOut())
        case "offer":
            leg_turns.rang_long_enough(turn)
        case "dial":
            talk_turns.transfer_timed_out(turn)
        case "agent_back" if turn.call.consult is not None:
            consult_return_turns.agent_stays_away(turn)
        case "agent_back":
            talk_turns.agent_stays_away(turn)
        case "consult":
            consult_party_turns.waited_long(turn)
        case "park":
            parking_turns.timed_out(turn)
        case "last_words" if turn.live.last_words_to is not None:
            turn.hang_up(turn.live.last_words_to)
        case _:
            _deferred_timer(turn, name)


_LINE_TIMERS = ("announce", "max_wait", "overflow", "dialogue")


def _line_timer(turn: Turn, name: str) -> None:
    """A timer of who waits in line and listens."""
    if turn.call.phase not in (Phase.WAITING, Phase.OFFERED) or turn.call.lacks_customer:
        return
    match name:
        case "dialogue":
            line_choices.timed_out(turn)
        case "announce" if turn.call.queued_at is not None and turn.live.dialogue is None:
            queue_turns.announce(turn)
        case "max_wait" if turn.call.phase is Phase.WAITING and turn.live.dialogue is None:
            queue_turns.overflow(turn)
        case "overflow" if turn.call.queued_at is not None:
            overflow_turns.follow_chain(turn)
        case "max_wait":
            queue_turns.refresh_max_wait(turn)


def _deferred_timer(turn: Turn, name: str) -> None:
    match name:
        case "message" | "silence" if turn.call.phase is Phase.MESSAGE:
            message_turns.finish(turn)
        case "callback":
            deferred_line.due(turn)
        case "callback_expires":
            deferred_line.expire(turn)
        case "reminder":
            reminder_turns.remind(turn)
        case _:
            pass


def _from_the_desk(turn: Turn, event: AgentsFound | LineClosed) -> None:
    match event:
        case AgentsFound() if turn.call.consult is not None:
            consult_party_turns.offer(turn, event)
        case AgentsFound():
            queue_turns.offer(turn, event)
        case LineClosed() if turn.call.consult is not None and turn.call.offer is None:
            if not turn.call.consult.is_answered:
                consult_stages.let_go(turn, ConsultEnd.FAILED, "queue_unstaffed")
        case LineClosed() if turn.call.lacks_customer:
            pass  # nobody is there to be told; it waits until somebody signs in
        case LineClosed() if turn.call.phase is Phase.WAITING and turn.call.queued_at is not None:
            queue_turns.nobody_left(turn)
        case _:
            pass


def _wished(turn: Turn, event: Input) -> None:  # noqa: PLR0912 - one arm a wish
    match event:
        case HangUpAsked(agent=agent):
            _hang_up(turn, agent)
        case RejectAsked(agent=agent, offer=offer):
            refused = turn.call.offer_to(agent)
            if refused is None or refused.offer != offer:
                turn.problem = "offer_gone"
            else:
                leg_turns.refuse(turn, refused, OfferEnd.REJECTED)
        case HoldAsked(agent=agent):
            talk_turns.hold(turn, agent)
        case ResumeAsked(agent=agent):
            talk_turns.resume(turn, agent)
        case DigitsAsked():
            talk_turns.send_digits(turn, event)
        case TransferAsked():
            talk_turns.transfer(turn, event)
        case DataGiven():
            talk_turns.attach_data(turn, event)
        case ConsultAsked() | CompleteAsked() | ConferenceAsked() | SwapAsked() | EndConsultAsked():
            _wished_of_second_party(turn, event)
        case ParkAsked():
            parking_turns.park(turn, event)
        case UnparkAsked():
            parking_turns.unpark(turn, event)
        case _:
            pass


def _wished_of_second_party(
    turn: Turn, event: ConsultAsked | CompleteAsked | ConferenceAsked | SwapAsked | EndConsultAsked
) -> None:
    match event:
        case ConsultAsked():
            consult_turns.consult(turn, event)
        case CompleteAsked():
            consult_turns.complete(turn, event)
        case ConferenceAsked(agent=agent):
            consult_turns.confer(turn, agent)
        case SwapAsked(agent=agent):
            consult_turns.swap(turn, agent)
        case EndConsultAsked(agent=agent):
            consult_turns.end_consult(turn, agent)


def _hang_up(turn: Turn, agent: int) -> None:
    call = turn.call
    if call.segment is not None and call.segment.agent == agent:
        leg_turns.agent_left(turn)
    elif (offer := call.offer_to(agent)) is not None:
        leg_turns.refuse(turn, offer, OfferEnd.REJECTED)
    elif call.consult is not None and call.consult.agent == agent:
        consult_stages.let_go(turn, ConsultEnd.PARTY_LEFT)
    elif call.phase is Phase.DIALLING and call.agent == agent:
        outbound_turns.cancel(turn, agent)
    elif call.colleague == agent:
        turn.end(EndedBy.COLLEAGUE, "hangup")
    elif call.parked is not None and call.dialling is not None and call.dialling.agent == agent:
        turn.hang_up(call.dialling.leg, "cancelled")
    else:
        turn.problem = "not_your_call"


def _after_the_end(turn: Turn, event: Input) -> None:
    """The record is closed; what remains is to let last words be heard and to take every leg down."""
    match event:
        case LegEnded(leg=leg):
            turn.forget_leg(leg)
        case LegAnswered(leg=leg):
            turn.know_leg(leg)
            turn.hang_up(leg)
        case PlaybackEnded(playback=playback) if playback == turn.live.playback:
            turn.forget_playback()
            for leg in sorted(turn.live.legs):
                turn.hang_up(leg)
        case TimerFired(name="last_words"):
            for leg in sorted(turn.live.legs):
                turn.hang_up(leg)
        case AgentsFound():
            queue_turns.give_back(turn, event)
        case Resumed(legs=legs):
            turn.live = replace(turn.live, legs=legs, unseen_since=None)
            for leg in sorted(legs):
                turn.hang_up(leg)
        case _ if isinstance(event, Wish):
            turn.problem = "call_ended"
        case _ if isinstance(event, SupervisionWish | Intervention):
            turn.problem = "call_ended"
        case _:
            pass
