"""A caller leaves a voice message (语音留言): the invitation, the tone, what is said, and how it ends.

Whatever was said is kept: a message ends by the hash key, by silence, by its longest time, by hanging up, or with the
leg's Asterisk. What holds no word, or is over in a moment, is nothing that an agent could work on.
"""

from __future__ import annotations

from zhiyin.domain.calls import deferred_line, queue_turns, recording_turns
from zhiyin.domain.calls.effects import StartRecording, StartTimer, StopRecording, StopTimer, WatchSpeech
from zhiyin.domain.calls.inputs import Resumed, Speech
from zhiyin.domain.calls.turn import LAST_WORDS_S, Turn
from zhiyin.domain.interactions import (
    MessageEnd,
    MessageEnded,
    MessageInvited,
    QueueEnd,
    RecordingEnded,
    RecordingStarted,
)
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.queues import VoicemailRule

INVITATION, TONE = "message_invite", "beep"
SAVED, NOTHING_SAID, FULL = "message_saved", "message_empty", "mailbox_full"
#: What is over sooner was a slip of the finger.
SHORTEST_S = 1.5
#: Why a contact ended whose caller said nothing.
NO_MESSAGE = "no_message"
MAILBOX_FULL = "mailbox_full"
ENDING_KEY = "#"

_ANY = VoicemailRule()


def is_possible(turn: Turn, queue: int) -> bool:
    """Return whether the queue takes a further message."""
    return turn.rules.queue(queue) is not None and turn.rules.messages_in(queue) < _rule(turn, queue).limit


def invite(
    turn: Turn, queue: int, *, priority: int | None = None, by_agent: int | None = None, note_ref: str | None = None
) -> None:
    """Ask the caller to speak after the tone; a waiting caller leaves the line for it. ``is_possible`` was asked."""
    if turn.call.queued_at is not None:
        turn.leave_queue(QueueEnd.VOICEMAIL)
    recording_turns.end(turn)  # of a conversation before: the message has one of its own
    turn.record(
        MessageInvited(queue, _rule(turn, queue).priority if priority is None else priority, by_agent, note_ref)
    )
    turn.do(StopTimer("flow"), StopTimer("dialogue"))
    turn.live = replace(turn.live, has_spoken=False, dialogue=None)
    turn.say(turn.call.customer_leg, (INVITATION, TONE), "message")


def invited(turn: Turn) -> None:
    """The tone is over: from here every word counts."""
    call = turn.call
    if call.message is None or call.recording is not None:
        return
    recording = f"{call.id}-m{call.legs}"
    turn.record(RecordingStarted(recording, call.customer_leg))
    turn.do(StartRecording(recording, call.customer_leg))
    _listen(turn, _rule(turn, call.message.queue).max_s)


def _listen(turn: Turn, left_s: float) -> None:
    message = turn.call.message
    rule = _rule(turn, message.queue) if message is not None else _ANY
    turn.do(WatchSpeech(turn.call.customer_leg), StartTimer("message", left_s), StartTimer("silence", rule.silence_s))


def speech(turn: Turn, event: Speech) -> None:
    """The caller speaks: silence counts anew from the last word."""
    if event.leg != turn.call.customer_leg or turn.call.message is None:
        return
    if event.is_speaking:
        turn.live = replace(turn.live, has_spoken=True)
        turn.do(StopTimer("silence"))
        return
    turn.do(StartTimer("silence", _rule(turn, turn.call.message.queue).silence_s))


def key(turn: Turn, pressed: str) -> None:
    """A key cuts the invitation short; the hash key ends the message."""
    if turn.call.recording is None:
        if turn.live.says == "message":
            turn.say(turn.call.customer_leg, (TONE,), "message")
    elif pressed == ENDING_KEY:
        finish(turn)


def finish(turn: Turn, *, hung_up: str | None = None) -> None:
    """The message is over. ``hung_up``: the caller is gone, by this word."""
    call, message = turn.call, turn.call.message
    if message is None or call.recording is None or message.began_at is None:
        turn.end(turn.caller, hung_up or "hangup")
        return
    leg, recording = call.customer_leg, call.recording
    duration_s = round((turn.now - message.began_at).total_seconds(), 1)
    outcome = MessageEnd.LEFT
    if duration_s < SHORTEST_S:
        outcome = MessageEnd.SHORT
    elif turn.live.has_spoken is False:
        outcome = MessageEnd.SILENT
    turn.do(StopTimer("message"), StopTimer("silence"))
    if leg in turn.live.legs:
        turn.do(StopRecording(leg))
    turn.record(RecordingEnded(recording))
    turn.record(MessageEnded(recording, outcome, duration_s))
    if outcome is MessageEnd.LEFT:
        turn.say_last_words(leg, SAVED)
        turn.do(StartTimer("last_words", LAST_WORDS_S))
        deferred_line.wait(turn)
        return
    if hung_up is not None:
        turn.end(turn.caller, hung_up)
        return
    turn.say_last_words(leg, NOTHING_SAID)
    turn.end(turn.caller, NO_MESSAGE)


def resume(turn: Turn, event: Resumed) -> None:
    """Whether the caller has spoken by now is not known any more: so it counts as said."""
    call, message = turn.call, turn.call.message
    turn.live = replace(turn.live, has_spoken=None)
    if call.customer_leg not in event.legs:
        finish(turn, hung_up="hangup")
    elif message is None or message.began_at is None or call.recording is None:
        turn.live = replace(turn.live, has_spoken=False)
        turn.say(call.customer_leg, (INVITATION, TONE), "message")
    else:
        turn.do(StartRecording(call.recording, call.customer_leg))
        spoken_s = (turn.now - message.began_at).total_seconds()
        _listen(turn, max(1.0, _rule(turn, message.queue).max_s - spoken_s))


def refuse(turn: Turn) -> None:
    """The mailbox is full: whoever waits in line waits on, a flow goes on by its exit."""
    if turn.call.queued_at is not None:
        turn.say(turn.call.customer_leg, (FULL,), "wait")
        return
    queue_turns.leave_line(turn, "full", last_words=FULL, reason=MAILBOX_FULL)


def begin(turn: Turn, queue: int) -> None:
    """A flow leads here."""
    if turn.rules.queue(queue) is None:
        queue_turns.enter_queue(turn, queue, 0)  # it says that there is no such queue
    elif is_possible(turn, queue):
        invite(turn, queue)
    else:
        refuse(turn)


def _rule(turn: Turn, queue: int) -> VoicemailRule:
    rule = turn.rules.queue(queue)
    return (rule.voicemail if rule is not None else None) or _ANY
