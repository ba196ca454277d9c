"""Parts fail in mid-call: the two go on talking, and the record is whole afterwards."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.asterisk_adapter.telephone import Call
from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import Contact, calling, has_recording, listen
from tests.harness.failures import frozen_postgres, is_back, is_well, kill_engine
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent, hears
from tests.harness.sipp import CALLER_TONE_HZ, SippCall
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOUD = 1000.0
#: what no SIP stack may choke on
GARBAGE = (
    b"",
    b"\0" * 40,
    b"\xff" * 1400,
    b"INVITE\r\n\r\n",
    b"INVITE sip:4008001234@127.0.0.1 SIP/2.0\r\nVia: \r\nCSeq: nonsense\r\n\r\n",
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKx\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n",
    b"OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
    b"BYE sip:\xe5\x94\xae\xe5\x90\x8e@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n"
    + b"X: y\r\n" * 200
    + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
)


@asynccontextmanager
async def conversation(product: Product, agent: SipAgent) -> AsyncIterator[tuple[SippCall, Contact, Call]]:
    """A caller and the agent who hear each other."""
    async with calling(product) as (call, contact):
        call.press("1")
        telephone = await agent.answer()
        await call.hears_tone(AGENT_TONE_HZ)
        yield call, contact, telephone


async def both_hear(call: SippCall, telephone: Call, *, since_caller: int, since_agent: int) -> None:
    """Wait for two more seconds of sound after these sample counts, heard by both sides without a gap."""

    def are_heard() -> bool:
        heard = len(call.heard()) // 2 - since_caller, len(telephone.media.heard_pcm()) // 2 - since_agent
        return min(heard) > 2 * 8000

    await until(are_heard, what="sound goes on both ways")
    await call.hears_tone(AGENT_TONE_HZ, lasting_s=2, within_s=1)
    assert hears(telephone, CALLER_TONE_HZ)


def amounts(call: SippCall, telephone: Call) -> dict[str, int]:
    return {"since_caller": len(call.heard()) // 2, "since_agent": len(telephone.media.heard_pcm()) // 2}


async def test_garbage_at_the_sip_port_disturbs_no_call(product: Product, agent: SipAgent, lead: Api) -> None:
    """By UDP and by TCP; Asterisk is the same process afterwards."""
    asterisk = product.pids()["asterisk"]
    async with conversation(product, agent) as (call, contact, telephone):
        before = amounts(call, telephone)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            for _ in range(20):
                for junk in GARBAGE:
                    line.sendto(junk, ("127.0.0.1", product.sip_port))
        for junk in GARBAGE:
            with socket.create_connection(("127.0.0.1", product.sip_port), timeout=5) as line:
                line.sendall(junk)
        await both_hear(call, telephone, **before)
        await call.hang_up()
    record = await contact.record(lead, when=has_recording)
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    assert product.pids()["asterisk"] == asterisk
    assert product.get("/api/health")["status"] == "ok"


async def test_the_engine_is_killed_in_mid_call(product: Product, agent: SipAgent, lead: Api) -> None:
    """Sound goes on while there is no engine; the next one takes the call over and ends it in the record."""
    async with conversation(product, agent) as (call, contact, telephone):
        before = amounts(call, telephone)
        engine = kill_engine(product)
        await both_hear(call, telephone, **before)
        await until(lambda: is_back(product, engine), what="the next engine is there", within_s=30)
        await agent.desk.is_in("talking")
        await both_hear(call, telephone, **amounts(call, telephone))
        await call.hang_up()
    record = await contact.record(lead, when=has_recording)
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    segment = [event.at for event in contact.events() if event.type in ("SegmentStarted", "SegmentEnded")]
    assert record["talk_s"] == pytest.approx((segment[-1] - segment[0]).total_seconds(), abs=0.01)
    recording = listen(lead, record["recordings"][0]["id"])
    assert recording.tones(CALLER_TONE_HZ)[0] > LOUD
    assert recording.tones(AGENT_TONE_HZ)[1] > LOUD
    assert recording.duration_s == pytest.approx(record["talk_s"], abs=1.5)
    await agent.desk.is_in("wrap_up")
    assert telephone.ended.is_set()


async def test_the_engine_is_killed_while_a_caller_waits(product: Product, agent: SipAgent) -> None:
    """The caller keeps the place in the line and is answered by way of the next engine."""
    await agent.desk.do("SetNotReady", reason="meeting")
    async with calling(product) as (call, contact):
        call.press("1")
        entered = await contact.tells("QueueEntered")
        engine = kill_engine(product)
        await until(lambda: is_back(product, engine), what="the next engine is there", within_s=30)
        await agent.desk.is_in("not_ready")
        await agent.desk.do("SetReady")
        await agent.answer()
        await call.hears_tone(AGENT_TONE_HZ)
        assert contact.at("QueueEntered") == entered.at
        await call.hang_up()
    await contact.tells("InteractionEnded")


async def test_postgres_is_away_for_ten_seconds_in_mid_call(product: Product, agent: SipAgent, lead: Api) -> None:
    """Calls are worked from memory meanwhile; what happened is written down once the database is back."""
    async with calling(product) as (call, contact):
        await contact.tells("NodeEntered")
        began_at = len(call.heard()) // 2
        with frozen_postgres(product):
            call.press("1")
            telephone = await agent.rings()
            telephone.answer()
            await call.hears_tone(AGENT_TONE_HZ, lasting_s=2)
            assert hears(telephone, CALLER_TONE_HZ)
            await until(lambda: len(call.heard()) // 2 > began_at + 10 * 8000, what="ten seconds are over")
            await call.hang_up()
    record = await contact.record(lead, when=has_recording, within_s=40)
    assert (record["outcome"], record["path"], record["ended_by"]) == ("answered", ["1"], "customer")
    assert record["talk_s"] > 2
    seqs = product.rows("SELECT seq FROM event_log WHERE stream = %s ORDER BY epoch, seq", f"i:{contact.id}")
    assert [row["seq"] for row in seqs] == list(range(1, len(seqs) + 1))
    order = [event.at for event in contact.events()]
    assert order == sorted(order)
    await until(lambda: is_well(product), what="all is well again")
    await agent.desk.is_in("wrap_up")


async def test_postgres_is_killed_in_mid_call(product: Product, agent: SipAgent, lead: Api) -> None:
    """The supervisor starts it again; nothing of the call is missing."""
    async with conversation(product, agent) as (call, contact, telephone):
        postgres = product.pids()["postgres"]
        before = amounts(call, telephone)
        os.kill(postgres, signal.SIGKILL)
        await agent.desk.do("Hold", interaction=contact.id)
        await agent.desk.is_in("hold")
        await agent.desk.do("Resume", interaction=contact.id)
        await agent.desk.is_in("talking")
        await both_hear(call, telephone, **before)
        await call.hang_up()
    await until(lambda: product.pids().get("postgres", postgres) != postgres, what="it runs again", within_s=30)
    await until(lambda: is_well(product), what="all is well again", within_s=30)
    record = await contact.record(lead, when=has_recording, within_s=40)
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    assert record["hold_s"] > 0
    await agent.desk.is_in("wrap_up")
