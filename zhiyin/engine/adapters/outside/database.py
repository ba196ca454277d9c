"""One row of another PostgreSQL: read only, one statement, bounded on both sides."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Any

import msgspec
import psycopg

from zhiyin.contracts.external_services import DatabaseSetting
from zhiyin.engine.adapters.outside.names import Names
from zhiyin.engine.outside_port import MAX_ANSWER_BYTES, OutsideFailed

_PLACE = re.compile(r"\{\{\s*([^\W\d]\w{0,39})\s*\}\}")
_MOST_CONNECT_S = 4
#: those that Python trusts; libpq's own are looked for where a wheel has none
_AUTHORITIES = ssl.get_default_verify_paths().cafile or "system"
_LATE = "57014"  # query_canceled: by statement_timeout
_NO_LOGIN = ("28", "3D")
_NO_STATEMENT = ("42", "25", "0A")


class DatabaseReader:
    def __init__(self, names: Names) -> None:
        self._names = names

    async def query(
        self, database: DatabaseSetting, query: str, parameters: Mapping[str, str], *, company: int, within_s: float
    ) -> Mapping[str, Any] | None:
        """Return the first row of a query, None where there is none. Raises ``OutsideFailed``."""
        address = await self._names.address_of(database.host, database.port, company=company)
        try:
            async with await self._connect(database, address, within_s) as connection:
                cursor = await connection.execute(_bounded(query), _bound(query, parameters), prepare=True)
                row = await cursor.fetchone()
        except psycopg.Error as error:
            raise OutsideFailed(_cause_of(error)) from None  # its words may hold what the caller typed
        return _read(row[0]) if row is not None else None

    async def _connect(
        self, database: DatabaseSetting, address: str, within_s: float
    ) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        milliseconds = max(1, round(within_s * 1000))
        return await psycopg.AsyncConnection.connect(
            host=database.host,
            hostaddr=address,
            port=database.port,
            dbname=database.database,
            user=database.username,
            password=database.secret,
            sslmode=database.tls,
            sslrootcert=_AUTHORITIES if database.tls == "verify-full" else None,
            connect_timeout=max(2, min(_MOST_CONNECT_S, round(within_s))),
            tcp_user_timeout=milliseconds,
            application_name="zhiyin-flows",
            passfile="/nonexistent",
            options=f"-c statement_timeout={milliseconds} -c default_transaction_read_only=on",
        )


def _bounded(query: str) -> bytes:
    """Wrap a query so that it can be nothing but one, and answers one row of bounded size, whatever it finds."""
    places = _PLACE.sub(lambda place: f"%({place[1]})s", query.strip().rstrip(";").replace("%", "%%"))
    return f"SELECT left(to_jsonb(answer)::text, {MAX_ANSWER_BYTES + 1}) FROM (\n{places}\n) AS answer LIMIT 1".encode()  # noqa: S608 - the statement is an administrator's; values are bound


def _bound(query: str, parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: parameters.get(name, "").replace("\0", "") for name in _PLACE.findall(query)}


def _read(text: str) -> Mapping[str, Any]:
    if len(text) > MAX_ANSWER_BYTES:
        raise OutsideFailed("too_large")
    row: dict[str, Any] = msgspec.json.decode(text)
    return row


def _cause_of(error: psycopg.Error) -> str:
    state = error.sqlstate or ""
    if state == _LATE or isinstance(error, psycopg.errors.ConnectionTimeout):
        return "late"
    if state.startswith(_NO_LOGIN):
        return "refused_login"
    if state.startswith(_NO_STATEMENT):
        return "bad_statement"
    if state.startswith("22"):
        return "wrong_type"
    return "unreachable" if isinstance(error, psycopg.OperationalError) else "broken"
