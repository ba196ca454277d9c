"""What a caller in line may choose instead of waiting: to be called back at the same place, or to leave a message.

The callback is arranged in a short dialogue that stands in memory alone: after a crash the caller waits on and is
offered it again. An agent who becomes free in the middle of it simply answers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from zhiyin.domain.calls import deferred_line, message_turns, queue_turns
from zhiyin.domain.calls.effects import StartTimer, StopTimer
from zhiyin.domain.calls.live import Dialogue
from zhiyin.domain.calls.turn import LAST_WORDS_S, Turn
from zhiyin.domain.interactions import CallbackAgreed, Phase, QueueEnd
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.queues import CallbackRule
from zhiyin.domain.spoken_values import speak_telephone

CALLBACK_KEY, MESSAGE_KEY = "1", "2"
YES, OTHER_NUMBER, AGAIN, BACK, DONE = "1", "2", "2", "*", "#"

OFFER_CALLBACK, OFFER_MESSAGE = "offer_callback", "offer_message"
CONFIRM, CONFIRM_KEYS = "callback_confirm", "callback_confirm_keys"
CONFIRM_YES_ONLY, REPEAT_KEYS = "callback_confirm_yes", "callback_repeat_keys"
ENTER, BAD_NUMBER, AGREED = "callback_enter", "callback_bad_number", "callback_agreed"
#: How long the caller may think, and how often err.
ANSWER_S, TRIES = 10, 3
MOST_DIGITS = 20


def offers(turn: Turn) -> tuple[str, ...]:
    """Return what is said after the wait."""
    said = (OFFER_CALLBACK,) if _callback(turn) is not None else ()
    return (*said, OFFER_MESSAGE) if _may_leave_message(turn) else said


def key(turn: Turn, pressed: str) -> bool:
    """Take a key of a caller in line; return whether it meant anything."""
    if turn.call.phase is not Phase.WAITING or turn.call.queued_at is None:
        return False
    if turn.live.dialogue is not None:
        _answer(turn, turn.live.dialogue, pressed)
        return True
    if pressed == CALLBACK_KEY and _callback(turn) is not None:
        _begin(turn)
        return True
    if pressed == MESSAGE_KEY and _may_leave_message(turn):
        queue = turn.call.queue or 0
        if message_turns.is_possible(turn, queue):
            message_turns.invite(turn, queue)
        else:
            message_turns.refuse(turn)
        return True
    return False


def said(turn: Turn) -> None:
    """The question was asked: so long the caller may answer."""
    if turn.live.dialogue is not None:
        turn.do(StartTimer("dialogue", ANSWER_S))


def timed_out(turn: Turn) -> None:
    """No answer: the caller waits on, as if nothing had been asked."""
    if turn.live.dialogue is not None:
        _wait_on(turn)


def _begin(turn: Turn) -> None:
    turn.do(StopTimer("announce"))
    if turn.rules.outside.digits(turn.call.customer_ref):
        _ask(turn, Dialogue("confirm"))
    else:
        _ask(turn, Dialogue("enter"))


def _ask(turn: Turn, dialogue: Dialogue, *before: str) -> None:
    rule = _callback(turn)
    match dialogue.step:
        case "confirm":
            number = turn.rules.outside.digits(turn.call.customer_ref)
            may_change = rule is not None and rule.may_change_number
            prompts = (CONFIRM, *_spoken(turn, number), CONFIRM_KEYS if may_change else CONFIRM_YES_ONLY)
        case "repeat":
            prompts = (CONFIRM, *_spoken(turn, dialogue.digits), REPEAT_KEYS)
        case _:
            prompts = (ENTER,)
    turn.do(StopTimer("dialogue"))
    turn.say(turn.call.customer_leg, (*before, *prompts), "dialogue")
    turn.live = replace(turn.live, dialogue=dialogue)


def _answer(turn: Turn, dialogue: Dialogue, pressed: str) -> None:
    rule = _callback(turn) or CallbackRule()
    if pressed == BACK:
        _wait_on(turn)
        return
    match dialogue.step, pressed:
        case "confirm", "1":
            _agree(turn, turn.call.customer_ref)
        case "confirm", "2" if rule.may_change_number:
            _ask(turn, Dialogue("enter"))
        case "enter", "#":
            _entered(turn, dialogue)
        case "enter", digit if digit.isdecimal() and len(dialogue.digits) < MOST_DIGITS:
            turn.stop_saying()
            turn.live = replace(turn.live, dialogue=replace(dialogue, digits=dialogue.digits + digit))
            turn.do(StartTimer("dialogue", ANSWER_S))
        case "repeat", "1":
            _agree(turn, turn.rules.outside.keep(dialogue.digits))
        case "repeat", "2":
            _ask(turn, Dialogue("enter", tries=dialogue.tries))
        case _:
            pass


def _entered(turn: Turn, dialogue: Dialogue) -> None:
    ref = turn.rules.outside.keep(dialogue.digits)
    if ref is not None and turn.rules.outside.problem(ref) is None:
        _ask(turn, replace(dialogue, step="repeat"))
    else:
        _refuse(turn, dialogue.tries + 1)


def _refuse(turn: Turn, tries: int) -> None:
    if tries >= TRIES:
        _wait_on(turn)
    else:
        _ask(turn, Dialogue("enter", tries=tries), BAD_NUMBER)


def _agree(turn: Turn, number_ref: str | None) -> None:
    """The place stays, the caller may hang up."""
    rule = _callback(turn)
    if rule is None or number_ref is None or turn.rules.outside.problem(number_ref) is not None:
        _refuse(turn, (turn.live.dialogue.tries if turn.live.dialogue else 0) + 1)
        return
    turn.do(StopTimer("dialogue"))
    turn.live = replace(turn.live, dialogue=None)
    promise(turn, number_ref, asked_by="caller")


def promise(turn: Turn, number_ref: str, *, asked_by: str) -> None:
    """A waiting caller is called back: it leaves the line, and the contact waits on at its place."""
    call = turn.call
    queue, place_at, priority = call.queue or 0, call.stay.since, call.priority
    turn.leave_queue(QueueEnd.CALLBACK)
    agree(turn, queue, number_ref, asked_by=asked_by, place_at=place_at, priority=priority)


def agree(
    turn: Turn,
    queue: int,
    number_ref: str,
    *,
    asked_by: str,
    place_at: datetime | None = None,
    priority: int = 0,
    by_agent: int | None = None,
    note_ref: str | None = None,
) -> None:
    """The customer hangs up, and the contact waits in line for it, at the place that it has or takes now."""
    leg, rule = turn.call.customer_leg, turn.rules.queue(queue)
    expires_after_s = ((rule.callback if rule is not None else None) or CallbackRule()).expires_after_s
    turn.record(
        CallbackAgreed(
            queue=queue,
            number_ref=number_ref,
            asked_by=asked_by,
            place_at=place_at or turn.now,
            expires_at=turn.now + timedelta(seconds=expires_after_s),
            priority=priority,
            skills=dict(rule.skills) if rule is not None else {},
            by_agent=by_agent,
            note_ref=note_ref,
        )
    )
    turn.say_last_words(leg, AGREED)
    turn.do(StartTimer("last_words", LAST_WORDS_S))
    deferred_line.wait(turn)


def agree_from_flow(turn: Turn, queue: int) -> None:
    """A flow promises to call back the number that calls."""
    number_ref = turn.call.customer_ref
    if turn.rules.queue(queue) is None:
        queue_turns.enter_queue(turn, queue, 0)  # it says that there is no such queue
    elif number_ref is None or turn.rules.outside.problem(number_ref) is not None:
        queue_turns.leave_line(turn, "no_number")
    else:
        agree(turn, queue, number_ref, asked_by="flow")


def _wait_on(turn: Turn) -> None:
    turn.do(StopTimer("dialogue"))
    turn.stop_saying()
    turn.live = replace(turn.live, dialogue=None)
    queue_turns.wait_on(turn)


def _callback(turn: Turn) -> CallbackRule | None:
    """Return the queue's rule, once the caller has waited long enough to be offered a callback."""
    call = turn.call
    rule = turn.rules.queue(call.queue) if call.queue is not None else None
    callback = rule.callback if rule is not None else None
    if callback is None or not callback.is_offered or call.colleague is not None or call.queued_at is None:
        return None
    has_waited = (turn.now - call.queued_at).total_seconds() >= callback.after_s
    return callback if has_waited else None


def _may_leave_message(turn: Turn) -> bool:
    call = turn.call
    rule = turn.rules.queue(call.queue) if call.queue is not None else None
    return (rule is not None and rule.voicemail is not None and rule.voicemail.is_offered) and call.colleague is None


def _spoken(turn: Turn, digits: str) -> tuple[str, ...]:
    return speak_telephone(digits, turn.rules.context.language)
