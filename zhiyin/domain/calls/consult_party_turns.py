"""The second party of a consultation is sought and rung; it comes, does not come, or leaves."""

from __future__ import annotations

from zhiyin.domain.calls import consult_stages, queue_turns, talk_turns
from zhiyin.domain.calls.effects import (
    FreeAgent,
    JoinLine,
    LeaveLine,
    Part,
    RejoinLine,
    RingNumber,
    RingUnanswered,
    StartRingback,
    StartTimer,
    StopRingback,
    StopTimer,
)
from zhiyin.domain.calls.inputs import NOT_ASKED, AgentsFound
from zhiyin.domain.calls.turn import NUMBER_RING_S, Turn
from zhiyin.domain.interactions import (
    ConsultAnswered,
    Consultation,
    ConsultEnd,
    DialEnded,
    DialStarted,
    LegId,
    OfferEnd,
    OpenOffer,
)

#: How long an agent may wait for somebody of a queue; the customer hears music all the while.
CONSULT_WAIT_S = 60

_END_BY_OFFER = {OfferEnd.NO_ANSWER: ConsultEnd.NO_ANSWER, OfferEnd.REJECTED: ConsultEnd.REJECTED}
_END_BY_WORD = {"busy": ConsultEnd.REJECTED, "refused": ConsultEnd.REJECTED, "no_answer": ConsultEnd.NO_ANSWER}


def wait_for_party(turn: Turn) -> None:
    """Music for the customer, ringing for the agent, and an end to it."""
    segment = turn.call.segment
    turn.play_music_apart(turn.call.customer_leg)
    if segment is not None and segment.leg:
        turn.do(Part(segment.leg), StartRingback(consult_stages.line_of_agent(turn)))
    turn.do(StartTimer("consult", CONSULT_WAIT_S))


def seek(turn: Turn) -> None:
    consulted = turn.call.consult
    if consulted is None:
        return
    if consulted.kind == "number":
        _ring_number(turn, consulted.trunks[0] if consulted.trunks else 0)
    else:
        turn.do(place_in_line(turn, consulted))


def place_in_line(turn: Turn, consulted: Consultation) -> JoinLine:
    """Return the place in line: before all newcomers, for a customer is already on hold."""
    if consulted.kind == "agent":
        return JoinLine(None, only_agent=consulted.target, asked=queue_turns.asked_by(turn), is_customer=False)
    rule = turn.rules.queue(consulted.target) if consulted.target is not None else None
    return JoinLine(
        consulted.target,
        queue_turns.RETURN_PRIORITY,
        dict(rule.skills) if rule else {},
        asked=queue_turns.asked_by(turn),
        is_customer=False,
    )


def _ring_number(turn: Turn, trunk: int) -> None:
    consulted = turn.call.consult
    number_ref = (consulted.number_ref if consulted else None) or ""
    leg = turn.next_leg()
    turn.know_leg(leg)
    turn.record(DialStarted("consulted", leg, number_ref=number_ref, trunk=trunk))
    turn.do(RingNumber(leg, number_ref, trunk, NUMBER_RING_S))


def offer(turn: Turn, event: AgentsFound) -> None:
    """Ring the agents whom the desk reserved as second party."""
    event = queue_turns.newly_found(turn, event)
    if not event.chosen:
        return
    consulted = turn.call.consult
    if consulted is None or consulted.is_answered or (turn.call.offers and not event.joins):
        queue_turns.give_back(turn, event)
        return
    queue_turns.ring_agents(turn, event.chosen, queue=consulted.target if consulted.kind == "queue" else None)


def answered(turn: Turn, leg: LegId) -> None:
    """The agent asked for took the offer."""
    agent = turn.take_offer(leg)
    turn.do(LeaveLine())
    _party_is_here(turn, leg, agent)


def party_answered(turn: Turn, leg: LegId) -> None:
    """The number answered; or a consulted agent's telephone, that was away, is back."""
    turn.record(DialEnded("consulted", leg, answered=True))
    _party_is_here(turn, leg, turn.call.consult.agent if turn.call.consult else None)


def _party_is_here(turn: Turn, leg: LegId, agent: int | None) -> None:
    turn.record(ConsultAnswered(leg, agent))
    turn.do(StopTimer("consult"))
    if consult_stages.line_of_agent(turn):
        turn.do(StopRingback(consult_stages.line_of_agent(turn)))
    consult_stages.connect(turn)


def refuse(turn: Turn, refused: OpenOffer, outcome: OfferEnd, cause: str | None = None) -> None:
    """The agent asked for did not take it: of a queue the next one is asked, else the consulting is over."""
    turn.end_offer(refused, outcome, cause)
    turn.do(queue_turns.missed(turn, refused.agent, outcome))
    _seek_on(turn, refused.agent, _END_BY_OFFER.get(outcome, ConsultEnd.FAILED), cause)


def withdraw(turn: Turn, withdrawn: OpenOffer, *, was_asked: bool = True) -> None:
    """The page of the agent asked for vanished while it rang, or Asterisk was not really asked to ring it."""
    turn.end_offer(withdrawn, OfferEnd.WITHDRAWN, "unreachable" if was_asked else NOT_ASKED)
    turn.do(FreeAgent(withdrawn.agent, 0) if was_asked else RingUnanswered(withdrawn.agent))
    _seek_on(turn, withdrawn.agent, ConsultEnd.FAILED, "unreachable")


def _seek_on(turn: Turn, agent: int, outcome: ConsultEnd, cause: str | None) -> None:
    consulted = turn.call.consult
    if consulted is not None and consulted.kind == "queue":
        turn.do(RejoinLine(turn.call.refused_by, agent))
    else:
        consult_stages.let_go(turn, outcome, cause)


def waited_long(turn: Turn) -> None:
    """Nobody of the queue became free; an offer that rings now is awaited."""
    consulted = turn.call.consult
    if consulted is None or consulted.is_answered:
        return
    if turn.call.offer is not None or consulted.dialling is not None:
        turn.do(StartTimer("consult", queue_turns.DEFAULT_OFFER_S))
    else:
        consult_stages.let_go(turn, ConsultEnd.NO_ANSWER)


def dial_ended(turn: Turn, word: str) -> None:
    """The number could not be reached by this trunk, or a consulted agent's telephone did not come back."""
    consulted = turn.call.consult
    if consulted is None or consulted.dialling is None:
        return
    dialling = consulted.dialling
    turn.record(DialEnded("consulted", dialling.leg, answered=False, cause=word))
    if consulted.is_answered:
        if not consult_stages.is_present(turn):
            consult_stages.let_go(turn, ConsultEnd.LOST, word)
        return
    trunk = talk_turns.next_trunk(consulted.trunks, dialling.trunk, word)
    if trunk is not None:
        _ring_number(turn, trunk)
    else:
        consult_stages.let_go(turn, _END_BY_WORD.get(word, ConsultEnd.FAILED), word)


def party_left(turn: Turn, word: str, *, is_lost: bool = False) -> None:
    """The second party's leg ended; while its telephone is being rung anew that means nothing."""
    if turn.call.consult is not None and turn.call.consult.dialling is None:
        consult_stages.let_go(turn, ConsultEnd.LOST if is_lost else ConsultEnd.PARTY_LEFT, word)
