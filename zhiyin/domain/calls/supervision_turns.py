"""A supervisor beside a conversation: listen, whisper, barge, take over, disconnect (监听 耳语 强插 拦截 强拆).

Supervision never disturbs the call: whatever becomes of the supervisor's telephone, agent and customer go on talking.
It belongs to one agent's part in the contact (the segment) and ends with it.
"""

from __future__ import annotations

from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import consult_stages, outbound_turns
from zhiyin.domain.calls.effects import AgentNow, Join, RemoveTap, RingAgent, Tap
from zhiyin.domain.calls.inputs import (
    DisconnectAsked,
    MonitorAsked,
    Resumed,
    StopMonitoringAsked,
    SupervisionWish,
    TakeOverAsked,
)
from zhiyin.domain.calls.turn import OWN_RING_S, Turn, supervisor_leg
from zhiyin.domain.interactions import (
    ConsultEnd,
    DialEnded,
    Disconnected,
    EndedBy,
    Interaction,
    LegId,
    Monitor,
    MonitoringAnswered,
    MonitoringChanged,
    MonitoringEnd,
    MonitoringEnded,
    MonitoringMode,
    MonitoringStarted,
    Phase,
    SegmentEnd,
    TakenOver,
)

#: How many supervisors may listen to one conversation.
MAX_MONITORS = 3


def wished(turn: Turn, event: SupervisionWish) -> None:
    """Meet a supervisor's wish, or say in ``problem`` why not."""
    match event:
        case MonitorAsked(agent=supervisor, mode=mode):
            _monitor(turn, supervisor, mode)
        case TakeOverAsked(agent=supervisor):
            _monitor(turn, supervisor, MonitoringMode.TAKE_OVER)
        case StopMonitoringAsked(agent=supervisor):
            monitor = _monitor_of(turn.call, supervisor)
            if monitor is None:
                turn.problem = "not_monitoring"
            else:
                turn.end_monitoring(monitor, MonitoringEnd.STOPPED)
        case DisconnectAsked(agent=supervisor):
            _disconnect(turn, supervisor)


def monitor_by_leg(call: Interaction, leg: LegId) -> Monitor | None:
    return next((monitor for monitor in call.monitors if monitor.leg == leg), None)


def answered(turn: Turn, monitor: Monitor) -> None:
    """The supervisor's telephone is connected."""
    if monitor.is_connected:
        return
    turn.record(MonitoringAnswered(monitor.supervisor, monitor.agent, monitor.mode))
    _connect(turn, monitor)


def leg_ended(turn: Turn, monitor: Monitor, word: str) -> None:
    """The supervisor's telephone hung up, was lost, or never answered; the conversation goes on."""
    outcome = MonitoringEnd.LEFT if monitor.is_connected else MonitoringEnd.NOT_REACHED
    turn.end_monitoring(monitor, outcome, None if monitor.is_connected else word)


def follow(turn: Turn, before: Interaction) -> None:
    """After every turn: let go of whose agent's part is over, and hear the agent's new telephone where it changed."""
    segment = turn.call.segment
    for monitor in turn.call.monitors:
        if segment is None or segment.agent != monitor.agent:
            turn.end_monitoring(monitor, MonitoringEnd.SEGMENT_OVER)
    if _agents_leg(turn.call) in ("", _agents_leg(before)):
        return
    for monitor in turn.call.monitors:
        if monitor.is_connected and _monitor_of(before, monitor.supervisor) is not None:
            _connect(turn, monitor)


def resume(turn: Turn, event: Resumed) -> None:
    """Take supervision over from an engine before: keep what lives, end what ended, remove what nobody owns."""
    call = turn.call
    for monitor in call.monitors:
        if _monitor_of(turn.call, monitor.supervisor) is None:
            continue  # let go when another, whose telephone answered meanwhile, took the conversation over
        if monitor.leg not in event.legs:
            leg_ended(turn, monitor, "lost")
        elif monitor.is_connected:
            _connect(turn, monitor)
        elif monitor.leg in event.up:
            answered(turn, monitor)
    kept = {monitor.leg for monitor in turn.call.monitors}
    if turn.call.segment is not None:
        kept.add(turn.call.segment.leg)
    for number in range(1, call.monitorings + 1):
        leg = supervisor_leg(call.id, number)
        if leg not in kept:
            turn.do(RemoveTap(leg))
            turn.hang_up(leg)


