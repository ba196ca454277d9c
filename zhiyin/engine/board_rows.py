"""The rows of a company's live board, made of the engine's own states. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhiyin.contracts.attached_data import attached_data
from zhiyin.contracts.snapshots import (
    AgentRow,
    CallbackRow,
    ConsultRow,
    FailedHandoverRow,
    InteractionRow,
    LoanRow,
    MessageRow,
    MonitorRow,
    OfferRow,
    ParkRow,
    QueueRow,
    TakeOverRow,
    WrapUpRow,
)
from zhiyin.domain.agents import SIGNED_IN, Agent
from zhiyin.domain.interactions import Interaction
from zhiyin.domain.metrics.definitions import (
    QueueFigures,
    answer_rate_pct,
    average_speed_of_answer_s,
    kept_p50_pct,
    kept_p90_pct,
    service_level_pct,
)
from zhiyin.domain.routing.contacts import FOR_EVER
from zhiyin.domain.routing.estimates import WaitEstimate
from zhiyin.engine.board_steps import step_row
from zhiyin.engine.company import Company
from zhiyin.engine.headcounts import FREE
from zhiyin.engine.routing_desk import RoutingDesk
from zhiyin.engine.waiting_line import Waiting


def agent_row(company: Company, desk: RoutingDesk, agent: int) -> AgentRow:
    state = desk.agent(agent)
    setting = company.agents[agent]
    outlook = desk.rests.outlooks.of(agent)
    return AgentRow(
        id=agent,
        name=setting.name,
        state=state.state,
        reason=state.reason,
        since=state.since,
        interaction=state.interaction,
        until=state.until,
        next_state=state.next_state,
        next_reason=state.next_reason,
        telephone=setting.telephone,
        telephone_state="ok" if desk.presences.is_reachable(agent) else "away",
        team=setting.team,
        rest=desk.rests.row(agent),
        rests_free=outlook.free,
        rest_left_s=outlook.left_s,
        wrap_up=_wrap_up_row(state),
        missed=state.missed,
        loans=tuple(
            LoanRow(loan.queue, loan.until, loan.is_instead) for loan in company.settings.loans if loan.agent == agent
        ),
        test_contacts=desk.distribution.tests.count_of(agent),
    )


def interaction_row(call: Interaction, personal: Mapping[str, str], waiting: Waiting | None) -> InteractionRow:
    """``personal``: the values that the contact refers to; ``waiting``: its place in line."""
    segment = call.segment
    transfer = call.transfer
    given = call.stay.estimates[-1] if call.stay.estimates and call.queued_at is not None else None
    return InteractionRow(
        id=call.id,
        phase=call.phase,
        direction=call.direction,
        customer_number=personal.get(call.customer_ref or ""),
        entry=call.entry,
        queue=call.queue if call.queue is not None else call.last_queue,
        path=call.path,
        started_at=call.started_at or datetime.min,  # noqa: DTZ901 - a contact on the board has started
        queued_at=call.queued_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        agent=segment.agent if segment else (call.last_agent or call.agent),
        held_since=segment.held_since if segment else None,
        is_held_on_telephone=segment is not None and segment.held_by == "telephone",
        offers=tuple(OfferRow(o.offer, o.agent, o.offered_at, o.expires_at) for o in call.offers),
        is_recording=call.recording is not None,
        unseen_since=call.unseen_since,
        end_reason=call.end_reason,
        transfer_to=_target(transfer.kind, transfer.target) if transfer else None,
        monitors=tuple(MonitorRow(m.supervisor, m.mode, m.is_connected) for m in call.monitors),
        consult=_consult_row(call, personal),
        parked=ParkRow(parked.slot, parked.by_agent, parked.parked_at) if (parked := call.parked) else None,
        from_agent=call.handed_by,
        note=personal.get(call.note_ref or ""),
        failed_handover=_failed_handover_row(call, personal),
        take_overs=tuple(TakeOverRow(taken.agent, taken.supervisor) for taken in call.take_overs),
        data=attached_data(call.data_refs, personal),
        colleague=call.colleague,
        called=_target(call.target_kind, call.target) if call.target_kind else None,
        vip=call.vip,
        wait_p50_s=given.estimate.p50_s if given else None,
        wait_p90_s=given.estimate.p90_s if given else None,
        estimated_at=given.at if given else None,
        medium=call.medium,
        message=MessageRow(message.recording, message.duration_s) if (message := call.message) else None,
        callback=_callback_row(call, personal),
        lacks_customer=call.lacks_customer,
        **_place_row(call),
        claim=_claim(waiting),
        came_by=call.came_by,
        step=step_row(call),
    )


def _claim(waiting: Waiting | None) -> tuple[float, float, float | None] | None:
    if waiting is None:
        return None
    slope = waiting.slope
    return slope.base, slope.per_s, None if slope.top == FOR_EVER else slope.top


def queue_row(
    company: Company,
    desk: RoutingDesk,
    queue: int,
    *,
    waiting: Sequence[Waiting],
    figures: QueueFigures,
    newcomer: WaitEstimate | None,
) -> QueueRow:
    """``waiting``: its customers in line; ``newcomer``: what a caller who came now would be promised."""
    rule = company.queues[queue]
    setting = company.queue_settings[queue]
    return QueueRow(
        id=queue,
        name=setting.name,
        name_en=setting.name_en,
        waiting=len(waiting),
        oldest_queued_at=min((w.queued_at for w in waiting), default=None),
        agents_signed_in=desk.headcounts.count(queue, SIGNED_IN),
        agents_ready=desk.headcounts.count(queue, FREE),
        offered=figures.offered,
        answered=figures.answered,
        abandoned=figures.abandoned,
        answered_in_target=figures.answered_in_target,
        service_level_s=rule.service_level_s,
        service_level_pct=service_level_pct(figures),
        answer_rate_pct=answer_rate_pct(figures),
        average_speed_of_answer_s=average_speed_of_answer_s(figures),
        talk_s=figures.talk_s,
        wrap_up_s=figures.wrap_up_s,
        teams=company.teams_of_queue.get(queue, ()),
        wait_p50_s=newcomer.p50_s if newcomer else None,
        wait_p90_s=newcomer.p90_s if newcomer else None,
        estimates=figures.estimates,
        kept_p50_pct=kept_p50_pct(figures),
        kept_p90_pct=kept_p90_pct(figures),
    )


def _place_row(call: Interaction) -> dict[str, Any]:
    """How it stands in line; nothing of one that waits for nobody."""
    if call.queued_at is None:
        return {}
    assigned = call.stay.assigned
    return {
        "waits_since": call.stay.since,
        "priority": call.priority,
        "class_code": call.class_code,
        "skills": call.skills,
        "assigned_to": assigned.agent if assigned else None,
        "assigned_until": assigned.until if assigned else None,
    }


def _wrap_up_row(agent: Agent) -> WrapUpRow | None:
    work = agent.wrap_up
    if work is None:
        return None
    return WrapUpRow(
        interaction=work.interaction,
        mode=work.rule.mode,
        limit_s=work.rule.limit_s,
        extensions_left=work.extensions_left,
        extension_s=work.rule.extension_s,
        until=work.until,
    )


def _callback_row(call: Interaction, personal: Mapping[str, str]) -> CallbackRow | None:
    callback = call.callback
    if callback is None:
        return None
    return CallbackRow(
        number=personal.get(callback.number_ref),
        asked_by=callback.asked_by,
        place_at=callback.place_at,
        expires_at=callback.expires_at,
        attempts=callback.attempts,
        cause=callback.cause,
        due_at=callback.due_at,
    )


def _consult_row(call: Interaction, personal: Mapping[str, str]) -> ConsultRow | None:
    consult = call.consult
    if consult is None:
        return None
    return ConsultRow(
        by_agent=consult.by_agent,
        kind=consult.kind,
        target=consult.target,
        agent=consult.agent if consult.agent is not None or call.offer is None else call.offer.agent,
        number=personal.get(consult.number_ref or ""),
        stage=consult.stage,
        started_at=consult.started_at,
        answered_at=consult.answered_at,
        note=personal.get(consult.note_ref or ""),
        is_on_telephone=consult.line is not None,
    )


def _failed_handover_row(call: Interaction, personal: Mapping[str, str]) -> FailedHandoverRow | None:
    failed = call.failed_handover
    if failed is None:
        return None
    number = personal.get(failed.number_ref or "")
    return FailedHandoverRow(failed.how, failed.by_agent, failed.kind, failed.target, number, failed.word, failed.at)


def _target(kind: str, target: int | None) -> str:
    return kind if target is None else f"{kind}:{target}"
