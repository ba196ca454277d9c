"""Where all facts arrive and find their call: the registry of live contacts and legs.

Holds no rules. A new call finds its company and flow (``arrivals``); everything else is handed to its session.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from zhiyin.contracts.events import Envelope, agent_stream
from zhiyin.contracts.frames import BoardUpdate
from zhiyin.domain.agents import AgentState
from zhiyin.domain.calls import inputs
from zhiyin.domain.calls.parking_turns import FIRST_SLOT
from zhiyin.domain.interactions import Direction, Interaction, Phase
from zhiyin.domain.security.bans import Offence
from zhiyin.engine import arrivals, deferred_contacts, telephone_transfers
from zhiyin.engine.admission import Arrivals
from zhiyin.engine.clock import Clock, Timers
from zhiyin.engine.company import FlowKey
from zhiyin.engine.contact_test_desk import TEST
from zhiyin.engine.guard import Guard
from zhiyin.engine.hearing import Hearing
from zhiyin.engine.interaction_session import InteractionSession
from zhiyin.engine.journal import Journal
from zhiyin.engine.log_port import LogStore
from zhiyin.engine.meter import Meter
from zhiyin.engine.node_doors import ALONE
from zhiyin.engine.outbox import Outbox
from zhiyin.engine.outside_requests import OutsideRequests
from zhiyin.engine.ports import (
    AccessRefused,
    CallArrived,
    Fact,
    KeyPressed,
    LegAnswered,
    LegGoneFact,
    LegHeld,
    LegId,
    LegsUnseen,
    MediaStopped,
    PlaybackEnded,
    SpeechHeard,
    TelephoneRegistered,
    Telephony,
    TelephonyDown,
    TelephonyUp,
    TransferRequested,
)
from zhiyin.engine.reachability import Reachability
from zhiyin.engine.speech_health import SpeechHealth
from zhiyin.engine.spoken_texts import SpokenTexts
from zhiyin.engine.telephones import Telephones
from zhiyin.engine.tenant import Tenant
from zhiyin.engine.trial_calls import TrialCalls
from zhiyin.engine.trials import Trials

log = structlog.get_logger(__name__)

#: Changes of the board within this time are sent together.
PUBLISH_EVERY_S = 0.02


class Switchboard:
    def __init__(
        self,
        *,
        telephony: Telephony,
        journal: Journal,
        clock: Clock,
        timers: Timers,
        recordings: Path,
        key: bytes,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        self.telephony = telephony
        self.journal = journal
        self.clock = clock
        self.timers = timers
        self.recordings = recordings
        self.telephones = Telephones(telephony, clock, timers, key=key)
        self.reachability = Reachability(self)
        self.telephones.on_reachable = self.reachability.reachable
        self.tenants: dict[int, Tenant] = {}
        self.sessions: dict[str, InteractionSession] = {}
        self.is_draining = False
        self.arrivals = Arrivals()
        #: where the companies' records of callers are
        self.records: LogStore | None = None
        self.outside = OutsideRequests(self)
        self.speech_health = SpeechHealth(clock)
        self.spoken = SpokenTexts(self.speech_health)
        self.hearing = Hearing(self)
        #: none where an edge before Asterisk keeps the door
        self.guard: Guard | None = None
        self.meter = Meter(self)
        self.trials = Trials(self)
        self.trial_calls = TrialCalls(self)
        #: on which node of a cluster a leg is
        self.node_of: Callable[[str], str] = lambda _leg: ALONE
        self.on_board: Callable[[BoardUpdate], None] = lambda _update: None
        self.on_telephony: Callable[[TelephonyUp | TelephonyDown], None] = lambda _fact: None
        self.on_loose_leg: Callable[[Fact], None] = lambda _fact: None
        self._legs: dict[str, str] = {}
        self._legs_of: dict[str, list[str]] = {}  # every leg that was the contact's at some time
        self.guest_legs: dict[str, str] = {}
        self.test_legs: dict[str, Tenant] = {}
        self._accounts: dict[str, str] = {}  # leg -> the SIP account that it was rung on
        self._publishing: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.new_id = new_id or self._time_ordered_id

    # --- recording --------------------------------------------------------------------------------------------------

    def settle(self, tenant: Tenant) -> asyncio.Future[None] | None:
        """Record and hand on what the routing desk did by itself."""
        return self.record(tenant, [], self.clock.now())

    def record(
        self,
        tenant: Tenant,
        envelopes: list[Envelope],
        now: datetime,
        *,
        opens: tuple[tuple[int, str], ...] = (),
        closes: tuple[tuple[int, str], ...] = (),
    ) -> asyncio.Future[None] | None:
        """Append a call's events together with what its messages changed at the desk; hand on the desk's news."""
        tenant.desk.rests.settle_if_touched(now)
        tenant.desk.matching.settle_if_touched(now)
        outbox, tenant.desk.outbox = tenant.desk.outbox, Outbox()
        finished: list[str] = []
        for before, event in outbox.events:
            envelopes.append(
                self.journal.envelope(
                    tenant=tenant.id,
                    stream=agent_stream(event.agent, now),
                    began=f"{now:%Y-%m}-01",
                    at=now,
                    event=event,
                )
            )
            tenant.board.agent_event(before, event, now)
            if before.interaction is not None and before.interaction != event.interaction:
                finished.append(before.interaction)
            if event.state is AgentState.LOGGED_OUT and not tenant.desk.presences.has_open_desk(event.agent):
                self.run(self.close_browser(tenant.id, event.agent))
        durable = self.journal.append(tuple(envelopes), opens=opens, closes=closes) if envelopes else None
        for interaction in finished:
            self._take_off_board(tenant, interaction)
        for name, agent, after_s in outbox.timers:
            self._desk_timer(tenant, name, agent, after_s)
        for interaction, news in outbox.news:
            session = self.sessions.get(interaction)
            if session is not None:
                session.post(news)
        if outbox.events:
            self.publish_soon()
        return durable

    def _desk_timer(self, tenant: Tenant, name: str, agent: int, after_s: float | None) -> None:
        key = ("agent", tenant.id, agent, name)
        if after_s is None:
            self.timers.stop(key)
            return

        def fire() -> None:
            tenant.desk.timer_fired(name, agent, self.clock.now())
            self.settle(tenant)
            if name.startswith(TEST):
                self.publish_soon()  # no event tells of it

        self.timers.start(key, after_s, fire)

    def publish_soon(self) -> None:
        """Send what changed on the boards, a little later and together."""
        if self._publishing is None:
            self._publishing = asyncio.get_running_loop().call_later(PUBLISH_EVERY_S, self._publish)

    def _publish(self) -> None:
        self._publishing = None
        for tenant in self.tenants.values():
            update = tenant.board.take_update()
            if update is not None:
                self.on_board(update)

    # --- sessions ---------------------------------------------------------------------------------------------------

    @property
    def live_calls(self) -> int:
        """Return how many contacts have somebody on the line; what waits without its caller survives any restart."""
        return sum(s.call.phase is not Phase.ENDED and not deferred_contacts.rests(s) for s in self.sessions.values())

    def new_session(
        self,
        tenant: Tenant,
        *,
        leg: str | None,
        direction: Direction = Direction.INBOUND,
        flow: FlowKey | None = None,
        interaction: str | None = None,
    ) -> InteractionSession:
        call = Interaction(id=interaction or self.new_id(), direction=direction, customer_leg=leg or "")
        session = InteractionSession(call, tenant=tenant, switchboard=self, flow=flow)
        self.add_session(session)
        if leg is not None:
            self.own_leg(leg, session.id)
        return session

    def free_slot(self, tenant: Tenant) -> int:
        """Return the company's smallest slot on which nobody is parked."""
        parked = {s.call.parked.slot for s in self.sessions.values() if s.tenant is tenant and s.call.parked}
        return next(slot for slot in itertools.count(FIRST_SLOT) if slot not in parked)

    def parked_on(self, tenant: Tenant, slot: int) -> InteractionSession | None:
        """Return the contact parked on the slot."""
        sessions = (s for s in self.sessions.values() if s.tenant is tenant and s.call.parked)
        return next((s for s in sessions if s.call.parked and s.call.parked.slot == slot), None)

    def add_session(self, session: InteractionSession) -> None:
        self.sessions[session.id] = session
        session.start()

    def own_leg(self, leg: str, interaction: str, *, account: str | None = None) -> None:
        """Know whose leg it is, and which SIP account it was rung on."""
        self._legs[leg] = interaction
        self._legs_of.setdefault(interaction, []).append(leg)
        if account is not None:
            self._accounts[leg] = account

    def account_on(self, leg: str) -> str | None:
        return self._accounts.get(leg)

    def session_of(self, leg: str) -> InteractionSession | None:
        interaction = self._legs.get(leg, "")
        return self.sessions.get(interaction) or self.trial_calls.sessions.get(interaction)

    @property
    def every_session(self) -> tuple[InteractionSession, ...]:
        """Return every contact, and every trial call, which is none: for what concerns their legs alone."""
        return (*self.sessions.values(), *self.trial_calls.sessions.values())

    def forget_session(self, session: InteractionSession) -> None:
        """It came to nothing before anything of it was recorded."""
        self.sessions.pop(session.id, None)
        if session.task is not None:
            session.task.cancel()

    def session_over(self, session: InteractionSession) -> None:
        """Every leg of the contact is down."""
        self.sessions.pop(session.id, None)
        self.trial_calls.over(session.id)
        self.arrivals.dealt_with(session.id)
        for leg in self._legs_of.pop(session.id, ()):
            if self._legs.get(leg) != session.id:
                continue  # another contact's by now, or told twice
            del self._legs[leg]
            self._accounts.pop(leg, None)
            self.reachability.leg_over(leg)
        for name in ("last_words", "look_again"):
            self.timers.stop((session.id, name))
        self.outside.end(session.id)
        self.spoken.forget(session.id)
        self.hearing.end(session.id)
        self.run(self._remove_bridge(session.id))
        self._take_off_board(session.tenant, session.id)

    def _take_off_board(self, tenant: Tenant, interaction: str) -> None:
        """A contact stays on the board while it lives or an agent works on it."""
        if interaction in self.sessions:
            return
        if tenant.desk.wrap_ups.is_worked_on(interaction):
            return
        tenant.board.remove(interaction)
        self.publish_soon()

    # --- facts ------------------------------------------------------------------------------------------------------

    def take_fact(self, fact: Fact) -> None:  # noqa: C901, PLR0912 - one arm a fact
        """Give a fact to whom it concerns; that a telephone rings concerns nobody. Never raises."""
        match fact:
            case CallArrived():
                arrivals.take(self, fact)
            case LegAnswered(leg=leg):
                self.meter.answered(leg)
                self._to_leg(leg, inputs.LegAnswered(leg), fact)
            case LegGoneFact(leg=leg, word=word):
                self.meter.ended(leg)
                self._to_leg(leg, inputs.LegEnded(leg, word, self._past(fact.ago_s), fact.within_s), fact)
                guest = self.guest_legs.pop(leg, None)
                if guest is not None:
                    self.telephones.guest_call_over(guest)
            case KeyPressed(leg=leg, key=key):
                self._to_leg(leg, inputs.KeyPressed(leg, key), fact)
            case SpeechHeard(leg=leg, is_speaking=is_speaking):
                self._to_leg(leg, inputs.Speech(leg, is_speaking), fact)
            case PlaybackEnded(playback=playback, leg=leg, failed=failed):
                self._to_leg(leg, inputs.PlaybackEnded(playback, is_heard=not failed), fact)
            case MediaStopped(leg=leg):
                self.reachability.media_stopped(leg)
            case TelephoneRegistered(account=account, is_reachable=is_reachable):
                self.reachability.registered(account, is_reachable=is_reachable)
            case LegsUnseen(legs=legs):
                self._lose_sight(legs)
            case TelephonyUp() | TelephonyDown():
                self.on_telephony(fact)
            case LegHeld(leg=leg, is_held=is_held):
                self._to_leg(leg, inputs.TelephoneHeld(leg, is_held), fact)
            case TransferRequested():
                telephone_transfers.take(self, fact)
            case AccessRefused(address=address, offence=offence, account=account):
                self.suspect(offence, address, account)

    def _lose_sight(self, legs: frozenset[LegId]) -> None:
        contacts = {session.id: session for leg in legs if (session := self.session_of(leg)) is not None}
        for session in contacts.values():
            mine = frozenset(leg for leg in legs if self._legs.get(leg) == session.id)
            session.post(inputs.LegsUnseen(mine))

    def _past(self, ago_s: float) -> datetime | None:
        """Return the instant so long ago; None: it is just now."""
        return self.clock.now() - timedelta(seconds=ago_s) if ago_s > 0 else None

    def suspect(self, offence: Offence, address: str, account: str | None = None) -> None:
        """Count a refused request against where it came from."""
        if self.guard is not None and address:
            self.guard.note(offence, address, account)

    def _to_leg(self, leg: str, event: inputs.Input, fact: Fact) -> None:
        session = self.session_of(leg)
        if session is not None:
            session.post(event)
        else:
            self.on_loose_leg(fact)

    # --- small services ---------------------------------------------------------------------------------------------

    def sounds(self, tenant: Tenant, prompts: tuple[str, ...], language: str = "") -> tuple[str, ...]:
        """Return the sound files of prompts in a language ("": the company's), or another where that is missing."""
        language = language or tenant.company.settings.language
        found = []
        for key in prompts:
            files = tenant.company.prompts.get(key, {})
            path = files.get(language) or next(iter(files.values()), None) or self.spoken.sound_of(key)
            if path is None:
                log.error("prompt_missing", tenant=tenant.id, prompt=key)
            else:
                found.append(path)
        return tuple(found)

    @property
    def background_tasks(self) -> tuple[asyncio.Task[None], ...]:
        """Return what was begun by ``run`` and is not done."""
        return tuple(self._tasks)

    def run(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run a coroutine that nobody waits for; it is owned here."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def hang_up_quietly(self, leg: str, word: str = "hangup") -> None:
        try:
            await self.telephony.hang_up(leg, word=word)
        except Exception as error:  # the leg is reaped by the next inventory
            log.info("hang_up_failed", leg=leg, why=str(error))

    async def close_browser(self, tenant: int, agent: int) -> None:
        """The agent is signed out and no desk is open: its browser's identity has nobody left."""
        try:
            await self.telephones.close_browser(tenant, agent)
        except Exception as error:  # it is taken away with the next page's, or by Asterisk's restart
            log.info("identity_stays", agent=agent, why=str(error))

    async def _remove_bridge(self, interaction: str) -> None:
        try:
            await self.telephony.remove_bridge(f"{interaction}-b")
        except Exception as error:  # the bridge is reaped by the next inventory
            log.info("bridge_stays", interaction=interaction, why=str(error))

    def _time_ordered_id(self) -> str:
        return f"{int(self.clock.now().timestamp() * 1000):012x}{secrets.token_hex(8)}"
