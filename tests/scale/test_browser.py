"""A real browser before two Asterisk nodes: one socket, one registration, and each node rings it."""

from __future__ import annotations

from pathlib import Path

from tests.asterisk_adapter.telephone import Telephone
from tests.asterisk_adapter.test_browser import BROWSER_HZ, page_of, script, write_tone
from tests.asterisk_adapter.test_calls import hears, new_id
from tests.scale.pair import Pair, nodes, pair
from zhiyin.contracts.browser_telephones import browser_secret
from zhiyin.engine.ports import LegAnswered, SipIdentity, TelephoneRegistered
from zhiyin.live.limits import Connections
from zhiyin.live.sip_proxy import SipNodes, SipProxy

__all__ = ["nodes", "pair", "script"]  # fixtures

KEY = bytes(32)
ACCOUNT = "b1-5-0123456789ab"


async def test_every_node_rings_a_browser_and_its_death_leaves_it_registered(
    pair: Pair, script: Path, tmp_path: Path
) -> None:
    """Rung and heard from either node; the dead node's call is ended at the browser, the other rings it again."""
    secret = browser_secret(KEY, ACCOUNT)
    await pair.cluster.put_identity(SipIdentity(ACCOUNT, secret, "browser"))
    urls = {name: node.address.url for name, node in pair.nodes.items()}
    proxy = SipProxy("http://unused", connections=Connections(per_address=9, in_all=9), nodes=SipNodes(urls, KEY))
    async with (
        pair.telephone("a") as one,
        pair.telephone("b") as other,
        pair.telephone("a") as third,
        page_of(proxy, script, write_tone(tmp_path / "microphone.wav")) as page,
    ):
        url = page.url.replace("http", "ws") + "sip"
        await page.evaluate(f"openTelephone({url!r}, {ACCOUNT!r}, {secret!r})")
        await pair.facts.wait(TelephoneRegistered, lambda fact: fact.is_reachable)
        for number, caller in enumerate((one, other)):
            await rung_from(pair, caller)
            await page.wait_for_function(f"calls[{number}].state === 'talking'")
        pair.nodes["b"].kill()
        await page.wait_for_function("calls[1].state === 'ended'")
        assert await page.evaluate("calls[0].state") == "talking"
        await rung_from(pair, third)
        await page.wait_for_function("calls[2].state === 'talking'")
        assert not [fact for fact in pair.facts.of(TelephoneRegistered) if not fact.is_reachable]
    await pair.cluster.remove_identity(ACCOUNT)


async def rung_from(pair: Pair, caller: Telephone) -> None:
    """The caller is joined with the browser on the node that was called, and hears it."""
    leg = new_id("leg")  # the nodes outlive a test that failed, and with them its legs
    call, arrived = await pair.caller(caller)
    await pair.ring(leg, beside=arrived.leg, account=ACCOUNT)
    await pair.facts.wait(LegAnswered, lambda fact: fact.leg == leg)
    await pair.cluster.bridge(f"{leg}-b", [arrived.leg, leg])
    await hears(call, BROWSER_HZ, within_s=15)
