"""Two engines on machines of their own, whose ways to the database and to Asterisk fail apart, in virtual time.

The code that leads is the product's; database and Asterisk are as simple as can be. Whatever happens, no engine acts
after one of a newer term has; and as soon as all ways are whole again, somebody leads.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from zhiyin.domain.leadership import UNBROKEN_S, LeaseSeen
from zhiyin.engine.adapters.simulator.virtual_time import run_virtually
from zhiyin.engine.leader import Leadership, LeaseAway
from zhiyin.engine.ports import TelephonyAway

ONE, TWO = 0, 1
ACTS_EVERY_S, ON_ITS_WAY_S = 0.03, 0.02


@dataclass
class Way:
    """An engine's way to one of the two: "ok", "cut", "slow" (each answer takes ``slow_s``), "read_only"."""

    state: str = "ok"
    slow_s: float = 0.0

    async def go(self, asked: Callable[[], Any], error: type[Exception]) -> Any:
        """Carry out what is asked; slow, it is done all the same after nobody waits for the answer any more."""
        if self.state == "cut":
            await asyncio.sleep(0.01)
            raise error("cut")
        if self.state != "slow":
            await asyncio.sleep(0.002)
            return asked()
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def answer() -> None:
            result = asked()
            if not done.done():
                done.set_result(result)

        asyncio.get_running_loop().call_later(self.slow_s / 2, answer)
        try:
            async with asyncio.timeout(UNBROKEN_S):
                await asyncio.sleep(self.slow_s)
                return await done
        except TimeoutError as late:
            raise error("slow") from late


@dataclass
class Database:
    epoch: int = 0
    renewals: int = 0
    holder: str = ""
    locked_by: Table | None = None


class Table:
    """One engine's session in the database."""

    def __init__(self, database: Database, way: Way, name: str) -> None:
        self._database, self._way, self.name = database, way, name

    async def look(self) -> tuple[LeaseSeen, str]:
        return await self._write(self._look)

    def _look(self) -> tuple[LeaseSeen, str]:
        at = self._database
        seen = LeaseSeen(
            self._mark(),
            is_locked=at.locked_by is not None,
            is_free=not at.holder,
            is_leader_dead=False,
            is_leader_here=False,
            server_up_s=1000,
        )
        return seen, at.holder

    def _mark(self) -> str:
        return f"{self._database.epoch} {self._database.renewals}"

    async def lock(self, holder: str) -> bool:
        def lock() -> bool:
            locked_by = self._database.locked_by
            if locked_by is not None and locked_by.name == holder != self.name:
                self._database.locked_by = None  # its sessions are ended
            return self._locked()

        return await self._write(lock)

    def _locked(self) -> bool:
        if self._database.locked_by is None:
            self._database.locked_by = self
        return self._database.locked_by is self

    async def take(self) -> tuple[int, str]:
        def take() -> tuple[int, str]:
            mark = self._mark()
            self._database.epoch += 1
            self._database.renewals += 1
            self._database.holder = self.name
            return self._database.epoch, mark

        return await self._write(take)

    async def renew(self, epoch: int) -> bool:
        def renew() -> bool:
            self._locked()
            if self._database.epoch != epoch:
                return False
            self._database.renewals += 1
            return True

        return await self._write(renew)

    async def _write(self, asked: Callable[[], Any]) -> Any:
        """Ask a server that may be written; one that may only be read elects nobody."""
        if self._way.state == "read_only":
            await asyncio.sleep(0.002)
            raise LeaseAway("read-only")
        return await self._way.go(asked, LeaseAway)

    async def give_back(self, epoch: int) -> None:
        if self._database.epoch == epoch:
            self._database.holder = ""

    async def disconnect(self) -> None:
        if self._database.locked_by is self:
            self._database.locked_by = None


@dataclass
class Asterisk:
    term: int = 0
    #: (when, of which term) each act arrived
    acts: list[tuple[float, int]] = field(default_factory=list)

    def act(self, term: int) -> None:
        newest = max((term for _, term in self.acts), default=0)
        assert term >= newest, f"term {term} acts after {newest}"
        self.acts.append((asyncio.get_running_loop().time(), term))


