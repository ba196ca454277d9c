"""A call in automatic service: what the flow's interpreter answers becomes events and effects."""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.domain.calls import (
    booking_turns,
    effects,
    forward_turns,
    line_choices,
    message_turns,
    queue_turns,
    recording_turns,
)
from zhiyin.domain.calls.effects import Answer, AskOutside, StartTimer, StopTimer
from zhiyin.domain.calls.inputs import Arrived, CallerHeard, CallerSpeaks, OutsideTold
from zhiyin.domain.calls.live import Asked
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.flows import step as flow_step
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.requests import FAILED, LATE, service_of
from zhiyin.domain.flows.step import (
    Chose,
    Consented,
    Fault,
    FlowAction,
    FlowExit,
    Kept,
    Moved,
    Rated,
    Sent,
    Spoken,
    StopSaying,
)
from zhiyin.domain.flows.steps import (
    AgreeBooking,
    AgreeCallback,
    Ask,
    DialOutside,
    EndCall,
    FlowInput,
    Heard,
    JoinQueue,
    LeaveMessage,
    Listen,
    Memory,
    OutgoingMessage,
    Say,
    Speaks,
    TimedOut,
    Told,
    Wait,
)
from zhiyin.domain.interactions import (
    ConsentAnswered,
    DataAttached,
    DigitsCollected,
    Direction,
    EndedBy,
    InteractionStarted,
    LanguageSet,
    MessageOrdered,
    NodeEntered,
    Phase,
    RequestEnded,
    SurveyAnswered,
    UtteranceHeard,
)
from zhiyin.domain.replacing import replace

#: Said when the flow itself is broken: a caller is never left in silence.
FAULT_PROMPT = "fault"
#: Why the contact of a blocked caller ended.
BLOCKED = "blocked"
#: Why a contact ended whose flow was broken.
FLOW_FAULT = "flow_fault"
#: Why a contact ended whose customer was asked how it was, after the agent had hung up.
SURVEYED = "surveyed"


def arrive(turn: Turn, event: Arrived) -> None:
    """A caller reached a number: answer and begin its flow. Who is blocked is refused before it is answered."""
    turn.know_leg(event.leg)
    turn.record(
        InteractionStarted(
            direction=Direction.INBOUND,
            channel="voice",
            customer_leg=event.leg,
            customer_ref=event.caller_ref,
            entry=event.entry,
            came_by=event.came_by,
            flow=event.flow,
            flow_version=event.flow_version,
            codec=event.codec,
            vip=event.is_vip,
            caller=event.caller,
            entry_rule=event.entry_rule,
            entry_trial=event.entry_trial,
        )
    )
    if event.is_blocked:
        turn.hang_up(event.leg, "refused")
        turn.end(EndedBy.SYSTEM, BLOCKED)
        return
    turn.do(Answer(event.leg))
    begin(turn)


def begin(turn: Turn) -> None:
    if turn.rules.flow is None:
        fail(turn)
        return
    memory, actions = flow_step.begin(turn.rules.flow, turn.rules.context)
    _carry_out(turn, memory, actions)


def enter_again(turn: Turn) -> None:
    """Enter the node at which the call stood when the old engine ended."""
    if turn.rules.flow is None:
        fail(turn)
        return
    node = turn.call.node or turn.rules.flow.start
    memory, actions = flow_step.enter(turn.rules.flow, node, turn.rules.context)
    _carry_out(turn, memory, actions)


def told(turn: Turn, event: OutsideTold) -> None:
    """What the flow had asked outside is answered. An answer that comes late, or twice, is not heard."""
    asked = turn.live.asked
    if turn.call.phase is not Phase.FLOW or asked is None or asked.id != event.ask:
        return
    turn.do(StopTimer("flow"))
    _end_request(turn, event.outcome, event.cause)
    advance(turn, Told(event.outcome, event.values))


def spoken(turn: Turn, event: CallerSpeaks | CallerHeard) -> None:
    """The customer speaks, or has spoken, where the flow listens. What an ear tells that was closed is not heard."""
    if turn.call.phase is not Phase.FLOW or turn.live.ear is None or turn.live.ear != event.ear:
        return
    if isinstance(event, CallerSpeaks):
        advance(turn, Speaks())
        return
    node = turn.live.memory.node if turn.live.memory is not None else turn.call.node or ""
    if event.cause:
        turn.record(RequestEnded(node, "recognition", FAILED, event.cause))
        turn.stop_listening()
    elif event.text:
        ref = turn.rules.outside.keep_words(event.text)
        if ref is not None:
            turn.record(UtteranceHeard(node, ref))
    advance(turn, Heard(event.text, is_failed=bool(event.cause)))


def advance(turn: Turn, event: FlowInput) -> None:
    """Tell the flow what happened."""
    if turn.rules.flow is None:
        fail(turn)
        return
    if turn.live.asked is not None and isinstance(event, TimedOut):
        _end_request(turn, LATE)
    memory = turn.live.memory or Memory(turn.call.node or turn.rules.flow.start)
    memory, actions = flow_step.step(turn.rules.flow, memory, event, turn.rules.context)
    _carry_out(turn, memory, actions)


