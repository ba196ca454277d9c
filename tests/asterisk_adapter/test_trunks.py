"""Trunks towards a carrier that is a real SIP peer on loopback."""

from __future__ import annotations

import asyncio

import pytest

from tests.asterisk_adapter.conftest import Exchange, until
from tests.asterisk_adapter.test_calls import new_id
from zhiyin.engine.ports import DATA_HEADER, CallArrived, LegAnswered, LegGone, LegGoneFact, Refused, Trunk


def trunk(port: int, **changes: object) -> Trunk:
    return Trunk(**{"id": 7, "host": "127.0.0.1", "port": port, "transport": "udp", **changes})  # type: ignore[arg-type]


async def dial(exchange: Exchange, leg: str, *, to: str = "trunk:7:13900000001") -> None:
    await exchange.telephony.ring(
        leg, to=to, caller_number="02188886666", caller_name="", codec="ulaw", timeout_s=10, headers={}
    )


async def test_a_call_goes_out_through_the_trunk_and_in_again(exchange: Exchange) -> None:
    async with exchange.telephone(user="13900000001") as carrier:
        await exchange.telephony.put_trunk(trunk(carrier.port))
        leg = new_id("leg")
        await dial(exchange, leg)
        await exchange.facts.wait(LegAnswered, lambda fact: fact.leg == leg)
        invite = carrier.incoming.get_nowait().invite
        assert invite.startswith(f"INVITE sip:13900000001@127.0.0.1:{carrier.port} ")
        assert "<sip:02188886666@" in invite
        assert "RTP/AVP 0 101" in invite
        _, arrived = await exchange.arrive(carrier, "02188886666")
        assert (arrived.context, arrived.endpoint) == ("inbound", "trunk-7")
        assert (arrived.dialled, arrived.caller) == ("02188886666", "13900000001")
        await exchange.telephony.remove_trunk(7)
        await exchange.telephony.remove_trunk(7)
        _, stranger = await exchange.arrive(carrier, "02188886666", answer=False)
        assert stranger.endpoint == "anonymous"
    with pytest.raises(Refused):
        await dial(exchange, new_id("leg"))


async def test_headers_of_a_call_by_a_trunk_are_read_by_their_beginning(exchange: Exchange) -> None:
    """The arrival says whether there are any; a call without them is not asked."""
    given = "X-Zhiyin-Data-Account: 88120\r\nx-zhiyin-data-level: 金卡\r\nX-Other: 1\r\nX-Zhiyin-Data-Bad.Name: 1\r\n"
    async with exchange.telephone(user="13900000001") as carrier:
        await exchange.telephony.put_trunk(trunk(carrier.port))
        await carrier.call("02188886666", extra=given)
        arrived = await exchange.facts.wait(CallArrived)
        assert (arrived.context, arrived.endpoint, arrived.has_data) == ("inbound", "trunk-7", True)
        read = await exchange.telephony.read_headers(arrived.leg, prefix=DATA_HEADER, at_most=20)
        assert read == {"Account": "88120", "level": "金卡"}
        assert len(await exchange.telephony.read_headers(arrived.leg, prefix=DATA_HEADER, at_most=1)) == 1
        assert (await exchange.telephony.inventory()).legs[arrived.leg].has_data
        _, plain = await exchange.arrive(carrier, "02188886666", answer=False)
        assert not plain.has_data
        assert await exchange.telephony.read_headers(plain.leg, prefix=DATA_HEADER, at_most=20) == {}
        with pytest.raises(LegGone):
            await exchange.telephony.read_headers("no-such-leg", prefix=DATA_HEADER, at_most=20)
        await exchange.telephony.remove_trunk(7)


