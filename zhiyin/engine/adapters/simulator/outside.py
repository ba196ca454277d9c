"""The world outside as told by who simulates: answers at once or after a while, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from zhiyin.contracts.external_services import DatabaseSetting
from zhiyin.engine.outside_port import HttpAnswer, HttpCall, OutsideFailed, OutsideSocket, SocketCall

Row = Mapping[str, Any] | None


def _no_socket(_call: SocketCall) -> OutsideSocket:
    raise OutsideFailed("unreachable")


class SimulatedOutside:
    """``answer``, ``socket`` and ``row`` say what comes, or raise ``OutsideFailed``; ``takes_s`` how long it takes.

    ``asked`` is what came; ``at_once`` how many wait now, ``most_at_once`` how many there were.
    """

    def __init__(self) -> None:
        self.answer: Callable[[HttpCall], HttpAnswer] = lambda _call: HttpAnswer(200, "application/json", b"{}")
        self.row: Callable[[str, Mapping[str, str]], Row] = lambda _query, _parameters: None
        self.socket: Callable[[SocketCall], OutsideSocket] = _no_socket
        self.opened: list[SocketCall] = []
        self.takes_s = 0.05
        self.asked: list[HttpCall | tuple[str, Mapping[str, str]]] = []
        self.at_once = self.most_at_once = 0

    async def call(self, call: HttpCall, *, company: int, within_s: float) -> HttpAnswer:  # noqa: ARG002 - the protocol's
        await self._wait(call, within_s)
        return self.answer(call)

    async def open_socket(self, call: SocketCall, *, company: int, within_s: float) -> OutsideSocket:  # noqa: ARG002
        self.opened.append(call)
        return self.socket(call)

    async def query(
        self,
        database: DatabaseSetting,  # noqa: ARG002 - the protocol's
        query: str,
        parameters: Mapping[str, str],
        *,
        company: int,  # noqa: ARG002
        within_s: float,
    ) -> Row:
        await self._wait((query, parameters), within_s)
        return self.row(query, parameters)

    async def _wait(self, asked: HttpCall | tuple[str, Mapping[str, str]], within_s: float) -> None:
        self.asked.append(asked)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(min(self.takes_s, within_s))
        finally:
            self.at_once -= 1
        if self.takes_s > within_s:
            raise OutsideFailed("late")
