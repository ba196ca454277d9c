"""One engine: puts the parts together, takes over from the engine before it, follows settings and keeps the beat."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from zhiyin.contracts.events import ClockJumped, EngineStarted, Event
from zhiyin.contracts.frames import BoardUpdate, EngineHealth
from zhiyin.contracts.links import LinkKeys
from zhiyin.engine import companies, recovery
from zhiyin.engine.admission import Doorkeeper
from zhiyin.engine.clock import Clock, LoopTimers, SystemClock
from zhiyin.engine.command_server import CommandServer
from zhiyin.engine.guard import Guard
from zhiyin.engine.journal import Journal
from zhiyin.engine.leader import TERM
from zhiyin.engine.log_port import LogAway, LogStore, TermOver
from zhiyin.engine.node_health import node_healths
from zhiyin.engine.outside_port import NoOutside, OutsideWorld
from zhiyin.engine.ports import (
    AccessControl,
    Fact,
    Nodes,
    Telephony,
    TelephonyDown,
    TelephonyError,
    TelephonyUp,
)
from zhiyin.engine.recovery import until_log_answers
from zhiyin.engine.speech_port import SpeechTools
from zhiyin.engine.spool import Spool
from zhiyin.engine.stocktaking import Stocktaking
from zhiyin.engine.switchboard import Switchboard
from zhiyin.engine.tenant import Tenant
from zhiyin.engine.trial_call_shelf import TrialCallShelf
from zhiyin.engine.wishes import Wishes

log = structlog.get_logger(__name__)

BEAT_S = 1.0
#: So much of a day's figures the next engine counts again at most.
SAVE_DAY_EVERY_S = 30.0
RETRY_S = 0.5
#: The stream of the engine's own events belongs to no company.
NO_TENANT = 0


class Engine:
    """One engine. ``telephony`` is made by the caller with ``on_fact=engine.take_fact``."""

    def __init__(
        self,
        *,
        store: LogStore,
        spool_folder: Path,
        socket_path: Path | None,
        listen: str = "",
        keys: LinkKeys | None = None,
        recordings: Path,
        key: bytes,
        clock: Clock | None = None,
        make_spool: Callable[[int], Spool] | None = None,
        new_id: Callable[[], str] | None = None,
        are_descriptors_short: Callable[[], bool] = lambda: False,
        are_descriptors_spent: Callable[[], bool] = lambda: False,
        on_broken: Callable[[BaseException], None] = lambda _why: None,
        outside: OutsideWorld | None = None,
        speech: SpeechTools | None = None,
    ) -> None:
        self._outside = outside or NoOutside()
        self._speech = speech or SpeechTools()
        self._on_broken = on_broken
        self._are_descriptors_short = are_descriptors_short
        self._are_descriptors_spent = are_descriptors_spent
        self._make_spool = make_spool or (lambda epoch: Spool(spool_folder, epoch))
        self._new_id = new_id
        self._key = key
        self._given_clock = clock
        self._store = store
        self._socket_path = socket_path
        self._listen = listen
        self._keys = keys
        self._recordings = recordings
        self._trial_calls = spool_folder.parent / "trial-calls"
        self._facts: asyncio.Queue[Fact] = asyncio.Queue()
        self._telephony_up = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._board: Switchboard | None = None
        self._server: CommandServer | None = None
        self._is_asterisk_up = False
        self._is_taking_over = False
        self._is_running = False
        self._nodes: Nodes | None = None
        self._started_at = datetime.min  # noqa: DTZ901 - set at start

    @property
    def board(self) -> Switchboard:
        assert self._board is not None
        return self._board

    def take_fact(self, fact: Fact) -> None:
        """Take a fact of the telephone side; before the take-over is done facts wait."""
        if isinstance(fact, TelephonyUp):
            self._is_asterisk_up = True
            self._telephony_up.set()
        elif isinstance(fact, TelephonyDown):
            self._is_asterisk_up = False
        if self._is_running:
            self.board.take_fact(fact)
        elif self._is_taking_over or not isinstance(fact, TelephonyUp | TelephonyDown):
            self._facts.put_nowait(fact)

    async def start(
        self, telephony: Telephony, *, nodes: Nodes | None = None, access: AccessControl | None = None
    ) -> None:
        """Take over: lease, settings, agents, figures, live calls; then serve."""
        self._nodes = nodes
        epoch = await until_log_answers(self._store.take_lease)
        newest_at = await until_log_answers(self._store.newest_at)
        spool = self._make_spool(epoch)
        # what an engine before kept while the log was away may be newer, on a machine whose clock was set back
        told = [at for at in (newest_at, spool.newest_at()) if at is not None]
        clock = self._given_clock or SystemClock(not_before=max(told, default=None))
        self._started_at = clock.now()
        journal = Journal(self._store, spool, epoch)
        journal.on_broken = self._on_broken
        self._clock = clock
        self._journal = journal
        self._board = board = Switchboard(
            telephony=telephony,
            journal=journal,
            clock=clock,
            timers=LoopTimers(),
            recordings=self._recordings,
            key=self._key,
            new_id=self._new_id,
        )
        board.on_telephony = self._telephony_changed
        if nodes is not None:
            board.node_of = nodes.node_of
        board.records = self._store
        board.outside.world = self._outside
        board.trial_calls.shelf = TrialCallShelf(self._trial_calls)
        self._speech.shelf.clear()
        board.spoken.tools = self._speech
        self._stocktaking = Stocktaking(board)
        self._doorkeeper = Doorkeeper(
            board.telephony,
            board.arrivals,
            vip_keys=partial(companies.vip_keys, board),
            ways=partial(companies.ways, board),
            going_on=lambda: board.live_calls,
            nodes=nodes,
            has_descriptors=lambda: not self._are_descriptors_spent(),
        )
        await until_log_answers(journal.start)
        for settings in await until_log_answers(self._store.settings):
            await until_log_answers(partial(board.trials.restore_returned, self._store, settings))
            companies.put(board, settings).board.expect_past()
        await recovery.restore_agents(self._store, board)
        await recovery.restore_spending(self._store, board)
        self.wishes = Wishes(board, health=self.health, nodes=nodes)
        await self._telephony_up.wait()
        self._is_taking_over = True
        if access is not None:
            board.guard = Guard(access, clock, board.timers, trunk_hosts=board.telephones.trunk_hosts, run=board.run)
            await board.guard.restore()
        await self._take_over_calls(epoch)
        self._is_running = True
        while not self._facts.empty():
            board.take_fact(self._facts.get_nowait())
        if self._socket_path is not None:
            self._server = CommandServer(
                self._socket_path,
                listen=self._listen,
                keys=self._keys,
                answer=self.wishes.answer,
                boards=self.boards,
            )
            board.on_board = self._server.publish
            self.wishes.on_nudge = board.trial_calls.on_nudge = self._server.publish
            await self._server.start()
        self._tasks = [
            asyncio.create_task(self._restore_figures(epoch), name="figures"),
            asyncio.create_task(self._keep_days(), name="days"),
            asyncio.create_task(self._beat(), name="heartbeat"),
            asyncio.create_task(self._follow_settings(), name="settings"),
            asyncio.create_task(self._stocktaking.run(), name="stocktaking"),
            asyncio.create_task(self._doorkeeper.run(), name="admission"),
        ]
        log.info("engine_ready", epoch=epoch, companies=len(board.tenants), live_calls=board.live_calls)

    async def stop(self) -> None:
        """Leave calls where they are: the next engine takes them over."""
        await self._cancel()
        if self._server is not None:
            await self._server.stop()
        await self._speech.voice.close()
        await self._speech.ear.close()
        await self._journal.stop()
        await self._store.close()

    async def die(self) -> None:
        """End as SIGKILL does, for simulations: what is not durable is lost, nothing is said to anybody."""
        if self._board is not None:
            self._journal.abandon()
            await self._cancel()

    @property
    def is_written(self) -> bool:
        """Whether every event so far stands in the log."""
        return not self._journal.is_spooling and not self._journal.is_writing

    async def _cancel(self) -> None:
        self._is_running = False
        self.board.timers.stop_all()
        sessions = [session.task for session in self.board.every_session if session.task is not None]
        for task in (*self._tasks, *sessions, *self.board.background_tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def health(self, *, tenant: int | None = None) -> EngineHealth:
        """Return how it stands with the engine; contacts out of sight are counted of ``tenant``, or of all."""
        board, journal = self.board, self._journal
        return EngineHealth(
            epoch=journal.epoch,
            asterisk="ok" if self._is_asterisk_up else "away",
            log="spooling" if journal.is_spooling else "ok",
            spooled_events=journal.spooled_events,
            refused_events=journal.refused_events,
            live_calls=board.live_calls,
            is_draining=board.is_draining,
            started_at=self._started_at,
            pid=os.getpid(),
            are_descriptors_short=self._are_descriptors_short(),
            nodes=node_healths(board, self._nodes, tenant=tenant),
        )

    # --- take-over --------------------------------------------------------------------------------------------------

    async def _take_over_calls(self, epoch: int) -> None:
        board = self.board
        for tenant in board.tenants.values():
            await board.telephones.apply_settings(tenant.company.settings)
        while True:
            try:
                inventory = await board.telephony.inventory()
                break
            except TelephonyError as error:
                log.warning("inventory_failed", why=str(error))
                await asyncio.sleep(RETRY_S)
        adopted, reaped = await recovery.adopt_calls(self._store, board, inventory)
        self._write(EngineStarted(epoch, adopted, reaped))
        log.info("calls_taken_over", adopted=adopted, reaped=reaped)

    async def _restore_figures(self, epoch: int) -> None:
        """A busy day has a hundred thousand events: control is back before they are counted."""
        began_s = time.monotonic()
        waiting = list(self.board.tenants.values())
        while waiting:
            if self._journal.is_spooling:  # what stands in no log yet would never be counted
                await asyncio.sleep(RETRY_S)
                continue
            try:
                now = self._clock.now()
                await recovery.restore_figures(self._store, waiting[-1], now=now, before_epoch=epoch)
            except LogAway as error:
                log.warning("figures_wait", why=str(error))
                await asyncio.sleep(RETRY_S)
            else:
                self.board.settle(waiting.pop())
                self.board.publish_soon()
        await self.board.trials.restore_figures(self._store, before_epoch=epoch)
        log.info("figures_restored", seconds=round(time.monotonic() - began_s, 2))

    async def _keep_days(self) -> None:
        """Save each company's figures of the day now and then: the next engine counts on from there."""
        kept: dict[int, int] = {}
        while True:
            await asyncio.sleep(SAVE_DAY_EVERY_S)
            for tenant in list(self.board.tenants.values()):
                try:
                    await self._keep_day(tenant, kept)
                except (LogAway, TermOver) as error:
                    log.info("day_not_kept", tenant=tenant.id, why=str(error))
                except Exception:
                    log.exception("day_broke", tenant=tenant.id)

    async def _keep_day(self, tenant: Tenant, kept: dict[int, int]) -> None:
        """Save what is counted as soon as all that it counts stands in the log."""
        journal = self._journal
        if journal.is_spooling or kept.get(tenant.id) == journal.number:
            return
        day = tenant.board.checkpoint(epoch=journal.epoch, number=journal.number, now=self._clock.now())
        day = self.board.trials.with_canary(tenant, day) if day is not None else None
        if day is None:
            return
        await journal.written()
        if not journal.is_spooling:
            await self._store.save_day(tenant.id, day)
            kept[tenant.id] = day.number

    def _telephony_changed(self, fact: TelephonyUp | TelephonyDown) -> None:
        if isinstance(fact, TelephonyDown):
            log.warning("asterisk_away")
            self.board.telephones.line_lost()
            return
        log.info("asterisk_back", is_restarted=fact.is_restarted)
        self._doorkeeper.forget()
        self._stocktaking.look_soon()
        for tenant in self.board.tenants.values():
            tenant.desk.missed.end_pauses(self._clock.now())
            self.board.settle(tenant)
        if self.board.guard is not None:
            self.board.guard.put_again()
        if fact.is_restarted:
            self.board.run(self._announce_term())
            recovery.end_all_legs(self.board, ago_s=fact.began_ago_s)
            self.board.run(self.board.telephones.make_again())
        else:
            for session in self.board.every_session:
                session.look_now()
            self.board.run(self._reap())
            self.board.run(self.board.telephones.mend())

    async def _announce_term(self) -> None:
        """A new Asterisk knows of no term: an engine that lost its database alone would hear of none."""
        try:
            await self.board.telephony.set_globals({TERM: str(self._journal.epoch)})
        except TelephonyError as error:
            log.info("term_not_announced", why=str(error))

    async def _reap(self) -> None:
        try:
            await recovery.reap(self.board, await self.board.telephony.inventory())
        except TelephonyError as error:
            log.warning("inventory_failed", why=str(error))

    # --- while running ----------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Tell the dialplan every second that an engine lives and admits calls; watch the clock."""
        while True:
            admit = "0" if self.board.is_draining else "1"
            try:
                await self.board.telephony.set_globals({"ZHIYIN_BEAT": str(int(time.time())), "ZHIYIN_ADMIT": admit})
            except TelephonyError as error:
                log.info("beat_failed", why=str(error))
            except Exception:  # without a beat every caller is held
                log.exception("beat_broke")
            if isinstance(self._clock, SystemClock) and self._clock.jump_s is not None:
                self._write(ClockJumped(self._clock.jump_s))
                self._clock.jump_s = None
            await asyncio.sleep(BEAT_S)

    async def _follow_settings(self) -> None:
        """Take each company's settings as they change; after a broken connection read them all again."""
        while True:
            try:
                async for _tenant in self._store.settings_changes():
                    await self._read_settings()
            except LogAway as error:
                log.warning("settings_away", why=str(error))
            except Exception:
                log.exception("settings_failed")
            await asyncio.sleep(RETRY_S)

    async def _read_settings(self) -> None:
        found = {settings.tenant: settings for settings in await self._store.settings()}
        for tenant_id, settings in found.items():
            known = self.board.tenants.get(tenant_id)
            if known is None or known.company.settings.version != settings.version:
                companies.put(self.board, settings)
                await self.board.telephones.apply_settings(settings)
        for tenant_id in [t for t in self.board.tenants if t not in found]:
            companies.remove(self.board, tenant_id)
        self.board.publish_soon()

    def boards(self) -> list[BoardUpdate]:
        epoch, number = self._journal.epoch, self._journal.number
        return [BoardUpdate(t.id, epoch, number, board=t.board.board()) for t in self.board.tenants.values()]

    def _write(self, event: Event) -> None:
        now = self._clock.now()
        envelope = self._journal.envelope(
            tenant=NO_TENANT, stream="s:engine", began=f"{now:%Y-%m}-01", at=now, event=event
        )
        self._journal.append((envelope,))
