"""``--secure``: a listener on the wire learns nothing of a call between a SIP telephone and an agent's browser."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Playwright

from tests.asterisk_adapter import sound
from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.baresip import (
    CARRIER_TLS_PORT,
    TELEPHONE_TONE_HZ,
    Certificates,
    baresip,
    encrypting_carrier,
    make_certificates,
)
from tests.harness.browser import AGENT_TONE_HZ, Listener, chromium, hears_tone, new_context, write_microphone
from tests.harness.capture import TCP, UDP, Packet, capturing, entropy_bits, read_packets, streams_of, tone_in
from tests.harness.contact import contacts, newer_contact
from tests.harness.desk import Desk, log_in
from tests.harness.network import Machine, local_network
from tests.harness.product import DEMO_PASSWORD, Product
from tests.harness.waiting import until, wait_until

pytestmark = pytest.mark.asyncio(loop_scope="session")

NUMBER = "4008007777"
OUTSIDE = "13900000001"


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[Machine, ...]]:
    with local_network(3) as machines:
        yield machines


@pytest.fixture(scope="module")
def certificates(machines: tuple[Machine, ...], tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Of the carrier, which stands where the callers do."""
    return make_certificates(tmp_path_factory.mktemp("carrier"), machines[2])


@pytest.fixture(scope="module")
def secure(machines: tuple[Machine, ...], certificates: Certificates) -> Iterator[Product]:
    product = Product(options=("--demo-password", DEMO_PASSWORD, "--secure"), host="0.0.0.0", machine=machines[0])
    authorities = product.folder / "authorities.crt"  # where the product's own account can read it
    authorities.write_bytes(certificates.authority.read_bytes())
    product.environ["SSL_CERT_FILE"] = str(authorities)
    try:
        product.start()
        yield product
    finally:
        product.remove()


@pytest.fixture(scope="module")
def telephone(secure: Product, machines: tuple[Machine, ...]) -> dict[str, Any]:
    """A number that leads straight to the agents, and a SIP telephone of agent 1002."""
    with machines[1].inside(), Api(secure, ADMINISTRATOR) as administrator:
        queue = next(row for row in administrator.items("/queues") if "售后" in row["name"])
        flow = administrator.ask(
            "POST", "/flows", {"name": "直达", "template": "queue", "choices": {"queue": queue["id"]}}
        )
        administrator.ask("POST", f"/flows/{flow['id']}/publish")
        administrator.ask("POST", "/numbers", {"number": NUMBER, "name": "直达", "flow_id": flow["id"]})
        user = next(row for row in administrator.items("/users") if row["username"] == "1002")
        made: dict[str, Any] = administrator.ask(
            "POST", "/telephones", {"extension": "8001", "label": "三楼话机", "agent_id": user["id"]}
        )
    return made


def ways(wire: Path) -> set[tuple[str, str]]:
    """Return who has sent whom voices by now, a second of them at least."""
    return {(source, target) for (source, _), (target, _) in streams_of(list(read_packets(wire)))}


async def test_a_call_between_a_telephone_and_a_browser_is_noise_on_the_wire(
    playwright: Playwright,
    secure: Product,
    telephone: dict[str, Any],
    machines: tuple[Machine, ...],
    tmp_path: Path,
) -> None:
    server, agents, callers = machines
    wire = tmp_path / "wire.pcap"
    microphone = write_microphone(tmp_path / "agent.wav")
    with capturing(server, wire):
        async with (
            chromium(playwright, microphone, options=(), machine=agents) as browser,
            await new_context(browser) as context,
            baresip(
                tmp_path / "telephone",
                account=telephone["account"],
                secret=telephone["secret"],
                server=f"{server.address}:{telephone['tls_port']}",
                authority=secure.data / "secrets" / "authority.crt",
                machine=callers,
                encryption="srtp-mand",
            ) as caller,
        ):
            page = await context.new_page()
            desk = Desk(page, "1001", Listener(page))
            await log_in(page, f"{secure.url}/desk", desk.username)
            await desk.be_ready()
            await caller.says("200 OK")
            await caller.does(f"/dial sip:{NUMBER}@{server.address}:{telephone['tls_port']};transport=tls")
            await desk.answer()
            await hears_tone(page, TELEPHONE_TONE_HZ)
            await until(
                lambda: {(server.address, callers.address), (server.address, agents.address)} <= ways(wire),
                what="both are sent voices",
            )
            await desk.hang_up()
    _is_noise(list(read_packets(wire)), secure, {server.address, agents.address, callers.address})


def _is_noise(packets: list[Packet], product: Product, speakers: set[str]) -> None:
    """Assert that all of these spoke, and that nothing of it can be understood."""
    assert not [packet for packet in packets if b"SIP/2.0" in packet.payload]
    ports = {port for packet in packets if packet.protocol == TCP for _, port in (packet.source, packet.target)}
    assert {product.http_port, product.sip_port + 1} <= ports
    assert product.sip_port not in ports
    streams = streams_of(packets)
    assert {ends[0][0] for ends in streams} == speakers
    assert {ends[1][0] for ends in streams} == speakers
    for ends, payloads in streams.items():
        assert entropy_bits(payloads) > 7.9, ends
        assert max(tone_in(payloads, hz) for hz in (TELEPHONE_TONE_HZ, AGENT_TONE_HZ)) < 0.1, ends


