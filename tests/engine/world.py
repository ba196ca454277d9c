"""A small company on the simulator: the real engine, virtual time. Builders that hide the noise."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec

from zhiyin.contracts import commands as c
from zhiyin.contracts.frames import Reply, Request
from zhiyin.contracts.snapshots import (
    AgentSetting,
    FlowSetting,
    HoursSetting,
    NumberSetting,
    OutboundSetting,
    PromptSetting,
    QueueSetting,
    ReasonSetting,
    SipAccountSetting,
    TenantSettings,
    TrunkSetting,
)
from zhiyin.domain.agents import AgentState
from zhiyin.domain.announcements import SYSTEM_PROMPTS
from zhiyin.engine.adapters.simulator.access import SimulatedAccess
from zhiyin.engine.adapters.simulator.memory_log import MemoryLog
from zhiyin.engine.adapters.simulator.outside import SimulatedOutside
from zhiyin.engine.adapters.simulator.speech import SimulatedEar, SimulatedShelf, SimulatedVoice
from zhiyin.engine.adapters.simulator.telephony import SimulatedTelephony
from zhiyin.engine.adapters.simulator.virtual_time import VirtualClock, run_virtually
from zhiyin.engine.engine import Engine
from zhiyin.engine.ports import Fact, TelephonyUp
from zhiyin.engine.speech_port import SpeechTools

HOTLINE = "4008001234"
AFTER_SALES, SALES = 1, 2
ALWAYS = tuple((("00:00", "24:00"),) for _ in range(7))

FLOW = {
    "format": 1,
    "start": "start",
    "nodes": [
        {"id": "start", "kind": "start"},
        {"id": "hours", "kind": "hours", "config": {"hours": 1}},
        {
            "id": "menu",
            "kind": "menu",
            "config": {"prompt": {"key": "menu"}, "keys": {"1": "a", "2": "b", "0": "again"}},
        },
        {"id": "q1", "kind": "queue", "config": {"queue": 1}},
        {"id": "q2", "kind": "queue", "config": {"queue": 2}},
        {"id": "closed", "kind": "hang_up", "config": {"prompt": {"key": "closed"}, "reason": "closed"}},
        {"id": "busy", "kind": "hang_up", "config": {"prompt": {"key": "all_busy"}, "reason": "no_agents"}},
        {"id": "bye", "kind": "hang_up", "config": {"prompt": {"key": "goodbye"}}},
    ],
    "edges": [
        {"from": "start", "exit": "next", "to": "hours"},
        {"from": "hours", "exit": "open", "to": "menu"},
        {"from": "hours", "exit": "closed", "to": "closed"},
        {"from": "menu", "exit": "1", "to": "q1"},
        {"from": "menu", "exit": "2", "to": "q2"},
        {"from": "menu", "exit": "0", "to": "menu"},
        {"from": "menu", "exit": "no_key", "to": "bye"},
        {"from": "menu", "exit": "wrong_key", "to": "bye"},
        *({"from": q, "exit": e, "to": "busy"} for q in ("q1", "q2") for e in ("closed", "overflow")),
    ],
}
PROMPTS = ("menu", "closed", "goodbye", *SYSTEM_PROMPTS)


def company(tenant: int = 1, **changes: Any) -> TenantSettings:
    """Return a company with two queues, four agents (4 on a SIP telephone), a trunk and the hotline."""
    settings = TenantSettings(
        tenant=tenant,
        code=f"c{tenant}",
        name="测试公司",
        version=1,
        numbers=(NumberSetting(HOTLINE, 1),),
        flows=(FlowSetting(1, 1, "hotline", msgspec.Raw(msgspec.json.encode(FLOW))),),
        hours=(HoursSetting(1, "always", ALWAYS),),
        queues=(
            QueueSetting(AFTER_SALES, "售后", "After-sales", (1, 2, 4)),
            QueueSetting(SALES, "销售", "Sales", (2, 3)),
        ),
        agents=(
            AgentSetting(1, "甲", "1001"),
            AgentSetting(2, "乙", "1002"),
            AgentSetting(3, "丙", "1003"),
            AgentSetting(4, "丁", "1004", telephone="sip", sip_account="desk4"),
        ),
        sip_accounts=(SipAccountSetting("desk4", "secret", 4, extension="8004"),),
        trunks=(TrunkSetting(1, "carrier", "192.0.2.1", caller_number="057188886666"),),
        outbound=OutboundSetting(),
        reasons=(ReasonSetting("meeting", "会议", "Meeting"), ReasonSetting("rest", "小休", "Rest", is_rest=True)),
        prompts=tuple(PromptSetting(key, {"zh": f"/zh/{key}"}) for key in PROMPTS),
    )
    return msgspec.structs.replace(settings, **changes)


class World:
    """One engine at a time on one simulated telephone side and one log; engines may be killed and started anew."""

    def __init__(self, settings: TenantSettings | None = None) -> None:
        self.settings = settings or company()
        self.log = MemoryLog([self.settings])
        self.folder = Path(tempfile.mkdtemp(prefix="zy-"))
        self.telephony = SimulatedTelephony(on_fact=self._take_fact)
        self.access = SimulatedAccess()
        self.outside = SimulatedOutside()
        self.voice = SimulatedVoice()
        self.shelf = SimulatedShelf()
        self.ear = SimulatedEar()
        self.engine: Engine
        self.clock = VirtualClock(asyncio.get_running_loop())
        self._requests = itertools.count(1)

    def _take_fact(self, fact: Fact) -> None:
        self.engine.take_fact(fact)

    async def start(self) -> World:
        """Start an engine; the one before must have been killed."""
        self.engine = Engine(
            store=self.log,
            spool_folder=self.folder / "spool",
            socket_path=None,
            recordings=self.folder / "recordings",
            key=b"key",
            clock=self.clock,
            outside=self.outside,
            speech=SpeechTools(self.voice, self.shelf, self.ear),
        )
        self.telephony.sight.begin_anew()
        self.engine.take_fact(TelephonyUp(is_restarted=False))
        await self.engine.start(self.telephony, nodes=self.telephony.sight, access=self.access)
        return self

    async def kill(self) -> None:
        """End the engine as SIGKILL does: nothing is said to anybody, nothing not yet durable survives."""
        await self.engine.die()

    @property
    def board(self):
        return self.engine.board

    @property
    def tenant(self):
        return self.board.tenants[self.settings.tenant]

    async def ask(self, command: c.Command, *, actor: int | None = None) -> Reply:
        request = Request(f"r{next(self._requests)}", self.settings.tenant, actor, command)
        return await self.engine.wishes.answer(request)

    async def wish(self, command: c.Command) -> Any:
        """Ask and expect it to be met; returns the result."""
        reply = await self.ask(command)
        assert reply.problem is None, reply.problem
        return msgspec.json.decode(reply.result)

    async def refused(self, command: c.Command) -> str:
        reply = await self.ask(command)
        assert reply.problem is not None
        return reply.problem.code

    async def open_desk(self, agent: int, holder: str = "tab") -> str:
        """An agent logs in: desk open, telephone registered, signed in. Returns the SIP account."""
        await self.wish(c.DeskConnected(agent, is_connected=True))
        if self.tenant.company.agents[agent].telephone == "sip":
            account = self.tenant.company.agents[agent].sip_account
        else:
            account = (await self.wish(c.OpenTelephone(agent, holder)))["username"]
        self.telephony.register(account)
        await self.wish(c.SignIn(agent))
        return account

    async def ready(self, *agents: int) -> None:
        for agent in agents:
            await self.open_desk(agent)
            await self.wish(c.SetReady(agent))

    def state(self, agent: int) -> AgentState:
        return self.tenant.desk.agent(agent).state

    def call_of(self, leg: str):
        return self.board.session_of(leg).call

    def events(self, kind: str | None = None) -> list[Any]:
        """Return all events in the log, or those of one type."""
        return [e.event() for e in self.log.envelopes if kind is None or e.type == kind]

    async def until(self, condition: Callable[[], Any], within_s: float = 60.0) -> Any:
        """Let virtual time pass until ``condition`` holds."""
        end_s = asyncio.get_running_loop().time() + within_s
        while not (value := condition()):
            assert asyncio.get_running_loop().time() < end_s, "it did not come about"
            await asyncio.sleep(0.05)
        return value

    async def pass_s(self, seconds: float) -> None:
        """Let virtual time pass."""
        await asyncio.sleep(seconds)


def in_world(test: Callable[[World], Awaitable[None]], settings: TenantSettings | None = None) -> None:
    """Run a test coroutine in a started world, in virtual time."""

    async def main() -> None:
        world = await World(settings).start()
        await test(world)
        await world.kill()

    coroutine: Coroutine[Any, Any, None] = main()
    run_virtually(coroutine)
