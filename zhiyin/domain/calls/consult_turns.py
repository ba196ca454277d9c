"""A second party beside the customer: consulting, swapping, three parties, and handing over.

The customer's side is always told by the contact's phase (talking, or held with music); what a second party adds
stands in ``Interaction.consult``. After each change ``connect`` lets everybody hear what the stage says.
"""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import queue_turns, talk_turns
from zhiyin.domain.calls.effects import (
    AcceptTransfer,
    AgentMissed,
    AgentNow,
    Answer,
    FreeAgent,
    Join,
    JoinLine,
    LeaveLine,
    Part,
    RejoinLine,
    RingNumber,
    StartRingback,
    StartTimer,
    StopRingback,
    StopTimer,
    Unreserve,
)
from zhiyin.domain.calls.inputs import AgentFound, CompleteAsked, ConsultAsked
from zhiyin.domain.calls.turn import NUMBER_RING_S, Turn
from zhiyin.domain.interactions import (
    ConferenceStarted,
    ConsultAnswered,
    Consultation,
    ConsultEnd,
    ConsultEnded,
    ConsultStage,
    ConsultStarted,
    DialEnded,
    DialStarted,
    HoldEnded,
    HoldStarted,
    LegId,
    OfferEnd,
    Phase,
    SegmentEnd,
)

#: How long an agent may wait for somebody of a queue; the customer hears music all the while.
CONSULT_WAIT_S = 60

_END_BY_OFFER = {OfferEnd.NO_ANSWER: ConsultEnd.NO_ANSWER, OfferEnd.REJECTED: ConsultEnd.REJECTED}
_END_BY_WORD = {"busy": ConsultEnd.REJECTED, "refused": ConsultEnd.REJECTED, "no_answer": ConsultEnd.NO_ANSWER}


# --- the agent's wishes -----------------------------------------------------------------------------------------


def consult(turn: Turn, event: ConsultAsked) -> None:
    """Put the customer on hold and ring the second party; the agent hears ringing."""
    segment = turn.call.segment
    if not talk_turns.talks(turn, event.agent) or segment is None:
        return
    if turn.call.consult is not None:
        turn.problem = "already_consulting"
        return
    if segment.held_by == "telephone" and event.line is None:
        turn.problem = "held_on_telephone"
        return
    turn.problem = queue_turns.why_not(turn, event.kind, event.target) if segment.leg else "not_connected"
    if turn.problem is not None:
        return
    if turn.call.phase is Phase.TALKING:
        turn.record(HoldStarted(event.agent, by="consult"))
    turn.record(
        ConsultStarted(
            event.kind, event.agent, event.target, event.number_ref, event.trunks, event.note_ref, event.line
        )
    )
    if event.line is not None:
        turn.know_leg(event.line)
        turn.do(Answer(event.line))
    turn.do(AgentNow(event.agent, AgentState.CONSULTING))
    wait_for_party(turn)
    seek(turn)


def complete(turn: Turn, event: CompleteAsked) -> None:
    """转出: the customer goes to the second party, the agent into after-call work."""
    consulted = _asked_about(turn, event.agent, must_be_present=True)
    if consulted is None:
        return
    if event.telephone is not None:
        turn.do(AcceptTransfer(event.telephone))
    hand_over(turn, SegmentEnd.TRANSFERRED, event.note_ref or consulted.note_ref)


def confer(turn: Turn, agent: int) -> None:
    """三方通话."""
    consulted = _asked_about(turn, agent, must_be_present=True)
    if consulted is None or _is_by_its_keys(turn):
        return
    if consulted.stage is ConsultStage.JOINED:
        turn.problem = "already_joined"
        return
    turn.record(ConferenceStarted(agent))
    connect(turn)


def swap(turn: Turn, agent: int) -> None:
    """切换: from the second party to the customer, or (also out of a conference) back to the second party alone."""
    consulted = _asked_about(turn, agent, must_be_present=True)
    if consulted is None or _is_by_its_keys(turn):
        return
    if consulted.stage is ConsultStage.TALKING:
        turn.record(HoldEnded(agent))
    else:
        turn.record(HoldStarted(agent, by="consult"))
    connect(turn)


