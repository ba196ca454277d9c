"""Asterisk as the witness of terms, for engines that lost their database alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.asterisk_adapter.conftest import Exchange
from zhiyin.engine.adapters.asterisk.witness import AsteriskWitness
from zhiyin.engine.ports import TelephonyAway


async def test_asterisk_keeps_the_newest_term_and_an_older_one_does_not_replace_it(exchange: Exchange) -> None:
    address = exchange.asterisk.address
    nobody = replace(address, url="http://127.0.0.1:9")
    leader, successor = AsteriskWitness([address]), AsteriskWitness([nobody, address])
    assert await leader.newest_term() == 0
    await leader.announce_term(7)
    await successor.announce_term(8)
    assert await leader.newest_term() == 8
    await leader.announce_term(7)
    assert await successor.newest_term() == 8
    with pytest.raises(TelephonyAway):
        await AsteriskWitness([nobody]).newest_term()
    await leader.close()
    await successor.close()
