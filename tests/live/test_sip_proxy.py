"""The telephone's websocket: passed on both ways, closed together, limited."""

from __future__ import annotations

import asyncio

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.live.conftest import Front, until
from zhiyin.live.limits import Connections, Rate, TooManyConnections

REGISTER = "REGISTER sip:zhiyin SIP/2.0\r\nCall-ID: 1\r\n\r\n"


async def test_sip_flows_both_ways(front: Front) -> None:
    async with front.telephone() as telephone:
        assert telephone.subprotocol == "sip"
        await telephone.send(REGISTER)
        assert await telephone.recv() == f"OK {REGISTER}"
        await telephone.send(b"\r\n\r\n")
        assert await telephone.recv() == "OK b'\\r\\n\\r\\n'"
        big = "INVITE " + "x" * 50_000
        await telephone.send(big)
        assert await telephone.recv() == f"OK {big}"


async def test_both_sides_close_together(front: Front) -> None:
    async with front.telephone() as telephone:
        await telephone.send(REGISTER)
        await telephone.recv()
    await until(lambda: front.sip_sockets[0].close_code is not None)
    async with front.telephone() as telephone:
        await telephone.send(REGISTER)
        await telephone.recv()
        await front.sip_sockets[1].close()
        async with asyncio.timeout(20):
            with pytest.raises(ConnectionClosed):
                await telephone.recv()


@pytest.mark.parametrize(
    "options",
    [{"subprotocols": None}, {"subprotocols": ["chat"]}, {"origin": "https://evil.example"}],
    ids=["no subprotocol", "another", "another site"],
)
async def test_only_our_own_telephones_come_in(front: Front, options: dict[str, object]) -> None:
    with pytest.raises(InvalidStatus):
        async with front.telephone(**options):
            pass
    assert not front.sip_sockets


@pytest.mark.parametrize("frame", ["x" * 62_000, "x" * 200_000], ids=["more than SIP", "more than the socket"])
async def test_a_frame_that_is_too_long_ends_the_telephone(front: Front, frame: str) -> None:
    async with front.telephone() as telephone:
        await telephone.send(frame)
        async with asyncio.timeout(20):
            with pytest.raises(ConnectionClosed) as closed:
                await telephone.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code in (1008, 1009)
    assert front.sip_heard.empty()


async def test_a_flood_ends_the_telephone(front: Front) -> None:
    async with front.telephone() as telephone:
        async with asyncio.timeout(10):
            with pytest.raises(ConnectionClosed):
                await _flood(telephone)
    assert front.sip_heard.qsize() < 400


async def _flood(telephone: object) -> None:
    for _ in range(2000):
        await telephone.send(REGISTER)  # type: ignore[attr-defined]
    while True:
        await telephone.recv()  # type: ignore[attr-defined]


async def test_without_asterisk_the_telephone_is_refused(front: Front) -> None:
    front.sip_server.close()
    await front.sip_server.wait_closed()
    with pytest.raises(InvalidStatus):
        async with front.telephone():
            pass


def test_connections_are_counted_by_address() -> None:
    connections = Connections(per_address=2, in_all=3)
    with connections.one("a"), connections.one("a"), connections.one("b"):
        for address in ("a", "c"):
            with pytest.raises(TooManyConnections), connections.one(address):
                pass
    with connections.one("c"):
        pass


def test_a_rate_allows_a_burst_and_then_its_pace() -> None:
    now = [0.0]
    rate = Rate(per_s=2, burst=3, clock=lambda: now[0])
    assert [rate.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [rate.take() for _ in range(2)] == [True, False]
    now[0] = 100
    assert [rate.take() for _ in range(4)] == [True, True, True, False]
