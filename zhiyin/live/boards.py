"""Each company's board as the engine last told it, and what each kind of reader may see of it. Pure.

A reader is a kind of audience: all desks of one audience get the very same bytes, but for their own contacts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from zhiyin.contracts.attached_data import masked_data
from zhiyin.contracts.frames import BoardUpdate
from zhiyin.contracts.numbers import mask_number
from zhiyin.contracts.snapshots import AgentRow, Board, InteractionRow, QueueRow
from zhiyin.domain.agents import AgentState
from zhiyin.live.messages import Colleague, ParkedCall, QueueGlance, Snapshot, Update, WholeBoard


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose contact it is now: its agents, and their teams; without an agent the teams that serve its queue."""

    agents: frozenset[int]
    teams: frozenset[int]


@dataclass(frozen=True, slots=True)
class Audience:
    """What a reader may see. ``is_clear``: telephone numbers without mask; ``sees_monitors``: who listens in.

    ``teams``: whose agents, contacts and queues stand on the board, ``None`` everybody's; those of ``reader`` besides.
    """

    sees_board: bool
    is_clear: bool
    sees_monitors: bool = False
    teams: frozenset[int] | None = None
    reader: int | None = None

    def has_agent(self, row: AgentRow) -> bool:
        return self.teams is None or row.id == self.reader or row.team in self.teams

    def has_queue(self, row: QueueRow) -> bool:
        return self.teams is None or not self.teams.isdisjoint(row.teams)

    def has_contact(self, concerned: Concerned | None) -> bool:
        """Return whether a contact stands on the board: by its agents, or while it has none by its queue."""
        if self.teams is None:
            return True
        if concerned is None:
            return False
        return self.reader in concerned.agents or not self.teams.isdisjoint(concerned.teams)

    def rows(self, rows: Iterable[InteractionRow]) -> tuple[InteractionRow, ...]:
        shown = rows if self.is_clear else (_masked(row) for row in rows)
        return tuple(shown) if self.sees_monitors else tuple(_unwatched(row) for row in shown)

    def parked(self, calls: Iterable[ParkedCall]) -> tuple[ParkedCall, ...]:
        if self.is_clear:
            return tuple(calls)
        return tuple(msgspec.structs.replace(call, number=_mask(call.number)) for call in calls)


