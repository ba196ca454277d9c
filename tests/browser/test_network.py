"""Three machines on a network: the product, an ordinary browser, a telephone. Sound goes by real addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Playwright

from tests.harness.browser import AGENT_TONE_HZ, Listener, chromium, hears_tone, new_context, write_microphone
from tests.harness.contact import contacts, newer_contact
from tests.harness.desk import Desk, log_in
from tests.harness.network import Machine, local_network
from tests.harness.product import DEMO_PASSWORD, HOTLINE, Product
from tests.harness.sipp import CALLER_TONE_HZ, sipp_call

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def machines() -> Iterator[tuple[Machine, ...]]:
    with local_network(3) as machines:
        yield machines


async def test_a_call_on_a_network_is_heard_on_both_sides(
    playwright: Playwright, machines: tuple[Machine, ...], tmp_path: Path
) -> None:
    """HTTPS by the product's own certificate, as microphones need it; no loopback address anywhere."""
    server, agents, callers = machines
    options = ("--demo-password", DEMO_PASSWORD, "--tls-self-signed")
    product = Product(options=options, host="0.0.0.0", machine=server)
    microphone = write_microphone(tmp_path / "agent.wav")
    try:
        product.start()
        async with (
            chromium(playwright, microphone, options=(), machine=agents) as browser,
            await new_context(browser) as context,
        ):
            page = await context.new_page()
            desk = Desk(page, "1001", Listener(page))
            await log_in(page, f"{product.url}/desk", desk.username)
            await desk.be_ready()
            before = contacts(product)
            async with sipp_call(
                product.sip_port, to=HOTLINE, host=server.address, local=callers.address, machine=callers
            ) as call:
                contact = await newer_contact(product, before)
                await call.hears_sound()
                call.press("1")
                await desk.answer()
                await call.hears_tone(AGENT_TONE_HZ)
                await hears_tone(page, CALLER_TONE_HZ)
                assert call.media.remote is not None
                assert call.media.remote[0] == server.address
                assert await media_addresses(desk) == (agents.address, server.address)
                await desk.hang_up()
                assert await call.ended() == 0
            await contact.tells("RecordingEnded")
    finally:
        product.remove()


async def media_addresses(desk: Desk) -> tuple[str, str]:
    """Return the addresses between which the page's sound goes: its own, and the other's."""
    local, remote = await desk.page.evaluate(
        """async () => {
          const [connection] = zyEars.connections.filter((each) => each.connectionState === "connected");
          const stats = [...(await connection.getStats()).values()];
          const pair = stats.find((each) => each.type === "candidate-pair" && each.nominated);
          const address = (id) => stats.find((each) => each.id === id).address;
          return [address(pair.localCandidateId), address(pair.remoteCandidateId)];
        }"""
    )
    return local, remote
