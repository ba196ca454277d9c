"""Which telephone is registered at which node, and whether it can be reached at all.

A browser registers at every node by itself (``live`` sees to it). A SIP telephone registers at one node through the
edge; its contact is valid for every node, and outlives the node until the telephone must have registered again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

#: A SIP telephone behind the edge registers again at least this often.
EXPIRES_S = 120
#: So long it counts as reachable after its node went, if it does not register elsewhere.
KEPT_S = EXPIRES_S + 30.0


class Registrations:
    """Each change returns the accounts that came into reach (True) or left it (False) by it."""

    def __init__(self, *, on_expired: Callable[[str], None]) -> None:
        self._on_expired = on_expired
        self._nodes: dict[str, set[str]] = {}  # account -> nodes
        self._contacts: dict[str, str] = {}
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._came = asyncio.Event()

    def is_at(self, node: str, account: str) -> bool:
        return node in self._nodes.get(account, ())

    def contact(self, account: str) -> str | None:
        """Return the URI by which the edge reaches a SIP telephone, whichever node it registered at."""
        return self._contacts.get(account)

    def note(self, node: str, account: str, *, is_registered: bool) -> Mapping[str, bool]:
        """A node tells that a telephone registered there or left. One told again is told on again."""
        nodes = self._nodes.setdefault(account, set())
        if is_registered:
            nodes.add(node)
            self._stop_expiry(account)
            self._wake()
            return {account: True}
        if node not in nodes:
            return {}
        nodes.discard(node)
        if nodes:
            return {}
        self.forget(account)
        return {account: False}

    def learn(self, account: str, contact: str) -> None:
        """A SIP telephone's contact, while it is registered anywhere."""
        if self._nodes.get(account):
            self._contacts[account] = contact

    def forget(self, account: str) -> None:
        self._nodes.pop(account, None)
        self._contacts.pop(account, None)
        self._stop_expiry(account)

    def node_went(self, node: str) -> Mapping[str, bool]:
        """Browsers that were registered there alone are out of reach; a SIP telephone is still behind the edge."""
        gone = {}
        for account, nodes in list(self._nodes.items()):
            if node not in nodes:
                continue
            nodes.discard(node)
            if nodes:
                continue
            if account in self._contacts:
                loop = asyncio.get_running_loop()
                self._expiries[account] = loop.call_later(KEPT_S, self._expire, account)
            else:
                self.forget(account)
                gone[account] = False
        return gone

    def close(self) -> None:
        """Stop all timers."""
        for account in tuple(self._expiries):
            self._stop_expiry(account)

    async def wait(self, node: str, account: str, *, within_s: float) -> bool:
        """Return whether the telephone registers at the node in time."""
        try:
            async with asyncio.timeout(within_s):
                while not self.is_at(node, account):
                    await self._came.wait()
        except TimeoutError:
            return False
        return True

    def _expire(self, account: str) -> None:
        self.forget(account)
        self._on_expired(account)

    def _stop_expiry(self, account: str) -> None:
        if timer := self._expiries.pop(account, None):
            timer.cancel()

    def _wake(self) -> None:
        self._came.set()
        self._came = asyncio.Event()
