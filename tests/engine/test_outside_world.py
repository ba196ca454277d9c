"""The way outside, over real sockets: servers that mean no good, and a real PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from tests.harness.product import Product
from zhiyin.contracts.external_services import DatabaseSetting
from zhiyin.contracts.sealing import SecretSealer
from zhiyin.engine.adapters.outside.database import DatabaseReader
from zhiyin.engine.adapters.outside.http import HttpCaller
from zhiyin.engine.adapters.outside.names import AT_ONCE_OF_A_COMPANY, Names
from zhiyin.engine.adapters.postgres.lease import PostgresLease
from zhiyin.engine.adapters.postgres.log import PostgresLog
from zhiyin.engine.outside_port import MAX_ANSWER_BYTES, HttpAnswer, HttpCall, OutsideFailed

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    """Serve on a free port of loopback; yields the port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            serving_now.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.close()

    serving_now: set[asyncio.Task[object]] = set()
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in serving_now:
            task.cancel()
        await asyncio.gather(*serving_now, return_exceptions=True)


async def call(port: int, *, within_s: float = 1.0, path: str = "/x") -> HttpAnswer:
    caller = HttpCaller(Names({f"127.0.0.1:{port}"}))
    async with asyncio.timeout(within_s):
        return await caller.call(HttpCall("GET", f"http://127.0.0.1:{port}{path}"), company=1, within_s=within_s)


def saying(*pieces: bytes, every_s: float = 0.0, and_stays: bool = False) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if every_s:
                await asyncio.sleep(every_s)
        if and_stays:
            await reader.read()

    return serve


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


async def test_an_answer_is_read_whole() -> None:
    async with serving(saying(OK + b"Content-Length: 11\r\n\r\n", b'{"a": "b"}\n')) as port:
        answer = await call(port)
    assert (answer.status, answer.content_type, answer.body) == (200, "application/json", b'{"a": "b"}\n')


