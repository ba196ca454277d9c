"""Where a history is played: the real engine on the simulated telephone side, its log and its people."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from zhiyin.config.simulation.company import TENANT, change_company, make_company
from zhiyin.config.simulation.dice import dice_of
from zhiyin.config.simulation.history import History
from zhiyin.config.simulation.line import Line, Weather
from zhiyin.contracts import commands as c
from zhiyin.contracts.events import Envelope
from zhiyin.contracts.frames import BoardUpdate, Request, TelephoneIdentity
from zhiyin.domain.interactions import EndedBy, InteractionEnded, InteractionStarted
from zhiyin.engine.adapters.simulator.legs import NODE
from zhiyin.engine.adapters.simulator.memory_log import MemoryLog
from zhiyin.engine.adapters.simulator.memory_spool import MemoryDisk
from zhiyin.engine.adapters.simulator.telephony import SimulatedTelephony
from zhiyin.engine.adapters.simulator.virtual_time import VirtualClock
from zhiyin.engine.clock import SystemClock
from zhiyin.engine.engine import Engine
from zhiyin.engine.log_port import LogStore
from zhiyin.engine.ports import Fact, TelephoneRegistered, TelephonyUp
from zhiyin.engine.tenant import Tenant
from zhiyin.live.boards import CompanyBoard

#: After an engine ended by itself the supervisor starts the next one.
RESTART_S = 1.0
#: The second Asterisk, where there are two.
FAR = "far"

Note = Callable[[str, object], None]


class Stage:
    """One company's world. ``note`` is told every input, request and fact, for the trace."""

    def __init__(self, history: History, *, note: Note | None = None) -> None:
        self.history = history
        self.seed = history.seed
        self.loop = asyncio.get_running_loop()
        self.settings = make_company(agents=history.agents)
        self.log = MemoryLog([self.settings])
        self.log.on_written = self._written
        self.disk = MemoryDisk()
        self.telephony = SimulatedTelephony(on_fact=self._take_fact)
        if history.has_nodes:
            self.telephony.sight.nodes = (NODE, FAR)
        self.weather = Weather(latency_s=history.latency_s, seed=history.seed)
        self._time = VirtualClock(self.loop)
        #: how wrong the machine's clock is
        #: what was seen to be wrong while it happened
        self.wrong: list[str] = []
        self.wall_off_s = 0.0
        self.jumps = 0
        self.clock = self._make_clock(self.disk)
        self.engine: Engine | None = None
        self.line: Line | None = None
        self.front = CompanyBoard()  # what ``live`` makes of the board's updates
        self.is_serving = False
        #: told every event that reaches the log
        self.on_event: Callable[[Envelope], None] = lambda _envelope: None
        #: told every request of an engine: verb, its arguments
        self.on_request: Callable[[str, tuple[Any, ...]], None] = lambda _verb, _given: None
        #: legs of agents' telephones whose page is gone: they send no voice
        self.desks: set[int] = set()
        self.replies: dict[str, int] = {}
        self._note = note
        self._ids = itertools.count(1)
        self._outside = copy_context()
        self._supervising: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    # --- the engine -------------------------------------------------------------------------------------------------

    @property
    def tenant(self) -> Tenant | None:
        return self.engine.board.tenants.get(TENANT) if self.engine is not None and self.is_serving else None

    def start(self) -> None:
        """Start an engine, and again whenever it ends by itself, as the supervisor does."""
        self._supervising = asyncio.create_task(self._supervise())

    async def _supervise(self) -> None:
        while True:
            try:
                await self._start_engine()
            except Exception as error:
                self.note("engine", f"did not start: {error!r}")
                self._cut()
                await asyncio.sleep(RESTART_S)
            else:
                return

    def _make_clock(self, disk: MemoryDisk) -> SystemClock:
        """Return the clock of an engine that starts now: the product's, on a machine whose own may be wrong."""
        spooled_at = disk.spool(0).newest_at()
        told = [envelope.at for envelope in self.log.envelopes] + ([spooled_at] if spooled_at is not None else [])
        return SystemClock(
            not_before=max(told, default=None),
            wall=lambda: self._time.now() + timedelta(seconds=self.wall_off_s),
            steady_s=self.loop.time,
        )

    def jump(self, by_s: float) -> None:
        """Set the machine's clock, as an administrator or NTP does."""
        self.wall_off_s += by_s
        self.jumps += 1
        self.note("fault", f"the clock jumps by {by_s:+g} s")

    async def _start_engine(self) -> None:
        engine = self.make_engine(self.log, self.disk)
        line = Line(self.telephony, self.weather, on_fact=engine.take_fact, on_request=self.requested)
        await self.serve(engine, line)

    def make_engine(self, store: LogStore, disk: MemoryDisk) -> Engine:
        self.clock = self._make_clock(disk)
        return Engine(
            store=store,
            spool_folder=Path("spool"),
            socket_path=None,
            recordings=Path("/nonexistent"),
            key=b"simulated",
            clock=self.clock,
            make_spool=disk.spool,
            new_id=lambda: f"c{next(self._ids):05d}",
        )

    async def serve(self, engine: Engine, line: Line) -> None:
        """Let this engine take over, and everybody come to it."""
        self.engine, self.line, self.is_serving = engine, line, False
        self._outside.copy().run(
            self.telephony.sight.begin_anew
        )  # what it waits for goes on where the engine is stopped
        if not self.telephony.connection.is_away:
            line.tell(TelephonyUp(is_restarted=False))
        await engine.start(line.port)
        if self.engine is not engine:
            return  # another one took over while this one waited for the log
        self.is_serving = True
        engine.board.on_board = self._publish
        engine.board.publish_soon()
        for update in engine.boards():
            self._publish(update)
        if not self.telephony.connection.is_away:
            for account in sorted(self.telephony.identities):
                line.tell(TelephoneRegistered(account, is_reachable=account in self.telephony.registered))
        for agent in sorted(self.desks):
            self.ask(c.DeskConnected(agent, is_connected=True))
        self.note("engine", f"serves in epoch {self.log.epoch}")

    def _publish(self, update: BoardUpdate) -> None:
        """Show it, unless it comes from an engine before: ``live`` has its connection to the one that leads."""
        if update.tenant == TENANT and update.epoch == self.log.epoch:
            self.front.apply(update)

    async def kill(self) -> None:
        """End the engine as SIGKILL does."""
        if self._supervising is not None:
            self._supervising.cancel()
        self._cut()
        self.note("engine", "killed")
        await asyncio.sleep(0)

    def _cut(self) -> None:
        engine, self.engine, self.is_serving = self.engine, None, False
        if self.line is not None:
            self.line.cut()
        for task in list(self._tasks):
            if task.get_name() == "wish":
                task.cancel()
        if engine is not None:
            self.run(engine.die())

    # --- people's wishes --------------------------------------------------------------------------------------------

    def ask(self, command: c.Command) -> None:
        """Send a wish; its answer is counted by its code."""
        if self.engine is None or not self.is_serving:
            return
        request = Request(f"r{next(self._ids)}", TENANT, None, command)
        self.note("wish", command)
        task = asyncio.create_task(self._answer(self.engine, request), name="wish", context=self._wish_context())
        self._own(task)

    def _wish_context(self) -> Context | None:
        """Where the engine's own code runs; None: anywhere."""
        return None

    async def _answer(self, engine: Engine, request: Request) -> None:
        reply = await engine.wishes.answer(request)
        code = reply.problem.code if reply.problem else "met"
        self.replies[code] = self.replies.get(code, 0) + 1
        if reply.problem is not None:
            self.note("answer", f"{type(request.command).__name__}: {code}")
        elif isinstance(request.command, c.OpenTelephone):
            identity = msgspec.json.decode(reply.result, type=TelephoneIdentity)
            if identity.username in self.telephony.identities:
                self.telephony.register(identity.username)

    def open_desk(self, agent: int, *, tab: int = 0) -> None:
        """Somebody logs in: desk open, telephone registered, signed in, ready."""
        self.desks.add(agent)
        self.run(self._open_desk(agent, f"tab{tab}"))

    async def _open_desk(self, agent: int, holder: str) -> None:
        self.ask(c.DeskConnected(agent, is_connected=True))
        setting = next((a for a in self.settings.agents if a.id == agent), None)
        if setting is None:
            return
        if setting.telephone == "browser":
            self.ask(c.OpenTelephone(agent, holder))
        elif setting.sip_account in self.telephony.identities:
            self.telephony.register(setting.sip_account or "")
        self.ask(c.SignIn(agent))
        await asyncio.sleep(0.1 + self.history.latency_s)
        self.ask(c.SetReady(agent))

    def change_settings(self, roll: int) -> None:
        self.settings = change_company(self.settings, agents=self.history.agents, dice_roll=roll)
        self.log.change_settings(self.settings)

    # --- underneath -------------------------------------------------------------------------------------------------

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self._own(asyncio.create_task(work))

    def _own(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def later_outside(self, after_s: float, action: Callable[[], None]) -> None:
        """Do it later, whatever becomes of the program that asks for it."""
        self._outside.copy().run(self.loop.call_later, after_s, action)

    def later(self, after_s: float, action: Callable[[], None]) -> None:
        self.loop.call_later(after_s, action)

    async def close(self) -> None:
        if self._supervising is not None:
            self._supervising.cancel()
        self._cut()
        await asyncio.sleep(0.1)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.sleep(0)

    def note(self, kind: str, what: object) -> None:
        if self._note is not None:
            self._note(kind, what)

    def _take_fact(self, fact: Fact) -> None:
        self.note("fact", fact)
        if self.line is not None:
            self.line.tell(fact)

    def requested(self, verb: str, given: tuple[Any, ...], fault: str) -> None:
        if self._note is not None and verb not in ("set_globals", "inventory", "let_in"):
            self.note("request", f"{verb} {' '.join(map(str, given))}{f' !{fault}' if fault else ''}")
        self.on_request(verb, given)

    def _written(self, envelope: Envelope) -> None:
        if self._note is not None:
            self.note("event", f"{envelope.stream} {envelope.type} {bytes(envelope.body).decode()}")
        self._check_end(envelope)
        self.on_event(envelope)

    def _check_end(self, envelope: Envelope) -> None:
        """Who talks on out of sight has not left, before its node counts as lost (decision 72)."""
        is_spooled = envelope.epoch != self.log.epoch  # what an engine before knew was true then
        if envelope.type != InteractionEnded.__name__ or is_spooled:
            return
        ended, began = envelope.event(), self.log.streams[envelope.tenant, envelope.stream][0].event()
        if not isinstance(ended, InteractionEnded) or not isinstance(began, InteractionStarted):
            return
        leg = self.telephony.legs.get(began.customer_leg)
        if ended.by is EndedBy.CUSTOMER and leg is not None and self.telephony.sight.may_hide(leg.id):
            self.wrong.append(f"{envelope.stream} is told as left by the customer, whose leg {leg.id} is out of sight")

    def roll(self, *about: object) -> float:
        """Return a number from 0 to 1 that depends on the seed and the subject alone."""
        return dice_of(self.seed, *about).random()
