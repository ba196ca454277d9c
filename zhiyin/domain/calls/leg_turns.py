"""A leg or telephone did something by itself: it answered, ended, was lost, came back. Whose is it, what follows?"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from zhiyin.domain.calls import (
    consult_party_turns,
    consult_return_turns,
    consult_turns,
    deferred_turns,
    internal_turns,
    line_turns,
    message_turns,
    outbound_turns,
    parking_turns,
    queue_turns,
    supervision_turns,
    survey_turns,
    talk_turns,
)
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import LegId, OfferEnd, OpenOffer, Phase

#: Ways a leg ends that mean the connection was lost, not that somebody hung up.
_LOST = frozenset({"unreachable", "lost"})
#: What began to ring within this time is let ring for as long.
_TOGETHER = timedelta(milliseconds=200)


class OfferTurns(Protocol):
    """What may become of an open offer."""

    def answered(self, turn: Turn, leg: LegId) -> None: ...
    def refuse(self, turn: Turn, refused: OpenOffer, outcome: OfferEnd, cause: str | None = None) -> None: ...
    def withdraw(self, turn: Turn, withdrawn: OpenOffer, *, was_asked: bool = True) -> None: ...


def answered(turn: Turn, leg: str) -> None:  # noqa: C901, PLR0912 - one arm a party
    call, consult = turn.call, turn.call.consult
    turn.know_leg(leg)
    monitor = supervision_turns.monitor_by_leg(call, leg)
    if monitor is not None:
        supervision_turns.answered(turn, monitor)
    elif call.offer_on(leg) is not None:
        _offer_turns(turn).answered(turn, leg)
    elif consult is not None and consult.dialling is not None and leg == consult.dialling.leg:
        consult_party_turns.party_answered(turn, leg)
    elif call.dialling is not None and leg == call.dialling.leg:
        match call.dialling.party:
            case "customer" if call.is_deferred:
                deferred_turns.reached(turn)
            case "customer":
                outbound_turns.customer_answered(turn)
            case "outside":
                talk_turns.outside_answered(turn, leg)
            case _ if call.parked is not None:
                parking_turns.fetched(turn, leg)
            case _ if consult is not None:
                consult_return_turns.agent_is_back(turn, leg)
            case _ if call.segment is not None:
                talk_turns.agent_is_back(turn, leg)
            case _ if call.colleague is not None:
                internal_turns.caller_answered(turn, leg)
            case _:
                outbound_turns.agent_answered(turn, leg)
    elif leg not in _legs_in_use(turn):
        turn.hang_up(leg)  # an answer that came too late, or second


def _legs_in_use(turn: Turn) -> tuple[str, ...]:
    call = turn.call
    return (
        call.customer_leg,
        call.segment.leg if call.segment else "",
        call.consult.leg if call.consult else "",
        (call.consult.line or "") if call.consult else "",
        call.outside_leg or "",
    )


def not_asked(turn: Turn, leg: str) -> None:
    offer = turn.call.offer_on(leg)
    if offer is None:
        ended(turn, leg, "unreachable")
        return
    turn.forget_leg(leg)
    _offer_turns(turn).withdraw(turn, offer, was_asked=False)


def ended(turn: Turn, leg: str, word: str) -> None:  # noqa: C901 - one arm a party
    call, consult = turn.call, turn.call.consult
    turn.forget_leg(leg)
    monitor = supervision_turns.monitor_by_leg(call, leg)
    if monitor is not None:
        supervision_turns.leg_ended(turn, monitor, word)
    elif call.rings_customer and call.dialling is not None and leg == call.dialling.leg:
        deferred_turns.missed(turn, word)
    elif call.phase is Phase.DIALLING:
        (outbound_turns if call.colleague is None else internal_turns).party_gone(turn, leg, word)
    elif leg == call.customer_leg:
        _customer_gone(turn, word)
    elif (offer := call.offer_on(leg)) is not None:
        outcome = {"no_answer": OfferEnd.NO_ANSWER, "refused": OfferEnd.REJECTED, "busy": OfferEnd.REJECTED}
        refuse(turn, offer, outcome.get(word, OfferEnd.FAILED), word)
    elif leg == call.outside_leg:
        talk_turns.outside_ended(turn, word)
    elif call.segment is not None and leg == call.segment.leg:
        (_lose_agent if word in _LOST else agent_left)(turn)
    elif consult is not None and leg == consult.line:
        line_turns.line_ended(turn)
    elif consult is not None and leg == consult.leg:
        consult_party_turns.party_left(turn, word, is_lost=word in _LOST)
    elif consult is not None and consult.dialling is not None and leg == consult.dialling.leg:
        consult_party_turns.dial_ended(turn, word)
    elif call.parked is not None and call.dialling is not None and leg == call.dialling.leg:
        parking_turns.not_fetched(turn, word)
    elif call.dialling is not None and leg == call.dialling.leg:
        talk_turns.agent_did_not_come_back(turn, leg, word)


def _customer_gone(turn: Turn, word: str) -> None:
    is_lost, colleague = word in _LOST, turn.call.colleague
    if turn.call.phase is Phase.MESSAGE:
        message_turns.finish(turn, hung_up=word if is_lost else "hangup")
    elif is_lost and colleague is not None:
        internal_turns.lose_colleague(turn, colleague, word)
    else:
        turn.end(turn.caller, word if is_lost else "hangup")


def telephone_lost(turn: Turn, agent: int) -> None:
    call = turn.call
    if call.segment is not None and call.segment.agent == agent:
        _lose_agent(turn)
    elif (offer := call.offer_to(agent)) is not None:
        _offer_turns(turn).withdraw(turn, offer)
    elif call.colleague == agent:
        internal_turns.lose_colleague(turn, agent, "lost")
    elif call.consult is not None and call.consult.agent == agent:
        consult_party_turns.party_left(turn, "lost", is_lost=True)


def telephone_back(turn: Turn, agent: int) -> None:
    call = turn.call
    if call.segment is not None and call.segment.agent == agent and call.lacks_customer:
        deferred_turns.agent_lost(turn)
    elif call.segment is not None and call.segment.agent == agent:
        if call.dialling is None:
            _lose_agent(turn)
        talk_turns.call_agent_back(turn)
    elif call.colleague == agent:
        internal_turns.call_colleague_back(turn, agent)
    elif call.consult is not None and call.consult.agent == agent:
        consult_return_turns.call_party_back(turn)


def _lose_agent(turn: Turn) -> None:
    if turn.call.lacks_customer:
        deferred_turns.agent_lost(turn)
        return
    (talk_turns.lose_agent if turn.call.consult is None else consult_return_turns.lose_agent)(turn)


def _offer_turns(turn: Turn) -> OfferTurns:
    """Return who knows what becomes of the open offer."""
    if turn.call.consult is not None:
        return consult_party_turns
    return internal_turns if turn.call.rings_colleague else queue_turns


def refuse(turn: Turn, refused: OpenOffer, outcome: OfferEnd, cause: str | None = None) -> None:
    _offer_turns(turn).refuse(turn, refused, outcome, cause)


def rang_long_enough(turn: Turn) -> None:
    """The time of the oldest offer, and of whatever began with it, is over: each agent let it ring for itself."""
    if not turn.call.offers:
        return
    until = min(offer.expires_at for offer in turn.call.offers) + _TOGETHER
    for offer in turn.call.offers:
        if offer.expires_at <= until and turn.call.offer_on(offer.leg) is not None:
            refuse(turn, offer, OfferEnd.NO_ANSWER)


def agent_left(turn: Turn) -> None:
    if turn.call.lacks_customer:
        deferred_turns.agent_left(turn)
    elif turn.call.consult is not None:
        consult_turns.agent_left(turn)
    else:
        survey_turns.agent_left(turn)


def held(turn: Turn, leg: LegId, *, is_held: bool) -> None:
    """The hold key of somebody's own telephone."""
    call = turn.call
    if call.consult is not None:
        line_turns.line_held(turn, leg, is_held=is_held)
    elif is_held and call.colleague is not None and leg == call.customer_leg:
        internal_turns.lead_and(turn, call.colleague, lambda: talk_turns.telephone_held(turn, leg, is_held=True))
        turn.problem = None
    else:
        talk_turns.telephone_held(turn, leg, is_held=is_held)
