"""Two engines, one leads and the other stands by; either may be stopped, woken, killed.

Each has a machine of its own, or both are on one, as ``zhiyin run`` has them: there whoever takes over ends the other
first and finds what it spooled. Who leads is decided by the product's own code (engine/leader.py), over a lease and a
witness as simple as can be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from zhiyin.config.simulation.history import History
from zhiyin.config.simulation.line import Line
from zhiyin.config.simulation.processes import Process, outside
from zhiyin.config.simulation.stage import RESTART_S, Note, Stage
from zhiyin.domain.leadership import UNBROKEN_S, LeaseSeen
from zhiyin.engine.adapters.simulator.memory_log import MemoryLog
from zhiyin.engine.adapters.simulator.memory_spool import MemoryDisk
from zhiyin.engine.adapters.simulator.telephony import SimulatedTelephony
from zhiyin.engine.engine import Engine
from zhiyin.engine.leader import TERM, Leadership, LeaseAway
from zhiyin.engine.log_port import LogAway, LogBatch, TermOver
from zhiyin.engine.ports import Fact

_ANSWER_S = 0.002


class Lease:
    """The lease's row; its term is the log's epoch.

    ``process_of`` (None: it is gone) and ``end`` know an engine's process by its holder, where all are on one machine.
    """

    def __init__(
        self,
        log: MemoryLog,
        *,
        process_of: Callable[[str], Process | None] | None = None,
        end: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self.log = log
        self.process_of = process_of
        self.end = end
        self.renewals = 0
        self.holder = ""
        self.locked_by: LeaseSession | None = None

    @property
    def mark(self) -> str:
        return f"{self.log.epoch} {self.renewals}"

    def leave(self, name: str) -> None:
        """An engine's connections are gone, and its lock with them."""
        if self.locked_by is not None and self.locked_by.name == name:
            self.locked_by = None


class LeaseSession:
    """One engine's session: implements ``engine.leader.LeaseTable``."""

    def __init__(self, lease: Lease, name: str) -> None:
        self._lease, self.name = lease, name

    async def _asked(self, timeout_s: float) -> None:
        """Wait for the database. Raises ``LeaseAway`` where it is away or does not answer in time."""
        log = self._lease.log
        if log.hangs or log.write_s > timeout_s:
            await asyncio.sleep(timeout_s)
            raise LeaseAway("the simulated database did not answer in time")
        await asyncio.sleep(log.write_s)
        if log.is_away:
            raise LeaseAway("the simulated database is away")

    async def look(self) -> tuple[LeaseSeen, str]:
        await self._asked(2 * UNBROKEN_S)
        lease = self._lease
        is_here = lease.process_of is not None and bool(lease.holder)
        process = lease.process_of(lease.holder) if lease.process_of is not None else None
        seen = LeaseSeen(
            lease.mark,
            is_locked=lease.locked_by is not None,
            is_free=not lease.holder,
            is_leader_dead=is_here and process is None,
            is_leader_here=is_here and lease.holder != self.name,
            server_up_s=1000,
            is_leader_stopped=process is not None and process.is_stopped,
        )
        return seen, lease.holder

    async def lock(self, holder: str) -> bool:
        if holder and holder != self.name and self._lease.end is not None:
            await self._lease.end(holder)
        await self._asked(2 * UNBROKEN_S)
        if holder != self.name:
            self._lease.leave(holder)  # its sessions are ended
        return self._locked()

    async def take(self) -> tuple[int, str]:
        await self._asked(2 * UNBROKEN_S)
        lease, mark = self._lease, self._lease.mark
        lease.log.epoch += 1
        lease.renewals += 1
        lease.holder = self.name
        return lease.log.epoch, mark

    async def renew(self, epoch: int) -> bool:
        await self._asked(UNBROKEN_S)
        self._locked()
        if self._lease.log.epoch != epoch:
            return False
        self._lease.renewals += 1
        return True

    async def give_back(self, epoch: int) -> None:
        if self._lease.log.epoch == epoch:
            self._lease.holder = ""

    async def disconnect(self) -> None:
        if self._lease.locked_by is self:
            self._lease.locked_by = None

    def _locked(self) -> bool:
        if self._lease.locked_by is None:
            self._lease.locked_by = self
        return self._lease.locked_by is self


class TermWitness:
    """Implements ``engine.leader.Witness`` on the simulated Asterisk's globals."""

    def __init__(self, telephony: SimulatedTelephony) -> None:
        self._telephony = telephony

    async def newest_term(self) -> int:
        await asyncio.sleep(_ANSWER_S)
        return int(self._telephony.globals.get(TERM) or 0)

    async def announce_term(self, term: int) -> None:
        newest = max(term, await self.newest_term())
        self._telephony.globals[TERM] = str(newest)


class TermStore:
    """The log as one term writes it: what is on its way when the term is over is not taken."""

    def __init__(self, log: MemoryLog, lead: Leadership) -> None:
        self._log, self._lead = log, lead

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def take_lease(self) -> int:
        try:
            return await self._lead.take()
        except LeaseAway as error:
            raise LogAway(str(error)) from error

    async def write(self, batches: Sequence[LogBatch]) -> None:
        async def write() -> None:
            await asyncio.sleep(self._log.write_s)
            if self._lead.epoch != self._log.epoch:
                raise TermOver
            await self._log.write(batches, takes_s=0.0)

        await outside(write)


