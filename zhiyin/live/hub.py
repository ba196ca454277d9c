"""Which desks are open, on one link to the engine; whose desk is open is reported to the engine."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from datetime import UTC, datetime

from zhiyin.contracts.commands import Command, DeskConnected
from zhiyin.contracts.frames import BoardUpdate, Nudged, Reply
from zhiyin.contracts.links import PartLink
from zhiyin.contracts.rights import READ_LIVE, READ_NUMBERS, SUPERVISE_CALLS
from zhiyin.contracts.tickets import Ticket
from zhiyin.live.boards import Audience
from zhiyin.live.company import Company
from zhiyin.live.desks import Desk, Outbox
from zhiyin.live.engine_link import EngineLink
from zhiyin.live.messages import NudgeMessage, Stale, to_text

#: A page that is reloaded is back within this time; until then the agent's desk counts as open.
DESK_GRACE_S = 6.0


class Hub:
    """All desks of all companies."""

    def __init__(self, engine: PartLink, *, desk_grace_s: float = DESK_GRACE_S) -> None:
        self.link = EngineLink(
            engine,
            on_board=self._take,
            on_up=self._engine_up,
            on_down=self._engine_down,
            on_nudge=self._nudge,
        )
        self._desk_grace_s = desk_grace_s
        self._companies: dict[int, Company] = {}
        self._numbers = itertools.count(1)
        #: the engine remembers request ids, also those of this program before a restart
        self._boot = secrets.token_hex(6)
        self._away_since: datetime | None = datetime.now(UTC)
        #: (tenant, agent) whose desk counts as open; the timer runs when the last socket has closed
        self._present: dict[tuple[int, int], asyncio.TimerHandle | None] = {}
        self._tasks: set[asyncio.Task[Reply]] = set()

    def start(self) -> None:
        self.link.start()

    async def stop(self) -> None:
        for timer in self._present.values():
            if timer is not None:
                timer.cancel()
        for company in self._companies.values():
            company.close()
        await self.link.stop()
        for task in list(self._tasks):
            task.cancel()

    # --- desks

    def open_desk(self, ticket: Ticket) -> Desk:
        """Admit a socket: its first messages are the snapshot and the settings' version, or that the engine is away."""
        audience = Audience(
            sees_board=READ_LIVE in ticket.rights,
            is_clear=READ_NUMBERS in ticket.rights,
            sees_monitors=SUPERVISE_CALLS in ticket.rights,
            teams=None if (teams := ticket.reach.get(READ_LIVE)) is None else frozenset(teams),
            reader=ticket.agent if READ_LIVE in ticket.reach else None,
        )
        desk = Desk(number=next(self._numbers), ticket=ticket, audience=audience, outbox=Outbox())
        company = self._companies.setdefault(ticket.tenant, Company())
        company.add(desk)
        if company.is_known or self._away_since is None:
            company.send_snapshot(desk)
        if self._away_since is not None:
            desk.outbox.put(to_text(Stale(since=self._away_since)))
        if ticket.agent is not None:
            self._came(ticket.tenant, ticket.agent)
        return desk

    def close_desk(self, desk: Desk) -> None:
        company = self._companies[desk.ticket.tenant]
        company.remove(desk)
        if desk.agent is not None and not any(other.agent == desk.agent for other in company.desks):
            self._left(desk.ticket.tenant, desk.agent)

    async def ask(self, desk: Desk, command: Command, *, request_id: str) -> Reply:
        """Forward a desk's command in its user's name; a browser's ids are told apart from other sockets'."""
        ticket = desk.ticket
        unique = f"{self._boot}:{desk.number}:{request_id}"
        return await self.link.ask(command, request_id=unique, tenant=ticket.tenant, actor=ticket.user)

    # --- the engine

    def _take(self, update: BoardUpdate) -> None:
        self._companies.setdefault(update.tenant, Company()).take(update)
        if update.board is None and update.settings_version is not None:
            # Agents or queues may have been deleted: only the whole board shows it.
            self.link.subscribe()

    def _nudge(self, nudge: Nudged) -> None:
        company = self._companies.get(nudge.tenant)
        if company is not None:
            company.nudge(nudge.users, to_text(NudgeMessage(topic=nudge.topic)))

    def _engine_up(self) -> None:
        self._away_since = None
        for company in self._companies.values():
            company.expect_fresh_board()
        for tenant, agent in self._present:
            self._report(tenant, agent, is_connected=True)

    def _engine_down(self) -> None:
        self._away_since = datetime.now(UTC)
        for company in self._companies.values():
            company.tell(to_text(Stale(since=self._away_since)))

    # --- presence

    def _came(self, tenant: int, agent: int) -> None:
        is_known = (tenant, agent) in self._present
        timer = self._present.get((tenant, agent))
        if timer is not None:
            timer.cancel()
        self._present[tenant, agent] = None
        if not is_known:
            self._report(tenant, agent, is_connected=True)

    def _left(self, tenant: int, agent: int) -> None:
        loop = asyncio.get_running_loop()
        self._present[tenant, agent] = loop.call_later(self._desk_grace_s, self._gone, tenant, agent)

    def _gone(self, tenant: int, agent: int) -> None:
        self._present.pop((tenant, agent), None)
        self._report(tenant, agent, is_connected=False)

    def _report(self, tenant: int, agent: int, *, is_connected: bool) -> None:
        if not self.link.is_up:
            return  # told when the engine is back, for whoever is present then
        command = DeskConnected(agent=agent, is_connected=is_connected)
        request_id = f"{self._boot}:presence:{next(self._numbers)}"
        task = asyncio.create_task(self.link.ask(command, request_id=request_id, tenant=tenant, actor=None))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
