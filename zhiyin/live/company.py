"""One company's desks and what they are told.

What concerns an agent itself (its state, its own contacts) is sent at once. What concerns everybody is gathered for a
moment that grows with the number of desks, made and serialised once for each audience, and sent to all: so a busy hour
of a thousand desks costs no more frames than the wire and this process can bear.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from zhiyin.contracts.frames import BoardUpdate
from zhiyin.live.boards import Audience, Change, CompanyBoard, Gathered
from zhiyin.live.desks import Desk
from zhiyin.live.messages import SettingsChanged, Update, to_text

#: A frame to one desk costs about 25 µs of this process: a tenth of its time may go into what concerns everybody.
GATHER_PER_DESK_S = 0.000_25
GATHER_AT_MOST_S = 0.5


class Company:
    """The board of one company and the desks that look at it."""

    def __init__(self) -> None:
        self.desks: set[Desk] = set()
        self._board = CompanyBoard()
        #: whether the engine has ever told this company's board
        self.is_known = False
        self._is_fresh = False
        self._gathered = Gathered()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_gathering(self) -> bool:
        """Whether something that concerns everybody has yet to be sent."""
        return self._timer is not None

    def add(self, desk: Desk) -> None:
        self.desks.add(desk)

    def remove(self, desk: Desk) -> None:
        self.desks.discard(desk)

    def expect_fresh_board(self) -> None:
        """The engine is a new one: its first word is sent to every desk as a whole, changed or not."""
        self._is_fresh = False

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def tell(self, text: str) -> None:
        for desk in self.desks:
            desk.outbox.put(text)

    def nudge(self, users: tuple[int, ...] | None, text: str) -> None:
        """Send a hint to the desks of these users, or (None) of everybody."""
        wanted = None if users is None else frozenset(users)
        for desk in self.desks:
            if wanted is None or desk.ticket.user in wanted:
                desk.outbox.put(text)

    def take(self, update: BoardUpdate) -> None:
        """Take an update of the engine and pass it on."""
        self.is_known = True
        change = self._board.apply(update)
        if not self._is_fresh or change.is_replaced:
            self._is_fresh = True
            self._gathered = Gathered()
            for desk in self.desks:
                self.send_snapshot(desk)
            return
        now = datetime.now(UTC)
        for desk in self.desks:
            if desk.agent in change.touched:
                self._send_own(desk, now)
        if change.settings_version is not None:
            self.tell(to_text(SettingsChanged(version=change.settings_version)))
        self._gather(change)

    def send_snapshot(self, desk: Desk) -> None:
        """Send all that the desk may see, and which settings it was made with."""
        snapshot = self._board.snapshot(desk.audience, agent=desk.agent, now=datetime.now(UTC))
        desk.me, desk.mine = snapshot.me, snapshot.mine
        desk.outbox.put(to_text(snapshot))
        desk.outbox.put(to_text(SettingsChanged(version=self._board.settings_version)))

    def _send_own(self, desk: Desk, now: datetime) -> None:
        """Send the agent's own state and contacts, as far as they changed."""
        me, mine = self._board.agent(desk.agent), desk.audience.rows(self._board.mine(desk.agent))
        before = {row.id: row for row in desk.mine}
        changed = tuple(row for row in mine if before.get(row.id) != row)
        lost = tuple(before.keys() - {row.id for row in mine})
        if me == desk.me and not (changed or lost):
            return
        is_on_board = desk.audience.sees_board and any(self._board.has_interaction(one) for one in lost)
        is_limited = desk.audience.teams is not None and bool(changed or lost)
        if is_on_board or is_limited:
            # "gone" would take the contact off the board as well, where it still is; and what stands on the board of
            # some teams changes with what the reader works on.
            self.send_snapshot(desk)
            return
        own = Update(now=now, number=self._board.number, mine=changed, gone=lost)
        if me is not None and me != desk.me:
            own = Update(now=now, number=self._board.number, me=me, mine=changed, gone=lost)
        desk.me, desk.mine = me, mine
        desk.outbox.put(to_text(own))

    # --- what concerns everybody

    def _gather(self, change: Change) -> None:
        self._gathered.add(change)
        if self._timer is None and self._gathered and self.desks:
            delay_s = min(GATHER_AT_MOST_S, len(self.desks) * GATHER_PER_DESK_S)
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._send_gathered)

    def _send_gathered(self) -> None:
        self._timer = None
        change = self._board.rows_of(self._gathered)
        self._gathered = Gathered()
        now = datetime.now(UTC)
        texts: dict[Audience, str | None] = {}
        for desk in self.desks:
            if desk.audience not in texts:
                common = change.common(desk.audience, now=now)
                texts[desk.audience] = None if common is None else to_text(common)
            if (text := texts[desk.audience]) is not None:
                desk.outbox.put(text)