@pytest.mark.parametrize(
    ("serve", "cause"),
    [
        (saying(OK + b"\r\n", *[b"x" * 16_000] * 20, and_stays=True), "too_large"),
        (saying(b"SSH-2.0-nothing\r\n"), "broken"),
        (saying(OK + b"Content-Length: 100\r\n\r\nshort"), "broken"),
        (saying(OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n"), "broken"),
        (saying(), "broken"),
    ],
    ids=["huge", "no HTTP", "cut short", "huge header", "nothing"],
)
async def test_what_is_no_answer_is_told_as_such(serve: Serve, cause: str) -> None:
    async with serving(serve) as port:
        with pytest.raises(OutsideFailed) as failed:
            await call(port, within_s=3)
    assert failed.value.cause == cause


@pytest.mark.parametrize(
    "serve",
    [
        saying(and_stays=True),
        saying(OK + b"\r\n", *[b"x"] * 200, every_s=0.02),
        saying(*[bytes([sign]) for sign in OK], every_s=0.05),
    ],
    ids=["silent", "drips", "drips its head"],
)
async def test_who_takes_its_time_gets_no_more_than_ours(serve: Serve) -> None:
    began = time.monotonic()
    async with serving(serve) as port:
        with pytest.raises((OutsideFailed, TimeoutError)):
            await call(port, within_s=0.4)
    assert time.monotonic() - began < 3


async def test_a_redirect_is_not_followed_to_an_address_inside() -> None:
    asked: list[bytes] = []

    async def inside(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))

    async with serving(inside) as secret:
        away = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:%d/\r\n\r\n" % secret
        async with serving(saying(away)) as port:
            assert (await call(port)).status == 302
    assert asked == []


@pytest.mark.parametrize(
    ("url", "found", "cause"),
    [
        ("https://orders.example/", ["10.0.0.7"], "refused_address"),
        ("https://orders.example/", ["93.184.216.34", "127.0.0.1"], "refused_address"),
        ("https://orders.example/", ["169.254.169.254"], "refused_address"),
        ("https://orders.example/", ["::ffff:127.0.0.1"], "refused_address"),
        ("https://orders.example/", ["fe80::1"], "refused_address"),
        ("https://orders.example/", [], "unresolved"),
        ("http://orders.example/", ["93.184.216.34"], "needs_https"),
        ("https://2130706433/", ["127.0.0.1"], "internal_address"),
        ("https://127.1/", ["127.0.0.1"], "internal_address"),
        ("https://0x7f.0.0.1/", ["127.0.0.1"], "internal_address"),
        ("https://[::1]/", ["::1"], "internal_address"),
        ("https://a:b@orders.example/", ["93.184.216.34"], "credentials_in_url"),
        ("file:///etc/passwd", [], "bad_url"),
    ],
)  # fmt: skip
async def test_nothing_inside_is_asked_however_it_is_named(url: str, found: list[str], cause: str) -> None:
    caller = HttpCaller(Names(frozenset(), resolve=lambda _host, _port: found))
    with pytest.raises(OutsideFailed) as failed:
        await caller.call(HttpCall("GET", url), company=1, within_s=1)
    assert failed.value.cause == cause


async def test_a_name_is_resolved_once_and_that_very_address_is_connected_to() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    async with serving(saying(OK + b"Content-Length: 2\r\n\r\n{}")) as port:
        caller = HttpCaller(Names({f"crm.inside:{port}"}, resolve=resolve))
        answer = await caller.call(HttpCall("GET", f"http://crm.inside:{port}/"), company=1, within_s=1)
    assert (answer.status, asked) == (200, ["crm.inside"])


async def test_a_name_server_that_hangs_holds_up_its_own_company_alone() -> None:
    """Eight such look-ups of one company held up every other's."""
    hangs, asked = threading.Event(), []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        if host == "hangs.example":
            hangs.wait(20)
        return ["93.184.216.34"]

    names = Names(frozenset(), resolve=resolve)
    try:
        for _ in range(AT_ONCE_OF_A_COMPANY * 3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await names.address_of("hangs.example", 443, company=1)
        assert len(asked) == AT_ONCE_OF_A_COMPANY, "the others wait for their turn, and for no thread"
        async with asyncio.timeout(5):
            assert await names.address_of("orders.example", 443, company=2) == "93.184.216.34"
        hangs.set()
        async with asyncio.timeout(5):
            assert await names.address_of("orders.example", 443, company=1) == "93.184.216.34", "once a thread is free"
    finally:
        hangs.set()
        names.close()


async def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"no TLS here")

    async with serving(plain) as port:
        caller = HttpCaller(Names({f"127.0.0.1:{port}"}))
        with pytest.raises(OutsideFailed) as failed:
            await caller.call(HttpCall("GET", f"https://127.0.0.1:{port}/"), company=1, within_s=1)
    assert failed.value.cause == "tls"


# --- databases --------------------------------------------------------------------------------------------------


@pytest.fixture
async def database(product: Product) -> AsyncIterator[DatabaseSetting]:
    """The product's own PostgreSQL as another system's, over TCP: every byte is handed to its socket."""

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_unix_connection(str(product.run_folder / ".s.PGSQL.5432"))
        back = asyncio.create_task(_copy(there, writer))
        try:
            await _copy(reader, away)
        finally:
            back.cancel()
            away.close()  # a socket that is left to the collector is told of while pytest parses, which ends it
            await asyncio.gather(back, away.wait_closed(), return_exceptions=True)

    async with serving(relay) as port:
        yield DatabaseSetting(1, "ERP", "127.0.0.1", port, "zhiyin", "owner", "", "disable")


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()


def reader_of(database: DatabaseSetting) -> DatabaseReader:
    return DatabaseReader(Names({f"127.0.0.1:{database.port}"}))


async def test_one_row_is_read_with_bound_parameters(database: DatabaseSetting) -> None:
    reader = reader_of(database)
    query = "SELECT {{number}} AS number, 7 AS n, '5%' AS share -- {{number}}"
    hostile = "x'; DROP TABLE interaction; --"
    row = await reader.query(database, query, {"number": hostile}, company=1, within_s=5)
    assert row == {"number": hostile, "n": 7, "share": "5%"}
    assert await reader.query(database, "SELECT 1 AS n WHERE false", {}, company=1, within_s=5) is None


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        ("SELECT pg_sleep(30)", "late"),
        ("SELECT repeat('x', 1000000) AS big", "too_large"),
        ("SELECT 1 AS n FROM generate_series(1, 1000000000)", "late"),
        ("SELECT {{number}}::int AS n", "wrong_type"),
        ("SELECT * FROM no_such_table", "bad_statement"),
        ("DELETE FROM interaction RETURNING 1", "bad_statement"),
        ("WITH gone AS (DELETE FROM interaction RETURNING 1) SELECT 1 AS n", "bad_statement"),
        ("SELECT 1) AS a; DELETE FROM interaction; SELECT (1", "bad_statement"),
        ("SELECT nextval('event_log_position') AS n", "bad_statement"),
        ("SELECT set_config('default_transaction_read_only', 'off', false) AS n", ""),
    ],
    ids=["slow", "huge", "many rows", "wrong type", "no table", "delete", "delete within", "two", "writes", "tries"],
)
async def test_a_statement_is_bounded_and_writes_nothing(database: DatabaseSetting, query: str, cause: str) -> None:
    reader = reader_of(database)
    began = time.monotonic()
    found = None
    try:
        await reader.query(database, query, {"number": "no number"}, company=1, within_s=1)
    except OutsideFailed as failed:
        found = failed.cause
    assert (found or "") == cause
    assert time.monotonic() - began < 4
    assert MAX_ANSWER_BYTES < 1_000_000


