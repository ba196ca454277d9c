"""A call that waits for an agent: the line, the spoken wait, the offer, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhiyin.domain.agents import (
    REASON_DEVICE_FAILED,
    REASON_REJECTED,
    REASON_RING_NO_ANSWER,
    AgentState,
)
from zhiyin.domain.announcements import wait_prompts
from zhiyin.domain.calls import deferred_line, deferred_turns, flow_turns, line_choices, overflow_turns
from zhiyin.domain.calls.effects import (
    AgentMissed,
    AgentNow,
    FreeAgent,
    GivePlace,
    JoinLine,
    LeaveLine,
    RejoinLine,
    RingAgent,
    RingUnanswered,
    StartTimer,
    Unreserve,
)
from zhiyin.domain.calls.inputs import NOT_ASKED, AgentsFound, Chosen
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.flows.step import MAX_HOPS
from zhiyin.domain.flows.steps import LineLeft
from zhiyin.domain.interactions import (
    Direction,
    EndedBy,
    LegId,
    Offered,
    OfferEnd,
    OpenOffer,
    Phase,
    QueueEnd,
    QueueEntered,
    TransferFailed,
    WaitEstimated,
)
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.classes import NOBODY_KNOWN, choose_class, choose_preferred
from zhiyin.domain.routing.queues import QueueRule
from zhiyin.domain.routing.trials import Arm

#: Where a customer stands who was already served and must wait again: before all newcomers.
RETURN_PRIORITY = 10
#: How long a transfer to one agent may wait for that agent's answer to come about.
TRANSFER_FAILED_PROMPT = "transfer_failed"
DEFAULT_OFFER_S = 20
#: The nodes of a flow that a line gives a contact back to.
_LINES = frozenset({"queue", "voicemail", "callback", "booking", "transfer"})
#: So many lines may give a contact back in one instant: a flow that leads from one closed line to the next, and back.
MOST_LINES_LEFT = MAX_HOPS
#: Who is answered within this time is told no place in line and hears no snatch of music: just a breath's pause.
GREET_AFTER_S = 0.8


def enter_queue(
    turn: Turn,
    queue: int,
    priority: int,
    *,
    class_code: str = "",
    since: datetime | None = None,
) -> None:
    """Join a queue's line; where it is closed or nobody is signed in, the flow goes on by "closed".

    What the queue's overflow chain says to that comes first. ``class_code``: the contact's class from here on; "": the
    one that it has, or gets by the company's rules. ``since``: when the contact began to wait elsewhere. Who was to be
    called back and calls by itself is given the place that was kept.
    """
    rule = turn.rules.queue(queue)
    if rule is None:
        turn.say_last_words(turn.call.customer_leg, flow_turns.FAULT_PROMPT)
        turn.end(EndedBy.SYSTEM, "unknown_queue")
        return
    call, trial = turn.call, turn.rules.trial
    arm = trial.arm_of(call.id, queue) if trial is not None else None
    preference = rule.preference
    if trial is not None and arm is Arm.DRAFT:
        preference = trial.preferences.get(queue, preference)
    preferred = choose_preferred(preference, call.caller or NOBODY_KNOWN, members=rule.members, now=turn.now)
    may_have_place = turn.rules.is_staffed(queue) and since is None and turn.call.direction is Direction.INBOUND
    kept = turn.rules.kept_place(queue) if may_have_place else None
    if kept is not None:
        since, priority = kept.place_at, max(priority, kept.priority)
        turn.do(GivePlace(kept.interaction))
    turn.record(
        QueueEntered(
            queue,
            priority,
            dict(rule.skills),
            class_code=class_of(turn, class_code),
            preferred=preferred,
            preferred_for_s=float(preference.wait_s) if preferred else 0.0,
            waits_for_away=bool(preferred) and preference.waits_for_away,
            since=since,
            trial=trial.id if trial is not None and arm is not None else None,
            arm=arm.value if arm is not None else "",
        )
    )
    if not overflow_turns.follow_chain(turn):
        return
    if not overflow_turns.is_open(turn, rule) or not is_staffed(turn):
        close_line(turn)
        return
    turn.do(place_in_line(turn), StartTimer("max_wait", rule.max_wait_s))
    if turn.live.says != "wait":  # a prompt of the chain is heard first
        turn.do(StartTimer("announce", GREET_AFTER_S))


def is_staffed(turn: Turn) -> bool:
    """Return whether anybody whom the contact asks is signed in."""
    asked = (turn.call.queue, *turn.call.stay.added)
    return any(turn.rules.is_staffed(queue) for queue in asked if queue is not None)


def class_of(turn: Turn, class_code: str) -> str:
    """Return the contact's class; one that the company has no more counts for nothing."""
    call, rules = turn.call, turn.rules.classes
    given = class_code or call.class_code
    if any(rule.code == given for rule in rules):
        return given
    known = call.caller or NOBODY_KNOWN
    return choose_class(rules, is_vip=call.vip, customer_classes=known.customer_classes, entry=call.entry)


