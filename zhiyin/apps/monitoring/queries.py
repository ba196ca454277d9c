"""Figures of a day of the company, from the stored facts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.monitoring.errors import TooManyDays
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.visibility import users_in_reach
from zhiyin.domain.agents import AgentState
from zhiyin.domain.interactions import ConsultEnd, QueueEnd, SegmentEnd
from zhiyin.domain.metrics.definitions import AgentFigures, QueueFigures, tally
from zhiyin.domain.metrics.facts import AgentSpan, ConsultedStay, Conversation, QueueVisit
from zhiyin.domain.metrics.rests import RestFigures, RestGroup, tally_rests

READ = "figures.read"
MOST_DAYS = 31
#: nothing was counted before; the calendar's first day has none before it to look back to
_FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day on the company's clock; ``until`` is now, while the day lasts."""

    since: datetime
    until: datetime


def company_day(tenant: Tenant, now: datetime) -> Day:
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    since = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Day(since, min(now, since + timedelta(days=1)))


def days_asked(first: date | None, last: date | None, *, today: date) -> tuple[date, date]:
    """Return the first and last day that are meant, today's where nothing is said; none after today or before 2000.

    The last is before the first where no such day is meant. Raises ``TooManyDays``.
    """
    last = last or max(today, first or today)
    first = first or last
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise TooManyDays(MOST_DAYS)
    return max(first, _FIRST_DAY), min(last, today)


@dataclass(frozen=True, slots=True)
class JudgedPromises:
    """The waits promised in one stay that was answered, and how many were kept."""

    queue: int
    queued_at: datetime
    given: int
    within_p50: int
    within_p90: int


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What happened on a day, as the domain counts it."""

    visits: list[QueueVisit]
    conversations: list[Conversation]
    consults: list[ConsultedStay]
    spans: list[AgentSpan]
    #: queue -> contacts that wait now
    waiting: dict[int, int]
    #: agent -> offers let ring, refused, or that could not reach the telephone
    missed_offers: dict[int, int]
    #: calls between colleagues
    internal: frozenset[str] = frozenset()
    promises: list[JudgedPromises] = field(default_factory=list)


def read_facts(*, tenant: Tenant, day: Day) -> DayFacts:
    """Return the day's facts. A contact belongs to the day on which it entered the queue or began to talk."""
    internal = interactions.internal_contacts(tenant=tenant, since=day.since)
    facts = DayFacts([], [], [], [], {}, {}, frozenset(internal))
    for row in interactions.segments_since(tenant=tenant, since=day.since, until=day.until):
        match row.kind:
            case "queue" if row.ended_at is None and row.queue_id is not None:
                facts.waiting[row.queue_id] = facts.waiting.get(row.queue_id, 0) + 1
            case "queue" if row.ended_at is not None and row.queue_id is not None:
                outcome = QueueEnd(row.outcome)
                facts.visits.append(QueueVisit(row.interaction_id, row.queue_id, row.started_at, row.ended_at, outcome))
                kept = (row.estimates_within_p50, row.estimates_within_p90)
                facts.promises.append(JudgedPromises(row.queue_id, row.started_at, row.estimates, *kept))
            case "talk" if row.ended_at is not None and row.agent_id is not None:
                facts.conversations.append(
                    Conversation(
                        interaction=row.interaction_id,
                        segment=row.number,
                        agent=row.agent_id,
                        queue=row.queue_id,
                        started_at=row.started_at,
                        ended_at=row.ended_at,
                        hold_s=row.hold_s,
                        outcome=SegmentEnd(row.outcome),
                    )
                )
            case "consult" if row.ended_at is not None and row.agent_id is not None:
                end = ConsultEnd(row.outcome)
                facts.consults.append(
                    ConsultedStay(row.interaction_id, row.agent_id, row.started_at, row.ended_at, end)
                )
            case "offer" if row.agent_id is not None:
                facts.missed_offers[row.agent_id] = facts.missed_offers.get(row.agent_id, 0) + 1
            case _:
                pass
    for span in interactions.state_spans_within(tenant=tenant, since=day.since, until=day.until):
        facts.spans.append(
            AgentSpan(
                agent=span.agent_id,
                state=AgentState(span.state),
                reason=span.reason,
                interaction=span.interaction_id,
                started_at=span.started_at,
                ended_at=span.ended_at or day.until,
                until=span.until_at,
            )
        )
    return facts


def queues_in_reach(actor: Actor) -> frozenset[int] | None:
    """Return the queues that somebody within the scope of the figures serves; ``None``: all."""
    users = users_in_reach(actor, READ)
    return None if users is None else frozenset(queues.queues_served_by(tenant=actor.tenant, user_ids=users))


@dataclass(frozen=True, slots=True)
class _Known:
    """What figures need beside facts: queue -> its service level, contact -> its last queue."""

    targets_s: dict[int, float]
    queue_of: dict[str, int]