def end_consult(turn: Turn, agent: int) -> None:
    """取消咨询: the second party is let go, the customer is back with the agent."""
    if _asked_about(turn, agent, must_be_present=False) is None:
        return
    let_go(turn, ConsultEnd.CANCELLED)
    back_to_customer(turn)


def back_to_customer(turn: Turn) -> None:
    """Connect customer and agent again, unless the agent's telephone itself holds: then its key does."""
    segment = turn.call.segment
    if segment is None or turn.call.phase is not Phase.HELD or segment.held_by == "telephone":
        return
    turn.be_quiet()
    turn.record(HoldEnded(segment.agent))
    turn.do(AgentNow(segment.agent, AgentState.TALKING), Join((turn.call.customer_leg, segment.leg)))


def _is_by_its_keys(turn: Turn) -> bool:
    """Refuse what only the keys of the agent's telephone can do: its second party is on a call of its own there."""
    if turn.call.consult is None or turn.call.consult.line is None:
        return False
    turn.problem = "on_telephone"
    return True


def _line(turn: Turn) -> LegId:
    """Return by which leg the agent talks to the second party."""
    consulted, segment = turn.call.consult, turn.call.segment
    own = segment.leg if segment is not None else ""
    return (consulted.line if consulted is not None else None) or own


def _asked_about(turn: Turn, agent: int, *, must_be_present: bool) -> Consultation | None:
    """Return the consultation that this agent leads; otherwise the wish is refused."""
    segment = turn.call.segment
    if not talk_turns.talks(turn, agent) or segment is None:
        return None
    consulted = turn.call.consult
    if consulted is None:
        turn.problem = "not_consulting"
    elif not segment.leg:
        turn.problem = "not_connected"
    elif must_be_present and not is_present(turn):
        turn.problem = "not_answered"
    else:
        return consulted
    return None


# --- the second party comes -------------------------------------------------------------------------------------


def wait_for_party(turn: Turn) -> None:
    """Music for the customer, ringing for the agent, and an end to it."""
    segment = turn.call.segment
    turn.play_music_apart(turn.call.customer_leg)
    if segment is not None and segment.leg:
        turn.do(Part(segment.leg), StartRingback(_line(turn)))
    turn.do(StartTimer("consult", CONSULT_WAIT_S))


def seek(turn: Turn) -> None:
    consulted = turn.call.consult
    if consulted is None:
        return
    if consulted.kind == "number":
        _ring_number(turn, consulted.trunks[0] if consulted.trunks else 0)
    else:
        turn.do(line_of(turn, consulted, is_offered=False))


def line_of(turn: Turn, consulted: Consultation, *, is_offered: bool) -> JoinLine:
    """Return the place in line: before all newcomers, for a customer is already on hold."""
    if consulted.kind == "agent":
        return JoinLine(None, only_agent=consulted.target, is_offered=is_offered, is_consult=True)
    rule = turn.rules.queue(consulted.target) if consulted.target is not None else None
    return JoinLine(
        consulted.target,
        queue_turns.RETURN_PRIORITY,
        dict(rule.skills) if rule else {},
        is_offered=is_offered,
        is_consult=True,
    )


def _ring_number(turn: Turn, trunk: int) -> None:
    consulted = turn.call.consult
    number_ref = (consulted.number_ref if consulted else None) or ""
    leg = turn.next_leg()
    turn.know_leg(leg)
    turn.record(DialStarted("consulted", leg, number_ref=number_ref, trunk=trunk))
    turn.do(RingNumber(leg, number_ref, trunk, NUMBER_RING_S))


def offer(turn: Turn, event: AgentFound) -> None:
    """Ring the agent whom the desk reserved as second party."""
    consulted = turn.call.consult
    if consulted is None or consulted.is_answered or turn.call.offer is not None:
        turn.do(Unreserve(event.agent))
        return
    queue_turns.ring_agent_found(turn, event, queue=consulted.target if consulted.kind == "queue" else None)