async def test_a_trunk_registers_and_tells_when_it_is_refused(exchange: Exchange) -> None:
    async with exchange.telephone(user="carrier") as carrier:
        given = trunk(carrier.port, username="zhiyin", secret="pw", does_register=True)
        await exchange.telephony.put_trunk(given)
        await until(lambda: any(request.startswith("REGISTER") for request in carrier.requests))
        state = await exchange.telephony.test_trunk(7)
        assert state.state == "ok", state
        assert state.rtt_ms is not None
        # put again, it changes nothing: no second registration
        registrations = sum(request.startswith("REGISTER") for request in carrier.requests)
        await exchange.telephony.put_trunk(given)
        assert sum(request.startswith("REGISTER") for request in carrier.requests) == registrations
        carrier.register_status = "403 Forbidden"
        await exchange.telephony.put_trunk(trunk(carrier.port, username="other", secret="pw", does_register=True))
        await until(lambda: "sip:other@" in carrier.requests[-1] or any("sip:other@" in r for r in carrier.requests))
        assert (await exchange.telephony.test_trunk(7)).state == "refused"
        await exchange.telephony.remove_trunk(7)


async def test_a_trunk_that_does_not_answer_is_unreachable(exchange: Exchange) -> None:
    async with exchange.telephone() as gone:
        port = gone.port
    await exchange.telephony.put_trunk(trunk(port))
    state = await exchange.telephony.test_trunk(7)
    assert state.state == "unreachable", state
    leg = new_id("leg")
    try:
        await dial(exchange, leg)
    except Refused as refused:
        assert str(refused) == "unreachable"  # noqa: PT017 - either way of saying it is right
    else:
        assert (await exchange.facts.wait(LegGoneFact)).word in ("unreachable", "congestion", "no_answer")
    await exchange.telephony.remove_trunk(7)
    assert (await exchange.telephony.test_trunk(7)).state == "unknown"


async def test_a_call_to_a_trunk_that_died_just_now_is_given_up_within_seconds(exchange: Exchange) -> None:
    """Its INVITE alone would wait 32 s for anybody."""
    async with exchange.telephone(user="13900000001") as carrier:
        await exchange.telephony.put_trunk(trunk(carrier.port))
        assert (await exchange.telephony.test_trunk(7)).state == "ok"
    leg = new_id("leg")
    await dial(exchange, leg)
    async with asyncio.timeout(9):
        assert (await exchange.facts.wait(LegGoneFact, lambda fact: fact.leg == leg)).word == "unreachable"
    await exchange.telephony.remove_trunk(7)


async def test_a_new_trunk_is_asked_at_once_whether_anybody_is_there(exchange: Exchange) -> None:
    async with exchange.telephone(user="13900000001") as carrier:
        await exchange.telephony.put_trunk(trunk(carrier.port))
        await until(lambda: any(request.startswith("OPTIONS") for request in carrier.requests))
        await exchange.telephony.remove_trunk(7)


@pytest.mark.parametrize(
    "to", ["trunk:7:13900000001@evil.example", "trunk:7:1;x=y", "trunk:7:", "trunk:x:1", "sip:1@2", "account:"]
)
async def test_what_cannot_be_dialled_is_refused(exchange: Exchange, to: str) -> None:
    with pytest.raises(Refused):
        await dial(exchange, new_id("leg"), to=to)


async def test_a_trunk_whose_host_does_not_exist_is_refused(exchange: Exchange) -> None:
    with pytest.raises(Refused, match="identify"):
        await exchange.telephony.put_trunk(trunk(5060, host="no-such-host.invalid"))
    await exchange.telephony.remove_trunk(7)


async def test_a_carrier_that_hangs_up_while_ringing_frees_the_leg(exchange: Exchange) -> None:
    async with exchange.telephone(user="13900000001", on_call=lambda call: call.refuse("486 Busy Here")) as carrier:
        await exchange.telephony.put_trunk(trunk(carrier.port))
        leg = new_id("leg")
        await dial(exchange, leg)
        async with asyncio.timeout(20):
            assert (await exchange.facts.wait(LegGoneFact)).word == "busy"
        assert not exchange.facts.of(CallArrived)
        await exchange.telephony.remove_trunk(7)