def _known(tenant: Tenant, facts: DayFacts) -> _Known:
    in_service = queues.list_queues(tenant=tenant).values_list("pk", "service_level_s")
    wrapped_up = {span.interaction for span in _wrap_ups(facts) if span.interaction}
    return _Known(
        targets_s={queue_id: float(target_s) for queue_id, target_s in in_service},
        queue_of=interactions.queue_of_contacts(tenant=tenant, interaction_ids=wrapped_up),
    )


def _wrap_ups(facts: DayFacts) -> list[AgentSpan]:
    return [span for span in facts.spans if span.state is AgentState.WRAP_UP and span.interaction]


def _tally(facts: DayFacts, known: _Known) -> dict[int, QueueFigures]:
    figures = tally(
        facts.visits,
        facts.conversations,
        [
            (known.queue_of[span.interaction], span)
            for span in _wrap_ups(facts)
            if span.interaction and span.interaction in known.queue_of
        ],
        targets_s=known.targets_s,
    )
    for kept in facts.promises:
        figures.setdefault(kept.queue, QueueFigures()).add_estimates(kept.given, kept.within_p50, kept.within_p90)
    for queue_id, waiting in facts.waiting.items():
        figures.setdefault(queue_id, QueueFigures()).waiting = waiting
    return figures


def figures_by_queue(
    *, tenant: Tenant, facts: DayFacts, within: frozenset[int] | None = None
) -> dict[int, QueueFigures]:
    """Return each queue's figures, those of queues without a contact too; ``within``: of these queues alone."""
    known = _known(tenant, facts)
    figures = _tally(facts, known)
    for queue_id in known.targets_s:
        figures.setdefault(queue_id, QueueFigures())
    return {queue: each for queue, each in figures.items() if within is None or queue in within}


@dataclass(frozen=True, slots=True)
class QueueDay:
    day: date
    queue: int
    figures: QueueFigures


def figures_by_queue_and_day(
    *, tenant: Tenant, first: date, last: date, now: datetime, within: frozenset[int] | None = None
) -> list[QueueDay]:
    """Return the figures of each queue on each day of the company's clock on which anything happened in it."""
    zone = ZoneInfo(tenant.time_zone)
    since = datetime.combine(first, time.min, tzinfo=zone)
    until = min(now, datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone))
    facts = read_facts(tenant=tenant, day=Day(since, max(since, until)))
    known = _known(tenant, facts)
    return [
        QueueDay(day, queue, figures)
        for day, of_day in sorted(_by_day(facts, since, zone).items())
        for queue, figures in sorted(_tally(of_day, known).items())
        if within is None or queue in within
    ]


def rests_by_day(
    *, tenant: Tenant, first: date, last: date, now: datetime, within: QuerySet[Any] | None = None
) -> dict[RestGroup, RestFigures]:
    """Return the rests that began on these days of the company's clock; ``within``: of these users' ids alone."""
    zone = ZoneInfo(tenant.time_zone)
    since = datetime.combine(first, time.min, tzinfo=zone)
    until = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    rows = interactions.rests_begun(tenant=tenant, since=since, until=until, agents=within)
    return tally_rests(
        (
            AgentSpan(
                agent=row.agent_id,
                state=AgentState.REST,
                reason=row.reason,
                interaction=None,
                started_at=row.started_at,
                ended_at=row.ended_at or max(now, row.started_at),
                until=row.until_at,
            )
            for row in rows
        ),
        zone=zone,
    )


def _by_day(facts: DayFacts, since: datetime, zone: ZoneInfo) -> dict[date, DayFacts]:
    """Return what began on each day; who waits now is in no day's figures."""
    days: dict[date, DayFacts] = defaultdict(lambda: DayFacts([], [], [], [], {}, {}))

    def of(at: datetime) -> DayFacts:
        return days[at.astimezone(zone).date()]

    for visit in facts.visits:
        of(visit.queued_at).visits.append(visit)
    for kept in facts.promises:
        of(kept.queued_at).promises.append(kept)
    for conversation in facts.conversations:
        of(conversation.started_at).conversations.append(conversation)
    for span in facts.spans:
        if span.started_at >= since:
            of(span.started_at).spans.append(span)
    return days


def sum_of(figures: list[QueueFigures]) -> QueueFigures:
    """Return the figures of several queues together."""
    total = QueueFigures()
    for each in figures:
        total.add(each)
        total.waiting += each.waiting
    return total


def figures_by_agent(*, facts: DayFacts, day: Day) -> dict[int, AgentFigures]:
    """Return each agent's figures; stays that began before the day count from its beginning."""
    figures: dict[int, AgentFigures] = {}
    for span in facts.spans:
        within = replace(span, started_at=max(span.started_at, day.since), ended_at=min(span.ended_at, day.until))
        is_internal = span.interaction in facts.internal
        figures.setdefault(span.agent, AgentFigures()).add_span(within, is_internal=is_internal)
    for conversation in facts.conversations:
        figures.setdefault(conversation.agent, AgentFigures()).add_conversation(conversation)
    for stay in facts.consults:
        figures.setdefault(stay.agent, AgentFigures()).add_consult(stay)
    for agent_id, missed in facts.missed_offers.items():
        figures.setdefault(agent_id, AgentFigures()).missed += missed
    return figures
