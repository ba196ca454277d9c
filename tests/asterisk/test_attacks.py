"""Attacks replayed against the whole product: their source is refused within seconds, everybody else works on."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.product import HOTLINE, Product
from tests.harness.sip_agent import telephone_of
from tests.harness.sip_attacker import Attacker, attacker
from tests.harness.sipp import sipp_call

pytestmark = pytest.mark.asyncio(loop_scope="session")

BAN_WITHIN_S = 5.0
ATTACK_PER_S, ATTACK_FOR_S = 1000, 2.0


@pytest.fixture
def forgiving(administrator: Api) -> Iterator[Api]:
    """Whoever was banned by the test is let in again after it."""
    yield administrator
    for ban in administrator.items("/bans"):
        administrator.ask("DELETE", f"/bans/{ban['id']}")


@asynccontextmanager
async def attacking(product: Product, address: str) -> AsyncIterator[Attacker]:
    one = await attacker(("127.0.0.1", product.sip_port), address)
    try:
        yield one
    finally:
        one.close()


async def banned_within(one: Attacker, flood: asyncio.Task[None]) -> float:
    try:
        return await one.is_banned(within_s=BAN_WITHIN_S)
    finally:
        await flood


async def test_a_scan_for_accounts_is_stopped_while_callers_and_telephones_go_on(
    product: Product, forgiving: Api
) -> None:
    """Random accounts at a thousand a second; meanwhile a caller without identity is served, a telephone stays."""
    async with telephone_of(product, forgiving, "1002") as telephone, attacking(product, "127.0.0.66") as one:
        users = [secrets.token_hex(3) for _ in range(500)]
        flood = asyncio.create_task(
            one.flood("REGISTER", users, per_s=ATTACK_PER_S, for_s=ATTACK_FOR_S, are_accounts=True)
        )
        took_s = await banned_within(one, flood)
        assert took_s < BAN_WITHIN_S
        async with sipp_call(product.sip_port, to=HOTLINE, local="127.0.0.20") as caller:
            await caller.hears_sound()
        assert await telephone.register() == 200
        (ban,) = forgiving.items("/bans")
        assert (ban["address"], ban["account"], ban["offence"]) == ("127.0.0.66", None, "unknown_account")


async def test_guessing_the_secret_of_a_telephone_is_stopped(product: Product, forgiving: Api) -> None:
    """The account exists and works elsewhere; it is the guesser's address that is refused."""
    async with telephone_of(product, forgiving, "1002") as telephone, attacking(product, "127.0.0.67") as one:
        account = telephone.user
        flood = asyncio.create_task(
            one.flood("REGISTER", [account], per_s=ATTACK_PER_S, for_s=ATTACK_FOR_S, are_accounts=True)
        )
        await banned_within(one, flood)
        assert one.answers[200] <= one.answers[403]  # the probes that were not yet refused are no successes
        assert await telephone.register() == 200
        (ban,) = forgiving.items("/bans")
        assert (ban["address"], ban["offence"]) == ("127.0.0.67", "wrong_password")


async def test_dialling_for_a_way_out_reaches_nobody_and_is_stopped(product: Product, forgiving: Api) -> None:
    """Premium and foreign numbers with every common prefix, by INVITE without identity."""
    numbers = [f"{prefix}44900123{n:03d}" for n in range(20) for prefix in ("", "00", "+", "900", "9011", "0")]
    before = product.rows("SELECT count(*) AS n FROM interaction WHERE direction = 'outbound'")
    async with attacking(product, "127.0.0.68") as one:
        flood = asyncio.create_task(one.flood("INVITE", numbers, per_s=100, for_s=1.0))
        await banned_within(one, flood)
        assert not one.answers[180] + one.answers[183]
    assert product.rows("SELECT count(*) AS n FROM interaction WHERE direction = 'outbound'") == before
    (ban,) = forgiving.items("/bans")
    assert (ban["address"], ban["offence"]) == ("127.0.0.68", "unknown_number")


async def test_a_lifted_ban_lets_the_address_in_again_and_the_lift_is_audited(product: Product, forgiving: Api) -> None:
    async with attacking(product, "127.0.0.69") as one:
        flood = asyncio.create_task(one.flood("REGISTER", ["nobody"], per_s=100, for_s=0.3, are_accounts=True))
        await banned_within(one, flood)
        forgiving.ask("DELETE", "/bans/127.0.0.69")
        assert await one.ask() == 200
    assert forgiving.items("/audit", search="127.0.0.69")[0]["action"] == "ban.lifted"


async def test_a_number_with_a_comma_is_refused_instead_of_left_hanging(product: Product, forgiving: Api) -> None:
    """The words by which the dialplan hands a call over are parted by commas."""
    async with attacking(product, "127.0.0.70") as one:
        assert await one.ask("INVITE", "4008,001,1", within_s=20) == 404


async def test_stuffing_the_login_page_is_cut_off_while_the_staff_logs_in(product: Product) -> None:
    """Bought lists of names and passwords, many at a time: thirty are looked at, the rest costs nothing."""
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.66", limits=httpx.Limits(max_connections=20))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{product.http_port}/api", transport=transport) as thief:
        await thief.get("/session")
        token = {"X-CSRFToken": thief.cookies["zhiyin_csrf"]}

        async def guess(number: int) -> int:
            body = {"company": "demo", "username": f"u{number}", "password": secrets.token_hex(4)}
            return (await thief.post("/session", json=body, headers=token, timeout=30)).status_code

        statuses = Counter(await asyncio.gather(*(guess(number) for number in range(100))))
        with Api(product, ADMINISTRATOR) as administrator:
            assert administrator.read("/session")["user"]["username"] == ADMINISTRATOR
    assert set(statuses) == {401, 429}
    assert statuses[401] < 60  # those that were on their way together are each looked at
