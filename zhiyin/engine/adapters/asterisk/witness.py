"""Which engine leads, as Asterisk was told: a global that outlives the engines, asked over a line of its own.

The manager's line, not the websocket: a new websocket would take the applications from the engine that has them. It
passes no gate, for it is what opens one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from zhiyin.engine.adapters.asterisk.address import AsteriskAddress
from zhiyin.engine.adapters.asterisk.errors import AriError
from zhiyin.engine.adapters.asterisk.manager import ManagerClient
from zhiyin.engine.leader import TERM
from zhiyin.engine.ports import TelephonyAway

TIMEOUT_S = 0.8


class AsteriskWitness:
    """Implements ``Witness`` over one Asterisk or several: whoever reaches any of them is heard."""

    def __init__(self, addresses: Iterable[AsteriskAddress]) -> None:
        self._managers = [
            ManagerClient(
                url=address.url,
                user=address.manager_user,
                password=address.manager_password,
                tls=address.tls,
                timeout_s=TIMEOUT_S,
            )
            for address in addresses
        ]

    async def newest_term(self) -> int:
        return max(await self._of_each(_read))

    async def announce_term(self, term: int) -> None:
        async def announce(manager: ManagerClient) -> int:
            if term > await _read(manager):
                await manager.act("Setvar", Variable=TERM, Value=str(term))
            return term

        await self._of_each(announce)

    async def close(self) -> None:
        for manager in self._managers:
            await manager.close()

    async def _of_each(self, ask: Callable[[ManagerClient], Awaitable[int]]) -> list[int]:
        answers = await asyncio.gather(*(ask(manager) for manager in self._managers), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, AriError):
                raise answer
        found = [answer for answer in answers if isinstance(answer, int)]
        if not found:
            raise TelephonyAway("no Asterisk answers the manager")
        return found


async def _read(manager: ManagerClient) -> int:
    answer = await manager.act("Getvar", Variable=TERM)
    told = answer.messages[0].get("Value", "") if answer.messages else ""
    return int(told) if told.isdecimal() else 0