class Witness:
    def __init__(self, asterisk: Asterisk, way: Way) -> None:
        self._asterisk, self._way = asterisk, way

    async def newest_term(self) -> int:
        return await self._way.go(lambda: self._asterisk.term, TelephonyAway)

    async def announce_term(self, term: int) -> None:
        def announce() -> None:
            self._asterisk.term = max(self._asterisk.term, term)

        await self._way.go(announce, TelephonyAway)


class Machine:
    """An engine that stands by, leads, is deposed and begins again; it acts whenever its gate lets it."""

    def __init__(self, name: str, database: Database, asterisk: Asterisk) -> None:
        self.to_database, self.to_asterisk = Way(), Way()
        self._name, self._database, self._asterisk = name, database, asterisk
        self._is_awake = asyncio.Event()
        self._is_awake.set()
        self._lead: Leadership | None = None
        self.failed: BaseException | None = None

    async def run(self) -> None:
        while True:
            deposed = asyncio.Event()
            clock_s = asyncio.get_running_loop().time
            table = Table(self._database, self.to_database, self._name)
            lead = self._lead = Leadership(table, holder=self._name, on_lost=deposed.set, clock_s=clock_s)
            lead.witness = Witness(self._asterisk, self.to_asterisk)
            await lead.wait_for_turn()
            try:
                term = await lead.take()
            except LeaseAway:
                await table.disconnect()
                continue
            acting = asyncio.create_task(self._act(lead, term))
            await asyncio.wait({acting, lost := asyncio.create_task(deposed.wait())}, return_when="FIRST_COMPLETED")
            for task in (acting, lost):
                task.cancel()
            if acting.done() and not acting.cancelled() and acting.exception() is not None:
                self.failed = acting.exception()
                return
            await lead.stand_still()
            await table.disconnect()

    async def _act(self, lead: Leadership, term: int) -> None:
        while True:
            await asyncio.sleep(ACTS_EVERY_S)
            await self._is_awake.wait()
            await lead.gate.passed()
            if self.to_asterisk.state != "cut":
                await asyncio.sleep(ON_ITS_WAY_S)
                self._asterisk.act(term)

    async def pause(self, for_s: float) -> None:
        """Stop, as SIGSTOP does: it renews nothing, and what had begun goes on when it wakes."""
        lead = self._lead
        self._is_awake.clear()
        if lead is not None:
            await lead.stand_still()
        await asyncio.sleep(for_s)
        if lead is not None and lead is self._lead and lead.epoch:
            lead.go_on()
        self._is_awake.set()


class Pair:
    def __init__(self) -> None:
        self.database, self.asterisk = Database(), Asterisk()
        self.machines = [Machine(name, self.database, self.asterisk) for name in ("one", "two")]

    def acted_since(self, at_s: float) -> set[int]:
        return {term for when_s, term in self.asterisk.acts if when_s >= at_s}


