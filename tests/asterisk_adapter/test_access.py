"""Who is refused, on a real Asterisk: how many can be, and that what broke off is made good."""

from __future__ import annotations

import pytest

from tests.asterisk_adapter.conftest import Exchange
from zhiyin.engine.adapters.asterisk.access import AsteriskAccess
from zhiyin.engine.adapters.asterisk.errors import AriAway
from zhiyin.engine.ports import Denial, TelephonyAway

NOTE = '{"suspect":{"address":"2001:db8::ffff"},"offence":"unknown_account","began_at":"2026-11-02T01:00:00Z"}'


async def test_as_many_can_be_refused_as_an_attack_needs(exchange: Exchange) -> None:
    """All bans in one request were more than Asterisk's websocket takes: from the 148th on nobody was banned."""
    many = [Denial(f"2001:db8::{number:x}", None, NOTE) for number in range(500)]
    await exchange.telephony.access.put_denials(many)
    assert list(await exchange.telephony.access.denials()) == many
    await exchange.telephony.access.put_denials(many[:60])
    assert list(await exchange.telephony.access.denials()) == many[:60]
    await exchange.telephony.access.put_denials([])
    assert list(await exchange.telephony.access.denials()) == []


async def test_a_lifting_that_broke_off_is_made_good_the_next_time(exchange: Exchange) -> None:
    renewed: list[str] = []

    async def renew(account: str) -> None:
        renewed.append(account)
        if len(renewed) == 1:
            raise AriAway("the line broke")

    access = AsteriskAccess(ari=exchange.telephony._ari, manager=exchange.telephony._manager, renew=renew)
    await access.put_denials([Denial("192.0.2.66", "z1001")])
    with pytest.raises(TelephonyAway):
        await access.put_denials([])
    await access.put_denials([])
    assert renewed == ["z1001", "z1001"]
    assert list(await access.denials()) == []
