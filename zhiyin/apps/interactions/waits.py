"""Why a contact waited, told to people: each stay in a queue, what it waited for, and what it was promised.

From the log and the states of the agents at the time. Who may take it is read from the settings of today: a queue's
members and their skills are not in the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.interactions.log import Events, read_events
from zhiyin.apps.interactions.models import AgentStateSpan
from zhiyin.apps.interactions.naming import Names, names_for
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import (
    Assigned,
    EndedWithMessage,
    InterventionEvent,
    Offered,
    OfferEnded,
    PriorityChanged,
    Pulled,
    QueueEntered,
    QueueLeft,
    Requeued,
)
from zhiyin.domain.interactions.waiting import OverflowTaken, WaitEstimated
from zhiyin.domain.routing.waits import OfferSpan, StateSpan, WaitAccount, account_for

#: no state of an agent is looked for that began longer before the wait
_LONGEST_STATE = timedelta(days=1)


class WaitPartOut(Schema):
    """``cause``: see ``domain.routing.waits.WaitCause``."""

    cause: str
    seconds: float


class BusyOut(Schema):
    """Agents' seconds in a state while all were busy."""

    state: str
    seconds: float


class UnansweredOut(Schema):
    """An offer that came to nothing."""

    agent_name: str
    outcome: str
    rang_s: float


class InterventionOut(Schema):
    """What a lead did meanwhile; ``kind`` is the event's name in the log, ``target_name`` an agent's or a queue's."""

    at: datetime
    kind: str
    supervisor_name: str
    target_name: str = ""
    priority: int | None = None


class WaitOut(Schema):
    """One stay in a queue. ``parts`` add up to ``waited_s``, the longest first; empty: it did not wait."""

    queue: int
    queue_name: str
    since: datetime
    waited_s: float
    #: as the log has it; "": it waits still
    outcome: str
    #: how many agents could take it, by today's members and skills
    able: int
    parts: list[WaitPartOut]
    busy: list[BusyOut]
    unanswered: list[UnansweredOut]
    #: what it was promised first: half of such waits end within the one, nine of ten within the other
    promised_p50_s: float | None = None
    promised_p90_s: float | None = None
    #: how many were before it then
    before: int | None = None
    interventions: list[InterventionOut] = Field(default_factory=list)


class WaitsOut(Schema):
    items: list[WaitOut]


@dataclass(slots=True)
class _Stay:
    entered: QueueEntered
    since: datetime
    until: datetime | None = None
    outcome: str = ""
    queues: list[int] = field(default_factory=list)
    offers: list[OfferSpan] = field(default_factory=list)
    promise: WaitEstimated | None = None
    interventions: list[tuple[datetime, InterventionEvent]] = field(default_factory=list)

    @property
    def people(self) -> set[int]:
        """Who was offered it, who intervened, and for whom."""
        named = {agent for _, event in self.interventions if (agent := getattr(event, "agent", None)) is not None}
        return {offer.agent for offer in self.offers} | {event.supervisor for _, event in self.interventions} | named

    def end_offer(self, agent: int, at: datetime, outcome: str) -> None:
        """Of several that ring at once each ends by itself."""
        for place, offer in enumerate(self.offers):
            if offer.agent == agent and offer.until is None:
                self.offers[place] = OfferSpan(agent, offer.since, at, outcome)


def explain_waits(*, actor: Actor, interaction_id: str) -> WaitsOut:
    """Return why a contact waited, stay by stay. Raises ``NotFound``."""
    events = read_events(tenant=actor.tenant, interaction_id=interaction_id)
    if not events:
        raise NotFound
    stays, now = _stays(events), timezone.now()
    members = queues.members_of(tenant_id=actor.tenant.pk, queue_ids={queue for stay in stays for queue in stay.queues})
    skills = accounts.skills_of(tenant=actor.tenant, user_ids={user for users in members.values() for user in users})
    spans = _spans(actor.tenant, set(skills), stays, now)
    names = names_for(actor, {user for stay in stays for user in stay.people})
    items = []
    for stay in stays:
        team = {user for queue in stay.queues for user in members.get(queue, ())}
        able = {user for user in team if _has(skills.get(user, {}), stay.entered.skills)}
        account = account_for(stay.since, stay.until or now, able=able, spans=spans, offers=stay.offers)
        items.append(_shape(stay, len(able), account, names, now))
    return WaitsOut(items=items)