def _monitor(turn: Turn, supervisor: int, mode: MonitoringMode) -> None:
    segment = turn.call.segment
    if segment is None:
        turn.problem = "no_conversation"
        return
    if supervisor in (segment.agent, turn.call.colleague):
        turn.problem = "own_call"
        return
    mine = _monitor_of(turn.call, supervisor)
    others = [monitor for monitor in turn.call.monitors if monitor.supervisor != supervisor]
    is_heard = mode is not MonitoringMode.LISTEN
    if len(others) >= MAX_MONITORS or (is_heard and any(o.mode is not MonitoringMode.LISTEN for o in others)):
        turn.problem = "already_monitored"
        return
    if mine is not None:
        _change(turn, mine, mode)
        return
    if turn.rules.is_occupied(supervisor):
        turn.problem = "busy"
        return
    leg = supervisor_leg(turn.call.id, turn.call.monitorings + 1)
    turn.know_leg(leg)
    turn.record(MonitoringStarted(supervisor, segment.agent, leg, mode))
    turn.do(AgentNow(supervisor, AgentState.MONITORING), RingAgent(leg, supervisor, OWN_RING_S, offer=None))


def _change(turn: Turn, monitor: Monitor, mode: MonitoringMode) -> None:
    if monitor.mode is mode:
        return
    turn.record(MonitoringChanged(monitor.supervisor, monitor.agent, mode))
    changed = _monitor_of(turn.call, monitor.supervisor)
    if changed is not None and changed.is_connected:
        _connect(turn, changed)


def _connect(turn: Turn, monitor: Monitor) -> None:
    """Put the supervisor's telephone where its mode belongs; repeatable."""
    match monitor.mode:
        case MonitoringMode.TAKE_OVER:
            _take_over(turn, monitor)
        case MonitoringMode.BARGE:
            turn.do(Join((monitor.leg,)), RemoveTap(monitor.leg))
        case _ if _agents_leg(turn.call):
            turn.do(Tap(monitor.leg, _agents_leg(turn.call), is_heard=monitor.mode is MonitoringMode.WHISPER))
        case _:
            pass  # the agent's telephone is lost; ``follow`` connects when it is back


def _take_over(turn: Turn, monitor: Monitor) -> None:
    """The supervisor goes on with the customer; the agent is free for after-call work."""
    dialling = turn.call.dialling
    turn.record(TakenOver(monitor.supervisor, monitor.agent))
    turn.record(MonitoringEnded(monitor.supervisor, MonitoringEnd.TOOK_OVER))
    if dialling is not None and dialling.party == "agent":  # the agent's lost telephone is just being rung again
        turn.record(DialEnded("agent", dialling.leg, answered=False, cause="cancelled"))
        turn.hang_up(dialling.leg, "cancelled")
    consult_stages.let_go(turn, ConsultEnd.CANCELLED, "taken_over")
    turn.end_segment(SegmentEnd.TAKEN_OVER)
    turn.start_segment(monitor.supervisor, monitor.leg)
    turn.do(RemoveTap(monitor.leg))


def _disconnect(turn: Turn, supervisor: int) -> None:
    """End the contact, whatever it is in."""
    segment, offer = turn.call.segment, turn.call.offer
    agent = segment.agent if segment else offer.agent if offer else turn.call.agent
    turn.record(Disconnected(supervisor, agent))
    if turn.call.phase is Phase.DIALLING and turn.call.agent is not None:
        outbound_turns.cancel(turn, turn.call.agent, by=EndedBy.SUPERVISOR, reason="disconnected")
        return
    turn.end(EndedBy.SUPERVISOR, "disconnected")


def _agents_leg(call: Interaction) -> LegId:
    """Return by which leg the agent talks now: of a telephone with two calls, the one that is not on hold."""
    if call.segment is None:
        return ""
    if call.consult is not None and call.consult.line is not None and call.phase is Phase.HELD:
        return call.consult.line
    return call.segment.leg


def _monitor_of(call: Interaction, supervisor: int) -> Monitor | None:
    return next((monitor for monitor in call.monitors if monitor.supervisor == supervisor), None)
