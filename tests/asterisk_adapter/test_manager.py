"""The manager's line: kept, logged in again when Asterisk forgot us, never used for another action's answer."""

from __future__ import annotations

import asyncio

import pytest

from tests.asterisk_adapter.conftest import Exchange
from zhiyin.engine.adapters.asterisk.errors import AriAway, AriRefused
from zhiyin.engine.adapters.asterisk.manager import ManagerClient


def client(exchange: Exchange, **changes: str) -> ManagerClient:
    address = exchange.asterisk.address
    given = {"url": address.url, "user": address.manager_user, "password": address.manager_password, **changes}
    return ManagerClient(**given)  # type: ignore[arg-type]


async def test_a_login_that_asterisk_forgot_is_made_again(exchange: Exchange) -> None:
    manager = client(exchange)
    assert (await manager.act("Ping")).is_ok
    await manager.act("Logoff")
    assert (await manager.act("Ping")).is_ok
    await manager.close()
    assert (await manager.act("Ping")).is_ok
    await manager.close()


async def test_a_wrong_password_is_refused(exchange: Exchange) -> None:
    manager = client(exchange, password="wrong")
    with pytest.raises(AriRefused):
        await manager.act("Ping")
    await manager.close()


async def test_nobody_there_is_away(exchange: Exchange) -> None:
    manager = client(exchange, url="http://127.0.0.1:9")
    with pytest.raises(AriAway):
        await manager.act("Ping")


async def test_an_abandoned_action_does_not_answer_the_next_one(exchange: Exchange) -> None:
    manager = client(exchange)
    assert (await manager.act("Ping")).is_ok
    abandoned = asyncio.create_task(manager.act("PJSIPShowEndpoint", endpoint="anonymous"))
    await asyncio.sleep(0)
    abandoned.cancel()
    answer = await manager.act("Ping")
    assert answer.messages[0].get("Ping") == "Pong"
    await manager.close()