def place_in_line(turn: Turn) -> JoinLine:
    """Return the place of the contact in the line of its queue."""
    call = turn.call
    if call.lacks_customer:
        return deferred_line.place_in_line(turn)
    return JoinLine(
        call.queue,
        call.priority,
        dict(call.skills),
        asked=asked_by(turn),
        is_customer=call.colleague is None,
        refused_by=call.refused_by,
        class_code=call.class_code,
        preferred=call.preferred,
        preferred_for_s=call.preferred_for_s,
        waits_for_away=call.waits_for_away,
        also=call.stay.added,
        since=call.stay.since,
        trial=call.trial,
        arm=call.arm,
    )


def asked_by(turn: Turn) -> frozenset[int]:
    """Return whose telephones ring for the contact."""
    return frozenset(offer.agent for offer in turn.call.offers)


def announce(turn: Turn) -> None:
    """Say how many are before the caller, how long it may take, and what may be done instead; music follows."""
    rule = turn.rules.queue(turn.call.queue) if turn.call.queue is not None else None
    prompts = (*_wait_prompts(turn, rule), *line_choices.offers(turn)) if rule is not None else ()
    if prompts:
        turn.say(turn.call.customer_leg, prompts, "wait")
    else:
        wait_on(turn)
    turn.live = replace(turn.live, is_announced=True)


def _wait_prompts(turn: Turn, rule: QueueRule) -> tuple[str, ...]:
    """Return what is to be said; a wait that is promised is recorded, and judged when somebody answers.

    Whom an agent's telephone is ringing for is promised nothing any more.
    """
    outlook = turn.rules.outlook(rule.id)
    estimate = outlook.estimate if turn.call.phase is Phase.WAITING else None
    if estimate is not None:
        turn.record(
            WaitEstimated(
                queue=rule.id,
                before=estimate.before,
                p50_s=estimate.p50_s,
                p90_s=estimate.p90_s,
                agents=estimate.agents,
                plain_p50_s=estimate.plain_p50_s,
                plain_p90_s=estimate.plain_p90_s,
            )
        )
    return wait_prompts(
        outlook.before if rule.announces_place else None,
        is_first=not turn.live.is_announced,
        wait_s=(estimate.p50_s, estimate.p90_s) if estimate is not None and rule.announces_wait else None,
    )


def wait_on(turn: Turn) -> None:
    """Music until the next announcement."""
    turn.play_music()
    rule = turn.rules.queue(turn.call.queue) if turn.call.queue is not None else None
    if rule is not None and turn.call.queued_at is not None:
        turn.do(StartTimer("announce", rule.announce_every_s))


def close_line(turn: Turn) -> None:
    """Closed, or nobody is signed in: leave by the flow's exit; a customer returned by a transfer gets an apology."""
    turn.leave_queue(QueueEnd.OVERFLOWED)
    leave_line(turn, "closed")


