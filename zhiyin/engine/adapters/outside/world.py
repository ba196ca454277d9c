"""Implements ``OutsideWorld``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from zhiyin.contracts.external_services import DatabaseSetting
from zhiyin.engine.adapters.outside.database import DatabaseReader
from zhiyin.engine.adapters.outside.http import HttpCaller
from zhiyin.engine.adapters.outside.names import Names
from zhiyin.engine.adapters.outside.sockets import SocketOpener
from zhiyin.engine.outside_port import HttpAnswer, HttpCall, OutsideSocket, SocketCall


class RealOutside:
    def __init__(self, internal_hosts: Collection[str]) -> None:
        self._names = Names(internal_hosts)
        self._http = HttpCaller(self._names)
        self._sockets = SocketOpener(self._names)
        self._databases = DatabaseReader(self._names)

    async def call(self, call: HttpCall, *, company: int, within_s: float) -> HttpAnswer:
        return await self._http.call(call, company=company, within_s=within_s)

    async def open_socket(self, call: SocketCall, *, company: int, within_s: float) -> OutsideSocket:
        return await self._sockets.open(call, company=company, within_s=within_s)

    async def query(
        self, database: DatabaseSetting, query: str, parameters: Mapping[str, str], *, company: int, within_s: float
    ) -> Mapping[str, Any] | None:
        return await self._databases.query(database, query, parameters, company=company, within_s=within_s)

    def close(self) -> None:
        self._names.close()
