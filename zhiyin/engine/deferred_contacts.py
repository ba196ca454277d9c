"""Contacts that go on without their caller: what their decisions look up, and what is asked of them from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts import commands as c
from zhiyin.contracts.attached_data import attached_data, is_fit, to_value
from zhiyin.contracts.numbers import BadNumber, dial_string, normalise_number
from zhiyin.domain.booking_reminders import words_of
from zhiyin.domain.calls import inputs
from zhiyin.domain.calls.rules import KeptPlace, Outside
from zhiyin.domain.calls.talk_turns import MAX_DATA_CHANGES
from zhiyin.domain.dialing.lists import why_not_called
from zhiyin.domain.flows.steps import OutgoingMessage
from zhiyin.domain.interactions import CallbackEnd, Direction, Phase
from zhiyin.engine import handovers, outbound
from zhiyin.engine.outbound import DialRefused
from zhiyin.engine.refusals import Refused

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: Of what one customer says in its flow so many utterances are kept, of so many signs each.
MOST_UTTERANCES, MOST_UTTERANCE_SIGNS = 100, 500

Wish = c.CallBack | c.CallLater | c.ToVoicemail
Order = c.RequestCallback | c.CancelCallback | c.ReassignCallback

#: In these a deferred contact has nobody on any line.
_RESTING = (Phase.WAITING, Phase.POSTPONED)


def rests(session: InteractionSession) -> bool:
    """Return whether the contact waits, and nobody hears anything of it."""
    return session.call.lacks_customer and session.call.phase in _RESTING and not session.live.legs


# --- what a decision looks up -----------------------------------------------------------------------------------------


def outside_of(board: Switchboard, session: InteractionSession) -> Outside:
    tenant = session.tenant
    return Outside(
        keep=lambda digits: _keep(session, digits),
        keep_values=lambda values: _keep_values(board, session, values),
        keep_message=lambda message: _keep_message(board, session, message),
        keep_reminder=lambda: _keep_reminder(board, session),
        keep_words=lambda words: _keep_words(session, words),
        digits=lambda ref: _digits(session, ref),
        problem=lambda ref: _problem(board, session, session.personal.get(ref, "")),
        trunks=lambda: _trunks(tenant),
    )


def messages_in(board: Switchboard, tenant: Tenant, queue: int) -> int:
    """Return how many messages wait in the queue, or are being left for it."""
    calls = (session.call for session in board.sessions.values() if session.tenant is tenant)
    return sum(call.message is not None and call.message.queue == queue and call.segment is None for call in calls)


def kept_place(board: Switchboard, session: InteractionSession, queue: int) -> KeptPlace | None:
    """Return the place that is kept in the queue for who calls now, by the number."""
    number = session.personal.get(session.call.customer_ref or "", "")
    if not number:
        return None
    for other in board.sessions.values():
        callback = other.call.callback
        if callback is None or callback.queue != queue or other is session or other.tenant is not session.tenant:
            continue
        is_waiting = other.call.lacks_customer and other.call.phase in _RESTING
        if is_waiting and other.personal.get(callback.number_ref) == number:
            return KeptPlace(other.id, callback.place_at, callback.priority)
    return None


def give_place(board: Switchboard, session: InteractionSession, interaction: str) -> None:
    """The customer came back by itself and has taken the place of this callback."""
    other = board.sessions.get(interaction)
    if other is not None and other.tenant is session.tenant:
        other.post(inputs.CancelAsked(None, CallbackEnd.CALLED_AGAIN))


def _keep(session: InteractionSession, digits: str) -> str | None:
    try:
        number = normalise_number(digits, session.tenant.company.settings.region)
    except BadNumber:
        return None
    return session.know(f"{session.id}-cb-{session.call.legs}-{len(session.personal)}", number)


def _keep_values(board: Switchboard, session: InteractionSession, values: Mapping[str, str]) -> str | None:
    refs = session.call.data_refs
    if len(refs) >= MAX_DATA_CHANGES or not is_fit(values, attached_data(refs, session.personal)):
        log.info("values_not_kept", interaction=session.id, names=sorted(values))
        return None
    return session.know(board.new_id(), to_value(values), kind="data")


def _keep_message(board: Switchboard, session: InteractionSession, message: OutgoingMessage) -> str:
    words = {"to": message.to, "subject": message.subject, "text": message.text}
    return session.know(board.new_id(), to_value(words), kind="message")


def _keep_reminder(board: Switchboard, session: InteractionSession) -> tuple[int, str] | None:
    """Keep what the customer is written; to whom a mail goes, who sends it finds out by the number."""
    callback, company = session.call.callback, session.tenant.company
    rule = company.queues.get(callback.queue) if callback is not None else None
    reminder = rule.callback.reminder if rule is not None and rule.callback is not None else None
    number = session.personal.get(callback.number_ref, "") if callback is not None else ""
    if callback is None or rule is None or reminder is None or callback.due_at is None or not number:
        return None
    language = session.call.language or company.settings.language
    queue = company.queue_settings[callback.queue]
    subject, text = words_of(
        reminder,
        callback.due_at,
        company.zone if rule.hours is None else company.zone_of(rule.hours),
        language=language,
        company=(company.settings.name, company.settings.code),
        queue=queue.name if language == "zh" else queue.name_en or queue.name,
    )
    return reminder.service, _keep_message(board, session, OutgoingMessage(reminder.service, number, subject, text))


def _keep_words(session: InteractionSession, words: str) -> str | None:
    """Keep what the customer said; of who talks without end no more than so much."""
    kept = sum(ref.startswith(f"{session.id}-w") for ref in session.personal)
    if kept >= MOST_UTTERANCES:
        return None
    return session.know(f"{session.id}-w{kept + 1}", words[:MOST_UTTERANCE_SIGNS], kind="words")


def _digits(session: InteractionSession, ref: str | None) -> str:
    number = session.personal.get(ref or "", "")
    return dial_string(number, session.tenant.company.settings.region) if number else ""


def number_problem(tenant: Tenant, number: str, now: datetime) -> str | None:
    """Return why the number is not to be called at all: policy, lists."""
    try:
        if tenant.company.inside(number) is not None:
            return "colleague"
        outbound.check_destination(tenant, number)
    except DialRefused as refused:
        return refused.code
    is_listed = why_not_called(tenant.company.lists_of(number, now)) is not None
    return "number_listed" if is_listed else None


def _problem(board: Switchboard, session: InteractionSession, number: str) -> str | None:
    """Return why a callback to the number would be refused now: policy, lists, caps, ways out."""
    problem = number_problem(session.tenant, number, board.clock.now())
    if problem is not None:
        return problem
    try:
        outbound.check_caps(session.tenant, number, board.clock.now())
        outbound.check_capacity(board, session.tenant)
        outbound.choose_trunks(session.tenant)
    except DialRefused as refused:
        return refused.code
    return None


def _trunks(tenant: Tenant) -> tuple[int, ...]:
    try:
        return tuple(trunk.id for trunk in outbound.choose_trunks(tenant))
    except DialRefused:
        return ()


# --- what is asked from outside ---------------------------------------------------------------------------------------


def wish_of(board: Switchboard, command: Wish, session: InteractionSession) -> inputs.Input:
    """Return what the agent wants of the contact. Raises ``Refused`` where the note is too long."""
    match command:
        case c.CallBack(agent=agent):
            return inputs.CallBackAsked(agent)
        case c.CallLater(agent=agent, note=note):
            return inputs.CallLaterAsked(agent, handovers.keep_note(board, session, note))
        case c.ToVoicemail(agent=agent, queue=queue, note=note):
            return inputs.MessageAsked(agent, queue, handovers.keep_note(board, session, note))


async def order(board: Switchboard, tenant: Tenant, command: Order) -> object:
    """Meet what Django asks of deferred contacts. Raises ``Refused``."""
    if isinstance(command, c.RequestCallback):
        return {"interaction": await _request(board, tenant, command)}
    session = board.sessions.get(command.interaction)
    if session is None or session.tenant is not tenant:
        raise Refused("call_ended")
    asked: inputs.Input
    if isinstance(command, c.CancelCallback):
        asked = inputs.CancelAsked(command.actor)
    else:
        asked = inputs.ReassignAsked(command.actor, command.queue, command.agent)
    problem = await session.ask(asked)
    if problem is not None:
        raise Refused(problem)
    return None


async def _request(board: Switchboard, tenant: Tenant, command: c.RequestCallback) -> str:
    """Begin the contact, unless the request has one already; its id is the request's."""
    if command.request in board.sessions:
        return command.request
    rule = tenant.company.queues.get(command.queue)
    if rule is None:
        raise Refused("unknown_queue")
    if command.agent is not None and command.agent not in rule.members:
        raise Refused("not_an_agent")
    try:
        number = normalise_number(command.number, tenant.company.settings.region)
    except BadNumber as error:
        raise Refused("bad_number") from error
    session = board.new_session(tenant, leg=None, direction=Direction.OUTBOUND, interaction=command.request)
    # what is busy or spent now says nothing of a time that is booked
    is_now = command.due_at is None
    problem = _problem(board, session, number) if is_now else number_problem(tenant, number, board.clock.now())
    if problem is None:
        ref = session.know(f"{session.id}-n", number)
        entry = tenant.company.settings.outbound.caller_number
        asked = inputs.CallbackAsked(
            command.queue, ref, command.asked_by, entry, command.agent, command.due_at, command.until
        )
        problem = await session.ask(asked)
    if problem is not None:
        board.forget_session(session)
        raise Refused(problem)
    return session.id