def nobody_left(turn: Turn) -> None:
    """The last agent of the queue signed out: its chain may know somebody else; else the line is closed."""
    if overflow_turns.follow_chain(turn) and not is_staffed(turn):
        close_line(turn)


def refresh_max_wait(turn: Turn) -> None:
    """The longest wait is over while an agent is being rung, or the caller arranges a callback: decide after that."""
    turn.do(StartTimer("max_wait", DEFAULT_OFFER_S))


def overflow(turn: Turn) -> None:
    """The longest wait is over."""
    turn.leave_queue(QueueEnd.OVERFLOWED)
    leave_line(turn, "overflow")


def leave_line(turn: Turn, exit_: str, *, last_words: str = "all_busy", reason: str = "no_agents") -> None:
    """Go on in the flow by this exit of the node at which the call stands; where there is none, say so and end."""
    turn.be_quiet()
    turn.lines_left += 1
    if turn.lines_left > MOST_LINES_LEFT:
        flow_turns.fail(turn)
        return
    flow = turn.rules.flow
    stands_at = flow.kinds.get(turn.call.node) if flow is not None and turn.call.node is not None else None
    if flow is not None and stands_at in _LINES and exit_ in flow.nodes[turn.call.node or ""].exits:
        flow_turns.advance(turn, LineLeft(exit_))
        return
    turn.say_last_words(turn.call.customer_leg, last_words)
    turn.end(EndedBy.SYSTEM, reason)


def offer(turn: Turn, event: AgentsFound) -> None:
    """Ring the agents that the desk reserved; a call that no longer waits gives them back."""
    event = newly_found(turn, event)
    if not event.chosen:
        return
    transfer = turn.call.transfer
    is_personal = turn.call.phase is Phase.TRANSFERRING and transfer is not None and transfer.kind == "agent"
    rings_on = turn.call.phase is Phase.OFFERED and event.joins
    if turn.call.phase is not Phase.WAITING and not is_personal and not rings_on:
        give_back(turn, event)
        return
    if turn.call.lacks_customer and not rings_on:
        deferred_turns.found(turn, event)
        return
    ring_agents(turn, event.chosen, queue=turn.call.queue)


def newly_found(turn: Turn, event: AgentsFound) -> AgentsFound:
    """Leave out whom the desk has let go since, and who is rung or talks already.

    A contact that joined anew is looked for anew: the answers to both may come, and the second must take nobody away.
    """
    call = turn.call
    there = {offer.agent for offer in call.offers} | {call.segment.agent if call.segment is not None else None}
    there.add(call.consult.agent if call.consult is not None else None)
    chosen = (one for one in event.chosen if turn.rules.is_found(one.agent) and one.agent not in there)
    return replace(event, chosen=tuple(chosen))


def give_back(turn: Turn, event: AgentsFound) -> None:
    """The agents who were found are not needed."""
    turn.do(*(Unreserve(one.agent) for one in event.chosen))


def ring_agents(turn: Turn, chosen: tuple[Chosen, ...], *, queue: int | None, answers_itself: bool = False) -> None:
    """Offer the contact to these agents, for as long as the queue's rule says; the first who answers has it.

    ``answers_itself``: the agent asked for it, and its browser does not ask again.
    """
    rule = turn.rules.queue(queue) if queue is not None else None
    timeout_s = rule.offer_timeout_s if rule else DEFAULT_OFFER_S
    expires_at = turn.now + timedelta(seconds=timeout_s)
    for one in chosen:
        leg = turn.next_leg()
        turn.know_leg(leg)
        turn.record(Offered(f"{leg}-o", one.agent, leg, expires_at, one.why))
        turn.do(
            AgentNow(one.agent, AgentState.ALERTING),
            RingAgent(leg, one.agent, timeout_s + 5, offer=None if answers_itself else f"{leg}-o"),
        )
    turn.time_offers()


