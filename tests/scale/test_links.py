"""The parts' own TLS: who holds their key is answered, nobody else is, whatever else he holds."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.asterisk_adapter.instance import free_udp_port
from zhiyin.config.parts.keys import make_link_keys
from zhiyin.config.supervisor import engine_link
from zhiyin.contracts.frames import NodeHealth, Reply, Request
from zhiyin.contracts.links import BadAddress, LinkKeys, PartLink
from zhiyin.engine.command_server import CommandServer

NOW = datetime.now(UTC)


@pytest.fixture
def keys(tmp_path: Path) -> LinkKeys:
    return make_link_keys(tmp_path / "link", now=NOW)


@pytest.fixture
async def address(tmp_path: Path, keys: LinkKeys) -> AsyncIterator[str]:
    """An engine's door on the network."""

    async def answer(request: Request) -> Reply:
        return Reply(request.id, result=msgspec.Raw(msgspec.json.encode(NodeHealth("draining", 3))))

    listen = f"127.0.0.1:{free_udp_port()}"
    server = CommandServer(tmp_path / "engine.sock", listen=listen, keys=keys, answer=answer, boards=list)
    await server.start()
    yield listen
    await server.stop()


async def test_a_part_is_answered(address: str, keys: LinkKeys) -> None:
    node = await engine_link.drain_node(PartLink((address,), keys), "a", is_draining=True)
    assert node == NodeHealth("draining", 3)


async def test_of_several_engines_the_one_that_serves_is_asked(address: str, keys: LinkKeys) -> None:
    link = PartLink((f"127.0.0.1:{free_udp_port()}", address), keys)
    assert (await engine_link.drain_node(link, "a", is_draining=True)).legs == 3


async def test_another_installations_part_is_refused(address: str, tmp_path: Path) -> None:
    others = make_link_keys(tmp_path / "others", now=NOW)
    with pytest.raises(engine_link.EngineAway):
        await engine_link.drain_node(PartLink((address,), others), "a", is_draining=True)


async def test_who_shows_no_certificate_is_refused(address: str, keys: LinkKeys) -> None:
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname = False
    anybody.load_verify_locations(keys.ca)
    link = PartLink((address,), keys)
    keys.__dict__["client"] = anybody
    with pytest.raises(engine_link.EngineAway):
        await engine_link.drain_node(link, "a", is_draining=True)


async def test_who_is_silent_over_the_network_is_noticed_within_seconds(address: str, keys: LinkKeys) -> None:
    """A front whose link had been down for half a minute heard nothing for as long again; of a dead machine, never."""
    _, writer = await PartLink((address,), keys).open(address)
    line = writer.get_extra_info("socket")
    assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 5000
    writer.close()


async def test_an_address_on_the_network_needs_keys() -> None:
    with pytest.raises(BadAddress, match="ZHIYIN_LINK_KEYS"):
        await PartLink(("10.0.0.2:7070",)).open("10.0.0.2:7070")