def in_pair(test: Callable[[Pair], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        pair = Pair()
        running = [asyncio.create_task(machine.run()) for machine in pair.machines]
        await asyncio.sleep(3)
        await test(pair)
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for machine in pair.machines:
            if machine.failed is not None:
                raise machine.failed

    run_virtually(main())


def now_s() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize(("state", "term"), [("cut", 2), ("read_only", 2), ("slow", 1)])
def test_a_leader_that_alone_lost_its_database_is_followed_and_does_nothing_more(state: str, term: int) -> None:
    """Slow is not away: its renewals come late, but they come, and it goes on."""

    async def story(pair: Pair) -> None:
        leader = pair.machines[ONE if pair.database.holder == "one" else TWO]
        leader.to_database.state, leader.to_database.slow_s = state, 3.0
        await asyncio.sleep(6)
        assert pair.acted_since(now_s() - 1) == {term}

    in_pair(story)


@pytest.mark.parametrize("state", ["cut", "slow", "read_only"])
def test_a_database_that_is_away_for_both_deposes_nobody_and_stops_nobody(state: str) -> None:
    async def story(pair: Pair) -> None:
        for machine in pair.machines:
            machine.to_database.state, machine.to_database.slow_s = state, 3.0
        began_s = now_s()
        await asyncio.sleep(60)
        assert pair.acted_since(began_s) == {1}
        acts = [at_s for at_s, _ in pair.asterisk.acts if at_s >= began_s]
        assert max(b - a for a, b in itertools.pairwise(acts)) < 0.5
        for machine in pair.machines:
            machine.to_database.state = "ok"
        await asyncio.sleep(5)
        assert pair.acted_since(now_s() - 1) == {1}

    in_pair(story)


def test_a_leader_cut_off_from_everything_stops_by_itself() -> None:
    async def story(pair: Pair) -> None:
        for machine in pair.machines:
            machine.to_database.state = machine.to_asterisk.state = "cut"
        await asyncio.sleep(5)
        lead = pair.machines[ONE if pair.database.holder == "one" else TWO]._lead
        assert lead is not None
        assert not lead.gate.is_open

    in_pair(story)


def test_what_cannot_be_reached_for_long_is_told_once_and_not_ten_times_a_second() -> None:
    """An hour without the database, or before the first Asterisk, filled journals with 36000 equal lines."""

    async def story(pair: Pair) -> None:
        for machine in pair.machines:
            machine.to_database.state = "cut"
        await asyncio.sleep(30)
        for machine in pair.machines:
            machine.to_database.state = "ok"
        await asyncio.sleep(5)
        for machine in pair.machines:
            machine.to_database.state = "read_only"
        await asyncio.sleep(5)
        for machine in pair.machines:
            machine.to_asterisk.state = "cut"
        await asyncio.sleep(30)

    with capture_logs() as lines:
        in_pair(story)
    told = Counter((line["event"], line["why"]) for line in lines if "why" in line)
    assert told["lease_unseen", "cut"] in (1, 2)
    assert told["lease_unseen", "read-only"] in (1, 2)
    assert told["witness_away", "cut"] == 1


def test_who_takes_over_from_a_dead_leader_waits_for_a_third_that_was_faster_and_lost_its_session() -> None:
    """It had seen that the leader before was dead, and took the one that led meanwhile for dead too."""

    class DeadTable(Table):
        def _look(self) -> tuple[LeaseSeen, str]:
            seen, holder = super()._look()
            return replace(seen, is_leader_dead=holder == "dead"), holder

    async def main() -> None:
        database, asterisk = Database(epoch=4, renewals=9, holder="dead"), Asterisk()
        tables = [DeadTable(database, Way(), name) for name in ("fast", "late")]
        fast, late = (Leadership(table, holder=table.name, clock_s=now_s) for table in tables)
        for lead in (fast, late):
            lead.witness = Witness(asterisk, Way())
        await fast.wait_for_turn()
        await tables[0].disconnect()  # and its lock is gone
        await late.wait_for_turn()
        await fast.take()
        await late.take()
        await late.gate.passed()
        assert not fast.gate.is_open
        for lead in (fast, late):
            await lead.stand_still()

    run_virtually(main())


WAYS = st.sampled_from(["ok", "cut", "slow", "read_only"])
FAULT = st.tuples(
    st.floats(0.0, 4.0),  # after so long
    st.sampled_from([ONE, TWO]),
    st.one_of(
        st.tuples(st.just("database"), WAYS, st.floats(0.1, 4.0)),
        st.tuples(st.just("asterisk"), st.sampled_from(["ok", "slow"]), st.floats(0.1, 0.9)),
        st.tuples(st.just("pause"), st.just(""), st.floats(0.1, 5.0)),
    ),
)


@settings(max_examples=60)
@given(st.lists(FAULT, max_size=14))
@example([(0.0, ONE, ("database", "cut", 1.0)), (0.0, TWO, ("pause", "", 3.0)), (1.0, ONE, ("database", "ok", 1.0))])
@example(
    [(0.0, ONE, ("database", "cut", 0.1)), (0.5, TWO, ("asterisk", "slow", 0.5)), (0.5, TWO, ("pause", "", 1.0))]
)  # stopped while it announced its term: nobody acted ever after
def test_no_two_engines_act_whatever_fails(faults: list[tuple[float, int, tuple[str, str, float]]]) -> None:
    async def story(pair: Pair) -> None:
        pauses = []
        for after_s, which, (kind, state, number) in faults:
            await asyncio.sleep(after_s)
            machine = pair.machines[which]
            if kind == "pause":
                pauses.append(asyncio.create_task(machine.pause(number)))
            else:
                way = machine.to_database if kind == "database" else machine.to_asterisk
                way.state, way.slow_s = state, number
        for machine in pair.machines:
            machine.to_database.state = machine.to_asterisk.state = "ok"
        await asyncio.sleep(12)
        await asyncio.gather(*pauses)
        await asyncio.sleep(8)
        assert len(pair.acted_since(now_s() - 1)) == 1

    in_pair(story)
