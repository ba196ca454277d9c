"""Watches the canaries: counts how both arms fare, and takes a draft back as soon as a bound is broken.

The figures are those of the log: a new engine counts on from what was kept of them with the day's. A draft that was
taken back stays so while the settings still name it, until it is begun anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar, get_args

import msgspec
import structlog

from zhiyin.contracts.events import Envelope, RulesReturned
from zhiyin.contracts.snapshots import TenantSettings, TrialSetting
from zhiyin.domain.interactions import Interaction, InteractionEvent
from zhiyin.domain.routing.canaries import Canary, CanaryEvent
from zhiyin.domain.routing.trials import Arm, Breach, TrialStage, breach_of
from zhiyin.engine import companies
from zhiyin.engine.log_port import DayCheckpoint, LogAway, LogStore, PastCursor

if TYPE_CHECKING:
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

STREAM = "s:trials"
RETRY_S = 0.5
#: Between so many events of the past the calls of the present have their turn.
COUNTED_AT_A_TIME = 200
#: By so much may a spooled event be older than what was counted when it came.
MARGIN = timedelta(hours=1)
_TYPES = tuple(event.__name__ for event in get_args(CanaryEvent))
#: of a queue that is gone
_TARGET_S = 20.0

News = tuple[str, CanaryEvent, datetime]
T = TypeVar("T")


@dataclass(slots=True)
class _Watched:
    """A canary as it is counted. ``news``: what has happened since, while the past is not in it; None: all is."""

    canary: Canary
    news: list[News] | None = None


class Trials:
    """Every company's canary, as the engine watches it."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._watched: dict[int, _Watched] = {}
        self._returned: set[tuple[int, int, datetime]] = set()  # (tenant, trial, when it began)

    def in_force(self, settings: TenantSettings) -> TenantSettings:
        """Return the settings without a draft that was taken back."""
        trial = settings.trial
        if trial is None or (settings.tenant, trial.id, trial.began_at) not in self._returned:
            return settings
        return msgspec.structs.replace(settings, trial=None)

    # --- what happens -----------------------------------------------------------------------------------------------

    def follow(self, tenant: Tenant, contact: Interaction, event: InteractionEvent, at: datetime) -> None:
        """Count what the event completes in a canary of the company's."""
        if not isinstance(event, CanaryEvent) or (setting := _canary_of(tenant)) is None:
            return
        watched = self._watched.get(tenant.id)
        if watched is None or not watched.canary.is_of(setting.id, setting.began_at):  # begun just now, without a past
            watched = self._watched[tenant.id] = _Watched(Canary(setting.id, setting.began_at))
        if watched.news is not None:
            watched.news.append((contact.id, event, at))
        if watched.canary.take(contact.id, event, at, target_s=partial(_target_s, tenant)):
            asyncio.get_running_loop().call_soon(self._look, tenant)

    def _look(self, tenant: Tenant) -> None:
        """Take the draft back where a bound is broken by now."""
        rules = tenant.company.trial
        watched = self._watched.get(tenant.id)
        if rules is None or watched is None or tenant.id not in self._board.tenants:
            return
        canary = watched.canary
        if canary.trial != rules.trial.id:
            return
        breach = breach_of(rules.trial.bounds, canary.arms[Arm.DRAFT], canary.arms[Arm.PRESENT])
        if breach is not None:
            self._take_back(tenant, canary, breach)

    def _take_back(self, tenant: Tenant, canary: Canary, breach: Breach) -> None:
        board, now = self._board, self._board.clock.now()
        event = RulesReturned(canary.trial, breach.reason, breach.value, breach.bound, breach.contacts)
        envelope = board.journal.envelope(tenant=tenant.id, stream=STREAM, began=f"{now:%Y-%m}-01", at=now, event=event)
        board.journal.append((envelope,))
        log.warning("rules_returned", tenant=tenant.id, trial=canary.trial, reason=breach.reason, value=breach.value)
        self._returned.add((tenant.id, canary.trial, canary.began_at))
        del self._watched[tenant.id]
        companies.put(board, tenant.company.settings)

    # --- over a restart ---------------------------------------------------------------------------------------------

    def with_canary(self, tenant: Tenant, day: DayCheckpoint) -> DayCheckpoint | None:
        """Return what is kept of a company with its canary; None while the past is not in that."""
        watched = self._watched.get(tenant.id)
        if watched is None:
            return day
        return msgspec.structs.replace(day, canary=watched.canary.copy()) if watched.news is None else None

    async def restore_returned(self, store: LogStore, settings: TenantSettings) -> None:
        """Know again whether the company's draft was taken back; of a canary that was not a past is expected.

        Raises ``LogAway``.
        """
        trial = settings.trial
        if trial is None:
            return
        for envelope in await store.stream_since(settings.tenant, STREAM, trial.began_at):
            event = envelope.event()
            if isinstance(event, RulesReturned):
                self._returned.add((settings.tenant, event.trial, trial.began_at))
        if self.in_force(settings).trial is not None and trial.stage == TrialStage.CANARY:
            self._watched[settings.tenant] = _Watched(Canary(trial.id, trial.began_at), news=[])

    async def restore_figures(self, store: LogStore, *, before_epoch: int) -> None:
        """Count on from what earlier engines kept of the canaries; calls go on meanwhile."""
        for tenant in list(self._board.tenants.values()):
            watched = self._watched.get(tenant.id)
            if watched is None or watched.news is None:
                continue
            past = await self._past_of(store, tenant, watched.canary, before_epoch)
            for contact, event, at in watched.news:  # in the order of the log, as if there had been one engine
                past.take(contact, event, at, target_s=partial(_target_s, tenant))
            watched.canary, watched.news = past, None
            self._look(tenant)

    async def _past_of(self, store: LogStore, tenant: Tenant, canary: Canary, before_epoch: int) -> Canary:
        """Return the canary as earlier engines left it: what was kept, and what the log has beyond."""
        saved = await _until_it_answers(partial(store.saved_day, tenant.id))
        past, since = Canary(canary.trial, canary.began_at), canary.began_at
        if saved is None or saved.canary is None or not saved.canary.is_of(canary.trial, canary.began_at):
            saved = None
        else:
            past, since = saved.canary, max(since, saved.at - MARGIN)
        after: PastCursor | None = None
        while True:
            read = partial(store.past_page, tenant.id, since, before_epoch=before_epoch, after=after, types=_TYPES)
            page, after = await _until_it_answers(read)
            await _count(past, [one for one in page if saved is None or not saved.holds(one)], tenant)
            if after is None:
                return past


async def _count(past: Canary, envelopes: list[Envelope], tenant: Tenant) -> None:
    for number, envelope in enumerate(envelopes):
        if number % COUNTED_AT_A_TIME == 0:
            await asyncio.sleep(0)
        event = envelope.event()
        if isinstance(event, CanaryEvent):
            contact = envelope.stream.removeprefix("i:")
            past.take(contact, event, envelope.at, target_s=partial(_target_s, tenant))


def _canary_of(tenant: Tenant) -> TrialSetting | None:
    """Return the company's trial where it is a canary that goes on."""
    rules = tenant.company.trial
    if rules is None or rules.trial.stage is not TrialStage.CANARY:
        return None
    return tenant.company.settings.trial


def _target_s(tenant: Tenant, queue: int) -> float:
    rule = tenant.company.queues.get(queue)
    return rule.service_level_s if rule is not None else _TARGET_S


async def _until_it_answers(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the log until it answers; ``ask`` is repeatable."""
    while True:
        try:
            return await ask()
        except LogAway as error:
            log.warning("trial_waits", why=str(error))
            await asyncio.sleep(RETRY_S)
