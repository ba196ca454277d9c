"""One company's live board: rows made from the engine's own states, sent to subscribers as they change.

Figures of the day come from domain/metrics, the same functions that reports use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from zhiyin.contracts.attached_data import attached_data
from zhiyin.contracts.frames import BoardUpdate
from zhiyin.contracts.snapshots import (
    AgentRow,
    Board,
    CallbackRow,
    ConsultRow,
    InteractionRow,
    LoanRow,
    MessageRow,
    MonitorRow,
    OfferRow,
    ParkRow,
    QueueRow,
    WrapUpRow,
)
from zhiyin.domain.agents import Agent, AgentState, AgentStateChanged
from zhiyin.domain.interactions import Direction, Interaction, InteractionEvent, Medium
from zhiyin.domain.metrics.definitions import (
    QueueFigures,
    answer_rate_pct,
    average_speed_of_answer_s,
    kept_p50_pct,
    kept_p90_pct,
    service_level_pct,
)
from zhiyin.domain.metrics.facts import AgentSpan, Conversation, JudgedEstimate, QueueVisit, facts_of, span_of
from zhiyin.domain.routing.contacts import FOR_EVER
from zhiyin.domain.routing.estimates import WaitEstimate
from zhiyin.domain.routing.objectives import reached_by
from zhiyin.engine.company import Company
from zhiyin.engine.log_port import DayCheckpoint, WrapUpDue
from zhiyin.engine.routing_desk import RoutingDesk


class BoardKeeper:
    """Marks what changed; ``take_update`` gives the changed rows once."""

    def __init__(self, company: Company, desk: RoutingDesk, *, number: Callable[[], tuple[int, int]]) -> None:
        self._company = company
        self._desk = desk
        self._number = number
        self._interactions: dict[str, Interaction] = {}
        self._personal: dict[str, Mapping[str, str]] = {}
        self._figures: dict[int, QueueFigures] = {}
        self._wrap_up_queue: dict[tuple[str, int], int] = {}
        #: while the past is not counted: wrap-ups whose conversation was an earlier engine's
        self._early_wrap_ups: dict[tuple[str, int], AgentSpan] | None = None
        self._class_figures: dict[str, QueueFigures] = {}  # of classes with a target of their own
        self._day_ends_at: datetime | None = None
        self._changed_agents: set[int] = set()
        self._changed_interactions: set[str] = set()
        self._changed_queues: set[int] = set()
        self._gone: list[str] = []
        self._settings_version: int | None = None
        #: what a caller who came now would be promised
        self.newcomer: Callable[[int], WaitEstimate | None] = lambda _queue: None

    # --- what happened ----------------------------------------------------------------------------------------------

    def company_changed(self, company: Company) -> None:
        self._company = company
        self._changed_agents |= set(company.agents)
        self._changed_queues |= set(company.queues)
        self._settings_version = company.settings.version
        self._tell_reached()

    def interaction_event(self, before: Interaction, event: InteractionEvent, at: datetime) -> None:
        """Count the facts that the event completes. A call between colleagues is no customer's: it counts nowhere."""
        self._begin_day(at)
        self._desk.standings.interaction_event(before, event, at)
        if before.direction is Direction.INTERNAL:
            return
        day_began_at = self._company.day_began_at(at)
        for fact in facts_of(before, event, at):
            match fact:
                case QueueVisit() if fact.medium is Medium.VOICE and fact.queued_at >= day_began_at:
                    rule = self._company.queues.get(fact.queue)
                    target_s = rule.service_level_s if rule else 20
                    self._of(fact.queue).add_visit(fact, target_s=target_s)
                    self._count_class(fact, before.class_code)
                    self._tell_reached()
                    self._changed_queues.add(fact.queue)
                case JudgedEstimate(queue=queue) if fact.queued_at >= day_began_at:
                    self._of(queue).add_estimate(fact)
                    self._changed_queues.add(queue)
                case Conversation(queue=queue) if queue is not None:
                    self._of(queue).add_conversation(fact)
                    self._wrap_up_queue[fact.interaction, fact.agent] = queue
                    self._count_early_wrap_up(fact)
                    self._changed_queues.add(queue)
                case _:
                    pass

    def expect_past(self) -> None:
        """Today's events of earlier engines are going to be counted, after the first of this one's."""
        self._early_wrap_ups = {}

    def past_counted(self) -> None:
        self._early_wrap_ups = None

    def checkpoint(self, *, epoch: int, number: int, now: datetime) -> DayCheckpoint | None:
        """Return the day's figures as they stand; None while the past is not in them."""
        if self._early_wrap_ups is not None:
            return None
        self._begin_day(now)
        due = []
        for (interaction, agent), queue in self._wrap_up_queue.items():
            state = self._desk.agent(agent)
            if state.interaction == interaction or agent not in self._company.agents:  # who may come back in it
                since = state.since if state.state is AgentState.WRAP_UP else None
                due.append(WrapUpDue(interaction, agent, queue, since, state.reason))
        queues = {queue: replace(figures) for queue, figures in self._figures.items()}
        return DayCheckpoint(
            self._company.day_began_at(now),
            now,
            epoch,
            number,
            queues,
            tuple(due),
            tallies=self._desk.standings.checkpoint(),
            classes={code: replace(figures) for code, figures in self._class_figures.items()},
            states=tuple(agent for agent in self._desk.agents.values() if agent.since is not None),
        )

    def add_past(self, saved: DayCheckpoint) -> dict[int, Agent]:
        """Add a checkpoint of this day; return what everybody was then."""
        self._begin_day(saved.at)
        for queue, figures in saved.queues.items():
            self._of(queue).add(figures)
            self._changed_queues.add(queue)
        for code, figures in saved.classes.items():
            self._class_figures.setdefault(code, QueueFigures()).add(figures)
        self._tell_reached()
        self._desk.standings.add_past(saved.tallies, saved.at)
        then = {state.id: state for state in saved.states if state.state is not AgentState.WRAP_UP}
        for due in saved.wrap_ups:
            early = self._early_wrap_ups.pop((due.interaction, due.agent), None) if self._early_wrap_ups else None
            if early is not None:
                self._of(due.queue).add_wrap_up(early)
                continue
            self._wrap_up_queue[due.interaction, due.agent] = due.queue
            if due.since is not None:
                then[due.agent] = Agent(
                    due.agent, AgentState.WRAP_UP, due.reason, interaction=due.interaction, since=due.since
                )
        return then

    def _count_early_wrap_up(self, of: Conversation) -> None:
        early = self._early_wrap_ups.pop((of.interaction, of.agent), None) if self._early_wrap_ups else None
        if early is not None and of.queue is not None:
            del self._wrap_up_queue[of.interaction, of.agent]
            self._of(of.queue).add_wrap_up(early)

    def agent_event(self, before: Agent, event: AgentStateChanged, at: datetime) -> None:
        self._begin_day(at)
        self._changed_agents.add(event.agent)
        self._changed_queues |= set(self._company.queues_of(event.agent))
        span = span_of(before, event, at)
        if span is not None and span.state is AgentState.WRAP_UP and span.interaction is not None:
            queue = self._wrap_up_queue.pop((span.interaction, span.agent), None)
            if queue is not None:
                self._of(queue).add_wrap_up(span)
            elif self._early_wrap_ups is not None:
                self._early_wrap_ups[span.interaction, span.agent] = span

    def agent_touched(self, agent: int) -> None:
        self._changed_agents.add(agent)

    def show(self, interaction: Interaction, personal: Mapping[str, str]) -> None:
        """Put the contact's new state on the board; ``personal`` are the values that it refers to."""
        before = self._interactions.get(interaction.id)
        self._interactions[interaction.id] = interaction
        self._personal[interaction.id] = personal
        self._changed_interactions.add(interaction.id)
        for queue in {interaction.queue, before.queue if before else None} - {None}:
            self._changed_queues.add(queue or 0)

    def remove(self, interaction: str) -> None:
        """The contact is over and nobody works on it any more."""
        if self._interactions.pop(interaction, None) is not None:
            self._personal.pop(interaction, None)
            self._changed_interactions.discard(interaction)
            self._gone.append(interaction)

    # --- what is sent -----------------------------------------------------------------------------------------------

    def board(self) -> Board:
        """Return the whole board."""
        epoch, number = self._number()
        return Board(
            tenant=self._company.tenant,
            epoch=epoch,
            number=number,
            agents=tuple(self._agent_row(agent) for agent in sorted(self._company.agents)),
            interactions=tuple(self._interaction_row(i) for i in self._interactions.values()),
            queues=tuple(self._queue_row(queue) for queue in sorted(self._company.queues)),
            settings_version=self._company.settings.version,
        )

    def take_update(self) -> BoardUpdate | None:
        """Return the rows that changed since the last call, or None."""
        self._changed_agents |= self._desk.rests.take_changed()
        is_changed = self._changed_agents or self._changed_interactions or self._changed_queues or self._gone
        if not is_changed and self._settings_version is None:
            return None
        epoch, number = self._number()
        update = BoardUpdate(
            tenant=self._company.tenant,
            epoch=epoch,
            number=number,
            agents=tuple(self._agent_row(a) for a in sorted(self._changed_agents) if a in self._company.agents),
            interactions=tuple(
                self._interaction_row(self._interactions[i])
                for i in sorted(self._changed_interactions)
                if i in self._interactions
            ),
            gone_interactions=tuple(self._gone),
            queues=tuple(self._queue_row(q) for q in sorted(self._changed_queues) if q in self._company.queues),
            settings_version=self._settings_version,
        )
        self._changed_agents.clear()
        self._changed_interactions.clear()
        self._changed_queues.clear()
        self._gone.clear()
        self._settings_version = None
        return update

    def _count_class(self, visit: QueueVisit, class_code: str) -> None:
        """Count a contact of a class that has a target of its own."""
        target_s = self._company.policy.class_of(class_code).target_s
        if target_s is not None:
            self._class_figures.setdefault(class_code, QueueFigures()).add_visit(visit, target_s=target_s)

    def _tell_reached(self) -> None:
        self._desk.know_reached(reached_by(self._company.policy, self._figures, self._class_figures))

    def figures(self) -> Mapping[int, QueueFigures]:
        return self._figures

    # --- rows -------------------------------------------------------------------------------------------------------

    def _agent_row(self, agent: int) -> AgentRow:
        state = self._desk.agent(agent)
        setting = self._company.agents[agent]
        outlook = self._desk.rests.outlook(agent)
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
            telephone_state="ok" if self._desk.is_reachable(agent) else "away",
            team=setting.team,
            rest=self._desk.rests.row(agent),
            rests_free=outlook.free,
            rest_left_s=outlook.left_s,
            wrap_up=_wrap_up_row(state),
            missed=state.missed,
            loans=tuple(
                LoanRow(loan.queue, loan.until, loan.is_instead)
                for loan in self._company.settings.loans
                if loan.agent == agent
            ),
            test_contacts=self._desk.tests.count_of(agent),
        )

    def _interaction_row(self, call: Interaction) -> InteractionRow:
        segment = call.segment
        transfer = call.transfer
        personal = self._personal.get(call.id, {})
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
            offers=tuple(OfferRow(o.offer, o.agent, o.offered_at, o.expires_at) for o in call.offers),
            is_recording=call.recording is not None,
            end_reason=call.end_reason,
            transfer_to=_target(transfer.kind, transfer.target) if transfer else None,
            monitors=tuple(MonitorRow(m.supervisor, m.mode, m.is_connected) for m in call.monitors),
            consult=_consult_row(call, personal),
            parked=ParkRow(parked.slot, parked.by_agent, parked.parked_at) if (parked := call.parked) else None,
            from_agent=call.handed_by,
            note=personal.get(call.note_ref or ""),
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
            claim=self._claim_row(call),
        )

    def _claim_row(self, call: Interaction) -> tuple[float, float, float | None] | None:
        waiting = self._desk.line.get(call.id)
        if waiting is None:
            return None
        slope = waiting.slope
        return slope.base, slope.per_s, None if slope.top == FOR_EVER else slope.top

    def _queue_row(self, queue: int) -> QueueRow:
        rule = self._company.queues[queue]
        setting = self._company.queue_settings[queue]
        waiting = [waiting for waiting in self._desk.line.of_queue(queue) if waiting.is_customer]
        figures = self._of(queue)
        figures.waiting = len(waiting)
        members = [self._desk.agent(agent) for agent in rule.members]
        newcomer = self.newcomer(queue)
        return QueueRow(
            id=queue,
            name=setting.name,
            name_en=setting.name_en,
            waiting=len(waiting),
            oldest_queued_at=min((w.queued_at for w in waiting), default=None),
            agents_signed_in=sum(agent.is_signed_in for agent in members),
            agents_ready=sum(agent.is_free for agent in members),
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
            teams=self._company.teams_of_queue.get(queue, ()),
            wait_p50_s=newcomer.p50_s if newcomer else None,
            wait_p90_s=newcomer.p90_s if newcomer else None,
            estimates=figures.estimates,
            kept_p50_pct=kept_p50_pct(figures),
            kept_p90_pct=kept_p90_pct(figures),
        )

    def _of(self, queue: int) -> QueueFigures:
        return self._figures.setdefault(queue, QueueFigures())

    def _begin_day(self, at: datetime) -> None:
        """At the company's midnight the figures begin anew."""
        if self._day_ends_at is not None and at < self._day_ends_at:
            return
        if self._day_ends_at is not None:
            self._figures.clear()
            self._class_figures.clear()
            self._tell_reached()
            self._changed_queues |= set(self._company.queues)
        self._day_ends_at = self._company.day_ends_at(at)


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
    )


def _target(kind: str, target: int | None) -> str:
    return kind if target is None else f"{kind}:{target}"