def agent_answered(turn: Turn, leg: LegId) -> None:
    """The agent asked for took the offer."""
    agent = turn.call.offer.agent if turn.call.offer else None
    turn.end_offer(OfferEnd.ANSWERED)
    turn.do(LeaveLine())
    _party_is_here(turn, leg, agent)


def party_answered(turn: Turn, leg: LegId) -> None:
    """The number answered; or a consulted agent's telephone, that was away, is back."""
    turn.record(DialEnded("consulted", leg, answered=True))
    _party_is_here(turn, leg, turn.call.consult.agent if turn.call.consult else None)


def _party_is_here(turn: Turn, leg: LegId, agent: int | None) -> None:
    turn.record(ConsultAnswered(leg, agent))
    turn.do(StopTimer("consult"))
    if _line(turn):
        turn.do(StopRingback(_line(turn)))
    connect(turn)


# --- who hears whom ---------------------------------------------------------------------------------------------


def connect(turn: Turn) -> None:
    """Let each party hear what the stage says; whoever has nobody hears music, and is apart before others join."""
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None:
        return
    customer, agent, party = turn.call.customer_leg, segment.leg, consulted.leg
    match consulted.stage:
        case ConsultStage.TALKING:
            together, apart = [_line(turn), party], [customer]
        case ConsultStage.SWAPPED:
            together, apart = [customer, agent], [party]
        case _:
            together, apart = [customer, agent, party], []
    if consulted.line is not None and agent:
        turn.do(Part(agent if consulted.stage is ConsultStage.TALKING else consulted.line))
    together = [leg for leg in together if leg]
    if len(together) == 1:
        apart, together = [*apart, *together], []
    for leg in apart:
        turn.play_music_apart(leg)
    for leg in together:
        turn.stop_music(leg)
    if together:
        turn.do(Join(tuple(together)))
    if agent:
        state = AgentState.TALKING if consulted.hears_customer else AgentState.CONSULTING
        turn.do(AgentNow(segment.agent, state))
    if consulted.agent is not None:
        is_joined = consulted.stage is ConsultStage.JOINED
        turn.do(AgentNow(consulted.agent, AgentState.TALKING if is_joined else AgentState.CONSULTING))


def is_present(turn: Turn) -> bool:
    consulted = turn.call.consult
    return consulted is not None and consulted.is_answered and consulted.leg in turn.live.legs


# --- it comes to nothing, or to an end --------------------------------------------------------------------------


def refuse(turn: Turn, outcome: OfferEnd, cause: str | None = None) -> None:
    """The agent asked for did not take it: of a queue the next one is asked, else the consulting is over."""
    asked = turn.call.offer
    if asked is None:
        return
    turn.end_offer(outcome, cause)
    turn.do(AgentMissed(asked.agent, queue_turns.missed_reason(outcome)))
    _seek_on(turn, _END_BY_OFFER.get(outcome, ConsultEnd.FAILED), cause)


def withdraw(turn: Turn) -> None:
    """The page of the agent asked for vanished while it rang."""
    asked = turn.call.offer
    if asked is None:
        return
    turn.end_offer(OfferEnd.WITHDRAWN, "unreachable")
    turn.do(FreeAgent(asked.agent, 0))
    _seek_on(turn, ConsultEnd.FAILED, "unreachable")


def _seek_on(turn: Turn, outcome: ConsultEnd, cause: str | None) -> None:
    consulted = turn.call.consult
    if consulted is not None and consulted.kind == "queue":
        turn.do(RejoinLine(turn.call.refused_by))
    else:
        let_go(turn, outcome, cause)


def waited_long(turn: Turn) -> None:
    """Nobody of the queue became free; an offer that rings now is awaited."""
    consulted = turn.call.consult
    if consulted is None or consulted.is_answered:
        return
    if turn.call.offer is not None or consulted.dialling is not None:
        turn.do(StartTimer("consult", queue_turns.DEFAULT_OFFER_S))
    else:
        let_go(turn, ConsultEnd.NO_ANSWER)