async def test_a_database_that_never_answers_costs_its_time_alone() -> None:
    async with serving(saying(and_stays=True)) as port:
        silent = DatabaseSetting(1, "ERP", "127.0.0.1", port, "erp", "reader", "", "disable")
        began = time.monotonic()
        with pytest.raises((OutsideFailed, TimeoutError)):
            async with asyncio.timeout(0.5):
                await reader_of(silent).query(silent, "SELECT 1 AS n", {}, company=1, within_s=0.5)
    assert time.monotonic() - began < 3


async def test_a_database_inside_is_asked_only_where_the_operator_named_it() -> None:
    inside = DatabaseSetting(1, "ERP", "127.0.0.1", 5432, "erp", "reader")
    with pytest.raises(OutsideFailed) as failed:
        await DatabaseReader(Names(frozenset())).query(inside, "SELECT 1 AS n", {}, company=1, within_s=1)
    assert failed.value.cause == "refused_address"


async def test_customers_are_found_by_number_with_the_fields_asked_for_alone(product: Product) -> None:
    (row,) = product.rows(
        """SELECT c.tenant_id, n.number, c.name FROM customers_customer c JOIN customers_customernumber n
             ON n.customer_id = c.id WHERE c.erased_at IS NULL AND (SELECT count(*) FROM customers_customernumber o
             WHERE o.number = n.number AND o.tenant_id = n.tenant_id) = 1 LIMIT 1"""
    )
    tenant, number, name = row["tenant_id"], row["number"], row["name"]
    url = f"postgresql://engine@/zhiyin?host={product.run_folder}"
    store = PostgresLog(url, sealer=SecretSealer(bytes(32)), lease=PostgresLease(url, holder="looks-up"))
    await store.open()
    try:
        assert await store.find_customers(tenant, "number", number, ["name", "custom.none"]) == [{"name": name}]
        everything = ["name", "class", "level", "kind", "gender", "company", "type", "service", "credit_rating"]
        everything += ["credit_limit", "arrears", "monthly_value", "key_account", "email", "owner", "id"]
        (found,) = await store.find_customers(tenant, "number", number, everything)
        assert found["name"] == name
        assert await store.find_customers(tenant + 1, "number", number, ["name"]) == []
        assert await store.find_customers(tenant, "custom.contract", "x", ["name"]) == []
    finally:
        await store.close()
