"""One real call of a draft: a session like any other's, but of no contact. It stands in no log, on no board and in no
line; what its turns come to is told to who tries, and written on the trial calls' own shelf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from zhiyin.contracts.attached_data import attached_data
from zhiyin.domain import interactions
from zhiyin.domain.calls.effects import AskOutside, TelephoneEffect
from zhiyin.domain.calls.inputs import Arrived, Input, OutsideTold
from zhiyin.domain.calls.rules import Rules
from zhiyin.domain.calls.trial_turns import KEPT_BACK, decide_trial, is_kept_back
from zhiyin.domain.flow_scripts.call_story import Entry, Spoken, entry_of
from zhiyin.domain.flow_scripts.caller import Trace
from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.requests import FAILED
from zhiyin.domain.flows.steps import Context
from zhiyin.domain.interactions import Interaction
from zhiyin.domain.replacing import replace
from zhiyin.domain.routing.classes import KnownCaller
from zhiyin.engine import callers
from zhiyin.engine.interaction_session import InteractionSession
from zhiyin.engine.telephone_effects import carry_out
from zhiyin.engine.trial_call_shelf import KeptTurn, to_pairs

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant


@dataclass(slots=True)
class TrialCall:
    """A trial: what it is of, who made it, and what came of it so far. ``session`` None: nobody has called yet."""

    id: str
    tenant: Tenant
    user: int
    flow_id: int
    flow: Flow
    graph: msgspec.Raw
    number: str = ""
    is_vip: bool = False
    may_change: bool = False
    account: str = ""
    session: TrialSession | None = None
    began_at: datetime | None = None
    at: datetime | None = None
    entries: list[Entry] = field(default_factory=list)
    shares: dict[str, float] = field(default_factory=dict)

    @property
    def state(self) -> str:
        if self.session is None:
            return "open"
        return "over" if self.session.call.phase is interactions.Phase.ENDED else "live"


class TrialSession(InteractionSession):
    def __init__(self, call: Interaction, *, tenant: Tenant, switchboard: Switchboard, trial: TrialCall) -> None:
        super().__init__(call, tenant=tenant, switchboard=switchboard)
        self.trial = trial
        self._spoken = Spoken()

    def kept(self, ref: str) -> Mapping[str, str]:
        """Return the values of a reference."""
        return attached_data((ref,), self.personal)

    async def _look_up(self, event: Arrived) -> KnownCaller | None:
        """The draft may be the first of the company's flows that asks who calls: it is always looked up."""
        number, records = self.personal.get(event.caller_ref or ""), self._board.records
        if not number or records is None or self._board.journal.is_spooling:
            return None
        return await callers.look_up(records, self.tenant.id, number)

    def _choose_flow(self, event: Arrived) -> Arrived:
        """No rule chooses: it is the draft that is tried."""
        return event

    async def _decide(self, event: Input) -> str | None:
        trial, now = self.trial, self._board.clock.now()
        trial.at, trial.began_at = now, trial.began_at or now
        call, live, shares = self.call, self.live, dict(trial.shares)
        decision = decide_trial(call, live, event, self._rules(event, now), now)
        self.live, self.call = decision.live, decision.call
        at_s = round((now - trial.began_at).total_seconds(), 1)
        entry = entry_of(call, live, event, decision, at_s=at_s, spoken=self._spoken, kept=self.kept, flow=trial.flow)
        held = [
            effect
            for effect in decision.effects
            if isinstance(effect, AskOutside) and is_kept_back(effect.request, may_change=trial.may_change)
        ]
        if held:
            entry = entry or Entry()
            told = tuple(Trace(at_s, KEPT_BACK, effect.request.kind) for effect in held)
            entry = replace(entry, traces=(*entry.traces, *told))
        if entry is not None:
            trial.entries.append(entry)
        new = {name: share for name, share in trial.shares.items() if name not in shares}
        personal = {ref: one.value for ref, one in self._unwritten.items()}
        self._unwritten.clear()
        self._board.trial_calls.came(
            trial, KeptTurn(now, to_pairs(decision.events), entry, personal, new), is_news=entry is not None
        )
        for effect in decision.effects:
            if effect in held and isinstance(effect, AskOutside):
                self.post(OutsideTold(effect.ask, FAILED, {}, KEPT_BACK))
            elif isinstance(effect, TelephoneEffect):
                await carry_out(effect, self, self._board)
        return decision.problem

    def _context(self, now: datetime, arrived: Arrived | None) -> Context:
        context = super()._context(now, arrived)

        def share(purpose: str) -> float:
            drawn = context.share(purpose)
            if purpose in self.trial.flow.nodes:
                self.trial.shares[purpose] = drawn
            return drawn

        return replace(context, share=share)

    def _rules(self, event: Input, now: datetime) -> Rules:
        """The company as it stands; but nobody's kept place is taken, and no rule on trial tries itself on it."""
        return replace(super()._rules(event, now), flow=self.trial.flow, trial=None, kept_place=lambda _queue: None)

    def values(self) -> dict[str, str]:
        """Return what the flow has collected so far."""
        return attached_data(self.call.data_refs, self.personal) if self.call.data_refs else {}
