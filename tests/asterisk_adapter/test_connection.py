"""What the adapter tells when the line to Asterisk breaks, and when Asterisk dies."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.asterisk_adapter.conftest import Exchange, FactLog, until
from tests.asterisk_adapter.instance import AsteriskInstance
from tests.asterisk_adapter.relay import Relay
from tests.asterisk_adapter.test_calls import identity, loud_since, new_id, ring_agent
from zhiyin.contracts.dialplan import BEAT, ended_name
from zhiyin.engine.adapters.asterisk import AsteriskTelephony
from zhiyin.engine.adapters.asterisk.client import AriClient
from zhiyin.engine.lease import OpenGate
from zhiyin.engine.ports import (
    CallArrived,
    KeyPressed,
    LegAnswered,
    LegGoneFact,
    LegRinging,
    PlaybackEnded,
    TelephoneRegistered,
    TelephonyAway,
    TelephonyDown,
    TelephonyUp,
)


class CutExchange(Exchange):
    """An exchange whose line to Asterisk can be cut."""

    def __init__(self, asterisk: AsteriskInstance, relay: Relay) -> None:
        super().__init__(asterisk)
        self.relay = relay
        address = replace(asterisk.address, url=f"http://127.0.0.1:{relay.port}")
        self.telephony = AsteriskTelephony(address, on_fact=self.facts)


@pytest.fixture
async def line(asterisk: AsteriskInstance) -> AsyncIterator[CutExchange]:
    async with Relay(asterisk.http_port) as relay:
        exchange = CutExchange(asterisk, relay)
        await exchange.telephony.start()
        await exchange.facts.wait(TelephonyUp)
        await exchange.telephony.set_globals({"ZHIYIN_BEAT": "9999999999", "ZHIYIN_ADMIT": "1"})
        yield exchange
        for leg in (await exchange.telephony.inventory()).legs:
            await exchange.telephony.hang_up(leg)
        await exchange.telephony.stop()


async def test_what_was_missed_is_told_before_telephony_up(line: CutExchange) -> None:
    await line.telephony.put_identity(identity())
    async with (
        line.telephone() as leaver,
        line.telephone() as stayer,
        line.telephone(user="z1001", secret="s3cret", on_call=lambda _: None) as agent,
    ):
        await agent.register()
        leaving_call, left = await line.arrive(leaver)
        staying_call, stayed = await line.arrive(stayer)
        answered, ringing = new_id("leg"), new_id("leg")
        await ring_agent(line, answered)
        agent_call = await agent.incoming.get()
        await ring_agent(line, ringing)
        await agent.incoming.get()
        await line.facts.wait(LegRinging, count=2)
        playback = new_id("p")
        await line.telephony.play(stayed.leg, [line.asterisk.sound("short")], playback=playback)

        await line.relay.cut()
        await line.facts.wait(TelephonyDown)
        with pytest.raises(TelephonyAway):
            await line.telephony.inventory()
        leaving_call.hang_up()
        agent_call.answer()
        await until(lambda: len(staying_call.media.heard) > 20 and not loud_since(staying_call, 0.3))
        line.facts.all.clear()
        await line.relay.mend()

        up = await line.facts.wait(TelephonyUp)
        assert not up.is_restarted
        missed = line.facts.all[: line.facts.all.index(up)]
        assert len(missed) == 3
        ends = {fact.leg: (fact.cause, fact.word) for fact in missed if isinstance(fact, LegGoneFact)}
        assert PlaybackEnded(playback=playback, leg=stayed.leg) in missed
        # Asterisk hangs up on a telephone that answers while no application is connected.
        assert ends == {left.leg: (16, "hangup"), answered: (16, "cancelled")}
        assert (await line.telephony.inventory()).legs.keys() == {stayed.leg, ringing}

        staying_call.hang_up()
        assert (await line.facts.wait(LegGoneFact, lambda fact: fact.leg == stayed.leg)).word == "hangup"
        assert len(line.facts.of(LegGoneFact)) == 3, "a leg's end is told once"


async def test_a_call_that_came_while_the_line_was_down_arrives_once(line: CutExchange) -> None:
    await line.relay.cut()
    await line.facts.wait(TelephonyDown)
    async with line.telephone() as caller:
        call = await caller.call("4008001234")
        await line.relay.mend()
        arrived = await line.facts.wait(CallArrived, within_s=20)
        await line.telephony.answer(arrived.leg)
        async with asyncio.timeout(20):
            await call.answered.wait()
        await line.telephony.inventory()
        assert len(line.facts.of(CallArrived)) == 1


async def test_a_second_engine_finds_the_calls_of_the_first(line: CutExchange, asterisk: AsteriskInstance) -> None:
    async with line.telephone() as caller:
        _, arrived = await line.arrive(caller)
        playback, recording = new_id("p"), new_id("r")
        path = str(asterisk.recordings / f"{recording}.raw")
        await line.telephony.bridge("bridge-1", [arrived.leg])
        await line.telephony.start_recording(arrived.leg, recording=recording, path=path)
        await line.telephony.play(arrived.leg, [asterisk.sound("long")], playback=playback)
        await line.telephony.stop()

        facts = FactLog()
        second = AsteriskTelephony(asterisk.address, on_fact=facts)
        await second.start()
        assert not (await facts.wait(TelephonyUp)).is_restarted
        inventory = await second.inventory()
        assert inventory.legs[arrived.leg].is_up
        assert inventory.bridges["bridge-1"] == frozenset({arrived.leg})
        await second.play(arrived.leg, [asterisk.sound("long")], playback=playback)
        await second.start_recording(arrived.leg, recording=recording, path=path)
        assert asterisk.console(f"mixmonitor list {_channel(asterisk)}").count("\n0x") == 1
        await second.stop_playback(playback)
        await facts.wait(PlaybackEnded)
        await second.hang_up(arrived.leg)
        await facts.wait(LegGoneFact)
        await second.remove_bridge("bridge-1")
        await second.stop()
        line.telephony = AsteriskTelephony(asterisk.address, on_fact=line.facts)
        await line.telephony.start()
        await line.facts.wait(TelephonyUp, count=2)


async def test_a_prompt_of_the_engine_before_holds_up_nothing(line: CutExchange, asterisk: AsteriskInstance) -> None:
    """Asterisk joins a leg only when its prompt is over; all requests waited behind one adopted caller's prompt."""
    async with line.telephone() as caller:
        _, arrived = await line.arrive(caller)
        await line.telephony.play(arrived.leg, [asterisk.sound("long")] * 3, playback=new_id("p"))
        await line.telephony.stop()
        facts = FactLog()
        second = AsteriskTelephony(asterisk.address, on_fact=facts)
        await second.start()
        await facts.wait(TelephonyUp)
        await second.inventory()
        async with asyncio.timeout(5):
            await second.bridge("bridge-2", [arrived.leg])
        await second.hang_up(arrived.leg)
        await facts.wait(LegGoneFact)
        await second.remove_bridge("bridge-2")
        await second.stop()
        line.telephony = AsteriskTelephony(asterisk.address, on_fact=line.facts)
        await line.telephony.start()
        await line.facts.wait(TelephonyUp, count=2)


