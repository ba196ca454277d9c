"""What an operator sees of a real call: figures of every part under one roof, and nothing personal among them."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.harness.api import Api
from tests.harness.contact import calling
from tests.harness.metrics import families, read_metrics, value
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent
from tests.harness.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLER = "13912345678"


async def test_a_waiting_caller_is_seen_in_the_figures(product: Product, agent: SipAgent, lead: Api) -> None:
    await agent.desk.do("SetNotReady", reason="meeting")
    before = families(read_metrics(product))
    async with calling(product, caller=CALLER) as (call, contact):
        call.press("1")
        await contact.tells("QueueEntered")
        text = read_metrics(product)
        now = families(text)
        assert value(now, "zhiyin_queue_waiting", queue="1") == value(before, "zhiyin_queue_waiting", queue="1") + 1
        assert value(now, "zhiyin_queue_oldest_wait_seconds", queue="1") > 0
        assert value(now, "zhiyin_contacts", phase="waiting", direction="inbound") == 1
        assert value(now, "zhiyin_agents", state="not_ready") >= 1
        entered = value(now, "zhiyin_events_total", type="QueueEntered")
        assert entered == value(before, "zhiyin_events_total", type="QueueEntered") + 1
        assert CALLER not in text
        assert CALLER[3:] not in text
        await call.hang_up()
    await contact.record(lead)
    await until(
        lambda: value(families(read_metrics(product)), "zhiyin_projection_unread_events") == 0,
        what="every projection has read every event",
    )


async def test_every_part_tells_its_figures(product: Product, agent: SipAgent, lead: Api) -> None:
    lead.read("/interactions")
    found = families(read_metrics(product))
    for part in ("postgres", "asterisk", "engine", "web", "worker", "live"):
        assert value(found, "zhiyin_part_is_up", part=part) == 1
        assert value(found, "zhiyin_part_cpu_seconds_total", part=part) > 0
        assert value(found, "zhiyin_part_resident_bytes", part=part) > 1_000_000
    for part in ("engine", "web", "worker", "live"):
        assert value(found, "zhiyin_part_answers", part=part) == 1
    for name in (
        "zhiyin_journal_ack_seconds_count",
        "zhiyin_journal_group_events_sum",
        "zhiyin_ari_request_seconds_count",
        "zhiyin_engine_loop_lag_seconds_count",
        "zhiyin_live_loop_lag_seconds_count",
        "zhiyin_database_bytes",
        "zhiyin_disk_free_bytes",
        "zhiyin_asterisk_is_up",
        "zhiyin_database_is_up",
    ):
        assert value(found, name) > 0, name
    assert value(found, "zhiyin_sockets", kind="desk") >= 1
    assert value(found, "zhiyin_command_seconds_count", command="SetReady") >= 1
    assert value(found, "zhiyin_http_request_seconds_count", kind="api", method="GET", status="2xx") >= 1
    assert value(found, "zhiyin_web_request_seconds_count", route="api/interactions", method="GET") >= 1


async def test_the_public_port_tells_no_figures(product: Product) -> None:
    for path in ("/metrics", "/api/metrics", "/api/../metrics"):
        answer = await asyncio.to_thread(httpx.get, f"{product.url}{path}", timeout=10)
        assert "zhiyin_" not in answer.text, path
