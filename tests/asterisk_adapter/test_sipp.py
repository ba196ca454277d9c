"""The same with another SIP stack than our tests' own: sipp as caller and as agent."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.asterisk_adapter.conftest import Exchange
from tests.asterisk_adapter.instance import free_udp_port
from tests.asterisk_adapter.test_calls import new_id
from zhiyin.engine.ports import CallArrived, LegAnswered, LegGoneFact, Trunk

SIPP = shutil.which("sipp")
CALLS = 5


async def sipp(*arguments: str, folder: Path) -> asyncio.subprocess.Process:
    if SIPP is None:
        pytest.fail("sipp is missing: apt-get install sip-tester")
    quiet = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
    ports = ("-p", str(free_udp_port()), "-mp", str(free_udp_port() // 2 * 2), "-i", "127.0.0.1", "-nostdin")
    return await asyncio.create_subprocess_exec(SIPP, *arguments, *ports, cwd=folder, **quiet)  # type: ignore[arg-type]


async def test_sipp_callers_reach_a_sipp_agent(exchange: Exchange, tmp_path: Path) -> None:
    """Five callers at once, each bridged with a call to the agent; all hang up by themselves, and nothing is left."""
    agent_port = free_udp_port()
    agent = await asyncio.create_subprocess_exec(
        SIPP or "sipp", "-sn", "uas", "-p", str(agent_port), "-i", "127.0.0.1", "-nostdin", cwd=tmp_path,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await exchange.telephony.put_trunk(Trunk(id=9, host="127.0.0.1", port=agent_port, transport="udp"))
    target = f"127.0.0.1:{exchange.asterisk.sip_port}"
    callers = await sipp(
        "-sn", "uac", "-s", "4008001234", "-m", str(CALLS), "-r", "10", "-d", "1500", target, folder=tmp_path
    )
    for number in range(1, CALLS + 1):
        arrived = await exchange.facts.wait(CallArrived, count=number)
        leg = new_id("leg")
        await exchange.telephony.answer(arrived.leg)
        await exchange.telephony.ring(
            leg, to="trunk:9:1001", caller_number="1", caller_name="", codec=arrived.codec, timeout_s=5, headers={}
        )
        await exchange.facts.wait(LegAnswered, lambda fact, leg=leg: fact.leg == leg)
        await exchange.telephony.bridge(f"b-{leg}", [arrived.leg, leg])
    async with asyncio.timeout(15):
        assert await callers.wait() == 0, "sipp saw a failed call"
    arrivals = {fact.leg for fact in exchange.facts.of(CallArrived)}
    await exchange.facts.wait(LegGoneFact, lambda fact: fact.leg in arrivals, count=CALLS)
    for leg in (await exchange.telephony.inventory()).legs:
        await exchange.telephony.hang_up(leg)
    await exchange.facts.wait(LegGoneFact, count=2 * CALLS)
    assert not (await exchange.telephony.inventory()).legs
    await exchange.telephony.remove_trunk(9)
    agent.kill()
    await agent.wait()