@pytest.mark.extended
async def test_calls_in_and_out_by_an_encrypted_trunk_are_noise_on_the_wire(  # noqa: PLR0917 - fixtures
    playwright: Playwright,
    secure: Product,
    telephone: dict[str, Any],
    certificates: Certificates,
    machines: tuple[Machine, ...],
    tmp_path: Path,
) -> None:
    server, agents, callers = machines
    wire = tmp_path / "wire.pcap"
    address = f"{server.address}:{telephone['tls_port']}"
    async with encrypting_carrier(
        tmp_path / "carrier",
        number=OUTSIDE,
        server=address,
        authority=secure.data / "secrets" / "authority.crt",
        certificates=certificates,
        machine=callers,
    ) as carrier:
        with encrypted_trunk(secure, agents, to=callers) as trunk, capturing(server, wire):
            async with (
                chromium(playwright, write_microphone(tmp_path / "agent.wav"), options=(), machine=agents) as browser,
                await new_context(browser) as context,
            ):
                page = await context.new_page()
                desk = Desk(page, "1003", Listener(page))
                await log_in(page, f"{secure.url}/desk", desk.username)
                await desk.be_ready()
                before = contacts(secure)
                await carrier.does(f"/dial sip:{NUMBER}@{address};transport=tls")
                await desk.answer()
                contact = await newer_contact(secure, before)
                assert contact.events()[0].body["came_by"] == f"trunk:{trunk}"
                await hears_tone(page, TELEPHONE_TONE_HZ)
                await until(
                    lambda: (
                        {(server.address, end.address) for end in (agents, callers)} <= ways(wire)
                        and {(end.address, server.address) for end in (agents, callers)} <= ways(wire)
                    ),
                    what="all send voices",
                )
                await desk.hang_up()
                await desk.choose_disposition("订单查询")
                await desk.complete("完成")
                await desk.is_in("not_ready")
                box = page.get_by_placeholder(re.compile("回车拨号"))
                await box.fill(OUTSIDE)
                await box.press("Enter")
                await desk.is_in("talking")
                await hears_tone(page, TELEPHONE_TONE_HZ)
                await desk.hang_up()
    _is_noise(list(read_packets(wire)), secure, {server.address, agents.address, callers.address})


@contextmanager
def encrypted_trunk(product: Product, at: Machine, *, to: Machine) -> Iterator[int]:
    """Make a trunk to the carrier on a machine, and see that its certificate is believed; afterwards take it away."""
    trunk = {
        "name": "加密线路",
        "host": to.address,
        "port": CARRIER_TLS_PORT,
        "transport": "tls",
        "is_encrypted": True,
        "caller_number": NUMBER,
    }
    with at.inside(), Api(product, ADMINISTRATOR) as administrator:
        made = administrator.ask("POST", "/trunks", trunk)
        wait_until(
            lambda: administrator.ask("POST", f"/trunks/{made['id']}/test")["state"] == "ok",
            what="the carrier's certificate is believed",
        )
    try:
        yield made["id"]
    finally:
        with at.inside(), Api(product, ADMINISTRATOR) as administrator:
            administrator.ask("DELETE", f"/trunks/{made['id']}")


async def test_the_listener_would_have_heard_a_clear_voice() -> None:
    """What finds nothing above finds the tone in clear A-law."""
    pcm = sound.tone(TELEPHONE_TONE_HZ, 4)
    clear = sound.encode(pcm, 8)
    payloads = [clear[at : at + 160] for at in range(0, len(clear), 160)]
    assert tone_in(payloads, TELEPHONE_TONE_HZ) > 1
    assert entropy_bits(payloads) < 7


async def test_nobody_listens_for_clear_sip(secure: Product, machines: tuple[Machine, ...]) -> None:
    server, _, callers = machines
    request = (
        f"OPTIONS sip:x@{server.address} SIP/2.0\r\nVia: SIP/2.0/UDP {callers.address}:5099;branch=z9hG4bKx\r\n"
        f"From: <sip:x@x>;tag=1\r\nTo: <sip:x@x>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    with callers.inside():
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((server.address, secure.sip_port), timeout=3)
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with line:
        line.connect((server.address, secure.sip_port))
        line.settimeout(3)
        line.send(request)
        with pytest.raises(ConnectionRefusedError):  # told by ICMP: nobody is there
            line.recv(2048)


async def test_a_telephone_that_would_speak_in_clear_gets_no_call(
    secure: Product, telephone: dict[str, Any], machines: tuple[Machine, ...], tmp_path: Path
) -> None:
    """TLS for its signalling, but no SRTP: refused instead of heard by everybody."""
    server, _, callers = machines
    wire = tmp_path / "wire.pcap"
    with capturing(server, wire):
        async with baresip(
            tmp_path / "telephone",
            account=telephone["account"],
            secret=telephone["secret"],
            server=f"{server.address}:{telephone['tls_port']}",
            authority=secure.data / "secrets" / "authority.crt",
            machine=callers,
            encryption="",
        ) as caller:
            await caller.says("200 OK")
            await caller.does(f"/dial sip:{NUMBER}@{server.address}:{telephone['tls_port']};transport=tls")
            await caller.says("488")
    assert not [packet for packet in read_packets(wire) if packet.protocol == UDP and packet.is_rtp]
