"""Whether the login behind an open socket still holds: logged out, switched off, other rights, another password.

A ticket is good for hours; a login may end before. The browser's session cookie came with the socket's first request,
so ``web`` can be asked from time to time what it would grant now. A ``web`` that is away ends nobody's work.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from weakref import WeakValueDictionary

import msgspec
import structlog

from zhiyin.contracts.tickets import BadTicket, Ticket, read_ticket

log = structlog.get_logger(__name__)

CHECK_EVERY_S = 60.0
#: A ticket lives for half a day: this is far more logins than end in that time.
MAX_ENDED = 50_000
REFUSALS = frozenset({401, 403})

#: Asks ``web`` for a path with a cookie; status and body, or None when it cannot be reached.
AskWeb = Callable[[str, str], Awaitable[tuple[int, bytes] | None]]


class _Granted(msgspec.Struct, frozen=True):
    ticket: str


class EndedSessions:
    """The logins that ended by logging out here: their sockets close at once, their tickets are refused.

    A front that restarts forgets them; a ticket that is replayed with the browser's cookie is then still found out by
    ``Logins``.
    """

    def __init__(self) -> None:
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._waiting: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    def __contains__(self, session: str) -> bool:
        return session in self._ended

    def end(self, session: str) -> None:
        if not session:
            return
        self._ended[session] = None
        if len(self._ended) > MAX_ENDED:
            self._ended.popitem(last=False)
        if (event := self._waiting.get(session)) is not None:
            event.set()

    async def until_ended(self, session: str) -> None:
        event = self._waiting.get(session)
        if event is None:
            event = self._waiting[session] = asyncio.Event()
        await event.wait()


class Logins:
    """Watches logins by asking ``web`` for the ticket it would give now."""

    def __init__(self, *, ask_web: AskWeb, ticket_key: bytes, every_s: float = CHECK_EVERY_S) -> None:
        self.ended = EndedSessions()
        self._ask_web = ask_web
        self._ticket_key = ticket_key
        self._every_s = every_s

    async def until_over(self, ticket: Ticket, cookie: str) -> None:
        """Return once the login has ended or grants something else. Desks ask at different moments."""
        while True:
            await asyncio.sleep(self._every_s * random.uniform(0.7, 1.3))  # noqa: S311 - spreads load, hides nothing
            if not await self._still_holds(ticket, cookie):
                return

    async def _still_holds(self, ticket: Ticket, cookie: str) -> bool:
        answer = await self._ask_web("/api/ticket", cookie)
        if answer is None:
            return True
        status, body = answer
        if status in REFUSALS:
            return False
        if status != 200:
            return True
        try:
            granted = msgspec.json.decode(body, type=_Granted)
            now = read_ticket(granted.ticket, self._ticket_key, now=datetime.now(UTC))
        except (msgspec.MsgspecError, BadTicket) as error:
            log.error("ticket_unreadable", why=repr(error))
            return True
        return _what_it_grants(now) == _what_it_grants(ticket)


def _what_it_grants(ticket: Ticket) -> tuple[object, ...]:
    return ticket.tenant, ticket.user, ticket.agent, frozenset(ticket.rights), ticket.reach
