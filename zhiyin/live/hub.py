"""Which desks are open, and what each is told: every company's board fanned out, and presence reported to the engine.

A message for all desks of one audience is made and serialised once. A desk reads at its own speed from a bounded
outbox; one that does not keep up is dropped and comes back to a fresh snapshot.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from zhiyin.contracts.commands import BoardUpdate, Command, DeskConnected, Reply
from zhiyin.contracts.snapshots import InteractionRow
from zhiyin.contracts.tickets import Ticket
from zhiyin.live.boards import Audience, Change, CompanyBoard
from zhiyin.live.engine_link import EngineLink
from zhiyin.live.messages import SettingsChanged, Stale, Update, to_text

MAX_UNREAD_MESSAGES = 500
MAX_UNREAD_CHARACTERS = 4_000_000
#: A page that is reloaded is back within this time; until then the agent's desk counts as open.
DESK_GRACE_S = 6.0
READ_BOARD, READ_NUMBERS = "live.read", "numbers.clear"


class Outbox:
    """Messages for one socket. ``put`` never waits; a full outbox is emptied for good, and ``overrun`` set."""

    def __init__(self) -> None:
        self._messages: deque[str] = deque()
        self._characters = 0
        self._changed = asyncio.Event()
        self.overrun = asyncio.Event()

    def put(self, text: str) -> None:
        if self.overrun.is_set():
            return
        self._messages.append(text)
        self._characters += len(text)
        if len(self._messages) > MAX_UNREAD_MESSAGES or self._characters > MAX_UNREAD_CHARACTERS:
            self.overrun.set()
            self._messages.clear()
        self._changed.set()

    async def take(self) -> str:
        """Return the next message, waiting for it."""
        while not self._messages:
            self._changed.clear()
            await self._changed.wait()
        text = self._messages.popleft()
        self._characters -= len(text)
        return text


@dataclass(eq=False, slots=True)
class Desk:
    """One open socket. ``mine``: the contacts the browser was last told to be its own."""

    number: int
    ticket: Ticket
    audience: Audience
    outbox: Outbox
    mine: tuple[InteractionRow, ...] = ()

    @property
    def agent(self) -> int | None:
        return self.ticket.agent


class Hub:
    """All desks of all companies, on one link to the engine."""

    def __init__(self, engine_socket: Path, *, desk_grace_s: float = DESK_GRACE_S) -> None:
        self.link = EngineLink(engine_socket, on_board=self._take, on_up=self._engine_up, on_down=self._engine_down)
        self._desk_grace_s = desk_grace_s
        self._boards: dict[int, CompanyBoard] = {}
        self._desks: dict[int, set[Desk]] = {}
        self._numbers = itertools.count(1)
        #: the engine remembers request ids, also those of this program before a restart
        self._boot = secrets.token_hex(6)
        self._away_since: datetime | None = datetime.now(UTC)
        #: companies whose desks wait for the board since the engine came back
        self._to_refresh: set[int] = set()
        #: (tenant, agent) with a desk open, as the engine was told
        self._present: dict[tuple[int, int], asyncio.TimerHandle | None] = {}
        self._tasks: set[asyncio.Task[Reply]] = set()

    def start(self) -> None:
        self.link.start()

    async def stop(self) -> None:
        for timer in self._present.values():
            if timer is not None:
                timer.cancel()
        await self.link.stop()
        for task in list(self._tasks):
            task.cancel()

    @property
    def desk_count(self) -> int:
        return sum(len(desks) for desks in self._desks.values())

    # --- desks

    def open_desk(self, ticket: Ticket) -> Desk:
        """Admit a socket: its first messages are the snapshot and the settings' version, or that the engine is away."""
        audience = Audience(sees_board=READ_BOARD in ticket.rights, is_clear=READ_NUMBERS in ticket.rights)
        desk = Desk(number=next(self._numbers), ticket=ticket, audience=audience, outbox=Outbox())
        self._desks.setdefault(ticket.tenant, set()).add(desk)
        board = self._boards.get(ticket.tenant)
        if board is not None or self._away_since is None:
            self._send_snapshot(desk, board or CompanyBoard(), datetime.now(UTC))
        if self._away_since is not None:
            desk.outbox.put(to_text(Stale(since=self._away_since)))
        if ticket.agent is not None:
            self._came(ticket.tenant, ticket.agent)
        return desk

    def close_desk(self, desk: Desk) -> None:
        tenant = desk.ticket.tenant
        desks = self._desks.get(tenant, set())
        desks.discard(desk)
        if not desks:
            self._desks.pop(tenant, None)
        if desk.agent is not None and not any(other.agent == desk.agent for other in desks):
            self._left(tenant, desk.agent)

    async def ask(self, desk: Desk, command: Command, *, request_id: str) -> Reply:
        """Forward a desk's command in its user's name; a browser's ids are told apart from other sockets'."""
        ticket = desk.ticket
        unique = f"{self._boot}:{desk.number}:{request_id}"
        return await self.link.ask(command, request_id=unique, tenant=ticket.tenant, actor=ticket.user)

    # --- the board

    def _take(self, update: BoardUpdate) -> None:
        is_first = update.tenant not in self._boards or update.tenant in self._to_refresh
        self._to_refresh.discard(update.tenant)
        board = self._boards.setdefault(update.tenant, CompanyBoard())
        change = board.apply(update)
        desks = self._desks.get(update.tenant, ())
        if desks and (change is not None or is_first):
            self._fan_out(board, change, desks, now=datetime.now(UTC), is_first=is_first)
        if update.board is None and update.settings_version is not None:
            # Agents or queues may have been deleted: only the whole board shows it.
            self.link.subscribe()

    def _fan_out(
        self, board: CompanyBoard, change: Change | None, desks: Iterable[Desk], *, now: datetime, is_first: bool
    ) -> None:
        texts: dict[Audience, str | None] = {}
        for desk in desks:
            if change is None or change.is_replaced or is_first:
                self._send_snapshot(desk, board, now)
                continue
            if desk.agent in change.touched and self._send_own(desk, board, change, now):
                continue
            if desk.audience not in texts:
                common = change.common(desk.audience, now=now)
                texts[desk.audience] = None if common is None else to_text(common)
            if (text := texts[desk.audience]) is not None:
                desk.outbox.put(text)
        if change is not None and change.settings_version is not None and not is_first:
            text = to_text(SettingsChanged(version=change.settings_version))
            for desk in desks:
                desk.outbox.put(text)

    def _send_own(self, desk: Desk, board: CompanyBoard, change: Change, now: datetime) -> bool:
        """Send the common update with the desk's own rows in it; False when nothing of its own changed."""
        mine = desk.audience.rows(board.mine(desk.agent))
        before = {row.id: row for row in desk.mine}
        changed = tuple(row for row in mine if before.get(row.id) != row)
        lost = tuple(before.keys() - {row.id for row in mine})
        me = next((row for row in change.agents if row.id == desk.agent), None)
        if not (changed or lost or me):
            return False
        desk.mine = mine
        if desk.audience.sees_board and any(board.has_interaction(one) for one in lost):
            # "gone" would take the contact off the board as well, where it still is.
            self._send_snapshot(desk, board, now)
            return True
        common = change.common(desk.audience, now=now) or Update(now=now, number=change.number)
        own = Update(
            now=now,
            number=change.number,
            me=me if me is not None else common.me,
            mine=changed,
            gone=tuple(dict.fromkeys((*common.gone, *lost))),
            agents=common.agents,
            interactions=common.interactions,
            queues=common.queues,
            colleagues=common.colleagues,
        )
        desk.outbox.put(to_text(own))
        return True

    def _send_snapshot(self, desk: Desk, board: CompanyBoard, now: datetime) -> None:
        snapshot = board.snapshot(desk.audience, agent=desk.agent, now=now)
        desk.mine = snapshot.mine
        desk.outbox.put(to_text(snapshot))
        desk.outbox.put(to_text(SettingsChanged(version=board.settings_version)))

    # --- the engine comes and goes

    def _engine_up(self) -> None:
        self._away_since = None
        self._to_refresh = set(self._desks)
        for tenant, agent in self._present:
            self._report(tenant, agent, is_connected=True)

    def _engine_down(self) -> None:
        self._away_since = datetime.now(UTC)
        text = to_text(Stale(since=self._away_since))
        for desks in self._desks.values():
            for desk in desks:
                desk.outbox.put(text)

    # --- presence

    def _came(self, tenant: int, agent: int) -> None:
        known = (tenant, agent) in self._present
        timer = self._present.get((tenant, agent))
        if timer is not None:
            timer.cancel()
        self._present[tenant, agent] = None
        if not known:
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
