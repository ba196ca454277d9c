"""Standing by, taking the lead, and keeping it. Why each step is safe: docs/decisions/0016 and 0038.

A leader renews its lease in the database. Where that cannot be (the database is away, slow, may only be read), it
cannot know whether another engine sees the same or has been elected meanwhile. Then Asterisk is asked, which both
reach: whoever takes over announces its term there before it acts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from zhiyin.domain.leadership import (
    ANNOUNCED_FOR_S,
    LEASE_S,
    RENEW_EVERY_S,
    UNBROKEN_S,
    LeaseSeen,
    LeaseWatch,
    term_of,
)
from zhiyin.domain.replacing import replace
from zhiyin.engine.lease import LeaseGate, boot_s
from zhiyin.engine.ports import TelephonyError

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.1
#: The global in Asterisk that holds the newest term.
TERM = "ZHIYIN_TERM"
#: Asterisk is asked as soon as the last renewal is so old: long before the lease it gave is over.
ASK_WITNESS_AFTER_S = 2.5 * RENEW_EVERY_S


class LeaseAway(Exception):
    """The database did not answer in time, or would not do it."""


class LeaseTable(Protocol):
    """The lease in the database. Any call raises ``LeaseAway``, and what it asked for may have been done."""

    async def look(self) -> tuple[LeaseSeen, str]:
        """Return what is seen of the lease, and who holds it."""
        ...

    async def lock(self, holder: str) -> bool:
        """End ``holder``, as far as it can be reached, and take the leader's lock. False: another was faster."""
        ...

    async def take(self) -> tuple[int, str]:
        """Begin a new term; return its number, and the mark of the lease as it was until then."""
        ...

    async def renew(self, epoch: int) -> bool:
        """Renew, with the lock in hand where it is free. False: another term has begun."""
        ...

    async def give_back(self, epoch: int) -> None: ...

    async def disconnect(self) -> None: ...