@dataclass(frozen=True, slots=True)
class Change:
    """Changed rows. ``is_replaced``: rows vanished that no update can name, or went to another team."""

    number: int
    is_replaced: bool = False
    agents: tuple[AgentRow, ...] = ()
    interactions: tuple[InteractionRow, ...] = ()
    gone: tuple[str, ...] = ()
    queues: tuple[QueueRow, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    glances: tuple[QueueGlance, ...] = ()
    #: all parked contacts, where one was parked or left its slot
    parked: tuple[ParkedCall, ...] | None = None
    settings_version: int | None = None
    #: agents whose own row or contacts changed, gained or lost
    touched: frozenset[int] = frozenset()
    #: of each contact in ``interactions`` the teams that it is on the board of; empty where everybody sees all
    teams_of: Mapping[str, Concerned] = field(default_factory=dict)

    def common(self, audience: Audience, *, now: datetime) -> Update | None:
        """Return what every desk of the audience gets; None when nothing of it concerns them."""
        parked = msgspec.UNSET if self.parked is None else audience.parked(self.parked)
        if audience.sees_board:
            if not (self.agents or self.interactions or self.gone or self.queues):
                return None
            seen = [row for row in self.interactions if audience.has_contact(self.teams_of.get(row.id))]
            left = () if len(seen) == len(self.interactions) else self._beyond(seen)
            return Update(
                now=now,
                number=self.number,
                gone=(*self.gone, *left),
                agents=tuple(row for row in self.agents if audience.has_agent(row)),
                interactions=audience.rows(seen),
                queues=tuple(row if audience.has_queue(row) else _glance(row) for row in self.queues),
                colleagues=self.colleagues,
                parked=parked,
            )
        if not (self.colleagues or self.glances or self.parked is not None):
            return None
        return Update(now=now, number=self.number, queues=self.glances, colleagues=self.colleagues, parked=parked)

    def _beyond(self, seen: Iterable[InteractionRow]) -> tuple[str, ...]:
        """Return the contacts that this reader does not see, or not any more: they may have moved to another team."""
        kept = {row.id for row in seen}
        return tuple(row.id for row in self.interactions if row.id not in kept)


class Gathered:
    """The ids of rows that changed since everybody was last told; the rows themselves are taken when they are sent."""

    def __init__(self) -> None:
        self.agents: set[int] = set()
        self.interactions: set[str] = set()
        self.gone: set[str] = set()
        self.queues: set[int] = set()
        self.colleagues: set[int] = set()
        self.glances: set[int] = set()
        self.is_parking = False

    def __bool__(self) -> bool:
        return bool(self.agents or self.interactions or self.gone or self.queues)

    def add(self, change: Change) -> None:
        self.agents.update(row.id for row in change.agents)
        self.interactions.update(row.id for row in change.interactions)
        self.gone.update(change.gone)
        self.queues.update(row.id for row in change.queues)
        self.colleagues.update(row.id for row in change.colleagues)
        self.glances.update(row.id for row in change.glances)
        self.is_parking = self.is_parking or change.parked is not None


class CompanyBoard:
    """One company's rows, kept by id."""

    def __init__(self) -> None:
        self.number = 0
        self.settings_version = 0
        self._agents: dict[int, AgentRow] = {}
        self._interactions: dict[str, InteractionRow] = {}
        self._queues: dict[int, QueueRow] = {}
        self._parked_calls: dict[str, ParkedCall] = {}
        #: agent -> the contact that occupies it, and the same the other way round
        self._works_on: dict[int, str] = {}
        self._workers: dict[str, set[int]] = {}
        #: contact -> the agents it is offered to, and the same the other way round
        self._offered_to: dict[str, frozenset[int]] = {}
        self._offered: dict[int, set[str]] = {}

    def apply(self, update: BoardUpdate) -> Change:
        """Take an update of the engine; return what it changed."""
        if update.board is not None:
            return self._replace(update.board)
        return self._merge(
            number=update.number,
            agents=update.agents,
            interactions=update.interactions,
            gone=update.gone_interactions,
            queues=update.queues,
            settings_version=update.settings_version,
        )

    def rows_of(self, gathered: Gathered) -> Change:
        """Return the gathered rows as they are now."""
        agents, queues = self._agents, self._queues
        return Change(
            number=self.number,
            agents=tuple(agents[one] for one in sorted(gathered.agents) if one in agents),
            interactions=(rows := self._known(gathered.interactions)),
            teams_of={row.id: self._concerned(row) for row in rows},
            gone=tuple(one for one in sorted(gathered.gone) if one not in self._interactions),
            queues=tuple(queues[one] for one in sorted(gathered.queues) if one in queues),
            colleagues=tuple(_colleague(agents[one]) for one in sorted(gathered.colleagues) if one in agents),
            glances=tuple(_glance(queues[one]) for one in sorted(gathered.glances) if one in queues),
            parked=self._parked() if gathered.is_parking else None,
        )

    def agent(self, agent: int | None) -> AgentRow | None:
        return self._agents.get(agent) if agent is not None else None

    def mine(self, agent: int | None) -> tuple[InteractionRow, ...]:
        """Return the contacts that occupy the agent or are offered to it."""
        if agent is None:
            return ()
        ids = self._offered.get(agent, set()) | {self._works_on.get(agent, "")}
        return tuple(self._interactions[mine] for mine in sorted(ids) if mine in self._interactions)

    def has_interaction(self, interaction: str) -> bool:
        return interaction in self._interactions

    def snapshot(self, audience: Audience, *, agent: int | None, now: datetime) -> Snapshot:
        """Return all that a desk may see."""
        board = None
        if audience.sees_board:
            contacts = list(self._interactions.values())
            if audience.teams is not None:
                contacts = [row for row in contacts if audience.has_contact(self._concerned(row))]
            board = WholeBoard(
                agents=tuple(row for row in self._agents.values() if audience.has_agent(row)),
                interactions=audience.rows(contacts),
                queues=tuple(row for row in self._queues.values() if audience.has_queue(row)),
            )
        return Snapshot(
            now=now,
            number=self.number,
            me=self.agent(agent),
            mine=audience.rows(self.mine(agent)),
            board=board,
            colleagues=tuple(_colleague(row) for row in self._agents.values()),
            queues=tuple(_glance(row) for row in self._queues.values()),
            parked=audience.parked(self._parked()),
        )

    def _known(self, ids: Iterable[str]) -> tuple[InteractionRow, ...]:
        return tuple(self._interactions[one] for one in sorted(ids) if one in self._interactions)

    def _concerned(self, row: InteractionRow) -> Concerned:
        named = {row.agent, *(offer.agent for offer in row.offers)}
        if row.consult is not None:
            named |= {row.consult.by_agent, row.consult.agent}
        agents = frozenset(agent for agent in named if agent is not None)
        # who works on it besides, such as a supervisor, sees it; for the team it is still the others'
        readers = agents | self._workers.get(row.id, set())
        if agents:
            known = (self._agents.get(agent) for agent in agents)
            return Concerned(readers, frozenset(agent.team for agent in known if agent and agent.team is not None))
        queue = self._queues.get(row.queue) if row.queue is not None else None
        return Concerned(readers, frozenset(queue.teams) if queue else frozenset())

    def _parked(self) -> tuple[ParkedCall, ...]:
        """Return the parked contacts by slot."""
        return tuple(sorted(self._parked_calls.values(), key=lambda call: call.slot))

    def _note_parked(self, interactions: Iterable[InteractionRow], gone: Iterable[str]) -> None:
        for row in interactions:
            self._parked_calls.pop(row.id, None)
            if (parked := row.parked) is not None:
                number, at = row.customer_number, parked.parked_at
                self._parked_calls[row.id] = ParkedCall(parked.slot, row.id, number, parked.by_agent, at)
        for interaction in gone:
            self._parked_calls.pop(interaction, None)

    def _replace(self, board: Board) -> Change:
        agents = {row.id: row for row in board.agents}
        interactions = {row.id: row for row in board.interactions}
        queues = {row.id: row for row in board.queues}
        has_lost_rows = bool(self._agents.keys() - agents.keys() or self._queues.keys() - queues.keys())
        gone = tuple(self._interactions.keys() - interactions.keys())
        change = self._merge(
            number=board.number,
            agents=tuple(row for row in board.agents if self._agents.get(row.id) != row),
            interactions=tuple(row for row in board.interactions if self._interactions.get(row.id) != row),
            gone=gone,
            queues=tuple(row for row in board.queues if self._queues.get(row.id) != row),
            settings_version=board.settings_version if board.settings_version != self.settings_version else None,
        )
        # The engine's order is the board's order, also for rows that were known before.
        self._agents, self._interactions, self._queues = agents, interactions, queues
        return replace(change, is_replaced=True) if has_lost_rows else change

    def _merge(
        self,
        *,
        number: int,
        agents: tuple[AgentRow, ...],
        interactions: tuple[InteractionRow, ...],
        gone: tuple[str, ...],
        queues: tuple[QueueRow, ...],
        settings_version: int | None,
    ) -> Change:
        colleagues = tuple(
            colleague
            for row in agents
            if (colleague := _colleague(row)) != ((before := self._agents.get(row.id)) and _colleague(before))
        )
        glances = tuple(
            glance
            for row in queues
            if (glance := _glance(row)) != ((known := self._queues.get(row.id)) and _glance(known))
        )
        has_moved = any(row.id in self._agents and self._agents[row.id].team != row.team for row in agents) or any(
            row.id in self._queues and self._queues[row.id].teams != row.teams for row in queues
        )
        parked_before = self._parked()
        self._note_parked(interactions, gone)
        self.number = number
        self._agents.update((row.id, row) for row in agents)
        self._interactions.update((row.id, row) for row in interactions)
        self._queues.update((row.id, row) for row in queues)
        for interaction in gone:
            self._interactions.pop(interaction, None)
        if settings_version is not None:
            self.settings_version = settings_version
        return Change(
            number=number,
            is_replaced=has_moved,
            agents=agents,
            interactions=interactions,
            gone=gone,
            queues=queues,
            colleagues=colleagues,
            glances=glances,
            parked=parked if (parked := self._parked()) != parked_before else None,
            settings_version=settings_version,
            touched=self._note_whose(agents, interactions, gone),
        )

    def _note_whose(
        self, agents: Iterable[AgentRow], interactions: Iterable[InteractionRow], gone: Iterable[str]
    ) -> frozenset[int]:
        """Note whose contacts are whose now; return the agents for whom something of their own changed."""
        touched: set[int] = set()
        for row in interactions:
            touched |= self._set_offered(row.id, frozenset(offer.agent for offer in row.offers))
            touched |= self._workers.get(row.id, set())
        for interaction in gone:
            touched |= self._set_offered(interaction, frozenset())
            touched |= self._workers.get(interaction, set())
        for agent in agents:
            touched.add(agent.id)
            before = self._works_on.pop(agent.id, None)
            if before is not None:
                self._workers[before].discard(agent.id)
                if not self._workers[before]:
                    del self._workers[before]
            if agent.interaction is not None:
                self._works_on[agent.id] = agent.interaction
                self._workers.setdefault(agent.interaction, set()).add(agent.id)
        return frozenset(touched)

    def _set_offered(self, interaction: str, agents: frozenset[int]) -> frozenset[int]:
        """Return the agents to whom the contact was offered or is now."""
        before = self._offered_to.pop(interaction, frozenset())
        for agent in before - agents:
            self._offered[agent].discard(interaction)
        for agent in agents - before:
            self._offered.setdefault(agent, set()).add(interaction)
        if agents:
            self._offered_to[interaction] = agents
        return before | agents


def _masked(row: InteractionRow) -> InteractionRow:
    consult = row.consult
    if consult is not None:
        consult = msgspec.structs.replace(consult, number=_mask(consult.number))
    failed = row.failed_handover
    if failed is not None:
        failed = msgspec.structs.replace(failed, number=_mask(failed.number))
    callback = row.callback
    if callback is not None:
        callback = msgspec.structs.replace(callback, number=_mask(callback.number))
    return msgspec.structs.replace(
        row,
        customer_number=_mask(row.customer_number),
        consult=consult,
        failed_handover=failed,
        callback=callback,
        data=masked_data(row.data) if row.data else row.data,
    )


def _mask(number: str | None) -> str | None:
    return None if number is None else mask_number(number)


def _unwatched(row: InteractionRow) -> InteractionRow:
    return msgspec.structs.replace(row, monitors=()) if row.monitors else row


def _colleague(row: AgentRow) -> Colleague:
    """Return what every agent may know: not that a lead is listening to somebody just now."""
    state = AgentState.NOT_READY if row.state is AgentState.MONITORING else row.state
    return Colleague(id=row.id, name=row.name, state=state)


def _glance(row: QueueRow) -> QueueGlance:
    return QueueGlance(
        id=row.id, name=row.name, name_en=row.name_en, waiting=row.waiting, agents_ready=row.agents_ready
    )
