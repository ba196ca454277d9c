"""Callers who find no live engine: held while it is away, so many at once, and let in when it is back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.sip_load import Callers, Message
from tests.asterisk_adapter.conftest import Exchange, until
from tests.asterisk_adapter.instance import AsteriskInstance
from zhiyin.config.supervisor.asterisk.dialplan import HELD_AT_ONCE
from zhiyin.engine.ports import CallArrived

NUMBER = "4008001234"
STALE, FRESH = {"ZHIYIN_BEAT": "1"}, {"ZHIYIN_BEAT": "9999999999"}
TOO_MANY = 20


@pytest.fixture(scope="module")
def asterisk(asterisk_folder: Path) -> Iterator[AsteriskInstance]:
    folder = Path(tempfile.mkdtemp(dir=asterisk_folder))
    folder.parent.chmod(0o755)
    instance = AsteriskInstance(folder, rtp_ports=10 * HELD_AT_ONCE)
    instance.write()
    instance.start()
    yield instance
    instance.kill()


class Listening(Callers):
    """Counts who was rung and who was answered."""

    def __init__(self, sip_port: int) -> None:
        super().__init__(("127.0.0.1", sip_port), NUMBER)
        self.statuses: dict[int, set[str]] = {}

    def take(self, message: Message) -> None:
        if not message.is_request and message.method == "INVITE":
            self.statuses.setdefault(message.status, set()).add(message.get("call-id"))
        super().take(message)

    def count(self, status: int) -> int:
        return len(self.statuses.get(status, ()))


async def test_only_so_many_are_held_and_the_rest_is_refused_at_once(exchange: Exchange) -> None:
    """All callers of a flood were held and played to: an engine that was late for it never came to itself again."""
    callers = Listening(exchange.asterisk.sip_port)
    await callers.open()
    await exchange.telephony.set_globals(STALE)
    await callers.call_at(100, HELD_AT_ONCE + TOO_MANY)
    await until(lambda: callers.count(180) + callers.count(503) == HELD_AT_ONCE + TOO_MANY)
    # two who come in the same instant may both be the last
    assert TOO_MANY - 5 <= callers.count(503) <= TOO_MANY
    assert callers.count(200) == 0, "who is held for a moment rings: that costs neither us nor the caller"

    await exchange.telephony.set_globals(FRESH)
    held = callers.count(180)
    await exchange.facts.wait(CallArrived, count=held)
    await exchange.telephony.set_globals(STALE)
    callers.call()
    await until(lambda: callers.count(180) == held + 1)
    assert callers.count(503) == callers.refused, "who was let in leaves his place among the held to others"
    callers.give_up_all()
    await until(lambda: callers.is_done)
    callers.transport.close()


async def test_the_dialplan_counts_whom_it_let_in(exchange: Exchange) -> None:
    """Under a flood the engine hears of them seconds later, and let in as many again."""
    (before,) = (await exchange.telephony.let_in()).values()
    callers = Listening(exchange.asterisk.sip_port)
    await callers.open()
    await exchange.telephony.set_globals({"ZHIYIN_LEFT": "3", "ZHIYIN_RESERVE": "", "ZHIYIN_WAY_others": "2"})
    await callers.call_at(20, 9)
    await exchange.facts.wait(CallArrived, count=5)
    await until(lambda: callers.refused == 4)
    assert await exchange.telephony.let_in() == {"": before + 5}
    await exchange.telephony.set_globals({"ZHIYIN_LEFT": "", "ZHIYIN_WAY_others": ""})
    callers.give_up_all()
    await until(lambda: callers.is_done)
    callers.transport.close()


async def test_who_is_held_for_long_is_answered_and_hears_music(exchange: Exchange) -> None:
    await exchange.telephony.set_globals(STALE)
    async with exchange.telephone() as telephone:
        call = await telephone.call(NUMBER)
        await until(lambda: call.answered.is_set() and len(call.media.heard) > 50)
        await exchange.telephony.set_globals(FRESH)
        arrived = await exchange.facts.wait(CallArrived)
        assert arrived.dialled == NUMBER
        call.hang_up()


async def test_stock_is_taken_of_very_many_legs(exchange: Exchange) -> None:
    """Asked for by the websocket, a list of a thousand legs ended Asterisk itself, and all calls with it."""
    callers, count = Listening(exchange.asterisk.sip_port), 4 * HELD_AT_ONCE
    await callers.open()
    await callers.call_at(150, count)
    await exchange.facts.wait(CallArrived, count=count)
    assert len((await exchange.telephony.inventory()).legs) == count
    callers.give_up_all()
    await until(lambda: callers.is_done)
    callers.transport.close()
