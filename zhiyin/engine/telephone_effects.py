"""From a call's effects to requests on the telephone side. What fails here comes back to the call as a fact."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts.numbers import dial_string, mask_number
from zhiyin.domain.calls.effects import (
    AcceptTransfer,
    Answer,
    AskOutside,
    GivePlace,
    HangUp,
    Join,
    Listen,
    LookUpSurveys,
    Part,
    RemoveTap,
    RingAgent,
    RingNumber,
    Say,
    SendDigits,
    StartMusic,
    StartRecording,
    StartRingback,
    StartTimer,
    StopListening,
    StopMusic,
    StopRecording,
    StopRingback,
    StopSaying,
    StopTimer,
    Tap,
    TelephoneEffect,
    WatchSpeech,
)
from zhiyin.domain.calls.inputs import (
    NOT_ASKED,
    LegAnswered,
    LegEnded,
    PlaybackEnded,
    RecordingBegunLate,
    RecordingRefused,
    TimerFired,
)
from zhiyin.engine import deferred_contacts, survey_history
from zhiyin.engine.ports import LegGone, Refused, TelephonyAway, TelephonyError, TransferOutcome

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard

log = structlog.get_logger(__name__)

#: Where one of these came to nothing the parties would hear nothing, or be left up: the call looks again.
_MUST_HOLD = (Answer, Join, Part, HangUp, StartMusic, StartRingback)

#: How often it is tried to record a conversation while Asterisk, or its manager, is away.
RECORD_AGAIN_AFTER_S = (0.3, 0.5, 1.0, 2.0, 4.0, 8.0)
#: A recording that begins so much later than the log says is told: its words before that are lost.
_RECORDED_LATE_FROM_S = 0.3

OFFER_HEADER = "X-Zhiyin-Offer"
CALL_HEADER = "X-Zhiyin-Call"


async def carry_out(effect: TelephoneEffect, session: InteractionSession, board: Switchboard) -> None:  # noqa: C901, PLR0912, PLR0915 - one arm an effect
    """Do what was decided. Never raises: a leg that is gone, or Asterisk away, is told to the call."""
    telephony = board.telephony
    try:
        match effect:
            case StartTimer(name=name, after_s=after_s):
                board.timers.start((session.id, name), after_s, lambda: session.post(TimerFired(name)))
            case StopTimer(name=name):
                board.timers.stop((session.id, name))
            case Say(leg=leg, prompts=prompts, playback=playback):
                await _play(leg, prompts, playback, session, board)
            case RingAgent() | RingNumber():
                await _ring(effect, session, board)
            case StartRecording(recording=recording, leg=leg):
                await _record(recording, leg, session, board)
            case Answer(leg=leg):
                await telephony.answer(leg)
                if session.call.parked is not None:  # who fetches the call is connected when it is really there
                    session.post(LegAnswered(leg))
            case StopSaying(playback=playback):
                await telephony.stop_playback(playback)
            case StartMusic(leg=leg):
                await telephony.start_music(leg)
            case StopMusic(leg=leg):
                await telephony.stop_music(leg)
            case StartRingback(leg=leg):
                await telephony.start_ringback(leg)
            case StopRingback(leg=leg):
                await telephony.stop_ringback(leg)
            case Join(legs=legs):
                await telephony.bridge(bridge_of(session.id), legs)
            case Part(leg=leg):
                await telephony.unbridge(bridge_of(session.id), leg)
            case HangUp(leg=leg, word=word):
                await telephony.hang_up(leg, word=word)
            case StopRecording(leg=leg):
                await telephony.stop_recording(leg)
            case WatchSpeech(leg=leg):
                await telephony.watch_speech(leg)
            case GivePlace(interaction=interaction):
                deferred_contacts.give_place(board, session, interaction)
            case LookUpSurveys():
                board.run(survey_history.look_up(board, session))
            case AskOutside():
                board.outside.begin(session, effect)
            case Listen():
                board.hearing.begin(session, effect)
            case StopListening(ear=ear):
                board.hearing.stop(ear)
            case SendDigits(leg=leg, digits=digits):
                await telephony.send_digits(leg, digits)
            case AcceptTransfer(leg=leg):
                await telephony.report_transfer(leg, TransferOutcome.ACCEPTED)
            case Tap(leg=leg, of=of, is_heard=is_heard):
                await telephony.tap(leg, of=of, is_heard=is_heard)
            case RemoveTap(leg=leg):
                await telephony.remove_tap(leg)
    except LegGone:
        log.info("leg_gone", interaction=session.id, effect=type(effect).__name__)
        if isinstance(effect, Answer):
            session.post(LegEnded(effect.leg, "hangup"))
    except TelephonyError as error:
        log.warning("effect_failed", interaction=session.id, effect=type(effect).__name__, why=str(error))
        if isinstance(effect, _MUST_HOLD):
            session.doubt()
    except Exception:  # what else was decided must be carried out all the same
        log.exception("effect_broke", interaction=session.id, effect=type(effect).__name__)
        session.doubt()


def bridge_of(interaction: str) -> str:
    return f"{interaction}-b"


def interaction_of_bridge(bridge: str) -> str:
    """Return whose bridge it is: the call's own, or that of one of its supervisors' legs."""
    return bridge.partition("-")[0]


async def _play(
    leg: str, prompts: tuple[str, ...], playback: str, session: InteractionSession, board: Switchboard
) -> None:
    """Play prompts in the contact's language, to its agents in the company's.

    What cannot be played is over at once, so that no call stands still."""
    language = session.call.language if leg == session.call.customer_leg else ""
    sounds = board.sounds(session.tenant, prompts, language)
    if not sounds:
        session.post(PlaybackEnded(playback, is_heard=False))
        return
    try:
        await board.telephony.play(leg, sounds, playback=playback)
    except TelephonyError:
        session.post(PlaybackEnded(playback, is_heard=False))
        raise


async def _ring(effect: RingAgent | RingNumber, session: InteractionSession, board: Switchboard) -> None:
    company = session.tenant.company
    call = session.call
    account = None
    if isinstance(effect, RingAgent):
        account = board.telephones.account_of(session.tenant, effect.agent)
        to = f"account:{account}" if account else None
        caller_number, caller_name = _shown_to_agent(effect, session)
        headers = {OFFER_HEADER: effect.offer} if effect.offer else {CALL_HEADER: session.id}
    else:
        number = session.personal.get(effect.number_ref, "")
        board.meter.rings(effect.leg, session.tenant, number)
        to = f"trunk:{effect.trunk}:{dial_string(number, company.settings.region)}"
        caller_number, caller_name = call.entry or "", company.settings.name
        headers = {}
    if to is None:
        session.post(LegEnded(effect.leg, "unreachable"))
        return
    try:
        board.own_leg(effect.leg, session.id, account=account)
        await board.telephony.ring(
            effect.leg,
            to=to,
            caller_number=caller_number,
            caller_name=caller_name,
            codec=call.codec,
            timeout_s=effect.timeout_s,
            headers=headers,
            beside=_leg_there(session, effect.leg),
        )
    except (Refused, TelephonyAway, LegGone) as error:
        log.info("ring_failed", interaction=session.id, leg=effect.leg, why=str(error))
        session.post(LegEnded(effect.leg, NOT_ASKED if isinstance(error, TelephonyAway) else "unreachable"))
        if isinstance(error, TelephonyAway):
            board.run(board.hang_up_quietly(effect.leg, "cancelled"))  # the request may have come through


def _leg_there(session: InteractionSession, rung: str) -> str | None:
    """Return a leg of the contact beside which another can be rung: not one that is only about to be rung, too."""
    offered = {offer.leg for offer in session.call.offers}
    return min(session.live.legs - {rung} - offered, default=None)


def _shown_to_agent(effect: RingAgent, session: InteractionSession) -> tuple[str, str]:
    """Return number and name that a SIP telephone displays; a desk shows what it knows by itself."""
    company, call = session.tenant.company, session.call
    setting = company.agents.get(effect.agent)  # none: removed by a change of settings in this very moment
    if setting is None or setting.telephone != "sip":
        return "", ""
    colleague = company.agents.get(call.colleague or 0)
    if colleague is not None:
        return company.extension_of(colleague.id), colleague.name
    return "", mask_number(session.personal.get(call.customer_ref or "", ""))


async def _record(recording: str, leg: str, session: InteractionSession, board: Switchboard) -> None:
    """Record, unless an earlier engine had begun it: the file stands, and Asterisk goes on by itself."""
    path = board.recordings / f"{recording}.raw"
    if path.exists():
        return
    since = session.told_at or board.clock.now()
    try:
        await board.telephony.start_recording(leg, recording=recording, path=str(path))
    except LegGone:
        raise
    except TelephonyAway as error:
        log.warning("recording_waits", interaction=session.id, recording=recording, why=str(error))
        board.run(_record_later(recording, leg, session, board, since))  # the conversation does not wait for it
    except TelephonyError as error:
        _give_recording_up(recording, session, error)
    else:
        _tell_if_late(recording, session, board, since)


async def _record_later(
    recording: str, leg: str, session: InteractionSession, board: Switchboard, since: datetime
) -> None:
    """Try again for as long as the conversation is to be recorded; whoever could not be reached did not say no."""
    path = board.recordings / f"{recording}.raw"
    why: TelephonyError = TelephonyAway("not reached")
    for wait_s in RECORD_AGAIN_AFTER_S:
        await asyncio.sleep(wait_s)
        if session.call.recording != recording:
            return
        try:
            if not path.exists():  # else what was asked came through, only its answer did not
                await board.telephony.start_recording(leg, recording=recording, path=str(path))
        except LegGone:
            return
        except TelephonyAway as error:
            why = error
        except TelephonyError as error:
            why = error
            break
        else:
            _tell_if_late(recording, session, board, since)
            return
    _give_recording_up(recording, session, why)


def _tell_if_late(recording: str, session: InteractionSession, board: Switchboard, since: datetime) -> None:
    """It was to begin ``since`` then: when between then and now it did, nobody knows."""
    late_s = (board.clock.now() - since).total_seconds()
    if late_s >= _RECORDED_LATE_FROM_S:
        log.warning("recording_begins_late", interaction=session.id, recording=recording, late_s=round(late_s, 1))
        session.post(RecordingBegunLate(recording, round(late_s, 3)))


def _give_recording_up(recording: str, session: InteractionSession, why: TelephonyError) -> None:
    log.error("recording_failed", interaction=session.id, recording=recording, why=str(why))
    session.post(RecordingRefused(recording, str(why)))