class Witness(Protocol):
    """What Asterisk was told of terms. Any call raises ``TelephonyError`` where no Asterisk can be reached."""

    async def newest_term(self) -> int:
        """Return the highest term announced; 0 for none."""
        ...

    async def announce_term(self, term: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Before:
    """The leader before: whether it is known to have ended, else until when its last renewal lets it act."""

    has_ended: bool = True
    may_act_until_s: float = float("-inf")
    mark: str = ""


class _Reason:
    """Why something that is tried ten times a second fails: to be told as it begins and as it changes."""

    def __init__(self) -> None:
        self._told = ""

    def is_news(self, error: Exception) -> bool:
        before, self._told = self._told, f"{type(error).__name__} {error}"
        return self._told != before

    def is_over(self) -> None:
        self._told = ""


class Leadership:
    """``on_lost`` is called once when another engine leads; from then on ``gate`` stays closed."""

    def __init__(
        self,
        table: LeaseTable,
        *,
        holder: str,
        on_lost: Callable[[], None] = lambda: None,
        clock_s: Callable[[], float] = boot_s,
    ) -> None:
        self._table = table
        self.holder = holder
        self._on_lost = on_lost
        self._clock_s = clock_s
        self.gate = LeaseGate(clock_s)
        #: none: nobody else can reach what this engine acts on
        self.witness: Witness | None = None
        self._before = _Before()
        self._epoch = 0
        self._renewed_at_s = float("-inf")
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def epoch(self) -> int:
        """The number of this engine's term; 0 before it leads."""
        return self._epoch

    async def wait_for_turn(self) -> None:
        """Return once this engine may lead, with the leader's lock in hand; until then it is the standby."""
        watch, is_told, reason = LeaseWatch(), False, _Reason()
        while True:
            asked_at_s = self._clock_s()
            try:
                seen, holder = await self._table.look()
                now_s = self._clock_s()
                if watch.may_take(seen, asked_at_s=asked_at_s, now_s=now_s) and await self._table.lock(holder):
                    has_ended = seen.is_free or seen.is_leader_dead or seen.is_leader_here
                    self._before = _Before(has_ended, watch.renewed_by_s + LEASE_S, seen.mark)
                    return
                reason.is_over()
            except LeaseAway as error:
                if reason.is_news(error):
                    log.info("lease_unseen", why=str(error))
                await self._table.disconnect()
            if not is_told:
                is_told = True
                log.info("standing_by", holder=self.holder)
            await asyncio.sleep(LOOK_EVERY_S)

    async def take(self) -> int:
        """Begin a new term and keep it; return its number. Raises ``LeaseAway``."""
        asked_at_s = self._clock_s()
        self._epoch, mark = await self._table.take()
        if term_of(mark) != term_of(self._before.mark):  # taken since it was looked at, by one that may live on
            self._before = replace(self._before, has_ended=False)
        if not self._before.has_ended:
            if mark != self._before.mark:  # renewed once more since it was looked at
                self._before = replace(self._before, may_act_until_s=self._clock_s() + LEASE_S)
            self.gate.hold_until(float("inf"))
        self._renewed(asked_at_s)
        self.go_on()
        log.info("leading", epoch=self._epoch, holder=self.holder)
        return self._epoch

    async def give_back(self) -> None:
        """Stop leading: the standby takes over without waiting."""
        await self.stand_still()
        if self._epoch:
            with suppress(LeaseAway):
                await self._table.give_back(self._epoch)
        await self._table.disconnect()

    async def stand_still(self) -> None:
        """Renew no more, as a process that was stopped; ``go_on`` continues."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def go_on(self) -> None:
        """Keep the term. It is announced, again if it was: the announcement may have been under way."""
        self._tasks = [
            asyncio.create_task(self._renew_forever(), name="lease"),
            asyncio.create_task(self._ask_witness_forever(), name="lease-witness"),
            asyncio.create_task(self._announce(), name="lease-announcement"),
        ]

    # --- keeping it -------------------------------------------------------------------------------------------------

    async def _renew_forever(self) -> None:
        while True:
            asked_at_s = self._clock_s()
            try:
                is_ours = await self._table.renew(self._epoch)
            except LeaseAway as error:
                log.info("lease_not_renewed", why=str(error))
                await self._table.disconnect()
                await asyncio.sleep(LOOK_EVERY_S)
                continue
            except Exception:  # nothing may end this: an engine that does not renew stands still for ever
                log.exception("lease_broke")
                await asyncio.sleep(RENEW_EVERY_S)
                continue
            if not is_ours:
                self._lost()
                return
            self._renewed(asked_at_s)
            await asyncio.sleep(RENEW_EVERY_S)

    async def _ask_witness_forever(self) -> None:
        """While the database says nothing of who leads: act on as long as Asterisk knows of nobody newer."""
        reason = _Reason()
        while True:
            asked_at_s = self._clock_s()
            if self.witness is not None and asked_at_s - self._renewed_at_s > ASK_WITNESS_AFTER_S:
                try:
                    async with asyncio.timeout(UNBROKEN_S):
                        newest = await self.witness.newest_term()
                except (TelephonyError, TimeoutError) as error:
                    if reason.is_news(error):
                        log.info("witness_away", why=str(error))
                else:
                    reason.is_over()
                    if newest > self._epoch:
                        self._lost()
                        return
                    self.gate.vouched(asked_at_s)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _announce(self) -> None:
        """Tell Asterisk who leads; where the leader before may live on, nothing is done before it must have heard."""
        if self.witness is None:
            self.gate.hold_until(self._before.may_act_until_s)
            return
        reason = _Reason()
        while True:
            try:
                async with asyncio.timeout(UNBROKEN_S):
                    await self.witness.announce_term(self._epoch)
            except (TelephonyError, TimeoutError) as error:
                if reason.is_news(error):
                    log.info("term_not_announced", why=str(error))
                await asyncio.sleep(LOOK_EVERY_S)
            else:
                break
        if not self._before.has_ended:
            self.gate.hold_until(max(self._clock_s() + ANNOUNCED_FOR_S, self._before.may_act_until_s))

    def _renewed(self, asked_at_s: float) -> None:
        self._renewed_at_s = asked_at_s
        self.gate.renewed(asked_at_s)

    def _lost(self) -> None:
        log.error("deposed", epoch=self._epoch, hint="another engine took over; this one stands by again")
        self.gate.hold_until(float("inf"))
        self._on_lost()