def _channel(asterisk: AsteriskInstance) -> str:
    return asterisk.console("core show channels concise").split("!", 1)[0]


async def test_an_engine_that_was_replaced_stays_away(line: CutExchange, asterisk: AsteriskInstance) -> None:
    """A frozen engine that wakes up must not take the calls back from its successor."""
    facts = FactLog()
    successor = AsteriskTelephony(asterisk.address, on_fact=facts)
    await successor.start()
    await facts.wait(TelephonyUp)
    await line.facts.wait(TelephonyDown)
    async with line.telephone() as caller:
        await caller.call("4008001234")
        arrived = await facts.wait(CallArrived)
        await successor.hang_up(arrived.leg)
        await facts.wait(LegGoneFact)
    assert len(line.facts.of(TelephonyUp)) == 1
    assert not facts.of(TelephonyDown)
    await successor.stop()
    await line.telephony.stop()
    line.telephony = AsteriskTelephony(asterisk.address, on_fact=line.facts)
    await line.telephony.start()
    await line.facts.wait(TelephonyUp, count=2)


async def test_who_leads_takes_the_calls_back_from_a_late_try_of_its_own(asterisk: AsteriskInstance) -> None:
    """A frozen Asterisk carried out an earlier try to connect after the last: the engine sat idle until its restart."""
    facts, late_facts = FactLog(), FactLog()
    leading = AsteriskTelephony(asterisk.address, on_fact=facts, gate=OpenGate())
    await leading.start()
    await facts.wait(TelephonyUp)
    late_try = AsteriskTelephony(asterisk.address, on_fact=late_facts)
    await late_try.start()
    await late_facts.wait(TelephonyUp)
    await facts.wait(TelephonyDown)
    assert leading.is_replaced
    await facts.wait(TelephonyUp, count=2, within_s=20)
    assert not leading.is_replaced
    await late_try.stop()
    await leading.stop()


async def test_garbage_on_the_sip_port_disturbs_nobody(line: CutExchange) -> None:
    async with line.telephone() as caller:
        call, arrived = await line.arrive(caller)
        rubbish = [
            b"\0" * 512,
            b"INVITE\r\n\r\n",
            b"INVITE sip:4008001234@127.0.0.1 SIP/2.0\r\nContent-Length: 99999\r\n\r\n",
            b"INVITE sip:4008001234@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <sip:" + b"x" * 3000,
            "INVITE sip:知音%00%ff@127.0.0.1 SIP/2.0\r\n\r\n".encode(),
            b"\xff\xfe" * 700,
        ]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for packet in rubbish * 20:
                sock.sendto(packet, ("127.0.0.1", line.asterisk.sip_port))
        async with line.telephone() as second_caller:
            await line.arrive(second_caller)
        assert not call.ended.is_set()
        assert arrived.leg in (await line.telephony.inventory()).legs
        assert len(line.facts.of(CallArrived)) == 2


