"""Watches the canaries: counts how both arms fare, and takes a draft back as soon as a bound is broken.

The figures are those of the log: a new engine counts them again from there. A draft that was taken back stays so while
the settings still name it, until it is begun anew.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import structlog

from zhiyin.contracts.events import Envelope, RulesReturned
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.interactions import Interaction, InteractionEvent, QueueEntered, QueueLeft
from zhiyin.domain.metrics.facts import QueueVisit, facts_of
from zhiyin.domain.routing.trials import Arm, ArmFigures, Breach, TrialStage, breach_of
from zhiyin.engine import companies
from zhiyin.engine.log_port import LogAway, LogStore

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

STREAM = "s:trials"
RETRY_S = 0.5
#: Between so many events of the past the calls of the present have their turn.
COUNTED_AT_A_TIME = 200


@dataclass(slots=True)
class _Canary:
    trial: int
    began_at: datetime
    arms: dict[Arm, ArmFigures] = field(default_factory=lambda: {arm: ArmFigures() for arm in Arm})


class Trials:
    """Every company's canary, as the engine watches it."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._canaries: dict[int, _Canary] = {}
        self._returned: set[tuple[int, int, datetime]] = set()  # (tenant, trial, when it began)

    def in_force(self, settings: TenantSettings) -> TenantSettings:
        """Return the settings without a draft that was taken back."""
        trial = settings.trial
        if trial is None or (settings.tenant, trial.id, trial.began_at) not in self._returned:
            return settings
        return msgspec.structs.replace(settings, trial=None)

    # --- what happens -----------------------------------------------------------------------------------------------

    def follow(self, tenant: Tenant, before: Interaction, event: InteractionEvent, at: datetime) -> None:
        """Count a stay in line that is over; ``before`` is the contact as it was."""
        if not isinstance(event, QueueLeft) or before.trial is None or not before.arm:
            return
        for fact in facts_of(before, event, at):
            if isinstance(fact, QueueVisit) and self._count(tenant, before.trial, Arm(before.arm), fact):
                asyncio.get_running_loop().call_soon(self._look, tenant)

    def _count(self, tenant: Tenant, trial: int, arm: Arm, visit: QueueVisit) -> bool:
        """Add a stay to its arm; False where its trial is not the company's canary any more."""
        rules = tenant.company.trial
        if rules is None or rules.trial.id != trial or rules.trial.stage is not TrialStage.CANARY:
            return False
        canary = self._canary(tenant, trial)
        rule = tenant.company.queues.get(visit.queue)
        canary.arms[arm].add(visit, target_s=rule.service_level_s if rule else 20)
        return True

    def _canary(self, tenant: Tenant, trial: int) -> _Canary:
        setting = tenant.company.settings.trial
        assert setting is not None, "the company's rules have a trial"
        canary = self._canaries.get(tenant.id)
        if canary is None or (canary.trial, canary.began_at) != (trial, setting.began_at):
            canary = self._canaries[tenant.id] = _Canary(trial, setting.began_at)
        return canary

    def _look(self, tenant: Tenant) -> None:
        """Take the draft back where a bound is broken by now."""
        rules = tenant.company.trial
        canary = self._canaries.get(tenant.id)
        if rules is None or canary is None or canary.trial != rules.trial.id or tenant.id not in self._board.tenants:
            return
        breach = breach_of(rules.trial.bounds, canary.arms[Arm.DRAFT], canary.arms[Arm.PRESENT])
        if breach is not None:
            self._take_back(tenant, canary, breach)

    def _take_back(self, tenant: Tenant, canary: _Canary, breach: Breach) -> None:
        board, now = self._board, self._board.clock.now()
        contacts = canary.arms[Arm.DRAFT].contacts
        event = RulesReturned(canary.trial, breach.reason, breach.value, breach.bound, contacts)
        envelope = board.journal.envelope(tenant=tenant.id, stream=STREAM, began=f"{now:%Y-%m}-01", at=now, event=event)
        board.journal.append((envelope,))
        log.warning("rules_returned", tenant=tenant.id, trial=canary.trial, reason=breach.reason, value=breach.value)
        self._returned.add((tenant.id, canary.trial, canary.began_at))
        del self._canaries[tenant.id]
        companies.put(board, tenant.company.settings)

    # --- after a restart --------------------------------------------------------------------------------------------

    async def restore_returned(self, store: LogStore, settings: TenantSettings) -> None:
        """Know again whether the company's draft was taken back. Raises ``LogAway``."""
        trial = settings.trial
        if trial is None:
            return
        for envelope in await store.events_since(settings.tenant, trial.began_at, types=(RulesReturned.__name__,)):
            event = envelope.event()
            if isinstance(event, RulesReturned):
                self._returned.add((settings.tenant, event.trial, trial.began_at))

    async def restore_figures(self, store: LogStore, *, before_epoch: int) -> None:
        """Count again what earlier engines saw of the canaries; calls go on meanwhile."""
        for tenant in list(self._board.tenants.values()):
            trial = tenant.company.settings.trial
            if trial is None or trial.stage != TrialStage.CANARY:
                continue
            types = (QueueEntered.__name__, QueueLeft.__name__)
            while True:
                try:
                    found = await store.events_since(tenant.id, trial.began_at, types=types)
                    break
                except LogAway as error:
                    log.warning("trial_waits", why=str(error))
                    await asyncio.sleep(RETRY_S)
            await self._count_past(tenant, [one for one in found if one.epoch < before_epoch])
            self._look(tenant)

    async def _count_past(self, tenant: Tenant, envelopes: list[Envelope]) -> None:
        stays: dict[str, tuple[QueueEntered, datetime]] = {}
        for number, envelope in enumerate(envelopes):
            if number % COUNTED_AT_A_TIME == 0:
                await asyncio.sleep(0)
            event = envelope.event()
            if isinstance(event, QueueEntered) and event.trial is not None and event.arm:
                stays[envelope.stream] = event, envelope.at
            elif isinstance(event, QueueLeft) and envelope.stream in stays:
                entered, since = stays.pop(envelope.stream)
                visit = QueueVisit(envelope.stream, event.queue, since, envelope.at, event.outcome, entered.medium)
                self._count(tenant, entered.trial or 0, Arm(entered.arm), visit)