def _stays(events: Events) -> list[_Stay]:
    """Return the stays in queues that the events tell of; an offer that has not ended rings still."""
    stays: list[_Stay] = []
    for at, event in events:
        if isinstance(event, QueueEntered):
            stays.append(_Stay(event, at, queues=[event.queue]))
        if not stays:
            continue
        stay = stays[-1]
        match event:
            case OverflowTaken(action="add_queue", target=int(target)):
                stay.queues.append(target)
            case Requeued() | PriorityChanged() | Assigned() | Pulled() | EndedWithMessage():
                stay.interventions.append((at, event))
            case WaitEstimated() if stay.promise is None:
                stay.promise = event
            case Offered(agent=agent):
                stay.offers.append(OfferSpan(agent, at))
            case OfferEnded(agent=agent, outcome=outcome):
                stay.end_offer(agent, at, str(outcome))
            case QueueLeft(outcome=outcome) if stay.until is None:
                stay.until, stay.outcome = at, str(outcome)
            case _:
                pass
    return stays


def _spans(tenant: Tenant, agents: set[int], stays: Iterable[_Stay], now: datetime) -> list[StateSpan]:
    """Return the agents' states during all stays, in one statement."""
    bounds = [(stay.since, stay.until or now) for stay in stays]
    if not bounds or not agents:
        return []
    since, until = min(begin for begin, _ in bounds), max(end for _, end in bounds)
    rows = AgentStateSpan.objects.of(tenant).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since),
        agent_id__in=agents,
        started_at__gt=since - _LONGEST_STATE,
        started_at__lt=until,
    )
    return [StateSpan(row.agent_id, AgentState(row.state), row.started_at, row.ended_at) for row in rows]


def _has(levels: dict[str, int], required: dict[str, int]) -> bool:
    return all(levels.get(skill, 0) >= level for skill, level in required.items())


def _shape(stay: _Stay, able: int, account: WaitAccount, names: Names, now: datetime) -> WaitOut:
    parts = sorted(account.by_cause_s.items(), key=lambda part: -part[1])
    busy = sorted(account.busy_s.items(), key=lambda part: -part[1])
    return WaitOut(
        queue=stay.entered.queue,
        queue_name=names.queue(stay.entered.queue),
        since=stay.since,
        waited_s=round(account.waited_s, 1),
        outcome=stay.outcome,
        able=able,
        parts=[WaitPartOut(cause=cause, seconds=round(seconds, 1)) for cause, seconds in parts],
        busy=[BusyOut(state=state, seconds=round(seconds, 1)) for state, seconds in busy],
        unanswered=[
            UnansweredOut(
                agent_name=names.agent(offer.agent),
                outcome=offer.outcome,
                rang_s=round(((offer.until or now) - offer.since).total_seconds(), 1),
            )
            for offer in stay.offers
            if offer.until is not None and offer.outcome not in ("answered", "elsewhere")
        ],
        promised_p50_s=stay.promise.p50_s if stay.promise else None,
        promised_p90_s=stay.promise.p90_s if stay.promise else None,
        before=stay.promise.before if stay.promise else None,
        interventions=[_intervention(at, event, names) for at, event in stay.interventions],
    )


def _intervention(at: datetime, event: InterventionEvent, names: Names) -> InterventionOut:
    target = names.queue(event.queue) if isinstance(event, Requeued) else names.agent(getattr(event, "agent", None))
    return InterventionOut(
        at=at,
        kind=type(event).__name__,
        supervisor_name=names.agent(event.supervisor),
        target_name=target,
        priority=event.priority if isinstance(event, PriorityChanged) else None,
    )
