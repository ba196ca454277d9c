"""RFC 4475's torture messages and mutations at Asterisk's edge and at the front's: nothing breaks, calls go on."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.harness.product import Product
from tests.harness.sip_torture import mutations, rfc4475, torment
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

SEED = 4475
ROUNDS, A_ROUND = 20, 100
PROBE_WITHIN_S = 0.5
#: a parser that keeps what it was sent would grow by the megabyte
MAX_GROWTH_BYTES = 64 * 2**20


def memory_bytes(pid: int) -> int:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * 4096


async def test_no_message_breaks_asterisk_and_a_probe_call_succeeds_after_every_hundred(product: Product) -> None:
    pid = product.pids()["asterisk"]
    before = memory_bytes(pid)
    messages = itertools.chain(rfc4475().values(), mutations(SEED))
    slowest_s = 0.0
    for round_number in range(ROUNDS):
        slowest_s = max(slowest_s, await torment(product, itertools.islice(messages, A_ROUND), round_number))
    assert slowest_s < PROBE_WITHIN_S, f"seed {SEED}"
    assert product.pids()["asterisk"] == pid
    assert memory_bytes(pid) - before < MAX_GROWTH_BYTES


async def test_no_message_breaks_the_way_of_browsers(product: Product) -> None:
    """The front passes on what it is sent; what is no message ends its own socket at most."""
    pids = {name: product.pids()[name] for name in ("asterisk", "live")}
    before = memory_bytes(pids["live"])
    messages = itertools.chain(rfc4475().values(), itertools.islice(mutations(SEED + 1), 300))
    address = f"ws://localhost:{product.http_port}/sip"
    socket_ = None
    for message in messages:
        if socket_ is None:
            socket_ = await connect(address, subprotocols=[Subprotocol("sip")], proxy=None)
        try:
            await socket_.send(message[:50_000])
        except WebSocketException:
            socket_ = None
    if socket_ is not None:
        await socket_.close()
    async with connect(address, subprotocols=[Subprotocol("sip")], proxy=None) as probe_socket:
        await probe_socket.send(
            "OPTIONS sip:x@zhiyin.invalid SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKprobe\r\n"
            "From: <sip:x@zhiyin.invalid>;tag=1\r\nTo: <sip:x@zhiyin.invalid>\r\nCall-ID: probe\r\n"
            "CSeq: 1 OPTIONS\r\nContact: <sip:x@x.invalid;transport=ws>\r\nContent-Length: 0\r\n\r\n"
        )
        async with asyncio.timeout(20):
            assert str(await probe_socket.recv()).startswith("SIP/2.0 ")
    assert {name: product.pids()[name] for name in pids} == pids
    assert memory_bytes(pids["live"]) - before < MAX_GROWTH_BYTES
    await until(lambda: product.get("/api/health")["status"] == "ok", what="the product is well")