def _carry_out(turn: Turn, memory: Memory, actions: tuple[FlowAction, ...]) -> None:
    turn.live = replace(turn.live, memory=memory)
    for action in actions:
        match action:
            case Moved():
                _enter(turn, action)
            case Kept() | Sent() | Chose() | Rated() | Spoken() | Consented():
                _write_down(turn, action)
            case Ask():
                _ask(turn, memory.node, action)
            case StopSaying():
                turn.stop_saying()
            case Say(prompts=prompts):
                turn.stop_listening()
                turn.do(StopTimer("flow"))
                turn.say(turn.call.customer_leg, prompts, "flow")
            case Listen():
                _listen(turn, action)
            case Wait(timeout_s=timeout_s):
                turn.do(StartTimer("flow", timeout_s))
            case _:
                _leave(turn, action)


def _enter(turn: Turn, moved: Moved) -> None:
    """Come to a node; a recording that a conversation before left running pauses where nobody may record, and goes on
    where the contact stands still next."""
    turn.stop_listening()
    turn.do(StopTimer("flow"))
    turn.record(NodeEntered(moved.node, moved.kind, moved.through))
    flow, kind = turn.rules.flow, KINDS.get(moved.kind)
    node = flow.nodes.get(moved.node) if flow is not None else None
    if kind is None or node is None:
        return
    if kind.is_private(node):
        recording_turns.end(turn, pauses=True)
    elif kind.stands_still(node) and node.exits:
        recording_turns.go_on(turn)


def _write_down(turn: Turn, action: Kept | Sent | Chose | Rated | Spoken | Consented) -> None:
    match action:
        case Kept(values=values):
            _keep(turn, values)
        case Sent(node=node, message=message):
            _order(turn, node, message)
        case Chose(node=node, exit=exit_, key=key):
            turn.record(DigitsCollected(node, exit_, key=key))
        case Rated(node=node, rating=rating):
            turn.record(SurveyAnswered(node, rating.question, rating.score, rating.most))
        case Spoken(node=node, language=language):
            turn.record(LanguageSet(node, language))
        case Consented(node=node, outcome=outcome):
            turn.record(ConsentAnswered(node, outcome))


def _keep(turn: Turn, values: Mapping[str, str]) -> None:
    """Values that are too many or too long stand in the flow's memory alone."""
    ref = turn.rules.outside.keep_values(values)
    if ref is not None:
        turn.record(DataAttached(ref, "flow"))


def _order(turn: Turn, node: str, message: OutgoingMessage) -> None:
    ref = turn.rules.outside.keep_message(message)
    if ref is not None:
        turn.record(MessageOrdered(node, message.service, ref))


def _ask(turn: Turn, node: str, action: Ask) -> None:
    asked = Asked(f"{turn.call.id}-a{turn.live.asks}", node, action.request.kind, service_of(action.request))
    turn.live = replace(turn.live, asks=turn.live.asks + 1, asked=asked)
    key = f"{turn.call.id}:{turn.call.flow}:{node}:{turn.call.answered.get(node, 0)}"
    turn.do(StartTimer("flow", action.timeout_s), AskOutside(asked.id, action.request, action.timeout_s, key))


def _listen(turn: Turn, action: Listen) -> None:
    """Open an ear, unless one is open, and say what is said meanwhile, or wait."""
    leg = turn.call.customer_leg
    if turn.live.ear is None:
        ear = f"{turn.call.id}-e{int(turn.now.timestamp() * 1000):x}-{turn.live.ears}"
        turn.live = replace(turn.live, ear=ear, ears=turn.live.ears + 1)
        turn.do(effects.Listen(ear, leg, action.language, action.phrases))
    if action.prompts:
        turn.do(StopTimer("flow"))
        turn.say(leg, action.prompts, "flow")
    else:
        turn.do(StartTimer("flow", action.timeout_s))


def _end_request(turn: Turn, outcome: str, cause: str = "") -> None:
    asked = turn.live.asked
    if asked is not None:
        turn.record(RequestEnded(asked.node, asked.kind, outcome, cause, asked.service))
        turn.live = replace(turn.live, asked=None)


def _leave(turn: Turn, action: FlowExit) -> None:
    """The flow hands the contact on, or ends it."""
    turn.stop_listening()
    match action:
        case JoinQueue(queue=queue, priority=priority, class_code=class_code):
            queue_turns.enter_queue(turn, queue, priority, class_code=class_code)
        case LeaveMessage(queue=queue):
            message_turns.begin(turn, queue)
        case DialOutside():
            forward_turns.begin(turn, action)
        case AgreeCallback(queue=queue):
            line_choices.agree_from_flow(turn, queue)
        case AgreeBooking():
            booking_turns.agree(turn, action)
        case EndCall() if turn.call.survey is not None:
            turn.end(EndedBy.AGENT, SURVEYED)
        case EndCall(reason=reason):
            turn.end(EndedBy.SYSTEM, reason)
        case Fault():
            fail(turn)


def fail(turn: Turn) -> None:
    """The flow is broken: the caller hears so, and the contact ends."""
    if turn.call.survey is not None:  # the service itself was done
        turn.end(EndedBy.AGENT, "hangup")
        return
    turn.say_last_words(turn.call.customer_leg, FAULT_PROMPT)
    turn.end(EndedBy.SYSTEM, FLOW_FAULT)
