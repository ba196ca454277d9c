"""One open desk: whose it is, what it may see, and the messages it has not read yet."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from zhiyin.contracts.snapshots import AgentRow, InteractionRow
from zhiyin.contracts.tickets import Ticket
from zhiyin.live import metrics
from zhiyin.live.boards import Audience

MAX_UNREAD_MESSAGES = 500
MAX_UNREAD_CHARACTERS = 4_000_000


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
        metrics.DESK_MESSAGES.inc()
        self._characters += len(text)
        if len(self._messages) > MAX_UNREAD_MESSAGES or self._characters > MAX_UNREAD_CHARACTERS:
            self.overrun.set()
            metrics.OVERRUN_DESKS.inc()
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
    """One open socket. ``me`` and ``mine``: the agent's state and contacts as the browser was last told."""

    number: int
    ticket: Ticket
    audience: Audience
    outbox: Outbox
    me: AgentRow | None = None
    mine: tuple[InteractionRow, ...] = ()

    @property
    def agent(self) -> int | None:
        return self.ticket.agent