def ring_on(turn: Turn, legs: frozenset[LegId]) -> float | None:
    """After a take-over: whose telephone rings still is asked on, whose does not is free.

    Return after which time nobody is asked any more; None: nobody is now.
    """
    for offered in turn.call.offers:
        if offered.leg not in legs:
            turn.end_offer(offered, OfferEnd.WITHDRAWN)
            turn.do(FreeAgent(offered.agent, 0))
    turn.time_offers(at_least_s=1.0)
    ends = [(offered.expires_at - turn.now).total_seconds() for offered in turn.call.offers]
    return max(1.0, *ends) if ends else None


def answered(turn: Turn, leg: LegId) -> None:
    """The agent took the offer."""
    if turn.call.lacks_customer:
        deferred_turns.accepted(turn, leg)
        return
    agent = turn.take_offer(leg)
    turn.leave_queue(QueueEnd.ANSWERED)
    turn.start_segment(agent, leg)


def refuse(turn: Turn, refused: OpenOffer, outcome: OfferEnd, cause: str | None = None) -> None:
    """The offer came to nothing by the agent's side: the agent is taken out, the caller keeps the place."""
    _wait_again(turn, refused, missed(turn, refused.agent, outcome), outcome, cause)


def missed(turn: Turn, agent: int, outcome: OfferEnd) -> AgentMissed:
    """Say why an agent whose offer ended so did not take it, and what follows where it let the offer ring out."""
    if outcome is OfferEnd.NO_ANSWER:
        return AgentMissed(agent, REASON_RING_NO_ANSWER, turn.missed_rule())
    return AgentMissed(agent, REASON_REJECTED if outcome is OfferEnd.REJECTED else REASON_DEVICE_FAILED)


def withdraw(turn: Turn, withdrawn: OpenOffer, *, was_asked: bool = True) -> None:
    """The agent's page vanished while it rang, or Asterisk was not really asked to ring it: nobody let it ring.

    So the agent may be offered it again.
    """
    agent = withdrawn.agent
    then = FreeAgent(agent, 0) if was_asked else RingUnanswered(agent)
    _wait_again(turn, withdrawn, then, OfferEnd.WITHDRAWN, "unreachable" if was_asked else NOT_ASKED)


def _wait_again(
    turn: Turn,
    ended: OpenOffer,
    then: AgentMissed | FreeAgent | RingUnanswered,
    outcome: OfferEnd,
    cause: str | None,
) -> None:
    """The offer is over, the agent becomes what ``then`` says, and the caller keeps the place."""
    transfer = turn.call.transfer
    turn.end_offer(ended, outcome, cause)
    turn.do(then)
    if transfer is not None:
        turn.record(TransferFailed(transfer.kind, outcome.value))
        turn.do(LeaveLine())
        fall_back(turn)
        return
    turn.do(RejoinLine(turn.call.refused_by, ended.agent))


def why_not(turn: Turn, kind: str, target: int | None) -> str | None:
    """Return why a contact cannot be handed to this agent or queue now, or None. A number was checked before."""
    match kind:
        case "agent" if target is None or not turn.rules.is_ready(target):
            return "agent_not_ready"
        case "queue" if target is None or turn.rules.queue(target) is None:
            return "unknown_queue"
        case "queue" if target is not None and not turn.rules.is_staffed(target):
            return "queue_unstaffed"
        case _:
            return None


def fall_back(turn: Turn) -> None:
    """A transfer failed or an agent was lost: wait at the front of the last queue, or hear an apology."""
    queue = turn.call.last_queue
    if queue is not None and turn.rules.queue(queue) is not None and turn.rules.is_staffed(queue):
        enter_queue(turn, queue, RETURN_PRIORITY)
        return
    turn.say_last_words(turn.call.customer_leg, TRANSFER_FAILED_PROMPT)
    turn.end(EndedBy.SYSTEM, "transfer_failed")
