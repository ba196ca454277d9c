"""One company's live board: rows made from the engine's own states, sent to subscribers as they change.

Figures of the day come from domain/metrics, the same functions that reports use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from zhiyin.contracts.frames import BoardUpdate
from zhiyin.contracts.snapshots import Board, InteractionRow, QueueRow
from zhiyin.domain.agents import Agent, AgentState, AgentStateChanged
from zhiyin.domain.interactions import Direction, Interaction, InteractionEvent, Medium
from zhiyin.domain.metrics.definitions import QueueFigures
from zhiyin.domain.metrics.facts import AgentSpan, Conversation, JudgedEstimate, QueueVisit, facts_of, span_of
from zhiyin.domain.routing.estimates import WaitEstimate
from zhiyin.domain.routing.objectives import reached_by
from zhiyin.engine.board_rows import agent_row, interaction_row, queue_row
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
        self._day_began_at = datetime.min.replace(tzinfo=UTC)
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
        if before.direction is Direction.INTERNAL or at < self._day_began_at:  # found out late: its day is closed
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
            agents=tuple(agent_row(self._company, self._desk, agent) for agent in sorted(self._company.agents)),
            interactions=tuple(self._interaction_row(i) for i in self._interactions.values()),
            queues=tuple(self._queue_row(queue) for queue in sorted(self._company.queues)),
            settings_version=self._company.settings.version,
        )

    def take_update(self) -> BoardUpdate | None:
        """Return the rows that changed since the last call, or None."""
        self._changed_agents |= self._desk.rests.outlooks.take_changed() | self._desk.distribution.tests.take_changed()
        is_changed = self._changed_agents or self._changed_interactions or self._changed_queues or self._gone
        if not is_changed and self._settings_version is None:
            return None
        epoch, number = self._number()
        update = BoardUpdate(
            tenant=self._company.tenant,
            epoch=epoch,
            number=number,
            agents=tuple(
                agent_row(self._company, self._desk, a)
                for a in sorted(self._changed_agents)
                if a in self._company.agents
            ),
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
        self._desk.matching.know_reached(reached_by(self._company.policy, self._figures, self._class_figures))

    def figures(self) -> Mapping[int, QueueFigures]:
        return self._figures

    def _interaction_row(self, call: Interaction) -> InteractionRow:
        row = interaction_row(call, self._personal.get(call.id, {}), self._desk.line.get(call.id))
        return msgspec.structs.replace(row, may_invite=True) if self._may_invite(call) else row

    def _may_invite(self, call: Interaction) -> bool:
        if call.last_queue is None or call.segment is None or call.survey is not None or call.lacks_customer:
            return False
        survey = self._company.survey_of(call.last_queue)
        return survey is not None and survey.agents_invite

    def _queue_row(self, queue: int) -> QueueRow:
        waiting = [waiting for waiting in self._desk.line.of_queue(queue) if waiting.is_customer]
        figures = self._of(queue)
        figures.waiting = len(waiting)
        return queue_row(
            self._company, self._desk, queue, waiting=waiting, figures=figures, newcomer=self.newcomer(queue)
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
        self._day_began_at = self._company.day_began_at(at)
        self._day_ends_at = self._company.day_ends_at(at)
