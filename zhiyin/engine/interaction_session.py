"""One live contact: one asyncio task that takes its inputs one after the other, has them decided, makes the events
durable, and only then lets the effects reach the telephone side."""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts.attached_data import attached_data
from zhiyin.contracts.events import Envelope, Personal, interaction_stream
from zhiyin.contracts.expressions import judge
from zhiyin.domain import interactions
from zhiyin.domain.calls.decide import decide
from zhiyin.domain.calls.effects import is_for_desk, is_for_telephone
from zhiyin.domain.calls.inputs import Arrived, Input, LegAnswered, LegEnded, Resumed
from zhiyin.domain.calls.live import Live
from zhiyin.domain.calls.rules import Rules
from zhiyin.domain.flows.entries import EntryCall
from zhiyin.domain.flows.steps import Context
from zhiyin.domain.interactions import Interaction, InteractionEnded, InteractionStarted, Phase
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.classes import KnownCaller
from zhiyin.engine import bookings, callers, deferred_contacts, late_ends
from zhiyin.engine.ports import TelephonyError
from zhiyin.engine.telephone_effects import carry_out

if TYPE_CHECKING:
    from zhiyin.engine.company import FlowKey
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

#: A request came to nothing, or a fact was missed: how long until the call looks what is true, and at most.
LOOK_AFTER_S, LOOK_AFTER_AT_MOST_S = 1.0, 60.0
#: Into so many parts contacts are spread where a flow goes by shares.
_SHARES = 10_000


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The call doubts what the telephone side has of it: ask, and go on from there as after a take-over."""


class InteractionSession:
    """``personal`` maps references to values (numbers): known here, written to the side table, never to the log."""

    def __init__(
        self, call: Interaction, *, tenant: Tenant, switchboard: Switchboard, flow: FlowKey | None = None
    ) -> None:
        self.call = call
        self.flow = flow
        self.live = Live()
        self.tenant = tenant
        self.personal: dict[str, str] = {}
        self._unwritten: dict[str, Personal] = {}
        self._board = switchboard
        self._inbox: deque[tuple[Input | LookAgain, asyncio.Future[str | None] | None]] = deque()
        self._look_after_s = LOOK_AFTER_S
        self._is_in_doubt = self._is_look_to_come = False
        self._wake = asyncio.Event()
        self._began = f"{switchboard.clock.now():%Y-%m}-01"
        self._told_at: datetime | None = None
        self.task: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        return self.call.id

    @property
    def told_at(self) -> datetime | None:
        """When that was which was told last; None: nothing was yet."""
        return self._told_at

    @property
    def is_over(self) -> bool:
        return self.call.phase is Phase.ENDED and not self.live.legs

    def start(self) -> None:
        self.task = asyncio.create_task(self._run(), name=f"interaction-{self.id}")

    def know(self, ref: str, value: str, *, kind: str = "number") -> str:
        """Keep a personal value; it is written with the event that refers to it, or never. Returns ``ref``."""
        value = value.replace("\0", "")  # PostgreSQL's text has no such character
        self.personal[ref] = value
        self._unwritten[ref] = Personal(ref, kind, value)
        return ref

    def restore(self, call: Interaction, personal: dict[str, str], *, began: str, told_at: datetime) -> None:
        """Continue a contact of an earlier engine, of which something was told last at ``told_at``."""
        self.call = call
        self.personal = dict(personal)
        self._began = began
        self._told_at = told_at

    def post(self, event: Input) -> None:
        """Take a fact. A leg's end goes first, unless that leg's arrival or answer still waits before it."""
        if isinstance(event, LegEnded) and not any(
            isinstance(waiting, Arrived | LegAnswered) and waiting.leg == event.leg for waiting, _ in self._inbox
        ):
            self._inbox.appendleft((event, None))
        else:
            self._inbox.append((event, None))
        self._wake.set()

    def doubt(self) -> None:
        """What was asked of the telephone side may not have happened, or a fact was missed: look again soon.

        A look that is to come is not put off: who doubts again and again would never look.
        """
        self._is_in_doubt = True
        if self._is_look_to_come:
            return
        self._is_look_to_come = True
        self._board.timers.start((self.id, "look_again"), self._look_after_s, self._look_again)
        self._look_after_s = min(2 * self._look_after_s, LOOK_AFTER_AT_MOST_S)

    def look_now(self) -> None:
        """The telephone side is in sight again: what is in doubt, or was out of sight, is looked for at once."""
        if self._is_in_doubt or self.live.unseen_since is not None:
            self._board.timers.stop((self.id, "look_again"))
            self._look_after_s = LOOK_AFTER_S
            self._look_again()

    def _look_again(self) -> None:
        self._is_look_to_come = False
        self._inbox.append((LookAgain(), None))
        self._wake.set()

    async def ask(self, event: Input) -> str | None:
        """Take a person's wish; return the problem's code, or None when it is durable and done."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._inbox.append((event, answer))
        self._wake.set()
        return await answer

    async def _run(self) -> None:
        structlog.contextvars.bind_contextvars(interaction=self.id)  # this task's own: every line below names it
        try:
            while not self.is_over:
                await self._wake.wait()
                self._wake.clear()
                while self._inbox:
                    event, answer = self._inbox.popleft()
                    try:
                        problem = await self._take(event)
                    except Exception:
                        log.exception("turn_failed", interaction=self.id, input=type(event).__name__)
                        problem = "fault"
                        self.doubt()  # what it told, e.g. that somebody answered, is found anew
                    if isinstance(event, Arrived):  # also where it failed: else the engine seems late for ever
                        self._board.arrivals.dealt_with(self.id)
                    if answer is not None and not answer.done():
                        answer.set_result(problem)
            self._board.session_over(self)
        finally:
            for _, answer in self._inbox:
                if answer is not None and not answer.done():
                    answer.set_result("call_ended")

    async def _take(self, event: Input | LookAgain) -> str | None:
        if isinstance(event, Arrived):
            return await self._decide(self._choose_flow(replace(event, caller=await self._look_up(event))))
        if not isinstance(event, LookAgain):
            return await self._decide(event)
        self._is_in_doubt = False
        try:
            found = await self._board.telephony.look(sorted(self.live.legs | {self.call.customer_leg} - {""}))
            if self.call.customer_leg and self.call.customer_leg not in found:
                # others may be in sight: a telephone's own second line is on any node
                await self._board.telephony.look((self.call.customer_leg,))
        except TelephonyError:
            self.doubt()
            return None
        log.warning("looked_again", interaction=self.id, legs=len(found))
        late = await late_ends.find(self._board, (self.call,), found)
        end = late.get(self.id, late_ends.UNKNOWN)
        up = frozenset(leg for leg, is_up in found.items() if is_up)
        await self._decide(Resumed(frozenset(found), up, end.at, end.within_s))
        if not self._is_in_doubt:
            self._look_after_s = LOOK_AFTER_S
        return None

    async def _look_up(self, event: Arrived) -> KnownCaller | None:
        """Return what the company's records say of the caller, where its rules ask for that."""
        number, records = self.personal.get(event.caller_ref or ""), self._board.records
        if not number or records is None or not self.tenant.company.knows_callers or self._board.journal.is_spooling:
            return None
        return await callers.look_up(records, self.tenant.id, number)

    def _choose_flow(self, event: Arrived) -> Arrived:
        """Let the company's entry rules say by which flow the caller is served. Without a flow there is none."""
        company, now = self.tenant.company, self._board.clock.now()
        if event.flow not in company.newest_flow:
            return event
        known = event.caller.customer_classes if event.caller is not None else ()
        asked = EntryCall(
            number=event.entry,
            customer_classes=frozenset(known),
            is_vip=event.is_vip,
            is_open=lambda hours: company.is_open_now(hours, now),
            share=lambda rule: _share(self.id, f"entry:{rule}"),
        )
        choice, self.flow = company.entry_of(asked, default=event.flow)
        flow, version = self.flow
        return replace(event, flow=flow, flow_version=version, entry_rule=choice.rule, entry_trial=choice.trial)

    async def _decide(self, event: Input) -> str | None:
        now = self._board.clock.now()
        at = self._happened_at(event, now)
        decision = decide(self.call, self.live, event, self._rules(event, at), at)
        self.live = decision.live
        envelopes = self._record(decision.events, at)
        for effect in decision.effects:
            if is_for_desk(effect):
                self.tenant.desk.take(self.id, self.call.queued_at, effect, now)
        stream = ((self.tenant.id, interaction_stream(self.id)),)
        durable = self._board.record(
            self.tenant,
            envelopes,
            now,
            opens=stream if any(isinstance(e, InteractionStarted) for e in decision.events) else (),
            closes=stream if any(isinstance(e, InteractionEnded) for e in decision.events) else (),
        )
        if decision.events:
            self.tenant.board.show(self.call, self.personal)
        if durable is not None:
            await durable
        self._board.publish_soon()
        for effect in decision.effects:
            if is_for_telephone(effect):
                await carry_out(effect, self, self._board)
        return decision.problem

    def _happened_at(self, event: Input, now: datetime) -> datetime:
        """Return how the contact's events that follow are dated: a hang-up heard of late, by when it was.

        What agents do is dated when it is known: they were bound until then.
        """
        at = event.at if isinstance(event, LegEnded | Resumed) else None
        if at is None or at >= now:
            return now
        return at if self._told_at is None else max(at, self._told_at)

    def _record(self, events: tuple[interactions.InteractionEvent, ...], now: datetime) -> list[Envelope]:
        envelopes = []
        stream = interaction_stream(self.id)
        for event in events:
            personal = [self._unwritten.pop(ref) for ref in _refs_of(event) if ref in self._unwritten]
            envelopes.append(
                self._board.journal.envelope(
                    tenant=self.tenant.id, stream=stream, began=self._began, at=now, event=event, personal=personal
                )
            )
            self.tenant.board.interaction_event(self.call, event, now)
            self.tenant.promises.follow(self.call, event, now)
            self._board.trials.follow(self.tenant, self.call, event, now)
            self.call = interactions.apply(self.call, event, now)
            self._told_at = now
        return envelopes

    def _flow_key(self) -> FlowKey:
        """Return the flow that the call runs, or is to begin with; (0, 0) for none."""
        call = self.call
        if call.flow is not None and call.flow_version is not None:
            return call.flow, call.flow_version
        return self.flow or (0, 0)

    def _context(self, now: datetime, arrived: Arrived | None) -> Context:
        """Return what the contact's flow may ask; who has just ``arrived`` is not in the contact's state yet."""
        call, company = self.call, self.tenant.company
        known = arrived.caller if arrived else call.caller
        values = self._values(arrived)
        return Context(
            is_open=lambda hours: company.is_open(hours, now),
            values=values,
            share=lambda purpose: _share(self.id, purpose),
            customer_classes=frozenset(known.customer_classes) if known else frozenset(),
            is_vip=arrived.is_vip if arrived else call.vip,
            judge=judge,
            language=call.language or company.settings.language,
            local_now=now.astimezone(company.zone),
            free_times=lambda queue, number: bookings.times_of(
                self._board, self.tenant, queue, number or values["caller"], now
            ),
        )

    def _values(self, arrived: Arrived | None) -> dict[str, str]:
        """Return what texts of the flow may name: what was kept, who calls, what was called, and the contact's id."""
        call = self.call
        caller_ref = arrived.caller_ref if arrived else call.customer_ref
        called = arrived.entry if arrived else call.entry or ""
        kept = attached_data(call.data_refs, self.personal) if call.data_refs else {}
        return kept | {"caller": self.personal.get(caller_ref or "", ""), "called": called, "contact": self.id}

    def _rules(self, event: Input, now: datetime) -> Rules:
        company = self.tenant.company
        desk = self.tenant.desk
        return Rules(
            flow=company.flows.get(self._flow_key()),
            context=self._context(now, event if isinstance(event, Arrived) else None),
            queue=company.queues.get,
            is_staffed=desk.is_staffed,
            is_ready=desk.is_ready,
            is_occupied=desk.is_occupied,
            may_fetch=desk.may_fetch,
            free_slot=lambda: self._board.free_slot(self.tenant),
            outlook=lambda queue: self.tenant.promises.outlook(self.call, queue, now),
            outbound=company.outbound,
            classes=company.classes,
            trial=company.trial.trial if company.trial is not None else None,
            outside=deferred_contacts.outside_of(self._board, self),
            messages_in=lambda queue: deferred_contacts.messages_in(self._board, self.tenant, queue),
            kept_place=lambda queue: deferred_contacts.kept_place(self._board, self, queue),
            opens_at=company.opens_at,
            is_found=lambda agent: desk.holds(agent, self.id),
            survey=company.survey_of,
        )


def _share(interaction: str, purpose: str) -> float:
    """Return the contact's number of 0 to below 100 for a purpose: a repeat returns the same."""
    return zlib.crc32(f"{interaction} {purpose}".encode()) % _SHARES / (_SHARES / 100)


def _refs_of(event: interactions.InteractionEvent) -> set[str]:
    """Return the references to personal values in an event: by agreement its fields named ``..._ref``."""
    return {getattr(event, name) for name in event.__dataclass_fields__ if name.endswith("_ref")} - {None}
