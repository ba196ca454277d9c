"""Hears whose telephone comes and goes: a subscription to each telephone, in an application of its own.

Not to all endpoints at once: Asterisk then writes every message of every channel of theirs as JSON in one queue before
its event filter drops it. Callers who are only refused, 450 a second, filled that queue until Asterisk took no request
of anybody any more ("high water mark").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from zhiyin.engine.adapters.asterisk import messages
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.adapters.asterisk.facts import is_telephone

NOT_FOUND, CONFLICT, UNPROCESSABLE = 404, 409, 422
#: Names in one request: it must fit into Asterisk's longest line of HTTP (4,096 bytes).
AT_ONCE = 40


class TelephoneWatch:
    """``on_states`` is given the states that are news, or may be; ``is_known`` says whether an account's was told."""

    def __init__(
        self,
        *,
        ari: AriClient,
        application: str,
        on_states: Callable[[Iterable[messages.Endpoint]], None],
        is_known: Callable[[str], bool],
    ) -> None:
        self._ari = ari
        self._is_known = is_known
        self._application = application
        self._on_states = on_states
        self._watched: set[str] = set()

    async def start(self) -> list[messages.Endpoint]:
        """After each connect: watch all that Asterisk knows, and return their states since."""
        self._watched.clear()
        await self._unsubscribe("endpoint:PJSIP")  # as engines did before this one
        accounts = [endpoint.resource for endpoint in await self._list() if is_telephone(endpoint)]
        for first in range(0, len(accounts), AT_ONCE):
            await self._subscribe(accounts[first : first + AT_ONCE])
        return await self._list()

    async def add(self, account: str) -> None:
        """Watch a telephone that was just made; it may have been registered before."""
        if account in self._watched:
            return
        await self._subscribe([account])
        known = await self._ari.request("GET", f"endpoints/PJSIP/{account}")
        if known.is_ok and not self._is_known(account):  # else an event came meanwhile, which is newer
            self._on_states((known.read(messages.Endpoint),))

    async def remove(self, account: str) -> None:
        """Before a telephone is removed: a subscription to one that is gone would not be taken for its successor."""
        self._watched.discard(account)
        await self._unsubscribe(f"endpoint:PJSIP/{account}")

    async def _unsubscribe(self, source: str) -> None:
        """Asterisk counts subscriptions, keeps them from one connection to the next, and takes one away at a time."""
        path = f"applications/{self._application}/subscription?{urlencode({'eventSource': source})}"
        while (answer := await self._ari.aside("DELETE", path)).is_ok:
            pass
        answer.expect(NOT_FOUND, CONFLICT, UNPROCESSABLE)

    async def _subscribe(self, accounts: list[str]) -> None:
        query = urlencode(_sources(accounts))
        # Beside the websocket: the answer lists every telephone that is watched.
        answer = await self._ari.aside("POST", f"applications/{self._application}/subscription?{query}")
        if answer.status != UNPROCESSABLE:
            answer.expect()
            self._watched.update(accounts)
        elif len(accounts) > 1:  # Asterisk still lists endpoints that were removed, and then takes none of the names
            half = len(accounts) // 2
            await self._subscribe(accounts[:half])
            await self._subscribe(accounts[half:])

    async def _list(self) -> list[messages.Endpoint]:
        (listed,) = await self._ari.lists("endpoints/PJSIP")
        return listed.read(list[messages.Endpoint])


def _sources(accounts: list[str]) -> dict[str, str]:
    return {"eventSource": ",".join(f"endpoint:PJSIP/{account}" for account in accounts)}