async def beat_for_ever(telephony: AsteriskTelephony) -> None:
    """Return never; raises as soon as one beat is not answered."""
    while True:
        await telephony.set_globals({"ZHIYIN_ADMIT": "1"})


async def test_a_frozen_asterisk_is_away_and_comes_back(asterisk: AsteriskInstance) -> None:
    facts = FactLog()
    telephony = AsteriskTelephony(asterisk.address, on_fact=facts)
    await telephony.start()
    await facts.wait(TelephonyUp)
    asterisk.freeze(frozen=True)
    try:
        with pytest.raises(TelephonyAway):
            await beat_for_ever(telephony)
        await facts.wait(TelephonyDown, within_s=30)
    finally:
        asterisk.freeze(frozen=False)
    assert not (await facts.wait(TelephonyUp, count=2, within_s=15)).is_restarted
    await telephony.stop()


async def test_a_telephone_made_again_after_the_line_broke_is_heard_of(line: CutExchange) -> None:
    """Asterisk keeps subscriptions from one connection to the next and counts them: one taken away was not enough."""
    account = "z1005"
    await line.telephony.put_identity(identity(account))
    await line.relay.cut()
    await line.facts.wait(TelephonyDown)
    await line.relay.mend()
    await line.facts.wait(TelephonyUp, count=2)
    await line.telephony.remove_identity(account)
    await line.telephony.put_identity(identity(account))
    async with line.telephone(user=account, secret="s3cret") as agent:
        assert await agent.register() == 200
        await line.facts.wait(TelephoneRegistered, lambda fact: fact.account == account and fact.is_reachable)
    await line.telephony.remove_identity(account)


async def test_very_many_globals_are_told(line: CutExchange) -> None:
    """Asterisk's ARRAY takes a hundred names, and its longest line of HTTP has 4,096 bytes."""
    names = {f"ZHIYIN_TRIED_{number:08}": str(number) for number in range(250)}
    await line.telephony.set_globals(names)
    for number in (0, 99, 249):
        assert await line.telephony.get_global(f"ZHIYIN_TRIED_{number:08}") == str(number)


async def test_a_killed_asterisk_comes_back_restarted_and_empty(line: CutExchange) -> None:
    await line.telephony.put_identity(identity())
    async with line.telephone() as caller:
        await line.arrive(caller)
        line.asterisk.kill()
        await line.facts.wait(TelephonyDown)
        line.asterisk.start()
        up = await line.facts.wait(TelephonyUp, count=2)
        assert up.is_restarted
        assert not (await line.telephony.inventory()).legs
        assert not line.facts.of(LegGoneFact), "the restart itself stands for every leg's end"
    await line.telephony.put_identity(identity())
    await line.telephony.set_globals({"ZHIYIN_BEAT": "9999999999", "ZHIYIN_ADMIT": "1"})
    async with line.telephone(user="z1001", secret="s3cret") as agent, line.telephone() as caller:
        assert await agent.register() == 200
        await line.facts.wait(TelephoneRegistered, lambda fact: fact.account == "z1001" and fact.is_reachable)
        _, arrived = await line.arrive(caller)
        path = line.asterisk.recordings / "after-restart.raw"
        await line.telephony.start_recording(arrived.leg, recording="again", path=str(path))
        await until(path.exists)


async def test_a_line_that_breaks_while_stock_is_taken_is_made_anew(asterisk: AsteriskInstance) -> None:
    """The task that connects had ended with the error: the engine never saw Asterisk again."""
    tries = 0
    usable = asyncio.Event()

    async def take_stock() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise TelephonyAway("connection broke")
        usable.set()

    address = asterisk.address.ari
    client = AriClient(
        address, filters={"other": ()}, on_event=lambda _: None, on_connected=take_stock, on_lost=lambda: None
    )
    await client.start()
    try:
        async with asyncio.timeout(20):
            await usable.wait()
    finally:
        await client.stop()