class EngineMachine:
    """An engine's place: it stands by there, leads, is deposed and begins again. ``disk``: where it spools."""

    def __init__(self, stage: PairedStage, name: str, disk: MemoryDisk) -> None:
        self._stage, self.name, self.disk = stage, name, disk
        self._starts = 0
        self.process = Process()
        self.engine: Engine | None = None
        self._lead: Leadership | None = None
        self._line: Line | None = None
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the program, where it does not run."""
        if self._running is None:
            self._starts += 1
            self.process = Process()
            self._running = asyncio.create_task(self._run(), context=self.process.context)
            self._running.add_done_callback(self._broke)

    def _broke(self, running: asyncio.Task[None]) -> None:
        """A program that ends by itself would be started again; none should."""
        if not running.cancelled() and (error := running.exception()) is not None:
            self._stage.wrong.append(f"{self.name} broke: {error!r}")

    async def _run(self) -> None:
        stage = self._stage
        lead = self._lead = Leadership(
            LeaseSession(stage.lease, self.holder),
            holder=self.holder,
            on_lost=self._deposed,
            clock_s=asyncio.get_running_loop().time,
        )
        lead.witness = TermWitness(stage.telephony)
        await lead.wait_for_turn()
        self.engine = engine = stage.make_engine(TermStore(stage.log, lead), self.disk)
        process = self.process

        def take(fact: Fact) -> None:
            process.enter(engine.take_fact, fact)

        self._line = line = Line(
            stage.telephony, stage.weather, on_fact=take, on_request=stage.requested, gate=lead.gate, term=lead
        )
        line.on_arrived = stage.acted
        await stage.serve(engine, line)

    def _deposed(self) -> None:
        """The program ends where it stands, and is started again."""
        self._stage.note("engine", f"{self.name} is deposed")
        self._stage.later_outside(0.0, self.end)
        self._stage.later_outside(RESTART_S, self.start)

    def end(self) -> None:
        """End as SIGKILL does: nothing of it reaches anybody any more."""
        self.process.wake()
        if self._line is not None:
            self._line.cut()
        if self._running is not None:
            self._running.cancel()
        for ending in (self.engine.die if self.engine else None, self._lead.stand_still if self._lead else None):
            if ending is not None:
                self._stage.run(ending())
        self._stage.lease.leave(self.holder)
        self.engine = self._lead = self._line = self._running = None

    @property
    def holder(self) -> str:
        """The name of the process that runs there, or ran last."""
        return f"{self.name}:{self._starts}"

    @property
    def is_running(self) -> bool:
        return self._running is not None

    @property
    def leads(self) -> bool:
        return self.engine is not None and self.engine is self._stage.engine


class PairedStage(Stage):
    """A stage with a leader and a standby."""

    def __init__(self, history: History, *, note: Note | None = None) -> None:
        super().__init__(history, note=note)
        self.machines = [
            EngineMachine(self, name, self.disk if history.is_one_machine else MemoryDisk()) for name in ("one", "two")
        ]
        if history.is_one_machine:
            self.lease = Lease(self.log, process_of=self._process_of, end=self._end)
        else:
            self.lease = Lease(self.log)
        self.newest_term = 0

    def start(self) -> None:
        for machine in self.machines:
            machine.start()

    def _process_of(self, holder: str) -> Process | None:
        return next((one.process for one in self.machines if one.is_running and one.holder == holder), None)

    async def _end(self, holder: str) -> None:
        """End the other engine's process; the supervisor starts the next one."""
        for machine in self.machines:
            if machine.is_running and machine.holder == holder:
                self.note("engine", f"{holder} is ended by its successor")
                self.later_outside(0.0, machine.end)
                self.later_outside(RESTART_S, machine.start)
        await asyncio.sleep(_ANSWER_S)

    async def kill(self) -> None:
        leader = next((machine for machine in self.machines if machine.leads), None)
        if leader is not None:
            self.note("engine", f"{leader.name} is killed")
            leader.end()
            self.engine, self.is_serving = None, False
        await asyncio.sleep(0)

    def freeze(self, for_s: float) -> None:
        """Stop the leader, and wake it again."""
        leader = next((machine for machine in self.machines if machine.leads), None)
        if leader is not None:
            self.note("engine", f"{leader.name} is stopped for {for_s:g} s")
            process = leader.process
            process.stop()
            self.later(for_s, process.wake)

    def heal(self) -> None:
        for machine in self.machines:
            machine.process.wake()

    def acted(self, term: int, verb: str) -> None:
        """A request of this term arrives: none may after one of a newer term has."""
        if term < self.newest_term:
            self.wrong.append(f"{verb} of term {term} arrives after one of term {self.newest_term}")
        self.newest_term = max(self.newest_term, term)

    def _wish_context(self) -> Any:
        leader = next((machine for machine in self.machines if machine.leads), None)
        return leader.process.context.copy() if leader is not None else None

    async def close(self) -> None:
        for machine in self.machines:
            machine.end()
        self.engine = None
        await super().close()