def dial_ended(turn: Turn, word: str) -> None:
    """The number could not be reached by this trunk, or a consulted agent's telephone did not come back."""
    consulted = turn.call.consult
    if consulted is None or consulted.dialling is None:
        return
    dialling = consulted.dialling
    turn.record(DialEnded("consulted", dialling.leg, answered=False, cause=word))
    if consulted.is_answered:
        if not is_present(turn):
            let_go(turn, ConsultEnd.LOST, word)
        return
    trunk = talk_turns.next_trunk(consulted.trunks, dialling.trunk, word)
    if trunk is not None:
        _ring_number(turn, trunk)
    else:
        let_go(turn, _END_BY_WORD.get(word, ConsultEnd.FAILED), word)


def party_left(turn: Turn, word: str, *, is_lost: bool = False) -> None:
    """The second party's leg ended; while its telephone is being rung anew that means nothing."""
    if turn.call.consult is not None and turn.call.consult.dialling is None:
        let_go(turn, ConsultEnd.LOST if is_lost else ConsultEnd.PARTY_LEFT, word)


def let_go(turn: Turn, outcome: ConsultEnd, cause: str | None = None) -> None:
    """End the consulting, however far it came. A customer on hold stays there until the agent takes it back."""
    consulted, segment, asked = turn.call.consult, turn.call.segment, turn.call.offer
    if consulted is None:
        return
    if asked is not None:
        turn.end_offer(OfferEnd.WITHDRAWN)
        turn.do(FreeAgent(asked.agent, 0))
    _stop_dialling(turn)
    turn.hang_up(consulted.leg)
    turn.hang_up(consulted.line or "")
    turn.do(LeaveLine(), StopTimer("consult"))
    if consulted.agent is not None:
        turn.do(FreeAgent(consulted.agent, 0))
    turn.record(ConsultEnded(outcome, consulted.agent, cause))
    if segment is None:
        return
    if segment.leg and not consulted.is_answered and consulted.line is None:
        turn.do(StopRingback(segment.leg))
    if turn.call.phase is Phase.HELD:
        turn.play_music_apart(turn.call.customer_leg)
    else:
        turn.do(Join((turn.call.customer_leg, segment.leg)))
    if segment.leg:
        is_held = turn.call.phase is Phase.HELD
        turn.do(AgentNow(segment.agent, AgentState.HOLD if is_held else AgentState.TALKING))


def agent_left(turn: Turn) -> None:
    """The consulting agent hung up: as on every desk telephone this hands over, if the second party is there.

    While it still rings, the customer goes to the front of the last queue and is not lost.
    """
    consulted = turn.call.consult
    if consulted is not None and is_present(turn):
        hand_over(turn, SegmentEnd.TRANSFERRED, consulted.note_ref)
        return
    turn.end_segment(SegmentEnd.AGENT_LEFT)
    let_go(turn, ConsultEnd.CANCELLED)
    queue_turns.fall_back(turn)


def _stop_dialling(turn: Turn) -> None:
    dialling = turn.call.consult.dialling if turn.call.consult else None
    if dialling is not None:
        turn.record(DialEnded("consulted", dialling.leg, answered=False, cause="cancelled"))
        turn.hang_up(dialling.leg, "cancelled")


def hand_over(turn: Turn, outcome: SegmentEnd, note_ref: str | None) -> None:
    consulted, segment = turn.call.consult, turn.call.segment
    if consulted is None or segment is None:
        return
    _stop_dialling(turn)
    turn.be_quiet()
    turn.stop_music(consulted.leg)
    turn.end_segment(outcome)
    turn.hang_up(consulted.line or "")
    turn.record(ConsultEnded(ConsultEnd.COMPLETED, consulted.agent, note_ref=note_ref))
    if consulted.agent is not None:
        turn.start_segment(consulted.agent, consulted.leg)
    else:
        turn.do(StopTimer("agent_back"), Join((turn.call.customer_leg, consulted.leg)))