async def test_a_hang_up_while_the_line_was_down_is_told_with_its_age(line: CutExchange) -> None:
    """Asterisk keeps no history: without what the dialplan keeps, each such end was dated when it was found."""
    now_s = int(time.time())
    async with line.telephone() as early, line.telephone() as late:
        early_call, first = await line.arrive(early)
        late_call, second = await line.arrive(late)
        await line.telephony.set_globals({BEAT: str(now_s - 1)})
        await line.relay.cut()
        await line.facts.wait(TelephonyDown)
        early_call.hang_up()  # an engine lived just now: nothing is kept
        await until(lambda: time.time() - now_s > 3.5)
        late_call.hang_up()
        hung_up_s = time.time()
        await until(lambda: time.time() - hung_up_s > 4)
        await line.relay.mend()
        await line.facts.wait(TelephonyUp, count=2)
        ended_s = time.time()
        ages = {fact.leg: fact.ago_s for fact in line.facts.of(LegGoneFact)}
        assert abs(ages[second.leg] - (ended_s - hung_up_s)) < 1.5
        assert ages[first.leg] > ages[second.leg] + 1


async def test_a_hang_up_that_was_missed_after_a_word_that_came_late_is_dated_by_when_that_was_said(
    line: CutExchange,
) -> None:
    """What a broken line had held up was read just before the engine knew of the break: the end seemed to be later."""
    async with line.telephone() as caller:
        calling, arrived = await line.arrive(caller)
        line.relay.hold_up()
        calling.press("5")
        pressed_s = time.time()
        await until(lambda: time.time() - pressed_s > 0.5)
        line.relay.lose()
        calling.hang_up()  # the beat is fresh: nothing is kept
        hung_up_s = time.time()
        await until(lambda: time.time() - hung_up_s > 3)
        line.relay.let_through()
        await line.facts.wait(KeyPressed)
        await line.relay.cut()
        await line.relay.mend()
        gone = await line.facts.wait(LegGoneFact, lambda fact: fact.leg == arrived.leg)
        ago_s = time.time() - hung_up_s
        assert gone.ago_s - gone.within_s <= ago_s <= gone.ago_s + gone.within_s + 0.5


async def test_a_hang_up_that_comes_late_over_a_whole_connection_is_told_with_its_age(line: CutExchange) -> None:
    """TCP sends again what a cut of five seconds lost: the end was told 3.4 s late, and recordings seemed short."""
    await line.telephony.put_identity(identity())
    async with line.telephone() as caller, line.telephone(user="z1001", secret="s3cret") as agent:
        await agent.register()
        calling, arrived = await line.arrive(caller)
        leg = new_id("leg")
        await ring_agent(line, leg)
        await line.facts.wait(LegAnswered)
        line.relay.hold_up()
        calling.hang_up()
        (await agent.incoming.get()).hang_up()
        hung_up_s = time.time()
        await until(lambda: time.time() - hung_up_s > 2)
        line.relay.let_through()
        ends = {}
        for each in (arrived.leg, leg):
            ends[each] = await line.facts.wait(LegGoneFact, lambda fact, each=each: fact.leg == each)
        ago_s = time.time() - hung_up_s
        assert len(line.facts.of(TelephonyUp)) == 1, "the connection held"
        for end in ends.values():
            assert abs(end.ago_s - ago_s) < 0.3
        assert ends[arrived.leg].within_s < 0.3
        assert ends[leg].within_s == ends[leg].ago_s, "the caller was on the line until now"


async def test_an_engine_that_comes_later_learns_when_a_caller_hung_up(line: CutExchange) -> None:
    async with line.telephone() as caller:
        call, arrived = await line.arrive(caller)
        await line.telephony.stop()
        facts = FactLog()
        second = AsteriskTelephony(line.asterisk.address, on_fact=facts)
        await line.telephony.start()
        await line.facts.wait(TelephonyUp, count=2)
        await line.telephony.set_globals({BEAT: str(int(time.time()) - 60)})
        await line.telephony.stop()
        call.hang_up()
        hung_up_s = time.time()
        await until(lambda: time.time() - hung_up_s > 3)
        await second.start()
        await facts.wait(TelephonyUp)
        late = await second.ended_ago([arrived.leg])
        assert abs(late[arrived.leg].ago_s - (time.time() - hung_up_s)) < 1.5
        assert late[arrived.leg].within_s <= 1
        assert await second.get_global(ended_name(arrived.leg)) == "", "it is taken away as it is read"
        unknown = await second.ended_ago(["1.000"])
        assert 50 < unknown["1.000"].ago_s < 70, "shortly after the last beat"
        await second.stop()
        await line.telephony.start()
        await line.facts.wait(TelephonyUp, count=3)


async def test_a_hang_up_that_is_heard_leaves_nothing_behind(line: CutExchange) -> None:
    async with line.telephone() as caller:
        call, arrived = await line.arrive(caller)
        call.hang_up()
        heard = await line.facts.wait(LegGoneFact, lambda fact: fact.leg == arrived.leg)
        assert heard.ago_s == 0
        await until(lambda: "0 active channels" in line.asterisk.console("core show channels"))
        assert await line.telephony.get_global(ended_name(arrived.leg)) == ""
